"""Everything the console does about objectives: reads them, counts them otherwise, corrects a ledger, keeps a form."""

from __future__ import annotations

import os
from dataclasses import dataclass

from quarterdeck.domain.ledger_corrections import LedgerCorrection, Reclassified
from quarterdeck.domain.objective_ledger import USUAL_RULE, CountingRule
from quarterdeck.services.ledger_corrections import LedgerCorrections
from quarterdeck.services.maintenance_drafts import instant_of, zone_here
from quarterdeck.services.moments import Moment
from quarterdeck.services.objective_catalogue import ObjectiveKey
from quarterdeck.services.objective_forms import ObjectiveDraft, ObjectiveForms
from quarterdeck.services.objectives import ObjectiveDetail, ObjectiveFigures, ObjectiveReader, ObjectiveStore
from quarterdeck.services.ports import Clock


@dataclass(frozen=True, slots=True)
class CorrectionDraft:
    """A correction as it is typed; times are local, or carry an offset of their own."""

    key: ObjectiveKey
    from_text: str
    to_text: str
    counts_as: Reclassified
    reason: str
    by: str


class ObjectiveDesk:
    """The use cases of one store; every call belongs in a worker. Refusals are OperatorErrors; nothing is written."""

    def __init__(self, store: ObjectiveStore, clock: Clock, forms: ObjectiveForms) -> None:
        self._clock = clock
        self._reader = ObjectiveReader(store)
        self._corrections = LedgerCorrections(store)
        self._forms = forms

    def listed(self, moment: Moment, rule: CountingRule = USUAL_RULE) -> tuple[ObjectiveFigures, ...]:
        """Every objective at the play-head."""
        return self._reader.listed(moment.at, live=moment.live, rule=rule)

    def shown(self, key: ObjectiveKey, moment: Moment, rule: CountingRule = USUAL_RULE) -> ObjectiveDetail:
        """One objective with its ledger; of an entity that promises nothing how long it was up, over thirty days."""
        return self._reader.shown(key, moment.at, live=moment.live, rule=rule, or_up_time=True)

    def correct(self, draft: CorrectionDraft) -> LedgerCorrection:
        """Record that a stretch counts as something else."""
        zone = zone_here(os.environ.get("TZ"))
        from_at, to_at = instant_of(draft.from_text, zone), instant_of(draft.to_text, zone)
        key, now = draft.key, self._clock.now()
        return self._corrections.correct(
            LedgerCorrection(key.entity_key, key.name, from_at, to_at, draft.counts_as, draft.reason, draft.by, now)
        )

    def keep(self, draft: ObjectiveDraft) -> str:
        """Write an objective to the estate; says in a line what it changed."""
        return self._forms.keep(draft)

    def withdraw(self, key: ObjectiveKey) -> str:
        """Take an objective out of the estate; says in a line what it changed."""
        return self._forms.withdraw(key)

"""How objectives stood at each midnight, as evidence for rules: counted from their ledgers, absent where unknown."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, timedelta

from quarterdeck.domain.evidence_records import EvidenceRecord, FactValue
from quarterdeck.domain.facts import facts_of
from quarterdeck.domain.policies import EvidenceKind
from quarterdeck.services.measured_facts import DAY, midnights
from quarterdeck.services.objective_words import met_words
from quarterdeck.services.objectives import ObjectiveFigures, ObjectiveReader, met_by_all

REACH = timedelta(days=7)
"""So many days back ledgers are counted again with every look at history; each of them costs a read of its window."""

_WHOLE = 100


def objective_evidence(
    reader: ObjectiveReader, keys: Collection[str], since_at: datetime, now: datetime
) -> Iterator[EvidenceRecord]:
    """A record per midnight and entity that promises anything, good for the day that follows."""
    for midnight in midnights(max(since_at, now - REACH), now):
        told: dict[str, list[ObjectiveFigures]] = {}
        for figures in reader.listed(midnight):
            told.setdefault(figures.held.entity.key, []).append(figures)
        for key, found in told.items():
            if key in keys:
                yield _record(key, found, midnight, now)


def _record(key: str, found: Sequence[ObjectiveFigures], midnight: datetime, now: datetime) -> EvidenceRecord:
    ends_at = midnight + DAY
    names = ", ".join(each.held.objective.name for each in found)
    return EvidenceRecord(
        kind=EvidenceKind.OBJECTIVE,
        entity_key=key,
        what="Objectives, each over its own window.",
        source="ledgers of objectives",
        query=f"objectives of {key} at {midnight:%Y-%m-%d} 00:00 UTC: {names}",
        effective_from_at=midnight,
        effective_to_at=ends_at if ends_at <= now else None,
        received_at=now,
        population=len(found),
        counts=facts_of(Counter(met_words(each).replace(" ", "_") for each in found)),
        content=tuple(sorted(_told(found).items())),
    )


def _told(found: Sequence[ObjectiveFigures]) -> dict[str, FactValue]:
    """The facts that are known: whether all are met, the least that is left, and the least that was measured."""
    told: dict[str, FactValue] = {}
    met = met_by_all(found)
    if met is not None:
        told["objective.met"] = met
    lefts = [None if each.budget is None else each.budget.left_share for each in found]
    left = min((share for share in lefts if share is not None), default=None)
    if left is not None and None not in lefts:
        told["objective.budget_left_percent"] = math.floor(left * _WHOLE * _WHOLE) / _WHOLE
    known = min(0.0 if each.tally is None else each.tally.known_share for each in found)
    told["objective.known_percent"] = round(known * _WHOLE, 4)
    return told

"""What policies with the action `block` keep from leaving: whoever writes a file of the estate asks here first.

The record of verdicts itself is never held back, since a breach that cannot be handed over is a breach that is hidden;
it asks all the same, and that it left is on record. Everything else goes only where the policies hold, are waived, or
two people release it.
"""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from quarterdeck.domain.enforcements import EnforcementRecord, EnforcementStep, enforcement_evidence
from quarterdeck.domain.errors import OperatorError
from quarterdeck.domain.policies import Enforcement
from quarterdeck.sdk.texts import one_line
from quarterdeck.services.enforcement import Broken, EnforcedStore, broken_now

_SECONDS = 60.0
_MOST_NAMED = 3
_LONGEST_REASON = 300


class ExportBlocked(OperatorError):
    """An export would break policies that block it; nothing was written."""


@dataclass(frozen=True, slots=True)
class Release:
    """Two people let an export leave although policies block it, and why."""

    by: str
    approved_by: str
    reason: str


@dataclass(frozen=True, slots=True)
class Leaving:
    """What is to leave in words, which entities it tells of, who writes it, whether it is the record of verdicts."""

    what: str
    entity_keys: Collection[str]
    by: str
    is_record: bool = False


class ExportGate:
    """Asked before a file is written; each answer but an unasked yes is put on record."""

    def __init__(self, store: EnforcedStore) -> None:
        self._store = store

    def blocking(self, leaving: Leaving, at: datetime) -> tuple[Broken, ...]:
        """The policies with the action `block` that do not hold for any of the entities. Raises StoreUnavailable."""
        wanted = set(leaving.entity_keys)
        broken = (each for each in broken_now(self._store, at) if Enforcement.BLOCK in each.policy.actions)
        return tuple(each for each in broken if each.cause.entity_key in wanted)

    def ask(self, leaving: Leaving, at: datetime, release: Release | None = None) -> None:
        """Return where it may leave. Raises ExportBlocked where it may not, and OperatorError for half a release."""
        blocking = self.blocking(leaving, at)
        if not blocking:
            return
        if leaving.is_record:
            # The record of a breach is handed over also from a store that nobody may write.
            with suppress(OperatorError):
                self._note(
                    blocking, EnforcementStep.RELEASED, f"{leaving.what}: the record of verdicts", by=leaving.by, at=at
                )
            return
        if release is not None:
            _refuse_half(release)
            words = f"{leaving.what}, agreed by {release.approved_by}: {release.reason}"
            self._note(blocking, EnforcementStep.RELEASED, words, by=release.by, at=at)
            return
        with suppress(OperatorError):
            self._note(blocking, EnforcementStep.REFUSED, leaving.what, by=leaving.by, at=at)
        raise ExportBlocked(_refusal(leaving.what, blocking), _STEP)

    def _note(self, blocking: Collection[Broken], step: EnforcementStep, detail: str, *, by: str, at: datetime) -> None:
        for broken in blocking:
            record = EnforcementRecord(
                Enforcement.BLOCK, step, broken.cause, one_line(detail, _LONGEST_REASON), by or "somebody", at
            )
            self._store.compliance.decide(enforcement_evidence(record)).result(_SECONDS)


_STEP = "Mend or waive what is not satisfied; or let two people release it, with `--release` (why) and `--approved-by`."


def _refusal(what: str, blocking: Collection[Broken]) -> str:
    named = [f"{each.policy.id} on {each.entity_name}" for each in blocking][:_MOST_NAMED]
    more = len(blocking) - len(named)
    also = f" and {more} more" if more else ""
    return f"{what} was not written: it would break {', '.join(named)}{also}."


def _refuse_half(release: Release) -> None:
    if not release.reason.strip() or not release.by.strip() or not release.approved_by.strip():
        raise OperatorError("A release says why, who asks and who agrees.", "Say all three.")
    if release.by.casefold() == release.approved_by.casefold():
        raise OperatorError("A release takes a second person.", "Name somebody else who agrees.")

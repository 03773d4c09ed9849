"""Compliance as it is stored: policies in versions, evidence that is only added to, verdicts over time, waivers."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from quarterdeck.analysis.verdicts import VerdictSpan
from quarterdeck.domain.evidence_records import EvidenceRecord
from quarterdeck.domain.instants import TimeRange
from quarterdeck.domain.policies import ControlKey, EvidenceKind, PolicyVersion, VerdictInterval, Waiver


@dataclass(frozen=True, slots=True)
class VerdictChange:
    """Everything a control was found to be from an instant on becomes `spans`: in order, without overlap."""

    control: ControlKey
    from_ms: int
    spans: tuple[VerdictSpan, ...]


@dataclass(frozen=True, slots=True)
class WaiverChange:
    """A waiver becomes another; `before` is how it was when that was decided, None for a new one."""

    before: Waiver | None
    after: Waiver


class ComplianceRecords(Protocol):
    """Reads from any thread; each write is one durable transaction and returns a future, as `StoreWriter` does."""

    def policy_versions(self) -> tuple[PolicyVersion, ...]:
        """Every version of every policy, by policy and version."""
        ...

    def evidence(
        self, *, after_id: int = 0, kind: EvidenceKind | None = None, limit: int | None = None
    ) -> tuple[EvidenceRecord, ...]:
        """Evidence received after a number, of one kind or of all, in the order in which it was received."""
        ...

    def evidence_about(self, entity_key: str) -> tuple[EvidenceRecord, ...]:
        """All evidence about one entity, in the order in which it was received."""
        ...

    def verdicts_at(self, as_of_at: datetime) -> tuple[VerdictInterval, ...]:
        """What every control was at a moment."""
        ...

    def verdicts_of(self, control: ControlKey, time_range: TimeRange) -> tuple[VerdictInterval, ...]:
        """The intervals of one control that overlap a range, oldest first."""
        ...

    def verdicts_between(self, policy_ids: Sequence[str], time_range: TimeRange) -> tuple[VerdictInterval, ...]:
        """The intervals that overlap a range of every control of some policies in all their versions, oldest first."""
        ...

    def waivers(self) -> tuple[Waiver, ...]:
        """All waivers as they stand by what was decided, the ended ones too."""
        ...

    def put_policy_versions(self, versions: Sequence[PolicyVersion]) -> Future[None]:
        """Write versions, or the ends of those that are there; what a version says never changes."""
        ...

    def add_evidence(self, records: Sequence[EvidenceRecord]) -> Future[tuple[EvidenceRecord, ...]]:
        """Add evidence to the end of the chain; as it is stored, with numbers and digests."""
        ...

    def change_verdicts(self, changes: Sequence[VerdictChange]) -> Future[None]:
        """Write verdicts over time."""
        ...

    def decide(self, record: EvidenceRecord, change: WaiverChange | None = None) -> Future[EvidenceRecord]:
        """Add a decision to the chain and change the waiver that it is about, if any, both or neither; as it is stored.

        The future carries WaiverOvertaken where the waiver is not as it was, or another waives the same meanwhile.
        """
        ...

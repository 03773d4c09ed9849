"""What was done because a policy did not hold: each step a record in the chain of evidence, with the verdict behind it.

Nothing is done twice for the same stretch of a verdict: a step that was begun is on record before it is taken, so that
one cut off in the middle is told as not known and never repeated by itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from quarterdeck.domain.evidence_records import EvidenceRecord, FactValue
from quarterdeck.domain.instants import from_ms, to_ms
from quarterdeck.domain.policies import Enforcement, EvidenceKind

FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=6)
_DOUBLINGS = 9


class EnforcementStep(StrEnum):
    """How far an action has come."""

    BEGUN = "begun"
    DONE = "done"
    FAILED = "failed"
    UNKNOWN = "not known"
    NO_TARGET = "no target"
    REFUSED = "refused"
    RELEASED = "released"
    ENDED = "ended"


SERVED = frozenset({EnforcementStep.DONE, EnforcementStep.UNKNOWN, EnforcementStep.ENDED})
"""The steps after which nothing more is done for the same stretch."""


@dataclass(frozen=True, slots=True, order=True)
class Cause:
    """The verdict behind an action: a control that was not satisfied from an instant on."""

    policy_id: str
    version: int
    entity_key: str
    from_at: datetime


@dataclass(frozen=True, slots=True)
class EnforcementRecord:
    """A step of an action, who took it, when, and because of which verdict; `number` is that of the record.

    `detail` is the incident's id, the target, or what went wrong, in words. `attempt` counts from 1.
    """

    action: Enforcement
    step: EnforcementStep
    cause: Cause
    detail: str
    by: str
    at: datetime
    attempt: int = 1
    number: int = 0

    @property
    def again_at(self) -> datetime | None:
        """When a failed attempt is made again: after a pause that doubles up to six hours; None for other steps."""
        if self.step is not EnforcementStep.FAILED:
            return None
        return self.at + min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(self.attempt - 1, _DOUBLINGS))


def enforcement_evidence(record: EnforcementRecord) -> EvidenceRecord:
    """The step as a piece of evidence of kind `decision`; its number is given when it is stored."""
    cause = record.cause
    content: dict[str, FactValue] = {
        "enforcement.action": record.action.value,
        "enforcement.attempt": record.attempt,
        "enforcement.by": record.by,
        "enforcement.detail": record.detail,
        "enforcement.policy": cause.policy_id,
        "enforcement.since_ms": to_ms(cause.from_at),
        "enforcement.step": record.step.value,
        "enforcement.version": cause.version,
    }
    return EvidenceRecord(
        kind=EvidenceKind.DECISION,
        entity_key=cause.entity_key,
        what=f"{cause.policy_id}: {record.action.value.replace('_', ' ')}, {record.step.value}.",
        source=record.by,
        query=f"{cause.policy_id}@{cause.version} not satisfied since {cause.from_at.isoformat()}",
        effective_from_at=record.at,
        effective_to_at=None,
        received_at=record.at,
        population=1,
        counts=(),
        content=tuple(sorted(content.items())),
    )


def enforcement_records(records: Iterable[EvidenceRecord]) -> tuple[EnforcementRecord, ...]:
    """Those of some pieces of evidence that are steps of actions, in their order."""
    told = ((record, dict(record.content)) for record in records if record.kind is EvidenceKind.DECISION)
    return tuple(_record_of(record, content) for record, content in told if "enforcement.action" in content)


def _record_of(record: EvidenceRecord, told: dict[str, FactValue]) -> EnforcementRecord:
    cause = Cause(
        policy_id=str(told["enforcement.policy"]),
        version=int(str(told["enforcement.version"])),
        entity_key=record.entity_key,
        from_at=from_ms(int(str(told["enforcement.since_ms"]))),
    )
    return EnforcementRecord(
        action=Enforcement(str(told["enforcement.action"])),
        step=EnforcementStep(str(told["enforcement.step"])),
        cause=cause,
        detail=str(told["enforcement.detail"]),
        by=str(told["enforcement.by"]),
        at=record.received_at,
        attempt=int(str(told["enforcement.attempt"])),
        number=record.id,
    )

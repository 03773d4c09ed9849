"""What people note about findings: whose it is, until when, how it stands, and a word; each note a record that stays.

Whether a finding is there is told by evidence alone. A note never closes one: at most it is set aside as accepted until
a day, after which it counts as open again by itself, or as a false positive.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from quarterdeck.domain.evidence_records import EvidenceRecord, FactValue
from quarterdeck.domain.instants import from_ms, to_ms
from quarterdeck.domain.policies import EvidenceKind


class FindingStanding(StrEnum):
    """How a finding stands by what people noted."""

    OPEN = "open"
    IN_PROGRESS = "in progress"
    ACCEPTED = "accepted"
    FALSE_POSITIVE = "false positive"


@dataclass(frozen=True, slots=True, order=True)
class FindingSubject:
    """A finding as long as it is the same: a policy that an entity does not keep, or what a scan found of it."""

    entity_key: str
    what: str

    @classmethod
    def of_policy(cls, policy_id: str, entity_key: str) -> FindingSubject:
        """A policy held against an entity, in whatever version."""
        return cls(entity_key, f"policy {policy_id}")

    @classmethod
    def of_scan(cls, entity_key: str, scan: tuple[str, str, str], finding_id: str) -> FindingSubject:
        """What a scan, by its source, tool and name, found of an entity."""
        return cls(entity_key, f"scan {finding_id} {' '.join(scan)}")

    @property
    def is_scanned(self) -> bool:
        """Whether a scanner found it."""
        return self.what.startswith("scan ")


@dataclass(frozen=True, slots=True)
class FindingRecord:
    """How a finding stands since somebody noted it; `number` is that of the record in the chain.

    `link` is the reference of a risk or incident elsewhere; `due_at` is until when it is to be mended or is accepted.
    """

    subject: FindingSubject
    standing: FindingStanding
    owner: str
    due_at: datetime | None
    link: str
    comment: str
    recorded_by: str
    recorded_at: datetime
    number: int = 0

    def is_set_aside(self, at: datetime) -> bool:
        """Whether it counts as open no more at a moment; what was accepted until then counts again."""
        if self.standing is FindingStanding.ACCEPTED:
            return self.due_at is not None and at < self.due_at
        return self.standing is FindingStanding.FALSE_POSITIVE

    def is_overdue(self, at: datetime) -> bool:
        """Whether it counts as open at a moment although it was to be done with by then."""
        return self.due_at is not None and self.due_at <= at and not self.is_set_aside(at)


def finding_evidence(record: FindingRecord) -> EvidenceRecord:
    """The record as a piece of evidence of kind `decision`; its number is given when it is stored."""
    content: dict[str, FactValue] = {
        "finding.comment": record.comment,
        "finding.due_ms": 0 if record.due_at is None else to_ms(record.due_at),
        "finding.link": record.link,
        "finding.owner": record.owner,
        "finding.recorded_by": record.recorded_by,
        "finding.standing": record.standing.value,
        "finding.what": record.subject.what,
    }
    return EvidenceRecord(
        kind=EvidenceKind.DECISION,
        entity_key=record.subject.entity_key,
        what=f"Finding noted as {record.standing.value}.",
        source=record.recorded_by,
        query=record.subject.what,
        effective_from_at=record.recorded_at,
        effective_to_at=None,
        received_at=record.recorded_at,
        population=1,
        counts=(),
        content=tuple(sorted(content.items())),
    )


def finding_records(records: Iterable[EvidenceRecord]) -> tuple[FindingRecord, ...]:
    """Those of some pieces of evidence that are notes on findings, in their order."""
    told = ((record, dict(record.content)) for record in records if record.kind is EvidenceKind.DECISION)
    return tuple(_record_of(record, content) for record, content in told if "finding.what" in content)


def _record_of(record: EvidenceRecord, told: dict[str, FactValue]) -> FindingRecord:
    due_ms = int(str(told["finding.due_ms"]))
    return FindingRecord(
        subject=FindingSubject(record.entity_key, str(told["finding.what"])),
        standing=FindingStanding(str(told["finding.standing"])),
        owner=str(told["finding.owner"]),
        due_at=from_ms(due_ms) if due_ms else None,
        link=str(told["finding.link"]),
        comment=str(told["finding.comment"]),
        recorded_by=str(told["finding.recorded_by"]),
        recorded_at=record.received_at,
        number=record.id,
    )

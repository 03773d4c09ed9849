"""Waivers as decisions: each act is a record in the chain of evidence, and how a waiver stands follows from them.

A record is never changed: who asked, who agreed, why, and from when to when stay readable after a waiver has ended.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from quarterdeck.domain.errors import OperatorError
from quarterdeck.domain.evidence_records import Content, EvidenceRecord, FactValue
from quarterdeck.domain.instants import from_ms, to_ms
from quarterdeck.domain.policies import EvidenceKind, Waiver

NOTICE = timedelta(days=7)
"""How long before its end a waiver is warned of."""

LONGEST = timedelta(days=366)
"""What a waiver lasts at most; whoever needs more decides again."""


class WaiverAct(StrEnum):
    """What was done to a waiver when a record of it was made."""

    GRANTED = "granted"
    WITHDRAWN = "withdrawn"


class WaiverStanding(StrEnum):
    """How a waiver stands at a moment."""

    TO_COME = "to come"
    HOLDS = "holds"
    ENDS_SOON = "ends soon"
    ENDED = "ended"
    WITHDRAWN = "withdrawn"


OVER = frozenset({WaiverStanding.ENDED, WaiverStanding.WITHDRAWN})
"""How a waiver stands that covers nothing any more."""


class WaiverOvertaken(OperatorError):
    """Somebody else changed the waiver, or waived the same, since it was read; nothing was written."""


@dataclass(frozen=True, slots=True)
class WaiverRecord:
    """A waiver as it stood after an act, who recorded it when and why; `number` is that of the record in the chain."""

    waiver: Waiver
    act: WaiverAct
    recorded_at: datetime
    recorded_by: str
    note: str = ""
    number: int = 0

    def standing(self, at: datetime) -> WaiverStanding:
        """How the waiver stands at a moment, by this record."""
        if self.act is WaiverAct.WITHDRAWN and at >= self.recorded_at:
            return WaiverStanding.WITHDRAWN
        if at < self.waiver.from_at:
            return WaiverStanding.TO_COME
        if at >= self.waiver.until_at:
            return WaiverStanding.ENDED
        return WaiverStanding.ENDS_SOON if ends_soon(self.waiver, at) else WaiverStanding.HOLDS


def ends_soon(waiver: Waiver, at: datetime) -> bool:
    """Whether a waiver that holds at a moment is near its end."""
    return waiver.from_at <= at < waiver.until_at <= at + NOTICE


def waiver_evidence(record: WaiverRecord) -> EvidenceRecord:
    """The record as a piece of evidence of kind `decision`; its number is given when it is stored."""
    waiver = record.waiver
    content: dict[str, FactValue] = {
        "waiver.act": record.act.value,
        "waiver.approved_by": waiver.approved_by,
        "waiver.from_ms": to_ms(waiver.from_at),
        "waiver.id": waiver.id,
        "waiver.note": record.note,
        "waiver.policy": waiver.policy_id,
        "waiver.reason": waiver.reason,
        "waiver.recorded_by": record.recorded_by,
        "waiver.requested_by": waiver.requested_by,
        "waiver.until_ms": to_ms(waiver.until_at),
    }
    return EvidenceRecord(
        kind=EvidenceKind.DECISION,
        entity_key=waiver.entity_key,
        what=f"Waiver of {waiver.policy_id} {record.act.value}.",
        source=record.recorded_by,
        query=waiver.id,
        effective_from_at=waiver.from_at,
        effective_to_at=waiver.until_at,
        received_at=record.recorded_at,
        population=1,
        counts=(),
        content=tuple(sorted(content.items())),
    )


def waiver_records(records: Iterable[EvidenceRecord]) -> tuple[WaiverRecord, ...]:
    """Those of some pieces of evidence that are decisions on waivers, in their order."""
    return tuple(_record_of(record) for record in records if _is_waiver(record))


def standing_waivers(records: Iterable[WaiverRecord]) -> tuple[WaiverRecord, ...]:
    """The last record of each waiver, by when it begins."""
    last = {record.waiver.id: record for record in records}
    return tuple(sorted(last.values(), key=lambda record: (record.waiver.from_at, record.waiver.id)))


def _is_waiver(record: EvidenceRecord) -> bool:
    return record.kind is EvidenceKind.DECISION and any(name == "waiver.act" for name, _ in record.content)


def _record_of(record: EvidenceRecord) -> WaiverRecord:
    told = dict(record.content)
    waiver = Waiver(
        id=_text(record.content, "waiver.id"),
        policy_id=_text(record.content, "waiver.policy"),
        entity_key=record.entity_key,
        reason=_text(record.content, "waiver.reason"),
        requested_by=_text(record.content, "waiver.requested_by"),
        approved_by=_text(record.content, "waiver.approved_by"),
        from_at=from_ms(int(str(told["waiver.from_ms"]))),
        until_at=from_ms(int(str(told["waiver.until_ms"]))),
    )
    return WaiverRecord(
        waiver=waiver,
        act=WaiverAct(_text(record.content, "waiver.act")),
        recorded_at=record.received_at,
        recorded_by=_text(record.content, "waiver.recorded_by"),
        note=_text(record.content, "waiver.note"),
        number=record.id,
    )


def _text(content: Content, name: str) -> str:
    return next((str(value) for key, value in content if key == name), "")

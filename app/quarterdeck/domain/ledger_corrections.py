"""Corrections of ledgers: a stretch that a person reclassified, with the reason. Each is a record that stays.

A correction never changes what was measured: the ledger can be counted without it at any time. Of several over the same
time the last one recorded stands, and one to `measured` takes those before it back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from quarterdeck.domain.evidence_records import EvidenceRecord, FactValue
from quarterdeck.domain.policies import EvidenceKind

_NAME = "ledger.objective"


class Reclassified(StrEnum):
    """What a stretch is to count as; `measured` is as if nobody had corrected it."""

    GOOD = "good"
    BAD = "bad"
    EXCLUDED = "excluded"
    UNKNOWN = "unknown"
    MEASURED = "measured"


@dataclass(frozen=True, slots=True)
class LedgerCorrection:
    """What somebody said at `recorded_at` that `[from_at, to_at)` of an objective's ledger counts as, and why.

    `number` and `digest` are those of the record in the chain of evidence, 0 and empty until it is stored.
    """

    entity_key: str
    objective: str
    from_at: datetime
    to_at: datetime
    counts_as: Reclassified
    reason: str
    recorded_by: str
    recorded_at: datetime
    number: int = 0
    digest: str = ""


def correction_evidence(correction: LedgerCorrection) -> EvidenceRecord:
    """The correction as a piece of evidence of kind `decision`; its number is given when it is stored."""
    content: dict[str, FactValue] = {
        _NAME: correction.objective,
        "ledger.counts_as": correction.counts_as.value,
        "ledger.reason": correction.reason,
        "ledger.recorded_by": correction.recorded_by,
        "ledger.from": correction.from_at.isoformat(),
        "ledger.to": correction.to_at.isoformat(),
    }
    return EvidenceRecord(
        kind=EvidenceKind.DECISION,
        entity_key=correction.entity_key,
        what=f"Ledger corrected: counts as {correction.counts_as.value}.",
        source=correction.recorded_by,
        query=f"objective {correction.objective} of {correction.entity_key}",
        effective_from_at=correction.recorded_at,
        effective_to_at=None,
        received_at=correction.recorded_at,
        population=1,
        counts=(),
        content=tuple(sorted(content.items())),
    )


def ledger_corrections(records: Iterable[EvidenceRecord]) -> tuple[LedgerCorrection, ...]:
    """Those of some pieces of evidence that correct ledgers, in their order."""
    told = ((record, dict(record.content)) for record in records if record.kind is EvidenceKind.DECISION)
    return tuple(_correction_of(record, content) for record, content in told if _NAME in content)


def _correction_of(record: EvidenceRecord, told: Mapping[str, FactValue]) -> LedgerCorrection:
    return LedgerCorrection(
        entity_key=record.entity_key,
        objective=str(told[_NAME]),
        from_at=datetime.fromisoformat(str(told["ledger.from"])),
        to_at=datetime.fromisoformat(str(told["ledger.to"])),
        counts_as=Reclassified(str(told["ledger.counts_as"])),
        reason=str(told["ledger.reason"]),
        recorded_by=str(told["ledger.recorded_by"]),
        recorded_at=record.received_at,
        number=record.id,
        digest=record.digest,
    )

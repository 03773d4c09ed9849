"""Corrections of objectives' ledgers: what is refused, and what stands at a moment. Nothing is ever overwritten."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

from quarterdeck.analysis.objective_ledger import Decision
from quarterdeck.domain.errors import OperatorError
from quarterdeck.domain.ledger_corrections import (
    LedgerCorrection,
    Reclassified,
    correction_evidence,
    ledger_corrections,
)
from quarterdeck.domain.objective_ledger import DecidedBy, Standing, to_us
from quarterdeck.domain.policies import EvidenceKind
from quarterdeck.services.compliance_ports import ComplianceRecords
from quarterdeck.services.objective_catalogue import ObjectiveKey

_LONGEST_REASON = 500
_LONGEST_NAME = 100
_SECONDS = 60.0


class CorrectionStore(Protocol):
    """What corrections are kept in: the chain of evidence, which is only added to."""

    @property
    def compliance(self) -> ComplianceRecords:
        """Where decisions are kept."""
        ...


class LedgerCorrections:
    """The corrections of one store. Every refusal is an OperatorError; then nothing was written."""

    def __init__(self, store: CorrectionStore) -> None:
        self._store = store

    def records(self, known_at: datetime | None = None) -> tuple[LedgerCorrection, ...]:
        """Every correction, in the order in which they were recorded; only those that were known at a moment."""
        found = ledger_corrections(self._store.compliance.evidence(kind=EvidenceKind.DECISION))
        return tuple(each for each in found if known_at is None or each.recorded_at <= known_at)

    def of(self, key: ObjectiveKey, known_at: datetime | None = None) -> tuple[LedgerCorrection, ...]:
        """The corrections of one objective."""
        return corrections_of(self.records(known_at), key)

    def correct(self, correction: LedgerCorrection) -> LedgerCorrection:
        """Record a correction, as it is stored. The reason and the name are needed, and time to come is refused."""
        stored = self._store.compliance.decide(correction_evidence(_checked(correction))).result(_SECONDS)
        return ledger_corrections([stored])[0]


def corrections_of(records: Iterable[LedgerCorrection], key: ObjectiveKey) -> tuple[LedgerCorrection, ...]:
    """Those of some corrections that are of one objective."""
    return tuple(each for each in records if (each.entity_key, each.objective) == (key.entity_key, key.name))


def decisions_from(corrections: Iterable[LedgerCorrection]) -> tuple[Decision, ...]:
    """Corrections as what they decide in a ledger, in their order."""
    return tuple(
        Decision(
            to_us(each.from_at),
            to_us(each.to_at),
            None if each.counts_as is Reclassified.MEASURED else Standing(each.counts_as.value),
            f"{each.reason} ({each.recorded_by})",
            DecidedBy.CORRECTION,
            str(each.number),
        )
        for each in corrections
    )


def _checked(correction: LedgerCorrection) -> LedgerCorrection:
    if correction.from_at >= correction.to_at:
        raise OperatorError("The stretch would end before it begins.", "Say a later end, or an earlier beginning.")
    if correction.to_at > correction.recorded_at:
        raise OperatorError(
            "What is to come cannot be corrected.", "Plan maintenance for it, or correct it once it has been."
        )
    for words, what, longest in (
        (correction.reason, "why it is made", _LONGEST_REASON),
        (correction.recorded_by, "who makes it", _LONGEST_NAME),
    ):
        if not words.strip() or len(words) > longest:
            raise OperatorError(f"A correction says {what}.", f"Say it in 1 to {longest} characters.")
    return LedgerCorrection(
        correction.entity_key,
        correction.objective,
        correction.from_at,
        correction.to_at,
        correction.counts_as,
        " ".join(correction.reason.split()),
        " ".join(correction.recorded_by.split()),
        correction.recorded_at,
    )

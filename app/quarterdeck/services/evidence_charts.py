"""Where the time that a piece of evidence was measured in can be looked at, and what is kept of it there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from quarterdeck.domain.evidence_records import EvidenceRecord
from quarterdeck.domain.instants import TimeRange
from quarterdeck.domain.policies import EvidenceKind
from quarterdeck.services.measured_facts import WINDOW
from quarterdeck.services.ports import EstateStore, StateStore
from quarterdeck.services.store_growth import StoreSizes

AROUND = timedelta(minutes=30)
"""How much is shown on both sides of what was seen in one instant."""

_SHORTEST = timedelta(seconds=1)
_MEASURED = frozenset({EvidenceKind.FRESHNESS, EvidenceKind.AVAILABILITY, EvidenceKind.CERTIFICATE})
_OF_STATES = frozenset({EvidenceKind.FRESHNESS, EvidenceKind.AVAILABILITY})


class ChartedStore(EstateStore, StateStore, StoreSizes, Protocol):
    """What is looked into."""


class ChartFault(StrEnum):
    """Why the time cannot be looked at."""

    ENTITY_GONE = "entity gone"
    NOTHING_KEPT = "nothing kept"


@dataclass(frozen=True, slots=True)
class EvidenceChart:
    """The time that a piece of evidence was measured in; None for what is declared, which has no course.

    `play_head_at` is None where the present is meant. `kept_from_at` is when the kept states begin, where that is after
    the beginning; `singles_from_at` when single samples begin, where before that only their summaries are left.
    """

    entity_key: str
    time_range: TimeRange | None
    play_head_at: datetime | None = None
    fault: ChartFault | None = None
    kept_from_at: datetime | None = None
    singles_from_at: datetime | None = None


def evidence_chart(store: ChartedStore, record: EvidenceRecord, at: datetime) -> EvidenceChart | None:
    """Where a piece of evidence about an entity can be looked at, seen from a moment; None where it was not measured.

    Raises StoreUnavailable.
    """
    if record.kind is EvidenceKind.DECLARATION:
        return EvidenceChart(record.entity_key, None)
    if record.kind not in _MEASURED:
        return None
    time_range, play_head_at = _measured(record, at)
    fault, kept_from_at = _kept(store, record, time_range)
    return EvidenceChart(
        entity_key=record.entity_key,
        time_range=time_range,
        play_head_at=play_head_at,
        fault=fault,
        kept_from_at=kept_from_at,
        singles_from_at=_singles_from(store, time_range) if fault is None else None,
    )


def evidence_charts(
    store: ChartedStore, records: Sequence[EvidenceRecord], at: datetime
) -> tuple[EvidenceChart | None, ...]:
    """The same of several pieces, in their order."""
    return tuple(evidence_chart(store, record, at) for record in records)


def _measured(record: EvidenceRecord, at: datetime) -> tuple[TimeRange, datetime | None]:
    """The stretch, and where in it the play-head belongs; availability was measured before the day it is good for."""
    begins_at = record.effective_from_at
    if record.kind is EvidenceKind.AVAILABILITY:
        return TimeRange(begins_at - WINDOW, begins_at), begins_at
    if record.kind is EvidenceKind.CERTIFICATE:
        return TimeRange(begins_at - AROUND, min(begins_at + AROUND, max(at, begins_at))), begins_at
    if record.effective_to_at is None or record.effective_to_at > at:
        return TimeRange(begins_at, max(at, begins_at + _SHORTEST)), None
    return TimeRange(begins_at, record.effective_to_at), record.effective_to_at


def _kept(
    store: ChartedStore, record: EvidenceRecord, time_range: TimeRange
) -> tuple[ChartFault | None, datetime | None]:
    """What keeps it from being looked at, or when what is kept begins."""
    key = record.entity_key
    if store.estate(time_range.end_at).entity(key) is None:
        return ChartFault.ENTITY_GONE, None
    if record.kind not in _OF_STATES:
        return None, None
    intervals = store.states_in(time_range, [key])
    if not intervals:
        return ChartFault.NOTHING_KEPT, None
    first_at = intervals[0].from_at
    return None, first_at if first_at > time_range.start_at else None


def _singles_from(store: ChartedStore, time_range: TimeRange) -> datetime | None:
    oldest_at = store.single_samples(time_range.start_at).oldest_at
    return oldest_at if oldest_at is not None and oldest_at > time_range.start_at else None

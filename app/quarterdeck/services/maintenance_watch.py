"""What maintenance covers around now, and what became different about it: for whoever judges health."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from quarterdeck.analysis.coverage import Coverage, differing
from quarterdeck.analysis.recurrence import Course, InvalidRule, refuse_strange_start
from quarterdeck.domain.estate import Entity
from quarterdeck.domain.instants import TimeRange, from_ms, to_ms
from quarterdeck.domain.maintenance import MaintenanceRecord, MaintenanceWindow, standing_windows
from quarterdeck.services.maintenance_ports import MaintenanceStore

log = logging.getLogger(__name__)

_BEFORE = timedelta(hours=1)
_AHEAD = timedelta(hours=26)
_RENEW_MS = 3_600_000
_MOST_RANGES = 200


class MaintenanceWatch:
    """Knows the windows as they were read last; every call but `is_running_out` belongs off the event loop."""

    def __init__(self, store: MaintenanceStore) -> None:
        self._store = store
        self._windows: dict[str, MaintenanceWindow] = {}
        self._horizon_ms = 0

    def begin(self, now: datetime, since_ms: int | None) -> tuple[TimeRange, ...]:
        """Read the windows; what was recorded since an instant covers what it covered otherwise before."""
        records = self._store.maintenance.records()
        if since_ms is not None:
            self._windows = _by_id(record for record in records if to_ms(record.recorded_at) < since_ms)
            return self._take(records, now)
        self._windows = _by_id(records)
        return ()

    def reread(self, now: datetime) -> tuple[TimeRange, ...]:
        """Read the windows anew; where up to now they cover otherwise than they did."""
        return self._take(self._store.maintenance.records(), now)

    def coverage(self, entities: Iterable[Entity], now: datetime) -> Coverage:
        """What is covered from an hour before now until a day after it."""
        self._horizon_ms = to_ms(now + _AHEAD)
        return Coverage.of(self._windows.values(), entities, TimeRange(now - _BEFORE, now + _AHEAD))

    def is_running_out(self, now_ms: int) -> bool:
        """Whether the coverage has to be worked out anew, for it ends soon or the clock was set back."""
        return not now_ms + _RENEW_MS < self._horizon_ms <= now_ms + _AHEAD // timedelta(milliseconds=1) + _RENEW_MS

    def _take(self, records: Sequence[MaintenanceRecord], now: datetime) -> tuple[TimeRange, ...]:
        before, self._windows = self._windows, _by_id(records)
        found = [
            each
            for key, window in self._windows.items()
            if before.get(key) != window
            for each in differing(before.get(key), window, now)
        ]
        if len(found) <= _MOST_RANGES:
            return tuple(found)
        return (TimeRange(from_ms(min(r.start_ms for r in found)), from_ms(max(r.end_ms for r in found))),)


def followed_windows(records: Iterable[MaintenanceRecord]) -> tuple[MaintenanceWindow, ...]:
    """The windows as they stand; one that this machine cannot follow covers nothing, so that failures stay seen."""
    return tuple(record.window for record in standing_windows(records) if not _fault(record.window))


def covered_at(records: Iterable[MaintenanceRecord], entities: Sequence[Entity], at: datetime) -> frozenset[str]:
    """The keys of entities that windows cover at an instant."""
    found = Coverage.of(followed_windows(records), entities, TimeRange(at, at + timedelta(milliseconds=1)))
    at_ms = to_ms(at)
    return frozenset(entity.key for entity in entities if found.at(entity.key, at_ms) is not None)


def _by_id(records: Iterable[MaintenanceRecord]) -> dict[str, MaintenanceWindow]:
    found: dict[str, MaintenanceWindow] = {}
    for record in standing_windows(records):
        if fault := _fault(record.window):
            log.warning("The maintenance window %s covers nothing: %s", record.window.id, fault)
        else:
            found[record.window.id] = record.window
    return found


def _fault(window: MaintenanceWindow) -> str:
    """Why a window cannot be followed here, as a sentence; empty where it can."""
    try:
        if window.rule:
            refuse_strange_start(Course(window.start_at, window.rule, window.zone))
    except InvalidRule as fault:
        return str(fault)
    return ""

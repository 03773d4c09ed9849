"""What is outside its usual range and since when, as it was known at a moment: read from the store's records."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from quarterdeck.analysis.anomalies import once_in
from quarterdeck.analysis.coverage import Coverage
from quarterdeck.analysis.detection import DAY_MS, STEP_MS
from quarterdeck.domain.anomalies import Anomaly
from quarterdeck.domain.estate import Estate
from quarterdeck.domain.events import Change
from quarterdeck.domain.instants import TimeRange, from_ms, to_ms
from quarterdeck.domain.series import SeriesInfo
from quarterdeck.services.anomaly_ports import AnomalyStore, JudgedDay
from quarterdeck.services.maintenance_ports import MaintenanceStore
from quarterdeck.services.maintenance_watch import followed_windows
from quarterdeck.services.moments import Moment
from quarterdeck.services.ports import EstateStore, OccurrenceStore, SeriesQuery, SeriesStore

_STILL_MS = 3 * STEP_MS
"""An anomaly whose last step was judged no longer ago goes on, as far as is known."""
NEAR_BEFORE = timedelta(minutes=30)
NEAR_AFTER = timedelta(minutes=5)
"""A change so long before an anomaly began, or so soon after, is named beside it."""
_TOGETHER_MS = 2 * STEP_MS


class UnusualSources(EstateStore, SeriesStore, OccurrenceStore, AnomalyStore, MaintenanceStore, Protocol):
    """What is read."""


@dataclass(frozen=True, slots=True)
class Unusual:
    """An unusual stretch of one series as it was known at the moment: it goes on where `to_at` is None.

    Where the loudest step of its record came only later, nothing is told but that it was unusual: the value is NaN, and
    no sign is named. `planned` is the reason of the maintenance window in which it began, empty outside planned work.
    """

    series: SeriesInfo
    name: str
    anomaly: Anomaly
    from_at: datetime
    to_at: datetime | None
    planned: str = ""


@dataclass(frozen=True, slots=True)
class UnusualReport:
    """What is unusual over a range: what goes on first, the longest first, then what is over, the newest first."""

    time_range: TimeRange
    at: datetime
    unusual: tuple[Unusual, ...]

    @property
    def going_on(self) -> tuple[Unusual, ...]:
        """What is outside its usual range at the moment."""
        return tuple(one for one in self.unusual if one.to_at is None)


@dataclass(frozen=True, slots=True)
class NearInTime:
    """What came about when an anomaly began: changes around it, and what else became unusual with it."""

    changes: tuple[Change, ...]
    others: tuple[Unusual, ...]


class UnusualReader:
    """Reads what the collector found; call it off the GUI."""

    def __init__(self, store: UnusualSources) -> None:
        self._store = store

    def unusual(self, moment: Moment, entity_keys: Sequence[str] | None = None) -> UnusualReport:
        """What was unusual in the moment's range as it was known then, of some entities or of all."""
        reach = TimeRange(moment.time_range.start_at - timedelta(milliseconds=DAY_MS), moment.time_range.end_at)
        wanted = None if entity_keys is None else self._series(tuple(entity_keys))
        days = self._store.anomalies.days(reach, None if wanted is None else tuple(wanted))
        if not days:
            return UnusualReport(moment.time_range, moment.at, ())
        return report_of(days, self._series() if wanted is None else wanted, moment, self._around(moment))

    def _series(self, entity_keys: tuple[str, ...] = ()) -> Mapping[int, SeriesInfo]:
        return {info.id: info for info in self._store.find(SeriesQuery(entity_keys=entity_keys))}

    def near(self, one: Unusual, moment: Moment) -> NearInTime:
        """What came about at the same time, as it was known at the moment; nearness in time is no proof."""
        around = TimeRange(one.from_at - NEAR_BEFORE, min(one.from_at + NEAR_AFTER, moment.at))
        estate = self._store.estate(moment.at)
        near_by = {one.series.identity.entity_key, ""}
        for relation in estate.relations:
            if one.series.identity.entity_key in {relation.source_key, relation.target_key}:
                near_by |= {relation.source_key, relation.target_key}
        changes = self._store.changes(around) if around.end_at > around.start_at else ()
        told = self.unusual(replace(moment, time_range=TimeRange(around.start_at, moment.at))).unusual
        others = (
            other
            for other in told
            if other.series.id != one.series.id and abs(other.anomaly.from_ms - one.anomaly.from_ms) <= _TOGETHER_MS
        )
        return NearInTime(tuple(change for change in changes if change.entity_key in near_by), tuple(others))

    def _around(self, moment: Moment) -> _Around:
        estate = self._store.estate(moment.at)
        reach = TimeRange(moment.time_range.start_at - timedelta(days=2), moment.time_range.end_at)
        windows = followed_windows(
            record for record in self._store.maintenance.records() if record.recorded_at <= moment.at
        )
        return _Around(estate, Coverage.of(windows, estate.entities, reach))


@dataclass(frozen=True, slots=True, eq=False)
class _Around:
    """The estate at the moment, and what planned work covers of it."""

    estate: Estate
    coverage: Coverage

    def name(self, key: str) -> str:
        entity = self.estate.entity(key)
        return key if entity is None else entity.name

    def planned(self, key: str, at_ms: int) -> str:
        cover = self.coverage.at(key, at_ms)
        return "" if cover is None else cover.reason or cover.window_id


def report_of(
    days: Iterable[JudgedDay], series: Mapping[int, SeriesInfo], moment: Moment, around: _Around
) -> UnusualReport:
    """The report from judged days, of the series that are known."""
    at_ms, start_ms, end_ms = to_ms(moment.at), moment.time_range.start_ms, moment.time_range.end_ms
    found: list[Unusual] = []
    for anomaly in joined(days):
        info = series.get(anomaly.series_id)
        if info is None or anomaly.known_ms > at_ms or anomaly.from_ms >= end_ms:
            continue
        one = _known_at(anomaly, info, at_ms, around)
        if one.to_at is None or to_ms(one.to_at) > start_ms:
            found.append(one)
    found.sort(key=lambda one: (one.to_at is not None, -one.anomaly.from_ms if one.to_at else one.anomaly.from_ms))
    return UnusualReport(moment.time_range, moment.at, tuple(found))


def joined(days: Iterable[JudgedDay]) -> list[Anomaly]:
    """Anomalies of several days: what goes on over a midnight is one, with the signs of all of its days."""
    found: list[Anomaly] = []
    for day in sorted(days, key=lambda each: (each.series_id, each.day_ms)):
        for one in day.anomalies:
            before = found[-1] if found and found[-1].series_id == one.series_id else None
            touches = before is not None and one.from_ms <= before.to_ms + STEP_MS and not before.ended
            overlaps = before is not None and one.from_ms < before.to_ms
            if before is not None and (touches or overlaps):
                found[-1] = _one_of(before, one)
            else:
                found.append(one)
    return found


def _one_of(before: Anomaly, after: Anomaly) -> Anomaly:
    louder = max(before, after, key=lambda one: one.loudness)
    told = {one.detector: one for one in sorted((*before.fired, *after.fired), key=lambda one: one.distance)}
    order = [one.detector for one in (*louder.fired, *before.fired, *after.fired)]
    fired = tuple(told[detector] for detector in dict.fromkeys(order))
    return replace(
        louder,
        from_ms=before.from_ms,
        to_ms=max(before.to_ms, after.to_ms),
        known_ms=before.known_ms,
        ended=after.ended,
        fired=fired,
    )


def _known_at(anomaly: Anomaly, info: SeriesInfo, at_ms: int, around: _Around) -> Unusual:
    goes_on = anomaly.to_ms > at_ms or (not anomaly.ended and at_ms - anomaly.to_ms <= _STILL_MS)
    key = info.identity.entity_key
    if anomaly.worst_ms + STEP_MS > at_ms:
        anomaly = replace(anomaly, value=math.nan, low=None, high=None, loudness=1.0, once_in=once_in(1.0), fired=())
    return Unusual(
        series=info,
        name=around.name(key),
        anomaly=anomaly,
        from_at=from_ms(anomaly.from_ms),
        to_at=None if goes_on else from_ms(anomaly.to_ms),
        planned=around.planned(key, anomaly.from_ms),
    )

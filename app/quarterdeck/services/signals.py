"""Reading an entity's signals: which series stands for its response time, and what it says at a moment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from quarterdeck.analysis.courses import course_of, evenly
from quarterdeck.domain.instants import TimeRange, from_ms
from quarterdeck.domain.series import Meaning, SeriesIdentity, SeriesInfo
from quarterdeck.services.moments import Moment
from quarterdeck.services.ports import Envelope, Precision, SeriesQuery, SeriesStore
from quarterdeck.services.series_choice import choose_series

DEFAULT_FRESHNESS_SECONDS = 90.0
POLL_SLACK = 2.5
"""A value speaks for this many polls of its connection, so that one that was missed is no gap."""
_Last: TypeAlias = tuple[datetime | None, float | None]
_NEVER: _Last = (None, None)
KEY_MEANINGS = (Meaning.RESPONSE_TIME, Meaning.ERROR_RATE, Meaning.THROUGHPUT, Meaning.SATURATION)


@dataclass(frozen=True, slots=True)
class Reading:
    """The newest value of one signal not after a moment; `fresh` is False when it is too old to speak for now.

    `name` is what its source calls it, with its labels: `node_disk_io_now (sda)`.
    """

    meaning: Meaning
    statistic: str
    unit: str
    value: float
    at: datetime
    fresh: bool
    name: str = ""


@dataclass(frozen=True, slots=True)
class Patience:
    """How old a value may be before it no longer speaks for now: as its entity declares, or as often as it comes.

    `freshness_seconds` by entity key, `poll_seconds` by connection id; what is in neither gets the console's default.
    """

    freshness_seconds: Mapping[str, float] = field(default_factory=dict[str, float])
    poll_seconds: Mapping[str, float] = field(default_factory=dict[str, float])

    def seconds_for(self, info: SeriesInfo) -> float:
        """The age up to which a value of a series is fresh."""
        declared = self.freshness_seconds.get(info.identity.entity_key, DEFAULT_FRESHNESS_SECONDS)
        return max(declared, POLL_SLACK * self.poll_seconds.get(info.connection_id, 0.0))


USUAL_PATIENCE = Patience()


@dataclass(frozen=True, slots=True)
class Signals:
    """The chosen series of one entity by meaning, and their readings at a moment."""

    series: Mapping[Meaning, SeriesInfo]
    readings: Mapping[Meaning, Reading]
    newest_at: datetime | None

    def value(self, meaning: Meaning) -> float | None:
        """A fresh reading's value, or None."""
        reading = self.readings.get(meaning)
        return reading.value if reading and reading.fresh else None


NO_SIGNALS = Signals({}, {}, None)


class SignalReader:
    """Reads the signals of many entities at once."""

    def __init__(self, store: SeriesStore) -> None:
        self._store = store

    def read(
        self, entity_keys: Sequence[str], moment: Moment, patience: Patience = USUAL_PATIENCE
    ) -> dict[str, Signals]:
        """Signals by entity key; entities without any series are absent."""
        if not entity_keys:
            return {}
        chosen = choose_series(self._store.find(SeriesQuery(entity_keys=tuple(entity_keys))))
        last = self._last([info for series in chosen.values() for info in series.values()], moment)
        return {key: _signals(series, last, moment.at, patience) for key, series in chosen.items()}

    def readings(
        self, series: Sequence[SeriesInfo], moment: Moment, patience: Patience = USUAL_PATIENCE
    ) -> dict[int, Reading]:
        """The reading of each of these series by its number; those that told nothing are absent."""
        last = self._last(series, moment)
        found = {info.id: _reading(info, last.get(info.id, _NEVER), moment.at, patience) for info in series}
        return {number: reading for number, reading in found.items() if reading is not None}

    def _last(self, series: Sequence[SeriesInfo], moment: Moment) -> Mapping[int, _Last]:
        if moment.live:
            return {info.id: (info.last_at, info.last_value) for info in series}
        return self._last_before([info.id for info in series], moment.at)

    def _last_before(self, ids: Sequence[int], at: datetime) -> dict[int, _Last]:
        last: dict[int, _Last] = {}
        for envelope in self._store.envelope(ids, TimeRange(at - timedelta(hours=1), at + timedelta(seconds=1)), 240):
            filled = np.flatnonzero(envelope.counts)
            if len(filled):
                column = int(filled[-1])
                last[envelope.series.id] = from_ms(int(envelope.edges_ms[column])), float(envelope.last[column])
        return last

    def sparks(self, series_ids: Sequence[int], moment: Moment, points: int) -> dict[int, npt.NDArray[np.float64]]:
        """The course of each series over the moment's range in `points` columns (high of each); NaN is a gap.

        Nothing is told after the play-head. No extreme before it is missed; where samples are very many, one may stand
        a twelfth of a column beside its place.
        """
        told = _until(moment)
        count = round(points * told.seconds / max(1.0, moment.time_range.seconds))
        if count < 1:
            return {number: np.full(points, np.nan) for number in series_ids}
        envelopes = self._store.envelope(list(series_ids), told, count, Precision.FIRST)
        return {envelope.series.id: _spark(envelope, points) for envelope in envelopes}


def _until(moment: Moment) -> TimeRange:
    """What of the range was known at the play-head."""
    start_at, end_at = moment.time_range.start_at, moment.time_range.end_at
    return TimeRange(start_at, max(start_at, min(end_at, moment.at)))


def _spark(envelope: Envelope, points: int) -> npt.NDArray[np.float64]:
    columns = (envelope.low, envelope.high, envelope.mean)
    course = course_of(envelope.edges_ms, columns, patience_ms=int(DEFAULT_FRESHNESS_SECONDS * 1000))
    drawn = evenly(course, envelope.edges_ms)
    return np.concatenate((drawn, np.full(points - len(drawn), np.nan)))


def _signals(
    series: Mapping[Meaning, SeriesInfo],
    last: Mapping[int, _Last],
    at: datetime,
    patience: Patience,
) -> Signals:
    readings: dict[Meaning, Reading] = {}
    newest_at: datetime | None = None
    for meaning, info in series.items():
        seen = last.get(info.id, _NEVER)
        if seen[0] is not None:
            newest_at = seen[0] if newest_at is None else max(newest_at, seen[0])
        reading = _reading(info, seen, at, patience)
        if reading is not None:
            readings[meaning] = reading
    return Signals(series, readings, newest_at)


def _reading(info: SeriesInfo, seen: _Last, at: datetime, patience: Patience) -> Reading | None:
    seen_at, value = seen
    if seen_at is None or value is None or np.isnan(value):
        return None
    fresh = (at - seen_at).total_seconds() <= patience.seconds_for(info) or _coarse(info, seen_at, at)
    identity = info.identity
    name = series_name(identity)
    return Reading(identity.meaning, identity.statistic, identity.unit, value, seen_at, fresh, name)


def series_name(identity: SeriesIdentity) -> str:
    """What a series' source calls it, with its labels: `node_disk_io_now (sda)`."""
    labels = ", ".join(value for _, value in identity.labels)
    return f"{identity.name} ({labels})" if labels else identity.name


def _coarse(info: SeriesInfo, seen_at: datetime, at: datetime) -> bool:
    """Whether a past moment lies in history that was kept at a coarser step, so that the value still speaks."""
    is_past = info.last_at is not None and info.last_at > seen_at
    return is_past and (at - seen_at) <= timedelta(minutes=12)

"""A day of some series judged step by step as it goes on: what is unusual in it, from when to when, by which signs.

What is told of a day follows from the samples before its midnight (UTC) and from its own alone. So it is the same
whether the day is followed as it goes on, taken up again after a pause, or looked at a year later in one piece.

A span begins with the step that raised an alarm, or with the first of a run outside the season's range, and goes on
until some steps in a row are neither loud nor outside. The least run and reach outside the season were set on generated
ordinary series (`tests/bench/accuracy/ordinary.py`): one such run in eight fortnights of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from quarterdeck.analysis.anomalies import LOUDER, QUIET, TOO_LARGE, once_in
from quarterdeck.analysis.expected_range import expected_range
from quarterdeck.analysis.watch_spans import LEAST_REACH, Seen, SpanBook
from quarterdeck.analysis.watches import ColumnReadings, Watches
from quarterdeck.domain.anomalies import Anomaly

Values = npt.NDArray[np.float64]
Instants = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

STEP_MS = 300_000
DAY_MS = 86_400_000
DAY_STEPS = DAY_MS // STEP_MS
LEARNT_STEPS = 2_016
"""So many samples before the day are learnt from at most: a week of steps."""
LEAST_RUN = 6
STILL_LOUD = 0.5
"""A span goes on with steps at least so loud."""


@dataclass(frozen=True, slots=True, eq=False)
class Expected:
    """What is expected of some series at each step of a day (rows, DAY_STEPS); NaN where nothing is known."""

    low: Values
    centre: Values
    high: Values

    @classmethod
    def of(cls, past: Values, day_ms: int) -> Expected:
        """Learnt from the steps (rows, n) that end at midnight."""
        starts = day_ms - STEP_MS * np.arange(past.shape[1], 0, -1, dtype=np.int64)
        middles = day_ms + STEP_MS * np.arange(DAY_STEPS, dtype=np.int64) + STEP_MS // 2
        found = np.full((3, len(past), DAY_STEPS), np.nan)
        for row, values in enumerate(past):
            known = expected_range(starts, values, until_ms=day_ms)
            if known is not None:
                band = known.at(middles)
                found[:, row] = band.low, band.centre, band.high
        return cls(*found)

    def part(self, begin: int, end: int) -> Values:
        """Low, centre and high (3, rows, steps) from a step on to another; NaN before the first of the day."""
        found = np.full((3, len(self.low), end - begin), np.nan)
        first = max(begin, 0)
        if end > first:
            found[:, :, first - begin :] = [part[:, first:end] for part in (self.low, self.centre, self.high)]
        return found


@dataclass(slots=True, eq=False)
class _Runs:
    """How long each series has been outside its range on one side, since which step, and how far at the most."""

    count: Instants
    side: Instants
    begin: Instants
    fired_at: Instants
    fired_reach: Values

    @classmethod
    def of(cls, rows: int) -> _Runs:
        begin = np.zeros(rows, np.int64)
        return cls(begin.copy(), begin.copy(), begin, np.full(rows, -(10**9)), np.zeros(rows))

    def take(self, step: int, is_number: Flags, sides: Instants, reach: Values) -> Flags:
        """Which series tell with this step that they left their season's range."""
        far = np.where(reach >= LEAST_REACH, sides, 0)
        goes_on = (far != 0) & (far == self.side)
        self.begin = np.where(is_number & (far != 0) & ~goes_on, step, self.begin)
        self.count = np.where(is_number, np.where(goes_on, self.count + 1, far != 0), self.count)
        self.side = np.where(is_number, far, self.side)
        repeats = (step - self.fired_at <= QUIET) & (reach < LOUDER * self.fired_reach)
        fires = is_number & (self.count == LEAST_RUN) & ~repeats
        self.fired_at, self.fired_reach = np.where(fires, step, self.fired_at), np.where(fires, reach, self.fired_reach)
        return fires


@dataclass(frozen=True, slots=True, eq=False)
class _Judged:
    """Steps of some series (rows, steps) with all that was found of them."""

    values: Values
    low: Values
    high: Values
    told: ColumnReadings
    reach: Values

    def seen(self, row: int, step: int, at: int, season_from: int | None) -> Seen:
        loudness, reach = float(self.told.loudness[row, step]), float(self.reach[row, step])
        return Seen(
            step=at,
            value=float(self.values[row, step]),
            low=float(self.low[row, step]),
            high=float(self.high[row, step]),
            loudness=loudness,
            distances=(*self.told.distances[:, row, step].tolist(), reach),
            season_from=season_from,
            is_still=loudness >= STILL_LOUD or reach > 0,
        )


@dataclass(slots=True, eq=False)
class DayWatch:
    """Follows some series through one day that began at `day_ms`. `reached` counts the steps of it that are judged."""

    day_ms: int
    series_ids: tuple[int, ...]
    expected: Expected
    reached: int = 0
    _watches: Watches = field(init=False)
    _runs: _Runs = field(init=False)
    _books: list[SpanBook] = field(init=False)
    _is_open: Flags = field(init=False)

    def __post_init__(self) -> None:
        rows = len(self.series_ids)
        self._watches, self._runs = Watches(rows), _Runs.of(rows)
        self._books, self._is_open = [SpanBook() for _ in range(rows)], np.zeros(rows, np.bool_)

    @classmethod
    def after(cls, past: Values, day_ms: int, series_ids: Sequence[int]) -> DayWatch:
        """Begins a day after the steps (rows, n) that end at its midnight: NaN where a series has no sample."""
        watch = cls(day_ms, tuple(series_ids), Expected.of(past, day_ms))
        learnt = _newest(past)
        watch.reached = -learnt.shape[1]
        watch.take(learnt)
        return watch

    @property
    def reached_ms(self) -> int:
        """Where the next step begins."""
        return self.day_ms + self.reached * STEP_MS

    def take(self, values: Values) -> tuple[int, ...]:
        """Judge the next steps (rows, n); the series of which anything is told anew."""
        begin, steps = self.reached, values.shape[1]
        told = self._watches.take(values)
        bands = self.expected.part(begin, begin + steps)
        low: Values = bands[0]
        centre: Values = bands[1]
        high: Values = bands[2]
        is_number = np.abs(values) < TOO_LARGE
        sides = np.where(is_number & (values > high), 1, 0) - np.where(is_number & (values < low), 1, 0)
        width = np.maximum(np.where(values > centre, high - centre, centre - low), 1e-300)
        reach = np.where(sides != 0, np.minimum(np.abs(values - centre) / width, 1e6), 0.0)
        judged = _Judged(values, low, high, told, reach)
        changed: set[int] = set()
        for step in range(steps):
            fires = self._runs.take(begin + step, is_number[:, step], sides[:, step], reach[:, step])
            concerned = is_number[:, step] & (told.is_alarm[:, step] | fires | self._is_open)
            for row in np.flatnonzero(concerned).tolist():
                season_from = int(self._runs.begin[row]) if fires[row] else None
                self._books[row].take(judged.seen(row, step, begin + step, season_from))
                self._is_open[row] = self._books[row].is_open
                changed.add(row)
        self.reached = begin + steps
        return tuple(self.series_ids[row] for row in sorted(changed)) if self.reached > 0 else ()

    def anomalies(self, series_id: int) -> tuple[Anomaly, ...]:
        """What of the day is unusual in a series so far, in order; an anomaly may have begun before the day."""
        book = self._books[self.series_ids.index(series_id)]
        return tuple(
            Anomaly(
                series_id=series_id,
                from_ms=self.day_ms + span.begin * STEP_MS,
                to_ms=self.day_ms + span.end * STEP_MS,
                known_ms=self.day_ms + (span.known + 1) * STEP_MS,
                worst_ms=self.day_ms + span.worst.step * STEP_MS,
                value=span.worst.value,
                low=_or_none(span.worst.low),
                high=_or_none(span.worst.high),
                loudness=span.loudness,
                once_in=once_in(span.loudness),
                fired=span.sighted(),
                ended=span.ended,
            )
            for span in book.spans
            if span.end > 0
        )


def _newest(past: Values) -> Values:
    """The newest samples of each series, as many as are learnt from, and no step before the first of them."""
    numbers: Flags = np.abs(past) < TOO_LARGE
    later = np.cumsum(numbers[:, ::-1], axis=1)[:, ::-1]
    kept = np.where(numbers & (later <= LEARNT_STEPS), past, np.nan)
    begins = np.flatnonzero(np.isfinite(kept).any(axis=0))
    return kept[:, int(begins[0]) :] if len(begins) else kept[:, :0]


def _or_none(number: float) -> float | None:
    return None if np.isnan(number) else number

"""The range in which a series is expected, learnt from its past: level, season and spread, none tilted by outliers."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

import numpy as np
import numpy.typing as npt

from quarterdeck.analysis.seasons import (
    DAY_HOURS,
    HOUR_MS,
    Hours,
    Season,
    SeasonKind,
    by_hour,
    chosen_season,
    forecast_days,
    level_of,
    season_of,
    slot_of,
)

Instants = npt.NDArray[np.int64]
Values = npt.NDArray[np.float64]

HISTORY_MS = 42 * DAY_HOURS * HOUR_MS
"""Older samples are no guide: six weeks are learnt from."""
TAIL = 0.01
"""So much of the past days lies below the range, and as much above."""
LEAST_SAMPLES = 48
_LEAST_RELATIVE = 1e-6
_SHARE_OF_MEAN = 0.2
"""Where more than half of the samples are alike, the others still make a spread."""
_FURTHEST = 1e6
_POOLED = 20.0
"""An hour's own spread counts as much as that of all once it has so many samples."""


@dataclass(frozen=True, slots=True, eq=False)
class Band:
    """The range at each instant (n), `low` ≤ `centre` ≤ `high`, in the unit of the series."""

    low: Values
    centre: Values
    high: Values


@dataclass(frozen=True, slots=True, eq=False)
class ExpectedRange:
    """What is expected after the past it was learnt from.

    `spreads` (24) are the spread of each hour of the day; the range reaches `below` and `above` of them from the
    centre. `samples` were learnt from, over `days`; `coverage` is the share of the past days' samples that lay in the
    range forecast for them, None where there was no day to forecast.
    """

    season: Season
    level: float
    spreads: Values
    below: float
    above: float
    is_never_negative: bool
    samples: int
    days: float
    coverage: float | None

    def at(self, times_ms: Instants) -> Band:
        """The range at instants (n)."""
        centre = self.level + self.season.at(times_ms)
        spread = Season(SeasonKind.HOUR_OF_DAY, self.spreads).at(times_ms)
        low, high = centre - self.below * spread, centre + self.above * spread
        if self.is_never_negative:
            low, centre, high = (np.maximum(0, part) for part in (low, centre, high))
        return Band(low, centre, high)


def expected_range(times_ms: Instants, values: Values, *, until_ms: int) -> ExpectedRange | None:
    """What is expected from `until_ms` on, learnt from the samples before it; None while they are too few.

    Instants ascend; NaN counts for nothing. The answer depends on the samples of the six weeks before `until_ms` alone,
    so that a stream that asks at every midnight and a later look at the same day are told the same.
    """
    inside = (times_ms < until_ms) & (times_ms >= until_ms - HISTORY_MS) & np.isfinite(values)
    samples = _Samples(times_ms[inside], values[inside])
    known = by_hour(samples.times_ms, samples.values)
    if len(samples.values) < LEAST_SAMPLES or known.hours[-1] - known.hours[0] < DAY_HOURS - 1:
        return None
    kind = chosen_season(known).kind
    season, level = season_of(known, kind), level_of(known, season_of(known, kind))
    residuals = _forecast_residuals(known, samples, kind)
    is_forecast = len(residuals.off) >= LEAST_SAMPLES
    if not is_forecast:
        off = samples.values - level - season.at(samples.times_ms)
        residuals = _Residuals(off, samples.times_ms // HOUR_MS, np.zeros(len(off), np.int64))
    spreads = _spreads(residuals, least=abs(level) * _LEAST_RELATIVE)
    scaled = residuals.off / spreads[slot_of(residuals.hours, SeasonKind.HOUR_OF_DAY)]
    below, above = _reach(scaled)
    return ExpectedRange(
        season=season,
        level=level,
        spreads=spreads,
        below=below,
        above=above,
        is_never_negative=bool(np.all(samples.values >= 0)),
        samples=len(samples.values),
        days=float(samples.times_ms[-1] - samples.times_ms[0]) / (DAY_HOURS * HOUR_MS),
        coverage=_coverage(scaled, residuals.days) if is_forecast else None,
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Samples:
    times_ms: Instants
    values: Values


@dataclass(frozen=True, slots=True, eq=False)
class _Residuals:
    """What the past days were off by (n), the hour since the epoch of each, and the number of its day."""

    off: Values
    hours: Instants
    days: Instants


def _forecast_residuals(known: Hours, samples: _Samples, kind: SeasonKind) -> _Residuals:
    """What samples of the last days were off from the forecasts that the days before them gave."""
    off, hours, days = [np.empty(0)], [np.empty(0, np.int64)], [np.empty(0, np.int64)]
    for number, day in enumerate(forecast_days(known, kind.least_hours)):
        history = known.between(0, day)
        begin, end = np.searchsorted(samples.times_ms, [day * HOUR_MS, (day + DAY_HOURS) * HOUR_MS])
        times_ms = samples.times_ms[begin:end]
        if len(times_ms):
            season = season_of(history, kind)
            off.append(samples.values[begin:end] - level_of(history, season) - season.at(times_ms))
            hours.append(times_ms // HOUR_MS)
            days.append(np.full(len(times_ms), number))
    return _Residuals(np.concatenate(off), np.concatenate(hours), np.concatenate(days))


def _spreads(residuals: _Residuals, *, least: float) -> Values:
    """The median distance from the centre at each hour of the day, drawn to that of all where there are few samples."""
    off = np.abs(residuals.off)
    whole = max(float(np.median(off)), _SHARE_OF_MEAN * float(np.mean(off)), least, 1e-300)
    slots = slot_of(residuals.hours, SeasonKind.HOUR_OF_DAY)
    spreads = np.full(DAY_HOURS, whole)
    for slot in np.unique(slots).tolist():
        own = off[slots == slot]
        weight = len(own) / (len(own) + _POOLED)
        spreads[slot] = (1 - weight) * whole + weight * max(float(np.median(own)), _SHARE_OF_MEAN * whole)
    return spreads


def _reach(scaled: Values) -> tuple[float, float]:
    low, high = np.quantile(scaled, [TAIL, 1 - TAIL])
    return max(0.0, -float(low)), max(0.0, float(high))


def _coverage(scaled: Values, days: Instants) -> float | None:
    """The share of each day's residuals that lie in the range drawn from the other days; None for a single day."""
    inside: list[npt.NDArray[np.bool_]] = []
    for day in np.unique(days).tolist():
        others = scaled[days != day]
        if len(others):
            below, above = _reach(others)
            inside.append((scaled[days == day] >= -below) & (scaled[days == day] <= above))
    return float(np.mean(np.concatenate(inside))) if inside else None


class Side(Enum):
    """On which side of the range."""

    ABOVE = "above"
    BELOW = "below"


@dataclass(frozen=True, slots=True)
class Departure:
    """A stretch of samples outside the range on one side: from its first to its last, and the one that is furthest out.

    `reach` is how far out that one lies, in widths of the range from its centre to that side; above 1.
    """

    side: Side
    from_ms: int
    to_ms: int
    samples: int
    worst_value: float
    worst_bound: float
    reach: float


def departures(times_ms: Instants, values: Values, band: Band, *, least: int) -> list[Departure]:
    """Stretches of at least so many samples outside the range, in order; NaN ends none and belongs to none."""
    numbers = np.flatnonzero(np.isfinite(values))
    sides = (values[numbers] > band.high[numbers]).astype(np.int8) - (values[numbers] < band.low[numbers])
    begins = np.flatnonzero((np.diff(sides, prepend=np.int8(0)) != 0) & (sides != 0)) if len(sides) else sides
    turns = np.flatnonzero(np.append(np.diff(sides) != 0, True)) if len(sides) else sides
    found: list[Departure] = []
    for begin in begins.tolist():
        places = numbers[begin : int(turns[np.searchsorted(turns, begin)]) + 1]
        if len(places) >= least:
            found.append(_departure(times_ms, values, band, places))
    return found


def _departure(times_ms: Instants, values: Values, band: Band, places: npt.NDArray[np.intp]) -> Departure:
    is_above = bool(values[places[0]] > band.high[places[0]])
    bounds = band.high[places] if is_above else band.low[places]
    distance, width = np.abs(values[places] - band.centre[places]), np.abs(bounds - band.centre[places])
    reach = distance / np.maximum(width, 1e-300)
    worst = int(np.argmax(reach))
    return Departure(
        side=Side.ABOVE if is_above else Side.BELOW,
        from_ms=int(times_ms[places[0]]),
        to_ms=int(times_ms[places[-1]]),
        samples=len(places),
        worst_value=float(values[places[worst]]),
        worst_bound=float(bounds[worst]),
        reach=float(min(reach[worst], _FURTHEST)),
    )

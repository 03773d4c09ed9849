"""What the peaks of the days to come will be: by the method that would have foretold its own last weeks best.

A capacity has to hold the peaks, so that every day counts by its highest value. A line with at most one change of pace
is held against repeating the last week and against a steady level; how far off each was on days that it had not seen
stands beside the forecast.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from quarterdeck.analysis.exhaustion import LEAST_DAYS, NOMINAL, WEEK_DAYS, Growth, Outlook, line_ahead, outlook

Values = npt.NDArray[np.float64]

DAY_HOURS = 24
TESTED_WEEKS = 4
LEVEL_DAYS = 14
HORIZON_DAYS = 30
MOST_HORIZON_DAYS = 120
GAIN = 0.95
"""Another method takes the line's place only with at most this share of its error."""
DEMAND_DAYS = 30
"""The days whose hourly peaks tell the demand."""
DEMAND_SHARE = 0.99
LEAST_DEMAND_HOURS = 7 * DAY_HOURS
CLEARED = 0.05
"""What falls by this share of its size from one day to the next, and stays down, was cleared."""
LEAST_CHANGE = 0.1
"""Two paces that differ by less than this share of the faster one are the same to a person."""
_STAYS_DAYS = 3


class PeakMethod(StrEnum):
    """How the peaks of days to come are told."""

    LINE = "line"
    LEVEL = "level"
    LAST_WEEK = "last_week"


@dataclass(frozen=True, slots=True, eq=False)
class PeakForecast:
    """The peaks of the next days (n): `low` ≤ `centre` ≤ `high`, a band for four of five days.

    `errors` are the mean absolute errors of each method over the `tested_days` it had not seen, in the unit of the
    values, and `mean_peak` the mean of the peaks of those days; there is no error where the history was too short.
    """

    method: PeakMethod
    centre: Values
    low: Values
    high: Values
    errors: Mapping[PeakMethod, float]
    tested_days: int
    mean_peak: float

    @property
    def error(self) -> float | None:
        """The back-tested error of the method chosen, in the unit of the values."""
        return self.errors.get(self.method)

    @property
    def relative_error(self) -> float | None:
        """The error as a share of the mean peak; None without one, or where nothing was used."""
        return None if self.error is None or self.mean_peak <= 0 else self.error / self.mean_peak


@dataclass(frozen=True, slots=True, eq=False)
class Demand:
    """Hourly peaks of whole days that follow each other, as shares of a size: (days * 24), NaN where nothing was told.

    `first_weekday` is that of the first day, Monday being 0. What `is_cleared` may fall when somebody makes room, and
    what was before the last such fall tells nothing about the pace.
    """

    hours: Values
    first_weekday: int = 0
    is_cleared: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class DemandOutlook:
    """What a history tells. Days count from the first one of the history; the last one is `len(peaks) - 1`.

    `peaks` is the highest value of each day; `counted_from` the day from which they are counted, None for all.
    `outlook` is None with too few days, its date None without a trend that holds. `demand` is the value that 99 of 100
    hourly peaks of the last days do not exceed, None with less than a week. `usual` (7, 24) is the usual peak of each
    hour of the week from Monday on, NaN where there is none.
    """

    peaks: Values
    known_days: int
    counted_from: int | None
    outlook: Outlook | None
    forecast: PeakForecast | None
    demand: float | None
    usual: Values

    @property
    def growth(self) -> Growth | None:
        """The pace that holds now."""
        return None if self.outlook is None else self.outlook.growth

    @property
    def changed_day(self) -> float | None:
        """Since which day another pace holds; None where the pace before is as good as the one now."""
        growth = self.growth
        if growth is None or growth.knot is None or growth.earlier is None:
            return None
        least = LEAST_CHANGE * max(abs(growth.slope), abs(growth.earlier))
        is_other = abs(growth.slope - growth.earlier) >= least and not growth.low <= growth.earlier <= growth.high
        return growth.knot if is_other else None


def foreseen(demand: Demand) -> DemandOutlook:
    """The outlook of one demand against its size, which is 1."""
    hours = np.where(np.isfinite(demand.hours) & (demand.hours >= 0), demand.hours, np.nan)
    peaks = _highest(hours.reshape(-1, DAY_HOURS))
    start = last_clearing(peaks) if demand.is_cleared else 0
    days = np.arange(start, len(peaks), dtype=np.float64)
    counted = peaks[start:]
    found = outlook(days, counted, 1.0)
    forecast = peaks_ahead(days, counted, found)
    if found is not None and forecast is not None and forecast.method is not PeakMethod.LINE:
        # A line that foretells its own past worse than none is no ground for a date, unless the end is reached already.
        is_met = found.exhaustion is not None and found.exhaustion.days <= 0
        found = found if is_met else Outlook(found.growth, None)
    return DemandOutlook(
        peaks=peaks,
        known_days=int(np.isfinite(peaks).sum()),
        counted_from=start or None,
        outlook=found,
        forecast=forecast,
        demand=_demand(hours),
        usual=usual_week(hours, demand.first_weekday),
    )


def foreseen_all(demands: tuple[Demand, ...]) -> tuple[DemandOutlook, ...]:
    """The outlooks of several demands in their order; some hundredths of a second each."""
    return tuple(foreseen(demand) for demand in demands)


def last_clearing(peaks: Values) -> int:
    """The first day since which nothing was cleared, as its place among the peaks; 0 where nothing ever was."""
    known = np.flatnonzero(np.isfinite(peaks))
    values = peaks[known]
    for place in range(len(values) - 1, 0, -1):
        fall = values[place - 1] - values[place]
        stays = values[place : place + _STAYS_DAYS].max() < values[place - 1] - fall / 2
        if fall > CLEARED and stays:
            return int(known[place])
    return 0


def usual_week(hours: Values, first_weekday: int) -> Values:
    """The median of each hour of the week (7, 24) from Monday on; NaN for an hour that has no value."""
    days = hours.reshape(-1, DAY_HOURS)
    weekdays = (np.arange(len(days)) + first_weekday) % WEEK_DAYS
    usual = np.full((WEEK_DAYS, DAY_HOURS), np.nan)
    for weekday in range(WEEK_DAYS):
        same = days[weekdays == weekday]
        told = np.isfinite(same).any(axis=0) if len(same) else np.zeros(DAY_HOURS, np.bool_)
        if told.any():
            usual[weekday, told] = np.nanmedian(same[:, told], axis=0)
    return usual


def peaks_ahead(days: Values, peaks: Values, found: Outlook | None) -> PeakForecast | None:
    """The peaks of the days after the last one, so far that a date that is told can be seen; None with too few days."""
    if found is None:
        return None
    ahead = np.arange(1, _horizon(found) + 1, dtype=np.float64)
    tried, truth = _tried(days, peaks)
    errors = {method: float(np.mean(np.abs(off))) for method, off in tried.items()}
    method = _chosen(errors)
    told = _told(days, peaks, ahead)
    if method not in told:
        return None
    centre = told[method]
    low, high = _reach(tried.get(method), peaks - np.nanmedian(peaks))
    growth = found.growth
    if method is PeakMethod.LINE:
        low, high = (
            low + np.minimum(0.0, growth.low - growth.slope) * ahead,
            high + (growth.high - growth.slope) * ahead,
        )
    mean = float(np.mean(truth)) if len(truth) else 0.0
    return PeakForecast(
        method,
        centre,
        np.minimum(centre + low, centre),
        np.maximum(centre + high, centre),
        errors=errors,
        tested_days=len(truth),
        mean_peak=mean,
    )


def _horizon(found: Outlook) -> int:
    if found.exhaustion is None:
        return HORIZON_DAYS
    latest = min(found.exhaustion.latest, MOST_HORIZON_DAYS - WEEK_DAYS)
    return int(max(HORIZON_DAYS, np.ceil(latest) + WEEK_DAYS))


def _chosen(errors: Mapping[PeakMethod, float]) -> PeakMethod:
    best = min(errors, key=lambda method: errors[method], default=PeakMethod.LINE)
    line = errors.get(PeakMethod.LINE)
    return best if line is None or errors[best] < GAIN * line else PeakMethod.LINE


def _tried(days: Values, peaks: Values) -> tuple[dict[PeakMethod, Values], Values]:
    """How far each method was off on the days of the last weeks, each week told from what was before it; and the days.

    Only weeks count that every method could tell.
    """
    off: dict[PeakMethod, list[Values]] = {method: [] for method in PeakMethod}
    truths: list[Values] = []
    for number in range(TESTED_WEEKS, 0, -1):
        cut = len(days) - number * WEEK_DAYS
        if cut < LEAST_DAYS:
            continue
        told = _told(days[:cut], peaks[:cut], np.arange(1, WEEK_DAYS + 1, dtype=np.float64))
        truth = peaks[cut : cut + WEEK_DAYS]
        known = np.isfinite(truth)
        if len(told) < len(PeakMethod) or not known.any():
            continue
        truths.append(truth[known])
        for method, values in told.items():
            off[method].append(truth[known] - values[known])
    if not truths:
        return {}, np.empty(0)
    return {method: np.concatenate(parts) for method, parts in off.items()}, np.concatenate(truths)


def _told(days: Values, peaks: Values, ahead: Values) -> dict[PeakMethod, Values]:
    """What each method says of the days ahead of the last one; a method that can not is absent."""
    told: dict[PeakMethod, Values] = {}
    line = line_ahead(days, peaks, float(days[-1]) + ahead)
    if line is not None:
        told[PeakMethod.LINE] = line
    newest = peaks[np.isfinite(peaks)][-LEVEL_DAYS:]
    if len(newest):
        told[PeakMethod.LEVEL] = np.full(len(ahead), float(np.median(newest)))
    week = peaks[-WEEK_DAYS:]
    if len(newest) and len(week) == WEEK_DAYS:
        told[PeakMethod.LAST_WEEK] = np.resize(np.where(np.isfinite(week), week, np.median(newest)), len(ahead))
    return told


def _reach(off: Values | None, spread: Values) -> tuple[Values, Values]:
    """How far the band reaches below and above; from the spread of the peaks where nothing could be tried."""
    told = spread[np.isfinite(spread)] if off is None else off
    low, high = np.quantile(told, [(1 - NOMINAL) / 2, (1 + NOMINAL) / 2])
    return np.asarray(low), np.asarray(high)


def _highest(days: Values) -> Values:
    """The highest value of each day; NaN for a day without any."""
    return np.where(np.isfinite(days).any(axis=1), np.fmax.reduce(days, axis=1), np.nan)


def _demand(hours: Values) -> float | None:
    newest = hours[-DEMAND_DAYS * DAY_HOURS :]
    known = newest[np.isfinite(newest)]
    return float(np.quantile(known, DEMAND_SHARE)) if len(known) >= LEAST_DEMAND_HOURS else None

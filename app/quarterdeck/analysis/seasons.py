"""Whether a series repeats by the hour of the day or of the week, learnt by forecasting its own past days."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

import numpy as np
import numpy.typing as npt

Instants = npt.NDArray[np.int64]
Values = npt.NDArray[np.float64]

HOUR_MS = 3_600_000
DAY_HOURS = 24
WEEK_HOURS = 168
THURSDAY = 3
"""The day of the week on which the epoch began, Monday being 0."""
MOST_FORECAST_DAYS = 7
GAIN = 0.95
"""A longer season is believed only when its error is at most this share of the shorter one's."""


class SeasonKind(Enum):
    """What a series repeats by; instants are in UTC."""

    NONE = 1
    HOUR_OF_DAY = DAY_HOURS
    HOUR_OF_WEEK = WEEK_HOURS

    @property
    def least_hours(self) -> int:
        """Hours of history that it can be learnt from: two of its turns, a day for none."""
        return max(DAY_HOURS, 2 * self.value)


@dataclass(frozen=True, slots=True, eq=False)
class Hours:
    """One value for each hour that has one: `hours` (n) count from the epoch and ascend."""

    hours: Instants
    values: Values

    def between(self, first: int, end: int) -> Hours:
        """Those of the hours in `[first, end)`."""
        begin, after = np.searchsorted(self.hours, [first, end])
        return Hours(self.hours[begin:after], self.values[begin:after])


def by_hour(times_ms: Instants, values: Values) -> Hours:
    """The median of each hour; NaN counts for nothing. Instants ascend."""
    numbers = np.isfinite(values)
    hours, known = times_ms[numbers] // HOUR_MS, values[numbers]
    starts = np.flatnonzero(np.diff(hours, prepend=-1))
    parts = np.split(known, starts[1:]) if len(known) else []
    return Hours(hours[starts], np.array([float(np.median(part)) for part in parts]))


@dataclass(frozen=True, slots=True, eq=False)
class Season:
    """`slots` (24, 168 or 1) say how far each hour of the turn lies from the level."""

    kind: SeasonKind
    slots: Values

    def at(self, times_ms: Instants) -> Values:
        """How far from the level each instant (n) is, straight between the middles of the hours."""
        place = times_ms / HOUR_MS - 0.5
        before = np.floor(place).astype(np.int64)
        share = place - before
        return (1 - share) * self.slots[slot_of(before, self.kind)] + share * self.slots[slot_of(before + 1, self.kind)]


def slot_of(hours: Instants, kind: SeasonKind) -> Instants:
    """The hour of the day or week that each hour since the epoch is."""
    return (hours + THURSDAY * DAY_HOURS) % kind.value


def season_of(known: Hours, kind: SeasonKind) -> Season:
    """The median of each hour of the turn against the median of all; an hour never seen is taken from the day's."""
    level = float(np.median(known.values))
    if kind is SeasonKind.NONE:
        return Season(kind, np.zeros(1))
    shorter = SeasonKind.NONE if kind is SeasonKind.HOUR_OF_DAY else SeasonKind.HOUR_OF_DAY
    slots = season_of(known, shorter).slots
    slots = np.resize(slots, kind.value)
    turn = slot_of(known.hours, kind)
    for slot in np.unique(turn).tolist():
        slots[slot] = float(np.median(known.values[turn == slot])) - level
    return Season(kind, slots)


@dataclass(frozen=True, slots=True)
class Choice:
    """The season chosen, and the mean absolute error of forecasting days of the past by each that could be learnt.

    Two seasons are compared on the days that both could forecast. Without such a day there is no season.
    """

    kind: SeasonKind
    errors: dict[SeasonKind, float]


def chosen_season(known: Hours) -> Choice:
    """The season that forecast the last days best, each from the days before it; a longer one has to be clearly better.

    That holds for the average of the days and for at least two of them, so that one odd day decides nothing.
    """
    by_day = {kind: errors for kind in SeasonKind if (errors := _errors(known, kind))}
    best = SeasonKind.NONE
    for kind in (SeasonKind.HOUR_OF_DAY, SeasonKind.HOUR_OF_WEEK):
        if kind in by_day and _is_better(by_day[kind], by_day[best]):
            best = kind
    return Choice(best, {kind: float(np.mean(list(errors.values()))) for kind, errors in by_day.items()})


def _is_better(longer: dict[int, float], shorter: dict[int, float]) -> bool:
    gains = sum(longer[day] <= GAIN * shorter[day] for day in longer)
    return sum(longer.values()) <= GAIN * sum(shorter[day] for day in longer) and gains >= min(2, len(longer))


def forecast_days(known: Hours, least_hours: int) -> list[int]:
    """The first hours of the last days that have so many hours of history before them, the earliest first."""
    if not len(known.hours):
        return []
    first, end = int(known.hours[0]) + least_hours, int(known.hours[-1]) + 1
    days = range(end - DAY_HOURS, max(first, end - MOST_FORECAST_DAYS * DAY_HOURS) - 1, -DAY_HOURS)
    return sorted(days)


def level_of(known: Hours, season: Season) -> float:
    """The median of the last day's values without the season."""
    last = known.between(int(known.hours[-1]) - DAY_HOURS + 1, int(known.hours[-1]) + 1)
    return float(np.median(last.values - season.slots[slot_of(last.hours, season.kind)]))


def _errors(known: Hours, kind: SeasonKind) -> dict[int, float]:
    """By the day's first hour."""
    errors: dict[int, float] = {}
    for day in forecast_days(known, kind.least_hours):
        history, day_hours = known.between(0, day), known.between(day, day + DAY_HOURS)
        if len(day_hours.hours):
            season = season_of(history, kind)
            told = level_of(history, season) + season.slots[slot_of(day_hours.hours, kind)]
            errors[day] = float(np.mean(np.abs(day_hours.values - told)))
    return errors

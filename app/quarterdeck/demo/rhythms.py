"""How busy a bank is at an instant: the hours of the day, the days of the week, salary days, slow growth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from quarterdeck.demo.noise import Floats, Millis

HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS
WEEK_MS = 7 * DAY_MS
# 1970-01-01 was a Thursday; the profiles begin on Mondays.
_TO_MONDAY_MS = 3 * DAY_MS
_HOURS_A_WEEK = 168
_SEASON_DAYS = 500.0
_SEASON_SWING = 0.06


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How one domain's traffic goes: floor at night, peaks as (hour, width in hours, height), factors Monday to Sunday.

    `salary` is how much salary days add (0.5 is half again as much).
    """

    floor: float
    peaks: tuple[tuple[float, float, float], ...]
    weekdays: tuple[float, float, float, float, float, float, float]
    salary: float


RHYTHMS: dict[str, Rhythm] = {
    "account": Rhythm(
        0.24, ((8.2, 1.6, 0.55), (12.6, 1.8, 0.45), (19.8, 2.4, 0.76)), (1.0, 0.97, 0.96, 0.98, 1.03, 0.88, 0.82), 0.30
    ),
    "bill_pay": Rhythm(
        0.16, ((10.0, 1.9, 0.66), (14.5, 2.2, 0.42), (20.2, 2.0, 0.74)), (1.08, 1.0, 0.97, 0.98, 1.07, 0.62, 0.55), 0.50
    ),
    "notification": Rhythm(
        0.18, ((9.0, 2.0, 0.60), (13.5, 2.6, 0.42), (20.4, 2.2, 0.72)), (1.04, 0.99, 0.97, 0.98, 1.04, 0.74, 0.68), 0.40
    ),
}


def _week_profile(rhythm: Rhythm) -> Floats:
    hours = np.arange(_HOURS_A_WEEK + 1) % 24
    level = np.full(_HOURS_A_WEEK + 1, rhythm.floor)
    for hour, width, height in rhythm.peaks:
        apart = np.minimum(np.abs(hours - hour), 24 - np.abs(hours - hour))
        level += height * np.exp(-0.5 * (apart / width) ** 2)
    days = np.array(rhythm.weekdays)[np.arange(_HOURS_A_WEEK + 1) // 24 % 7]
    return level * days


_PROFILES: dict[str, Floats] = {domain: _week_profile(rhythm) for domain, rhythm in RHYTHMS.items()}


def activity(domain: str, times_ms: Millis) -> Floats:
    """Traffic of a domain relative to a busy hour of an ordinary weekday (about 1), at each instant."""
    hours = ((times_ms + _TO_MONDAY_MS) % WEEK_MS) / HOUR_MS
    week = np.interp(hours, np.arange(_HOURS_A_WEEK + 1), _PROFILES[domain])
    return week * (1.0 + RHYTHMS[domain].salary * _salary(times_ms)) * _season(times_ms)


def _salary(times_ms: Millis) -> Floats:
    """How much of a salary day an instant is, 0 to 1: around the 26th and, smaller, the second of the month."""
    days = times_ms.astype("datetime64[ms]")
    months = days.astype("datetime64[M]")
    day_of_month = (days - months.astype("datetime64[ms]")).astype(np.int64) / DAY_MS
    late = np.exp(-0.5 * ((day_of_month - 25.5) / 1.0) ** 2)
    early = 0.7 * np.exp(-0.5 * ((day_of_month - 1.4) / 0.5) ** 2)
    return np.asarray(late + early, np.float64)


def _season(times_ms: Millis) -> Floats:
    return 1.0 + _SEASON_SWING * np.sin(2.0 * np.pi * times_ms / (DAY_MS * _SEASON_DAYS))

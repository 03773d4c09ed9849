"""The bank's diary: which faults, releases and maintenance windows each day has, from the seed alone."""

from __future__ import annotations

import math
from dataclasses import dataclass

from quarterdeck.demo.faults import MINUTE_MS, FaultSpan
from quarterdeck.demo.noise import uniform
from quarterdeck.demo.rhythms import DAY_MS, HOUR_MS

_EARLIEST_HOUR = 6.0
_HOURS_OPEN = 14.0
_SHORTEST_MINUTES = 12.0
_MONDAY_TO_FRIDAY = 5
_SUNDAY = 6
_MAINTENANCE_HOUR = 2.0
_MAINTENANCE_MINUTES = 90


@dataclass(frozen=True, slots=True)
class _Habit:
    """How often a fault strikes and how long it stays: chance a day, usual minutes, spread of their logarithm."""

    name: str
    chance: float
    usual_minutes: float
    spread: float


_HABITS = (
    _Habit("payhub_outage", 0.075, 26, 0.8),
    _Habit("slow_aggregation", 0.12, 50, 0.7),
    _Habit("queue_buildup", 0.06, 55, 0.5),
    _Habit("disk_filling", 0.035, 150, 0.5),
    _Habit("lost_notifications", 0.055, 40, 0.6),
    _Habit("push_silent", 0.025, 70, 0.5),
    _Habit("node_loss", 0.025, 35, 0.5),
    _Habit("institution_outage", 0.07, 38, 0.6),
    _Habit("needless_alarm", 0.035, 35, 0.4),
)
_LONGEST_MINUTES = 420.0
_BAD_RELEASES = 0.12

RELEASE_TARGETS = (
    "service/payment-order-initiation",
    "service/current-account",
    "service/customer-position",
    "service/payment-rail",
    "service/standing-order",
    "service/fraud-evaluation",
    "service/correspondence",
    "service/financial-gateway",
)


@dataclass(frozen=True, slots=True)
class Release:
    """A new version of a service put into use at an instant of the calendar."""

    entity_key: str
    version: str
    at_ms: int
    is_rollback: bool = False


@dataclass(frozen=True, slots=True)
class Maintenance:
    """A partner's announced window `[from_ms, to_ms)` in the calendar."""

    partner_key: str
    title: str
    from_ms: int
    to_ms: int


def faults_of_day(seed: int, day: int) -> tuple[FaultSpan, ...]:
    """The faults that begin on a day (counted since the epoch, UTC), in the calendar's time."""
    spans = [span for habit in _HABITS if (span := _strike(seed, day, habit)) is not None]
    return (*spans, *_bad_releases(seed, day))


def _strike(seed: int, day: int, habit: _Habit) -> FaultSpan | None:
    name = f"past:{habit.name}"
    if uniform(seed, name, day * 8) >= habit.chance:
        return None
    hour = _EARLIEST_HOUR + _HOURS_OPEN * uniform(seed, name, day * 8 + 1)
    from_ms = day * DAY_MS + int(hour * HOUR_MS)
    minutes = habit.usual_minutes * math.exp(habit.spread * _bell(seed, name, day * 8 + 2))
    to_ms = from_ms + int(min(max(minutes, _SHORTEST_MINUTES), _LONGEST_MINUTES) * MINUTE_MS)
    return FaultSpan(habit.name, from_ms, to_ms, 0.8 + 0.3 * uniform(seed, name, day * 8 + 6))


def _bell(seed: int, name: str, step: int) -> float:
    """A number of about unit spread and mean zero: the sum of four uniforms."""
    return (sum(uniform(seed, name, step + turn) for turn in range(4)) - 2.0) * math.sqrt(3.0)


def releases_of_day(seed: int, day: int) -> tuple[Release, ...]:
    """The releases of a day: some on Tuesdays and Thursdays, few otherwise, none at weekends."""
    weekday = _weekday(day)
    if weekday >= _MONDAY_TO_FRIDAY:
        return ()
    chance = 0.3 if weekday in {1, 3} else 0.08
    return tuple(
        Release(target, f"{year_of(day)}.{day % 365}.{number}", day * DAY_MS + _release_hour_ms(seed, day, number))
        for number, target in enumerate(RELEASE_TARGETS)
        if uniform(seed, f"release:{target}", day) < chance
    )


def year_of(day: int) -> int:
    """The two last figures of the year a day (since the epoch) falls into, for version names."""
    return int(day / 365.2425) + 1970 - 2000


def _release_hour_ms(seed: int, day: int, number: int) -> int:
    return int((8.5 + 7.0 * uniform(seed, f"release-hour:{number}", day)) * HOUR_MS)


def _bad_releases(seed: int, day: int) -> tuple[FaultSpan, ...]:
    target = RELEASE_TARGETS[0]
    return tuple(
        FaultSpan(
            "bad_deploy",
            release.at_ms,
            release.at_ms + int((13 + 20 * uniform(seed, "bad-length", day)) * MINUTE_MS),
        )
        for release in releases_of_day(seed, day)
        if release.entity_key == target and uniform(seed, "bad-release", day) < _BAD_RELEASES
    )


def _weekday(day: int) -> int:
    """0 for a Monday; the epoch began on a Thursday."""
    return (day + 3) % 7


def maintenance_of_day(day: int) -> tuple[Maintenance, ...]:
    """The windows that begin on a day: Northgate works on its clearing system in the night of every Sunday."""
    if _weekday(day) != _SUNDAY:
        return ()
    from_ms = day * DAY_MS + int(_MAINTENANCE_HOUR * HOUR_MS)
    title = "Clearing system maintenance"
    return (Maintenance("partner/northgate", title, from_ms, from_ms + _MAINTENANCE_MINUTES * MINUTE_MS),)

"""Where an axis is marked and what the marks say: few ticks on round numbers and round local times."""

from __future__ import annotations

import bisect
import math
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

from quarterdeck.ui.charts.quantities import Scale, scale_for, written

_ROUND_MULTIPLES = (1.0, 2.0, 2.5, 5.0, 10.0)
_KIBI_STEPS = frozenset({"By", "By/s"})
_STEPS_S = (
    *(1, 2, 5, 10, 15, 30),
    *(60, 120, 300, 600, 900, 1800),
    *(3600, 7200, 10800, 21600, 43200),
    *(86400, 172800, 604800, 1209600),
)
_MONTHS = (1, 3, 6, 12)
_MONTH_S = 31 * 86400
_YEAR = 12
_MINUTE_S = 60
_DAY_S = 86400
_TOP_ROOM = 0.04
_LEAST_EXTENT = 1e-12
_LARGEST = 1e300
"""Beyond this an axis could not be reckoned with any more."""
_LEAST_SHARE = 1e-9


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark at a value or at seconds since the epoch, and its words."""

    at: float
    words: str


@dataclass(frozen=True, slots=True)
class ValueAxis:
    """A range of values that begins and ends at a tick, with its ticks; only the topmost carries the unit."""

    low: float
    high: float
    ticks: tuple[Tick, ...]


def value_axis(low: float, high: float, unit: str, *, intervals: int = 3, zero_based: bool = True) -> ValueAxis:
    """An axis that holds all values from `low` to `high` in about this many intervals.

    With `zero_based` it begins at zero, unless values lie below. Values that are not finite give an empty axis 0 to 1.
    """
    if not (math.isfinite(low) and math.isfinite(high)):
        low, high = 0.0, 1.0
    low, high = max(low, -_LARGEST), min(high, _LARGEST)
    if zero_based:
        low, high = min(0.0, low), max(0.0, high)
    if high - low < max(_LEAST_EXTENT, _LEAST_SHARE * max(abs(low), abs(high))):
        low = 0.0 if -_LEAST_EXTENT < low < 0 else low
        low, high = (low, low + max(1.0, low * 1e-6)) if low >= 0 else (low, 0.0)
    scale = scale_for(unit, max(abs(low), abs(high)))
    step = round_step((high - low) * scale.factor * (1 + _TOP_ROOM) / max(1, intervals)) / scale.factor
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    last = max(last, first + 1)
    marks = [number * step for number in range(first, last + 1)]
    return ValueAxis(marks[0], marks[-1], _value_ticks(marks, step, scale))


def round_step(least: float) -> float:
    """The smallest of 1, 2, 2.5 and 5 times a power of ten that is at least this; `least` is above zero."""
    power = 10.0 ** math.floor(math.log10(least))
    return next(multiple for multiple in _ROUND_MULTIPLES if multiple * power >= least * (1 - 1e-9)) * power


def time_ticks(start_s: float, end_s: float, *, most: int, zone: tzinfo | None = None) -> tuple[Tick, ...]:
    """At most this many ticks between two instants, on round local times; the first tick of a day says the day."""
    if end_s <= start_s or most < 1:
        return ()
    least = (end_s - start_s) / most
    if least > _STEPS_S[-1]:
        return _month_ticks(start_s, end_s, _round_months(least), zone)
    step = _STEPS_S[bisect.bisect_left(_STEPS_S, least)]
    if step >= _DAY_S:
        return _day_ticks(start_s, end_s, round(step / _DAY_S), zone)
    offset = _offset_s(start_s, zone)
    first = math.ceil((start_s + offset) / step)
    last = math.floor((end_s + offset) / step)
    return tuple(_clock_tick(number * step - offset, step, zone) for number in range(first, last + 1))


def local_time(at_s: float, zone: tzinfo | None = None) -> datetime:
    """An instant in a zone, or in the zone of this computer."""
    return datetime.fromtimestamp(at_s, UTC).astimezone(zone)


def clock_words(at_s: float, zone: tzinfo | None = None, *, with_seconds: bool = False) -> str:
    """An instant as `12:18`, or `12:18:04`."""
    return local_time(at_s, zone).strftime("%H:%M:%S" if with_seconds else "%H:%M")


def _value_ticks(marks: list[float], step: float, scale: Scale) -> tuple[Tick, ...]:
    scaled = step * scale.factor
    decimals = max(0, -math.floor(math.log10(scaled) + 1e-9)) if scaled < 1 else 0
    if not math.isclose(scaled * 10**decimals, round(scaled * 10**decimals), rel_tol=1e-9):
        decimals += 1
    plain = Scale(scale.factor, "")
    words = [written(mark, scale if at == len(marks) - 1 else plain, decimals) for at, mark in enumerate(marks)]
    return tuple(Tick(mark, word) for mark, word in zip(marks, words, strict=True))


def _clock_tick(at_s: float, step: int, zone: tzinfo | None) -> Tick:
    local = local_time(at_s, zone)
    if local.hour == local.minute == local.second == 0:
        return Tick(at_s, _day_words(local))
    return Tick(at_s, local.strftime("%H:%M" if step >= _MINUTE_S else "%H:%M:%S"))


def _day_ticks(start_s: float, end_s: float, days: int, zone: tzinfo | None) -> tuple[Tick, ...]:
    """Midnights, so that days of 23 and 25 hours stay days; whole weeks begin on Mondays."""
    day = local_time(start_s, zone).replace(hour=0, minute=0, second=0, microsecond=0)
    ticks: list[Tick] = []
    while (at_s := _midnight_s(day, zone)) <= end_s:
        if at_s >= start_s and (day.toordinal() - 1) % days == 0:
            ticks.append(Tick(at_s, _day_words(day)))
        day += timedelta(days=1)
    return tuple(ticks)


def _round_months(least_s: float) -> int:
    return next(
        (months for months in _MONTHS if months * _MONTH_S >= least_s), _YEAR * math.ceil(least_s / (365 * _DAY_S))
    )


def _month_ticks(start_s: float, end_s: float, months: int, zone: tzinfo | None) -> tuple[Tick, ...]:
    """First days of months; January says its year."""
    first = local_time(start_s, zone).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    number = first.year * _YEAR + first.month - 1
    number += -number % months
    ticks: list[Tick] = []
    while (at_s := _midnight_s(_first_of(first, number), zone)) <= end_s:
        day = _first_of(first, number)
        if at_s >= start_s:
            ticks.append(Tick(at_s, str(day.year) if day.month == 1 else day.strftime("%b")))
        number += months
    return tuple(ticks)


def _first_of(pattern: datetime, number: int) -> datetime:
    return pattern.replace(year=number // _YEAR, month=number % _YEAR + 1)


def _midnight_s(day: datetime, zone: tzinfo | None) -> float:
    naive = day.replace(tzinfo=None)
    return (naive.astimezone() if zone is None else naive.replace(tzinfo=zone)).timestamp()


def _day_words(day: datetime) -> str:
    return f"{day.day} {day.strftime('%b')}"


def _offset_s(at_s: float, zone: tzinfo | None) -> int:
    offset = local_time(at_s, zone).utcoffset()
    return int(offset.total_seconds()) if offset else 0

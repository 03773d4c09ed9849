"""Two ranges of time to be compared: the one shown, and an earlier one that a person or a habit names."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from enum import StrEnum

from quarterdeck.domain.instants import TimeRange


class Against(StrEnum):
    """What a range is compared with."""

    BEFORE = "before"
    """The equal time just before it."""
    HOUR = "hour"
    """The same minutes an hour earlier, or whole hours earlier."""
    DAY = "day"
    """The same time of the day before, or whole days earlier."""
    WEEK = "week"
    """The same time a week earlier, or whole weeks earlier."""
    MARKED = "marked"
    """Two ranges that a person marked."""


_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
_UNITS = {Against.HOUR: _HOUR, Against.DAY: _DAY, Against.WEEK: timedelta(weeks=1)}


@dataclass(frozen=True, slots=True)
class RangePair:
    """An `earlier` range and a `later` one, which may be of different lengths."""

    earlier: TimeRange
    later: TimeRange

    @property
    def overlap(self) -> bool:
        """Whether some time lies in both: there is nothing to compare of it."""
        return self.earlier.start_at < self.later.end_at and self.later.start_at < self.earlier.end_at

    @property
    def is_aligned(self) -> bool:
        """Whether each step of one stands beside the same time of the other: whole days apart, or within an hour."""
        if self.earlier.end_ms - self.earlier.start_ms != self.later.end_ms - self.later.start_ms:
            return False
        apart = self.later.start_at - self.earlier.start_at
        off = abs(apart - round(apart / _DAY) * _DAY)
        return (apart >= _DAY - _HOUR and off <= _HOUR) or self.later.seconds <= _HOUR.total_seconds()

    @classmethod
    def ordered(cls, one: TimeRange, other: TimeRange) -> RangePair:
        """The one that begins first is the earlier one."""
        return cls(one, other) if one.start_at <= other.start_at else cls(other, one)


def earlier_range(shown: TimeRange, against: Against, zone: tzinfo | None = None) -> TimeRange:
    """The range of equal length before another, wholly before it; days and weeks by the clock on the wall of a zone.

    Raises ValueError for MARKED, which no rule tells.
    """
    length = shown.end_at - shown.start_at
    if against is Against.BEFORE:
        return TimeRange(shown.start_at - length, shown.start_at)
    if against not in _UNITS:
        message = "marked ranges are told by whoever marked them"
        raise ValueError(message)
    unit = _UNITS[against]
    back = max(1, math.ceil(length / unit)) * unit
    end_at = shown.end_at - back if against is Against.HOUR else by_the_wall(shown.end_at, back, zone)
    return TimeRange(end_at - length, end_at)


def by_the_wall(at: datetime, back: timedelta, zone: tzinfo | None) -> datetime:
    """So long before an instant, when clocks showed the same hour; None is this machine's zone."""
    on_the_wall = at.astimezone(zone).replace(tzinfo=None) - back
    placed = on_the_wall.astimezone() if zone is None else on_the_wall.replace(tzinfo=zone)
    return placed.astimezone(at.tzinfo)

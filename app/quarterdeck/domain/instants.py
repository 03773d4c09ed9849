"""Instants, ranges and durations: one meaning of time for every layer.

Instants are aware UTC datetimes; storage and arrays use integer milliseconds since the epoch.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_MINUTE_SECONDS = 60
_HOUR_SECONDS = 3600
_DAY_SECONDS = 86400


def to_ms(instant: datetime) -> int:
    """Milliseconds since the epoch; raises ValueError for a naive datetime."""
    if instant.tzinfo is None:
        message = "an instant must be aware"
        raise ValueError(message)
    return (instant - EPOCH) // _MILLISECOND


def from_ms(milliseconds: int) -> datetime:
    """The aware UTC instant of a count of milliseconds since the epoch."""
    return EPOCH + timedelta(milliseconds=milliseconds)


@dataclass(frozen=True, slots=True)
class TimeRange:
    """A half-open stretch of time `[start_at, end_at)`."""

    start_at: datetime
    end_at: datetime

    def __post_init__(self) -> None:
        if self.start_at.tzinfo is None or self.end_at.tzinfo is None:
            message = "a time range needs aware instants"
            raise ValueError(message)
        if self.end_at < self.start_at:
            message = "a time range ends at or after its start"
            raise ValueError(message)

    @property
    def seconds(self) -> float:
        """Length in seconds."""
        return (self.end_at - self.start_at).total_seconds()

    @property
    def start_ms(self) -> int:
        """Start in milliseconds since the epoch."""
        return to_ms(self.start_at)

    @property
    def end_ms(self) -> int:
        """End in milliseconds since the epoch, exclusive."""
        return to_ms(self.end_at)

    def contains(self, instant: datetime) -> bool:
        """Whether an instant lies inside."""
        return self.start_at <= instant < self.end_at

    def overlaps(self, other: TimeRange) -> bool:
        """Whether two ranges share any instant."""
        return self.start_at < other.end_at and other.start_at < self.end_at

    @classmethod
    def ending(cls, end_at: datetime, seconds: float) -> TimeRange:
        """The range of a length that ends at an instant."""
        return cls(end_at - timedelta(seconds=seconds), end_at)


def duration_words(seconds: float) -> str:
    """A duration as a person says it: `40 s`, `14 min`, `2 h`, `9 d`; below zero counts as zero."""
    whole = max(0, int(seconds))
    if whole < _MINUTE_SECONDS:
        return f"{whole} s"
    if whole < 2 * _HOUR_SECONDS:
        return f"{whole // _MINUTE_SECONDS} min"
    if whole < 2 * _DAY_SECONDS:
        return f"{whole // _HOUR_SECONDS} h"
    return f"{whole // _DAY_SECONDS} d"

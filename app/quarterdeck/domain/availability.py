"""Availability with its ledger: what was counted, what was left out, and what is not known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from quarterdeck.domain.health import HealthState, StateInterval
from quarterdeck.domain.instants import TimeRange

UP_STATES = frozenset({HealthState.HEALTHY, HealthState.DEGRADED})


@dataclass(frozen=True, slots=True)
class Ledger:
    """Seconds of a range by what they count as; the four add up to the range's length.

    Degraded time counts as up; maintenance is excluded; stale, unknown and unreachable time is not measurable.
    """

    up_seconds: float
    down_seconds: float
    excluded_seconds: float
    unknown_seconds: float

    @property
    def availability(self) -> float | None:
        """Up time as a share (0 to 1) of the counted time; None when nothing could be counted."""
        counted = self.up_seconds + self.down_seconds
        return self.up_seconds / counted if counted > 0 else None


def ledger(intervals: Sequence[StateInterval], time_range: TimeRange) -> Ledger:
    """Add up non-overlapping intervals of one entity inside a range; uncovered time is unknown."""
    up = down = excluded = 0.0
    for interval in intervals:
        start_at = max(interval.from_at, time_range.start_at)
        end_at = min(interval.to_at or time_range.end_at, time_range.end_at)
        seconds = (end_at - start_at).total_seconds()
        if seconds <= 0:
            continue
        if interval.state in UP_STATES:
            up += seconds
        elif interval.state is HealthState.DOWN:
            down += seconds
        elif interval.state is HealthState.MAINTENANCE:
            excluded += seconds
    unknown = max(0.0, time_range.seconds - up - down - excluded)
    return Ledger(up, down, excluded, unknown)

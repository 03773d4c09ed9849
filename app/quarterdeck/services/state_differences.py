"""Two histories of one entity's states: from where on they differ, and what is to be written then."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from quarterdeck.domain.health import Grounds, HealthState, StateInterval


def _told_at(intervals: Sequence[StateInterval], instant: datetime) -> tuple[HealthState, Grounds] | None:
    found = next((interval for interval in reversed(intervals) if interval.from_at <= instant), None)
    return None if found is None else (found.state, replace(found.grounds, held_since_at=None))


def first_difference(
    recorded: Sequence[StateInterval], intervals: Sequence[StateInterval], start_at: datetime
) -> datetime | None:
    """Where two histories first tell different states or grounds from an instant on; None when they agree."""
    edges = {start_at} | {interval.from_at for interval in (*recorded, *intervals) if interval.from_at > start_at}
    return next((edge for edge in sorted(edges) if _told_at(recorded, edge) != _told_at(intervals, edge)), None)


def held_on(before: StateInterval | None, intervals: Sequence[StateInterval]) -> tuple[StateInterval, ...]:
    """The intervals, each with since when its state holds where only the grounds became different, or before that."""
    held: list[StateInterval] = []
    for interval in intervals:
        last = held[-1] if held else before
        if last is None or last.state is not interval.state or last.since_at >= interval.from_at:
            held.append(interval)
        else:
            held.append(
                replace(
                    interval, grounds=replace(interval.grounds, held_since_at=min(last.since_at, interval.since_at))
                )
            )
    return tuple(held)


def from_instant(intervals: Sequence[StateInterval], start_at: datetime) -> tuple[StateInterval, ...]:
    """The intervals from an instant on, the first one cut to it."""
    return tuple(
        replace(interval, from_at=max(interval.from_at, start_at))
        for interval in intervals
        if interval.to_at is None or interval.to_at > start_at
    )

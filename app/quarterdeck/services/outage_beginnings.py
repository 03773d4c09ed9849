"""How far back own states have to be known: an outage that goes on after a while without knowledge began before it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta

from quarterdeck.domain.health import HealthState, StateInterval
from quarterdeck.domain.instants import TimeRange
from quarterdeck.services.own_history import NOTHING_KNOWN
from quarterdeck.services.ports import OwnStateStore

_REACHES = (timedelta(hours=6), timedelta(days=7), timedelta(days=90))
"""How far before a range is looked, one after the other, for those whose outage may be older still."""

_TWO = 2


def own_states_reaching_back(
    store: OwnStateStore, time_range: TimeRange, entity_keys: Collection[str] | None = None
) -> tuple[StateInterval, ...]:
    """Own states over a range, by entity in the order of time, and before it as far as they may be one with its first.

    With no keys those of all entities. Raises StoreUnavailable.
    """
    by_key = _by_key(store.own_states_in(time_range, None if entity_keys is None else sorted(entity_keys)))
    start_at = time_range.start_at
    for reach in _REACHES:
        keys = sorted(key for key, held in by_key.items() if _may_go_on(held, time_range.start_at, start_at))
        if not keys:
            break
        start_at = time_range.start_at - reach
        for key, before in _by_key(store.own_states_in(TimeRange(start_at, time_range.start_at), keys)).items():
            first_at = by_key[key][0].from_at
            by_key[key] = [each for each in before if each.from_at < first_at] + by_key[key]
    return tuple(interval for key in sorted(by_key) for interval in by_key[key])


def _by_key(intervals: Iterable[StateInterval]) -> dict[str, list[StateInterval]]:
    found: dict[str, list[StateInterval]] = defaultdict(list)
    for interval in intervals:
        found[interval.entity_key].append(interval)
    return found


def _may_go_on(held: Sequence[StateInterval], at: datetime, read_from_at: datetime) -> bool:
    """Whether what was told before all that was read may be one outage with what is told at an instant."""
    told = {each.state for each in held if each.from_at < at} - NOTHING_KNOWN
    return held[0].from_at < read_from_at and len(told) < _TWO and HealthState.HEALTHY not in told

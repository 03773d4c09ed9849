"""States as they may be told: once nobody collects any more, what was last judged is stale and not the present.

The collector leaves the newest interval of an entity open. When it ends or dies, that interval would go on saying
"healthy" for as long as nobody looks; here it is cut where the collector was last heard of.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Protocol

from quarterdeck.domain.connections import ConnectionHealth
from quarterdeck.domain.health import HealthState, StateInterval
from quarterdeck.domain.instants import TimeRange
from quarterdeck.services.ports import LeaseState, LeaseStore, StateStore

GRACE = timedelta(seconds=30)
"""How long after a lease has run out another collector may take over before what is stored counts as old."""

NO_FRESH_DATA = "No fresh data"
_LASTING = frozenset({HealthState.STALE, HealthState.UNKNOWN, HealthState.MAINTENANCE})


class CollectionSources(Protocol):
    """What tells whether anybody collects."""

    @property
    def leases(self) -> LeaseStore:
        """The collector's lease."""
        ...

    def health(self) -> Mapping[str, ConnectionHealth]:
        """The last recorded health by connection id."""
        ...


class JudgedStates(StateStore, CollectionSources, Protocol):
    """States with what is needed to tell how far they reach."""


def collected_until(store: CollectionSources) -> datetime | None:
    """When a collector was last heard of: by its lease, or by the last good poll once it gave the lease back."""
    return _last_heard(store, store.leases.lease())


def silent_since(store: CollectionSources, at: datetime) -> datetime | None:
    """Since when nobody has collected, as seen from an instant.

    None while somebody does, before anybody did, and for an instant that was still collected.
    """
    lease = store.leases.lease()
    if lease is not None and at <= lease.expires_at + GRACE:
        return None
    heard_at = _last_heard(store, lease)
    return heard_at if heard_at is not None and at > heard_at + GRACE else None


def _last_heard(store: CollectionSources, lease: LeaseState | None) -> datetime | None:
    if lease is not None:
        return lease.renewed_at
    good = [health.last_good_at for health in store.health().values() if health.last_good_at is not None]
    return max(good, default=None)


class CurrentStates:
    """A `StateStore` over another one that says stale from where nobody collected any more."""

    def __init__(self, store: JudgedStates) -> None:
        self._store = store

    def states_at(self, as_of_at: datetime) -> Mapping[str, StateInterval]:
        """The interval that holds at a moment, by entity key."""
        found = self._store.states_at(as_of_at)
        since_at = silent_since(self._store, as_of_at)
        if since_at is None:
            return found
        return {key: _cut(interval, since_at)[-1] for key, interval in found.items()}

    def states_in(self, time_range: TimeRange, entity_keys: Sequence[str] | None = None) -> tuple[StateInterval, ...]:
        """Intervals that overlap a range, ordered by entity and time; all entities when no keys are given."""
        found = self._store.states_in(time_range, entity_keys)
        since_at = silent_since(self._store, time_range.end_at)
        if since_at is None:
            return found
        parts = (part for interval in found for part in _cut(interval, since_at))
        return tuple(part for part in parts if part.to_at is None or part.to_at > time_range.start_at)


def _cut(interval: StateInterval, since_at: datetime) -> tuple[StateInterval, ...]:
    """An open interval ends where the silence begins, and stale follows; others stay as they are."""
    if interval.to_at is not None or interval.state in _LASTING:
        return (interval,)
    stale = StateInterval(
        interval.entity_key, HealthState.STALE, NO_FRESH_DATA, max(since_at, interval.from_at), cause="freshness"
    )
    if interval.from_at >= since_at:
        return (stale,)
    return replace(interval, to_at=since_at), stale

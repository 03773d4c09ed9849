"""Knowing at any moment whether the lease is ours, and writing only while it is.

A process that slept, was stopped or could not reach the store may wake up beside its successor. It looks at its watches
before each write: once the lease may have passed on, nothing of what it still holds goes into the store.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from datetime import datetime
from typing import TypeVar

from quarterdeck.domain.connections import Connection, ConnectionHealth
from quarterdeck.domain.errors import StoreUnavailable
from quarterdeck.services.ports import (
    Clock,
    EstateChange,
    Ingest,
    IngestReceipt,
    LeaseStore,
    StateChange,
    StoreWriter,
)

T = TypeVar("T")


class LeaseWatch:
    """One holder's lease. `steady` is a watch in seconds that nobody sets."""

    def __init__(
        self,
        leases: LeaseStore,
        clock: Clock,
        *,
        holder: str,
        life_seconds: float,
        steady: Callable[[], float] = time.monotonic,
    ) -> None:
        self._leases = leases
        self._clock = clock
        self._holder = holder
        self._life_seconds = life_seconds
        self._steady = steady
        self._taken: tuple[float, datetime] | None = None

    def acquire(self) -> bool:
        """Take or renew the lease; False when it is somebody else's. Raises StoreUnavailable."""
        taken = self._steady(), self._clock.now()
        is_held = self._leases.acquire(self._holder, taken[1], self._life_seconds)
        self._taken = taken if is_held else None
        return is_held

    def release(self) -> None:
        """Give the lease back if it is ours. Raises StoreUnavailable."""
        self._taken = None
        self._leases.release(self._holder)

    @property
    def is_ours(self) -> bool:
        """Whether nobody else can hold it: by the steady watch, and by the clock, which also runs while we sleep."""
        taken = self._taken
        if taken is None:
            return False
        steadily = self._steady() - taken[0]
        by_the_clock = (self._clock.now() - taken[1]).total_seconds()
        return max(steadily, by_the_clock) < self._life_seconds


class LeasedWriter:
    """A `StoreWriter` that lets through only what is written while the lease is ours."""

    def __init__(self, writer: StoreWriter, lease: LeaseWatch) -> None:
        self._writer = writer
        self._lease = lease

    def ingest(self, ingest: Ingest) -> Future[IngestReceipt]:
        """Store a batch with its cursors."""
        return self._leased(lambda: self._writer.ingest(ingest))

    def change_estate(self, change: EstateChange) -> Future[None]:
        """Write an estate difference."""
        return self._leased(lambda: self._writer.change_estate(change))

    def change_states(self, changes: Sequence[StateChange]) -> Future[None]:
        """Write state intervals."""
        return self._leased(lambda: self._writer.change_states(changes))

    def put_connection(self, connection: Connection, *, begins_anew: bool = False) -> Future[None]:
        """Add or replace a connection."""
        return self._leased(lambda: self._writer.put_connection(connection, begins_anew=begins_anew))

    def remove_connection(self, connection_id: str) -> Future[None]:
        """Remove a connection."""
        return self._leased(lambda: self._writer.remove_connection(connection_id))

    def put_connection_health(self, health: Sequence[ConnectionHealth]) -> Future[None]:
        """Record connections' own health."""
        return self._leased(lambda: self._writer.put_connection_health(health))

    def _leased(self, write: Callable[[], Future[T]]) -> Future[T]:
        if self._lease.is_ours:
            return write()
        refused: Future[T] = Future()
        message = "The lease ran out while this collector slept or could not reach the store."
        refused.set_exception(StoreUnavailable(message, "Nothing to do; it goes on once it holds the lease again."))
        return refused

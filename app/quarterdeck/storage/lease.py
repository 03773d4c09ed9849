"""The collector's lease: one conditional statement decides who holds it, so that two never do."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Callable
from datetime import datetime
from threading import Lock
from typing import Any

from sqlalchemy import Row as SqlRow
from sqlalchemy import delete, or_, select

from quarterdeck.domain.instants import from_ms, to_ms
from quarterdeck.services.ports import LeaseState
from quarterdeck.storage.database import Database
from quarterdeck.storage.tables import lease
from quarterdeck.storage.transaction import COUNTING, upsert

COLLECTOR = "collector"
_MS = 1000


def _lease_state(row: SqlRow[Any]) -> LeaseState:
    return LeaseState(row.holder, from_ms(row.renewed_ms), from_ms(row.expires_ms), row.host, row.pid)


class SqlLease:
    """The lease in the store.

    It passes on when it has run out by the clock, or, should a clock have been set back, when it was seen unchanged for
    longer than its lifetime by a steady watch (`monotonic` in seconds).
    """

    def __init__(self, database: Database, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._database = database
        self._monotonic = monotonic
        self._lock = Lock()
        self._seen: tuple[str, int, float] = ("", 0, 0.0)

    def acquire(self, holder: str, now: datetime, lifetime_seconds: float) -> bool:
        now_ms = to_ms(now)
        taken = {
            "holder": holder,
            "host": socket.gethostname(),
            "pid": os.getpid(),
            "renewed_ms": now_ms,
            "expires_ms": now_ms + int(lifetime_seconds * _MS),
        }
        columns = lease.c
        with self._database.writing() as connection:
            statement = upsert(connection, lease).values(name=COLLECTOR, **taken)
            free = or_(
                columns.holder == holder,
                columns.expires_ms <= now_ms,
                columns.renewed_ms == self._abandoned(),
            )
            taking = statement.on_conflict_do_update(index_elements=["name"], set_=taken, where=free)
            given = connection.execute(taking, execution_options=COUNTING)
            held = given.rowcount == 1
            if held:
                self._database.commit(connection)
        return held

    def release(self, holder: str) -> None:
        with self._database.writing() as connection:
            connection.execute(delete(lease).where(lease.c.name == COLLECTOR, lease.c.holder == holder))
            self._database.commit(connection)

    def lease(self) -> LeaseState | None:
        with self._database.reading() as connection:
            rows = connection.execute(select(lease).where(lease.c.name == COLLECTOR))
            return next(self._database.unreadable.each(rows, (lease,), _lease_state), None)

    def _abandoned(self) -> int | None:
        """When a lease was renewed that has not changed for its whole lifetime while we watched; None for no such."""
        standing = self.lease()
        if standing is None:
            return None
        renewed_ms = to_ms(standing.renewed_at)
        lifetime_seconds = (standing.expires_at - standing.renewed_at).total_seconds()
        with self._lock:
            watched = self._monotonic()
            if self._seen[:2] != (standing.holder, renewed_ms):
                self._seen = (standing.holder, renewed_ms, watched)
            return renewed_ms if watched - self._seen[2] > lifetime_seconds else None

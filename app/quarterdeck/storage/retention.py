"""How long single samples are kept: the policy, notes of the store's size, and thinning in slices.

Thinning takes chunks away, oldest first, once the pyramid covers them: an envelope goes on answering from the
summaries. It never touches anything but samples.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from sqlalchemy import Connection, delete, insert, select, text

from quarterdeck.domain.instants import from_ms
from quarterdeck.services.store_growth import RetentionPolicy, SizeNote
from quarterdeck.storage.database import DatabaseReader
from quarterdeck.storage.series_chunks import chunks_between
from quarterdeck.storage.series_pyramid import segments_in
from quarterdeck.storage.series_sql import rows
from quarterdeck.storage.series_summaries import summarise
from quarterdeck.storage.series_times import TimesBook
from quarterdeck.storage.tables import FOREVER, retention, store_size
from quarterdeck.storage.transaction import WriteTransaction

POLICY = "samples"
SWEEP_SECONDS = 3600.0
KEPT_NOTES_MS = 60 * 86_400_000
CHUNKS_AT_ONCE = 32
PAGES_AT_ONCE = 256
DAY_MS = 86_400_000

_log = logging.getLogger(__name__)
_OLDEST = (
    "SELECT min(CASE WHEN thinned_to_ms IS NULL OR first_ms < thinned_from_ms THEN first_ms ELSE thinned_to_ms END) "
    "FROM series_latest"
)
_NEXT = (
    "SELECT series_id FROM series_latest WHERE series_id > {after} AND first_ms < {cutoff_ms} "
    "AND (thinned_to_ms IS NULL OR first_ms < thinned_from_ms OR thinned_to_ms < {cutoff_ms}) "
    "ORDER BY series_id LIMIT 1"
)
_DELETE = text("DELETE FROM series_chunk WHERE id = :id")
_THINNED = text(
    "UPDATE series_latest SET thinned_to_ms = CASE WHEN coalesce(thinned_to_ms, :to_ms) > :to_ms THEN thinned_to_ms "
    "ELSE :to_ms END, thinned_from_ms = CASE WHEN coalesce(thinned_from_ms, :from_ms) < :from_ms THEN thinned_from_ms "
    "ELSE :from_ms END WHERE series_id = :id"
)


class SqlRetention(DatabaseReader):
    """Reads the policy and the notes of the size."""

    def retention(self) -> RetentionPolicy:
        with self._database.reading() as connection:
            return _policy(connection)

    def sizes(self) -> tuple[SizeNote, ...]:
        with self._database.reading() as connection:
            noted = connection.execute(select(store_size).order_by(store_size.c.at_ms)).fetchall()
            now = SizeNote(from_ms(_now_ms()), self._database.size_bytes(connection))
        return (*(SizeNote(from_ms(row.at_ms), row.size_bytes) for row in noted), now)


def put_retention(transaction: WriteTransaction, policy: RetentionPolicy) -> None:
    """Put a policy in force."""
    raw_ms = None if policy.raw_days is None else int(policy.raw_days * DAY_MS)
    row = {"name": POLICY, "raw_ms": raw_ms, "limit_bytes": policy.limit_bytes}
    transaction.put(retention, [row], ["name"])


def _policy(connection: Connection) -> RetentionPolicy:
    row = connection.execute(select(retention).where(retention.c.name == POLICY)).first()
    if row is None:
        return RetentionPolicy()
    return RetentionPolicy(None if row.raw_ms is None else row.raw_ms / DAY_MS, row.limit_bytes)


def _now_ms() -> int:
    return time.time_ns() // 1_000_000


class Thinning:
    """Looks through all series once an hour, a few chunks a slice. `size_of` tells how large the store is."""

    def __init__(self, size_of: Callable[[Connection], int], now_ms: Callable[[], int] = _now_ms) -> None:
        self._size_of = size_of
        self._now_ms = now_ms
        self._next_sweep_ms = 0
        self._after: int | None = None
        self._cutoff_ms = 0

    def is_due(self) -> bool:
        """Whether a slice would do anything."""
        return self._after is not None or self._now_ms() >= self._next_sweep_ms

    def work(self, connection: Connection) -> None:
        """One slice."""
        if self._after is None:
            self._begin(connection)
            return
        found = rows(connection, _NEXT, after=self._after, cutoff_ms=self._cutoff_ms)
        if not found:
            self._after = None
            return
        series_id: int = found[0][0]
        if thin(connection, series_id, self._cutoff_ms):
            self._after = series_id
        if connection.dialect.name == "sqlite":
            _give_back(connection)

    def _begin(self, connection: Connection) -> None:
        now_ms = self._now_ms()
        self._next_sweep_ms = now_ms + int(SWEEP_SECONDS * 1000)
        size_bytes = self._size_of(connection)
        connection.execute(delete(store_size).where(store_size.c.at_ms < now_ms - KEPT_NOTES_MS))
        if connection.execute(select(store_size.c.at_ms).where(store_size.c.at_ms == now_ms)).first() is None:
            connection.execute(insert(store_size), {"at_ms": now_ms, "size_bytes": size_bytes})
        cutoff_ms = self._wanted_cutoff(connection, _policy(connection), size_bytes)
        if cutoff_ms is not None:
            self._cutoff_ms, self._after = cutoff_ms, 0

    def _wanted_cutoff(self, connection: Connection, policy: RetentionPolicy, size_bytes: int) -> int | None:
        """Before which instant single samples go; None for none."""
        now_ms = self._now_ms()
        by_age = None if policy.raw_days is None else now_ms - int(policy.raw_days * DAY_MS)
        if policy.limit_bytes is None or size_bytes <= policy.limit_bytes:
            return by_age
        oldest_ms: int | None = rows(connection, _OLDEST)[0][0]
        if oldest_ms is None:
            return by_age
        by_size = min(now_ms - DAY_MS, oldest_ms + DAY_MS)
        _log.warning(
            "The store is larger than its limit: single samples before %s give way to their summaries.",
            from_ms(max(by_size, by_age or by_size)).isoformat(),
        )
        return by_size if by_age is None else max(by_size, by_age)


def _give_back(connection: Connection) -> None:
    """Return some free pages of the file to the disk."""
    cursor = connection.connection.cursor()
    cursor.execute(f"PRAGMA incremental_vacuum({PAGES_AT_ONCE})")
    cursor.fetchall()  # a page goes with each step of the statement
    cursor.close()


def thin(connection: Connection, series_id: int, cutoff_ms: int) -> bool:
    """Take a few chunks of a series away that end before an instant and are summarised; whether none are left."""
    if not summarise(connection, series_id, at_least=1):
        return False
    covered = segments_in(connection, [series_id], 1, -FOREVER, cutoff_ms)
    chunks = chunks_between(connection, series_id, -FOREVER, cutoff_ms, CHUNKS_AT_ONCE)
    going = [
        chunk
        for chunk in chunks
        if chunk.end_ms < cutoff_ms and any(one.start_ms <= chunk.start_ms <= one.end_ms for one in covered)
    ]
    if not going:
        return True
    times = TimesBook(connection)
    for chunk in going:
        connection.execute(_DELETE, {"id": chunk.id})
        times.release(chunk.times_id)
    times.flush()
    gone = {"id": series_id, "from_ms": going[0].start_ms, "to_ms": going[-1].end_ms + 1}
    connection.execute(_THINNED, gone)
    return len(going) < CHUNKS_AT_ONCE

"""How long samples are kept at which resolution, and notes of the store's size: as rows, read and written."""

from __future__ import annotations

import time
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, select
from sqlalchemy import Row as SqlRow

from quarterdeck.domain.instants import from_ms, to_ms
from quarterdeck.services.store_growth import RetentionPolicy, SingleSamples, SizeNote
from quarterdeck.storage.database import DatabaseReader
from quarterdeck.storage.series_sql import rows
from quarterdeck.storage.tables import retention, store_size
from quarterdeck.storage.transaction import WriteTransaction

SAMPLES, FINE, COARSE = "samples", "fine_summaries", "coarse_summaries"
KEPT_NOTES_MS = 60 * 86_400_000
DAY_MS = 86_400_000
OLDEST_SINGLE = (
    "SELECT min(CASE WHEN thinned_to_ms IS NULL OR first_ms < thinned_from_ms THEN first_ms ELSE thinned_to_ms END) "
    "FROM series_latest"
)
_PACKS = (
    "SELECT count(*) AS held, coalesce(sum(CASE WHEN end_ms < {before_ms} THEN 1 ELSE 0 END), 0) AS going "
    "FROM series_chunk"
)


class SqlRetention(DatabaseReader):
    """Reads the policy and the notes of the size."""

    def retention(self) -> RetentionPolicy:
        with self._database.reading() as connection:
            return policy_of(connection)

    def sizes(self) -> tuple[SizeNote, ...]:
        with self._database.reading() as connection:
            rows = connection.execute(select(store_size).order_by(store_size.c.at_ms))
            noted = tuple(self._database.unreadable.each(rows, (store_size,), _note))
            now = SizeNote(from_ms(present_ms()), self._database.size_bytes(connection))
        return (*noted, now)

    def free_bytes(self) -> int | None:
        return self._database.free_bytes()

    def single_samples(self, before: datetime) -> SingleSamples:
        """Counts packs, which an index holds: to count their samples the whole store would have to be read."""
        with self._database.reading() as connection:
            oldest_ms = rows(connection, OLDEST_SINGLE)[0][0]
            packs = rows(connection, _PACKS, before_ms=to_ms(before))[0]
        return SingleSamples(_instant(oldest_ms), int(packs.going) / packs.held if packs.held else 0.0)


def _note(row: SqlRow[Any]) -> SizeNote:
    return SizeNote(from_ms(row.at_ms), row.size_bytes)


def _instant(milliseconds: int | None) -> datetime | None:
    try:
        return None if milliseconds is None else from_ms(milliseconds)
    except OverflowError:
        return None


def put_retention(transaction: WriteTransaction, policy: RetentionPolicy) -> None:
    """Put a policy in force."""
    days = {SAMPLES: policy.raw_days, FINE: policy.fine_days, COARSE: policy.coarse_days}
    rows = [
        {"name": name, "raw_ms": None if kept is None else int(kept * DAY_MS), "limit_bytes": None}
        for name, kept in days.items()
    ]
    rows[0]["limit_bytes"] = policy.limit_bytes
    transaction.put(retention, rows, ["name"])


def policy_of(connection: Connection) -> RetentionPolicy:
    """The policy in force; one that keeps everything where none was ever set, or what stands there is no time."""
    rows = {row.name: row for row in connection.execute(select(retention))}
    days = {name: row.raw_ms / DAY_MS for name, row in rows.items() if isinstance(row.raw_ms, int)}
    limit_bytes = rows[SAMPLES].limit_bytes if SAMPLES in rows else None
    is_known = isinstance(limit_bytes, int)
    return RetentionPolicy(days.get(SAMPLES), limit_bytes if is_known else None, days.get(FINE), days.get(COARSE))


def note_size(connection: Connection, now_ms: int, size_bytes: int) -> None:
    """Note how large the store is, and forget notes that are too old to tell of its growth."""
    connection.execute(delete(store_size).where(store_size.c.at_ms < now_ms - KEPT_NOTES_MS))
    if connection.execute(select(store_size.c.at_ms).where(store_size.c.at_ms == now_ms)).first() is None:
        connection.execute(insert(store_size), {"at_ms": now_ms, "size_bytes": size_bytes})


def present_ms() -> int:
    """The machine's clock."""
    return time.time_ns() // 1_000_000

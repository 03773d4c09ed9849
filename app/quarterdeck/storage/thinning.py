"""Thinning: what is older than the policy keeps gives way to the next coarser resolution, in slices, oldest first.

Chunks go once the pyramid covers them, then the blocks of its lower level, last those of its upper one; an envelope
goes on answering from what is left. Nothing but samples is ever touched.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, text
from sqlalchemy import Row as SqlRow

from quarterdeck.domain.instants import from_ms
from quarterdeck.services.store_growth import RetentionPolicy
from quarterdeck.storage.retention import DAY_MS, OLDEST_SINGLE, note_size, policy_of, present_ms
from quarterdeck.storage.series_pyramid import pyramid_of, segments_in
from quarterdeck.storage.series_sql import rows
from quarterdeck.storage.series_summaries import summarise
from quarterdeck.storage.series_times import TimesBook

SWEEP_SECONDS = 3600.0
SLICE_SECONDS = 0.015
CHUNKS_AT_ONCE = 32
SERIES_AT_ONCE = 1024
PAGES_AT_ONCE = 256
KEPT_FREE_PAGES = 2048
"""So many free pages stay in the file: the next batches need them again."""

_NEVER_MS = -(10**15)
_log = logging.getLogger(__name__)
_LAST = "SELECT max(series_id) FROM series_latest"
_NEXT = (
    "SELECT l.series_id FROM series_latest l WHERE l.series_id > {after} AND l.series_id <= {until} AND (EXISTS ("
    "SELECT 1 FROM series_chunk c WHERE c.series_id = l.series_id AND c.start_ms < {raw_ms} AND c.end_ms < {raw_ms}) "
    "OR EXISTS (SELECT 1 FROM series_pyramid p WHERE p.series_id = l.series_id AND p.level = 0 "
    "AND p.start_ms < {fine_ms} AND 4 * ({fine_ms} - p.start_ms) >= p.end_ms - p.start_ms) "
    "OR EXISTS (SELECT 1 FROM series_pyramid p WHERE p.series_id = l.series_id AND p.level = 1 "
    "AND p.start_ms < {coarse_ms} AND 4 * ({coarse_ms} - p.start_ms) >= p.end_ms - p.start_ms)) "
    "ORDER BY l.series_id"
)
_OLD_CHUNKS = (
    "SELECT id, start_ms, end_ms, times_id FROM series_chunk WHERE series_id = {series_id} "
    "AND start_ms < {cutoff_ms} AND end_ms < {cutoff_ms} ORDER BY start_ms LIMIT {most}"
)
_THINNED_RANGE = "SELECT thinned_from_ms, thinned_to_ms FROM series_latest WHERE series_id = {series_id}"
_LEFT_FROM = (
    "SELECT min(start_ms) FROM (SELECT min(start_ms) AS start_ms FROM series_pyramid WHERE series_id = {series_id} "
    "AND level = 1 UNION ALL SELECT min(start_ms) FROM series_chunk WHERE series_id = {series_id}) AS held"
)
_DELETE = text("DELETE FROM series_chunk WHERE id = :id")
_THINNED = text(
    "UPDATE series_latest SET thinned_to_ms = CASE WHEN coalesce(thinned_to_ms, :to_ms) > :to_ms THEN thinned_to_ms "
    "ELSE :to_ms END, thinned_from_ms = CASE WHEN coalesce(thinned_from_ms, :from_ms) < :from_ms THEN thinned_from_ms "
    "ELSE :from_ms END WHERE series_id = :id"
)
_BEGINS = text("UPDATE series_latest SET first_ms = :first_ms WHERE series_id = :id")


@dataclass(frozen=True, slots=True)
class Cutoffs:
    """Before which instants each resolution goes: single samples, blocks of level 0, blocks of level 1."""

    raw_ms: int = _NEVER_MS
    fine_ms: int = _NEVER_MS
    coarse_ms: int = _NEVER_MS

    @property
    def is_any(self) -> bool:
        """Whether anything goes at all."""
        return max(self.raw_ms, self.fine_ms, self.coarse_ms) > _NEVER_MS


class Thinning:
    """Looks through all series once an hour, then gives free pages back. `size_of` tells how large the store is."""

    def __init__(
        self,
        size_of: Callable[[Connection], int],
        now_ms: Callable[[], int] = present_ms,
        *,
        kept_free_pages: int = KEPT_FREE_PAGES,
    ) -> None:
        self._size_of = size_of
        self._now_ms = now_ms
        self._kept_free_pages = kept_free_pages
        self._next_sweep_ms = 0
        self._cutoffs = Cutoffs()
        self._waiting: list[int] = []
        self._after: int | None = None
        self._last = 0
        self._gives_back = False

    def is_due(self) -> bool:
        """Whether a slice would do anything."""
        return self._after is not None or self._gives_back or self._now_ms() >= self._next_sweep_ms

    def work(self, connection: Connection) -> None:
        """One slice."""
        if self._after is not None:
            self._thin_some(connection, self._after)
        elif self._gives_back:
            self._gives_back = _give_back(connection, self._kept_free_pages)
        else:
            self._begin(connection)

    def _begin(self, connection: Connection) -> None:
        now_ms = self._now_ms()
        self._next_sweep_ms = now_ms + int(SWEEP_SECONDS * 1000)
        size_bytes = self._size_of(connection)
        note_size(connection, now_ms, size_bytes)
        self._cutoffs = self._wanted_cutoffs(connection, policy_of(connection), size_bytes)
        self._gives_back = True
        if self._cutoffs.is_any:
            self._after, self._last, self._waiting = 0, rows(connection, _LAST)[0][0] or 0, []

    def _thin_some(self, connection: Connection, after: int) -> None:
        deadline = time.monotonic() + SLICE_SECONDS
        if not self._waiting:
            until, cutoffs = after + SERIES_AT_ONCE, self._cutoffs
            bounds = {"raw_ms": cutoffs.raw_ms, "fine_ms": cutoffs.fine_ms, "coarse_ms": cutoffs.coarse_ms}
            found = rows(connection, _NEXT, after=after, until=until, **bounds)
            self._waiting = [row.series_id for row in reversed(found)]
            self._after = None if until >= self._last and not self._waiting else until
        while self._waiting and time.monotonic() < deadline:
            if thin(connection, self._waiting[-1], self._cutoffs):
                self._waiting.pop()

    def _wanted_cutoffs(self, connection: Connection, policy: RetentionPolicy, size_bytes: int) -> Cutoffs:
        now_ms = self._now_ms()
        raw_ms, fine_ms, coarse_ms = (
            _NEVER_MS if days is None else now_ms - int(days * DAY_MS)
            for days in (policy.raw_days, policy.fine_days, policy.coarse_days)
        )
        if policy.limit_bytes is not None and size_bytes > policy.limit_bytes:
            raw_ms = max(raw_ms, self._oldest_day(connection))
        return Cutoffs(raw_ms, fine_ms, coarse_ms)

    def _oldest_day(self, connection: Connection) -> int:
        """Where the oldest day of single samples ends, never within the last one."""
        oldest_ms: int | None = rows(connection, OLDEST_SINGLE)[0][0]
        if oldest_ms is None:
            return _NEVER_MS
        cutoff_ms = min(self._now_ms() - DAY_MS, oldest_ms + DAY_MS)
        _log.warning(
            "The store is larger than its limit: single samples before %s give way to their summaries.",
            from_ms(cutoff_ms).isoformat(),
        )
        return cutoff_ms


def thin(connection: Connection, series_id: int, cutoffs: Cutoffs) -> bool:
    """One step for a series; whether nothing of it is left to do."""
    if not _thin_samples(connection, series_id, cutoffs.raw_ms):
        return False
    if max(cutoffs.fine_ms, cutoffs.coarse_ms) == _NEVER_MS:
        return True
    thinned = rows(connection, _THINNED_RANGE, series_id=series_id)[0]
    if thinned.thinned_to_ms is not None:
        pyramid = pyramid_of(connection, series_id)
        pyramid.forget_fine(min(cutoffs.fine_ms, thinned.thinned_to_ms))
        if pyramid.forget_coarse(min(cutoffs.coarse_ms, thinned.thinned_to_ms)):
            first_ms = rows(connection, _LEFT_FROM, series_id=series_id)[0][0]
            connection.execute(_BEGINS, {"id": series_id, "first_ms": first_ms or thinned.thinned_to_ms})
    return True


def _thin_samples(connection: Connection, series_id: int, cutoff_ms: int) -> bool:
    """Take a few chunks away that end before an instant and are summarised; whether none are left."""
    chunks = rows(connection, _OLD_CHUNKS, series_id=series_id, cutoff_ms=cutoff_ms, most=CHUNKS_AT_ONCE)
    if not chunks:
        return True
    going = _covered(connection, series_id, chunks)
    if len(going) < len(chunks):
        if not summarise(connection, series_id, at_least=1):
            return False
        going = _covered(connection, series_id, chunks)
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


def _covered(connection: Connection, series_id: int, chunks: Sequence[SqlRow[Any]]) -> list[SqlRow[Any]]:
    """Those of some chunks, in the order of time, that the pyramid tells of."""
    covered = segments_in(connection, [series_id], 1, chunks[0].start_ms, chunks[-1].end_ms + 1)
    return [chunk for chunk in chunks if any(one.start_ms <= chunk.start_ms <= one.end_ms for one in covered)]


def _give_back(connection: Connection, kept_pages: int) -> bool:
    """Return some free pages of the file to the disk; whether there are more to return."""
    if connection.dialect.name != "sqlite":
        return False
    free_pages = int(connection.exec_driver_sql("PRAGMA freelist_count").scalar_one())
    more = min(PAGES_AT_ONCE, free_pages - kept_pages)
    if more <= 0:
        return False
    cursor = connection.connection.cursor()
    for _ in range(more):
        cursor.execute("PRAGMA incremental_vacuum(1)")  # Python's driver takes one step only, and so gives one page
    cursor.close()
    return free_pages - more > kept_pages

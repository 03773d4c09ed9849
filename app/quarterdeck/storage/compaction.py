"""Moves samples on in slices short enough for the writer's quiet moments: head, bundles, chunks, pyramid.

A round takes the head up to one row: bundle after bundle is written, then the rows are deleted from the front, then
bundles of which there are enough become chunks. Where a round stands lies in the store, so that one broken off, even by
another process, goes on. Writing a bundle twice changes nothing, and until the rows are gone the head still stands over
what was made of it, so a reader sees the same at any point of a round.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from sqlalchemy import Connection, delete, func, insert, select, text, update
from sqlalchemy import Row as SqlRow

from quarterdeck.storage.series_bundles import bundle_in, bundle_row
from quarterdeck.storage.series_bundling import HeadToBundle
from quarterdeck.storage.series_codec import Damaged, HeadColumns, in_time, readable_columns
from quarterdeck.storage.series_packing import ChunkWriter, put_latest
from quarterdeck.storage.series_pyramid import BEHIND_CHUNKS
from quarterdeck.storage.series_summaries import summarise
from quarterdeck.storage.tables import FOREVER, compaction, series_bundle, series_head
from quarterdeck.storage.thinning import Thinning
from quarterdeck.storage.transaction import Row, WriteTransaction

BUNDLING = "bundles"
PACKING = "chunks"
HEAD_ROWS = 256
HEAD_SAMPLES = 2**21
BUNDLES_A_CHUNK = 8
SLICE_SECONDS = 0.015
DELETED_AT_ONCE = 32
DECODED_AT_ONCE = 16

_HEAD_SIZE = text("SELECT count(*) AS row_count, coalesce(sum(samples), 0) AS samples FROM series_head")
_ROUNDS = text("SELECT name, through_head_id, after_series_id FROM compaction ORDER BY name")
_NEXT_ROWS = text("SELECT id, payload FROM series_head WHERE id > :after AND id <= :through ORDER BY id LIMIT :few")
_FRONT = text(
    "DELETE FROM series_head WHERE id IN (SELECT id FROM series_head WHERE id <= :through ORDER BY id LIMIT :few)"
)
_NEXT_BUNDLE = text("SELECT min(bundle) FROM series_bundle WHERE bundle > :after")
_BUNDLE_COUNT = text("SELECT count(*) FROM series_bundle WHERE bundle = :bundle")
_BEHIND = text("SELECT series_id FROM series_latest WHERE unsummarised >= :chunks LIMIT 1")


@dataclass(slots=True)
class _HeadReading:
    """The head up to a row, on its way to be decoded."""

    generation: int
    through_id: int
    reached_id: int = 0
    batches: list[HeadColumns] = field(default_factory=list[HeadColumns])

    def rows(self, connection: Connection) -> Sequence[SqlRow[Any]]:
        """The next few rows; none at the end."""
        after = {"after": self.reached_id, "through": self.through_id, "few": DECODED_AT_ONCE}
        return connection.execute(_NEXT_ROWS, after).fetchall()


class Compaction:
    """The writer's chore. A round begins once the head has grown beyond either bound."""

    def __init__(
        self,
        *,
        head_rows: int = HEAD_ROWS,
        head_samples: int = HEAD_SAMPLES,
        bundles_a_chunk: int = BUNDLES_A_CHUNK,
        slice_seconds: float = SLICE_SECONDS,
        deleted_at_once: int = DELETED_AT_ONCE,
        thinning: Thinning | None = None,
    ) -> None:
        self._thinning = thinning
        self._head_rows = head_rows
        self._head_samples = head_samples
        self._bundles_a_chunk = bundles_a_chunk
        self._slice_seconds = slice_seconds
        self._deleted_at_once = deleted_at_once
        self._head: HeadToBundle | None = None
        self._reading: _HeadReading | None = None

    def is_due(self, connection: Connection) -> bool:
        if connection.execute(_ROUNDS).first() is not None or _behind(connection) is not None:
            return True
        return self._head_is_large(connection) or (self._thinning is not None and self._thinning.is_due())

    def work(self, transaction: WriteTransaction) -> None:
        connection = transaction.connection
        rounds = {row.name: row for row in connection.execute(_ROUNDS)}
        if (bundling := rounds.get(BUNDLING)) is not None:
            self._leave_head(transaction, bundling)
        elif (packing := rounds.get(PACKING)) is not None:
            self._pack(transaction, packing.after_series_id)
        elif (series_id := _behind(connection)) is not None:
            summarise(connection, series_id)
        elif self._thinning is None or self._head_is_large(connection):
            self._begin(connection)
        elif self._thinning.is_due():
            self._thinning.work(connection)

    def _head_is_large(self, connection: Connection) -> bool:
        size = connection.execute(_HEAD_SIZE).one()
        return size.row_count >= self._head_rows or size.samples >= self._head_samples

    def _begin(self, connection: Connection) -> None:
        through_id = connection.execute(select(func.max(series_head.c.id))).scalar()
        if through_id is not None:
            begun = {"name": BUNDLING, "through_head_id": through_id, "after_series_id": -1}
            connection.execute(insert(compaction), begun)

    def _leave_head(self, transaction: WriteTransaction, standing: SqlRow[Any]) -> None:
        if standing.after_series_id != FOREVER:
            self._bundle(transaction, standing.through_head_id, standing.after_series_id)
        else:
            self._head = None
            self._delete(transaction.connection, standing.through_head_id)

    def _bundle(self, transaction: WriteTransaction, through_id: int, after: int) -> None:
        head = self._head
        if head is None or (head.generation, head.through_id) != (transaction.generation, through_id):
            self._decode_head(transaction, through_id)  # for the slices after: that is work enough for one
            return
        deadline = self._deadline()
        rows: list[Row] = []
        latest: list[Row] = []
        reached = after
        for number, content, newest in head.bundles_after(after):
            reached = number
            rows.append(bundle_row(number, content))
            latest += newest
            if time.monotonic() >= deadline:
                break
        else:
            reached = FOREVER
        if rows:
            transaction.connection.execute(insert(series_bundle), rows)
            put_latest(transaction.connection, latest)
        _note(transaction.connection, BUNDLING, reached)

    def _delete(self, connection: Connection, through_id: int) -> None:
        """From the front only: a row that stands alone must never be older than one that is gone."""
        deadline = self._deadline()
        while connection.execute(_FRONT, {"through": through_id, "few": self._deleted_at_once}).rowcount:
            if time.monotonic() >= deadline:
                return
        _end(connection, BUNDLING)
        connection.execute(insert(compaction), {"name": PACKING, "through_head_id": 0, "after_series_id": -1})

    def _pack(self, transaction: WriteTransaction, after: int) -> None:
        connection, deadline = transaction.connection, self._deadline()
        writer = ChunkWriter(transaction)
        while (number := connection.execute(_NEXT_BUNDLE, {"after": after}).scalar()) is not None:
            after = number
            if connection.execute(_BUNDLE_COUNT, {"bundle": number}).scalar_one() >= self._bundles_a_chunk:
                _pack_bundles(connection, number, writer)
            if time.monotonic() >= deadline:
                break
        writer.finish()
        if number is None:
            _end(connection, PACKING)
        else:
            _note(connection, PACKING, after)

    def _decode_head(self, transaction: WriteTransaction, through_id: int) -> None:
        reading, deadline = self._reading, self._deadline()
        if reading is None or (reading.generation, reading.through_id) != (transaction.generation, through_id):
            reading = self._reading = _HeadReading(transaction.generation, through_id)
        while few := reading.rows(transaction.connection):
            reading.batches += readable_columns([row.payload for row in few])
            reading.reached_id = few[-1].id
            if time.monotonic() >= deadline:
                return
        self._head = HeadToBundle.of(transaction.generation, through_id, reading.batches)
        self._reading = None

    def _deadline(self) -> float:
        return time.monotonic() + self._slice_seconds


def _pack_bundles(connection: Connection, number: int, writer: ChunkWriter) -> None:
    """All bundles of a number become chunks; a damaged one stays for the check of the store to name."""
    columns = series_bundle.c
    rows = connection.execute(select(series_bundle).where(columns.bundle == number).order_by(columns.id)).fetchall()
    parts: list[HeadColumns] = []
    packed: list[int] = []
    for row in rows:
        try:
            bundle = bundle_in(row)
        except Damaged:
            continue
        series = np.repeat(bundle.series, np.diff(bundle.starts))
        parts.append(HeadColumns(series, bundle.times, bundle.values))
        packed.append(row.id)
    together = HeadColumns.joined(parts)
    order = np.argsort(together.series, kind="stable")
    series, starts = np.unique(together.series[order], return_index=True)
    inside = zip(series.tolist(), np.split(order, starts[1:]), strict=False)
    writer.add({series_id: in_time(together.times[at], together.values[at]) for series_id, at in inside})
    connection.execute(delete(series_bundle).where(columns.id.in_(packed)))


def _behind(connection: Connection) -> int | None:
    """A series that the pyramid is behind with."""
    return connection.execute(_BEHIND, {"chunks": BEHIND_CHUNKS}).scalar()


def _note(connection: Connection, name: str, reached: int) -> None:
    connection.execute(update(compaction).where(compaction.c.name == name).values(after_series_id=reached))


def _end(connection: Connection, name: str) -> None:
    connection.execute(delete(compaction).where(compaction.c.name == name))

"""Packs the head into chunks, in slices short enough for the writer's quiet moments.

A round takes the head up to one row, packs series after series, then deletes the rows from the front. Where it stands
lies in the store, so that a round broken off, even by another process, goes on. Packing a series twice changes nothing,
and until the rows are gone the head still stands over the chunks, so a reader sees the same at any point of a round.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sqlalchemy import Connection, delete, func, insert, select, update
from sqlalchemy import Row as SqlRow

from quarterdeck.storage.series_chunks import add_samples
from quarterdeck.storage.series_codec import HeadColumns, Instants, Numbers, Values, in_time, readable_columns
from quarterdeck.storage.tables import FOREVER, compaction, series_head
from quarterdeck.storage.transaction import WriteTransaction

ROUND = "series"
HEAD_ROWS = 1000
HEAD_SAMPLES = 100_000
SLICE_SECONDS = 0.02
DELETED_AT_ONCE = 100


@dataclass(frozen=True, slots=True, eq=False)
class _Sorted:
    """The head's samples grouped by series, in the order received within each."""

    generation: int
    through_id: int
    series: Numbers
    starts: Instants
    times: Instants
    values: Values

    @classmethod
    def of(cls, generation: int, through_id: int, columns: HeadColumns) -> _Sorted:
        order = np.argsort(columns.series, kind="stable")
        series, starts = np.unique(columns.series[order], return_index=True)
        ends = np.append(starts, len(columns)).astype(np.int64)
        return cls(generation, through_id, series, ends, columns.times[order], columns.values[order])

    def after(self, series_id: int) -> Sequence[int]:
        """Positions of the series with greater numbers."""
        return range(int(np.searchsorted(self.series, series_id, "right")), len(self.series))

    def samples(self, position: int) -> tuple[Instants, Values]:
        inside = slice(self.starts[position], self.starts[position + 1])
        return in_time(self.times[inside], self.values[inside])


class Compaction:
    """The writer's chore. A round begins once the head has grown beyond either bound."""

    def __init__(
        self,
        *,
        head_rows: int = HEAD_ROWS,
        head_samples: int = HEAD_SAMPLES,
        slice_seconds: float = SLICE_SECONDS,
        deleted_at_once: int = DELETED_AT_ONCE,
    ) -> None:
        self._head_rows = head_rows
        self._head_samples = head_samples
        self._slice_seconds = slice_seconds
        self._deleted_at_once = deleted_at_once
        self._sorted: _Sorted | None = None

    def is_due(self, connection: Connection) -> bool:
        if _round(connection) is not None:
            return True
        size = select(func.count(), func.coalesce(func.sum(series_head.c.samples), 0)).select_from(series_head)
        rows, samples = connection.execute(size).one()
        return rows >= self._head_rows or samples >= self._head_samples

    def work(self, transaction: WriteTransaction) -> None:
        connection = transaction.connection
        standing = _round(connection)
        if standing is None:
            self._begin(connection)
        elif standing.after_series_id != FOREVER:
            self._pack(transaction, standing.through_head_id, standing.after_series_id)
        else:
            self._sorted = None
            self._delete(connection, standing.through_head_id)

    def _begin(self, connection: Connection) -> None:
        through_id = connection.execute(select(func.max(series_head.c.id))).scalar()
        if through_id is not None:
            begun = {"name": ROUND, "through_head_id": through_id, "after_series_id": -1}
            connection.execute(insert(compaction), begun)

    def _pack(self, transaction: WriteTransaction, through_id: int, after_series_id: int) -> None:
        head = self._head(transaction, through_id)
        deadline = time.monotonic() + self._slice_seconds
        reached = after_series_id
        for position in head.after(after_series_id):
            reached = int(head.series[position])
            add_samples(transaction, reached, *head.samples(position))
            if time.monotonic() >= deadline:
                break
        else:
            reached = FOREVER
        _note(transaction.connection, reached)

    def _delete(self, connection: Connection, through_id: int) -> None:
        """From the front only: a row that stands alone must never be older than one that is gone."""
        deadline = time.monotonic() + self._slice_seconds
        columns = series_head.c
        front = select(columns.id).where(columns.id <= through_id).order_by(columns.id).limit(self._deleted_at_once)
        while connection.execute(delete(series_head).where(columns.id.in_(front.scalar_subquery()))).rowcount:
            if time.monotonic() >= deadline:
                return
        connection.execute(delete(compaction).where(compaction.c.name == ROUND))

    def _head(self, transaction: WriteTransaction, through_id: int) -> _Sorted:
        head = self._sorted
        if head is None or (head.generation, head.through_id) != (transaction.generation, through_id):
            rows = transaction.connection.execute(
                select(series_head.c.payload).where(series_head.c.id <= through_id).order_by(series_head.c.id)
            )
            head = _Sorted.of(transaction.generation, through_id, readable_columns([row.payload for row in rows]))
            self._sorted = head
        return head


def _round(connection: Connection) -> SqlRow[Any] | None:
    return connection.execute(select(compaction).where(compaction.c.name == ROUND)).first()


def _note(connection: Connection, after_series_id: int) -> None:
    connection.execute(update(compaction).where(compaction.c.name == ROUND).values(after_series_id=after_series_id))

"""The head of the series: batches as they came, one row each, read whole and kept decoded.

Rows are added at the end and taken away from the front only, so what is decoded stays true while the first row is the
same. Of two samples at one instant the one further back in the head stands, and the head stands over the chunks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import TypeVar

import numpy as np
import numpy.typing as npt
from sqlalchemy import Connection, func, insert, select
from sqlalchemy import Row as SqlRow

from quarterdeck.storage.series_codec import HeadColumns, Instants, Values, head_payload, readable_columns
from quarterdeck.storage.tables import FOREVER, series_head
from quarterdeck.storage.transaction import WriteTransaction

Element = TypeVar("Element", np.int64, np.float64)


@dataclass(frozen=True, slots=True, eq=False)
class Extent:
    """By series number: the first and the newest instant and the newest value in the head."""

    first_ms: Instants = field(default_factory=lambda: np.empty(0, np.int64))
    last_ms: Instants = field(default_factory=lambda: np.empty(0, np.int64))
    last_value: Values = field(default_factory=lambda: np.empty(0, np.float64))

    def with_batch(self, batch: HeadColumns) -> Extent:
        """With samples that were received after everything so far, in the order received."""
        size = max(len(self.first_ms), int(batch.series.max(initial=-1)) + 1)
        first_ms = _grown(self.first_ms, size, FOREVER)
        last_ms = _grown(self.last_ms, size, -FOREVER)
        last_value = _grown(self.last_value, size, np.nan)
        np.minimum.at(first_ms, batch.series, batch.times)
        order = np.argsort(batch.times, kind="stable")
        order = order[batch.times[order] >= last_ms[batch.series[order]]]
        last_ms[batch.series[order]] = batch.times[order]
        last_value[batch.series[order]] = batch.values[order]
        return Extent(first_ms, last_ms, last_value)

    def of(self, series_id: int) -> tuple[int, int, float] | None:
        """First instant, newest instant and newest value of a series; None when the head has none of it."""
        if series_id >= len(self.first_ms) or self.first_ms[series_id] == FOREVER:
            return None
        return int(self.first_ms[series_id]), int(self.last_ms[series_id]), float(self.last_value[series_id])


@dataclass(frozen=True, slots=True, eq=False)
class HeadView:
    """The head as it was at one moment."""

    generation: int = -1
    first_id: int | None = None
    last_id: int = 0
    columns: HeadColumns = field(default_factory=lambda: HeadColumns.joined(()))
    extent: Extent = field(default_factory=Extent)

    def with_rows(self, rows: Sequence[SqlRow[int, bytes]]) -> HeadView:
        """With rows added at its end."""
        if not rows:
            return self
        added = readable_columns([row.payload for row in rows])
        return HeadView(
            self.generation,
            rows[0].id if self.first_id is None else self.first_id,
            rows[-1].id,
            HeadColumns.joined([self.columns, added]),
            self.extent.with_batch(added),
        )

    def between(self, series_ids: Sequence[int], start_ms: int, end_ms: int) -> dict[int, tuple[Instants, Values]]:
        """Samples of series in `[start_ms, end_ms)`, each in the order received; only series that have any."""
        series, times = self.columns.series, self.columns.times
        wanted = np.zeros(max([int(series.max(initial=0)), *series_ids]) + 1, np.bool_)
        wanted[list(series_ids)] = True
        inside = np.flatnonzero((times >= start_ms) & (times < end_ms) & wanted[series])
        inside = inside[np.argsort(series[inside], kind="stable")]
        present, starts = np.unique(series[inside], return_index=True)
        parts = np.split(inside, starts[1:])
        return {int(i): (times[part], self.columns.values[part]) for i, part in zip(present, parts, strict=False)}


class HeadCache:
    """Gives the head as a read transaction sees it (or newer), decoding only what is new."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._view = HeadView()

    def view(self, connection: Connection, generation: int) -> HeadView:
        """The head now."""
        first_id = connection.execute(select(func.min(series_head.c.id))).scalar()
        with self._lock:
            view = self._view
        if view.generation != generation or view.first_id != first_id:
            view = HeadView(generation)
        view = view.with_rows(_rows_after(connection, view.last_id))
        with self._lock:
            self._view = view
        return view


def append(transaction: WriteTransaction, columns: HeadColumns) -> None:
    """Add a batch to the head."""
    row = {
        "start_ms": int(columns.times.min()),
        "end_ms": int(columns.times.max()),
        "samples": len(columns),
        "payload": head_payload(columns),
    }
    transaction.connection.execute(insert(series_head), row)


def reaches_into(connection: Connection, start_ms: int, end_ms: int) -> bool:
    """Whether the head may hold a sample between two instants, both included."""
    columns = series_head.c
    overlapping = select(columns.id).where(columns.start_ms <= end_ms, columns.end_ms >= start_ms).limit(1)
    return connection.execute(overlapping).first() is not None


def _rows_after(connection: Connection, row_id: int) -> Sequence[SqlRow[int, bytes]]:
    columns = series_head.c
    newer = select(columns.id, columns.payload).where(columns.id > row_id).order_by(columns.id)
    return connection.execute(newer).fetchall()


def _grown(array: npt.NDArray[Element], size: int, filling: float) -> npt.NDArray[Element]:
    grown = np.full(size, filling, array.dtype)
    grown[: len(array)] = array
    return grown

"""The head of the series: batches as they came, one row each, kept decoded by whoever reads.

Rows are added at the end and taken away from the front only, so what is decoded stays true. Of two samples at one
instant the one further back in the head stands, and the head stands over all else. Batches that tell of the same series
share one column of numbers, so that looking for a series costs little more in many batches than in one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from threading import Lock
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy import Connection, LargeBinary, bindparam, text
from sqlalchemy import Row as SqlRow

from quarterdeck.storage.series_codec import (
    Element,
    HeadColumns,
    Instants,
    Numbers,
    Values,
    head_payload,
    readable_columns,
)
from quarterdeck.storage.series_sql import rows
from quarterdeck.storage.tables import FOREVER
from quarterdeck.storage.transaction import WriteTransaction

_APPEND = text(
    "INSERT INTO series_head (start_ms, end_ms, samples, payload) VALUES (:start_ms, :end_ms, :samples, :payload)"
).bindparams(bindparam("payload", type_=LargeBinary))
_FIRST = "SELECT min(id) FROM series_head"
_AFTER = "SELECT id, payload FROM series_head WHERE id > {row_id} ORDER BY id"
_REACHES = "SELECT 1 FROM series_head WHERE start_ms <= {end_ms} AND end_ms >= {start_ms} LIMIT 1"


@dataclass(frozen=True, slots=True, eq=False)
class Extent:
    """By series number: the first and the newest instant and the newest value that went through the head."""

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
        """First instant, newest instant and newest value of a series; None when none of it came by."""
        if series_id >= len(self.first_ms) or self.first_ms[series_id] == FOREVER:
            return None
        return int(self.first_ms[series_id]), int(self.last_ms[series_id]), float(self.last_value[series_id])


@dataclass(frozen=True, slots=True, eq=False)
class HeadBatch:
    """A row of the head, decoded, with the range of its instants."""

    id: int
    columns: HeadColumns
    start_ms: int
    end_ms: int


@dataclass(frozen=True, slots=True, eq=False)
class HeadView:
    """The head as it was at one moment: all rows from one number to another; those that cannot be read are left out."""

    generation: int = -1
    first_id: int = 0
    last_id: int = 0
    batches: tuple[HeadBatch, ...] = ()
    extent: Extent = field(default_factory=Extent)

    def without_front(self, first_id: int | None) -> HeadView:
        """Without the rows before one; without any when there is none."""
        begins = self.last_id + 1 if first_id is None else first_id
        if begins == self.first_id:
            return self
        kept = tuple(batch for batch in self.batches if batch.id >= begins)
        return HeadView(self.generation, begins, self.last_id, kept, self.extent)

    def with_rows(self, added: Sequence[SqlRow[Any]]) -> HeadView:
        """With rows added at its end."""
        batches, extent = list(self.batches), self.extent
        for row in added:
            for columns in readable_columns([row.payload]):
                shared = _sharing(columns, batches[-1].columns if batches else None)
                batches.append(HeadBatch(row.id, shared, int(shared.times.min()), int(shared.times.max())))
                extent = extent.with_batch(shared)
        last_id = added[-1].id if added else self.last_id
        return HeadView(self.generation, self.first_id, last_id, tuple(batches), extent)

    def between(self, series_ids: Sequence[int], start_ms: int, end_ms: int) -> dict[int, tuple[Instants, Values]]:
        """Samples of series in `[start_ms, end_ms)`, each in the order received; only series that have any."""
        wanted = _Wanted(series_ids)
        reaching = [one for one in self.batches if one.start_ms < end_ms and one.end_ms >= start_ms]
        if not reaching:
            return {}
        found = HeadColumns.joined([wanted.of(one.columns) for one in reaching])
        inside = np.flatnonzero((found.times >= start_ms) & (found.times < end_ms))
        inside = inside[np.argsort(found.series[inside], kind="stable")]
        series = found.series[inside]
        starts = np.flatnonzero(np.diff(series, prepend=-1))
        bounds = np.append(starts, len(inside)).tolist()
        parts = [inside[start:end] for start, end in pairwise(bounds)]
        return {int(i): (found.times[part], found.values[part]) for i, part in zip(series[starts], parts, strict=True)}


class _Wanted:
    """Picks samples of some series; where they stand is looked up once for all batches that share their numbers."""

    def __init__(self, series_ids: Sequence[int]) -> None:
        self._ids = np.array(sorted(set(series_ids)), np.int32)
        self._numbers: Numbers | None = None
        self._positions: npt.NDArray[np.int64] = np.empty(0, np.int64)

    def of(self, columns: HeadColumns) -> HeadColumns:
        if columns.series is not self._numbers:
            self._numbers, self._positions = columns.series, np.flatnonzero(self._is_wanted(columns.series))
        at = self._positions
        return HeadColumns(columns.series[at], columns.times[at], columns.values[at])

    def _is_wanted(self, numbers: Numbers) -> npt.NDArray[np.bool_]:
        if not len(self._ids):
            return np.zeros(len(numbers), np.bool_)
        at = np.searchsorted(self._ids, numbers)
        return self._ids[np.minimum(at, len(self._ids) - 1)] == numbers


class HeadCache:
    """Gives the head as a read transaction sees it (or newer), decoding only what is new."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._view = HeadView()

    def view(self, connection: Connection, generation: int) -> HeadView:
        """The head now."""
        first_id: int | None = rows(connection, _FIRST)[0][0]
        with self._lock:
            view = self._view
        if view.generation != generation or (first_id is not None and first_id < view.first_id):
            view = HeadView(generation)
        view = view.without_front(first_id).with_rows(rows(connection, _AFTER, row_id=view.last_id))
        with self._lock:
            if view.generation != self._view.generation or view.last_id >= self._view.last_id:
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
    transaction.connection.execute(_APPEND, row)


def reaches_into(connection: Connection, start_ms: int, end_ms: int) -> bool:
    """Whether the head may hold a sample between two instants, both included."""
    return bool(rows(connection, _REACHES, start_ms=start_ms, end_ms=end_ms))


def _sharing(columns: HeadColumns, before: HeadColumns | None) -> HeadColumns:
    if before is None or not np.array_equal(before.series, columns.series):
        return columns
    return HeadColumns(before.series, columns.times, columns.values)


def _grown(array: npt.NDArray[Element], size: int, filling: float) -> npt.NDArray[Element]:
    grown = np.full(size, filling, array.dtype)
    grown[: len(array)] = array
    return grown

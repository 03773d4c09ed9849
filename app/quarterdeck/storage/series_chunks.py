"""Packed samples, a few thousand of one series to a row; the chunks of a series never overlap in time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sqlalchemy import Connection, Select, select
from sqlalchemy import Row as SqlRow

from quarterdeck.storage.series_codec import (
    Instants,
    PackedColumns,
    Values,
    unpack,
    unpacked,
)
from quarterdeck.storage.series_sql import rows, rows_of
from quarterdeck.storage.series_times import REGULAR, regular
from quarterdeck.storage.tables import series_chunk, series_times
from quarterdeck.storage.transaction import Row

_ROWS = (
    "c.id, c.series_id, c.start_ms, c.end_ms, c.samples, c.first_value, c.digest, c.payload, c.times_id, "
    "t.payload AS times"
)
_INSIDE = (
    "SELECT * FROM series s CROSS JOIN series_chunk c LEFT JOIN series_times t ON t.id = c.times_id "
    "WHERE s.id IN ({ids}) AND c.series_id = s.id AND c.end_ms >= {start_ms} AND c.start_ms < {end_ms} "
    "AND c.start_ms >= coalesce((SELECT max(p.start_ms) FROM series_chunk p WHERE p.series_id = s.id "
    "AND p.start_ms <= {start_ms}), {start_ms}) ORDER BY c.series_id, c.start_ms, c.id"
).replace("*", _ROWS, 1)
_NEAR = (
    "SELECT * FROM series s CROSS JOIN series_chunk c LEFT JOIN series_times t ON t.id = c.times_id "
    "WHERE s.id IN ({ids}) AND c.series_id = s.id AND c.start_ms >= coalesce((SELECT max(p.start_ms) "
    "FROM series_chunk p WHERE p.series_id = s.id AND p.start_ms < {start_ms}), {start_ms}) AND c.start_ms <= coalesce("
    "(SELECT min(n.start_ms) FROM series_chunk n WHERE n.series_id = s.id AND n.start_ms > {end_ms}), {end_ms}) "
    "ORDER BY c.series_id, c.start_ms, c.id"
).replace("*", _ROWS, 1)
_BETWEEN = (
    "SELECT * FROM series_chunk c LEFT JOIN series_times t ON t.id = c.times_id WHERE c.series_id = {series_id} "
    "AND c.start_ms > {after_ms} AND c.start_ms < {before_ms} ORDER BY c.start_ms LIMIT {most}"
).replace("*", _ROWS, 1)


@dataclass(frozen=True, slots=True, eq=False)
class Chunk:
    """A chunk's row with its samples still packed."""

    id: int
    series_id: int
    start_ms: int
    end_ms: int
    times_id: int
    columns: PackedColumns

    @classmethod
    def of(cls, row: SqlRow[Any]) -> Chunk:
        times = b"" if row.times_id == REGULAR else row.times
        columns = PackedColumns(row.samples, times, row.payload, row.digest, row.first_value)
        return cls(row.id, row.series_id, row.start_ms, row.end_ms, row.times_id, columns)

    def times(self) -> Instants:
        """The instants of the samples. Raises Damaged."""
        if self.times_id == REGULAR:
            return regular(self.start_ms, self.end_ms, self.columns.samples)
        return unpack(self.columns.times, self.columns.samples, np.int64)

    def samples(self) -> tuple[Instants, Values]:
        """The samples. Raises Damaged."""
        return unpacked(self.columns, self.times())


def all_chunks() -> Select[Any]:
    """Every chunk's row with its packed instants, by series and time; `times` is NULL where they are missing."""
    with_times = series_chunk.join(series_times, series_times.c.id == series_chunk.c.times_id, isouter=True)
    return (
        select(series_chunk, series_times.c.payload.label("times"))
        .select_from(with_times)
        .order_by(series_chunk.c.series_id, series_chunk.c.start_ms)
    )


def chunks_in(connection: Connection, series_ids: Sequence[int], start_ms: int, end_ms: int) -> Iterator[Chunk]:
    """Chunks of series that hold samples in `[start_ms, end_ms)`, as they were written, by series and time."""
    return map(Chunk.of, rows_of(connection, _INSIDE, series_ids, start_ms=start_ms, end_ms=end_ms))


def chunks_near(connection: Connection, series_ids: Sequence[int], start_ms: int, end_ms: int) -> Iterator[Chunk]:
    """Chunks of series from the last that begins before one instant to the first that begins after another."""
    return map(Chunk.of, rows_of(connection, _NEAR, series_ids, start_ms=start_ms, end_ms=end_ms))


def chunks_between(connection: Connection, series_id: int, after_ms: int, before_ms: int, most: int) -> list[Chunk]:
    """The first chunks of a series that begin between two instants, in time."""
    found = rows(connection, _BETWEEN, series_id=series_id, after_ms=after_ms, before_ms=before_ms, most=most)
    return list(map(Chunk.of, found))


def number_or_none(value: float) -> float | None:
    """A float for a column: no engine is trusted with NaN, SQLite turns it into NULL anyhow."""
    return None if np.isnan(value) else float(value)


def statistics_of(times: Instants, values: Values) -> Row:
    """What a chunk's row tells about its samples; extremes and total leave NaN out."""
    missing = np.isnan(values)
    numbers = values[~missing] if missing.any() else values
    with np.errstate(invalid="ignore", over="ignore"):
        total = float(np.sum(numbers))
    return {
        "start_ms": int(times[0]),
        "end_ms": int(times[-1]),
        "samples": len(times),
        "numbers": len(numbers),
        "low": float(numbers.min()) if len(numbers) else None,
        "high": float(numbers.max()) if len(numbers) else None,
        "total": number_or_none(total),
        "first_value": number_or_none(values[0]),
        "last_value": number_or_none(values[-1]),
    }

"""Packed samples, a few thousand of one series to a row; the chunks of a series never overlap in time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sqlalchemy import Connection, case, delete, func, insert, select
from sqlalchemy import Row as SqlRow

from quarterdeck.storage.series_codec import Damaged, Instants, PackedColumns, Values, in_time, packed, unpacked
from quarterdeck.storage.tables import series_chunk, series_latest
from quarterdeck.storage.transaction import Row, WriteTransaction, in_parts, upsert

CHUNK_SAMPLES = 4096
"""At most so many samples a chunk: larger ones make the last hour of many series slow."""

JOIN_BELOW_SAMPLES = 1024
"""A neighbour smaller than that is taken up when samples are added beside it."""


@dataclass(frozen=True, slots=True, eq=False)
class Chunk:
    """A chunk's row with its samples still packed."""

    id: int
    series_id: int
    start_ms: int
    end_ms: int
    columns: PackedColumns

    @classmethod
    def of(cls, row: SqlRow[Any]) -> Chunk:
        columns = PackedColumns(row.samples, row.times, row.payload, row.digest)
        return cls(row.id, row.series_id, row.start_ms, row.end_ms, columns)


def chunks_in(connection: Connection, series_ids: Sequence[int], start_ms: int, end_ms: int) -> Iterator[Chunk]:
    """Chunks of series that hold samples in `[start_ms, end_ms)`, as they were written."""
    columns = series_chunk.c
    for part in in_parts(series_ids):
        inside = select(series_chunk).where(
            columns.series_id.in_(part), columns.start_ms < end_ms, columns.end_ms >= start_ms
        )
        for row in connection.execute(inside.order_by(columns.series_id, columns.start_ms, columns.id)):
            yield Chunk.of(row)


def add_samples(transaction: WriteTransaction, series_id: int, times: Instants, values: Values) -> None:
    """Pack samples (ordered, one an instant) of a series among its chunks; they stand over what was packed before."""
    connection = transaction.connection
    parts: list[tuple[Instants, Values]] = []
    replaced: list[int] = []
    for chunk in _near(connection, series_id, int(times[0]), int(times[-1])):
        try:
            parts.append(unpacked(chunk.columns))
        except Damaged:
            continue  # it stays where it is, for the check of the store to name
        replaced.append(chunk.id)
    parts.append((times, values))
    times, values = in_time(np.concatenate([part[0] for part in parts]), np.concatenate([part[1] for part in parts]))
    if replaced:
        connection.execute(delete(series_chunk).where(series_chunk.c.id.in_(replaced)))
    starts = range(0, len(times), CHUNK_SAMPLES)
    rows = [_row(series_id, times[s : s + CHUNK_SAMPLES], values[s : s + CHUNK_SAMPLES]) for s in starts]
    connection.execute(insert(series_chunk), rows)
    _note_latest(connection, series_id, times, values)


def number_or_none(value: float) -> float | None:
    """A float for a column: no engine is trusted with NaN, SQLite turns it into NULL anyhow."""
    return None if np.isnan(value) else float(value)


def statistics_of(times: Instants, values: Values) -> Row:
    """What a chunk's row tells about its samples; extremes and total leave NaN out."""
    numbers = values[~np.isnan(values)]
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


def _near(connection: Connection, series_id: int, start_ms: int, end_ms: int) -> list[Chunk]:
    """The chunks that a stretch overlaps, and small ones next to it."""
    columns = series_chunk.c
    before = select(func.max(columns.start_ms)).where(columns.series_id == series_id, columns.start_ms < start_ms)
    after = select(func.min(columns.start_ms)).where(columns.series_id == series_id, columns.start_ms > end_ms)
    near = select(series_chunk).where(
        columns.series_id == series_id,
        columns.start_ms >= func.coalesce(before.scalar_subquery(), start_ms),
        columns.start_ms <= func.coalesce(after.scalar_subquery(), end_ms),
    )
    chunks = [Chunk.of(row) for row in connection.execute(near.order_by(columns.start_ms, columns.id))]
    return [
        chunk
        for chunk in chunks
        if (chunk.end_ms >= start_ms and chunk.start_ms <= end_ms) or chunk.columns.samples < JOIN_BELOW_SAMPLES
    ]


def _row(series_id: int, times: Instants, values: Values) -> Row:
    columns = packed(times, values)
    blobs = {"digest": columns.digest, "times": columns.times, "payload": columns.values}
    return {"series_id": series_id, **statistics_of(times, values), **blobs}


def _note_latest(connection: Connection, series_id: int, times: Instants, values: Values) -> None:
    statement = upsert(connection, series_latest).values(
        series_id=series_id, first_ms=int(times[0]), last_ms=int(times[-1]), last_value=number_or_none(values[-1])
    )
    given, known = statement.excluded, series_latest.c
    newer = given.last_ms >= known.last_ms
    better = {
        "first_ms": case((given.first_ms < known.first_ms, given.first_ms), else_=known.first_ms),
        "last_ms": case((newer, given.last_ms), else_=known.last_ms),
        "last_value": case((newer, given.last_value), else_=known.last_value),
    }
    connection.execute(statement.on_conflict_do_update(index_elements=["series_id"], set_=better))

"""Packed samples, a few thousand of one series to a row; the chunks of a series never overlap in time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
from sqlalchemy import Connection, LargeBinary, Select, bindparam, case, select, text
from sqlalchemy import Row as SqlRow

from quarterdeck.analysis.blocks import Blocks
from quarterdeck.storage.series_codec import (
    Damaged,
    Instants,
    PackedColumns,
    Values,
    in_time,
    packed,
    unpack,
    unpacked,
)
from quarterdeck.storage.series_pyramid import COVERED_CHUNKS, Pyramid, without_last
from quarterdeck.storage.series_sql import rows, rows_of
from quarterdeck.storage.series_times import REGULAR, TimesBook, regular
from quarterdeck.storage.tables import series_chunk, series_latest, series_times
from quarterdeck.storage.transaction import Row, WriteTransaction, upsert

CHUNK_SAMPLES = 4096
"""At most so many samples a chunk: larger ones make the last hour of many series slow."""

CHUNKS_AT_ONCE = 256
"""So many chunks of a long stretch are packed side by side before they are written."""

PACKING_THREADS = 2

JOIN_BELOW_SAMPLES = 2560
"""A neighbour smaller than that is taken up when samples are added beside it."""

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
    "SELECT * FROM series_chunk c LEFT JOIN series_times t ON t.id = c.times_id WHERE c.series_id = {series_id} "
    "AND c.start_ms >= coalesce((SELECT max(p.start_ms) FROM series_chunk p "
    "WHERE p.series_id = {series_id} AND p.start_ms < {start_ms}), {start_ms}) AND c.start_ms <= coalesce("
    "(SELECT min(n.start_ms) FROM series_chunk n WHERE n.series_id = {series_id} AND n.start_ms > {end_ms}), {end_ms}) "
    "ORDER BY c.start_ms, c.id"
).replace("*", _ROWS, 1)
_BETWEEN = (
    "SELECT * FROM series_chunk c LEFT JOIN series_times t ON t.id = c.times_id WHERE c.series_id = {series_id} "
    "AND c.start_ms > {after_ms} AND c.start_ms < {before_ms} ORDER BY c.start_ms LIMIT {most}"
).replace("*", _ROWS, 1)
_DELETE = text("DELETE FROM series_chunk WHERE id = :id")
_INSERT = text(
    "INSERT INTO series_chunk (series_id, start_ms, end_ms, samples, numbers, low, high, total, first_value, "
    "last_value, times_id, digest, payload) VALUES (:series_id, :start_ms, :end_ms, :samples, :numbers, :low, :high, "
    ":total, :first_value, :last_value, :times_id, :digest, :payload)"
).bindparams(bindparam("digest", type_=LargeBinary), bindparam("payload", type_=LargeBinary))


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


def chunks_between(connection: Connection, series_id: int, after_ms: int, before_ms: int, most: int) -> list[Chunk]:
    """The first chunks of a series that begin between two instants, in time."""
    found = rows(connection, _BETWEEN, series_id=series_id, after_ms=after_ms, before_ms=before_ms, most=most)
    return list(map(Chunk.of, found))


class ChunkWriter:
    """Packs samples of one series after the other within one transaction; `finish` writes what they share."""

    def __init__(self, transaction: WriteTransaction) -> None:
        self._connection = transaction.connection
        self._times = TimesBook(self._connection)
        self._latest: list[Row] = []

    def add(self, series_id: int, times: Instants, values: Values) -> None:
        """Pack samples (ordered, one an instant) among the chunks of a series; they stand over what was packed before.

        What falls where samples were thinned out is left out: only the pyramid tells of that.
        """
        pyramid = Pyramid(self._connection, series_id)
        times, values = pyramid.without_thinned(times, values)
        if not len(times):
            return
        parts: list[tuple[Instants, Values]] = []
        replaced = 0
        for chunk in self._near(series_id, int(times[0]), int(times[-1])):
            try:
                parts.append(chunk.samples())
            except Damaged:
                continue  # it stays where it is, for the check of the store to name
            self._connection.execute(_DELETE, {"id": chunk.id})
            self._times.release(chunk.times_id)
            replaced += 1
        if parts:
            joined = [np.concatenate(columns) for columns in zip(*parts, (times, values), strict=True)]
            times, values = in_time(joined[0], joined[1])
        pyramid.cut(int(times[0]), int(times[-1]))
        chunks = -(-len(times) // CHUNK_SAMPLES)
        if chunks > COVERED_CHUNKS:
            self._insert_many(series_id, times, values, pyramid)
            uncovered = 1
        else:
            self._insert(series_id, times, values)
            uncovered = max(0, chunks - replaced)
        self._note(series_id, times, values, uncovered + pyramid.holes)

    def finish(self) -> None:
        """Write what the chunks share: the columns of instants and what is newest."""
        self._times.flush()
        if self._latest:
            put_latest(self._connection, self._latest)
            self._latest = []

    def _near(self, series_id: int, start_ms: int, end_ms: int) -> list[Chunk]:
        """The chunks that a stretch overlaps, and small ones next to it."""
        chunks = map(Chunk.of, rows(self._connection, _NEAR, series_id=series_id, start_ms=start_ms, end_ms=end_ms))
        return [
            chunk
            for chunk in chunks
            if (chunk.end_ms >= start_ms and chunk.start_ms <= end_ms) or chunk.columns.samples < JOIN_BELOW_SAMPLES
        ]

    def _insert(self, series_id: int, times: Instants, values: Values) -> None:
        inserted: list[Row] = []
        for start in range(0, len(times), CHUNK_SAMPLES):
            inside = slice(start, start + CHUNK_SAMPLES)
            times_id, packed_times = self._times.use(times[inside])
            columns = packed(packed_times, values[inside])
            inserted.append(_row(series_id, times_id, columns) | statistics_of(times[inside], values[inside]))
        self._connection.execute(_INSERT, inserted)

    def _insert_many(self, series_id: int, times: Instants, values: Values, pyramid: Pyramid) -> None:
        """Pack in threads beside this one, and raise the pyramid at once: the samples are at hand."""
        with ThreadPoolExecutor(PACKING_THREADS, "store-packing") as threads:
            for start in range(0, len(times), CHUNK_SAMPLES * CHUNKS_AT_ONCE):
                inside = slice(start, start + CHUNK_SAMPLES * CHUNKS_AT_ONCE)
                few, numbers = times[inside], values[inside]
                starts = np.arange(0, len(few), CHUNK_SAMPLES)
                used = [self._times.use(few[at : at + CHUNK_SAMPLES]) for at in starts]
                columns = [
                    threads.submit(packed, packed_times, numbers[at : at + CHUNK_SAMPLES])
                    for at, (_, packed_times) in zip(starts, used, strict=True)
                ]
                levels = pyramid.summaries(few, numbers, starts)
                told = _statistics_of_blocks(levels[1], numbers)
                inserted = [
                    _row(series_id, times_id, one.result()) | statistics
                    for (times_id, _), one, statistics in zip(used, columns, told, strict=True)
                ]
                self._connection.execute(_INSERT, inserted)
                pyramid.add(levels if inside.stop < len(times) else without_last(levels))

    def _note(self, series_id: int, times: Instants, values: Values, unsummarised: int) -> None:
        self._latest.append(
            {
                "series_id": series_id,
                "first_ms": int(times[0]),
                "last_ms": int(times[-1]),
                "last_value": number_or_none(values[-1]),
                "unsummarised": unsummarised,
            }
        )


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


def _row(series_id: int, times_id: int, columns: PackedColumns) -> Row:
    return {"series_id": series_id, "times_id": times_id, "digest": columns.digest, "payload": columns.values}


def _statistics_of_blocks(chunks: Blocks, values: Values) -> Iterator[Row]:
    """As `statistics_of`, for chunks of full length that follow one another."""
    for i in range(len(chunks)):
        mine = values[i * CHUNK_SAMPLES : (i + 1) * CHUNK_SAMPLES]
        yield {
            "start_ms": int(chunks.start_ms[i]),
            "end_ms": int(chunks.end_ms[i]),
            "samples": len(mine),
            "numbers": int(chunks.counts[i]),
            "low": number_or_none(float(chunks.low[i])),
            "high": number_or_none(float(chunks.high[i])),
            "total": number_or_none(float(chunks.total[i])) if chunks.counts[i] else 0.0,
            "first_value": number_or_none(mine[0]),
            "last_value": number_or_none(mine[-1]),
        }


def put_latest(connection: Connection, latest: Sequence[Row]) -> None:
    """Note what is first and newest of series, each row beside what is known of its series."""
    statement = upsert(connection, series_latest)
    given, known = statement.excluded, series_latest.c
    newer = given.last_ms >= known.last_ms
    better = {
        "first_ms": case((given.first_ms < known.first_ms, given.first_ms), else_=known.first_ms),
        "last_ms": case((newer, given.last_ms), else_=known.last_ms),
        "last_value": case((newer, given.last_value), else_=known.last_value),
        "unsummarised": known.unsummarised + given.unsummarised,
    }
    connection.execute(statement.on_conflict_do_update(index_elements=["series_id"], set_=better), list(latest))

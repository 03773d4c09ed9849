"""Packing samples into chunks: beside what was packed before, in place of small neighbours, summarised when many."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from sqlalchemy import Connection, LargeBinary, bindparam, text

from quarterdeck.analysis.blocks import Blocks
from quarterdeck.storage.series_chunks import Chunk, chunks_near, number_or_none, statistics_of
from quarterdeck.storage.series_codec import Damaged, Instants, PackedColumns, Values, in_time, packed
from quarterdeck.storage.series_pyramid import COVERED_CHUNKS, Levels, Pyramid, pyramids_of, without_last
from quarterdeck.storage.series_times import TimesBook
from quarterdeck.storage.transaction import Row, WriteTransaction

CHUNK_SAMPLES = 4096
"""At most so many samples a chunk: larger ones make the last hour of many series slow."""

CHUNKS_AT_ONCE = 256
"""So many chunks of a long stretch are packed side by side before they are written."""

PACKING_THREADS = 2

BLOCKS_TOGETHER = 65_536
"""So many blocks of a long stretch are written in one go: pages that follow one another are read at once."""

JOIN_BELOW_SAMPLES = 2560
"""A neighbour smaller than that is taken up when samples are added beside it."""

_DELETE = text("DELETE FROM series_chunk WHERE id = :id")
_INSERT = text(
    "INSERT INTO series_chunk (series_id, start_ms, end_ms, samples, numbers, low, high, total, first_value, "
    "last_value, times_id, digest, payload) VALUES (:series_id, :start_ms, :end_ms, :samples, :numbers, :low, :high, "
    ":total, :first_value, :last_value, :times_id, :digest, :payload)"
).bindparams(bindparam("digest", type_=LargeBinary), bindparam("payload", type_=LargeBinary))

_PUT_LATEST = text(
    "INSERT INTO series_latest (series_id, first_ms, last_ms, last_value, unsummarised) "
    "VALUES (:series_id, :first_ms, :last_ms, :last_value, :unsummarised) ON CONFLICT (series_id) DO UPDATE SET "
    "first_ms = CASE WHEN excluded.first_ms < series_latest.first_ms THEN excluded.first_ms "
    "ELSE series_latest.first_ms END, "
    "last_value = CASE WHEN excluded.last_ms >= series_latest.last_ms THEN excluded.last_value "
    "ELSE series_latest.last_value END, "
    "last_ms = CASE WHEN excluded.last_ms >= series_latest.last_ms THEN excluded.last_ms "
    "ELSE series_latest.last_ms END, "
    "unsummarised = series_latest.unsummarised + excluded.unsummarised"
)


class ChunkWriter:
    """Packs samples within one transaction, of a few series at a time; `finish` writes what all of them share."""

    def __init__(self, transaction: WriteTransaction) -> None:
        self._connection = transaction.connection
        self._times = TimesBook(self._connection)
        self._latest: list[Row] = []
        self._deleted: list[Row] = []
        self._inserted: list[Row] = []

    def add(self, samples: Mapping[int, tuple[Instants, Values]]) -> None:
        """Pack samples (ordered, one an instant) among the chunks of their series; they stand over what was packed.

        What falls where samples were thinned out is left out: only the pyramid tells of that.
        """
        wanted = {series_id: columns for series_id, columns in samples.items() if len(columns[0])}
        if not wanted:
            return
        start_ms = min(int(times[0]) for times, _ in wanted.values())
        end_ms = max(int(times[-1]) for times, _ in wanted.values())
        near: dict[int, list[Chunk]] = defaultdict(list)
        for chunk in chunks_near(self._connection, list(wanted), start_ms, end_ms):
            near[chunk.series_id].append(chunk)
            start_ms, end_ms = min(start_ms, chunk.start_ms), max(end_ms, chunk.end_ms)
        for pyramid in pyramids_of(self._connection, list(wanted), start_ms, end_ms):
            for times, values in pyramid.beside_thinned(*wanted[pyramid.series_id]):
                self._add(pyramid, near[pyramid.series_id], times, values)
        self._write_rows()

    def finish(self) -> None:
        """Write what the chunks share: the columns of instants and what is newest."""
        self._times.flush()
        if self._latest:
            put_latest(self._connection, self._latest)
            self._latest = []

    def _add(self, pyramid: Pyramid, near: Sequence[Chunk], times: Instants, values: Values) -> None:
        parts: list[tuple[Instants, Values]] = []
        for chunk in _to_join(near, pyramid, int(times[0]), int(times[-1])):
            try:
                parts.append(chunk.samples())
            except Damaged:
                continue  # it stays where it is, for the check of the store to name
            self._deleted.append({"id": chunk.id})
            self._times.release(chunk.times_id)
        replaced = len(parts)
        if parts:
            joined = [np.concatenate(columns) for columns in zip(*parts, (times, values), strict=True)]
            times, values = in_time(joined[0], joined[1])
        pyramid.cut(int(times[0]), int(times[-1]))
        chunks = -(-len(times) // CHUNK_SAMPLES)
        if chunks > COVERED_CHUNKS:
            self._write_rows()
            self._insert_many(pyramid, times, values)
            uncovered = 1
        else:
            self._insert(pyramid.series_id, times, values)
            uncovered = max(0, chunks - replaced)
        self._note(pyramid.series_id, times, values, uncovered + pyramid.holes)

    def _write_rows(self) -> None:
        if self._deleted:
            self._connection.execute(_DELETE, self._deleted)
        if self._inserted:
            self._connection.execute(_INSERT, self._inserted)
        self._deleted, self._inserted = [], []

    def _insert(self, series_id: int, times: Instants, values: Values) -> None:
        for start in range(0, len(times), CHUNK_SAMPLES):
            inside = slice(start, start + CHUNK_SAMPLES)
            times_id, packed_times = self._times.use(times[inside])
            columns = packed(packed_times, values[inside])
            self._inserted.append(_row(series_id, times_id, columns) | statistics_of(times[inside], values[inside]))

    def _insert_many(self, pyramid: Pyramid, times: Instants, values: Values) -> None:
        """Pack in threads beside this one, and raise the pyramid as well: the samples are at hand."""
        raised: list[Levels] = []
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
                    _row(pyramid.series_id, times_id, one.result()) | statistics
                    for (times_id, _), one, statistics in zip(used, columns, told, strict=True)
                ]
                self._connection.execute(_INSERT, inserted)
                raised.append(levels if inside.stop < len(times) else without_last(levels))
                if inside.stop >= len(times) or sum(len(lowest) for lowest, _ in raised) >= BLOCKS_TOGETHER:
                    lowest, chunks = map(Blocks.joined, zip(*raised, strict=True))
                    pyramid.add((lowest, chunks))
                    raised = []

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


def _to_join(near: Sequence[Chunk], pyramid: Pyramid, start_ms: int, end_ms: int) -> list[Chunk]:
    """Of chunks in time, those that a stretch overlaps, and the one before and after it if they are small."""
    overlapped = [chunk for chunk in near if chunk.end_ms >= start_ms and chunk.start_ms <= end_ms]
    beside = [*(chunk for chunk in near if chunk.end_ms < start_ms)][-1:]
    beside += [*(chunk for chunk in near if chunk.start_ms > end_ms)][:1]
    small = [one for one in beside if one.columns.samples < JOIN_BELOW_SAMPLES]
    return overlapped + [one for one in small if pyramid.on_one_side(start_ms, one.start_ms)]


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
    connection.execute(_PUT_LATEST, list(latest))

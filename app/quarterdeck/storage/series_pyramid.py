"""The pyramid over the chunks: segments of summaries, contiguous and apart from the samples.

A block of level 0 summarises up to 256 samples, one of level 1 a chunk. Each segment covers whole chunks of one series
that follow one another, and both levels cover the same; what no segment covers is read from the chunks. So a segment
may come late, or be cut when samples come late, and nobody sees a difference.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sqlalchemy import Connection, LargeBinary, bindparam, text
from sqlalchemy import Row as SqlRow

from quarterdeck.analysis.blocks import Blocks, summarised
from quarterdeck.domain.series import SeriesKind
from quarterdeck.storage.series_codec import Instants, Values, digest_of, pack, unpack_into
from quarterdeck.storage.series_sql import rows, rows_of
from quarterdeck.storage.table_columns import FOREVER

BLOCK_SAMPLES = 256
LEVELS = (0, 1)
SEGMENT_BLOCKS = 4096
COVERED_CHUNKS = 16
"""So many chunks at least are worth a segment at the newest end."""
BEHIND_CHUNKS = COVERED_CHUNKS + 1
"""With so many chunks outside the pyramid, the newest among them, a series is due."""

_CUT_FROM = 4
"""A segment is cut once a quarter of it is to go."""

Levels = tuple[Blocks, Blocks]

_CONSTANT, _PACKED = 0, 1
_COLUMN = struct.Struct("<BI")

_HEADER = "SELECT id, series_id, level, start_ms, end_ms, blocks, samples FROM series_pyramid "
_HEADERS = _HEADER + (
    "WHERE series_id IN ({ids}) AND level = {level} AND start_ms < {end_ms} AND end_ms >= {start_ms} "
    "ORDER BY series_id, start_ms"
)
_BEFORE = _HEADER + (
    "WHERE series_id = {series_id} AND level = {level} AND end_ms < {start_ms} ORDER BY start_ms DESC LIMIT 1"
)
_PAYLOADS = "SELECT id, blocks, digest, payload FROM series_pyramid WHERE id IN ({ids})"
_DELETE = text("DELETE FROM series_pyramid WHERE id = :id")
_INSERT = text(
    "INSERT INTO series_pyramid (series_id, level, start_ms, end_ms, blocks, samples, digest, payload) "
    "VALUES (:series_id, :level, :start_ms, :end_ms, :blocks, :samples, :digest, :payload)"
).bindparams(bindparam("digest", type_=LargeBinary), bindparam("payload", type_=LargeBinary))
_CHUNK_BETWEEN = (
    "SELECT 1 FROM series_chunk WHERE series_id = {series_id} "
    "AND start_ms > {after_ms} AND start_ms < {before_ms} LIMIT 1"
)
_FORGOTTEN_BETWEEN = (
    "SELECT 1 FROM series_pyramid WHERE series_id = {series_id} AND level = 1 "
    "AND start_ms < {before_ms} AND end_ms > {after_ms} LIMIT 1"
)
_SERIES = (
    "SELECT s.id, s.kind, l.thinned_from_ms, l.thinned_to_ms FROM series s "
    "LEFT JOIN series_latest l ON l.series_id = s.id WHERE s.id IN ({ids})"
)


@dataclass(frozen=True, slots=True)
class Segment:
    """What a segment's row tells without its blocks; `start_ms` and `end_ms` are its first and last sample's."""

    id: int
    series_id: int
    level: int
    start_ms: int
    end_ms: int
    blocks: int
    samples: int

    @classmethod
    def of(cls, row: SqlRow[Any]) -> Segment:
        return cls(row.id, row.series_id, row.level, row.start_ms, row.end_ms, row.blocks, row.samples)


def segments_in(
    connection: Connection, series_ids: Sequence[int], level: int, start_ms: int, end_ms: int
) -> list[Segment]:
    """Segments of a level that may hold samples of series in `[start_ms, end_ms)`, by series and time."""
    found = rows_of(connection, _HEADERS, series_ids, level=level, start_ms=start_ms, end_ms=end_ms)
    return list(map(Segment.of, found))


def readable_segments(connection: Connection, segment_ids: Sequence[int]) -> dict[int, SqlRow[Any]]:
    """Rows with the packed blocks of segments, by number, without damaged ones."""
    found = rows_of(connection, _PAYLOADS, segment_ids)
    return {row.id: row for row in found if digest_of(row.payload) == row.digest}


def joined_blocks(segments: Sequence[SqlRow[Any]], *, counter: bool) -> Blocks:
    """The blocks of segments one after the other; without what only a counter needs."""
    length = sum(row.blocks for row in segments)
    integers = [np.empty(length, np.int64) for _ in range(3)]
    floats = [np.empty(length) for _ in range(6 if counter else 4)]
    columns = [*integers, *floats]
    at = 0
    for row in segments:
        _unpack_segment(row, [column[at : at + row.blocks] for column in columns])
        at += row.blocks
    start_ms, end_ms, counts = integers
    end_ms += start_ms
    unknown = np.broadcast_to(np.nan, length)
    low, high, total, last, first, rise = [*floats, unknown, unknown][:6]
    return Blocks(start_ms, end_ms, low, high, total, counts, first, last, rise)


def _unpack_segment(row: SqlRow[Any], columns: Sequence[Instants | Values]) -> None:
    payload: bytes = row.payload
    at = 0
    for column in columns:
        form, size = _COLUMN.unpack_from(payload, at)
        at += _COLUMN.size
        body = payload[at : at + size]
        at += size
        if form == _CONSTANT:
            column[:] = np.frombuffer(body, column.dtype)[0]
        else:
            unpack_into(body, column)


def pyramids_of(connection: Connection, series_ids: Sequence[int], start_ms: int, end_ms: int) -> list[Pyramid]:
    """The pyramids of series, to be changed between two instants only, both included."""
    raised = {one.series_id for one in segments_in(connection, series_ids, 1, start_ms, end_ms + 1)}
    found = rows_of(connection, _SERIES, series_ids)
    return [Pyramid(connection, row, is_raised=row.id in raised) for row in found]


def pyramid_of(connection: Connection, series_id: int) -> Pyramid:
    """The pyramid of a series, to be shortened."""
    (row,) = rows_of(connection, _SERIES, [series_id])
    return Pyramid(connection, row, is_raised=True)


class Pyramid:
    """The segments of one series, for the writer within one transaction; `holes` says what cutting left to mend."""

    def __init__(self, connection: Connection, row: SqlRow[Any], *, is_raised: bool) -> None:
        self._connection = connection
        self.series_id: int = row.id
        self._is_counter = row.kind == SeriesKind.COUNTER
        self._is_raised = is_raised
        self.thinned: tuple[int, int] | None = None
        if row.thinned_to_ms is not None:
            self.thinned = (row.thinned_from_ms, row.thinned_to_ms)
        self.holes = 0

    def beside_thinned(self, times: Instants, values: Values) -> list[tuple[Instants, Values]]:
        """Samples before and after where single samples are no longer kept, each part only if it has any."""
        if self.thinned is None:
            return [(times, values)] if len(times) else []
        before, after = np.searchsorted(times, self.thinned)
        parts = [(times[:before], values[:before]), (times[after:], values[after:])]
        return [part for part in parts if len(part[0])]

    def on_one_side(self, start_ms: int, other_ms: int) -> bool:
        """Whether two instants do not lie on different sides of where single samples are no longer kept."""
        return self.thinned is None or (start_ms < self.thinned[1]) == (other_ms < self.thinned[1])

    def cut(self, start_ms: int, end_ms: int) -> None:
        """Take out the blocks that samples between two instants, both included, change or lie between."""
        if not self._is_raised:
            return
        for level in LEVELS:
            for segment in segments_in(self._connection, [self.series_id], level, start_ms, end_ms + 1):
                blocks = self._taken(segment)
                if blocks is not None:
                    self._put(level, blocks.at(blocks.end_ms < start_ms))
                    self._put(level, blocks.at(blocks.start_ms > end_ms))
                self.holes = BEHIND_CHUNKS

    def forget_fine(self, before_ms: int) -> None:
        """Take away blocks of level 0 before an instant, of whole chunks only, so that level 1 stands for them."""
        if not self._worth_cutting(0, before_ms):
            return
        for segment in segments_in(self._connection, [self.series_id], 1, before_ms, before_ms + 1):
            row = readable_segments(self._connection, [segment.id]).get(segment.id)
            if row is None:
                return
            chunks = joined_blocks([row], counter=False)
            before_ms = int(chunks.start_ms[np.searchsorted(chunks.end_ms, before_ms)])
        self._forget(0, before_ms)

    def forget_coarse(self, before_ms: int) -> bool:
        """Take away blocks of level 1 that end before an instant; whether there were any."""
        if not self._worth_cutting(1, before_ms):
            return False
        self._forget(1, before_ms)
        return True

    def _worth_cutting(self, level: int, before_ms: int) -> list[Segment]:
        """Segments with a good part before an instant: cutting them for each block would write them over and over."""
        found = segments_in(self._connection, [self.series_id], level, -FOREVER, before_ms)
        return [one for one in found if _CUT_FROM * (before_ms - one.start_ms) >= one.end_ms - one.start_ms]

    def _forget(self, level: int, before_ms: int) -> None:
        for segment in self._worth_cutting(level, before_ms):
            blocks = self._taken(segment)
            if blocks is not None:
                self._put(level, blocks.at(blocks.end_ms >= before_ms))

    def summaries(self, times: Instants, values: Values, chunks: Instants) -> Levels:
        """Both levels over samples of whole chunks that follow one another, each beginning at one of the positions."""
        samples = Blocks.of_samples(times, values)
        blocks_of = -(-np.diff(np.append(chunks, len(times))) // BLOCK_SAMPLES)
        firsts = np.append(0, np.cumsum(blocks_of)[:-1])
        within = np.arange(int(blocks_of.sum())) - np.repeat(firsts, blocks_of)
        starts = np.repeat(chunks, blocks_of) + within * BLOCK_SAMPLES
        lowest = summarised(samples, starts, counter=self._is_counter)
        return lowest, summarised(lowest, firsts, counter=self._is_counter)

    def add(self, levels: Levels) -> None:
        """Take in summaries of chunks; small segments before them are taken up.

        So there are few segments, and each block is written a few times only.
        """
        for level, blocks in zip(LEVELS, levels, strict=True):
            if len(blocks):
                self._put(level, self._with_small_before(level, blocks))

    def _with_small_before(self, level: int, blocks: Blocks) -> Blocks:
        while True:
            start_ms = int(blocks.start_ms[0])
            before = rows(self._connection, _BEFORE, series_id=self.series_id, level=level, start_ms=start_ms)
            if not before or not self._may_join(Segment.of(before[0]), blocks):
                return blocks
            taken = self._taken(Segment.of(before[0]))
            if taken is None:
                return blocks
            blocks = Blocks.joined([taken, blocks])

    def _may_join(self, before: Segment, blocks: Blocks) -> bool:
        """Whether a segment is no longer than blocks after it, both fit in one, and nothing lies between."""
        if before.blocks > len(blocks) or before.blocks + len(blocks) > SEGMENT_BLOCKS:
            return False
        between = {"series_id": self.series_id, "after_ms": before.end_ms, "before_ms": int(blocks.start_ms[0])}
        return not rows(self._connection, _CHUNK_BETWEEN, **between) and not rows(
            self._connection, _FORGOTTEN_BETWEEN, **between
        )

    def _taken(self, segment: Segment) -> Blocks | None:
        """The blocks of a segment, which is gone from the store; None for a damaged one, which stays to be named."""
        row = readable_segments(self._connection, [segment.id]).get(segment.id)
        if row is None:
            return None
        self._connection.execute(_DELETE, {"id": segment.id})
        return joined_blocks([row], counter=self._is_counter)

    def _put(self, level: int, blocks: Blocks) -> None:
        for start in range(0, len(blocks), SEGMENT_BLOCKS):
            self._insert(level, blocks.at(slice(start, start + SEGMENT_BLOCKS)))

    def _insert(self, level: int, blocks: Blocks) -> None:
        payload = _payload(blocks, counter=self._is_counter)
        row = {
            "series_id": self.series_id,
            "level": level,
            "start_ms": int(blocks.start_ms[0]),
            "end_ms": int(blocks.end_ms[-1]),
            "blocks": len(blocks),
            "samples": int(blocks.counts.sum()),
            "digest": digest_of(payload),
            "payload": payload,
        }
        self._connection.execute(_INSERT, row)


def without_last(levels: Levels) -> Levels:
    """Both levels without the last chunk, which may still grow."""
    lowest, chunks = levels
    return lowest.at(lowest.start_ms < chunks.start_ms[-1]), chunks.at(slice(0, -1))


def _payload(blocks: Blocks, *, counter: bool) -> bytes:
    """Column after column; what only a counter needs is left out for others."""
    unknown = np.full(len(blocks), np.nan)
    of_a_counter = [blocks.first, blocks.rise] if counter else [unknown, unknown]
    columns = [blocks.start_ms, blocks.end_ms - blocks.start_ms, blocks.counts]
    return b"".join(map(_column, [*columns, blocks.low, blocks.high, blocks.total, blocks.last, *of_a_counter]))


def _column(column: Instants | Values) -> bytes:
    bits = column.view(np.int64)
    if (bits == bits[0]).all():
        body, form = bits[:1].tobytes(), _CONSTANT
    else:
        body, form = pack(column), _PACKED
    return _COLUMN.pack(form, len(body)) + body

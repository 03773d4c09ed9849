"""Many samples in few columns: from the pyramid where it stands and is sharp enough, from the samples elsewhere."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sqlalchemy import Row as SqlRow

from quarterdeck.analysis.blocks import Blocks, in_columns, reaching_over
from quarterdeck.analysis.columns import Columns, Instants, Values, gathered
from quarterdeck.services.ports import Precision
from quarterdeck.storage.series_chunks import Chunk, chunks_in
from quarterdeck.storage.series_pyramid import Segment, joined_blocks, readable_segments, segments_in
from quarterdeck.storage.series_reading import Found, Layers, Samples

RAW_SAMPLES = 2**18
"""So many samples over all series asked are read one by one: the answer is exact then."""

TOLERANCE = {Precision.FIRST: 1 / 12, Precision.REFINED: 1 / 100, Precision.EXACT: 0.0}
"""By how much of a column a summary may reach over its edge."""

_BLOCKS_A_CHUNK = 16
_MANY_STRETCHES = 0.25
"""From this share of a range's chunks on, one search for all of them is cheaper than one for each stretch."""

Stretch = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A series to read: its number, whether it is a counter, and where its single samples were thinned out."""

    series_id: int
    is_counter: bool
    thinned: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """A series in columns; `increase` for a counter, `is_sharp` where no summary was taken whole over an edge."""

    columns: Columns
    increase: Values | None = None
    damaged: bool = False
    is_sharp: bool = True

    @classmethod
    def empty(cls, edges_ms: Instants) -> Drawn:
        """Of a series that has nothing here."""
        return cls(gathered(np.empty(0, np.int64), np.empty(0), edges_ms))


@dataclass(slots=True, eq=False)
class _Mix:
    """A series on its way: its blocks, what lies over them, and the stretches to read sample by sample."""

    wanted: Wanted
    blocks: Blocks
    over: Samples
    damaged: bool
    stretches: list[Stretch]


class Drawing:
    """Draws series over one range into the columns between edges."""

    def __init__(
        self, layers: Layers, edges_ms: Instants, precision: Precision, *, raw_samples: int = RAW_SAMPLES
    ) -> None:
        self._layers = layers
        self._raw_samples = raw_samples
        self._edges_ms = edges_ms
        self._start_ms, self._end_ms = int(edges_ms[0]), int(edges_ms[-1])
        self._tolerance_ms = TOLERANCE[precision] * (self._end_ms - self._start_ms) / (len(edges_ms) - 1)

    def drawn(self, wanted: Sequence[Wanted]) -> dict[int, Drawn]:
        """Each series in columns, by number."""
        segments = self._segments([one.series_id for one in wanted], level=1)
        few = sum(map(self._samples_of, segments.values())) <= self._raw_samples
        raw = [one for one in wanted if one.series_id not in segments or (few and not self._is_thinned(one))]
        found = self._layers.samples([one.series_id for one in raw], self._start_ms, self._end_ms)
        drawn = {one.series_id: self._from_samples(one, found[one.series_id]) for one in raw}
        mixes = self._mixes([one for one in wanted if one.series_id not in drawn], segments)
        together = self._chunks_together(mixes)
        return drawn | {mix.wanted.series_id: self._mixed(mix, together[mix.wanted.series_id]) for mix in mixes}

    def _segments(self, series_ids: Sequence[int], *, level: int) -> dict[int, list[Segment]]:
        by_series: dict[int, list[Segment]] = defaultdict(list)
        for segment in segments_in(self._layers.connection, series_ids, level, self._start_ms, self._end_ms):
            by_series[segment.series_id].append(segment)
        return by_series

    def _samples_of(self, segments: Sequence[Segment]) -> float:
        """About how many samples of segments lie in the range."""
        total = 0.0
        for segment in segments:
            inside = min(segment.end_ms, self._end_ms) - max(segment.start_ms, self._start_ms)
            total += segment.samples * inside / max(1, segment.end_ms - segment.start_ms)
        return total

    def _is_thinned(self, one: Wanted) -> bool:
        return one.thinned is not None and one.thinned[0] < self._end_ms and one.thinned[1] > self._start_ms

    def _from_samples(self, one: Wanted, found: Found) -> Drawn:
        times, values = kept(one, found).between(self._start_ms, self._end_ms)
        increase = None
        if one.is_counter:
            _, increase = in_columns([Blocks.of_samples(times, values)], self._edges_ms, counter=True)
        return Drawn(gathered(times, values, self._edges_ms), increase, found.damaged)

    def _mixes(self, wanted: Sequence[Wanted], segments: Mapping[int, list[Segment]]) -> list[_Mix]:
        if not wanted:
            return []
        series_ids = [one.series_id for one in wanted]
        chosen = {series_id: segments[series_id] for series_id in series_ids}
        finer = self._segments([i for i in series_ids if self._needs_finer(segments[i])], level=0)
        thinned = {one.series_id for one in wanted if one.thinned is not None}
        chosen |= {i: some + segments[i] if i in thinned else some for i, some in finer.items()}
        rows = readable_segments(self._layers.connection, [one.id for some in chosen.values() for one in some])
        recent = self._layers.recent(series_ids, self._start_ms, self._end_ms)
        mixes: list[_Mix] = []
        for one in wanted:
            readable = [segment for segment in chosen[one.series_id] if segment.id in rows]
            blocks = self._inside(_finest(readable, rows, counter=one.is_counter))
            over = kept(one, recent[one.series_id]).between(self._start_ms, self._end_ms)
            damaged = recent[one.series_id].damaged
            mixes.append(
                _Mix(one, blocks, over, damaged, self._uncovered(readable) + self._unfit(one, blocks, over[0]))
            )
        return mixes

    def _needs_finer(self, segments: Sequence[Segment]) -> bool:
        """Whether blocks of a chunk each are longer than the tolerance, and those of the level below are not."""
        blocks = sum(segment.blocks for segment in segments)
        length_ms = sum(segment.end_ms - segment.start_ms for segment in segments) / max(1, blocks)
        return length_ms > self._tolerance_ms >= length_ms / _BLOCKS_A_CHUNK

    def _inside(self, blocks: Blocks) -> Blocks:
        """The blocks that lie in the range, at least in part."""
        first = int(np.searchsorted(blocks.end_ms, self._start_ms))
        last = int(np.searchsorted(blocks.start_ms, self._end_ms))
        return blocks.at(slice(first, last))

    def _unfit(self, one: Wanted, blocks: Blocks, times: Instants) -> list[Stretch]:
        """Where blocks reach over an edge too far, or samples over them change what they tell."""
        bounds = np.searchsorted(blocks.start_ms, self._edges_ms)
        over_edges = reaching_over(blocks, self._edges_ms, bounds)[1]
        too_long = over_edges[blocks.end_ms[over_edges] - blocks.start_ms[over_edges] > self._tolerance_ms]
        touched = reaching_over(blocks, times, np.searchsorted(blocks.start_ms, times, "right"))[1]
        unfit = np.sort(np.append(too_long, touched))
        unfit = unfit[np.diff(unfit, prepend=-1) > 0]
        if one.thinned is not None:
            start_ms, end_ms = one.thinned
            unfit = unfit[(blocks.start_ms[unfit] < start_ms) | (blocks.end_ms[unfit] >= end_ms)]
        if len(unfit) > _MANY_STRETCHES * len(blocks):
            return [(self._start_ms, self._end_ms)]
        return [(int(blocks.start_ms[i]), int(blocks.end_ms[i]) + 1) for i in unfit]

    def _uncovered(self, segments: Sequence[Segment]) -> list[Stretch]:
        """The stretches of the range between and beside segments."""
        stretches: list[Stretch] = []
        reached = self._start_ms
        for segment in sorted(segments, key=lambda one: one.start_ms):
            if segment.start_ms > reached:
                stretches.append((reached, segment.start_ms))
            reached = max(reached, segment.end_ms + 1)
        if reached < self._end_ms:
            stretches.append((reached, self._end_ms))
        return stretches

    def _chunks_together(self, mixes: Sequence[_Mix]) -> dict[int, dict[int, Chunk]]:
        """By series, the chunks in its stretches, by number; stretches that several have are read once for all."""
        by_stretch: dict[Stretch, list[int]] = defaultdict(list)
        for mix in mixes:
            for stretch in mix.stretches:
                by_stretch[stretch].append(mix.wanted.series_id)
        found: dict[int, dict[int, Chunk]] = defaultdict(dict)
        for (start_ms, end_ms), series_ids in by_stretch.items():
            for chunk in chunks_in(self._layers.connection, series_ids, start_ms, end_ms):
                found[chunk.series_id][chunk.id] = chunk
        return found

    def _mixed(self, mix: _Mix, chunks: Mapping[int, Chunk]) -> Drawn:
        """Blocks where they fit, the samples of whole chunks in their place where they do not."""
        samples: list[Samples] = []
        replaced: list[Stretch] = []
        for chunk in chunks.values():
            if (read := self._layers.samples_of(chunk)) is None:
                mix.damaged = True
            else:
                samples.append(read)
                replaced.append((chunk.start_ms, chunk.end_ms))
        exact = Blocks.of_samples(*Found([*samples, mix.over]).between(self._start_ms, self._end_ms))
        blocks = _without(mix.blocks, replaced)
        parts = [blocks, exact]
        if len(blocks) and len(exact) and exact.start_ms[0] <= blocks.end_ms[-1]:
            parts = [Blocks.joined(parts)]
        columns, increase = in_columns(parts, self._edges_ms, counter=mix.wanted.is_counter)
        over_edges = reaching_over(blocks, self._edges_ms, np.searchsorted(blocks.start_ms, self._edges_ms))[1]
        increase = increase if mix.wanted.is_counter else None
        return Drawn(columns, increase, mix.damaged, is_sharp=not len(over_edges))


def _finest(segments: Sequence[Segment], rows: Mapping[int, SqlRow[Any]], *, counter: bool) -> Blocks:
    """The blocks of segments; of level 1 only those whose finer ones were thinned out, where both levels are given."""
    fine = [segment for segment in segments if segment.level == 0]
    coarse = [segment for segment in segments if segment.level == 1]
    blocks = joined_blocks([rows[segment.id] for segment in coarse], counter=counter)
    if not fine:
        return blocks
    blocks = _without(blocks, [(segment.start_ms, segment.end_ms) for segment in fine])
    return Blocks.joined([blocks, joined_blocks([rows[segment.id] for segment in fine], counter=counter)])


def kept(one: Wanted, found: Found) -> Found:
    """Without what lies where single samples were thinned out."""
    if one.thinned is None:
        return found
    start_ms, end_ms = one.thinned
    parts: list[Samples] = []
    for times, values in found.parts:
        kept = (times < start_ms) | (times >= end_ms)
        parts.append((times[kept], values[kept]))
    return Found(parts, found.damaged)


def _without(blocks: Blocks, replaced: Sequence[Stretch]) -> Blocks:
    """Without those that begin in any of some stretches, given by their first and last instants."""
    if not replaced or not len(blocks):
        return blocks
    ranges = np.array(sorted(replaced), np.int64)
    if ranges[0, 0] > blocks.start_ms[-1]:
        return blocks
    before = np.searchsorted(ranges[:, 0], blocks.start_ms, "right") - 1
    return blocks.at((before < 0) | (blocks.start_ms > ranges[before, 1]))

"""What lies under series at one moment: samples from chunks, bundles and head put one over the other, and blocks.

Everything is read within one read transaction, the newest layer first, so that what moves on from one layer to the next
meanwhile is seen twice rather than not at all; seen twice it is the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from sqlalchemy import Connection

from quarterdeck.storage.series_bundles import Bundle, bundle_in, bundle_of, bundles_in
from quarterdeck.storage.series_chunks import Chunk, chunks_in
from quarterdeck.storage.series_codec import Damaged, Instants, Values, in_time, unpacked
from quarterdeck.storage.series_head import HeadView
from quarterdeck.storage.series_kept import Kept
from quarterdeck.storage.series_sql import rows
from quarterdeck.storage.series_times import REGULAR
from quarterdeck.storage.tables import FOREVER

Samples = tuple[Instants, Values]
_FIRST_BUNDLE = "SELECT min(id) FROM series_bundle"

NOTHING: Samples = (np.empty(0, np.int64), np.empty(0, np.float64))


def _times_bytes(times: Instants) -> int:
    return times.nbytes


def _bundle_bytes(bundle: Bundle) -> int:
    return bundle.nbytes


@dataclass(frozen=True, slots=True)
class Decoded:
    """What readers decoded and may need again."""

    times: Kept[Instants] = field(default_factory=lambda: Kept[Instants](4 * 2**20, _times_bytes))
    bundles: Kept[Bundle] = field(default_factory=lambda: Kept[Bundle](16 * 2**20, _bundle_bytes))


@dataclass(slots=True)
class Found:
    """Samples of one series, and whether some could not be read."""

    parts: list[Samples] = field(default_factory=list[Samples])
    damaged: bool = False

    def between(self, start_ms: int, end_ms: int) -> Samples:
        """The parts put one over the other, cut to `[start_ms, end_ms)`."""
        if not self.parts:
            return NOTHING
        if len(self.parts) == 1:
            times, values = in_time(*self.parts[0])
        else:
            times, values = in_time(*map(np.concatenate, zip(*self.parts, strict=True)))
        first, last = np.searchsorted(times, [start_ms, end_ms])
        return times[first:last], values[first:last]


class Layers:
    """Reads the layers of series over one connection, within one read transaction."""

    def __init__(self, connection: Connection, generation: int, head: HeadView, decoded: Decoded) -> None:
        self.connection = connection
        self._generation = generation
        self._head = head
        self._decoded = decoded

    def recent(self, series_ids: Sequence[int], start_ms: int, end_ms: int) -> dict[int, Found]:
        """What is not in chunks yet: bundles, and the head over them."""
        found = {series_id: Found() for series_id in series_ids}
        by_bundle: dict[int, list[int]] = {}
        for series_id in series_ids:
            by_bundle.setdefault(bundle_of(series_id), []).append(series_id)
        first_id: int | None = rows(self.connection, _FIRST_BUNDLE)[0][0]
        self._decoded.bundles.forget_before(self._generation, FOREVER if first_id is None else first_id)
        for row in bundles_in(self.connection, series_ids, start_ms, end_ms):
            wanted = by_bundle[row.bundle]
            try:
                bundle = self._decoded.bundles.get(self._generation, row.id, lambda row=row: bundle_in(row))
            except Damaged:
                for series_id in wanted:
                    found[series_id].damaged = True
                continue
            for series_id in wanted:
                if (samples := bundle.samples(series_id)) is not None:
                    found[series_id].parts.append(samples)
        for series_id, samples in self._head.between(series_ids, start_ms, end_ms).items():
            found[series_id].parts.append(samples)
        return found

    def packed(self, series_ids: Sequence[int], start_ms: int, end_ms: int) -> Mapping[int, Found]:
        """What is in chunks, whole chunks of it."""
        found = {series_id: Found() for series_id in series_ids}
        for chunk in chunks_in(self.connection, series_ids, start_ms, end_ms):
            samples = self.samples_of(chunk)
            if samples is None:
                found[chunk.series_id].damaged = True
            else:
                found[chunk.series_id].parts.append(samples)
        return found

    def samples(self, series_ids: Sequence[int], start_ms: int, end_ms: int) -> dict[int, Found]:
        """All layers."""
        recent = self.recent(series_ids, start_ms, end_ms)
        packed = self.packed(series_ids, start_ms, end_ms)
        return {
            series_id: Found(packed[series_id].parts + over.parts, packed[series_id].damaged or over.damaged)
            for series_id, over in recent.items()
        }

    def samples_of(self, chunk: Chunk) -> Samples | None:
        """The samples of a chunk; None when it is damaged."""
        try:
            return unpacked(chunk.columns, self._times(chunk))
        except Damaged:
            return None

    def _times(self, chunk: Chunk) -> Instants:
        if chunk.times_id == REGULAR:
            return chunk.times()
        return self._decoded.times.get(self._generation, chunk.times_id, chunk.times)

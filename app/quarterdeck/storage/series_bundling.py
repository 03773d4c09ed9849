"""The head's samples on their way into bundles: a few neighbouring series after the other, so that a slice is short.

Batches that tell of the same series at one instant each, as a source's polls do, are laid into one table, a batch a
row: a bundle is a few columns of it then, and nothing has to be looked for.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from quarterdeck.storage.series_bundles import BUNDLE_SERIES, Bundle
from quarterdeck.storage.series_chunks import number_or_none
from quarterdeck.storage.series_codec import HeadColumns, Instants, Numbers, Values
from quarterdeck.storage.series_head import Extent
from quarterdeck.storage.tables import FOREVER
from quarterdeck.storage.transaction import Row

_SAMPLES_AT_ONCE = 32_768
_SHORT = 2**15

Latest = list[Row]


@dataclass(frozen=True, slots=True, eq=False)
class _Table:
    """Batches of the same series, ascending and each once, every batch at an instant of its own, later than before.

    `series` (n), `times` (m), `values` (m, n).
    """

    series: Numbers
    times: Instants
    values: Values

    def bundle(self, number: int) -> tuple[Bundle, Latest]:
        """The content of a bundle, and what is newest of its series."""
        first, last = np.searchsorted(self.series, [number * BUNDLE_SERIES, (number + 1) * BUNDLE_SERIES])
        series, values = self.series[first:last], np.ascontiguousarray(self.values[:, first:last].T)
        count = len(self.times)
        starts = np.arange(0, (len(series) + 1) * count, count, dtype=np.int64)
        content = Bundle(series, starts, np.tile(self.times, len(series)), values.reshape(-1))
        first_ms, last_ms = int(self.times[0]), int(self.times[-1])
        newest = zip(series.tolist(), values[:, -1].tolist(), strict=True)
        return content, [_newest(series_id, first_ms, last_ms, value) for series_id, value in newest]


@dataclass(frozen=True, slots=True, eq=False)
class HeadToBundle:
    """Batches of the head up to a row, how many samples each bundle will get, and the tables whole bundles lie in."""

    generation: int
    through_id: int
    batches: Sequence[HeadColumns]
    samples: npt.NDArray[np.int64]
    tables: Mapping[int, _Table]

    @classmethod
    def of(cls, generation: int, through_id: int, batches: Sequence[HeadColumns]) -> HeadToBundle:
        alike: dict[bytes, list[HeadColumns]] = defaultdict(list)
        shared: list[HeadColumns] = []
        for batch in batches:
            others = alike[batch.series.tobytes()]
            shared.append(HeadColumns(others[0].series if others else batch.series, batch.times, batch.values))
            others.append(shared[-1])
        kinds = list(alike.values())
        return cls(generation, through_id, shared, _counts(kinds), _tables(kinds))

    def bundles_after(self, bundle: int) -> Iterator[tuple[int, Bundle, Latest]]:
        """Bundle after bundle with greater numbers: its number, its content, and what is newest of its series."""
        present = np.flatnonzero(self.samples)
        present = present[present > bundle]
        while len(present):
            table = self.tables.get(int(present[0]))
            if table is not None:
                yield int(present[0]), *table.bundle(int(present[0]))
                present = present[1:]
            else:
                few = self._mixed_at_once(present)
                yield from self._bundles(present[:few])
                present = present[few:]

    def _mixed_at_once(self, present: npt.NDArray[np.int64]) -> int:
        """How many of the next bundles are in no table and have not too many samples together."""
        few = max(1, int(np.searchsorted(np.cumsum(self.samples[present]), _SAMPLES_AT_ONCE, "right")))
        return next((i for i in range(1, few) if int(present[i]) in self.tables), few)

    def _bundles(self, numbers: npt.NDArray[np.int64]) -> Iterator[tuple[int, Bundle, Latest]]:
        first, last = int(numbers[0]) * BUNDLE_SERIES, (int(numbers[-1]) + 1) * BUNDLE_SERIES
        parts: list[HeadColumns] = []
        known: Numbers | None = None
        at: npt.NDArray[np.int64] = np.empty(0, np.int64)
        for batch in self.batches:
            if batch.series is not known:
                known, at = batch.series, np.flatnonzero((batch.series >= first) & (batch.series < last))
            parts.append(HeadColumns(batch.series[at], batch.times[at], batch.values[at]))
        columns = HeadColumns.joined(parts)
        bundle_of = columns.series // BUNDLE_SERIES - int(numbers[0])
        if bundle_of.max() < _SHORT:
            bundle_of = bundle_of.astype(np.int16)  # 16 bits are sorted by counting
        order = np.argsort(bundle_of, kind="stable")
        bounds = np.searchsorted(bundle_of[order], [*(numbers - numbers[0]), numbers[-1] - numbers[0] + 1])
        for number, start, end in zip(numbers, bounds[:-1], bounds[1:], strict=True):
            inside = order[start:end]
            mine = HeadColumns(columns.series[inside], columns.times[inside], columns.values[inside])
            yield int(number), Bundle.of(mine), _latest(mine, int(number) * BUNDLE_SERIES)


def _tables(alike: Sequence[Sequence[HeadColumns]]) -> dict[int, _Table]:
    """From batches by their series: the table of each bundle that only one kind of batch tells of."""
    kinds: dict[int, int] = defaultdict(int)
    found: dict[int, _Table] = {}
    for batches in alike:
        table = _table_of(batches)
        for number in np.unique(batches[0].series // BUNDLE_SERIES).tolist():
            kinds[number] += 1
            if table is not None:
                found[number] = table
    return {number: table for number, table in found.items() if kinds[number] == 1}


def _table_of(batches: Sequence[HeadColumns]) -> _Table | None:
    """Batches of the same series as a table; None where they do not make one."""
    series = batches[0].series
    if not (np.diff(series) > 0).all() or not all((batch.times == batch.times[0]).all() for batch in batches):
        return None
    times = np.array([batch.times[0] for batch in batches], np.int64)
    if not (np.diff(times) > 0).all():
        return None
    return _Table(series, times, np.array([batch.values for batch in batches]))


def _counts(alike: Sequence[Sequence[HeadColumns]]) -> npt.NDArray[np.int64]:
    """Samples by the number of their bundle."""
    counts = np.zeros(1, np.int64)
    for batches in alike:
        added = np.bincount(batches[0].series // BUNDLE_SERIES, minlength=len(counts)).astype(np.int64) * len(batches)
        added[: len(counts)] += counts
        counts = added
    return counts


def _latest(columns: HeadColumns, first_id: int) -> Latest:
    relative = (columns.series - first_id).astype(np.int32)
    extent = Extent().with_batch(HeadColumns(relative, columns.times, columns.values))
    return [
        _newest(
            first_id + offset,
            int(extent.first_ms[offset]),
            int(extent.last_ms[offset]),
            float(extent.last_value[offset]),
        )
        for offset in np.flatnonzero(extent.first_ms != FOREVER).tolist()
    ]


def _newest(series_id: int, first_ms: int, last_ms: int, last_value: float) -> Row:
    return {
        "series_id": series_id,
        "first_ms": first_ms,
        "last_ms": last_ms,
        "last_value": number_or_none(last_value),
        "unsummarised": 0,
    }

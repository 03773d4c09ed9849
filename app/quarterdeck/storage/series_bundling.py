"""The head's samples on their way into bundles: a few neighbouring series after the other, so that a slice is short."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from quarterdeck.storage.series_bundles import BUNDLE_SERIES, Bundle
from quarterdeck.storage.series_chunks import number_or_none
from quarterdeck.storage.series_codec import HeadColumns, Numbers
from quarterdeck.storage.series_head import Extent
from quarterdeck.storage.tables import FOREVER
from quarterdeck.storage.transaction import Row

_SAMPLES_AT_ONCE = 32_768
_SHORT = 2**15


@dataclass(frozen=True, slots=True, eq=False)
class HeadToBundle:
    """Batches of the head up to a row, and how many samples each bundle will get."""

    generation: int
    through_id: int
    batches: Sequence[HeadColumns]
    samples: npt.NDArray[np.int64]

    @classmethod
    def of(cls, generation: int, through_id: int, batches: Sequence[HeadColumns]) -> HeadToBundle:
        shared: list[HeadColumns] = []
        samples = np.zeros(1, np.int64)
        for batch in batches:
            known = shared[-1].series if shared else None
            same = known is not None and np.array_equal(known, batch.series)
            shared.append(HeadColumns(known if same and known is not None else batch.series, batch.times, batch.values))
            added = np.bincount(batch.series // BUNDLE_SERIES, minlength=len(samples)).astype(np.int64)
            added[: len(samples)] += samples
            samples = added
        return cls(generation, through_id, shared, samples)

    def bundles_after(self, bundle: int) -> Iterator[tuple[int, Bundle, list[Row]]]:
        """Bundle after bundle with greater numbers: its number, its content, and what is newest of its series."""
        present = np.flatnonzero(self.samples)
        present = present[present > bundle]
        while len(present):
            few = max(1, int(np.searchsorted(np.cumsum(self.samples[present]), _SAMPLES_AT_ONCE, "right")))
            yield from self._bundles(present[:few])
            present = present[few:]

    def _bundles(self, numbers: npt.NDArray[np.int64]) -> Iterator[tuple[int, Bundle, list[Row]]]:
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


def _latest(columns: HeadColumns, first_id: int) -> list[Row]:
    relative = (columns.series - first_id).astype(np.int32)
    extent = Extent().with_batch(HeadColumns(relative, columns.times, columns.values))
    return [
        {
            "series_id": first_id + offset,
            "first_ms": int(extent.first_ms[offset]),
            "last_ms": int(extent.last_ms[offset]),
            "last_value": number_or_none(float(extent.last_value[offset])),
            "unsummarised": 0,
        }
        for offset in np.flatnonzero(extent.first_ms != FOREVER).tolist()
    ]

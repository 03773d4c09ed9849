"""Series as the services see them: which are wanted, and their samples at the width of a chart or one by one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

import numpy as np
import numpy.typing as npt

from quarterdeck.domain.instants import TimeRange
from quarterdeck.domain.series import Meaning, SeriesInfo


@dataclass(frozen=True, slots=True)
class SeriesQuery:
    """Which series are wanted; an empty field does not restrict."""

    entity_keys: tuple[str, ...] = ()
    meanings: tuple[Meaning, ...] = ()
    connection_ids: tuple[str, ...] = ()
    statistics: tuple[str, ...] = ()


class Precision(StrEnum):
    """How sharply the edges of an envelope's columns are wanted. The coarser, the less has to be read.

    Whatever is asked, every sample lies between `low` and `high` of its column, and where few enough samples lie in the
    range (a quarter of a million over all series asked) the answer is exact. Otherwise a summary of neighbouring
    samples that reaches over an edge by no more than the tolerance is taken whole: with its numbers, its last and its
    rise in the column it begins in, and with its least and greatest in both. Where single samples were thinned out by
    retention, that holds however far a summary of 256 samples reaches.
    """

    FIRST = "first"
    """Within a twelfth of a column: for a chart that moves."""
    REFINED = "refined"
    """Within a hundredth of a column: for a chart at rest."""
    EXACT = "exact"
    """Cut at the very sample: for figures."""


@dataclass(frozen=True, slots=True, eq=False)
class Envelope:
    """A series over a range in `n` equal columns: what a chart draws.

    `edges_ms` int64 (n + 1); `low`, `high`, `mean`, `last` float64 (n), NaN where no sample falls; `counts` int64 (n).
    No extreme is ever missed: every sample in the range lies between `low` and `high` of its column.
    `increase` float64 (n) is there for a counter only: how far it rose from sample to sample, each step counted in the
    column of the later sample, the first sample of the range as none, and a fall as a restart from zero.
    `failure` says in words why samples of a series are missing. `is_sharp` says that every column was cut at the very
    sample, whatever precision was asked for.
    """

    series: SeriesInfo
    edges_ms: npt.NDArray[np.int64]
    low: npt.NDArray[np.float64]
    high: npt.NDArray[np.float64]
    mean: npt.NDArray[np.float64]
    last: npt.NDArray[np.float64]
    counts: npt.NDArray[np.int64]
    failure: str = ""
    increase: npt.NDArray[np.float64] | None = None
    is_sharp: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class SampleColumns:
    """Samples of one series: `times_ms` int64 ascending without duplicates, `values` float64, NaN as received."""

    times_ms: npt.NDArray[np.int64]
    values: npt.NDArray[np.float64]


class SeriesStore(Protocol):
    """Series and their samples; nothing else reads what lies behind."""

    def find(self, query: SeriesQuery) -> tuple[SeriesInfo, ...]:
        """Series that match, with first, last and last value, ordered by entity, name, statistic."""
        ...

    def envelope(
        self, series_ids: Sequence[int], time_range: TimeRange, pixels: int, precision: Precision = Precision.EXACT
    ) -> tuple[Envelope, ...]:
        """One envelope per known series, in the order asked."""
        ...

    def series_counts(self) -> Mapping[str, int]:
        """How many series each connection feeds, by connection id. Cheap enough to ask every other second."""
        ...

    def remote_queries(self, series_ids: Sequence[int]) -> Mapping[int, str]:
        """The source's own query of each series that is read through, by series number."""
        ...

    def samples(self, series_id: int, time_range: TimeRange) -> SampleColumns:
        """All samples of one series in a range; of two samples at one instant the later received one stands."""
        ...

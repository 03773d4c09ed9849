"""Series as the services see them: which are wanted, and their samples at the width of a chart or one by one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True, eq=False)
class Envelope:
    """A series over a range in `n` equal columns: what a chart draws.

    `edges_ms` int64 (n + 1); `low`, `high`, `mean`, `last` float64 (n), NaN where no sample falls; `counts` int64 (n).
    No extreme is ever missed: every sample in the range lies between `low` and `high` of its column.
    `failure` says in words why samples of a series read through from its source are missing.
    """

    series: SeriesInfo
    edges_ms: npt.NDArray[np.int64]
    low: npt.NDArray[np.float64]
    high: npt.NDArray[np.float64]
    mean: npt.NDArray[np.float64]
    last: npt.NDArray[np.float64]
    counts: npt.NDArray[np.int64]
    failure: str = ""


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

    def envelope(self, series_ids: Sequence[int], time_range: TimeRange, pixels: int) -> tuple[Envelope, ...]:
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

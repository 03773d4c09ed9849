"""Series with steps of their own, brought to shared instants, so that they can be held against each other.

Source of the method: the instant-vector lookup of PromQL (prometheus.io/docs/prometheus/latest/querying/basics,
"Staleness"). At an instant a series says its newest sample, if that is younger than the look-back; a stale marker ends
it at once. Nothing is interpolated and no gap is filled.

One limit: every NaN ends a series here, Prometheus' stale marker as well as a NaN the source meant as a value.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

import numpy as np
import numpy.typing as npt

Instants = npt.NDArray[np.int64]
Values = npt.NDArray[np.float64]
Positions = npt.NDArray[np.int64]

LOOK_BACK_MS = 300_000
"""How long a sample speaks, as Prometheus takes it unless told otherwise."""


class Edition(Enum):
    """Whose rule holds at the far edge of a look-back or a window, and for a counter that began inside a window.

    Prometheus 3 counts what lies in `(t - length, t]`, and so does VictoriaMetrics. Prometheus 2 (here: 2.42) counts
    `[t - length, t]`, and stretches a counter to its nought also where that lies farther away than half a step.
    """

    PROMETHEUS_2 = 2
    PROMETHEUS_3 = 3

    @property
    def edge_ms(self) -> int:
        """How many milliseconds the far edge lies before that of Prometheus 3."""
        return 1 if self is Edition.PROMETHEUS_2 else 0


@dataclass(frozen=True, slots=True, eq=False)
class SampleBlock:
    """Samples of S series one after the other.

    Series i holds `bounds[i]` to `bounds[i + 1]` (int64, S + 1) of `times_ms` (int64, ascending in each series) and
    `values` (float64).
    """

    bounds: Positions
    times_ms: Instants
    values: Values

    @classmethod
    def of(cls, parts: Sequence[tuple[Instants, Values]]) -> SampleBlock:
        """A block of the instants and values of each series."""
        bounds = np.zeros(len(parts) + 1, np.int64)
        np.cumsum([len(times_ms) for times_ms, _ in parts], out=bounds[1:])
        times_ms = [np.empty(0, np.int64), *(times_ms for times_ms, _ in parts)]
        values = [np.empty(0, np.float64), *(values for _, values in parts)]
        return cls(bounds, np.concatenate(times_ms), np.concatenate(values))

    @property
    def count(self) -> int:
        """How many series there are."""
        return len(self.bounds) - 1

    @property
    def starts(self) -> Positions:
        """Where each series begins, as a column (S, 1)."""
        return self.bounds[:-1, np.newaxis]

    def passed(self, limits_ms: Instants) -> Positions:
        """How many samples of each series lie at or before each limit (ascending, m), as (S, m)."""
        width = len(limits_ms) + 1
        rows = np.repeat(np.arange(self.count) * width, np.diff(self.bounds))
        cells = rows + np.searchsorted(limits_ms, self.times_ms)
        counted = np.bincount(cells, minlength=self.count * width).reshape(self.count, width)
        return np.cumsum(counted[:, :-1], axis=1)

    def finite(self) -> SampleBlock:
        """The same series without the samples that are no finite number."""
        kept = np.isfinite(self.values)
        if kept.all():
            return self
        before = np.zeros(len(kept) + 1, np.int64)
        np.cumsum(kept, out=before[1:])
        return SampleBlock(before[self.bounds], self.times_ms[kept], self.values[kept])


def instants_within(start_ms: int, end_ms: int, step_ms: int) -> Instants:
    """The whole multiples of a step in `[start_ms, end_ms)`: two grids of one step always share their instants.

    Raises ValueError for a step that is not positive.
    """
    if step_ms <= 0:
        message = "a grid needs a step"
        raise ValueError(message)
    return np.arange(-(-start_ms // step_ms) * step_ms, end_ms, step_ms, dtype=np.int64)


def aligned(
    block: SampleBlock,
    instants_ms: Instants,
    look_back_ms: int | Instants = LOOK_BACK_MS,
    edition: Edition = Edition.PROMETHEUS_3,
) -> Values:
    """What each series says at each instant (ascending, m), as (S, m); NaN where it says nothing.

    `look_back_ms` is one for all or one per series (S).
    """
    if not len(block.times_ms):
        return np.full((block.count, len(instants_ms)), np.nan)
    passed = block.passed(instants_ms)
    newest = np.maximum(block.starts + passed - 1, 0)
    reach_ms = np.broadcast_to(np.asarray(look_back_ms, np.int64), block.count)[:, np.newaxis] + edition.edge_ms
    speaks = (passed > 0) & (instants_ms - block.times_ms[newest] < reach_ms)
    return np.where(speaks, block.values[newest], np.nan)

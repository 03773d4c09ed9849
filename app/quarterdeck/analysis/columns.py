"""Samples gathered into equal columns of time: what a chart of any width draws without missing an extreme."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Instants = npt.NDArray[np.int64]
Values = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """Per column the least, greatest, mean and last number and how many numbers there are; NaN where there is none.

    A NaN among the samples is no number: it makes a gap only where nothing else falls into its column.
    """

    low: Values
    high: Values
    mean: Values
    last: Values
    counts: Instants


def column_edges(start_ms: int, end_ms: int, pixels: int) -> Instants:
    """The n + 1 edges of n columns, equal to a millisecond; at most as many as pixels or milliseconds, at least one."""
    span_ms = end_ms - start_ms
    columns = max(1, min(pixels, span_ms))
    return start_ms + (np.arange(columns + 1, dtype=np.int64) * span_ms) // columns


def gathered(times_ms: Instants, values: Values, edges_ms: Instants) -> Columns:
    """Samples (instants ascending) in the columns between edges; one on an edge belongs to the column it begins."""
    width = len(edges_ms) - 1
    low, high, mean, last = (np.full(width, np.nan) for _ in range(4))
    counts = np.zeros(width, np.int64)
    numbers = ~np.isnan(values)
    if not numbers.all():
        times_ms, values = times_ms[numbers], values[numbers]
    bounds = np.searchsorted(times_ms, edges_ms)
    counts[:] = np.diff(bounds)
    filled = counts > 0
    starts = bounds[:-1][filled]
    if len(starts):
        inside = values[: bounds[-1]]
        low[filled] = np.minimum.reduceat(inside, starts)
        high[filled] = np.maximum.reduceat(inside, starts)
        with np.errstate(invalid="ignore", over="ignore"):
            mean[filled] = np.add.reduceat(inside, starts) / counts[filled]
        last[filled] = inside[bounds[1:][filled] - 1]
        mean = np.clip(mean, low, high)
    return Columns(low, high, mean, last, counts)

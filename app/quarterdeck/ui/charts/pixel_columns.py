"""A line's columns of time as columns of pixels: how far each reaches up and down, gaps kept, extremes kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from quarterdeck.ui.charts.line_data import FloatArray, LineData, visible

PixelArray = NDArray[np.floating[Any]]
"""Single precision: enough for a screen, and half the work."""
IndexArray = NDArray[np.intp]

_POINTS_PER_PIXEL = 1.8
_AROUND = 3.0
"""So many pixels beside the picture are told of as well: what is painted at an edge depends on its neighbours."""
_BEYOND = 2.0
"""How far outside the axis a line may run, in lengths of the axis: far enough to keep its slope, safe for integers."""


@dataclass(frozen=True, slots=True)
class PixelView:
    """A picture of `width` by `height` pixels that shows a range of seconds, and of values between two of its rows.

    `low` lies `low_row` pixels below the picture's upper edge, `high` at `high_row`.
    """

    start_s: float
    end_s: float
    low: float
    high: float
    width: int
    height: int
    low_row: float
    high_row: float

    @property
    def per_second(self) -> float:
        """Pixels per second."""
        return self.width / (self.end_s - self.start_s)

    def rows(self, values: FloatArray) -> PixelArray:
        """How many pixels below the upper edge finite values lie; those far outside no further than is safe."""
        span = self.high - self.low
        inside = np.clip(values, self.low - _BEYOND * span, self.high + _BEYOND * span)
        per_value = (self.low_row - self.high_row) / span
        return (self.low_row - (inside - self.low) * per_value).astype(np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class PixelColumns:
    """The columns of pixels that lines touch, line after line: from `top` down to `bottom`, in pixels, without weight.

    The columns of a line ascend; `bounds` are the numbers of the first column of each line, and the number of all.
    `goes_on` says of each column whether its line runs on into the next one, which then is its neighbour. `lone` are
    the numbers of the columns that stand alone between two gaps.
    """

    x: IndexArray
    top: PixelArray
    bottom: PixelArray
    goes_on: NDArray[np.bool_]
    lone: IndexArray
    bounds: IndexArray


def is_dense(line: LineData, view: PixelView) -> bool:
    """Whether a line has about two points or more for each pixel, so that columns show it as well as a stroke."""
    shown = visible(line.times_s, view.start_s, view.end_s)
    points = (1 if line.low is line.high else 2) * (shown.stop - shown.start)
    return not line.is_ghost and points >= _POINTS_PER_PIXEL * view.width


def pixel_columns(lines: Sequence[LineData], view: PixelView) -> PixelColumns:
    """The columns of pixels of lines, all at once; neighbours without a gap between them touch each other."""
    around_s = _AROUND / view.per_second
    shown = [visible(line.times_s, view.start_s - around_s, view.end_s + around_s) for line in lines]
    low = np.concatenate([line.low[some] for line, some in zip(lines, shown, strict=True)])
    high = np.concatenate([line.high[some] for line, some in zip(lines, shown, strict=True)])
    there = np.flatnonzero(np.isfinite(low) & np.isfinite(high))
    if len(there) == 0:
        return _nothing(len(lines))
    times = np.concatenate([line.times_s[some] for line, some in zip(lines, shown, strict=True)])
    owner = np.repeat(np.arange(len(lines)), [some.stop - some.start for some in shown])
    if len(there) < len(times):
        times, low, high, owner = times[there], low[there], high[there], owner[there]
    place = np.floor((times - view.start_s) * view.per_second)
    column = np.clip(place, -view.width, 2 * view.width).astype(np.intp)
    is_new = (column[1:] != column[:-1]) | (owner[1:] != owner[:-1])
    begins = np.concatenate(([0], np.flatnonzero(is_new) + 1))
    top = view.rows(np.maximum.reduceat(high, begins))
    bottom = view.rows(np.minimum.reduceat(low, begins))
    owner, before = owner[begins], begins[1:] - 1
    goes_on = np.zeros(len(begins), dtype=np.bool_)
    goes_on[:-1] = (there[before + 1] - there[before] == 1) & (owner[1:] == owner[:-1])
    bounds = owner.searchsorted(np.arange(len(lines) + 1))
    found = PixelColumns(
        column[begins], np.minimum(top, bottom), np.maximum(top, bottom), goes_on, _lone(goes_on), bounds
    )
    return _joined(_filled(found))


def _lone(goes_on: NDArray[np.bool_]) -> IndexArray:
    return np.flatnonzero(~goes_on & ~np.concatenate(([False], goes_on[:-1])))


def _filled(columns: PixelColumns) -> PixelColumns:
    """Columns that no sample fell into, between two that the line connects, lie between these."""
    x, top, bottom, goes_on = columns.x, columns.top, columns.bottom, columns.goes_on
    steps = np.ones(len(x), dtype=np.intp)
    steps[:-1] = np.where(goes_on[:-1], x[1:] - x[:-1], 1)
    if int(steps.max()) == 1:
        return columns
    source = np.repeat(np.arange(len(x)), steps)
    first = np.concatenate(([0], np.cumsum(steps)))
    further = np.arange(len(source)) - first[source]
    share = (further / steps[source]).astype(np.float32)
    following = np.minimum(source + 1, len(x) - 1)
    return PixelColumns(
        x[source] + further,
        top[source] + (top[following] - top[source]) * share,
        bottom[source] + (bottom[following] - bottom[source]) * share,
        goes_on[source],
        first[columns.lone],
        first[columns.bounds],
    )


def _joined(columns: PixelColumns) -> PixelColumns:
    """Neighbours that lie above each other meet halfway."""
    top, bottom = columns.top.copy(), columns.bottom.copy()
    share = columns.goes_on[:-1] * np.float32(0.5)
    down = np.maximum(top[1:] - bottom[:-1], 0) * share
    up = np.maximum(top[:-1] - bottom[1:], 0) * share
    bottom[:-1] += down
    top[1:] -= down
    top[:-1] -= up
    bottom[1:] += up
    return PixelColumns(columns.x, top, bottom, columns.goes_on, columns.lone, columns.bounds)


def _nothing(lines: int) -> PixelColumns:
    rows = np.empty(0, dtype=np.float32)
    places = np.empty(0, dtype=np.intp)
    return PixelColumns(places, rows, rows, np.empty(0, dtype=np.bool_), places, np.zeros(lines + 1, dtype=np.intp))

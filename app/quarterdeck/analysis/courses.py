"""The course of a series as a line: the columns that hold anything, and the gaps between them.

A chart has more columns than a series has samples, so an empty column is no gap yet. A gap is where the column before
no longer speaks, by the same rule by which an entity without samples becomes stale.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from quarterdeck.analysis.assessment import SAMPLES_TO_KNOW_A_STEP, holds_for

Values = npt.NDArray[np.float64]

_LED_IN = 4
"""So many columns before a range shape its left edge: what is painted there reaches into its neighbours."""


@dataclass(frozen=True, slots=True, eq=False)
class Course:
    """Points of a line in time: `times_ms` float64 ascending, `low`, `high`, `mean` float64 equally long.

    NaN in all three marks a gap. `silent_from_ms` says from when on there was nothing up to the end, None when the last
    column still speaks there.
    """

    times_ms: Values
    low: Values
    high: Values
    mean: Values
    silent_from_ms: float | None = None


def course_of(
    edges_ms: npt.NDArray[np.int64],
    columns: tuple[Values, Values, Values],
    *,
    patience_ms: int,
    shown_ms: tuple[int, int] | None = None,
) -> Course:
    """The course of columns (low, high, mean; n each) between `edges_ms` (n + 1), up to the last edge.

    A column speaks for `patience_ms`, or for a few of its series' usual steps where these are longer. With `shown_ms`
    the course is that of a range within the edges: of the columns before it those stay that lead the line in, as far
    as the first column inside is spoken for; without any inside there is no course.
    """
    start_ms, end_ms = (float(edges_ms[0]), float(edges_ms[-1])) if shown_ms is None else map(float, shown_ms)
    low, high, mean = columns
    filled = np.flatnonzero(np.isfinite(mean) | np.isfinite(low))
    middles = (edges_ms[:-1] + edges_ms[1:]) / 2.0
    times = middles[filled]
    inside = int(np.searchsorted(edges_ms[filled + 1], start_ms, "right"))
    if inside == len(filled):
        nothing = np.empty(0)
        return Course(nothing, nothing, nothing, nothing, start_ms)
    width = float(edges_ms[-1] - edges_ms[0]) / (len(edges_ms) - 1)
    holds = holds_for(times.astype(np.int64), patience_ms)
    ends = np.append(times[1:], end_ms)
    is_broken = ends - times > holds + width
    room = np.minimum(width, (ends - times)[is_broken] / 2)
    marks = np.concatenate((times[is_broken] + room, ends[is_broken] - room))
    where = np.searchsorted(times, marks)
    first = _leading(is_broken, inside)
    at: Values = np.insert(times, where, marks)
    kept = slice(int(at.searchsorted(float(times[first]))), None)
    drawn: list[Values] = [np.insert(values[filled], where, np.nan)[kept] for values in (low, high, mean)]
    return Course(
        at[kept],
        *drawn,
        silent_from_ms=float(times[-1]) if is_broken[-1] else None,
    )


def _leading(is_broken: npt.NDArray[np.bool_], inside: int) -> int:
    """The first of at most some columns before the first one inside that run on into it without a gap."""
    gaps = np.flatnonzero(is_broken[max(0, inside - _LED_IN) : inside])
    return max(0, inside - _LED_IN) + (int(gaps[-1]) + 1 if len(gaps) else 0)


def held_until_ms(course: Course, end_ms: float) -> float | None:
    """Up to when the last value is vouched for: one of its series' steps on, at most to the end.

    None where nothing is vouched for, because the line is silent or because too few columns tell no step, and where the
    last column reaches over the end.
    """
    filled = course.times_ms[np.isfinite(course.mean)]
    if course.silent_from_ms is not None or len(filled) < SAMPLES_TO_KNOW_A_STEP:
        return None
    step = float(np.diff(filled[-SAMPLES_TO_KNOW_A_STEP:]).min())
    return min(end_ms, float(filled[-1]) + step) if filled[-1] < end_ms else None


def evenly(course: Course, edges_ms: npt.NDArray[np.int64]) -> Values:
    """The highs of a course at the middles of the columns between edges (n + 1), as n values; NaN in its gaps."""
    middles = (edges_ms[:-1] + edges_ms[1:]) / 2.0
    if len(course.times_ms) == 0:
        return np.full(len(middles), np.nan)
    outside = (middles < course.times_ms[0]) | (middles > course.times_ms[-1])
    # numpy carries a NaN at either end of a piece into the whole piece between, which is the gap.
    return np.where(outside, np.nan, np.interp(middles, course.times_ms, course.high))

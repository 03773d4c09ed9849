"""A stretch of minutes in which numbers lay elsewhere than at the same time of an earlier range.

The difference from step to step takes out what the time of day does to both. Its usual spread is robust, so that the
stretch does not hide itself. A run of neighbouring steps that all lie far out on one side is a stretch. How probable as
much is without any is bounded from above: each step as an independent draw of Student's t with three degrees of
freedom, heavy in its tails; a run counts as fewer steps where neighbours resemble each other (Bayley and Hammersley
1946), and may begin at any step and lie on either side (Bonferroni).
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from quarterdeck.analysis.shifts import LEAST_NUMBERS, likeness_of_neighbours, usual_spread

Values = npt.NDArray[np.float64]

FAR = 4.0
"""So many usual spreads from the middle of all differences; what is nearer ends a stretch."""
LEAST_STEPS = 2
MOST_SHARE = 0.5
"""What lasts longer than half the range is no stretch of it but the range itself."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Steps from `first` up to `last`, both inside, where numbers were `after`, and `before` at the same time earlier.

    Both are medians in the unit of the numbers. `size` is the median distance in usual spreads, with a sign; `chance`
    bounds how probable as much is without any stretch.
    """

    first: int
    last: int
    before: float
    after: float
    size: float
    chance: float


def odd_stretch(earlier: Values, later: Values) -> Stretch | None:
    """The least probable stretch of the later numbers; None without any, or of too few.

    Both are equally long and aligned: each number with the one at the same time of the earlier range; NaN is a gap.
    Raises ValueError for different lengths.
    """
    if len(earlier) != len(later):
        message = "ranges that are compared step by step are equally long"
        raise ValueError(message)
    known = np.isfinite(earlier) & np.isfinite(later)
    if np.count_nonzero(known) < LEAST_NUMBERS:
        return None
    with np.errstate(over="ignore", invalid="ignore"):
        apart = later - earlier
        middle = float(np.median(apart[known]))
        level = max(abs(float(np.median(earlier[known]))), abs(float(np.median(later[known]))))
        scores = (apart - middle) / usual_spread(apart[known], level)
    found = [_stretch(run, scores, (earlier, later)) for run in _runs(scores)]
    return min(found, key=lambda one: (one.chance, -abs(one.size)), default=None)


def _runs(scores: Values) -> Iterator[tuple[int, int]]:
    """Neighbouring steps that lie far out on one side, as first and last."""
    sides = np.where(np.abs(scores) >= FAR, np.sign(scores), 0.0)
    edges = np.flatnonzero(np.diff(np.concatenate([[0.0], sides, [0.0]])))
    for first, end in zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True):
        if sides[first] and LEAST_STEPS <= end - first <= MOST_SHARE * len(scores):
            yield first, end - 1


def _stretch(run: tuple[int, int], scores: Values, numbers: tuple[Values, Values]) -> Stretch:
    first, last = run
    inside = slice(first, last + 1)
    outside = np.concatenate([scores[:first], scores[last + 1 :]])
    alike = likeness_of_neighbours(outside[np.isfinite(outside)])
    worth = max(1.0, (last - first + 1) * (1 - alike) / (1 + alike))
    tail = _tail(float(np.abs(scores[inside]).min()))
    before, after = (float(np.median(one[inside])) for one in numbers)
    chance = min(1.0, 2 * len(scores) * tail**worth)
    return Stretch(first, last, before, after, float(np.median(scores[inside])), chance)


def _tail(distance: float) -> float:
    """How probable it is that Student's t with three degrees of freedom exceeds so many of its usual spreads."""
    value = distance * _T3_PER_SPREAD / math.sqrt(3)
    if math.isinf(value):
        return 0.0
    return max(0.0, 0.5 - (math.atan(value) + value / (1 + value * value)) / math.pi)


_T3_PER_SPREAD = 0.7649 * 1.4826
"""The usual spread of that distribution: its upper quartile, as the spread of a normal one is told."""

"""Whether numbers of one time lie elsewhere than those of another, how far, and how sure that is.

The size is told twice: in spreads of the earlier numbers (median and MAD, so that a few outliers count for little), and
as the probability that a later number exceeds an earlier one (the area of Mann and Whitney 1947). Neighbours in time
resemble each other, so the test counts only as many of them as are worth an independent one: n (1 - r) / (1 + r), r
being the correlation of neighbours before (Bayley and Hammersley 1946). Of many tests at once so many are called shifts
that no more than a twentieth of these is expected to be none (Benjamini and Hochberg 1995).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Values = npt.NDArray[np.float64]

LEAST_NUMBERS = 12
"""On either side; of fewer nothing is told."""
FALSE_SHARE = 0.05
LEAST_SIZE = 1.0
"""A shift within the spread of what was before moved nothing that anybody would call so."""

_MAD_OF_NORMAL = 1.4826
_LEAST_SHARE_OF_LEVEL = 0.02
_MOST_ALIKE = 0.98
_LEAST_INDEPENDENT = 2.0
_LEAST_NEIGHBOURS = 2


@dataclass(frozen=True, slots=True)
class Shift:
    """From the median `before` to the median `after`, both in the unit of the numbers.

    `size` counts the spreads of what was before, with a sign; `superiority` is the probability that a number after
    exceeds one before, a tie counting half; `chance` is how probable as much is without any shift (two-sided).
    """

    before: float
    after: float
    size: float
    superiority: float
    chance: float


@np.errstate(over="ignore", invalid="ignore")
def shift_between(before: Values, after: Values) -> Shift | None:
    """The shift from some numbers to others, each in the order of time, NaN left out; None of too few."""
    before, after = before[np.isfinite(before)], after[np.isfinite(after)]
    if min(len(before), len(after)) < LEAST_NUMBERS:
        return None
    level, later = float(np.median(before)), float(np.median(after))
    size, superiority = (later - level) / usual_spread(before, later), _superiority(before, after)
    if math.isnan(size):  # both are beyond what numbers hold
        size = math.copysign(math.inf, later - level)
    return Shift(level, later, size, superiority, _chance(before, after, superiority))


def sure_ones(shifts: Sequence[Shift | None]) -> list[bool]:
    """Which of many shifts are ones: large enough, and as a whole seldom none."""
    limit = seldom_none([shift.chance for shift in shifts if shift is not None])
    return [shift is not None and shift.chance <= limit and abs(shift.size) >= LEAST_SIZE for shift in shifts]


def seldom_none(chances: Sequence[float]) -> float:
    """The chance up to which tests find something, so that as a whole a twentieth of what they find is none at most."""
    limit = 0.0
    for rank, chance in enumerate(sorted(chances), 1):
        if chance <= FALSE_SHARE * rank / len(chances):
            limit = chance
    return limit


@np.errstate(over="ignore", invalid="ignore")
def onset_of(before: Values, after: Values) -> int | None:
    """The place among the numbers after, from which on they lie most apart from those until then; None of too few.

    The cumulated sum of signed distances from the level before turns there (Page 1954).
    """
    known = np.flatnonzero(np.isfinite(after))
    earlier = before[np.isfinite(before)]
    if len(known) < LEAST_NUMBERS or len(earlier) < LEAST_NUMBERS:
        return None
    both = np.concatenate([earlier, after[known]])
    halfway = (float(np.median(earlier)) + float(np.median(after[known]))) / 2
    rising = 1.0 if np.median(after[known]) >= np.median(earlier) else -1.0
    course = np.cumsum(np.sign((both - halfway) * rising))
    turn = int(np.argmin(course[len(earlier) - 1 :]))
    return int(known[min(turn, len(known) - 1)])


def usual_spread(numbers: Values, other: float) -> float:
    """The usual distance from the median, never less than a fiftieth of the level: what hardly varies moves easily.

    `other` is a level that they are compared with; infinite where neither tells a spread.
    """
    level = float(np.median(numbers))
    mad = _MAD_OF_NORMAL * float(np.median(np.abs(numbers - level)))
    least = _LEAST_SHARE_OF_LEVEL * max(abs(level), abs(other))
    return max(mad, least) or math.inf


def _superiority(before: Values, after: Values) -> float:
    ordered = np.sort(before)
    below = np.searchsorted(ordered, after, "left").sum()
    not_above = np.searchsorted(ordered, after, "right").sum()
    return float(below + not_above) / (2 * len(before) * len(after))


def _chance(before: Values, after: Values, superiority: float) -> float:
    """Normal approximation of the area's distribution over as many numbers as are worth an independent one."""
    alike = likeness_of_neighbours(before)
    worth = (1 - alike) / (1 + alike)
    first, second = (max(_LEAST_INDEPENDENT, worth * len(one)) for one in (before, after))
    deviation = math.sqrt((first + second + 1) / (12 * first * second))
    return math.erfc(abs(superiority - 0.5) / deviation / math.sqrt(2))


def likeness_of_neighbours(numbers: Values) -> float:
    """How neighbours correlate around the median, 0 to nearly 1. Ask what has no step in it: a step looks alike."""
    if len(numbers) < _LEAST_NEIGHBOURS:
        return 0.0
    apart = numbers - np.median(numbers)
    total = float((apart * apart).sum())
    if total == 0 or not math.isfinite(total):
        return 0.0
    return min(_MOST_ALIKE, max(0.0, float((apart[1:] * apart[:-1]).sum()) / total))

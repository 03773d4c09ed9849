"""How fast a quantity grows: a slope that single odd readings do not tilt, and how sure it is."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

Values = npt.NDArray[np.float64]

CONFIDENCE_Z = 1.6449
"""Two-sided 90 %: the true slope lies below the interval in one case of twenty, and above it in another."""
LEAST_READINGS = 4
STRETCHES = 24
"""Readings are brought to the medians of so many stretches: neighbours resemble each other and prove little."""


@dataclass(frozen=True, slots=True)
class Trend:
    """A slope with the bounds of its 90 % interval, `low` ≤ `slope` ≤ `high`, in units of the quantity a day."""

    low: float
    slope: float
    high: float

    def overlaps(self, other: Trend) -> bool:
        """Whether both may be of one line."""
        return self.low <= other.high and other.low <= self.high


def present_trend(days: Values, values: Values, *, least_days: float) -> Trend | None:
    """The slope that holds now, from readings ordered in time; None while they are too few or span less than asked.

    The longest stretch that ends now is taken whose slope agrees with that of its later half: where the rate has
    changed, what was before no longer counts.
    """
    found = trend(days, values) if len(days) and days[-1] - days[0] >= least_days else None
    while found is not None:
        later = days >= (days[0] + days[-1]) / 2
        days, values = days[later], values[later]
        newer = trend(days, values) if days[-1] - days[0] >= least_days else None
        if newer is None or found.overlaps(newer):
            return found
        found = newer
    return None


def trend(days: Values, values: Values) -> Trend | None:
    """The median of the slopes between all pairs of readings, its interval from Kendall's tau; None for too few.

    Theil 1950, and Sen, "Estimates of the regression coefficient based on Kendall's tau", JASA 63, 1968.
    """
    days, values = _medians(days, values)
    count = len(days)
    if count < LEAST_READINGS:
        return None
    first, second = np.triu_indices(count, 1)
    slopes = np.sort((values[second] - values[first]) / (days[second] - days[first]))
    spread = CONFIDENCE_Z * math.sqrt(count * (count - 1) * (2 * count + 5) / 18)
    low = max(0, math.floor((len(slopes) - spread) / 2))
    high = min(len(slopes) - 1, math.ceil((len(slopes) + spread) / 2))
    return Trend(float(slopes[low]), float(np.median(slopes)), float(slopes[high]))


def _medians(days: Values, values: Values) -> tuple[Values, Values]:
    """One reading for each stretch of the time spanned; every day of them different."""
    if not len(days):
        return days, values
    place = np.minimum((days - days[0]) / max(days[-1] - days[0], 1e-9) * STRETCHES, STRETCHES - 1).astype(np.int64)
    starts = np.flatnonzero(np.diff(place, prepend=-1))
    bounds = [*starts.tolist(), len(days)]
    inside = [slice(start, end) for start, end in pairwise(bounds)]
    return np.array([np.median(days[one]) for one in inside]), np.array([np.median(values[one]) for one in inside])

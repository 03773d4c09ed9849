"""Level and spread of what was seen so far, sample by sample, in constant memory: of one series or of many."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from itertools import islice

import numpy as np
import numpy.typing as npt

Values = npt.NDArray[np.float64]
Rows = npt.NDArray[np.intp]


@dataclass(slots=True)
class Moments:
    """Count, mean and standard deviation of all numbers taken (Welford 1962)."""

    count: int = 0
    mean: float = 0.0
    squares: float = 0.0

    def take(self, value: float) -> None:
        self.count += 1
        step = value - self.mean
        self.mean += step / self.count
        self.squares += step * (value - self.mean)

    @property
    def spread(self) -> float:
        """0 before the first number."""
        return math.sqrt(self.squares / self.count) if self.count else 0.0


@dataclass(slots=True)
class FadingMoments:
    """Mean and standard deviation in which a number counts half after `half_life` further ones.

    Until so many have come that the weights matter, all count alike.
    """

    half_life: float
    count: int = 0
    mean: float = 0.0
    variance: float = 0.0

    def take(self, value: float) -> None:
        self.count += 1
        weight = max(1 - 0.5 ** (1 / self.half_life), 1 / self.count)
        step = value - self.mean
        self.mean += weight * step
        self.variance = (1 - weight) * (self.variance + weight * step * step)

    @property
    def spread(self) -> float:
        return math.sqrt(self.variance)


@dataclass(slots=True)
class Departures:
    """Judges residuals by the recent ones: how many spreads one lies off their median.

    The spread is drawn from the 98th percentile of the recent distances, so that a few outliers do not widen it and a
    heavy tail does; it is no less than `least_share` of the spread of all residuals ever. It is learnt anew at every
    sixteenth residual.
    """

    least_share: float
    recent: list[float] = field(default_factory=list[float])
    ever: Moments = field(default_factory=Moments)
    centre: float = 0.0
    spread: float = 0.0

    REMEMBERED = 576
    RELEARNT_EVERY = 16
    TAIL = 0.98
    TAIL_OF_NORMAL = 2.3263

    def judge(self, residual: float, floor: float) -> float:
        """The distance from the centre in spreads of at least `floor`, 0 while too few are known; then it is learnt."""
        if self.ever.count >= self.REMEMBERED and self.ever.count % self.RELEARNT_EVERY == 0:
            self._learn()
        distance = abs(residual - self.centre) / max(self.spread, floor) if self.ever.count >= self.REMEMBERED else 0.0
        self.ever.take(residual)
        self.recent.append(residual)
        if len(self.recent) > 2 * self.REMEMBERED:
            del self.recent[: -self.REMEMBERED]
        return distance

    def _learn(self) -> None:
        known = np.sort(list(islice(self.recent, max(0, len(self.recent) - self.REMEMBERED), None)))
        self.centre = float(known[len(known) // 2])
        off = np.sort(np.abs(known - self.centre))
        tail = float(off[min(len(off) - 1, int(self.TAIL * len(off)))]) / self.TAIL_OF_NORMAL
        self.spread = max(tail, self.least_share * self.ever.spread)


class MomentsOfMany:
    """`Moments` of many series: a sample of each of some rows at a time, no row twice."""

    def __init__(self, rows: int) -> None:
        self.count = np.zeros(rows, np.int64)
        self.mean = np.zeros(rows)
        self.squares = np.zeros(rows)

    def take(self, rows: Rows, values: Values) -> None:
        """The next number of each of the rows."""
        self.count[rows] += 1
        step = values - self.mean[rows]
        self.mean[rows] += step / self.count[rows]
        self.squares[rows] += step * (values - self.mean[rows])

    def spread(self, rows: Rows) -> Values:
        """Of each of the rows; 0 before its first number."""
        return np.sqrt(self.squares[rows] / np.maximum(1, self.count[rows]))


class FadingMomentsOfMany:
    """`FadingMoments` of many series."""

    def __init__(self, rows: int, half_life: float) -> None:
        self._weight = 1 - 0.5 ** (1 / half_life)
        self.count = np.zeros(rows, np.int64)
        self.mean = np.zeros(rows)
        self.variance = np.zeros(rows)

    def take(self, rows: Rows, values: Values) -> None:
        """The next number of each of the rows."""
        self.count[rows] += 1
        weight = np.maximum(self._weight, 1 / self.count[rows])
        step = values - self.mean[rows]
        self.mean[rows] += weight * step
        self.variance[rows] = (1 - weight) * (self.variance[rows] + weight * step * step)

    def spread(self, rows: Rows) -> Values:
        """Of each of the rows."""
        return np.sqrt(self.variance[rows])


class DeparturesOfMany:
    """`Departures` of many series."""

    def __init__(self, rows: int, least_share: float) -> None:
        self._least_share = least_share
        self._recent = np.zeros((rows, Departures.REMEMBERED))
        self._ever = MomentsOfMany(rows)
        self._centre = np.zeros(rows)
        self._spread = np.zeros(rows)

    def judge(self, rows: Rows, residuals: Values, floor: Values) -> Values:
        """The distances in spreads of at least `floor`, 0 for NaN and while too few are known; then they are learnt."""
        is_known = np.isfinite(residuals)
        rows, found = rows[is_known], residuals[is_known]
        counts = self._ever.count[rows]
        is_due = (counts >= Departures.REMEMBERED) & (counts % Departures.RELEARNT_EVERY == 0)
        if is_due.any():
            self._learn(rows[is_due])
        distances = np.zeros(len(residuals))
        off = np.abs(found - self._centre[rows]) / np.maximum(self._spread[rows], floor[is_known])
        distances[is_known] = np.where(counts >= Departures.REMEMBERED, off, 0.0)
        self._ever.take(rows, found)
        self._recent[rows, counts % Departures.REMEMBERED] = found
        return distances

    def _learn(self, rows: Rows) -> None:
        known = np.sort(self._recent[rows], axis=1)
        self._centre[rows] = known[:, known.shape[1] // 2]
        off = np.sort(np.abs(known - self._centre[rows, np.newaxis]), axis=1)
        place = min(off.shape[1] - 1, int(Departures.TAIL * off.shape[1]))
        tail = off[:, place] / Departures.TAIL_OF_NORMAL
        self._spread[rows] = np.maximum(tail, self._least_share * self._ever.spread(rows))

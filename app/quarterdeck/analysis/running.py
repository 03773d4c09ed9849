"""Level and spread of what was seen so far, sample by sample, in constant memory."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from itertools import islice

import numpy as np
import numpy.typing as npt

Values = npt.NDArray[np.float64]


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

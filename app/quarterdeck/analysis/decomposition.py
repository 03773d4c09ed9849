"""A series taken apart into seasons of several lengths and what is left, its level with all irregularities.

After Bandara, Hyndman and Bergmeir, "MSTL", 2021: seasons are drawn in turn, the shortest first, each from what the
others leave. A season is the median of its last turns, so that it may change slowly and an outage is no habit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Values = npt.NDArray[np.float64]

ROUNDS = 2
LAST_TURNS = 6
"""Of the longest season; of a shorter one the same time."""
_FAR = 4.0
_MAD_OF_NORMAL = 1.4826


@dataclass(frozen=True, slots=True, eq=False)
class Parts:
    """`level` (n) is what no season explains, without outliers; `seasons` hold the next turn of each period.

    The first value of a turn is that of the step right after the end.
    """

    level: Values
    seasons: tuple[Values, ...]

    def seasonal(self, horizon: int) -> Values:
        """The sum of the seasons over the next steps."""
        return np.sum([np.resize(season, horizon) for season in self.seasons], axis=0)


def decomposed(history: Values, periods: Sequence[int]) -> Parts:
    """The parts of a series of at least two of the longest period; periods ascend."""
    level, trend = history, _moving_mean(_drawn_in(history), periods[-1])
    seasonal = [np.zeros_like(history) for _ in periods]
    turns = [np.zeros(period) for period in periods]
    for _ in range(ROUNDS):
        for number, period in enumerate(periods):
            rest = history - trend - sum(seasonal) + seasonal[number]
            turns[number] = _turn(rest, period, LAST_TURNS * periods[-1] // period)
            seasonal[number] = _unrolled(turns[number], len(history))
        rest = _drawn_in(history - trend - sum(seasonal))
        trend, level = _moving_mean(trend + rest, periods[0]), trend + rest
    return Parts(level, tuple(turns))


def _turn(rest: Values, period: int, most: int) -> Values:
    """The median of the last turns; sums to nothing."""
    count = min(most, len(rest) // period)
    turn = np.median(rest[len(rest) - count * period :].reshape(count, period), axis=0)
    return turn - turn.mean()


def _unrolled(turn: Values, length: int) -> Values:
    """The turn laid backwards from the end."""
    count = -(-length // len(turn))
    return np.tile(turn, count)[count * len(turn) - length :]


def _drawn_in(rest: Values) -> Values:
    """With what lies further off than four spreads brought to that."""
    centre = float(np.median(rest))
    reach = _FAR * max(_MAD_OF_NORMAL * float(np.median(np.abs(rest - centre))), 1e-12)
    return np.clip(rest, centre - reach, centre + reach)


def _moving_mean(values: Values, width: int) -> Values:
    """The mean of so many values around each; towards the ends of those there are."""
    sums = np.concatenate([[0.0], np.cumsum(values)])
    places = np.arange(len(values))
    begin = np.maximum(0, places - width // 2)
    end = np.minimum(len(values), places - width // 2 + width)
    return (sums[end] - sums[begin]) / (end - begin)

"""How unlike everything before the newest stretch of a series is: the distance to its nearest earlier stretch.

Stretches are compared as they are, neither shifted nor scaled: after a normalisation a spike ten times as high as any
other would look like the others. (Left matrix profile: Yeh et al., "Matrix Profile I", ICDM 2016, without its
normalisation.)
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

Values = npt.NDArray[np.float64]

SHORT = 8
LONG = 24
REMEMBERED = 4096
"""So many earlier samples are searched: two weeks at five minutes, three days at one."""
CONTEXT = REMEMBERED + LONG - 1
"""Samples before the newest ones that the search can make use of."""


@dataclass(frozen=True, slots=True, eq=False)
class Distances:
    """Root mean square distance of the stretch that ends at each sample to its nearest; NaN while there is none.

    Both are (n), or (rows, n) where several series were asked for.
    """

    short: Values
    long: Values


def nearest_earlier(values: Values, fresh: int) -> Distances:
    """Distances of the stretches that end at each of the newest `fresh` samples, to stretches that do not overlap them.

    `values` (n) holds what came before as well, the last `CONTEXT` samples or all there are; none of them NaN. The
    answer for a sample is the same to the last bit however the samples before it were handed in. Of several series at
    once (rows, n), those with fewer samples begin with infinity, and have no distance there.
    """
    length = values.shape[-1]
    first = length - fresh
    sums = _Sums(values, max(0, first - LONG + 1))
    short, long = np.full((*values.shape[:-1], fresh), np.nan), np.full((*values.shape[:-1], fresh), np.nan)
    with np.errstate(invalid="ignore"):
        for place in range(sums.begin, length):
            sums.take(place)
            if place >= first:
                short[..., place - first] = _least(sums.eights.get(place), place, SHORT)
                long[..., place - first] = _least(sums.long(place), place, LONG)
    return Distances(_root(short, SHORT), _root(long, LONG))


def _root(sums: Values, length: int) -> Values:
    return np.sqrt(np.where(np.isinf(sums), np.nan, sums) / length)


@dataclass(slots=True, eq=False)
class _Sums:
    """Squared distances of the stretches of 1, 2, 4 and 8 samples that end at a place to those that begin at each."""

    values: Values
    begin: int
    ones: dict[int, Values] = field(default_factory=dict[int, Values])
    pairs: dict[int, Values] = field(default_factory=dict[int, Values])
    fours: dict[int, Values] = field(default_factory=dict[int, Values])
    eights: dict[int, Values] = field(default_factory=dict[int, Values])

    def take(self, place: int) -> None:
        steps = self.values - self.values[..., place, np.newaxis]
        self.ones[place] = np.square(steps, out=steps)
        _join(self.ones, self.pairs, place, 1)
        _join(self.pairs, self.fours, place, 2)
        _join(self.fours, self.eights, place, 4)
        self.eights.pop(place - LONG, None)

    def long(self, place: int) -> Values | None:
        parts = [self.eights.get(place - lag) for lag in (2 * SHORT, SHORT, 0)]
        if parts[0] is None or parts[1] is None or parts[2] is None or parts[2].shape[-1] <= 2 * SHORT:
            return None
        length = parts[2].shape[-1] - 2 * SHORT
        joined = parts[0][..., :length] + parts[1][..., SHORT : SHORT + length]
        return np.add(joined, parts[2][..., 2 * SHORT :], out=joined)


def _join(halves: dict[int, Values], wholes: dict[int, Values], place: int, half: int) -> None:
    """Two halves next to each other make a whole; what no later whole can need is let go."""
    earlier, later = halves.pop(place - half, None), halves.get(place)
    if earlier is not None and later is not None and later.shape[-1] > half:
        wholes[place] = earlier[..., :-half] + later[..., half:]


def _least(sums: Values | None, place: int, length: int) -> Values:
    begin, end = max(0, place - REMEMBERED - length + 1), place - 2 * length + 2
    return np.array(np.nan) if sums is None or end <= begin else sums[..., begin:end].min(axis=-1)

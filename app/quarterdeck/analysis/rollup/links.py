"""Neighbours by number, as two columns."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Links:
    """Those of `n` are `others[starts[n]:starts[n + 1]]`."""

    starts: Numbers
    others: Numbers

    @classmethod
    def of(cls, size: int, of: Numbers, others: Numbers) -> Links:
        """Links from `of[i]` to `others[i]`."""
        order = np.argsort(of, kind="stable")
        starts = np.zeros(size + 1, np.int64)
        np.cumsum(np.bincount(of, minlength=size), out=starts[1:])
        return cls(starts, others[order])

    def at(self, number: int) -> Numbers:
        """The neighbours of one entity."""
        return self.others[self.starts[number] : self.starts[number + 1]]

    def of_all(self, numbers: Numbers) -> Numbers:
        """The neighbours of several, one after the other."""
        return self.others[spread(self.starts, numbers)]


def spread(starts: Numbers, numbers: Numbers) -> Numbers:
    """The places of all neighbours of some entities, in the order of the entities."""
    begins, counts = starts[numbers], starts[numbers + 1] - starts[numbers]
    before = np.cumsum(counts) - counts
    return np.repeat(begins - before, counts) + np.arange(int(counts.sum()))

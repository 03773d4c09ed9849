"""Instants on a step grid: every query is asked at whole multiples of its step.

So the same instant is never asked twice with two answers, wherever a poll begins, and pages meet without overlap.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

_A_MOMENT = 0.001


@dataclass(frozen=True, slots=True)
class Grid:
    """The instants `start`, `start + step`, … up to and including `end`, in whole seconds since the epoch."""

    start: int
    end: int
    step: int

    @property
    def count(self) -> int:
        """How many instants there are."""
        return max(0, (self.end - self.start) // self.step + 1)

    def pages(self, most: int) -> Iterator[Grid]:
        """The same instants in pieces of at most so many, oldest first."""
        for first in range(self.start, self.end + 1, most * self.step):
            yield Grid(first, min(self.end, first + (most - 1) * self.step), self.step)

    def halves(self) -> tuple[Grid, Grid]:
        """The same instants in two pieces; there are at least two."""
        middle = self.start + (self.count // 2 - 1) * self.step
        return Grid(self.start, middle, self.step), Grid(middle + self.step, self.end, self.step)


def grid_within(after: float, until: float, step: int) -> Grid:
    """The multiples of a step that lie after one instant and not after another; empty when there are none."""
    start = (int(after // step) + 1) * step
    end = int(until // step) * step
    return Grid(start, end, step)


def grid_before(start: float, before: float, step: int) -> Grid:
    """The multiples of a step that lie at one instant or after it and before another; empty when there are none."""
    return grid_within(start - _A_MOMENT, before - _A_MOMENT, step)


@dataclass(frozen=True, slots=True)
class CatchUp:
    """How a gap is filled: what is older than `dense_seconds` at the coarse step, the rest at the fine one."""

    fine_step: int
    coarse_step: int
    dense_seconds: int

    def grids(self, after: float, until: float) -> Iterator[Grid]:
        """The grids between the last instant taken and the newest that can be asked, oldest first."""
        coarse = max(self.fine_step, self.coarse_step)
        border = until - self.dense_seconds
        if border - after >= coarse:
            older = grid_within(after, border, coarse)
            if older.count:
                yield older
                after = older.end
        newer = grid_within(after, until, self.fine_step)
        if newer.count:
            yield newer

"""Summaries of stretches of one series: from samples to blocks, from blocks to coarser ones and to a chart's columns.

A sample is a block of one, so that samples and blocks mix: whoever has some of each gets the same columns as from the
samples alone, as long as no block reaches over the edge of a column.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from quarterdeck.analysis.columns import Columns, Instants, Values

Positions = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Blocks:
    """Blocks in the order of time that do not overlap; all arrays of one length.

    `start_ms` and `end_ms` are the instants of the first and last sample. The rest is about numbers, NaN left out: the
    least, the greatest, their total, how many (0 leaves the others NaN), the first and the last, and how far a counter
    rose from the first to the last, a fall being a restart from zero.
    """

    start_ms: Instants
    end_ms: Instants
    low: Values
    high: Values
    total: Values
    counts: Instants
    first: Values
    last: Values
    rise: Values

    def __len__(self) -> int:
        return len(self.start_ms)

    @classmethod
    def of_samples(cls, times_ms: Instants, values: Values) -> Blocks:
        """Each sample (in time, one an instant) as a block of its own."""
        counts = (~np.isnan(values)).astype(np.int64)
        return cls(
            times_ms, times_ms, values, values, values, counts, values, values, np.broadcast_to(0.0, len(values))
        )

    @classmethod
    def joined(cls, parts: Sequence[Blocks]) -> Blocks:
        """All blocks of several, put in the order of time."""
        parts = [part for part in parts if len(part)]
        if len(parts) == 1:
            return parts[0]
        if not parts:
            return cls.of_samples(np.empty(0, np.int64), np.empty(0))
        one = cls(*(np.concatenate([getattr(part, field.name) for part in parts]) for field in fields(cls)))
        if (np.diff(one.start_ms) >= 0).all():
            return one
        return one.at(np.argsort(one.start_ms, kind="stable"))

    def at(self, chosen: Positions | npt.NDArray[np.bool_] | slice) -> Blocks:
        """Some of them."""
        return Blocks(*(getattr(self, field.name)[chosen] for field in fields(self)))


def summarised(blocks: Blocks, starts: Positions, *, counter: bool = True) -> Blocks:
    """Groups of neighbouring blocks as one block each; a group begins at each of `starts`, the first at 0.

    What is no counter has no rise: it stays NaN.
    """
    ends = np.append(starts[1:], len(blocks))
    numbers, before = _numbers(blocks)
    begins, finishes = (starts, ends) if before is None else (before[starts], before[ends])
    filled = finishes > begins
    begins, finishes = begins[filled], finishes[filled]
    made = {name: np.full(len(starts), np.nan) for name in ("low", "high", "total", "first", "last", "rise")}
    counts = np.zeros(len(starts), np.int64)
    if len(begins):
        with np.errstate(invalid="ignore", over="ignore"):
            made["low"][filled] = np.minimum.reduceat(numbers.low, begins)
            made["high"][filled] = np.maximum.reduceat(numbers.high, begins)
            made["total"][filled] = np.add.reduceat(numbers.total, begins)
            if counter:
                rise = _rises(numbers)
                rise[begins] = numbers.rise[begins]
                made["rise"][filled] = np.add.reduceat(rise, begins)
        counts[filled] = np.add.reduceat(numbers.counts, begins)
        made["first"][filled] = numbers.first[begins]
        made["last"][filled] = numbers.last[finishes - 1]
    return Blocks(start_ms=blocks.start_ms[starts], end_ms=blocks.end_ms[ends - 1], counts=counts, **made)


def in_columns(parts: Sequence[Blocks], edges_ms: Instants, *, counter: bool = False) -> tuple[Columns, Values]:
    """Blocks in the columns between edges, and how far a counter rose in each; each part lies after the one before.

    A block belongs to the column it begins in (the first, when it begins before it), with all its numbers, its last and
    its rise; to every further column that it reaches into it lends its least and its greatest. The step from one block
    to the next counts as rise where the next one begins; what came before the first is not known and counts as none.
    """
    gathering = _Gathering(edges_ms, counter=counter)
    for part in parts:
        numbers, _ = _numbers(part)
        if len(numbers):
            gathering.add(numbers)
    return gathering.columns(), gathering.increase


class _Gathering:
    """Columns that fill up part by part. Edges are looked up among the blocks, not each block among the edges."""

    def __init__(self, edges_ms: Instants, *, counter: bool) -> None:
        width = len(edges_ms) - 1
        self._edges_ms = edges_ms
        self._counter = counter
        self._low, self._high, self._last = (np.full(width, np.nan) for _ in range(3))
        self._total = np.zeros(width)
        self._counts = np.zeros(width, np.int64)
        self._before: float | None = None
        self.increase = np.zeros(width)

    def add(self, blocks: Blocks) -> None:
        """Blocks that all have numbers and lie after those before."""
        bounds = np.searchsorted(blocks.start_ms, self._edges_ms)
        bounds[0], bounds[-1] = 0, len(blocks)
        filled = np.flatnonzero(np.diff(bounds))
        starts = bounds[filled]
        with np.errstate(invalid="ignore", over="ignore"):
            self._low[filled] = np.fmin(self._low[filled], np.minimum.reduceat(blocks.low, starts))
            self._high[filled] = np.fmax(self._high[filled], np.maximum.reduceat(blocks.high, starts))
            self._total[filled] += np.add.reduceat(blocks.total, starts)
            if self._counter:
                self.increase[filled] += np.add.reduceat(self._steps(blocks), starts)
        self._counts[filled] += np.add.reduceat(blocks.counts, starts)
        self._last[filled] = blocks.last[bounds[filled + 1] - 1]
        self._lend(blocks, bounds)

    def columns(self) -> Columns:
        """What has come together."""
        filled = self._counts > 0
        mean = np.full(len(self._counts), np.nan)
        with np.errstate(invalid="ignore", over="ignore"):
            mean[filled] = self._total[filled] / self._counts[filled]
        return Columns(self._low, self._high, np.clip(mean, self._low, self._high), self._last, self._counts)

    def _lend(self, blocks: Blocks, bounds: Positions) -> None:
        column, block = reaching_over(blocks, self._edges_ms[:-1], bounds[:-1])
        self._low[column] = np.fmin(self._low[column], blocks.low[block])
        self._high[column] = np.fmax(self._high[column], blocks.high[block])

    def _steps(self, blocks: Blocks) -> Values:
        steps = _rises(blocks)
        if self._before is not None:
            first = blocks.first[0]
            steps[0] += first - self._before if first >= self._before else first
        self._before = float(blocks.last[-1])
        return steps


def reaching_over(blocks: Blocks, edges_ms: Instants, bounds: Positions) -> tuple[Positions, Positions]:
    """Which of some edges lie inside a block, and in which; `bounds` says how many blocks begin before each edge."""
    edge = np.flatnonzero(bounds > 0)
    block = bounds[edge] - 1
    inside = blocks.end_ms[block] >= edges_ms[edge]
    return edge[inside], block[inside]


def _numbers(blocks: Blocks) -> tuple[Blocks, Positions | None]:
    """The blocks that have numbers, and before each position how many of them there are; None when all have."""
    has = blocks.counts > 0
    if has.all():
        return blocks, None
    return blocks.at(has), np.append(0, np.cumsum(has))


def _rises(blocks: Blocks) -> Values:
    """Per block its own rise and the step from the last number before it; no step before the first."""
    steps = blocks.rise.copy()
    before, after = blocks.last[:-1], blocks.first[1:]
    with np.errstate(invalid="ignore", over="ignore"):
        steps[1:] += np.where(after >= before, after - before, after)
    return steps

"""Judging cycles: who failed first in a cycle is its root; those that failed at the same time cannot be told apart.

The cycles of a layer do not depend on each other, so that all are judged together, each for as long as it needs.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from quarterdeck.analysis.rollup.conditions import NEVER, Conditions, Root
from quarterdeck.analysis.rollup.judging import Freedom, Judge, Kinds, Truths
from quarterdeck.analysis.rollup.links import Numbers

_ROUNDS_BEYOND = 8
_NO_KIND = max(Root) + 1

Cycles = npt.NDArray[np.int64]
"""Some cycles (c, 2) as `[begin, end)`, ascending; never empty."""


@dataclass(frozen=True, slots=True, eq=False)
class _Members:
    """The members (k) of some cycles one after the other: where each cycle begins, and which cycle each is of."""

    numbers: Numbers
    begins: Numbers
    sizes: Numbers
    cycle_of: Numbers

    @classmethod
    def of(cls, cycles: Cycles) -> _Members:
        sizes = cycles[:, 1] - cycles[:, 0]
        begins = np.cumsum(sizes) - sizes
        numbers = np.repeat(cycles[:, 0] - begins, sizes) + np.arange(int(sizes.sum()))
        return cls(numbers, begins, sizes, np.repeat(np.arange(len(cycles)), sizes))


class CycleJudge:
    """Judges cycles of one layer, as often as it takes until each stays as it is."""

    def __init__(self, conditions: Conditions, judge: Judge) -> None:
        self._all = conditions
        self._judge = judge

    def judge(self, cycles: Cycles) -> None:
        """Find the state of everything in these cycles."""
        members = _Members.of(cycles)
        numbers = members.numbers
        self._all.reach[numbers] = NEVER
        self._all.lost[numbers] = 0
        self._all.states[numbers] = self._all.codes[numbers]
        is_root = np.zeros(len(numbers), np.bool_)
        while len(cycles):
            possible = self._settle(cycles, is_root)
            added = self._first_to_fail(members, np.where(is_root, Root.NONE, possible))
            has_more = np.logical_or.reduceat(added, members.begins)
            stays = has_more[members.cycle_of]
            is_root = (is_root | added)[stays]
            cycles = cycles[has_more]
            members = _Members.of(cycles)

    def _first_to_fail(self, members: _Members, possible: Kinds) -> Truths:
        """Which members become roots: of the gravest kind there is in their cycle those that began first."""
        kinds = np.where(possible == Root.NONE, _NO_KIND, possible)
        gravest = np.minimum.reduceat(kinds, members.begins)[members.cycle_of]
        waiting = (kinds == gravest) & (kinds != _NO_KIND)
        since = np.where(waiting, self._all.since_ms[members.numbers], NEVER)
        return waiting & (since == np.minimum.reduceat(since, members.begins)[members.cycle_of])

    def _settle(self, cycles: Cycles, is_root: Truths) -> Kinds:
        """Judge cycles until each stays as it is; as what each member (k) would be a root."""
        members = _Members.of(cycles)
        possible = self._judge.judge(members.numbers, Freedom(is_root))
        rounds_left = 4 * members.sizes + _ROUNDS_BEYOND
        places = np.arange(len(possible))
        while len(cycles):
            before = self._all.found(members.numbers)
            possible[places] = self._judge.judge(members.numbers, Freedom(is_root[places]))
            changed = (self._all.found(members.numbers) != before).any(axis=1)
            rounds_left -= 1
            moves = np.logical_or.reduceat(changed, members.begins) & (rounds_left > 0)
            places = places[moves[members.cycle_of]]
            cycles, rounds_left = cycles[moves], rounds_left[moves]
            members = _Members.of(cycles)
        return possible

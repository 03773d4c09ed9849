"""The roll-up itself: whole over an estate, and afterwards only what a change touches."""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Collection, Mapping

import numpy as np
import numpy.typing as npt

from quarterdeck.analysis.rollup.causes import CauseFinder
from quarterdeck.analysis.rollup.conditions import (
    CODE,
    NEVER,
    NO_SPARE,
    STATE,
    Conditions,
    Effective,
    Manner,
    Own,
    Root,
)
from quarterdeck.analysis.rollup.graph import DependencyGraph, Layer
from quarterdeck.analysis.rollup.judging import Judge, Truths
from quarterdeck.analysis.rollup.links import Numbers
from quarterdeck.analysis.rollup.turning import CycleJudge, Cycles
from quarterdeck.analysis.rollup.young_roots import YoungRoots
from quarterdeck.domain.health import HealthState

_MANY, _MUCH = 50, 0.005
"""With so many changes, and this share of all entities beyond, judging everything anew is the shorter way."""


class Rollup:
    """The states of an estate's entities as their own states change.

    A change costs what it touches; what is found is the same as if everything had been judged anew.
    """

    def __init__(self, graph: DependencyGraph, manner: Manner | None = None) -> None:
        self._graph = graph
        self._manner = manner or Manner()
        self._all = Conditions.unknown(len(graph.keys))
        self._judge = Judge(graph, self._all, self._manner)
        self._turning = CycleJudge(self._all, self._judge)
        self._finder = CauseFinder(graph, self._all, self._manner)
        self._young = YoungRoots()
        self._names = np.array(graph.keys, np.object_)

    @property
    def graph(self) -> DependencyGraph:
        """What depends on what."""
        return self._graph

    @property
    def next_turn_ms(self) -> int | None:
        """When a state may become another one though no own state changes; None for never."""
        onset_ms = self._young.first_onset_ms
        return None if onset_ms is None else onset_ms + self._manner.settle_ms + 1

    def judge_all(self, owns: Mapping[str, Own], now_ms: int) -> None:
        """Judge everything; nothing is known of what `owns` does not name."""
        self.take_in(owns)
        self.judge_anew(now_ms)

    def take_in(self, owns: Mapping[str, Own]) -> None:
        """Note own states to judge later; nothing is known of what `owns` does not name."""
        self._all.put_all(self._graph.numbers, owns)

    def judge_anew(self, now_ms: int) -> None:
        """Judge everything by the own states that are known."""
        self._set_horizon(now_ms)
        self._judge_known()

    def _judge_known(self) -> None:
        self._judge.calm_down()
        due = self._judge.uncalm()
        for layer in self._graph.layers:
            chosen = np.flatnonzero(due[layer.first : layer.cyclic]) + layer.first
            if len(chosen):
                self._judge.judge(chosen)
                self._pass_on(chosen, due)
            if len(cycles := _due(layer, due)):
                self._turning.judge(cycles)
                self._pass_on(np.arange(layer.cyclic, layer.end), due)
        self._young.replace(*self._young_among(np.flatnonzero(self._all.roots)))

    def change(self, owns: Mapping[str, Own], now_ms: int) -> set[str]:
        """Take in own states that became different; the entities that may be in another state or for another reason.

        `now_ms` may lie before that of the last change: then everything is as it would be judged at that moment.
        """
        told = self._put(owns)
        before_ms = self._judge.horizon_ms
        self._set_horizon(now_ms)
        dirty = self._marked(told)
        dirty[list(self._young.take_before(self._judge.horizon_ms))] = True
        if before_ms > self._judge.horizon_ms:
            dirty |= self._young_again(before_ms)
        if np.count_nonzero(dirty) > _MANY + len(dirty) * _MUCH:
            touched = dirty | self._work_off_whole()
        else:
            touched = self._marked(self._work_off(np.flatnonzero(dirty).tolist()))
            self._young.add(*self._young_among(np.flatnonzero(touched)))
        return set(self._names[touched | self._behind(touched)].tolist())

    def _put(self, owns: Mapping[str, Own]) -> Numbers:
        """Note own states; the numbers of those that the estate holds."""
        found = list(map(self._graph.numbers.get, owns))
        numbers = [number for number in found if number is not None]
        told = [own for number, own in zip(found, owns.values(), strict=True) if number is not None]
        known = np.array(numbers, np.int64)
        self._all.put_some(known, told)
        return known

    def _marked(self, numbers: Numbers) -> Truths:
        marks = np.zeros(len(self._graph.keys), np.bool_)
        marks[numbers] = True
        return marks

    def effective(self, key: str) -> Effective:
        """An entity's state with its reasons. Raises KeyError for one that the estate does not hold."""
        number = self._graph.numbers[key]
        spare = int(self._all.spare[number])
        return Effective(
            state=self.state(key),
            because=self._finder.causes_of(number),
            masked=bool(self._all.masked[number]),
            spare=None if spare == NO_SPARE else spare,
        )

    def state(self, key: str) -> HealthState:
        """An entity's state alone, for those who need no reasons."""
        return STATE[int(self._all.states[self._graph.numbers[key]])]

    def states(self) -> npt.NDArray[np.int8]:
        """The code of each entity's state by its number (n)."""
        return self._all.states.copy()

    def roots(self) -> frozenset[str]:
        """Every entity that failed by itself, and every silent one that explains the failure of another."""
        failed = np.flatnonzero((self._all.roots == Root.FAILED) & ~self._all.covers)
        found = {self._graph.keys[number] for number in failed.tolist()}
        silent = np.flatnonzero(self._all.roots == Root.SILENT)
        if len(silent):
            unreachable = np.flatnonzero(self._all.states == CODE[HealthState.UNREACHABLE])
            named = {cause.key for number in unreachable.tolist() for cause in self._finder.causes_of(number)}
            found |= named & {self._graph.keys[number] for number in silent.tolist()}
        return frozenset(found)

    def _pass_on(self, numbers: Numbers, due: npt.NDArray[np.bool_]) -> None:
        """Note whoever depends on something that is not plainly healthy."""
        healthy = self._all.states[numbers] == CODE[HealthState.HEALTHY]
        uncalm = numbers[~healthy | (self._all.reach[numbers].min(axis=1) < NEVER)]
        due[self._graph.dependents.of_all(uncalm)] = True

    def _set_horizon(self, now_ms: int) -> None:
        self._judge.horizon_ms = self._finder.horizon_ms = now_ms - self._manner.settle_ms

    def _young_again(self, before_ms: int) -> Truths:
        """Which roots (n) were settled by then and are young at an earlier moment."""
        onset = self._all.onset_ms
        return (self._all.roots != Root.NONE) & (onset >= self._judge.horizon_ms) & (onset < before_ms)

    def _young_among(self, numbers: Numbers) -> tuple[Numbers, Numbers]:
        """The roots among some entities that have not settled, with the onsets of their failures."""
        onset = self._all.onset_ms[numbers]
        is_young = (self._all.roots[numbers] != Root.NONE) & (onset >= self._judge.horizon_ms)
        return numbers[is_young], onset[is_young]

    def _work_off(self, dirty: Collection[int]) -> Numbers:
        """Judge what is dirty, layer after layer, and whatever that makes dirty."""
        waiting: dict[int, set[int]] = defaultdict(set)
        for number in dirty:
            waiting[int(self._graph.layer_of[number])].add(number)
        due = list(waiting)
        heapq.heapify(due)
        touched = set(dirty)
        while due:
            place = heapq.heappop(due)
            for number in self._judge_some(place, waiting.pop(place)):
                touched.add(number)
                for dependent in self._graph.dependents.at(number).tolist():
                    layer = int(self._graph.layer_of[dependent])
                    if layer == place:
                        continue
                    if layer not in waiting:
                        heapq.heappush(due, layer)
                    waiting[layer].add(dependent)
        return np.fromiter(touched, np.int64, len(touched))

    def _work_off_whole(self) -> Truths:
        """Judge everything anew, which so many changes make the shorter way; which (n) became different."""
        before = self._all.findings()
        self._judge_known()
        return self._all.differing(before)

    def _judge_some(self, place: int, numbers: set[int]) -> list[int]:
        """Judge some entities of a layer, with the cycles they lie in; those of which anything became different."""
        layer = self._graph.layers[place]
        plain = sorted(number for number in numbers if number < layer.cyclic)
        cycles = {
            cycle for number in numbers if number >= layer.cyclic for cycle in (self._graph.cycle_of(number),) if cycle
        }
        changed: list[int] = []
        if plain:
            chosen = np.array(plain, np.int64)
            before = self._all.found(chosen)
            self._judge.judge(chosen)
            changed += self._differing(chosen, before)
        if cycles:
            chosen = np.array([member for begin, end in sorted(cycles) for member in range(begin, end)], np.int64)
            before = self._all.found(chosen)
            self._turning.judge(np.array(sorted(cycles), np.int64))
            changed += self._differing(chosen, before)
        return changed

    def _differing(self, numbers: Numbers, before: Numbers) -> list[int]:
        return numbers[(self._all.found(numbers) != before).any(axis=1)].tolist()

    def _behind(self, touched: Truths) -> Truths:
        """Whom (n) a failure reaches from what became different: the names of their reasons may be others."""
        found = np.zeros_like(touched)
        edge = np.flatnonzero(touched)
        while len(edge):
            fresh = self._marked(self._graph.dependents.of_all(edge)) & ~found
            found |= fresh
            edge = np.flatnonzero(fresh)
            edge = edge[self._all.reach[edge].min(axis=1) < NEVER]
        return found


def _due(layer: Layer, due: Truths) -> Cycles:
    """The cycles of a layer of which anything has to be judged."""
    cycles = np.array(layer.cycles, np.int64).reshape(-1, 2)
    if not len(cycles):
        return cycles
    is_due = np.logical_or.reduceat(due[layer.cyclic : layer.end], cycles[:, 0] - layer.cyclic)
    return cycles[is_due]

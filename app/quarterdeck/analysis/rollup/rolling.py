"""The roll-up itself: whole over an estate, and afterwards only what a change touches."""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Iterable, Mapping

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
from quarterdeck.analysis.rollup.graph import DependencyGraph
from quarterdeck.analysis.rollup.judging import Freedom, Judge
from quarterdeck.analysis.rollup.links import Numbers
from quarterdeck.domain.health import HealthState

_ROUNDS_BEYOND = 8


class Rollup:
    """The states of an estate's entities as their own states change.

    A change costs what it touches; what is found is the same as if everything had been judged anew.
    """

    def __init__(self, graph: DependencyGraph, manner: Manner | None = None) -> None:
        self._graph = graph
        self._manner = manner or Manner()
        self._all = Conditions.unknown(len(graph.keys))
        self._judge = Judge(graph, self._all, self._manner)
        self._finder = CauseFinder(graph, self._all, self._manner)
        self._young: list[tuple[int, int]] = []

    @property
    def graph(self) -> DependencyGraph:
        """What depends on what."""
        return self._graph

    @property
    def next_turn_ms(self) -> int | None:
        """When a state may become another one though no own state changes; None for never."""
        return self._young[0][0] + self._manner.settle_ms + 1 if self._young else None

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
        self._judge.calm_down()
        due = self._judge.uncalm()
        for layer in self._graph.layers:
            chosen = np.flatnonzero(due[layer.first : layer.cyclic]) + layer.first
            if len(chosen):
                self._judge.judge(chosen)
                self._pass_on(chosen, due)
            for begin, end in layer.cycles:
                if due[begin:end].any():
                    self._judge_cycle(begin, end)
                    self._pass_on(np.arange(begin, end), due)
        self._young = []
        self._note_young(np.flatnonzero(self._all.roots))

    def change(self, owns: Mapping[str, Own], now_ms: int) -> set[str]:
        """Take in own states that became different; the entities that may be in another state or for another reason.

        `now_ms` may lie before that of the last change: then everything is as it would be judged at that moment.
        """
        changed = {self._graph.numbers[key] for key in owns if key in self._graph.numbers}
        for key, own in owns.items():
            if key in self._graph.numbers:
                self._all.put(self._graph.numbers[key], own)
        before_ms = self._judge.horizon_ms
        self._set_horizon(now_ms)
        touched = self._work_off(changed | self._settled() | self._young_again(before_ms))
        self._note_young(np.array(sorted(touched), np.int64))
        return {self._graph.keys[number] for number in touched | self._behind(touched)}

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
        failed = np.flatnonzero((self._all.roots == Root.FAILED) & ~self._all.windows)
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

    def _settled(self) -> set[int]:
        """Roots that have become too old to explain through what is fine."""
        settled: set[int] = set()
        while self._young and self._young[0][0] < self._judge.horizon_ms:
            settled.add(heapq.heappop(self._young)[1])
        return settled

    def _young_again(self, before_ms: int) -> set[int]:
        """Roots that were settled by then and are young at an earlier moment."""
        onset = self._all.onset_ms
        turned = (self._all.roots != Root.NONE) & (onset >= self._judge.horizon_ms) & (onset < before_ms)
        return set(np.flatnonzero(turned).tolist()) if before_ms > self._judge.horizon_ms else set()

    def _note_young(self, numbers: Numbers) -> None:
        onset = self._all.onset_ms[numbers]
        young = numbers[(self._all.roots[numbers] != Root.NONE) & (onset >= self._judge.horizon_ms)]
        for number in young.tolist():
            heapq.heappush(self._young, (int(self._all.onset_ms[number]), number))

    def _work_off(self, dirty: Iterable[int]) -> set[int]:
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
        return touched

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
            before = self._found(chosen)
            self._judge.judge(chosen)
            changed += self._differing(chosen, before)
        for begin, end in sorted(cycles):
            chosen = np.arange(begin, end)
            before = self._found(chosen)
            self._judge_cycle(begin, end)
            changed += self._differing(chosen, before)
        return changed

    def _found(self, numbers: Numbers) -> Numbers:
        """All that is found of entities (k) in one table."""
        found = self._all
        columns = (found.states, found.masked, found.lost, found.roots, found.spare)
        return np.column_stack([found.reach[numbers], *(column[numbers].astype(np.int64) for column in columns)])

    def _differing(self, numbers: Numbers, before: Numbers) -> list[int]:
        return [int(number) for number in numbers[(self._found(numbers) != before).any(axis=1)]]

    def _judge_cycle(self, begin: int, end: int) -> None:
        """Who failed first in a cycle is its root; those that failed at the same time cannot be told apart."""
        numbers = np.arange(begin, end)
        self._all.reach[begin:end] = NEVER
        self._all.lost[begin:end] = 0
        self._all.states[begin:end] = self._all.codes[begin:end]
        is_root = np.zeros(len(numbers), np.bool_)
        while True:
            possible = self._settle(numbers, Freedom(is_root))
            kinds = [(possible == kind) & ~is_root for kind in (Root.FAILED, Root.IMPAIRED, Root.SILENT)]
            waiting = next((kind for kind in kinds if kind.any()), None)
            if waiting is None:
                return
            since = self._all.since_ms[begin:end]
            is_root |= waiting & (since == since[waiting].min())

    def _settle(self, numbers: Numbers, freedom: Freedom) -> npt.NDArray[np.int8]:
        """Judge a cycle until it stays as it is."""
        possible = self._judge.judge(numbers, freedom)
        for _ in range(4 * len(numbers) + _ROUNDS_BEYOND):
            before = self._found(numbers)
            possible = self._judge.judge(numbers, freedom)
            if not (self._found(numbers) != before).any():
                break
        return possible

    def _behind(self, touched: set[int]) -> set[int]:
        """Whoever a failure reaches from entities that became different: the names of their reasons may be others."""
        found: set[int] = set()
        work = list(touched)
        while work:
            for dependent in self._graph.dependents.at(work.pop()).tolist():
                if dependent not in found:
                    found.add(dependent)
                    if self._all.reach[dependent].min() < NEVER:
                        work.append(dependent)
        return found

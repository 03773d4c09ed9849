"""Cycles of dependencies: which entities depend on each other, by Tarjan's strongly connected components (1972)."""

from __future__ import annotations

import numpy as np

from quarterdeck.analysis.rollup.links import Numbers

_UNSEEN = -1
_PEELINGS = 20


def cycles_among(size: int, dependents: Numbers, providers: Numbers) -> tuple[Numbers, int]:
    """The number of each entity's cycle, and how many there are; an entity in no cycle is one of its own."""
    dependents, providers = _tangled(size, dependents, providers)
    beyond: dict[int, list[int]] = {}
    for dependent, provider in zip(dependents.tolist(), providers.tolist(), strict=True):
        beyond.setdefault(dependent, []).append(provider)
    search = _Search(size, beyond)
    for number in beyond:
        search.visit(number)
    cycle_of = search.cycle_of
    alone = np.flatnonzero(cycle_of == _UNSEEN)
    cycle_of[alone] = search.found + np.arange(len(alone))
    return cycle_of, search.found + len(alone)


def _tangled(size: int, dependents: Numbers, providers: Numbers) -> tuple[Numbers, Numbers]:
    """Fewer dependencies, all cycles among them: what depends on nothing, or nothing on it, is taken away."""
    for _ in range(_PEELINGS):
        leads = np.bincount(dependents, minlength=size) > 0
        led = np.bincount(providers, minlength=size) > 0
        inside = leads[providers] & led[dependents]
        dependents, providers = dependents[inside], providers[inside]
    return dependents, providers


class _Search:
    """Tarjan's search with a stack of its own instead of recursion: chains may be long."""

    def __init__(self, size: int, beyond: dict[int, list[int]]) -> None:
        self.cycle_of = np.full(size, _UNSEEN, np.int64)
        self.found = 0
        self._beyond = beyond
        self._order: dict[int, int] = {}
        self._low: dict[int, int] = {}
        self._path: list[int] = []
        self._on_path: set[int] = set()

    def visit(self, start: int) -> None:
        if start in self._order:
            return
        work = [(start, iter(self._begin(start)))]
        while work:
            number, remaining = work[-1]
            following = next(remaining, None)
            if following is None:
                work.pop()
                self._end(number)
                if work:
                    self._low[work[-1][0]] = min(self._low[work[-1][0]], self._low[number])
            elif following not in self._order:
                work.append((following, iter(self._begin(following))))
            elif following in self._on_path:
                self._low[number] = min(self._low[number], self._order[following])

    def _begin(self, number: int) -> list[int]:
        self._order[number] = self._low[number] = len(self._order)
        self._path.append(number)
        self._on_path.add(number)
        return self._beyond.get(number, [])

    def _end(self, number: int) -> None:
        if self._low[number] != self._order[number]:
            return
        while True:
            member = self._path.pop()
            self._on_path.discard(member)
            self.cycle_of[member] = self.found
            if member == number:
                break
        self.found += 1

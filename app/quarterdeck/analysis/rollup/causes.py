"""Which roots explain an entity: a walk up what it depends on, as far as a failure is passed on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import numpy as np

from quarterdeck.analysis.rollup.conditions import CODE, NEVER, STATE, Cause, Conditions, Manner, Reach, Root
from quarterdeck.analysis.rollup.graph import DependencyGraph
from quarterdeck.analysis.rollup.rules import Needs
from quarterdeck.domain.health import HealthState

MOST_CAUSES = 16
_HEALTHY, _DEGRADED, _STALE = CODE[HealthState.HEALTHY], CODE[HealthState.DEGRADED], CODE[HealthState.STALE]
_EXPLAINED = (CODE[HealthState.UNREACHABLE], _DEGRADED, _STALE)
_PREFERRED = {
    CODE[HealthState.UNREACHABLE]: (Root.FAILED, Root.SILENT),
    _DEGRADED: (Root.FAILED, Root.IMPAIRED, Root.SILENT),
    _STALE: (Root.SILENT,),
}


class CauseFinder:
    """Names the roots behind entities; `horizon_ms` parts young failures from settled ones."""

    def __init__(self, graph: DependencyGraph, conditions: Conditions, manner: Manner) -> None:
        self._graph = graph
        self._all = conditions
        self._manner = manner
        self.horizon_ms = 0

    def causes_of(self, number: int) -> tuple[Cause, ...]:
        """The roots that explain an entity's state, the earliest first, `MOST_CAUSES` at most; none for a root."""
        state, own = int(self._all.states[number]), int(self._all.codes[number])
        if state not in _EXPLAINED or self._all.roots[number] != Root.NONE:
            return ()
        is_told = own not in {_HEALTHY, CODE[HealthState.UNKNOWN]}
        since_ms = self._since(number)
        limit_ms = since_ms + self._manner.leeway_ms if is_told else NEVER
        by_kind: dict[int, list[int]] = defaultdict(list)
        for root in self._roots_behind(number, limit_ms):
            kind = int(self._all.roots[root])
            is_near = not is_told or self._since(root) >= since_ms - self._manner.silence_ms
            if kind != Root.SILENT or is_near or state == _DEGRADED:
                by_kind[kind].append(root)
        kind = next((kind for kind in _PREFERRED[state] if kind in by_kind), Root.NONE)
        found = by_kind[kind]
        causes = [
            Cause(self._graph.keys[root], STATE[int(self._all.states[root])], self._since(root)) for root in found
        ]
        return tuple(sorted(causes, key=lambda cause: (cause.since_ms, cause.key))[:MOST_CAUSES])

    def _since(self, number: int) -> int:
        return int(self._all.since_ms[number])

    def _onset(self, number: int) -> int:
        is_silent = self._all.roots[number] == Root.SILENT
        return self._since(number) if is_silent else int(self._all.onset_ms[number])

    def _roots_behind(self, number: int, limit_ms: int) -> set[int]:
        seen: set[tuple[int, bool]] = set()
        roots: set[int] = set()
        work = [(provider, False) for provider in self._leading(number)]
        while work:
            at, only_young = work.pop()
            if (at, only_young) in seen or at == number:
                continue
            seen.add((at, only_young))
            oldest_ms = self.horizon_ms if only_young else -NEVER
            is_young_enough = oldest_ms <= int(self._all.onset_ms[at])
            if self._all.roots[at] != Root.NONE and is_young_enough and self._onset(at) <= limit_ms:
                roots.add(at)
            only_young = only_young or self._all.codes[at] == _HEALTHY
            work += [(provider, only_young) for provider in self._leading(at)]
        return roots

    def _leading(self, number: int) -> Iterator[int]:
        """What an entity depends on that a failure reaches it from."""
        is_impaired = self._all.states[number] in {_DEGRADED, _STALE}
        for provider in self._graph.needed.at(number).tolist():
            if self._is_reached(provider):
                yield provider
        for need in self._graph.needs.get(number, ()):
            if is_impaired or self._is_broken(need):
                yield from (member for member in need.members if self._is_reached(member))

    def _is_reached(self, number: int) -> bool:
        return bool(self._all.reach[number].min() < NEVER)

    def _is_broken(self, need: Needs) -> bool:
        reach = self._all.reach[np.array(need.members)]
        for kind in (Reach.FAILED, Reach.SILENT):
            gone = reach[:, kind] < NEVER
            if float(np.array(need.weights)[~gone].sum()) < need.down_below and gone.any():
                return True
        return False

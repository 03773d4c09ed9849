"""What would follow if some entities were in other states: a roll-up of reality beside one of what is assumed.

What an entity tells of itself was told in reality. Whoever depends on something that is assumed to be lost could not go
on telling that it is well, so in the assumption its state follows from what it depends on; where that is not lost,
what it told is believed again. What fails in reality only because of something that is assumed to work works too.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from quarterdeck.analysis.rollup.conditions import Effective, Manner, Own
from quarterdeck.analysis.rollup.graph import DependencyGraph
from quarterdeck.analysis.rollup.rolling import Rollup
from quarterdeck.domain.estate import Estate
from quarterdeck.domain.health import HealthState

_UNTOLD = Own(HealthState.UNKNOWN, 0)
_LOSSES = frozenset({HealthState.DOWN, HealthState.UNREACHABLE, HealthState.MAINTENANCE})
_WORKING = frozenset({HealthState.HEALTHY, HealthState.DEGRADED})
_NOT_FAILED = _WORKING | {HealthState.STALE}


@dataclass(frozen=True, slots=True, eq=False)
class Supposition:
    """Reality and what is assumed, each by key; `behind` are all that depend on what is assumed, in any way."""

    real: Mapping[str, Effective]
    assumed: Mapping[str, Effective]
    behind: frozenset[str]

    @property
    def changed(self) -> tuple[str, ...]:
        """Whose state, or redundancy left, is another one."""
        return tuple(
            key
            for key, found in self.assumed.items()
            if (found.state, found.spare) != (self.real[key].state, self.real[key].spare)
        )


class Supposing:
    """Answers what would follow, over one estate and what its entities told by a moment. Nothing of either changes."""

    def __init__(self, estate: Estate, owns: Mapping[str, Own], at_ms: int) -> None:
        self._estate = estate
        self._graph = DependencyGraph.of(estate.entities, estate.relations)
        self._owns = owns
        self._at_ms = at_ms
        self._manner = Manner()
        self._real = self._rolled(owns)

    def real(self) -> dict[str, Effective]:
        """What is, by key."""
        return {key: self._real.effective(key) for key in self._graph.keys}

    def suppose(self, states: Mapping[str, HealthState], real: Mapping[str, Effective] | None = None) -> Supposition:
        """What would follow if entities were in these states. Raises KeyError for one that the estate does not hold."""
        real = real or self.real()
        new = {key: state for key, state in states.items() if not self._is_so(key, state)}
        behind = self.behind(new) - states.keys()
        owns = {**self._owns, **{key: self._assumed(key, state) for key, state in new.items()}}
        better = {key for key, state in new.items() if state in _WORKING}
        for key in behind:
            roots = {cause.key for cause in real[key].because}
            if roots and roots <= better and real[key].state not in _WORKING:
                owns[key] = Own(HealthState.HEALTHY, self._at_ms)
        if any(state in _LOSSES for state in new.values()):
            owns |= self._untold(owns, behind)
        rolled = self._rolled(owns)
        assumed = {key: rolled.effective(key) for key in self._graph.keys}
        assumed |= {key: replace(assumed[key], state=state) for key, state in states.items()}
        return Supposition(real, assumed, self.behind(states))

    def _is_so(self, key: str, state: HealthState) -> bool:
        """Whether an entity is in a state already, by all that is known or by what it tells of itself."""
        told = self._owns.get(key, _UNTOLD)
        return self._real.state(key) is state or (told.state is state and not told.in_window)

    def _assumed(self, key: str, state: HealthState) -> Own:
        """An assumption begins after everything that is known, so that it explains nothing that was there before."""
        since_ms = self._at_ms + self._manner.leeway_ms + 1
        if state is HealthState.MAINTENANCE:
            return Own(HealthState.DOWN, since_ms, in_window=True)
        if state is HealthState.UNREACHABLE:
            return Own(HealthState.DOWN, since_ms)
        told = self._owns.get(key, _UNTOLD)
        return replace(told, in_window=False) if state is told.state else Own(state, since_ms)

    def _untold(self, owns: Mapping[str, Own], behind: Collection[str]) -> dict[str, Own]:
        """Those who could not tell any more that they are well, because what they depend on is lost with the assumed.

        Whoever is well although something it depends on is lost in reality has shown that it lives without that.
        """
        asked = {
            key: replace(own, state=HealthState.UNKNOWN)
            for key in behind
            if (own := owns.get(key, _UNTOLD)).state in _NOT_FAILED
        }
        doubtful = {key: own for key, own in asked.items() if self._real.state(key) is not HealthState.HEALTHY}
        graph = self._graph
        if doubtful:
            alone = self._rolled({**self._owns, **doubtful})
            proven = {key for key in doubtful if alone.state(key) is HealthState.UNREACHABLE}
            graph = self._without_lost(proven) if proven else graph
        rolled = self._rolled({**owns, **asked}, graph)
        return {key: own for key, own in asked.items() if rolled.state(key) is HealthState.UNREACHABLE}

    def _without_lost(self, dependents: Collection[str]) -> DependencyGraph:
        """The graph without what these depend on and is lost in reality."""
        relations = (
            one
            for one in self._estate.relations
            if one.dependent_key not in dependents
            or one.provider_key not in self._graph.numbers
            or self._real.state(one.provider_key) not in _LOSSES
        )
        return DependencyGraph.of(self._estate.entities, relations)

    def behind(self, keys: Iterable[str]) -> frozenset[str]:
        """All that depends on some entities, in any way; they themselves only where they depend on each other."""
        found = np.zeros(len(self._graph.keys), np.bool_)
        edge = np.array([self._graph.numbers[key] for key in keys], np.int64)
        while len(edge):
            dependents = np.unique(self._graph.dependents.of_all(edge))
            edge = dependents[~found[dependents]]
            found[edge] = True
        return frozenset(self._graph.keys[number] for number in np.flatnonzero(found).tolist())

    def _rolled(self, owns: Mapping[str, Own], graph: DependencyGraph | None = None) -> Rollup:
        rollup = Rollup(graph or self._graph, self._manner)
        rollup.judge_all(owns, self._at_ms)
        return rollup

"""What depends on what, laid out in layers so that a whole layer is judged at once.

An entity's number is its place in the layout: a layer is a stretch of numbers, first those outside of any cycle, then
cycle after cycle, and whatever a layer depends on lies in layers before it, or in the same cycle.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from quarterdeck.analysis.rollup.cycles import cycles_among
from quarterdeck.analysis.rollup.links import Links, Numbers
from quarterdeck.analysis.rollup.rules import Needs, RuleTable, needs_of
from quarterdeck.domain.estate import Entity, Relation
from quarterdeck.domain.health_rules import RuleKind


@dataclass(frozen=True, slots=True)
class Layer:
    """Numbers `[first, cyclic)` lie in no cycle; `[cyclic, end)` are cycles, each `[begin, end)`."""

    first: int
    cyclic: int
    end: int
    cycles: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True, eq=False)
class DependencyGraph:
    """Entities by number, with what each depends on.

    `needed` is what it cannot do without and no rule names, `providers` all that is not ignored, and `dependents` the
    other way round. `needs` and `rules` hold the declared rules, by entity and as columns. `missing` are pairs of an
    entity and what it depends on that is not in the estate.
    """

    keys: tuple[str, ...]
    numbers: Mapping[str, int]
    layers: tuple[Layer, ...]
    layer_of: Numbers
    needed: Links
    providers: Links
    dependents: Links
    needs: Mapping[int, tuple[Needs, ...]]
    rules: RuleTable
    missing: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, entities: Sequence[Entity], relations: Iterable[Relation]) -> DependencyGraph:
        """The graph of an estate; what a relation names and the estate does not hold is noted as missing."""
        known = {entity.key: place for place, entity in enumerate(entities)}
        pairs, missing = _pairs(relations, known, {e.key: _ignored(e) for e in entities})
        dependents, providers = pairs
        order, layers = _laid_out(len(entities), dependents, providers)
        number_of = np.empty(len(entities), np.int64)
        number_of[order] = np.arange(len(entities))
        places: list[int] = order.tolist()
        keys = tuple(entities[place].key for place in places)
        numbers = {key: number for number, key in enumerate(keys)}
        dependents, providers = number_of[dependents], number_of[providers]
        size = len(keys)
        links = Links.of(size, dependents, providers)
        tiers = {entity.key: entity.tier for entity in entities}
        needs = {
            numbers[entity.key]: needs_of(entity, tiers, numbers, frozenset(links.at(numbers[entity.key]).tolist()))
            for entity in entities
            if entity.rules
        }
        plain = _outside(needs, dependents, providers)
        return cls(
            keys=keys,
            numbers=numbers,
            layers=layers,
            layer_of=np.repeat(np.arange(len(layers)), [layer.end - layer.first for layer in layers]),
            needed=Links.of(size, dependents[plain], providers[plain]),
            providers=links,
            dependents=Links.of(size, providers, dependents),
            needs=needs,
            rules=RuleTable.of(needs),
            missing=missing,
        )

    def cycle_of(self, number: int) -> tuple[int, int] | None:
        """The cycle that an entity lies in, as `[begin, end)`; None for none."""
        layer = self.layers[int(self.layer_of[number])]
        if number < layer.cyclic:
            return None
        return next(cycle for cycle in layer.cycles if cycle[0] <= number < cycle[1])


def _ignored(entity: Entity) -> frozenset[str]:
    return frozenset(key for rule in entity.rules if rule.kind is RuleKind.IGNORE for key in rule.members)


def _pairs(
    relations: Iterable[Relation], known: Mapping[str, int], ignored: Mapping[str, frozenset[str]]
) -> tuple[tuple[Numbers, Numbers], tuple[tuple[str, str], ...]]:
    """Dependent and provider of each dependency once, and those whose provider is missing."""
    found: set[tuple[int, int]] = set()
    missing: set[tuple[str, str]] = set()
    for relation in relations:
        dependent, provider = relation.dependent_key, relation.provider_key
        if dependent not in known or provider == dependent or provider in ignored[dependent]:
            continue
        if provider in known:
            found.add((known[dependent], known[provider]))
        else:
            missing.add((dependent, provider))
    table = np.array(sorted(found), np.int64).reshape(-1, 2)
    return (table[:, 0], table[:, 1]), tuple(sorted(missing))


def _laid_out(size: int, dependents: Numbers, providers: Numbers) -> tuple[Numbers, tuple[Layer, ...]]:
    """The entities in the order of their numbers, and the layers over it."""
    cycle_of, cycles = cycles_among(size, dependents, providers)
    depth = _depths(cycle_of, cycle_of[dependents], cycle_of[providers])
    sizes = np.bincount(cycle_of, minlength=cycles)
    is_cyclic = sizes[cycle_of] > 1
    order = np.lexsort((cycle_of, is_cyclic, depth[cycle_of]))
    layers: list[Layer] = []
    edges = np.searchsorted(depth[cycle_of][order], np.arange(int(depth.max(initial=-1)) + 2)).tolist()
    for first, end in pairwise(edges):
        members = order[first:end]
        cyclic = first + int(np.count_nonzero(~is_cyclic[members]))
        marks = cycle_of[order[cyclic:end]]
        begins = [cyclic + int(place) for place in np.flatnonzero(np.diff(marks, prepend=-1))]
        layers.append(Layer(first, cyclic, end, tuple(pairwise([*begins, end]))))
    return order, tuple(layers)


def _depths(cycle_of: Numbers, dependents: Numbers, providers: Numbers) -> Numbers:
    """The longest way from each cycle (or lone entity) to one that depends on nothing."""
    size = int(cycle_of.max(initial=-1)) + 1
    outside = dependents != providers
    dependents, providers = dependents[outside], providers[outside]
    waiting = np.bincount(dependents, minlength=size)
    links = Links.of(size, providers, dependents)
    depth = np.zeros(size, np.int64)
    ready = np.flatnonzero(waiting == 0)
    level = 0
    while len(ready):
        depth[ready] = level
        reached = links.of_all(ready)
        np.subtract.at(waiting, reached, 1)
        ready = np.unique(reached[waiting[reached] == 0])
        level += 1
    return depth


def _outside(needs: Mapping[int, tuple[Needs, ...]], dependents: Numbers, providers: Numbers) -> npt.NDArray[np.bool_]:
    """Which dependencies no rule names."""
    size = int(max(dependents.max(initial=0), providers.max(initial=0))) + 1
    named = [number * size + one for number, each in needs.items() for need in each for one in need.members]
    return ~np.isin(dependents * size + providers, np.array(named, np.int64))

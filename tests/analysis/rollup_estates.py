"""Small estates for the roll-up: what depends on what, by names without a kind, and the rules over it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from quarterdeck.analysis.rollup.graph import DependencyGraph
from quarterdeck.domain.estate import Entity, EntityKind, Relation, RelationKind
from quarterdeck.domain.health_rules import HealthRule

NOW_MS = 1_700_000_000_000
MINUTE_MS = 60_000


def entity(name: str, rules: tuple[HealthRule, ...] = (), tier: int = 3) -> Entity:
    """A component of that key."""
    return Entity(name, EntityKind.COMPONENT, name, tier=tier, rules=rules)


def needing(dependent: str, provider: str) -> Relation:
    """A dependency of one component on another."""
    return Relation(RelationKind.SERVICE_COMPONENT, dependent, provider)


def graph_of(entities: Iterable[Entity], needs: Mapping[str, Iterable[str]]) -> DependencyGraph:
    """The graph of components, by what each needs."""
    relations = [needing(dependent, provider) for dependent, providers in needs.items() for provider in providers]
    return DependencyGraph.of(tuple(entities), relations)

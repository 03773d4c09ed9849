"""One order of urgency for every list: the worst state of the most critical tier first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from quarterdeck.domain.estate import Entity
from quarterdeck.domain.health import SEVERITY, HealthState, StateInterval


def urgency(entity: Entity, state: HealthState) -> tuple[int, int, str]:
    """Sort key of an entity in a state."""
    return -SEVERITY[state], entity.tier, entity.name


def by_urgency(entities: Iterable[Entity], states: Mapping[str, StateInterval]) -> tuple[str, ...]:
    """Keys of entities, the most urgent first."""

    def rank(entity: Entity) -> tuple[int, int, str]:
        interval = states.get(entity.key)
        return urgency(entity, interval.state if interval else HealthState.UNKNOWN)

    return tuple(entity.key for entity in sorted(entities, key=rank))

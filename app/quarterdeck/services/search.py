"""Finding entities and connections by name, for the command field."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from quarterdeck.domain.health import HealthState
from quarterdeck.services.current_states import CurrentStates, JudgedStates
from quarterdeck.services.moments import Moment
from quarterdeck.services.ports import ConnectionStore, EstateStore


class SearchSources(EstateStore, JudgedStates, ConnectionStore, Protocol):
    """What the index is made from."""


@dataclass(frozen=True, slots=True)
class Findable:
    """Something that can be found: `target` is an entity's key or a connection's id, `kind` is in words."""

    target: str
    name: str
    kind: str
    state: HealthState | None
    is_connection: bool = False


class SearchReader:
    """Lists what can be found; matching is the command field's own work, so that each key press is instant."""

    def __init__(self, store: SearchSources) -> None:
        self._store = store
        self._states = CurrentStates(store)

    def findables(self, moment: Moment) -> tuple[Findable, ...]:
        """All entities and connections at the play-head, by name."""
        states = self._states.states_at(moment.at)
        found = [
            Findable(
                target=entity.key,
                name=entity.name,
                kind=entity.kind.value.replace("_", " "),
                state=states[entity.key].state if entity.key in states else HealthState.UNKNOWN,
            )
            for entity in self._store.estate(moment.at).entities
        ]
        found += [
            Findable(connection.id, connection.name, "connection", None, is_connection=True)
            for connection in self._store.connections()
        ]
        return tuple(sorted(found, key=lambda findable: findable.name.casefold()))

"""The estate: everything overseen, as entities and the relations between them, dated."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from quarterdeck.domain.connections import Connection
from quarterdeck.domain.expectations import Expectation
from quarterdeck.domain.facts import Facts
from quarterdeck.domain.health_rules import HealthRule
from quarterdeck.domain.objectives import Objective


class EntityKind(StrEnum):
    """The six kinds of thing that are overseen."""

    PARTNER = "partner"
    INTEGRATION = "integration"
    SERVICE = "service"
    COMPONENT = "component"
    EVENT_TYPE = "event_type"
    CHANNEL = "channel"


class RelationKind(StrEnum):
    """The three kinds of relation, exactly those of the specification."""

    EXTERNAL_INTERNAL = "external_internal"
    SERVICE_COMPONENT = "service_component"
    EVENT_NOTIFICATION = "event_notification"


class Origin(StrEnum):
    """Whether somebody declared a fact or a connector observed it."""

    DECLARED = "declared"
    OBSERVED = "observed"


RELATION_ENDS: Mapping[RelationKind, tuple[frozenset[EntityKind], frozenset[EntityKind]]] = {
    RelationKind.EXTERNAL_INTERNAL: (
        frozenset({EntityKind.PARTNER, EntityKind.INTEGRATION}),
        frozenset({EntityKind.INTEGRATION, EntityKind.SERVICE}),
    ),
    RelationKind.SERVICE_COMPONENT: (
        frozenset({EntityKind.SERVICE, EntityKind.COMPONENT}),
        frozenset({EntityKind.SERVICE, EntityKind.COMPONENT}),
    ),
    RelationKind.EVENT_NOTIFICATION: (
        frozenset({EntityKind.INTEGRATION, EntityKind.SERVICE, EntityKind.COMPONENT, EntityKind.EVENT_TYPE}),
        frozenset({EntityKind.EVENT_TYPE, EntityKind.CHANNEL}),
    ),
}
"""From which kinds of entities relations of a kind come, and to which they go."""


@dataclass(frozen=True, slots=True)
class Entity:
    """One overseen thing.

    `key` is its stable name inside the estate (`integration/payhub-processor`). `tier` is 1 (most critical) to 4.
    `freshness_seconds` is how old its newest signal may be before its state is stale; None takes the console's default.
    `rules` say how its health follows from what it depends on, `objectives` what is promised of it.
    """

    key: str
    kind: EntityKind
    name: str
    domain: str = ""
    owner: str = ""
    tier: int = 3
    description: str = ""
    freshness_seconds: float | None = None
    expectations: tuple[Expectation, ...] = ()
    facts: Facts = ()
    rules: tuple[HealthRule, ...] = ()
    objectives: tuple[Objective, ...] = ()


@dataclass(frozen=True, slots=True)
class Relation:
    """A directed link between two entities; `facts` carry contract, protocol, objective, data class, owner."""

    kind: RelationKind
    source_key: str
    target_key: str
    facts: Facts = ()

    @property
    def key(self) -> str:
        """The stable name of the relation inside the estate."""
        return f"{self.kind}:{self.source_key}>{self.target_key}"

    @property
    def provider_key(self) -> str:
        """The end that the other one depends on: the component of a service, else the relation's beginning."""
        return self.target_key if self.kind is RelationKind.SERVICE_COMPONENT else self.source_key

    @property
    def dependent_key(self) -> str:
        """The end that suffers when the other one fails."""
        return self.source_key if self.kind is RelationKind.SERVICE_COMPONENT else self.target_key


@dataclass(frozen=True, slots=True)
class EntityVersion:
    """An entity as it was over `[valid_from_at, valid_to_at)`; an open end means it still is."""

    entity: Entity
    origin: Origin
    source: str
    valid_from_at: datetime
    valid_to_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class RelationVersion:
    """A relation as it was over `[valid_from_at, valid_to_at)`, with when it was first and last seen."""

    relation: Relation
    origin: Origin
    source: str
    valid_from_at: datetime
    valid_to_at: datetime | None = None
    last_seen_at: datetime | None = None


def precedence(version: EntityVersion | RelationVersion) -> tuple[bool, datetime, str]:
    """Which of several versions of one key, valid at one moment, stands: the greatest.

    What is declared stands before what is observed, and among equals what was told last.
    """
    return version.origin is Origin.DECLARED, version.valid_from_at, version.source


@dataclass(frozen=True, slots=True)
class Estate:
    """The estate at one moment."""

    entities: tuple[Entity, ...] = ()
    relations: tuple[Relation, ...] = ()

    def entity(self, key: str) -> Entity | None:
        """The entity of that key, if it exists at this moment."""
        return next((entity for entity in self.entities if entity.key == key), None)

    def of_kind(self, kind: EntityKind) -> tuple[Entity, ...]:
        """All entities of one kind, in the estate's order."""
        return tuple(entity for entity in self.entities if entity.kind is kind)

    def sources_of(self, key: str, kind: RelationKind) -> tuple[str, ...]:
        """Keys of the entities that point at this one."""
        return tuple(r.source_key for r in self.relations if r.kind is kind and r.target_key == key)

    def targets_of(self, key: str, kind: RelationKind) -> tuple[str, ...]:
        """Keys of the entities this one points at."""
        return tuple(r.target_key for r in self.relations if r.kind is kind and r.source_key == key)


@dataclass(frozen=True, slots=True)
class DeclaredEstate:
    """What one estate document declares, whole: what it declared before and does not any more is withdrawn.

    `source` names the document; two documents never withdraw each other's declarations. `since_at` says from when on
    what it declares for the first time has been so; None means from when it is applied. `since_line` is where the
    document says so, or begins; 0 where that is not known. `file` is the name of its file, empty for none, and `lines`
    are where it declares what, by key and by the id of connections.
    """

    source: str
    title: str = ""
    entities: tuple[Entity, ...] = ()
    relations: tuple[Relation, ...] = ()
    connections: tuple[Connection, ...] = ()
    since_at: datetime | None = None
    since_line: int = field(default=0, compare=False)
    file: str = field(default="", compare=False)
    lines: Mapping[str, int] = field(default_factory=dict[str, int], compare=False)

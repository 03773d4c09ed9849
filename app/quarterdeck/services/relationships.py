"""The estate as a graph at a moment: what there is, how it hangs together, in what state and why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from quarterdeck.domain.estate import (
    Entity,
    EntityKind,
    EntityVersion,
    Origin,
    Relation,
    RelationKind,
    RelationVersion,
    precedence,
)
from quarterdeck.domain.health import HealthState, StateInterval
from quarterdeck.domain.series import Meaning
from quarterdeck.services.current_states import CurrentStates, JudgedStates, silent_since
from quarterdeck.services.integrations import patience_of
from quarterdeck.services.moments import Moment
from quarterdeck.services.ports import ConnectionStore, EstateStore, SeriesQuery, SeriesStore
from quarterdeck.services.reasons import reason_now
from quarterdeck.services.series_choice import choose_series
from quarterdeck.services.signals import Reading, SignalReader

NODE_MEANINGS = (
    Meaning.RESPONSE_TIME,
    Meaning.THROUGHPUT,
    Meaning.ERROR_RATE,
    Meaning.SATURATION,
    Meaning.QUEUE_DEPTH,
    Meaning.STORAGE,
)
"""What a node tells of itself besides its state."""


class RelationshipSources(EstateStore, JudgedStates, SeriesStore, ConnectionStore, Protocol):
    """What the map is made from."""


@dataclass(frozen=True, slots=True)
class GraphEntity:
    """One entity at the moment shown.

    `reason` is why it is in its state, as bad as it is now. `readings` are what it tells of itself. `is_missing` says
    that relations name it and nothing declares or has seen it; then there is no more of it than its key. `source` is
    who tells of it.
    """

    entity: Entity
    state: HealthState = HealthState.UNKNOWN
    reason: str = ""
    since_at: datetime | None = None
    readings: Mapping[Meaning, Reading] = field(default_factory=dict[Meaning, Reading])
    origin: Origin = Origin.DECLARED
    source: str = ""
    is_missing: bool = False

    @property
    def key(self) -> str:
        """The entity's key."""
        return self.entity.key

    def value(self, meaning: Meaning) -> float | None:
        """A fresh reading's value, or None."""
        reading = self.readings.get(meaning)
        return reading.value if reading is not None and reading.fresh else None


@dataclass(frozen=True, slots=True)
class GraphRelation:
    """One relation at the moment shown, as the version tells it that stands before the others.

    `origins` are all that tell of it: declared, observed or both. `first_at` is since when it holds, `last_seen_at`
    when a connector saw it last, None where none has.
    """

    relation: Relation
    origins: frozenset[Origin]
    source: str
    first_at: datetime
    last_seen_at: datetime | None = None

    @property
    def key(self) -> str:
        """The relation's key."""
        return self.relation.key

    @property
    def is_observed_only(self) -> bool:
        """Whether it was seen and never declared."""
        return Origin.DECLARED not in self.origins

    @property
    def needed_key(self) -> str:
        """The end that the other one depends on."""
        return self.relation.provider_key

    @property
    def dependent_key(self) -> str:
        """The end that depends on the other one."""
        return self.relation.dependent_key


@dataclass(frozen=True, slots=True)
class EstateFacts:
    """What the estate was at a moment, without states: it changes seldom and can be kept while it does not."""

    entities: tuple[EntityVersion, ...]
    relations: tuple[GraphRelation, ...]
    missing: tuple[Entity, ...]


@dataclass(frozen=True, slots=True)
class RelationshipReport:
    """Entities by key and relations by key at a moment.

    `silent_since_at` is since when nobody has collected, None while somebody does. `facts` can be given to the next
    reading for as long as the estate does not change.
    """

    entities: tuple[GraphEntity, ...]
    relations: tuple[GraphRelation, ...]
    facts: EstateFacts
    silent_since_at: datetime | None = None

    def by_key(self) -> dict[str, GraphEntity]:
        """The entities by key."""
        return {entity.key: entity for entity in self.entities}


class RelationshipReader:
    """Answers for the Relationships panel."""

    def __init__(self, store: RelationshipSources) -> None:
        self._store = store
        self._states = CurrentStates(store)
        self._signals = SignalReader(store)

    def relationships(self, moment: Moment, facts: EstateFacts | None = None) -> RelationshipReport:
        """The whole graph at the play-head; `facts` of an earlier reading where the estate is known not to differ."""
        facts = facts or self._facts(moment.at)
        entities = [version.entity for version in facts.entities]
        states = self._states.states_at(moment.at)
        readings = self._readings(entities, moment)
        told = [_told(version, states, readings) for version in facts.entities]
        ghosts = [GraphEntity(entity, is_missing=True) for entity in facts.missing]
        return RelationshipReport(
            entities=tuple(sorted((*told, *ghosts), key=lambda one: one.key)),
            relations=facts.relations,
            facts=facts,
            silent_since_at=silent_since(self._store, moment.at),
        )

    def _facts(self, at: datetime) -> EstateFacts:
        standing: dict[str, EntityVersion] = {}
        for version in sorted(self._store.entity_versions(at), key=precedence):
            standing[version.entity.key] = version
        relations = _relations(self._store.relation_versions(at))
        return EstateFacts(
            tuple(standing[key] for key in sorted(standing)), relations, tuple(_missing(relations, standing))
        )

    def _readings(self, entities: Sequence[Entity], moment: Moment) -> dict[str, Mapping[Meaning, Reading]]:
        if not entities:
            return {}
        query = SeriesQuery(entity_keys=tuple(entity.key for entity in entities), meanings=NODE_MEANINGS)
        chosen = choose_series(self._store.find(query))
        patience = patience_of(entities, self._store)
        found = self._signals.readings([info for own in chosen.values() for info in own.values()], moment, patience)
        return {
            key: {meaning: found[info.id] for meaning, info in own.items() if info.id in found}
            for key, own in chosen.items()
        }


def _told(
    version: EntityVersion,
    states: Mapping[str, StateInterval],
    readings: Mapping[str, Mapping[Meaning, Reading]],
) -> GraphEntity:
    entity = version.entity
    interval = states.get(entity.key)
    own = readings.get(entity.key, {})
    return GraphEntity(
        entity=entity,
        state=interval.state if interval else HealthState.UNKNOWN,
        reason=reason_now(entity, interval, own) if interval else "",
        since_at=interval.since_at if interval else None,
        readings=own,
        origin=version.origin,
        source=version.source,
    )


def _relations(versions: Iterable[RelationVersion]) -> tuple[GraphRelation, ...]:
    told: dict[str, list[RelationVersion]] = defaultdict(list)
    for version in versions:
        told[version.relation.key].append(version)
    return tuple(_relation(told[key]) for key in sorted(told))


def _relation(versions: Sequence[RelationVersion]) -> GraphRelation:
    standing = max(versions, key=precedence)
    seen = [version.last_seen_at for version in versions if version.last_seen_at is not None]
    return GraphRelation(
        relation=standing.relation,
        origins=frozenset(version.origin for version in versions),
        source=standing.source,
        first_at=min(version.valid_from_at for version in versions),
        last_seen_at=max(seen, default=None),
    )


def _missing(relations: Iterable[GraphRelation], known: Mapping[str, EntityVersion]) -> Iterable[Entity]:
    """What relations name and nothing tells of; its kind is what its key says, else what the relation makes likely."""
    found: dict[str, Entity] = {}
    for one in relations:
        relation = one.relation
        for key, is_source in ((relation.source_key, True), (relation.target_key, False)):
            if key not in known and key not in found:
                found[key] = Entity(key, _likely_kind(key, relation.kind, is_source=is_source), key)
    return found.values()


_LIKELY = {
    (RelationKind.EXTERNAL_INTERNAL, True): EntityKind.PARTNER,
    (RelationKind.EXTERNAL_INTERNAL, False): EntityKind.SERVICE,
    (RelationKind.SERVICE_COMPONENT, True): EntityKind.SERVICE,
    (RelationKind.SERVICE_COMPONENT, False): EntityKind.COMPONENT,
    (RelationKind.EVENT_NOTIFICATION, True): EntityKind.EVENT_TYPE,
    (RelationKind.EVENT_NOTIFICATION, False): EntityKind.CHANNEL,
}


def _likely_kind(key: str, kind: RelationKind, *, is_source: bool) -> EntityKind:
    word = key.partition("/")[0]
    return EntityKind(word) if word in set(EntityKind) else _LIKELY[kind, is_source]

"""The dated estate: entities and relations as of any moment, and how observed and declared ones are written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Row as SqlRow
from sqlalchemy import or_, select

from quarterdeck.domain.estate import (
    Entity,
    EntityKind,
    EntityVersion,
    Estate,
    Origin,
    Relation,
    RelationKind,
    RelationVersion,
    precedence,
)
from quarterdeck.domain.instants import from_ms, to_ms
from quarterdeck.services.ports import EstateChange, Topic
from quarterdeck.storage.dated import Lineages, valid_at
from quarterdeck.storage.encoding import (
    end_instant,
    expectations_from,
    expectations_text,
    facts_from,
    facts_text,
    instant_or_none,
)
from quarterdeck.storage.grounds_text import rules_from, rules_text
from quarterdeck.storage.objectives_text import objectives_from, objectives_text
from quarterdeck.storage.sightings import SqlSightings, note_sightings
from quarterdeck.storage.tables import entity_version, relation_version, storable_text
from quarterdeck.storage.transaction import Row, WriteTransaction

_MOST_NAMED = 400
Version = TypeVar("Version", EntityVersion, RelationVersion)


class SqlEstate(SqlSightings):
    """Reads the estate.

    Where several sources tell of one key, `estate` shows the declared before the observed and among equals what was
    told last; `entity_versions` and `relation_versions` show all of them.
    """

    def estate(self, as_of_at: datetime) -> Estate:
        entities = {version.entity.key: version.entity for version in _by_weight(self.entity_versions(as_of_at))}
        relations = {version.relation.key: version.relation for version in _by_weight(self.relation_versions(as_of_at))}
        return Estate(
            tuple(entities[key] for key in sorted(entities)), tuple(relations[key] for key in sorted(relations))
        )

    def entity_versions(self, as_of_at: datetime) -> tuple[EntityVersion, ...]:
        statement = select(entity_version).where(valid_at(entity_version, to_ms(as_of_at)))
        with self._database.reading() as connection:
            versions = list(self._entity_versions(connection.execute(statement)))
        return tuple(sorted(versions, key=lambda v: (v.entity.key, v.origin, v.source)))

    def relation_versions(self, as_of_at: datetime) -> tuple[RelationVersion, ...]:
        statement = select(relation_version).where(valid_at(relation_version, to_ms(as_of_at)))
        with self._database.reading() as connection:
            versions = list(self._relation_versions(connection.execute(statement)))
        return tuple(sorted(versions, key=lambda v: (v.relation.key, v.origin, v.source)))

    def entity_history(self, key: str) -> tuple[EntityVersion, ...]:
        return self.entity_histories([key])[key]

    def entity_histories(self, keys: Sequence[str]) -> dict[str, tuple[EntityVersion, ...]]:
        columns = entity_version.c
        found: dict[str, list[EntityVersion]] = {key: [] for key in keys}
        with self._database.reading() as connection:
            for part in _parts(found):
                history = select(entity_version).where(columns.key.in_(part))
                ordered = history.order_by(columns.valid_from_ms, columns.id)
                for version in self._entity_versions(connection.execute(ordered)):
                    found[version.entity.key].append(version)
        return {key: tuple(versions) for key, versions in found.items()}

    def relation_history(self, key: str) -> tuple[RelationVersion, ...]:
        history = select(relation_version).where(relation_version.c.key == key)
        ordered = history.order_by(relation_version.c.valid_from_ms, relation_version.c.id)
        with self._database.reading() as connection:
            return tuple(self._relation_versions(connection.execute(ordered)))

    def relations_around(self, entity_key: str) -> tuple[RelationVersion, ...]:
        return self.relations_around_each([entity_key])[entity_key]

    def relations_around_each(self, entity_keys: Sequence[str]) -> dict[str, tuple[RelationVersion, ...]]:
        columns = relation_version.c
        found: dict[str, list[RelationVersion]] = {key: [] for key in entity_keys}
        with self._database.reading() as connection:
            for part in _parts(found):
                around = select(relation_version).where(or_(columns.source_key.in_(part), columns.target_key.in_(part)))
                ordered = around.order_by(columns.valid_from_ms, columns.id)
                for version in self._relation_versions(connection.execute(ordered)):
                    relation = version.relation
                    for key in {relation.source_key, relation.target_key} & set(part):
                        found[key].append(version)
        return {key: tuple(versions) for key, versions in found.items()}

    def _entity_versions(self, rows: Iterable[SqlRow[Any]]) -> Iterator[EntityVersion]:
        return self._database.unreadable.each(rows, (entity_version,), _entity_version)

    def _relation_versions(self, rows: Iterable[SqlRow[Any]]) -> Iterator[RelationVersion]:
        return self._database.unreadable.each(rows, (relation_version,), _relation_version)


def change_estate(transaction: WriteTransaction, change: EstateChange) -> None:
    """Write a difference of the estate (its connections are written elsewhere)."""
    moment_ms = to_ms(change.changed_at)
    since_ms = to_ms(change.new_since_at) if change.new_since_at else None
    entities = Lineages(entity_version, change.origin, change.source, new_since_ms=since_ms)
    relations = Lineages(relation_version, change.origin, change.source, new_since_ms=since_ms)
    changed = [
        entities.close(transaction, change.remove_entity_keys, moment_ms),
        relations.close(transaction, change.remove_relation_keys, moment_ms),
        entities.put(transaction, [_entity_row(entity) for entity in change.put_entities], moment_ms),
        relations.put(transaction, [_relation_row(relation) for relation in change.put_relations], moment_ms),
    ]
    if any(changed):
        transaction.touch(Topic.ESTATE)


def observe(
    transaction: WriteTransaction,
    source: str,
    *,
    entities: Sequence[Entity],
    relations: Sequence[Relation],
    seen_at: datetime,
    is_whole: bool = False,
) -> None:
    """Date in what a connection observed, and note since when and when last it was seen; a whole look also ends."""
    if not entities and not relations and not is_whole:
        return
    change_estate(
        transaction,
        EstateChange(seen_at, source, Origin.OBSERVED, put_entities=tuple(entities), put_relations=tuple(relations)),
    )
    lineages = Lineages(relation_version, Origin.OBSERVED, source)
    linked = [storable_text(relation.key) for relation in relations]
    lineages.mark_seen(transaction, linked, to_ms(seen_at))
    keys = [*(storable_text(entity.key) for entity in entities), *linked]
    if note_sightings(transaction, source, keys, seen_at, is_whole=is_whole):
        transaction.touch(Topic.ESTATE)


def _parts(keys: Iterable[str]) -> Iterator[list[str]]:
    """Keys in portions that one statement may name, those that no store can hold left out."""
    named = [key for key in keys if key == storable_text(key)]
    for first in range(0, len(named), _MOST_NAMED):
        yield named[first : first + _MOST_NAMED]


def _by_weight(versions: Iterable[Version]) -> list[Version]:
    return sorted(versions, key=precedence)


def _entity_row(entity: Entity) -> Row:
    return {
        "key": storable_text(entity.key),
        "kind": entity.kind.value,
        "name": storable_text(entity.name),
        "domain": storable_text(entity.domain),
        "owner": storable_text(entity.owner),
        "tier": entity.tier,
        "description": storable_text(entity.description),
        "freshness_seconds": entity.freshness_seconds,
        "expectations": expectations_text(entity.expectations),
        "facts": facts_text(entity.facts),
        "rules": rules_text(entity.rules),
        "objectives": objectives_text(entity.objectives),
    }


def _relation_row(relation: Relation) -> Row:
    return {
        "key": storable_text(relation.key),
        "kind": relation.kind.value,
        "source_key": storable_text(relation.source_key),
        "target_key": storable_text(relation.target_key),
        "facts": facts_text(relation.facts),
    }


def _entity_version(row: SqlRow[Any]) -> EntityVersion:
    entity = Entity(
        key=row.key,
        kind=EntityKind(row.kind),
        name=row.name,
        domain=row.domain,
        owner=row.owner,
        tier=row.tier,
        description=row.description,
        freshness_seconds=row.freshness_seconds,
        expectations=expectations_from(row.expectations),
        facts=facts_from(row.facts),
        rules=rules_from(row.rules),
        objectives=objectives_from(row.objectives),
    )
    return EntityVersion(
        entity, Origin(row.origin), row.source, from_ms(row.valid_from_ms), end_instant(row.valid_to_ms)
    )


def _relation_version(row: SqlRow[Any]) -> RelationVersion:
    relation = Relation(RelationKind(row.kind), row.source_key, row.target_key, facts_from(row.facts))
    return RelationVersion(
        relation,
        Origin(row.origin),
        row.source,
        valid_from_at=from_ms(row.valid_from_ms),
        valid_to_at=end_instant(row.valid_to_ms),
        last_seen_at=instant_or_none(row.last_seen_ms),
    )

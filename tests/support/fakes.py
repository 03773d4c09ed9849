"""What stands in for the outside in tests of the services: store, keyring, connectors, all of them only memory."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from concurrent.futures import Future
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from quarterdeck.domain.connections import Connection, ConnectionHealth, Reception
from quarterdeck.domain.errors import OperatorError, StoreUnavailable
from quarterdeck.domain.estate import EntityVersion, Estate, Origin, RelationVersion
from quarterdeck.domain.instants import TimeRange
from quarterdeck.sdk.connector import CheckReport, ConnectionSettings, ConnectorContext, SettingProblem, Window
from quarterdeck.sdk.manifest import Manifest
from quarterdeck.sdk.records import Batch
from quarterdeck.sdk.registry import LoadedConnector
from quarterdeck.services.ports import Cursors, EstateChange

Version = TypeVar("Version", EntityVersion, RelationVersion)


class MemoryStore:
    """The estate and the connections of a store without a file."""

    def __init__(self) -> None:
        self.entities: list[EntityVersion] = []
        self.relations: list[RelationVersion] = []
        self.kept: dict[str, Connection] = {}
        self.healths: dict[str, ConnectionHealth] = {}
        self.writer = MemoryWriter(self)

    def estate(self, as_of_at: datetime) -> Estate:
        declared_last = sorted(self.entity_versions(as_of_at), key=lambda version: version.origin is Origin.DECLARED)
        entities = {version.entity.key: version.entity for version in declared_last}
        relations = {version.relation.key: version.relation for version in self.relation_versions(as_of_at)}
        return Estate(tuple(entities.values()), tuple(relations.values()))

    def entity_versions(self, as_of_at: datetime) -> tuple[EntityVersion, ...]:
        return tuple(version for version in self.entities if _holds(version, as_of_at))

    def relation_versions(self, as_of_at: datetime) -> tuple[RelationVersion, ...]:
        return tuple(version for version in self.relations if _holds(version, as_of_at))

    def entity_history(self, key: str) -> tuple[EntityVersion, ...]:
        return tuple(version for version in self.entities if version.entity.key == key)

    def relation_history(self, key: str) -> tuple[RelationVersion, ...]:
        return tuple(version for version in self.relations if version.relation.key == key)

    def relations_around(self, entity_key: str) -> tuple[RelationVersion, ...]:
        return tuple(
            version
            for version in self.relations
            if entity_key in {version.relation.source_key, version.relation.target_key}
        )

    def connections(self) -> tuple[Connection, ...]:
        return tuple(sorted(self.kept.values(), key=lambda connection: connection.name))

    def health(self) -> Mapping[str, ConnectionHealth]:
        return self.healths

    def reception(self, time_range: TimeRange) -> tuple[Reception, ...]:
        return ()

    def cursors(self, connection_id: str) -> Cursors:
        return Cursors()


class MemoryWriter:
    """Writes to a memory store at once, counts what it writes, and refuses when told to."""

    def __init__(self, store: MemoryStore) -> None:
        self._store = store
        self.write_count = 0
        self.begun_anew: list[str] = []
        self.is_refusing = False

    def change_estate(self, change: EstateChange) -> Future[None]:
        return self._written(lambda: self._change(change))

    def put_connection(self, connection: Connection, *, begins_anew: bool = False) -> Future[None]:
        self.begun_anew += [connection.id] if begins_anew else []
        return self._written(lambda: self._store.kept.update({connection.id: connection}))

    def remove_connection(self, connection_id: str) -> Future[None]:
        return self._written(lambda: self._store.kept.pop(connection_id, None))

    def _written(self, write: Callable[[], object]) -> Future[None]:
        future: Future[None] = Future()
        if self.is_refusing:
            future.set_exception(StoreUnavailable("The store cannot be written.", "Make room on the disk."))
            return future
        self.write_count += 1
        write()
        future.set_result(None)
        return future

    def _change(self, change: EstateChange) -> None:
        store, origin = self._store, (change.origin, change.source, change.changed_at)
        ended = {*change.remove_entity_keys, *(entity.key for entity in change.put_entities)}
        store.entities = [_closed(one, is_ended=one.entity.key in ended, change=change) for one in store.entities]
        store.entities += [EntityVersion(entity, *origin) for entity in change.put_entities]
        cut = {*change.remove_relation_keys, *(relation.key for relation in change.put_relations)}
        store.relations = [_closed(one, is_ended=one.relation.key in cut, change=change) for one in store.relations]
        store.relations += [RelationVersion(relation, *origin) for relation in change.put_relations]
        store.kept.update({connection.id: connection for connection in change.put_connections})
        for connection_id in change.remove_connection_ids:
            store.kept.pop(connection_id, None)


def _holds(version: EntityVersion | RelationVersion, at: datetime) -> bool:
    return version.valid_from_at <= at and (version.valid_to_at is None or at < version.valid_to_at)


def _closed(version: Version, *, is_ended: bool, change: EstateChange) -> Version:
    same_lineage = (version.origin, version.source) == (change.origin, change.source)
    if is_ended and same_lineage and version.valid_to_at is None:
        return replace(version, valid_to_at=change.changed_at)
    return version


class MemorySecrets:
    """Secrets in a dictionary; refuses everything while it is locked."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}
        self.is_locked = False

    def get(self, connection_id: str, key: str) -> str | None:
        self._refuse_when_locked()
        return self.kept.get((connection_id, key))

    def put(self, connection_id: str, key: str, value: str) -> None:
        self._refuse_when_locked()
        self.kept[connection_id, key] = value

    def remove(self, connection_id: str, key: str) -> None:
        self._refuse_when_locked()
        self.kept.pop((connection_id, key), None)

    def keeping_words(self) -> str:
        return "Nothing here keeps a secret safely." if self.is_locked else "Kept in memory, never in the store."

    def _refuse_when_locked(self) -> None:
        if self.is_locked:
            raise OperatorError("The keyring is locked.", "Unlock it.")


class ScriptedConnector:
    """A connector that does what a test tells it to, and keeps what it was asked with."""

    def __init__(self) -> None:
        self.problems: tuple[SettingProblem, ...] = ()
        self.report = CheckReport("All is well.")
        self.fault: Exception | None = None
        self.is_silent = False
        self.contexts: list[ConnectorContext] = []
        self.judged: list[ConnectionSettings] = []

    def validate(self, settings: ConnectionSettings) -> tuple[SettingProblem, ...]:
        self.judged.append(settings)
        return self.problems

    async def check(self, context: ConnectorContext) -> CheckReport:
        self.contexts.append(context)
        if self.is_silent:
            await asyncio.Event().wait()
        if self.fault is not None:
            raise self.fault
        return self.report

    async def collect(self, context: ConnectorContext, window: Window, cursor: str | None) -> AsyncIterator[Batch]:
        yield Batch()


class MemoryRegistry:
    """Connectors by id, without entry points."""

    def __init__(self, *loaded: LoadedConnector) -> None:
        self._loaded = {one.manifest.id: one for one in loaded}
        self.load_count = 0

    def ids(self) -> tuple[str, ...]:
        return tuple(sorted(self._loaded))

    def manifest(self, connector_id: str) -> Manifest:
        return self._known(connector_id).manifest

    def load(self, connector_id: str) -> LoadedConnector:
        self.load_count += 1
        return self._known(connector_id)

    def _known(self, connector_id: str) -> LoadedConnector:
        if connector_id not in self._loaded:
            raise OperatorError(f"No connector called {connector_id} is installed.", "Install it.")
        return self._loaded[connector_id]

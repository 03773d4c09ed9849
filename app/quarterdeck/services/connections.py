"""Setting up connections: what can be connected, whether a draft would work, and keeping it with its secrets apart."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from quarterdeck.domain.connections import Connection, Settings
from quarterdeck.domain.errors import OperatorError, StoreUnavailable
from quarterdeck.sdk.connector import ConnectionSettings, ConnectorContext, SettingProblem
from quarterdeck.sdk.registry import ConnectorRegistry, LoadedConnector
from quarterdeck.sdk.texts import one_line
from quarterdeck.sdk.validation import with_defaults
from quarterdeck.services.connection_drafts import (
    ConnectionDraft,
    connection_id_for,
    connection_of,
    draft_of_connection,
    draft_problems,
)
from quarterdeck.services.connection_tests import (
    CHECK_SECONDS,
    ConnectionTest,
    failed_test,
    run_check,
)
from quarterdeck.services.connector_boundary import connector_boundary
from quarterdeck.services.ports import Clock, ConnectionStore, SecretStore

if TYPE_CHECKING:
    from quarterdeck.sdk.http import HttpFactory
    from quarterdeck.sdk.manifest import Manifest


ANOTHER_SOURCE = "It is another source than before: once saved, cursor and history begin anew. What was stored stays."


class ConnectionWriter(Protocol):
    """The part of the store's writer that is used here."""

    def put_connection(self, connection: Connection, *, begins_anew: bool = False) -> Future[None]:
        """Add or replace a connection; `begins_anew` forgets where it stood."""
        ...

    def remove_connection(self, connection_id: str) -> Future[None]:
        """Remove a connection."""
        ...


class ConnectionTarget(ConnectionStore, Protocol):
    """The store whose connections are set up."""

    @property
    def writer(self) -> ConnectionWriter:
        """Where connections go."""
        ...


class SecretKeeper(SecretStore, Protocol):
    """Where secrets go, and what it says of itself."""

    def keeping_words(self) -> str:
        """Where a new secret would be kept, as a sentence; why nowhere, when nowhere."""
        ...


@dataclass(frozen=True, slots=True)
class ConnectorTools:
    """What connectors are found and run with; `check_seconds` bounds a test, `stopwatch` times it in seconds."""

    registry: ConnectorRegistry
    clock: Clock
    http: HttpFactory
    check_seconds: float = CHECK_SECONDS
    stopwatch: Callable[[], float] = time.monotonic


@dataclass(frozen=True, slots=True)
class ConnectorKinds:
    """What can be connected, and a sentence for every installed connector that cannot be read."""

    manifests: tuple[Manifest, ...]
    faults: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SaveOutcome:
    """The connection as it was stored, or the problems for which nothing was stored."""

    connection: Connection | None
    problems: tuple[SettingProblem, ...] = ()


def installed_connectors(registry: ConnectorRegistry) -> ConnectorKinds:
    """The installed connectors by title; runs none of their code."""
    manifests: list[Manifest] = []
    faults: list[str] = []
    for connector_id in registry.ids():
        try:
            manifests.append(registry.manifest(connector_id))
        except OperatorError as fault:
            faults.append(fault.message)
    return ConnectorKinds(tuple(sorted(manifests, key=lambda manifest: manifest.title.casefold())), tuple(faults))


class ConnectionSetup:
    """The use case of the Connectors panel. Every call may take seconds: none belongs on the thread that draws."""

    def __init__(self, store: ConnectionTarget, secrets: SecretKeeper, tools: ConnectorTools) -> None:
        self._store = store
        self._secrets = secrets
        self._tools = tools

    def kinds(self) -> ConnectorKinds:
        """The installed connectors by title; runs none of their code."""
        return installed_connectors(self._tools.registry)

    def secret_words(self) -> str:
        """Where a new secret would be kept, as a sentence; why nowhere, when nowhere."""
        return self._secrets.keeping_words()

    def names(self) -> tuple[str, ...]:
        """What the connections are called."""
        return tuple(connection.name for connection in self._store.connections())

    def connection(self, connection_id: str) -> Connection:
        """A connection as it is stored. Raises OperatorError when there is none of that id."""
        return self._held(connection_id)

    def draft(self, connection_id: str) -> ConnectionDraft:
        """A draft to edit a connection with. Raises OperatorError when there is none of that id."""
        return draft_of_connection(self._held(connection_id))

    def problems(self, draft: ConnectionDraft) -> tuple[SettingProblem, ...]:
        """What is wrong with a draft, field by field, without connecting anywhere; empty when it could work.

        Raises OperatorError when the connector cannot be loaded or the keyring is locked.
        """
        loaded = self._load(draft.connector_id)
        return self._judge(draft, loaded, self._settings(draft, loaded.manifest))

    def test(self, draft: ConnectionDraft) -> ConnectionTest:
        """Connect with a draft, store nothing, and say what was found; never raises an OperatorError.

        What is another source than before is remarked upon: saving it will begin anew.
        """
        try:
            loaded = self._load(draft.connector_id)
            settings = self._settings(draft, loaded.manifest)
            problems = self._judge(draft, loaded, settings)
            is_another = draft.connection_id != "" and self._is_another(draft.settings, self._held(draft.connection_id))
        except OperatorError as fault:
            return failed_test(fault)
        if problems:
            return ConnectionTest(False, problems[0].words, "Correct the settings and test again.", problems=problems)
        context = ConnectorContext(
            connection_id=draft.connection_id or "draft",
            connection_name=one_line(draft.name),
            settings=settings,
            now=self._tools.clock.now,
            http=self._tools.http,
        )
        tested = run_check(loaded, context, seconds=self._tools.check_seconds, stopwatch=self._tools.stopwatch)
        return replace(tested, remarks=(*tested.remarks, ANOTHER_SOURCE)) if tested.passed and is_another else tested

    def test_saved(self, connection_id: str) -> ConnectionTest:
        """Test a connection as it is stored. Raises OperatorError when there is none of that id."""
        return self.test(self.draft(connection_id))

    def save(self, draft: ConnectionDraft) -> SaveOutcome:
        """Keep the secrets, then store the rest; returns once both are durable.

        A person who changes what identifies a source means another one: where the connection stood is forgotten, what
        it delivered stays. A document means its connection by the id and may move it: nothing is forgotten then.
        Nothing is kept when there are problems. Raises OperatorError when the keyring or the store refuses, or when an
        estate document declares the connection and more than its secrets would change.
        """
        problems = self.problems(draft)
        if problems:
            return SaveOutcome(None, problems)
        manifest = self._tools.registry.manifest(draft.connector_id)
        held = self._held(draft.connection_id) if draft.connection_id else None
        taken = {connection.id for connection in self._store.connections()}
        connection = connection_of(draft, manifest, held, connection_id_for(draft.name, taken))
        if held is not None and held.managed_by and connection != held:
            raise _declared_fault(held)
        self._put_secrets(connection, draft)
        if connection != held:
            self._put(connection, held)
        return SaveOutcome(connection)

    def set_enabled(self, connection_id: str, *, enabled: bool) -> Connection:
        """Let a connection poll, or not. Raises OperatorError."""
        connection = replace(self._held(connection_id), enabled=enabled)
        self._store.writer.put_connection(connection).result()
        return connection

    def remove(self, connection_id: str) -> str:
        """Remove a connection and forget its secrets; what it delivered stays. Raises OperatorError.

        Returns a sentence when the connection is gone but its secrets could not be forgotten, else nothing.
        """
        connection = self._held(connection_id)
        if connection.managed_by:
            raise _declared_fault(connection)
        self._store.writer.remove_connection(connection_id).result()
        try:
            for key in connection.secret_names:
                self._secrets.remove(connection_id, key)
        except OperatorError as fault:
            return f"{connection.name} is removed, but its secrets are still kept. {fault.message} {fault.next_step}"
        return ""

    def _load(self, connector_id: str) -> LoadedConnector:
        with connector_boundary(connector_id):
            return self._tools.registry.load(connector_id)

    def _held(self, connection_id: str) -> Connection:
        for connection in self._store.connections():
            if connection.id == connection_id:
                return connection
        message = f"There is no connection {one_line(connection_id, 80)}."
        raise OperatorError(message, "See the list of connections; it may have been removed.")

    def _settings(self, draft: ConnectionDraft, manifest: Manifest) -> ConnectionSettings:
        secrets = draft.given_secrets
        if draft.connection_id:
            for key in self._held(draft.connection_id).secret_names:
                if key not in secrets and (kept := self._secrets.get(draft.connection_id, key)):
                    secrets[key] = kept
        return with_defaults(manifest, ConnectionSettings.of(draft.settings, secrets))

    def _judge(
        self, draft: ConnectionDraft, loaded: LoadedConnector, settings: ConnectionSettings
    ) -> tuple[SettingProblem, ...]:
        problems = draft_problems(draft, loaded.manifest, settings)
        if problems:
            return tuple(problems)
        with connector_boundary(loaded.manifest.id):
            return loaded.connector.validate(settings)

    def _put_secrets(self, connection: Connection, draft: ConnectionDraft) -> None:
        for key, value in draft.given_secrets.items():
            self._secrets.put(connection.id, key, value)

    def _is_another(self, settings: Settings, held: Connection) -> bool:
        """Whether settings lead to another source than those of a connection."""
        manifest = self._tools.registry.manifest(held.connector_id)
        new, old = (with_defaults(manifest, ConnectionSettings.of(each, {})) for each in (settings, held.settings))
        return any(new.values.get(s.key) != old.values.get(s.key) for s in manifest.settings if s.identifies)

    def _put(self, connection: Connection, held: Connection | None) -> None:
        begins_anew = held is not None and self._is_another(connection.settings, held)
        try:
            self._store.writer.put_connection(connection, begins_anew=begins_anew).result()
        except StoreUnavailable:
            if held is None:
                self._forget_unless_stored(connection)
            raise

    def _forget_unless_stored(self, connection: Connection) -> None:
        """A write that failed may have happened; only when it did not, the secrets belong to nothing."""
        if connection not in self._store.connections():
            for key in connection.secret_names:
                self._secrets.remove(connection.id, key)


def _declared_fault(connection: Connection) -> OperatorError:
    message = f"{one_line(connection.name)} is declared by the estate document {one_line(connection.managed_by, 80)}."
    return OperatorError(message, "Change it in that document and apply it; only its secrets are set here.")

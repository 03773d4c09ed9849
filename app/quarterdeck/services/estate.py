"""Applying estate documents: the same document twice changes nothing the second time."""

from __future__ import annotations

from concurrent.futures import Future
from datetime import datetime
from typing import Protocol

from quarterdeck.domain.errors import InvalidEstate, OperatorError
from quarterdeck.domain.estate import DeclaredEstate
from quarterdeck.sdk.registry import ConnectorRegistry
from quarterdeck.services.estate_difference import Elsewhere, EstateDifference, HeldEstate, difference_between, nowhere
from quarterdeck.services.ports import Clock, ConnectionStore, EstateChange, EstateStore

WITHDRAW_STEP = (
    "See whether the file is whole. If all that is to go, apply it in a terminal with --withdraw; nothing was changed."
)


class EstateWriter(Protocol):
    """The part of the store's writer that is used here."""

    def change_estate(self, change: EstateChange) -> Future[None]:
        """Write an estate difference, whole or not at all."""
        ...


class EstateTarget(EstateStore, ConnectionStore, Protocol):
    """The store a document is applied to."""

    @property
    def writer(self) -> EstateWriter:
        """Where the difference goes."""
        ...


class EstateApplication:
    """Applies what documents declare, each only to what is its own; through the store's own writer or another one."""

    def __init__(
        self, store: EstateTarget, clock: Clock, registry: ConnectorRegistry, writer: EstateWriter | None = None
    ) -> None:
        self._store = store
        self._writer = writer or store.writer
        self._clock = clock
        self._registry = registry

    def plan(self, declared: DeclaredEstate, elsewhere: Elsewhere = nowhere) -> EstateDifference:
        """What applying would change; writes nothing.

        Raises InvalidEstate on a conflict with another document, which tells both places where `elsewhere` finds it,
        when the document holds a secret's value, and when what it declares is said to be so only from a time to come
        on.
        """
        self._refuse_open_secrets(declared)
        now = self._clock.now()
        _refuse_time_to_come(declared, now)
        held = HeldEstate(
            self._store.entity_versions(now), self._store.relation_versions(now), self._store.connections()
        )
        return difference_between(declared, held, elsewhere)

    def apply(
        self, declared: DeclaredEstate, elsewhere: Elsewhere = nowhere, *, withdraw: bool = False
    ) -> EstateDifference:
        """Write what differs in one transaction, wait until it is on disk, and say what it was.

        Raises InvalidEstate like `plan`, also when it would withdraw all or most of what the document declared and
        nobody said `withdraw`; and StoreUnavailable when the store cannot be written; applying again is
        then safe, for it writes only what still differs.
        """
        difference = self.plan(declared, elsewhere)
        if difference.withdrawal and not withdraw:
            raise InvalidEstate(difference.withdrawal, WITHDRAW_STEP)
        if difference:
            self._writer.change_estate(self._change(difference)).result()
        return difference

    def _refuse_open_secrets(self, declared: DeclaredEstate) -> None:
        step = "Take it out of the settings, name it under secrets, and give the secret a new value."
        found = [
            (f"The connection {connection.id} has the secret {secret} written in the document.", step)
            for connection in declared.connections
            for secret in sorted({key for key, _ in connection.settings} & self._secret_keys(connection.connector_id))
        ]
        if found:
            raise InvalidEstate.of(found, step)

    def _secret_keys(self, connector_id: str) -> set[str]:
        try:
            manifest = self._registry.manifest(connector_id)
        except OperatorError:
            return set()  # a connector that is not installed here is told of when the connection is first polled
        return {spec.key for spec in manifest.settings if spec.secret}

    def _change(self, difference: EstateDifference) -> EstateChange:
        return EstateChange(
            changed_at=self._clock.now(),
            source=difference.source,
            new_since_at=difference.since_at,
            put_entities=difference.put_entities,
            put_relations=difference.put_relations,
            remove_entity_keys=difference.remove_entity_keys,
            remove_relation_keys=difference.remove_relation_keys,
            put_connections=difference.put_connections,
            remove_connection_ids=difference.remove_connection_ids,
        )


def _refuse_time_to_come(declared: DeclaredEstate, now: datetime) -> None:
    """What stands at once cannot be so from later on; nothing waits for its day."""
    if declared.since_at is None or declared.since_at <= now:
        return
    at_line = f"Line {declared.since_line}: " if declared.since_line else ""
    words = f"{at_line}since is {declared.since_at:%Y-%m-%d}, which is to come; what is declared stands at once."
    raise InvalidEstate(words, "Say a day that has begun (in UTC), or leave since out; nothing was changed.")

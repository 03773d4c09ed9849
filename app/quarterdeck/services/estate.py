"""Applying estate documents: the same document twice changes nothing the second time."""

from __future__ import annotations

from concurrent.futures import Future
from typing import Protocol

from quarterdeck.domain.estate import DeclaredEstate
from quarterdeck.services.estate_difference import EstateDifference, HeldEstate, difference_between
from quarterdeck.services.ports import Clock, ConnectionStore, EstateChange, EstateStore


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
    """Applies what documents declare, each only to what is its own."""

    def __init__(self, store: EstateTarget, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def plan(self, declared: DeclaredEstate) -> EstateDifference:
        """What applying would change; writes nothing. Raises InvalidEstate on a conflict with another document."""
        now = self._clock.now()
        held = HeldEstate(
            self._store.entity_versions(now), self._store.relation_versions(now), self._store.connections()
        )
        return difference_between(declared, held)

    def apply(self, declared: DeclaredEstate) -> EstateDifference:
        """Write what differs in one transaction, wait until it is on disk, and say what it was.

        Raises InvalidEstate on a conflict and StoreUnavailable when the store cannot be written; applying again is
        then safe, for it writes only what still differs.
        """
        difference = self.plan(declared)
        if difference:
            self._store.writer.change_estate(self._change(difference)).result()
        return difference

    def _change(self, difference: EstateDifference) -> EstateChange:
        return EstateChange(
            changed_at=self._clock.now(),
            source=difference.source,
            put_entities=difference.put_entities,
            put_relations=difference.put_relations,
            remove_entity_keys=difference.remove_entity_keys,
            remove_relation_keys=difference.remove_relation_keys,
            put_connections=difference.put_connections,
            remove_connection_ids=difference.remove_connection_ids,
        )

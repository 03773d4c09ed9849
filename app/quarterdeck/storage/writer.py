"""The writer's verbs: each is one piece of work for the write queue, whole or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from functools import partial

from quarterdeck.domain.connections import Connection, ConnectionHealth
from quarterdeck.domain.instants import to_ms
from quarterdeck.services.ports import EstateChange, Ingest, IngestReceipt, StateChange
from quarterdeck.storage.compliance import append_evidence
from quarterdeck.storage.connections import (
    forget_standing,
    put_connections,
    put_cursors,
    put_health,
    put_reception,
    remove_connections,
)
from quarterdeck.storage.estate import change_estate, observe
from quarterdeck.storage.group_commit import WriteQueue
from quarterdeck.storage.occurrence_rows import put_allocations, put_changes, put_checks, put_claimed, put_events
from quarterdeck.storage.series_registry import SeriesRegistry
from quarterdeck.storage.series_write import put_samples
from quarterdeck.storage.states import change_states
from quarterdeck.storage.transaction import WriteTransaction


class SqlStoreWriter:
    """All writing of this process. While the disk is full only `ingest` is refused; decisions still go in."""

    def __init__(self, queue: WriteQueue) -> None:
        self._queue = queue
        self._registry = SeriesRegistry()

    def ingest(self, ingest: Ingest) -> Future[IngestReceipt]:
        return self._queue.submit(partial(_ingest, self._registry, ingest), essential=False)

    def change_estate(self, change: EstateChange) -> Future[None]:
        return self._queue.submit(partial(_change_estate, change))

    def change_states(self, changes: Sequence[StateChange]) -> Future[None]:
        return self._queue.submit(partial(_change_states, tuple(changes)))

    def put_connection(self, connection: Connection, *, begins_anew: bool = False) -> Future[None]:
        return self._queue.submit(partial(_put_connection, connection, begins_anew=begins_anew))

    def remove_connection(self, connection_id: str) -> Future[None]:
        return self._queue.submit(partial(_remove_connection, connection_id))

    def put_connection_health(self, health: Sequence[ConnectionHealth]) -> Future[None]:
        return self._queue.submit(partial(_put_health, tuple(health)))


def _ingest(registry: SeriesRegistry, ingest: Ingest, transaction: WriteTransaction) -> IngestReceipt:
    batch, received_ms = ingest.batch, to_ms(ingest.received_at)
    observe(
        transaction,
        ingest.connection_id,
        entities=batch.entities,
        relations=batch.relations,
        seen_at=ingest.received_at,
        is_whole=batch.is_whole_estate,
    )
    samples, new_series = put_samples(transaction, registry, ingest.connection_id, batch.samples)
    new_series += registry.register_remote(transaction, ingest.connection_id, ingest.remote_series)
    put_checks(transaction, batch.checks)
    new_events = put_events(transaction, batch.events, received_ms)
    put_changes(transaction, batch.changes)
    put_claimed(transaction, batch.claimed)
    put_allocations(transaction, batch.allocations)
    append_evidence(batch.evidence, transaction, received_at=ingest.received_at)
    put_cursors(transaction, ingest.connection_id, ingest.cursors, stood=ingest.stood)
    put_reception(transaction, ingest.reception)
    return IngestReceipt(samples, new_events, new_series)


def _change_estate(change: EstateChange, transaction: WriteTransaction) -> None:
    change_estate(transaction, change)
    remove_connections(transaction, change.remove_connection_ids)
    put_connections(transaction, change.put_connections)


def _change_states(changes: Sequence[StateChange], transaction: WriteTransaction) -> None:
    change_states(transaction, changes)


def _put_connection(connection: Connection, transaction: WriteTransaction, *, begins_anew: bool) -> None:
    if begins_anew:
        forget_standing(transaction, [connection.id])
    put_connections(transaction, [connection])


def _remove_connection(connection_id: str, transaction: WriteTransaction) -> None:
    remove_connections(transaction, [connection_id])


def _put_health(health: Sequence[ConnectionHealth], transaction: WriteTransaction) -> None:
    put_health(transaction, health)

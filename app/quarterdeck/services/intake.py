"""What one connection delivers, on its way into the store: its cursors move only with what was stored."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from quarterdeck.domain.connections import Connection, Reception
from quarterdeck.domain.estate import DeclaredEstate
from quarterdeck.domain.instants import from_ms
from quarterdeck.sdk.connector import ConnectorContext, RemoteSeries
from quarterdeck.sdk.records import Batch
from quarterdeck.sdk.registry import ConnectorRegistry
from quarterdeck.services.own_threads import Aside
from quarterdeck.services.ports import Clock, ConnectionStore, Cursors, Ingest, IngestReceipt, StoreWriter


class Notice(Protocol):
    """Who wants to hear of what was stored."""

    def __call__(self, batch: Batch, *, poll_seconds: float) -> None:
        """A batch was stored; its source is asked every `poll_seconds`."""
        ...


def heard_by(*notices: Notice) -> Notice:
    """All of these hear of what was stored, in their order."""

    def tell(batch: Batch, *, poll_seconds: float) -> None:
        for notice in notices:
            notice(batch, poll_seconds=poll_seconds)

    return tell


@dataclass(frozen=True, slots=True)
class CollectionTools:
    """What all coordinators share: where connectors, time, contexts and the store come from.

    `aside` runs what blocks, apart from what the connectors themselves run in threads. `secrets_seconds` is how long a
    keyring may take, which may be asking somebody.
    """

    store: ConnectionStore
    writer: StoreWriter
    registry: ConnectorRegistry
    clock: Clock
    context_for: Callable[[Connection], ConnectorContext]
    on_stored: Notice
    apply_declared: Callable[[DeclaredEstate], None]
    aside: Aside = asyncio.to_thread
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    max_records_per_poll: int = 2_000_000
    secrets_seconds: float = 15.0


@dataclass(frozen=True, slots=True)
class Books:
    """What goes into the books with a batch: how the cursors move, what time was received, what stays remote."""

    move: Callable[[Cursors], Cursors] = replace
    reception: tuple[Reception, ...] = ()
    remote: tuple[RemoteSeries, ...] = ()


class Intake:
    """Stores what one connection delivers; several tasks may at once, each moving the cursors as they stand then."""

    def __init__(self, connection: Connection, tools: CollectionTools) -> None:
        self._connection = connection
        self._tools = tools
        self._turn = asyncio.Lock()
        self._is_closed = False
        self.cursors = Cursors()
        self.newest_data_at: datetime | None = None

    async def open(self) -> None:
        """Take up where the connection stands. Raises StoreUnavailable."""
        self.cursors = await self._tools.aside(self._tools.store.cursors, self._connection.id)

    def close(self) -> None:
        """Let nothing more in, whoever still tries."""
        self._is_closed = True

    async def declare(self, declared: DeclaredEstate) -> None:
        """Apply an estate that the connection declares. Raises OperatorError."""
        self._refuse_when_closed()
        await self._tools.aside(self._tools.apply_declared, declared)

    async def store(self, batch: Batch, books: Books | None = None) -> None:
        """Store a batch with what goes into the books; returns once it is durable. Raises StoreUnavailable.

        When cancelled it still finishes what it handed over, so that the books agree with the store.
        """
        async with self._turn:
            self._refuse_when_closed()
            books = books or Books()
            ingest = Ingest(
                connection_id=self._connection.id,
                batch=batch,
                received_at=self._tools.clock.now(),
                cursors=books.move(self.cursors),
                reception=books.reception,
                remote_series=books.remote,
                stood=self.cursors,
            )
            writing = asyncio.wrap_future(self._tools.writer.ingest(ingest))
            try:
                await asyncio.shield(writing)
            except asyncio.CancelledError:
                await asyncio.wait({writing})
                self._note(ingest, writing)
                raise
            self._note(ingest, writing)

    def _note(self, ingest: Ingest, writing: asyncio.Future[IngestReceipt]) -> None:
        if writing.cancelled() or writing.exception() is not None:
            return
        self.cursors = ingest.cursors
        newest_at = _newest_told(ingest.batch)
        if newest_at is not None:
            self.newest_data_at = max(newest_at, self.newest_data_at or newest_at)
        self._tools.on_stored(ingest.batch, poll_seconds=self._connection.poll_seconds)

    def _refuse_when_closed(self) -> None:
        if self._is_closed:
            raise asyncio.CancelledError


def _newest_told(batch: Batch) -> datetime | None:
    told = [event.occurred_at for event in batch.events]
    told += [check.checked_at for check in batch.checks]
    told += [claim.claimed_at for claim in batch.claimed]
    if len(batch.samples):
        told.append(from_ms(int(batch.samples.times_ms.max())))
    return max(told, default=None)

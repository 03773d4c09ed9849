"""One coordinator per connection: it polls, bounds, backs off, keeps the books, and never touches another."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import aclosing
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol, TypeVar, cast

import numpy as np

from quarterdeck.domain.connections import (
    BackfillProgress,
    Connection,
    ConnectionHealth,
    ConnectionState,
    Reception,
    ReceptionKind,
)
from quarterdeck.domain.errors import OperatorError, StoreUnavailable
from quarterdeck.domain.estate import DeclaredEstate
from quarterdeck.domain.instants import TimeRange, duration_words, from_ms
from quarterdeck.sdk.connector import ConnectorContext, Discovering, Purpose, ReadingThrough, RemoteSeries, Window
from quarterdeck.sdk.errors import UnexpectedReply, Unreachable
from quarterdeck.sdk.records import Batch
from quarterdeck.sdk.registry import ConnectorRegistry, LoadedConnector
from quarterdeck.services.connector_boundary import connector_boundary
from quarterdeck.services.ports import Clock, ConnectionStore, Cursors, Ingest, StoreWriter
from quarterdeck.services.sifting import sift

T = TypeVar("T")

MAX_BACKOFF_SECONDS = 60.0
RENEW_CATALOGUE = timedelta(minutes=10)
GAP_POLLS = 3
FIRST_LOOK_SECONDS = 60.0


class CoordinatorStore(ConnectionStore, Protocol):
    """What a coordinator reads and writes."""

    @property
    def writer(self) -> StoreWriter:
        """Where batches go."""
        ...


@dataclass(frozen=True, slots=True)
class CollectionTools:
    """What all coordinators share: where connectors, time, contexts and the store come from."""

    store: CoordinatorStore
    registry: ConnectorRegistry
    clock: Clock
    context_for: Callable[[Connection], ConnectorContext]
    on_stored: Callable[[Batch], None]
    apply_declared: Callable[[DeclaredEstate], None]
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    max_records_per_poll: int = 2_000_000


class Coordinator:
    """The life of one connection inside the collector."""

    def __init__(self, connection: Connection, tools: CollectionTools) -> None:
        self.connection = connection
        self._tools = tools
        self._cursors = Cursors()
        self._catalogue_at: datetime | None = None
        self._failures = 0
        self._note = ""
        self.health = ConnectionHealth(connection.id, ConnectionState.STARTING)

    async def run(self) -> None:
        """Poll until cancelled; history is fetched beside it."""
        self._cursors = await asyncio.to_thread(self._tools.store.cursors, self.connection.id)
        self._recall()
        async with asyncio.TaskGroup() as group:
            group.create_task(self._poll_forever())
            group.create_task(self._backfill())

    def _recall(self) -> None:
        known = self._tools.store.health().get(self.connection.id)
        if known is not None:
            progress = self.health.backfill or known.backfill
            self.health = replace(self.health, last_good_at=known.last_good_at, backfill=progress)

    async def _poll_forever(self) -> None:
        while True:
            started_at = self._tools.clock.now()
            await self.poll()
            spent = (self._tools.clock.now() - started_at).total_seconds()
            await self._tools.sleep(max(0.2, self._pause_seconds() - spent))

    def _pause_seconds(self) -> float:
        every = self.connection.poll_seconds
        if not self._failures:
            return every
        return max(every, min(MAX_BACKOFF_SECONDS, every * 2 ** min(self._failures - 1, 8)))

    async def poll(self) -> None:
        """One poll, whatever comes of it; the outcome is in `health`."""
        now = self._tools.clock.now()
        try:
            loaded = self._tools.registry.load(self.connection.connector_id)
            await self._catalogue(loaded, now)
            first_at = self._cursors.last_good_at or now - timedelta(
                seconds=max(60.0, 2 * self.connection.poll_seconds)
            )
            window = Window(TimeRange(min(first_at, now), now))
            caught_up = await self._collect(loaded, window, loaded.manifest.poll_timeout_seconds)
        except StoreUnavailable as fault:
            self._fail(fault, ConnectionState.FAILING, now)
        except OperatorError as fault:
            state = ConnectionState.SILENT if isinstance(fault, Unreachable) else ConnectionState.FAILING
            await self._fail_and_note_gap(fault, state, now)
        else:
            self._succeed(now, caught_up=caught_up)

    async def _collect(self, loaded: LoadedConnector, window: Window, timeout_seconds: float) -> bool:
        """Store what the connector yields for a window; True when the source has no more for now."""
        live = window.purpose is Purpose.LIVE
        context = await self._context()
        batches = loaded.connector.collect(context, window, self._cursors.live if live else None)
        taken = await self._bounded(self._take(batches, live=live), timeout_seconds)
        if live:
            await self._close_poll(window, taken.oldest_ms)
        return taken.caught_up

    async def _context(self) -> ConnectorContext:
        """What the connector is handed; where it has secrets a keyring is asked, which may take its time."""
        if not self.connection.secret_names:
            return self._tools.context_for(self.connection)
        return await asyncio.to_thread(self._tools.context_for, self.connection)

    async def _take(self, batches: AsyncIterator[Batch], *, live: bool) -> _Taken:
        taken = _Taken()
        async with aclosing(cast("AsyncGenerator[Batch]", batches)) as closing:
            async for batch in closing:
                taken = taken.plus(batch)
                if taken.records > self._tools.max_records_per_poll:
                    most = f"{self._tools.max_records_per_poll:,}"
                    message = f"The source sends more than {most} records at once; the rest was not taken."
                    raise UnexpectedReply(message, "Narrow what the connection takes.")
                await self._store(batch, live=live)
        return taken

    async def _bounded(self, work: Coroutine[None, None, T], seconds: float) -> T:
        """The connector boundary: its work is bounded in time, and a bug in it touches only this connection."""
        try:
            # Not wait_for: on Python 3.11 it swallows a cancellation that meets a finished result.
            async with asyncio.timeout(seconds):
                with connector_boundary(self.connection.connector_id):
                    return await work
        except TimeoutError as fault:
            message = f"{self.connection.name} did not finish within {duration_words(seconds)}."
            raise Unreachable(message, "See whether the source is overloaded; it is tried again.") from fault

    async def _store(self, batch: Batch, *, live: bool) -> None:
        sifted = sift(batch, self._tools.clock.now())
        self._note = sifted.words or batch.note
        if batch.declared is not None:
            await asyncio.to_thread(self._tools.apply_declared, batch.declared)
        cursors = self._cursors
        if live and batch.cursor is not None:
            cursors = replace(cursors, live=batch.cursor)
        if not live:
            cursors = replace(cursors, backfill_samples=cursors.backfill_samples + len(batch.samples))
        await self._ingest(sifted.batch, cursors)

    async def _ingest(
        self,
        batch: Batch,
        cursors: Cursors,
        reception: tuple[Reception, ...] = (),
        remote: tuple[RemoteSeries, ...] = (),
    ) -> None:
        now = self._tools.clock.now()
        ingest = Ingest(self.connection.id, batch, now, cursors, reception, remote)
        await asyncio.wrap_future(self._tools.store.writer.ingest(ingest))
        self._cursors = cursors
        self._tools.on_stored(batch)
        if len(batch.samples):
            newest_at = from_ms(int(batch.samples.times_ms.max()))
            before = self.health.newest_data_at
            self.health = replace(self.health, newest_data_at=max(before, newest_at) if before else newest_at)

    async def _close_poll(self, window: Window, oldest_ms: int | None) -> None:
        now = window.time_range.end_at
        reception = self._reception(now, oldest_ms)
        await self._ingest(Batch(), replace(self._cursors, last_good_at=now), reception)

    def _reception(self, now: datetime, oldest_ms: int | None) -> tuple[Reception, ...]:
        every = timedelta(seconds=self.connection.poll_seconds)
        last_at = self._cursors.last_good_at
        kind = ReceptionKind.RECEIVED
        if last_at is None:
            return (Reception(self.connection.id, kind, now - every, now),)
        if now - last_at <= GAP_POLLS * every + timedelta(seconds=30):
            return (Reception(self.connection.id, kind, min(last_at, now), now),)
        came = oldest_ms is not None and from_ms(oldest_ms) <= last_at + 2 * every
        gap = ReceptionKind.LATE if came else ReceptionKind.MISSING
        return (
            Reception(self.connection.id, gap, last_at, now - every),
            Reception(self.connection.id, kind, now - every, now),
        )

    async def _catalogue(self, loaded: LoadedConnector, now: datetime) -> None:
        """Once in a while take up what the source offers: entities, and series that stay there."""
        if self._catalogue_at is not None and now - self._catalogue_at < RENEW_CATALOGUE:
            return
        context, connector = await self._context(), loaded.connector
        bound = loaded.manifest.poll_timeout_seconds
        if isinstance(connector, Discovering):
            found = await self._bounded(connector.discover(context), bound)
            await self._ingest(Batch(entities=found.entities, relations=found.relations), self._cursors)
        if loaded.manifest.reads_through and isinstance(connector, ReadingThrough):
            remote = await self._bounded(connector.remote_series(context), bound)
            await self._ingest(Batch(), self._cursors, remote=remote)
        self._catalogue_at = now

    def _succeed(self, now: datetime, *, caught_up: bool) -> None:
        self._failures = 0
        self.health = replace(
            self.health,
            state=ConnectionState.GOOD if caught_up else ConnectionState.LATE,
            words=self._note or ("" if caught_up else "There is more to fetch than one poll takes; catching up."),
            next_step="",
            last_attempt_at=now,
            last_good_at=now,
            failures_in_a_row=0,
            poll_duration_seconds=(self._tools.clock.now() - now).total_seconds(),
        )

    def _fail(self, fault: OperatorError, state: ConnectionState, now: datetime) -> None:
        self._failures += 1
        self.health = replace(
            self.health,
            state=state,
            words=fault.message,
            next_step=fault.next_step,
            last_attempt_at=now,
            failures_in_a_row=self._failures,
            poll_duration_seconds=(self._tools.clock.now() - now).total_seconds(),
        )

    async def _fail_and_note_gap(self, fault: OperatorError, state: ConnectionState, now: datetime) -> None:
        self._fail(fault, state, now)
        since_at = self._cursors.last_good_at
        if since_at is None or since_at >= now:
            return
        gap = Reception(self.connection.id, ReceptionKind.MISSING, since_at, now)
        try:
            await self._ingest(Batch(), self._cursors, (gap,))
        except StoreUnavailable as unavailable:
            self._fail(unavailable, ConnectionState.FAILING, now)

    async def _backfill(self) -> None:
        """Fetch history, newest page first, until it reaches as far back as the settings ask."""
        loaded, days = await self._history_wanted()
        page = timedelta(hours=loaded.manifest.backfill_window_hours)
        if not page or days <= 0:
            return
        now = self._tools.clock.now()
        until_at = now - timedelta(days=days)
        reached_at = self._cursors.backfill_reached_at or now
        failures = 0
        while reached_at > until_at:
            window = Window(TimeRange(max(until_at, reached_at - page), reached_at), Purpose.BACKFILL)
            if await self._backfill_page(loaded, window):
                reached_at, failures = window.time_range.start_at, 0
                self._tell_progress(until_at, reached_at)
            else:
                failures += 1
            await self._tools.sleep(0.05 if not failures else min(MAX_BACKOFF_SECONDS, 2.0**failures))

    async def _history_wanted(self) -> tuple[LoadedConnector, float]:
        """The connector, and how many days of history the settings ask for; waits while either cannot be told."""
        while True:
            try:
                loaded = self._tools.registry.load(self.connection.connector_id)
                return loaded, (await self._context()).settings.number("history_days")
            except OperatorError:
                await self._tools.sleep(MAX_BACKOFF_SECONDS)  # the poll meets the same fault and says so

    async def _backfill_page(self, loaded: LoadedConnector, window: Window) -> bool:
        try:
            await self._collect(loaded, window, 4 * loaded.manifest.poll_timeout_seconds)
            await self._ingest(Batch(), replace(self._cursors, backfill_reached_at=window.time_range.start_at))
        except OperatorError as fault:
            self._note = f"History is fetched later: {fault.message}"
            return False
        return True

    def _tell_progress(self, until_at: datetime, reached_at: datetime) -> None:
        progress = BackfillProgress(until_at, reached_at, self._cursors.backfill_samples, reached_at <= until_at)
        self.health = replace(self.health, backfill=progress)


@dataclass(frozen=True, slots=True)
class _Taken:
    """What one poll brought so far."""

    records: int = 0
    oldest_ms: int | None = None
    caught_up: bool = True

    def plus(self, batch: Batch) -> _Taken:
        """With one more batch."""
        oldest_ms = self.oldest_ms
        if len(batch.samples):
            mine = int(np.min(batch.samples.times_ms))
            oldest_ms = mine if oldest_ms is None else min(mine, oldest_ms)
        return _Taken(self.records + batch.record_count, oldest_ms, batch.caught_up)

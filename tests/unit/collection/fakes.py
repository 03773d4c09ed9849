"""A store, a clock and connectors that do what a test says."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from quarterdeck.domain.connections import Connection, ConnectionHealth, Reception
from quarterdeck.domain.instants import TimeRange
from quarterdeck.domain.series import SeriesIdentity
from quarterdeck.sdk.connector import (
    CheckReport,
    ConnectionSettings,
    ConnectorContext,
    SettingProblem,
    Window,
)
from quarterdeck.sdk.http import HttpClients
from quarterdeck.sdk.manifest import Manifest, RecordKind
from quarterdeck.sdk.records import Batch, Samples
from quarterdeck.sdk.registry import LoadedConnector
from quarterdeck.services.intake import CollectionTools, Notice
from quarterdeck.services.ports import Cursors, EstateChange, Ingest, IngestReceipt, StateChange
from quarterdeck.storage.store import SqlStore
from tests.support.waiting import wait_until

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
T = TypeVar("T")
IDENTITY = SeriesIdentity("service/payments", "response_time")


class SteppedClock:
    """Stands still until a test moves it."""

    def __init__(self, at: datetime = NOON) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at

    def advance(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


def done(value: T) -> Future[T]:
    future: Future[T] = Future()
    future.set_result(value)
    return future


@dataclass
class FakeWriter:
    """Keeps what it was given; fails the next ingests when told to."""

    ingests: list[Ingest] = field(default_factory=list)
    health: list[ConnectionHealth] = field(default_factory=list)
    states: list[StateChange] = field(default_factory=list)
    failure: Exception | None = None

    def ingest(self, ingest: Ingest) -> Future[IngestReceipt]:
        if self.failure is not None:
            failed: Future[IngestReceipt] = Future()
            failed.set_exception(self.failure)
            return failed
        self.ingests.append(ingest)
        return done(IngestReceipt())

    def change_estate(self, change: EstateChange) -> Future[None]:
        return done(None)

    def change_states(self, changes: Sequence[StateChange]) -> Future[None]:
        self.states += changes
        return done(None)

    def put_connection(self, connection: Connection, *, begins_anew: bool = False) -> Future[None]:
        return done(None)

    def remove_connection(self, connection_id: str) -> Future[None]:
        return done(None)

    def put_connection_health(self, health: Sequence[ConnectionHealth]) -> Future[None]:
        self.health += health
        return done(None)


@dataclass
class FakeStore:
    """As much of a store as a coordinator sees."""

    writer: FakeWriter = field(default_factory=FakeWriter)
    known: Cursors = field(default_factory=Cursors)
    kept: tuple[Connection, ...] = ()
    told: Mapping[str, ConnectionHealth] = field(default_factory=dict[str, ConnectionHealth])

    def connections(self) -> tuple[Connection, ...]:
        return self.kept

    def health(self) -> Mapping[str, ConnectionHealth]:
        return self.told

    def reception(self, time_range: TimeRange) -> tuple[Reception, ...]:
        return tuple(r for ingest in self.writer.ingests for r in ingest.reception)

    def cursors(self, connection_id: str) -> Cursors:
        return self.known


async def until(condition: Callable[[], bool], what: str = "the condition") -> None:
    """Wait in the event loop for a condition that other tasks bring about."""
    await asyncio.to_thread(wait_until, condition, what, within_seconds=10)


Script = Callable[[ConnectorContext, Window, str | None], AsyncIterator[Batch]]


class ScriptedConnector:
    """Collects by a script and remembers how it was asked."""

    def __init__(self, script: Script) -> None:
        self.script = script
        self.asked: list[tuple[Window, str | None]] = []

    def validate(self, settings: ConnectionSettings) -> tuple[SettingProblem, ...]:
        return ()

    async def check(self, context: ConnectorContext) -> CheckReport:
        return CheckReport("fine")

    def collect(self, context: ConnectorContext, window: Window, cursor: str | None) -> AsyncIterator[Batch]:
        self.asked.append((window, cursor))
        return self.script(context, window, cursor)


@dataclass
class FakeRegistry:
    """Gives out scripted connectors by id."""

    connectors: Mapping[str, ScriptedConnector]
    backfill_window_hours: float = 0.0
    poll_timeout_seconds: float = 0.2

    def ids(self) -> tuple[str, ...]:
        return tuple(self.connectors)

    def manifest(self, connector_id: str) -> Manifest:
        return Manifest(
            id=connector_id,
            version="1",
            sdk=1,
            title=connector_id,
            summary="",
            records=(RecordKind.SAMPLES,),
            poll_timeout_seconds=self.poll_timeout_seconds,
            backfill_window_hours=self.backfill_window_hours,
        )

    def load(self, connector_id: str) -> LoadedConnector:
        return LoadedConnector(self.manifest(connector_id), self.connectors[connector_id])


@dataclass
class Noticed:
    """Keeps the batches that it is told of."""

    batches: list[Batch] = field(default_factory=list)

    def __call__(self, batch: Batch, *, poll_seconds: float) -> None:
        self.batches.append(batch)


def samples_at(*instants: datetime, value: float = 1.0) -> Batch:
    parts = [Samples.at(instant, {IDENTITY: value}) for instant in instants]
    return Batch(samples=Samples.joined(parts))


def tools(
    store: FakeStore | SqlStore,
    registry: FakeRegistry,
    clock: SteppedClock,
    *,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    on_stored: Notice | None = None,
    max_records: int = 1_000_000,
) -> CollectionTools:
    http = HttpClients()

    def context_for(connection: Connection) -> ConnectorContext:
        settings = ConnectionSettings.of(connection.settings)
        return ConnectorContext(connection.id, connection.name, settings, clock.now, http)

    return CollectionTools(
        store=store,
        writer=store.writer,
        registry=registry,
        clock=clock,
        context_for=context_for,
        on_stored=on_stored or Noticed(),
        apply_declared=lambda _: None,
        sleep=sleep,
        max_records_per_poll=max_records,
    )

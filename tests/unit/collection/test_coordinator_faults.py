"""Whose fault it is: connectors that break their promise, a store that is slow or gone, and bugs of our own."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncIterator
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any, cast

import numpy as np
import pytest
from typing_extensions import override

from quarterdeck.domain.connections import Connection, ConnectionState
from quarterdeck.domain.errors import StoreUnavailable
from quarterdeck.domain.estate import DeclaredEstate, Entity, EntityKind
from quarterdeck.sdk.connector import ConnectorContext, Discovery, Purpose, Window
from quarterdeck.sdk.errors import Denied, Unreachable
from quarterdeck.sdk.records import Batch, Samples
from quarterdeck.sdk.registry import LoadedConnector
from quarterdeck.services.coordinator import Coordinator
from quarterdeck.services.estate import EstateApplication
from quarterdeck.services.ports import Cursors, Ingest, IngestReceipt
from tests.support.fakes import MemoryRegistry, MemoryStore
from tests.support.guards.logs import ExpectedLogs
from tests.unit.collection.fakes import (
    IDENTITY,
    NOON,
    FakeRegistry,
    FakeStore,
    FakeWriter,
    Noticed,
    Script,
    ScriptedConnector,
    SteppedClock,
    samples_at,
    tools,
    until,
)

CONNECTION = Connection("payments", "scripted", "Payments exporter", poll_seconds=10.0)
BOUNDARY = "quarterdeck.services.connector_boundary"


@dataclass
class HeldWriter(FakeWriter):
    """Finishes a write only when a test says so."""

    held: list[tuple[Ingest, Future[IngestReceipt]]] = field(default_factory=list)

    @override
    def ingest(self, ingest: Ingest) -> Future[IngestReceipt]:
        future: Future[IngestReceipt] = Future()
        future.set_running_or_notify_cancel()
        self.held.append((ingest, future))
        return future

    def finish(self) -> None:
        """Let the oldest write be done."""
        ingest, future = self.held.pop(0)
        self.ingests.append(ingest)
        future.set_result(IngestReceipt())


class Bench:
    """A coordinator over fakes."""

    def __init__(self, script: Script, *, known: Cursors | None = None, writer: FakeWriter | None = None) -> None:
        self.clock = SteppedClock()
        self.store = FakeStore(writer or FakeWriter(), known or Cursors())
        self.connector = ScriptedConnector(script)
        self.registry = FakeRegistry({"scripted": self.connector})
        self.noticed = Noticed()
        self.tools = tools(self.store, self.registry, self.clock, on_stored=self.noticed)
        self.coordinator = Coordinator(CONNECTION, self.tools)

    @property
    def words(self) -> str:
        return self.coordinator.health.words


async def one_sample(context: ConnectorContext, window: Window, cursor: str | None) -> AsyncIterator[Batch]:
    yield samples_at(window.time_range.end_at)


async def test_a_connector_that_cancels_itself_is_told_and_the_next_poll_comes(logs: ExpectedLogs) -> None:
    async def cancel(context: ConnectorContext, window: Window, cursor: str | None) -> AsyncIterator[Batch]:
        raise asyncio.CancelledError
        yield

    logs.expect(BOUNDARY, "the connector scripted failed")
    bench = Bench(cancel)
    await bench.coordinator.poll()
    assert "The connector scripted failed" in bench.words
    bench.connector.script = one_sample
    await bench.coordinator.poll()
    assert bench.coordinator.health.state is ConnectionState.GOOD


async def test_a_followed_document_that_was_cut_off_fails_with_the_counts_and_is_asked_again() -> None:
    async def cut_off(context: ConnectorContext, window: Window, cursor: str | None) -> AsyncIterator[Batch]:
        yield Batch(declared=DeclaredEstate("own"), cursor="sha256:new")

    bench, estates = Bench(cut_off, known=Cursors(live="sha256:old")), MemoryStore()
    application = EstateApplication(estates, bench.clock, MemoryRegistry())
    application.apply(DeclaredEstate("own", entities=(Entity("service/a", EntityKind.SERVICE, "A"),)))
    bench.clock.advance(60)

    def apply_declared(declared: DeclaredEstate) -> None:
        application.apply(declared)

    coordinator = Coordinator(CONNECTION, replace(bench.tools, apply_declared=apply_declared))
    await coordinator.poll()
    assert coordinator.health.state is ConnectionState.FAILING
    assert coordinator.health.words.startswith("The document withdraws 1 of 1 thing it declared before")
    assert "--withdraw" in coordinator.health.next_step
    assert [entity.key for entity in estates.estate(bench.clock.now()).entities] == ["service/a"]
    assert all(ingest.cursors.live != "sha256:new" for ingest in bench.store.writer.ingests)


async def test_a_connector_that_fails_before_it_yields_is_told(logs: ExpectedLogs) -> None:
    def fail(context: ConnectorContext, window: Window, cursor: str | None) -> AsyncIterator[Batch]:
        raise KeyError("address")

    logs.expect(BOUNDARY, "the connector scripted failed")
    bench = Bench(fail)
    await bench.coordinator.poll()
    assert "The connector scripted failed: KeyError." in bench.words


@pytest.mark.parametrize(
    "yielded",
    [
        {"samples": []},
        Batch(samples=Samples((IDENTITY,), np.array([7], np.int32), np.array([0], np.int64), np.ones(1))),
        replace(samples_at(NOON), checks=cast("Any", ("login",))),
    ],
)
async def test_a_connector_that_yields_no_proper_batch_is_told(yielded: object, logs: ExpectedLogs) -> None:
    async def garbage(context: ConnectorContext, window: Window, cursor: str | None) -> AsyncIterator[Batch]:
        yield cast("Batch", yielded)

    logs.expect(BOUNDARY, "the connector scripted failed")
    bench = Bench(garbage)
    await bench.coordinator.poll()
    assert bench.coordinator.health.state is ConnectionState.FAILING
    assert "This is a fault of the connector" in bench.coordinator.health.next_step


async def test_a_connector_that_does_not_even_load_is_told(logs: ExpectedLogs) -> None:
    class BrokenRegistry(FakeRegistry):
        @override
        def load(self, connector_id: str) -> LoadedConnector:
            raise SyntaxError("invalid syntax")

    logs.expect(BOUNDARY, "the connector scripted failed")
    bench = Bench(one_sample)
    bench.coordinator = Coordinator(CONNECTION, tools(bench.store, BrokenRegistry({}), bench.clock))
    await bench.coordinator.poll()
    assert "The connector scripted failed: SyntaxError." in bench.words


async def test_a_bug_of_ours_is_not_told_as_the_fault_of_a_connector() -> None:
    def stumble(batch: Batch, *, poll_seconds: float) -> None:
        raise ZeroDivisionError

    bench = Bench(one_sample)
    bench.coordinator = Coordinator(CONNECTION, tools(bench.store, bench.registry, bench.clock, on_stored=stumble))
    with pytest.raises(ZeroDivisionError):
        await bench.coordinator.poll()


async def test_a_store_that_is_slow_is_not_told_as_a_source_that_is_slow() -> None:
    writer = HeldWriter()
    bench = Bench(one_sample, writer=writer)
    bench.registry.poll_timeout_seconds = 0.02
    polling = asyncio.create_task(bench.coordinator.poll())
    await until(lambda: bool(writer.held))
    handed_over = time.monotonic()
    await until(lambda: time.monotonic() > handed_over + 0.1, "the connector's time is over")
    writer.finish()
    await polling
    assert bench.coordinator.health.state is ConnectionState.GOOD


async def test_a_poll_that_is_cancelled_finishes_what_it_handed_over() -> None:
    writer = HeldWriter()
    bench = Bench(one_sample, writer=writer)
    polling = asyncio.create_task(bench.coordinator.poll())
    await until(lambda: bool(writer.held))
    polling.cancel()
    await asyncio.sleep(0)
    writer.finish()
    await asyncio.gather(polling, return_exceptions=True)
    assert polling.cancelled()
    assert len(bench.noticed.batches) == 1


async def test_a_poll_is_one_write() -> None:
    bench = Bench(one_sample)
    await bench.coordinator.poll()
    assert len(bench.store.writer.ingests) == 1
    assert bench.store.writer.ingests[0].cursors.last_good_at == NOON
    assert bench.store.writer.ingests[0].reception


async def test_history_and_live_polls_do_not_take_each_others_cursors_back() -> None:
    writer = HeldWriter()

    async def script(context: ConnectorContext, window: Window, cursor: str | None) -> AsyncIterator[Batch]:
        if window.purpose is Purpose.BACKFILL:
            yield samples_at(window.time_range.start_at)
        else:
            yield replace(samples_at(window.time_range.end_at), cursor="new")

    bench = Bench(script, known=Cursors(live="old"), writer=writer)
    bench.registry.backfill_window_hours = 24.0
    connection = replace(CONNECTION, settings=(("history_days", 1),))
    bench.coordinator = Coordinator(connection, bench.tools)
    running = asyncio.create_task(bench.coordinator.run())
    for _ in range(2):
        await until(lambda: bool(writer.held))
        await asyncio.sleep(0)
        writer.finish()
    await until(lambda: bench.coordinator.health.backfill is not None and bench.coordinator.health.last_good_at == NOON)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    last = writer.ingests[-1].cursors
    assert (last.live, last.last_good_at) == ("new", NOON)
    assert (last.backfill_reached_at, last.backfill_samples) == (NOON - timedelta(days=1), 1)


async def test_what_history_has_to_say_stands_beside_what_the_polls_say() -> None:
    async def script(context: ConnectorContext, window: Window, cursor: str | None) -> AsyncIterator[Batch]:
        if window.purpose is Purpose.BACKFILL:
            raise Unreachable("The archive sleeps.", "Wake it.")
        yield replace(samples_at(window.time_range.end_at), note="3 series beyond the limit were left out.")

    bench = Bench(script)
    bench.registry.backfill_window_hours = 24.0
    connection = replace(CONNECTION, settings=(("history_days", 1),))
    bench.coordinator = Coordinator(connection, bench.tools)
    running = asyncio.create_task(bench.coordinator.run())
    await until(lambda: "archive" in bench.words and "beyond" in bench.words)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert bench.words == ("3 series beyond the limit were left out. Its history is fetched later: The archive sleeps.")


async def test_a_note_is_gone_when_the_next_poll_has_nothing_to_note() -> None:
    async def noting(context: ConnectorContext, window: Window, cursor: str | None) -> AsyncIterator[Batch]:
        yield Batch(note="The file was written a moment ago.")

    async def nothing(context: ConnectorContext, window: Window, cursor: str | None) -> AsyncIterator[Batch]:
        return
        yield

    bench = Bench(noting)
    await bench.coordinator.poll()
    bench.connector.script = nothing
    await bench.coordinator.poll()
    assert bench.words == ""
    assert bench.coordinator.health.state is ConnectionState.GOOD


async def test_what_was_left_out_of_one_batch_is_still_told_after_the_next() -> None:
    async def two(context: ConnectorContext, window: Window, cursor: str | None) -> AsyncIterator[Batch]:
        yield samples_at(NOON + timedelta(days=3))
        yield samples_at(NOON)

    bench = Bench(two)
    await bench.coordinator.poll()
    assert "dated into the future" in bench.words


async def test_a_source_that_will_not_list_what_it_offers_is_polled_all_the_same() -> None:
    class Secretive(ScriptedConnector):
        async def discover(self, context: ConnectorContext) -> Discovery:
            raise Denied("This login may not list series.", "Ask for the right.")

    bench = Bench(one_sample)
    secretive = Secretive(one_sample)
    bench.coordinator = Coordinator(CONNECTION, tools(bench.store, FakeRegistry({"scripted": secretive}), bench.clock))
    await bench.coordinator.poll()
    assert bench.coordinator.health.state is ConnectionState.GOOD
    assert bench.words == "What it offers could not be listed: This login may not list series."


async def test_a_store_that_is_gone_at_the_start_is_waited_for() -> None:
    class ComingStore(FakeStore):
        attempts = 0

        @override
        def cursors(self, connection_id: str) -> Cursors:
            self.attempts += 1
            if self.attempts < 3:
                raise StoreUnavailable("The store is not there.", "Bring it back.")
            return self.known

    async def rest(seconds: float) -> None:
        await asyncio.sleep(0)

    bench = Bench(one_sample)
    store = ComingStore()
    bench.coordinator = Coordinator(CONNECTION, tools(store, bench.registry, bench.clock, sleep=rest))
    running = asyncio.create_task(bench.coordinator.run())
    await until(lambda: bench.coordinator.health.state is ConnectionState.GOOD)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


@pytest.mark.parametrize(("days", "expected"), [(3, [3]), (5, [3, 4, 5]), (1, [])])
async def test_history_goes_on_where_it_ended_as_far_as_the_settings_ask_now(days: int, expected: list[int]) -> None:
    rests = asyncio.Event()

    async def rest(seconds: float) -> None:
        if seconds > 1:
            rests.set()
            await asyncio.Event().wait()
        await asyncio.sleep(0)

    bench = Bench(one_sample, known=Cursors(backfill_reached_at=NOON - timedelta(days=2), last_good_at=NOON))
    bench.registry.backfill_window_hours = 24.0
    connection = replace(CONNECTION, settings=(("history_days", days),))
    bench.coordinator = Coordinator(connection, tools(bench.store, bench.registry, bench.clock, sleep=rest))
    running = asyncio.create_task(bench.coordinator.run())
    await until(lambda: rests.is_set() and len(bench.connector.asked) == 1 + len(expected))
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    starts = [w.time_range.start_at for w, _ in bench.connector.asked if w.purpose is Purpose.BACKFILL]
    assert starts == [NOON - timedelta(days=day) for day in expected]


async def test_a_keyring_that_does_not_answer_is_told_and_asked_again() -> None:
    release = threading.Event()
    bench = Bench(one_sample)
    usual = bench.tools.context_for

    def ask(connection: Connection) -> ConnectorContext:
        release.wait(60)
        return usual(connection)

    connection = replace(CONNECTION, secret_names=("token",))
    bench.coordinator = Coordinator(connection, replace(bench.tools, context_for=ask, secrets_seconds=0.05))
    await bench.coordinator.poll()
    assert bench.words == "The secrets of Payments exporter could not be read in time."
    release.set()
    await bench.coordinator.poll()
    assert bench.coordinator.health.state is ConnectionState.GOOD

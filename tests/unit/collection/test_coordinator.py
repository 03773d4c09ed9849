"""A source that refuses, hangs, floods or lies is told in words, and nothing it gave before is lost."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import numpy as np
import pytest

from quarterdeck.domain.checks import CheckOutcome, CheckResult, ClaimedStatus
from quarterdeck.domain.connections import Connection, ConnectionHealth, ConnectionState, ReceptionKind
from quarterdeck.domain.errors import StoreUnavailable
from quarterdeck.domain.events import Event
from quarterdeck.domain.health import HealthState
from quarterdeck.domain.instants import TimeRange, to_ms
from quarterdeck.sdk.connector import ConnectorContext, Purpose, Window
from quarterdeck.sdk.errors import Denied, Unreachable
from quarterdeck.sdk.records import Batch, Samples
from quarterdeck.services.coordinator import FIRST_LOOK, Coordinator
from quarterdeck.services.ports import Cursors
from tests.support.guards.logs import ExpectedLogs
from tests.unit.collection.fakes import (
    IDENTITY,
    NOON,
    FakeRegistry,
    FakeStore,
    Script,
    ScriptedConnector,
    SteppedClock,
    samples_at,
    tools,
    until,
)

LATELY = NOON - timedelta(minutes=5)
TOLD_WITHOUT_SAMPLES = {
    "events": Batch(
        events=(
            Event("/bank", "1", "payment.settled", LATELY),
            Event("/bank", "2", "payment.settled", LATELY - timedelta(hours=1)),
        )
    ),
    "checks": Batch(checks=(CheckResult("partner/payhub", "http", LATELY, CheckOutcome.PASSED, "Answers."),)),
    "claims": Batch(claimed=(ClaimedStatus("partner/payhub", LATELY, HealthState.HEALTHY, "Operational"),)),
}
DAY = timedelta(days=1)
CONNECTION = Connection("payments", "scripted", "Payments exporter", poll_seconds=10.0)


class Bench:
    """A coordinator over fakes."""

    def __init__(self, script: Script, *, known: Cursors | None = None) -> None:
        self.clock = SteppedClock()
        self.store = FakeStore(known=known or Cursors())
        self.connector = ScriptedConnector(script)
        self.registry = FakeRegistry({"scripted": self.connector})
        self.coordinator = Coordinator(CONNECTION, tools(self.store, self.registry, self.clock))

    @property
    def reception(self) -> list[tuple[ReceptionKind, float, float]]:
        found = self.store.reception(TimeRange(NOON, NOON))
        return [(r.kind, (r.from_at - NOON).total_seconds(), (r.to_at - NOON).total_seconds()) for r in found]


async def one_sample(context: ConnectorContext, window: Window, cursor: str | None) -> AsyncIterator[Batch]:
    yield samples_at(window.time_range.end_at)


async def refuse(context: ConnectorContext, window: Window, cursor: str | None) -> AsyncIterator[Batch]:
    raise Unreachable("Connection refused by 127.0.0.1:9.", "See whether the service runs.")
    yield


async def hang(context: ConnectorContext, window: Window, cursor: str | None) -> AsyncIterator[Batch]:
    yield samples_at(NOON)
    await asyncio.Event().wait()


async def break_down(context: ConnectorContext, window: Window, cursor: str | None) -> AsyncIterator[Batch]:
    yield samples_at(NOON)
    raise ZeroDivisionError


async def test_a_good_poll_stores_its_batch_and_says_good() -> None:
    bench = Bench(one_sample)
    await bench.coordinator.poll()
    assert bench.coordinator.health.state is ConnectionState.GOOD
    assert sum(len(ingest.batch.samples) for ingest in bench.store.writer.ingests) == 1
    assert bench.coordinator.health.newest_data_at == NOON


@pytest.mark.parametrize("told", TOLD_WITHOUT_SAMPLES.values(), ids=TOLD_WITHOUT_SAMPLES)
async def test_the_newest_data_of_a_source_without_samples_is_the_newest_it_tells_of(told: Batch) -> None:
    async def tell(context: ConnectorContext, window: Window, cursor: str | None) -> AsyncIterator[Batch]:
        yield told

    bench = Bench(tell)
    await bench.coordinator.poll()
    assert bench.coordinator.health.newest_data_at == LATELY


async def test_a_refusing_source_is_silent_in_its_own_words() -> None:
    bench = Bench(refuse)
    await bench.coordinator.poll()
    health = bench.coordinator.health
    assert health.state is ConnectionState.SILENT
    assert health.words == "Connection refused by 127.0.0.1:9."
    assert health.next_step == "See whether the service runs."


async def test_a_hanging_source_is_given_up_and_what_it_gave_before_stays() -> None:
    bench = Bench(hang)
    await bench.coordinator.poll()
    assert "did not finish within" in bench.coordinator.health.words
    assert len(bench.store.writer.ingests[0].batch.samples) == 1


async def test_a_connector_with_a_bug_is_named_and_the_next_poll_comes(logs: ExpectedLogs) -> None:
    logs.expect("quarterdeck.services.connector_boundary", "the connector scripted failed")
    bench = Bench(break_down)
    await bench.coordinator.poll()
    assert bench.coordinator.health.state is ConnectionState.FAILING
    assert "The connector scripted failed: ZeroDivisionError." in bench.coordinator.health.words
    bench.connector.script = one_sample
    await bench.coordinator.poll()
    assert bench.coordinator.health.state is ConnectionState.GOOD


async def test_a_flood_is_cut_off() -> None:
    async def flood(context: ConnectorContext, window: Window, cursor: str | None) -> AsyncIterator[Batch]:
        while True:
            times = to_ms(NOON) + np.arange(400, dtype=np.int64)
            yield Batch(samples=Samples.of_series(IDENTITY, times, np.ones(400)))

    bench = Bench(flood)
    flooded = tools(bench.store, bench.registry, bench.clock, max_records=1000)
    bench.coordinator = Coordinator(CONNECTION, flooded)
    await bench.coordinator.poll()
    assert "more than 1,000 records at once" in bench.coordinator.health.words
    assert sum(len(ingest.batch.samples) for ingest in bench.store.writer.ingests) == 800


async def test_samples_from_the_future_are_left_out_and_told() -> None:
    async def ahead(context: ConnectorContext, window: Window, cursor: str | None) -> AsyncIterator[Batch]:
        yield samples_at(NOON, NOON + timedelta(days=3))

    bench = Bench(ahead)
    await bench.coordinator.poll()
    assert len(bench.store.writer.ingests[0].batch.samples) == 1
    assert "dated into the future" in bench.coordinator.health.words


async def test_the_cursor_of_a_stored_batch_is_handed_to_the_next_poll() -> None:
    async def page(context: ConnectorContext, window: Window, cursor: str | None) -> AsyncIterator[Batch]:
        yield Batch(cursor=f"{int(cursor or 0) + 1}")

    bench = Bench(page)
    await bench.coordinator.poll()
    await bench.coordinator.poll()
    assert [cursor for _, cursor in bench.connector.asked] == [None, "1"]
    assert bench.store.writer.ingests[-1].cursors.live == "2"


async def test_a_batch_that_could_not_be_stored_does_not_move_the_cursor() -> None:
    async def page(context: ConnectorContext, window: Window, cursor: str | None) -> AsyncIterator[Batch]:
        yield Batch(cursor=f"{int(cursor or 0) + 1}")

    bench = Bench(page)
    bench.store.writer.failure = StoreUnavailable("The disk is full.", "Make room.")
    await bench.coordinator.poll()
    assert bench.coordinator.health.words == "The disk is full."
    bench.store.writer.failure = None
    await bench.coordinator.poll()
    assert [cursor for _, cursor in bench.connector.asked] == [None, None]


async def test_time_without_an_answer_is_a_gap_in_the_reception() -> None:
    bench = Bench(one_sample)
    await bench.coordinator.poll()
    bench.connector.script = refuse
    bench.clock.advance(3600)
    await bench.coordinator.poll()
    assert bench.reception[-1] == (ReceptionKind.MISSING, 0.0, 3600.0)


async def test_a_gap_stays_a_gap_when_the_source_returns_without_what_was_missed() -> None:
    bench = Bench(one_sample)
    await bench.coordinator.poll()
    bench.clock.advance(3600)
    await bench.coordinator.poll()
    assert bench.reception[-2:] == [(ReceptionKind.MISSING, 0.0, 3590.0), (ReceptionKind.RECEIVED, 3590.0, 3600.0)]


async def test_a_gap_that_the_source_fills_afterwards_came_late() -> None:
    async def whole_window(context: ConnectorContext, window: Window, cursor: str | None) -> AsyncIterator[Batch]:
        yield samples_at(window.time_range.start_at + timedelta(seconds=10), window.time_range.end_at)

    bench = Bench(whole_window)
    await bench.coordinator.poll()
    bench.clock.advance(3600)
    await bench.coordinator.poll()
    assert bench.reception[-2][0] is ReceptionKind.LATE


async def test_the_window_begins_at_the_last_good_poll() -> None:
    bench = Bench(one_sample)
    await bench.coordinator.poll()
    bench.clock.advance(25)
    await bench.coordinator.poll()
    assert bench.connector.asked[-1][0].time_range.start_at == NOON


async def test_failures_wait_longer_each_time_up_to_a_minute() -> None:
    pauses: list[float] = []
    enough = asyncio.Event()

    async def note(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) == 6:
            enough.set()
        await asyncio.sleep(0)

    bench = Bench(refuse)
    bench.coordinator = Coordinator(CONNECTION, tools(bench.store, bench.registry, bench.clock, sleep=note))
    running = asyncio.create_task(bench.coordinator.run())
    await asyncio.wait_for(enough.wait(), 5)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert pauses[:6] == [10.0, 20.0, 40.0, 60.0, 60.0, 60.0]


async def test_history_is_fetched_newest_first_and_its_progress_is_kept() -> None:
    finished = asyncio.Event()

    async def pages(context: ConnectorContext, window: Window, cursor: str | None) -> AsyncIterator[Batch]:
        yield samples_at(window.time_range.start_at)

    async def rest(seconds: float) -> None:
        progress = bench.coordinator.health.backfill
        if progress is not None and progress.finished:
            finished.set()
        await asyncio.sleep(0)

    bench = Bench(pages)
    bench.registry.backfill_window_hours = 24.0
    connection = Connection("payments", "scripted", "Payments", settings=(("history_days", 3),), poll_seconds=10.0)
    bench.coordinator = Coordinator(connection, tools(bench.store, bench.registry, bench.clock, sleep=rest))
    running = asyncio.create_task(bench.coordinator.run())
    await asyncio.wait_for(finished.wait(), 5)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    asked = [w.time_range for w, _ in bench.connector.asked if w.purpose is Purpose.BACKFILL]
    begun_at = NOON - FIRST_LOOK
    assert [page.start_at for page in asked] == [begun_at - DAY, begun_at - 2 * DAY, NOON - 3 * DAY]
    assert [page.end_at for page in asked] == [begun_at, begun_at - DAY, begun_at - 2 * DAY]
    reached = [i.cursors.backfill_reached_at for i in bench.store.writer.ingests if i.cursors.backfill_reached_at]
    assert reached[-1] == NOON - timedelta(days=3)


async def test_a_wrong_credential_is_failing_not_silent() -> None:
    async def deny(context: ConnectorContext, window: Window, cursor: str | None) -> AsyncIterator[Batch]:
        raise Denied("The token was refused.", "Give a new token.")
        yield

    bench = Bench(deny)
    await bench.coordinator.poll()
    assert bench.coordinator.health.state is ConnectionState.FAILING


@pytest.mark.parametrize(("stood", "known_at"), [(Cursors(last_good_at=NOON), NOON), (Cursors(), None)])
async def test_what_was_told_of_an_earlier_source_is_not_told_of_the_one_that_begins_anew(
    stood: Cursors, known_at: datetime | None
) -> None:
    bench = Bench(hang, known=stood)
    bench.store.told = {CONNECTION.id: ConnectionHealth(CONNECTION.id, ConnectionState.GOOD, last_good_at=NOON)}
    running = asyncio.create_task(bench.coordinator.run())
    await until(lambda: bool(bench.connector.asked))
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert bench.coordinator.health.last_good_at == known_at

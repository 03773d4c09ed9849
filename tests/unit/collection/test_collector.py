"""The collector over a real store: states follow the data, the lease passes on, connections come and go."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from quarterdeck.domain.connections import Connection, ConnectionHealth, ConnectionState
from quarterdeck.domain.estate import Entity, EntityKind
from quarterdeck.domain.expectations import Expectation
from quarterdeck.domain.health import HealthState, StateInterval
from quarterdeck.domain.instants import TimeRange, to_ms
from quarterdeck.domain.series import Meaning, SeriesIdentity
from quarterdeck.sdk.connector import ConnectionSettings, ConnectorContext, Window
from quarterdeck.sdk.errors import Unreachable
from quarterdeck.sdk.http import HttpClients
from quarterdeck.sdk.records import Batch, Samples
from quarterdeck.services.collection import Cadence, Collector
from quarterdeck.services.health import HealthAssessor
from quarterdeck.services.intake import CollectionTools
from quarterdeck.services.lease_watch import LeasedWriter, LeaseWatch
from quarterdeck.services.own_threads import Aside, OwnThreads
from quarterdeck.services.ports import Cursors, EstateChange, Ingest, StateChange
from quarterdeck.storage.opening import open_store
from quarterdeck.storage.store import SqlStore
from tests.support.waiting import wait_until
from tests.unit.collection.fakes import FakeRegistry, ScriptedConnector, until

POLL_SECONDS = 0.1
QUICK = Cadence(
    lease_renew_seconds=0.1,
    lease_life_seconds=2.0,
    lease_wait_seconds=0.1,
    reconcile_seconds=0.05,
    assess_seconds=0.05,
    past_seconds=0.05,
)
PAYHUB = Entity(
    "integration/payhub",
    EntityKind.INTEGRATION,
    "PayHub",
    domain="bill_pay",
    freshness_seconds=2.0,
    expectations=(Expectation(Meaning.RESPONSE_TIME, "p95", degraded_above=1.0, down_above=5.0),),
)
P95 = SeriesIdentity(PAYHUB.key, "response_time", Meaning.RESPONSE_TIME, "s", "p95")


class MachineClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    opened = open_store(str(tmp_path / "store.db"))
    yield opened
    opened.close()


def declare(store: SqlStore, *connections: Connection) -> None:
    long_ago = datetime.now(UTC) - timedelta(days=100)
    change = EstateChange(long_ago, "test", put_entities=(PAYHUB,), put_connections=connections)
    store.writer.change_estate(change).result(5)


def collector(
    store: SqlStore,
    registry: FakeRegistry,
    holder: str = "first",
    aside: Aside = asyncio.to_thread,
    on_state: Callable[[str], None] = lambda _: None,
) -> Collector:
    clock, http = MachineClock(), HttpClients()
    lease = LeaseWatch(store.leases, clock, holder=holder, life_seconds=QUICK.lease_life_seconds)
    writer = LeasedWriter(store.writer, lease)
    assessor = HealthAssessor(store, writer, clock, aside)

    def context_for(connection: Connection) -> ConnectorContext:
        settings = ConnectionSettings.of(connection.settings)
        return ConnectorContext(connection.id, connection.name, settings, clock.now, http)

    tools = CollectionTools(
        store, writer, registry, clock, context_for, on_stored=assessor.take, apply_declared=lambda _: None, aside=aside
    )
    return Collector(store, assessor, tools, lease=lease, cadence=QUICK, on_state=on_state)


@asynccontextmanager
async def running(*collectors: Collector) -> AsyncIterator[asyncio.Event]:
    stop = asyncio.Event()
    tasks = [asyncio.create_task(one.run(stop)) for one in collectors]
    try:
        yield stop
    finally:
        stop.set()
        await asyncio.gather(*tasks)


def state(store: SqlStore) -> HealthState | None:
    interval = store.states_at(datetime.now(UTC)).get(PAYHUB.key)
    return interval.state if interval else None


def telling(value: list[float]) -> ScriptedConnector:
    async def script(context: ConnectorContext, window: Window, cursor: str | None) -> AsyncIterator[Batch]:
        yield Batch(samples=Samples.at(window.time_range.end_at, {P95: value[0]}))

    return ScriptedConnector(script)


def every(connector_id: str, seconds: float = POLL_SECONDS) -> Connection:
    return Connection(connector_id, connector_id, connector_id, poll_seconds=seconds)


async def test_a_state_follows_its_signal_and_says_why(store: SqlStore) -> None:
    value = [0.2]
    declare(store, every("metrics"))
    async with running(collector(store, FakeRegistry({"metrics": telling(value)}))):
        await until(lambda: state(store) is HealthState.HEALTHY, "healthy")
        value[0] = 2.9
        await until(lambda: state(store) is HealthState.DEGRADED, "degraded")
    reason = store.states_at(datetime.now(UTC))[PAYHUB.key].reason
    assert reason == "p95 response time 2.9 s, above 1.0 s"


async def test_an_entity_whose_source_falls_silent_becomes_stale_and_never_stays_healthy(store: SqlStore) -> None:
    value = [0.2]
    connector = telling(value)
    declare(store, every("metrics"))
    async with running(collector(store, FakeRegistry({"metrics": connector}))):
        await until(lambda: state(store) is HealthState.HEALTHY, "healthy")

        async def refuse(context: ConnectorContext, window: Window, cursor: str | None) -> AsyncIterator[Batch]:
            raise Unreachable("Connection refused.", "See whether it runs.")
            yield

        connector.script = refuse
        await until(lambda: state(store) is HealthState.STALE, "stale")
    assert store.health()["metrics"].state is ConnectionState.SILENT


async def test_time_in_which_nobody_collected_is_stale_also_after_an_orderly_end(store: SqlStore) -> None:
    ended_at = datetime.now(UTC) - timedelta(hours=1)
    declare(store, every("metrics"))
    healthy = StateInterval(PAYHUB.key, HealthState.HEALTHY, "", ended_at - timedelta(hours=1), None)
    known = TimeRange(ended_at - timedelta(hours=1), ended_at)
    store.writer.change_states([StateChange(PAYHUB.key, known, (healthy,), open_ended=True)])
    times = to_ms(ended_at) - np.arange(60, dtype=np.int64)[::-1] * 1000
    batch = Batch(samples=Samples.of_series(P95, times, np.full(60, 0.2)))
    store.writer.ingest(Ingest("metrics", batch, ended_at, Cursors(last_good_at=ended_at)))
    store.writer.put_connection_health(
        [ConnectionHealth("metrics", ConnectionState.GOOD, last_good_at=ended_at)]
    ).result(5)
    gap = TimeRange(ended_at + timedelta(minutes=1), datetime.now(UTC) - timedelta(minutes=1))
    async with running(collector(store, FakeRegistry({"metrics": telling([0.2])}))):
        await until(lambda: state(store) is HealthState.HEALTHY, "healthy again")
        await until(lambda: [i.state for i in store.states_in(gap)] == [HealthState.STALE], "the gap is stale")


async def test_a_connection_that_turns_is_logged_once(store: SqlStore, caplog: pytest.LogCaptureFixture) -> None:
    connector = telling([0.2])
    declare(store, every("metrics"))
    caplog.set_level(logging.INFO, "quarterdeck.services.collection")
    async with running(collector(store, FakeRegistry({"metrics": connector}))):
        await until(lambda: "metrics: good." in caplog.text, "it does well")
        polls = len(connector.asked)
        await until(lambda: len(connector.asked) > polls + 3, "further polls")
    assert caplog.text.count("metrics: good.") == 1


async def test_history_that_arrives_late_is_judged(store: SqlStore) -> None:
    yesterday = datetime.now(UTC) - timedelta(days=1)
    times = np.arange(60, dtype=np.int64) * 60_000 + to_ms(yesterday)
    values = np.full(60, 0.2)
    values[20:40] = 7.0

    async def script(context: ConnectorContext, window: Window, cursor: str | None) -> AsyncIterator[Batch]:
        if cursor is None:
            yield Batch(samples=Samples.of_series(P95, times, values), cursor="told")

    declare(store, every("metrics"))
    hour = TimeRange(yesterday, yesterday + timedelta(hours=1))
    async with running(collector(store, FakeRegistry({"metrics": ScriptedConnector(script)}))):
        await until(lambda: len(store.states_in(hour)) >= 3, "three states in the past hour")
    told = [(i.state, i.from_at) for i in store.states_in(hour)]
    assert (
        HealthState.DOWN,
        yesterday.replace(microsecond=yesterday.microsecond // 1000 * 1000) + timedelta(minutes=20),
    ) in told


async def test_history_at_a_coarse_step_joins_the_present_without_a_hole(store: SqlStore) -> None:
    started_at = datetime.now(UTC)
    times = to_ms(started_at) // 300_000 * 300_000 - np.arange(12, dtype=np.int64)[::-1] * 300_000

    async def script(context: ConnectorContext, window: Window, cursor: str | None) -> AsyncIterator[Batch]:
        yield Batch(samples=Samples.at(window.time_range.end_at, {P95: 0.2}))
        if cursor is None and context.now() > started_at + timedelta(seconds=0.3):
            yield Batch(samples=Samples.of_series(P95, times, np.full(12, 0.2)), cursor="told")

    declare(store, every("metrics"))
    half_hour = TimeRange(started_at - timedelta(minutes=30), started_at)
    async with running(collector(store, FakeRegistry({"metrics": ScriptedConnector(script)}))):
        await until(
            lambda: [i.state for i in store.states_in(half_hour)] == [HealthState.HEALTHY], "one healthy stretch"
        )


async def test_a_second_collector_waits_and_takes_over_when_the_first_ends(store: SqlStore) -> None:
    declare(store, every("metrics"))
    first, second = telling([0.1]), telling([0.2])
    waiting = collector(store, FakeRegistry({"metrics": second}), "second")
    async with running(collector(store, FakeRegistry({"metrics": first}), "first")) as stop:
        await until(lambda: bool(first.asked), "the first polls")
        async with running(waiting):
            assert not second.asked
            stop.set()
            await until(lambda: bool(second.asked), "the second polls")


async def test_a_hanging_source_does_not_hold_up_another(store: SqlStore) -> None:
    async def hang(context: ConnectorContext, window: Window, cursor: str | None) -> AsyncIterator[Batch]:
        await asyncio.Event().wait()
        yield Batch()

    lively = telling([0.2])
    declare(store, every("hanging"), every("lively"))
    registry = FakeRegistry({"hanging": ScriptedConnector(hang), "lively": lively})
    async with running(collector(store, registry)):
        await until(lambda: len(lively.asked) >= 5, "five polls of the other source")
        await until(lambda: "did not finish" in store.health()["hanging"].words, "the hanging one is told")
    assert store.health()["lively"].state is ConnectionState.GOOD


async def test_a_connection_that_is_removed_is_polled_no_more(store: SqlStore) -> None:
    connector = telling([0.2])
    declare(store, every("metrics"))
    async with running(collector(store, FakeRegistry({"metrics": connector}))):
        await until(lambda: bool(connector.asked), "the first poll")
        store.writer.remove_connection("metrics").result(5)
        asked: list[int] = []

        def is_quiet() -> bool:
            asked.append(len(connector.asked))
            return len(asked) > 20 and asked[-1] == asked[-20]

        await until(is_quiet, "no further polls")


async def test_sources_that_hold_every_thread_do_not_cost_the_lease(store: SqlStore) -> None:
    release = threading.Event()

    async def hold(context: ConnectorContext, window: Window, cursor: str | None) -> AsyncIterator[Batch]:
        await asyncio.to_thread(release.wait, 60)
        yield Batch()

    lively = telling([0.2])
    holders = [f"holder_{number}" for number in range(40)]
    declare(store, every("metrics"), *(every(name) for name in holders))
    registry = FakeRegistry({"metrics": lively, **{name: ScriptedConnector(hold) for name in holders}})
    registry.poll_timeout_seconds = 30
    said: list[str] = []
    threads = OwnThreads()
    one = collector(store, registry, aside=threads, on_state=said.append)
    async with running(one):
        try:
            await threads(
                wait_until, lambda: all(registry.connectors[name].asked for name in holders), "all threads are held"
            )
            enough = len(lively.asked) + 1.5 * QUICK.lease_life_seconds / POLL_SECONDS
            await threads(
                wait_until,
                lambda: len(lively.asked) > enough,
                "the other source goes on for longer than the lease",
                within_seconds=30,
            )
            await threads(wait_until, lambda: state(store) is HealthState.HEALTHY, "and is judged")
        finally:
            release.set()
    threads.close()
    assert said == ["Collecting."]

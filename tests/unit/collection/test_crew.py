"""Coordinators at work: replaced when edited, relieved when they fall, left behind when they will not go."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import replace

from quarterdeck.domain.connections import Connection, ConnectionHealth, ConnectionState
from quarterdeck.domain.errors import StoreUnavailable
from quarterdeck.sdk.connector import ConnectorContext, Window
from quarterdeck.sdk.records import Batch
from quarterdeck.services.crew import Crew
from quarterdeck.services.rounds import Rounds
from tests.support.guards.logs import ExpectedLogs
from tests.unit.collection.fakes import (
    NOON,
    FakeRegistry,
    FakeStore,
    ScriptedConnector,
    SteppedClock,
    samples_at,
    tools,
    until,
)

CONNECTION = Connection("payments", "scripted", "Payments exporter", poll_seconds=0.2)


async def one_sample(context: ConnectorContext, window: Window, cursor: str | None) -> AsyncIterator[Batch]:
    yield samples_at(window.time_range.end_at)


async def test_a_coordinator_that_falls_to_a_bug_is_told_and_begins_anew(logs: ExpectedLogs) -> None:
    logs.expect("quarterdeck.services.crew", "the connection payments fell to a bug")
    stumbles = [True]

    def stumble(batch: Batch, *, poll_seconds: float) -> None:
        if stumbles:
            raise ZeroDivisionError

    crew = Crew(
        tools(FakeStore(), FakeRegistry({"scripted": ScriptedConnector(one_sample)}), SteppedClock(), on_stored=stumble)
    )

    async def relieve() -> None:
        crew.relieve_fallen()

    await crew.match([CONNECTION], {})
    relieving = asyncio.create_task(Rounds("Relief", relieve, 0.01).run())
    await until(lambda: crew.health()[0].state is ConnectionState.FAILING)
    assert "A fault of this program" in crew.health()[0].words
    stumbles.clear()
    await until(lambda: crew.health()[0].state is ConnectionState.GOOD)
    relieving.cancel()
    await asyncio.wait({relieving})
    await crew.dismiss()


async def test_a_connector_that_will_not_be_cancelled_is_left_behind_and_stores_nothing(logs: ExpectedLogs) -> None:
    logs.expect("quarterdeck.services.crew", "does not let itself be cancelled")
    release, store = asyncio.Event(), FakeStore()

    async def stubborn(context: ConnectorContext, window: Window, cursor: str | None) -> AsyncIterator[Batch]:
        while not release.is_set():
            with suppress(asyncio.CancelledError):
                await release.wait()
        yield samples_at(NOON)

    registry = FakeRegistry({"scripted": ScriptedConnector(stubborn)}, poll_timeout_seconds=60)
    crew = Crew(tools(store, registry, SteppedClock()), stop_seconds=0.05)
    await crew.match([CONNECTION], {})
    await until(lambda: bool(registry.connectors["scripted"].asked))
    async with asyncio.timeout(5):
        await crew.match([], {})
    assert crew.health() == []
    release.set()
    await until(lambda: crew.left_behind == 0)
    assert store.writer.ingests == []


async def test_a_connection_that_is_switched_off_keeps_what_is_known_of_it() -> None:
    crew = Crew(tools(FakeStore(), FakeRegistry({}), SteppedClock()))
    known = ConnectionHealth("payments", ConnectionState.FAILING, "Refused.", "Look.", last_good_at=NOON)
    await crew.match([replace(CONNECTION, enabled=False)], {"payments": known})
    assert crew.health() == [ConnectionHealth("payments", ConnectionState.DISABLED, last_good_at=NOON)]


async def test_trouble_is_logged_once_and_not_with_every_round(logs: ExpectedLogs) -> None:
    logs.expect("quarterdeck.services.rounds", "The store is not there")
    rounds = [0]

    async def fail() -> None:
        rounds[0] += 1
        raise StoreUnavailable("The store is not there.", "Bring it back.")

    running = asyncio.create_task(Rounds("Judging", fail, 0.0).run())
    await until(lambda: rounds[0] > 5)
    running.cancel()
    await asyncio.wait({running})
    assert running.cancelled()


async def test_work_that_meets_a_bug_begins_anew(logs: ExpectedLogs) -> None:
    logs.expect("quarterdeck.services.rounds", "Judging met a bug")
    rounds = [0]

    async def stumble_once() -> None:
        rounds[0] += 1
        if rounds[0] == 2:
            raise ZeroDivisionError

    running = asyncio.create_task(Rounds("Judging", stumble_once, 0.001).run())
    await until(lambda: rounds[0] > 4)
    running.cancel()
    await asyncio.wait({running})

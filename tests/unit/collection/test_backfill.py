"""History ends where the polls began, however late they began and whatever ended in between."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta

from quarterdeck.domain.connections import Connection
from quarterdeck.sdk.connector import ConnectorContext, Purpose, Window
from quarterdeck.sdk.errors import Unreachable
from quarterdeck.sdk.records import Batch
from quarterdeck.services.coordinator import FIRST_LOOK, Coordinator
from quarterdeck.services.ports import Cursors
from tests.unit.collection.fakes import NOON, FakeRegistry, FakeStore, ScriptedConnector, SteppedClock, tools

PATIENCE_SECONDS = 10.0
CONNECTION = Connection("metrics", "scripted", "Metrics", settings=(("history_days", 2),), poll_seconds=15.0)
UNREACHABLE = Unreachable("Connection refused by 127.0.0.1:9.", "See whether the service runs.")


class Bench:
    """Collects from a source that is there, or gives its history, only from an instant on."""

    def __init__(self, known: Cursors | None = None) -> None:
        self.clock = SteppedClock()
        self.store = FakeStore(known=known or Cursors())
        self.there_at = self.history_at = NOON
        self._connector = ScriptedConnector(self._tell)
        self._registry = FakeRegistry({"scripted": self._connector}, backfill_window_hours=24.0)

    async def _tell(self, context: ConnectorContext, window: Window, cursor: str | None) -> AsyncIterator[Batch]:
        is_past = window.purpose is Purpose.BACKFILL
        if self.clock.now() < (self.history_at if is_past else self.there_at):
            raise UNREACHABLE
        yield Batch()

    async def collect(self) -> None:
        """What a collector does until it asked for history; the clock goes on with each pause."""
        done, known = asyncio.Event(), len(self.asked(Purpose.BACKFILL))

        async def rest(pause: float) -> None:
            if len(self.asked(Purpose.BACKFILL)) > known:
                done.set()
                await asyncio.Event().wait()
            self.clock.advance(pause)
            await asyncio.sleep(0)

        coordinator = Coordinator(CONNECTION, tools(self.store, self._registry, self.clock, sleep=rest))
        running = asyncio.create_task(coordinator.run())
        async with asyncio.timeout(PATIENCE_SECONDS):
            await done.wait()
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        self.store.known = self.store.writer.ingests[-1].cursors if self.store.writer.ingests else Cursors()

    def asked(self, purpose: Purpose) -> list[tuple[datetime, datetime]]:
        """The ranges asked for a purpose, in order."""
        ranges = [window.time_range for window, _ in self._connector.asked if window.purpose is purpose]
        return [(each.start_at, each.end_at) for each in ranges]

    def begun_at(self) -> datetime:
        """Where the window of the first good poll began."""
        good = [start_at for start_at, end_at in self.asked(Purpose.LIVE) if end_at >= self.there_at]
        return good[0]


async def test_history_ends_where_the_first_poll_began() -> None:
    bench = Bench()
    await bench.collect()
    assert bench.begun_at() == NOON - FIRST_LOOK
    assert bench.asked(Purpose.BACKFILL)[0][1] == bench.begun_at()


async def test_history_of_a_source_that_answers_late_ends_where_its_first_poll_began() -> None:
    bench = Bench()
    bench.there_at = NOON + timedelta(minutes=20)
    await bench.collect()
    assert bench.begun_at() > NOON + timedelta(minutes=18)
    assert bench.asked(Purpose.BACKFILL)[0][1] == bench.begun_at()


async def test_history_that_never_began_before_collecting_ended_still_ends_where_the_polls_began() -> None:
    bench = Bench()
    bench.history_at = NOON + timedelta(days=1)
    await bench.collect()
    refused = bench.asked(Purpose.BACKFILL)
    bench.clock.advance(3600)
    await bench.collect()
    resumed = bench.asked(Purpose.BACKFILL)[len(refused) :]
    assert {end_at for _, end_at in (*refused, *resumed)} == {NOON - FIRST_LOOK}


async def test_history_of_a_connection_that_polled_before_it_had_any_ends_at_its_last_good_poll() -> None:
    bench = Bench(Cursors(last_good_at=NOON - timedelta(minutes=5)))
    await bench.collect()
    assert bench.asked(Purpose.BACKFILL)[0][1] == NOON - timedelta(minutes=5)

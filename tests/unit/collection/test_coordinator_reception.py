"""What a coordinator records of a source that is behind: gaps only where nothing came, also over its own end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta

from quarterdeck.domain.connections import Connection, ReceptionKind
from quarterdeck.domain.events import Event
from quarterdeck.domain.instants import TimeRange
from quarterdeck.sdk.connector import ConnectorContext, Window
from quarterdeck.sdk.errors import Unreachable
from quarterdeck.sdk.records import Batch
from quarterdeck.services.coordinator import Coordinator
from quarterdeck.storage.store import SqlStore
from tests.support.stores import PATIENCE_SECONDS, store
from tests.unit.collection.fakes import NOON, FakeRegistry, ScriptedConnector, SteppedClock, tools

__all__ = ["store"]

RECEIVED, LATE, MISSING = ReceptionKind.RECEIVED, ReceptionKind.LATE, ReceptionKind.MISSING
FEED = Connection("feed", "scripted", "Business events", poll_seconds=10.0)
HISTORY = (*(-86_400.0 * day for day in range(12, 0, -1)), *(float(each) for each in range(-20, 8_000, 4)))
"""An event a day, and one every four seconds since a little before noon."""


class Feed:
    """Events by seconds after noon; a poll takes at most a page of those that have happened and follow its cursor.

    A cursor of another edition means nothing to it, and it begins with the oldest.
    """

    def __init__(self, clock: SteppedClock, seconds: Sequence[float]) -> None:
        self.seconds = seconds
        self.is_gone = False
        self.edition = 1
        self.page = 5
        self._clock = clock

    async def tell(self, context: ConnectorContext, window: Window, cursor: str | None) -> AsyncIterator[Batch]:
        if self.is_gone:
            raise Unreachable("Connection refused by 127.0.0.1:9.", "See whether the service runs.")
        edition, _, told = (cursor or "").partition(" ")
        after = float(told) if edition == str(self.edition) else float("-inf")
        now = (self._clock.now() - NOON).total_seconds()
        waiting = [each for each in self.seconds if after < each <= now]
        page = waiting[: self.page]
        events = tuple(Event("/bank", str(each), "payment", NOON + timedelta(seconds=each)) for each in page)
        reached = f"{self.edition} {page[-1]}" if page else cursor
        yield Batch(events=events, cursor=reached, caught_up=len(waiting) <= self.page)


class Bench:
    """A feed collected into a real store, by one coordinator after the other."""

    def __init__(self, store: SqlStore, seconds: Sequence[float] = HISTORY) -> None:
        self.clock = SteppedClock()
        self.feed = Feed(self.clock, seconds)
        self._store = store
        self._registry = FakeRegistry({"scripted": ScriptedConnector(self.feed.tell)})
        store.writer.put_connection(FEED).result(PATIENCE_SECONDS)

    async def collect(self, polls: int) -> None:
        """What a collector does from its start to its end, with so many polls; the clock goes on with each pause."""
        done, left = asyncio.Event(), polls

        async def rest(seconds: float) -> None:
            nonlocal left
            left -= 1
            if not left:
                done.set()
                await asyncio.Event().wait()
            self.clock.advance(seconds)

        coordinator = Coordinator(FEED, tools(self._store, self._registry, self.clock, sleep=rest))
        running = asyncio.create_task(coordinator.run())
        async with asyncio.timeout(PATIENCE_SECONDS):
            await done.wait()
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)

    @property
    def recorded(self) -> list[tuple[ReceptionKind, float, float]]:
        """What is recorded of the day around noon, in seconds after it."""
        day = TimeRange(NOON - timedelta(hours=12), NOON + timedelta(hours=12))
        return [
            (each.kind, (each.from_at - NOON).total_seconds(), (each.to_at - NOON).total_seconds())
            for each in self._store.reception(day)
        ]


async def test_a_feed_with_a_long_history_leaves_no_gap_at_its_first_start(store: SqlStore) -> None:
    bench = Bench(store)
    await bench.collect(12)
    assert bench.recorded == [(LATE, -10, 40), (RECEIVED, 40, 110)]


async def test_a_feed_with_a_long_history_and_nothing_new_leaves_no_gap_at_its_first_start(store: SqlStore) -> None:
    bench = Bench(store, HISTORY[:12])
    await bench.collect(4)
    assert bench.recorded == [(LATE, -10, 10), (RECEIVED, 10, 30)]


async def test_what_a_feed_still_owed_when_collecting_ended_is_no_gap_once_it_came(store: SqlStore) -> None:
    bench = Bench(store)
    await bench.collect(2)
    bench.clock.advance(12)
    await bench.collect(12)
    assert [kind for kind, _, _ in bench.recorded] == [LATE, RECEIVED]


async def test_a_feed_that_begins_its_history_anew_fills_the_time_in_which_nobody_collected(store: SqlStore) -> None:
    bench = Bench(store)
    await bench.collect(12)
    bench.clock.advance(40)
    bench.feed.edition = 2
    await bench.collect(30)
    assert MISSING not in [kind for kind, _, _ in bench.recorded]


async def test_a_feed_gone_for_an_hour_that_kept_its_history_was_late(store: SqlStore) -> None:
    bench = Bench(store)
    await bench.collect(12)
    bench.feed.is_gone = True
    bench.clock.advance(3600)
    await bench.collect(1)
    gone_at = (bench.clock.now() - NOON).total_seconds()
    assert bench.recorded[-1] == (MISSING, 110, gone_at)
    bench.feed.is_gone = False
    bench.clock.advance(10)
    bench.feed.page = 100
    await bench.collect(15)
    assert [kind for kind, _, _ in bench.recorded] == [LATE, RECEIVED, LATE, RECEIVED]


async def test_a_feed_gone_for_an_hour_that_lost_its_history_leaves_a_gap(store: SqlStore) -> None:
    bench = Bench(store, [each for each in HISTORY if not 110 < each < 3700])
    await bench.collect(12)
    bench.feed.is_gone = True
    bench.clock.advance(3600)
    await bench.collect(1)
    bench.feed.is_gone = False
    bench.clock.advance(10)
    await bench.collect(30)
    assert bench.recorded[2:] == [(MISSING, 110, 3700), (LATE, 3700, 3720), (RECEIVED, 3720, 4010)]

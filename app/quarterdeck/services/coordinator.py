"""One coordinator per connection: it polls, bounds, backs off, keeps the books, and never touches another."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta

from quarterdeck.domain.connections import Connection, ConnectionHealth, ConnectionState, Reception, ReceptionKind
from quarterdeck.domain.errors import OperatorError, StoreUnavailable
from quarterdeck.domain.instants import TimeRange
from quarterdeck.sdk.connector import Discovering, ReadingThrough, Window
from quarterdeck.sdk.errors import Unreachable
from quarterdeck.sdk.records import Batch
from quarterdeck.sdk.registry import LoadedConnector
from quarterdeck.services.backfill import Backfill
from quarterdeck.services.connection_source import ConnectionSource
from quarterdeck.services.connector_calls import ConnectorCalls
from quarterdeck.services.intake import Books, CollectionTools, Intake
from quarterdeck.services.pacing import poll_pause
from quarterdeck.services.polling import ConnectorPass, PassPlan, Taken
from quarterdeck.services.ports import Cursors
from quarterdeck.services.reception import Owed, Poll, owed_after, owed_before, stretches
from quarterdeck.services.sifting import sift

RENEW_CATALOGUE = timedelta(minutes=10)
FIRST_LOOK = timedelta(seconds=60)
CATCHING_UP = "There is more to fetch than one poll takes; catching up."


class Steadiness:
    """Keeps a source on the edge of what one poll takes from turning from good to late and back with every poll.

    Good becomes late, and late good, with the second poll in a row that says so. After anything else one poll decides.
    """

    def __init__(self) -> None:
        self._is_other = False

    def state_after(self, before: ConnectionState, *, caught_up: bool) -> ConnectionState:
        """The state after a poll that brought all there was, or not all."""
        told = ConnectionState.GOOD if caught_up else ConnectionState.LATE
        is_edge = {before, told} == {ConnectionState.GOOD, ConnectionState.LATE}
        stays, self._is_other = is_edge and not self._is_other, is_edge and not self._is_other
        return before if stays else told


class Coordinator:
    """The life of one connection inside the collector."""

    def __init__(self, connection: Connection, tools: CollectionTools) -> None:
        self.connection = connection
        self._tools = tools
        self._source = ConnectionSource(connection, tools)
        self._intake = Intake(connection, tools)
        self._history = Backfill(connection, self._source, self._intake, tools)
        self._health = ConnectionHealth(connection.id, ConnectionState.STARTING)
        self._catalogue_at: datetime | None = None
        self._unlisted = ""
        self._owed: Owed | None = None
        self._steadiness = Steadiness()

    @property
    def health(self) -> ConnectionHealth:
        """How the connection does, live and with its history."""
        health = self._health
        words = " ".join(part for part in (health.words, self._history.trouble) if part)
        newest_at, known_at = self._intake.newest_data_at, health.newest_data_at
        if newest_at is not None and (known_at is None or newest_at > known_at):
            known_at = newest_at
        backfill = self._history.progress or health.backfill
        return replace(health, words=words, newest_data_at=known_at, backfill=backfill)

    async def run(self) -> None:
        """Poll until cancelled; history is fetched beside it."""
        await self._take_up()
        async with asyncio.TaskGroup() as group:
            group.create_task(self._poll_forever())
            group.create_task(self._history.run())

    def end(self) -> None:
        """Let nothing more into the store, even if a part of this connection should go on."""
        self._intake.close()

    def tell_of_bug(self) -> None:
        """Say that a bug of this program ended the polls, and that they begin anew."""
        words = "A fault of this program ended its polls; they begin anew."
        self._tell(ConnectionState.FAILING, words, "Report it with the log.", self._tools.clock.now())

    async def poll(self) -> None:
        """One poll, whatever comes of it; the outcome is in `health`."""
        now = self._tools.clock.now()
        try:
            loaded = await self._source.loaded()
            await self._list_anew(loaded, now)
            taken = await self._take(loaded, now)
        except StoreUnavailable as fault:
            self._fail(fault, ConnectionState.FAILING, now)
        except OperatorError as fault:
            state = ConnectionState.SILENT if isinstance(fault, Unreachable) else ConnectionState.FAILING
            self._fail(fault, state, now)
            await self._note_gap(now)
        else:
            self._succeed(taken, now)

    async def _take_up(self) -> None:
        while True:
            try:
                await self._intake.open()
                known = (await self._tools.aside(self._tools.store.health)).get(self.connection.id)
                self._owed = await self._tools.aside(self._still_owed)
                break
            except StoreUnavailable as fault:
                self._fail(fault, ConnectionState.FAILING, self._tools.clock.now())
                await self._tools.sleep(poll_pause(self.connection.poll_seconds, self._health.failures_in_a_row, 0.0))
        self._health = ConnectionHealth(self.connection.id, ConnectionState.STARTING)
        if known is not None and self._intake.cursors != Cursors():
            told = {"last_good_at": known.last_good_at, "newest_data_at": known.newest_data_at}
            self._health = replace(self._health, **told, backfill=known.backfill)

    def _still_owed(self) -> Owed | None:
        last_good_at = self._intake.cursors.last_good_at
        if last_good_at is None:
            return None
        recorded = self._tools.store.reception(TimeRange.ending(last_good_at, 1.0))
        return owed_before((each for each in recorded if each.connection_id == self.connection.id), last_good_at)

    async def _poll_forever(self) -> None:
        while True:
            started_at = self._tools.clock.now()
            await self.poll()
            spent = (self._tools.clock.now() - started_at).total_seconds()
            pause = poll_pause(self.connection.poll_seconds, self._health.failures_in_a_row, spent)
            await self._tools.sleep(pause)

    async def _take(self, loaded: LoadedConnector, now: datetime) -> Taken:
        every = timedelta(seconds=self.connection.poll_seconds)
        since_at = self._intake.cursors.last_good_at or now - max(FIRST_LOOK, 2 * every)
        if since_at > now:  # the clock was set back
            since_at = now - every
        poll = Poll(
            now=now,
            every=every,
            last_good_at=self._intake.cursors.last_good_at,
            has_failed_since=self._health.failures_in_a_row > 0,
            owed=self._owed,
        )
        plan = PassPlan(
            window=Window(TimeRange(since_at, now)),
            cursor=self._intake.cursors.live,
            seconds=loaded.manifest.poll_timeout_seconds,
            most_records=self._tools.max_records_per_poll,
            since_at=poll.from_at,
        )
        taking = ConnectorPass(self.connection.name, loaded, self._intake, self._tools.clock)
        taken = await taking.take(await self._source.context(), plan, lambda taken: self._books(taken, poll, since_at))
        self._owed = owed_after(poll, taken.came)
        return taken

    def _books(self, taken: Taken, poll: Poll, since_at: datetime) -> Books:
        def good(cursors: Cursors) -> Cursors:
            return replace(cursors, last_good_at=poll.now, backfill_reached_at=cursors.backfill_reached_at or since_at)

        return Books(good, stretches(self.connection.id, poll, taken.came))

    async def _list_anew(self, loaded: LoadedConnector, now: datetime) -> None:
        """Once in a while take up what the source offers: entities, and series that stay there.

        A source that will not list what it offers is polled all the same, and the connection says so.
        """
        if self._catalogue_at is not None and abs(now - self._catalogue_at) < RENEW_CATALOGUE:
            return
        self._unlisted = ""
        try:
            await self._discover(loaded)
            await self._name_remote_series(loaded)
        except (StoreUnavailable, Unreachable):
            raise
        except OperatorError as fault:
            self._unlisted = f"What it offers could not be listed: {fault.message}"
        self._catalogue_at = now

    async def _discover(self, loaded: LoadedConnector) -> None:
        connector = loaded.connector
        if isinstance(connector, Discovering):
            context = await self._source.context()
            found = await self._calls(loaded).ask(lambda: connector.discover(context))
            batch = Batch(entities=found.entities, relations=found.relations, is_whole_estate=True)
            await self._intake.store(sift(batch, self._tools.clock.now()).batch)

    async def _name_remote_series(self, loaded: LoadedConnector) -> None:
        connector = loaded.connector
        if loaded.manifest.reads_through and isinstance(connector, ReadingThrough):
            context = await self._source.context()
            remote = await self._calls(loaded).ask(lambda: connector.remote_series(context))
            await self._intake.store(Batch(), Books(remote=remote))

    def _calls(self, loaded: LoadedConnector) -> ConnectorCalls:
        return ConnectorCalls(self.connection.name, loaded.manifest.id, loaded.manifest.poll_timeout_seconds)

    def _succeed(self, taken: Taken, now: datetime) -> None:
        state = self._steadiness.state_after(self._health.state, caught_up=taken.came.caught_up)
        is_behind = state is ConnectionState.LATE or not taken.came.caught_up
        words = " ".join(part for part in (taken.words or (CATCHING_UP if is_behind else ""), self._unlisted) if part)
        self._tell(state, words, "", now)
        self._health = replace(self._health, last_good_at=now, failures_in_a_row=0)
        self._history.join_live()

    def _fail(self, fault: OperatorError, state: ConnectionState, now: datetime) -> None:
        self._tell(state, fault.message, fault.next_step, now)
        self._health = replace(self._health, failures_in_a_row=self._health.failures_in_a_row + 1)

    def _tell(self, state: ConnectionState, words: str, next_step: str, now: datetime) -> None:
        spent_seconds = max(0.0, (self._tools.clock.now() - now).total_seconds())
        self._health = replace(
            self._health,
            state=state,
            words=words,
            next_step=next_step,
            last_attempt_at=now,
            poll_duration_seconds=spent_seconds,
        )

    async def _note_gap(self, now: datetime) -> None:
        since_at = self._intake.cursors.last_good_at
        if since_at is None or since_at >= now:
            return
        gap = Reception(self.connection.id, ReceptionKind.MISSING, since_at, now)
        try:
            await self._intake.store(Batch(), Books(reception=(gap,)))
        except StoreUnavailable as fault:
            self._tell(ConnectionState.FAILING, fault.message, fault.next_step, now)

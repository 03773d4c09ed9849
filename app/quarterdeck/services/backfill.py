"""Fetching a connection's history beside its live polls: newest page first, as far back as its settings ask."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta

from quarterdeck.domain.connections import BackfillProgress, Connection
from quarterdeck.domain.errors import OperatorError
from quarterdeck.domain.instants import TimeRange
from quarterdeck.sdk.connector import Purpose, Window
from quarterdeck.sdk.registry import LoadedConnector
from quarterdeck.services.connection_source import ConnectionSource
from quarterdeck.services.intake import Books, CollectionTools, Intake
from quarterdeck.services.pacing import LONGEST_RETRY_SECONDS, retry_pause
from quarterdeck.services.polling import ConnectorPass, PassPlan
from quarterdeck.services.ports import Cursors

FIRST_RETRY_SECONDS = 2.0
PAUSE_SECONDS = 0.05
PATIENCE = 4
"""A page of history may take so many times as long as a live poll."""


class Backfill:
    """The history of one connection; `progress` and `trouble` tell how it goes."""

    def __init__(
        self, connection: Connection, source: ConnectionSource, intake: Intake, tools: CollectionTools
    ) -> None:
        self._connection = connection
        self._source = source
        self._intake = intake
        self._tools = tools
        self._is_live = asyncio.Event()
        self.progress: BackfillProgress | None = None
        self.trouble = ""

    def join_live(self) -> None:
        """Polls have begun to deliver, so that it is known where history has to end."""
        self._is_live.set()

    async def run(self) -> None:
        """Fetch pages until they reach as far back as is asked; what fails is tried again, later each time."""
        loaded, days = await self._wanted()
        page = timedelta(hours=loaded.manifest.backfill_window_hours)
        if page <= timedelta(0) or days <= 0:
            return
        await self._is_live.wait()
        now = self._tools.clock.now()
        until_at = now - timedelta(days=days)
        reached_at = self._intake.cursors.backfill_reached_at or now
        failures = 0
        while reached_at > until_at:
            start_at = max(until_at, reached_at - page)
            if await self._fetch(loaded, TimeRange(start_at, reached_at), until_at):
                reached_at, failures = start_at, 0
                await self._tools.sleep(PAUSE_SECONDS)
            else:
                failures += 1
                await self._tools.sleep(min(LONGEST_RETRY_SECONDS, retry_pause(FIRST_RETRY_SECONDS, failures)))

    async def _wanted(self) -> tuple[LoadedConnector, float]:
        """The connector, and how many days of history the settings ask for; waits while either cannot be told."""
        while True:
            try:
                loaded = await self._source.loaded()
                return loaded, (await self._source.context()).settings.number("history_days")
            except OperatorError:
                await self._tools.sleep(LONGEST_RETRY_SECONDS)  # the poll meets the same fault and says so

    async def _fetch(self, loaded: LoadedConnector, time_range: TimeRange, until_at: datetime) -> bool:
        start_at = time_range.start_at
        plan = PassPlan(
            window=Window(time_range, Purpose.BACKFILL),
            cursor=None,
            seconds=PATIENCE * loaded.manifest.poll_timeout_seconds,
            most_records=self._tools.max_records_per_poll,
            since_at=start_at,
        )

        def reached(cursors: Cursors) -> Cursors:
            return replace(cursors, backfill_reached_at=start_at, backfill_until_at=until_at)

        taking = ConnectorPass(self._connection.name, loaded, self._intake, self._tools.clock)
        try:
            context = await self._source.context()
            await taking.take(context, plan, lambda _taken: Books(reached))
        except OperatorError as fault:
            self.trouble = f"Its history is fetched later: {fault.message}"
            return False
        self.trouble = ""
        samples = self._intake.cursors.backfill_samples
        self.progress = BackfillProgress(until_at, start_at, samples, finished=start_at <= until_at)
        return True

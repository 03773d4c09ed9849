"""The collector: the one process that polls all connections of a store, held by the store's lease."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from quarterdeck.domain.connections import ConnectionHealth, ConnectionState
from quarterdeck.domain.errors import OperatorError
from quarterdeck.domain.instants import to_ms
from quarterdeck.services.crew import Crew
from quarterdeck.services.current_states import CollectionSources, collected_until
from quarterdeck.services.health import HealthAssessor
from quarterdeck.services.intake import CollectionTools
from quarterdeck.services.lease_watch import LeaseWatch
from quarterdeck.services.ports import ConnectionStore, Topic, VersionCounters
from quarterdeck.services.rounds import Rounds

log = logging.getLogger(__name__)


class CollectorStore(ConnectionStore, CollectionSources, VersionCounters, Protocol):
    """What the collector reads."""


@dataclass(frozen=True, slots=True)
class Cadence:
    """How often the collector does what, in seconds; a lost collector is replaced within `lease_life_seconds` + 2."""

    lease_renew_seconds: float = 3.0
    lease_life_seconds: float = 11.0
    lease_wait_seconds: float = 2.0
    reconcile_seconds: float = 2.0
    assess_seconds: float = 5.0
    past_seconds: float = 0.5
    policies_seconds: float = 15.0
    detection_seconds: float = 5.0


class Collector:
    """Runs a coordinator per enabled connection while it holds the lease, and judges health as data arrive.

    `also` is what else goes round while it does.
    """

    def __init__(
        self,
        store: CollectorStore,
        assessor: HealthAssessor,
        tools: CollectionTools,
        *,
        lease: LeaseWatch,
        cadence: Cadence | None = None,
        on_state: Callable[[str], None] = log.info,
        also: Sequence[Rounds] = (),
    ) -> None:
        self._store = store
        self._assessor = assessor
        self._tools = tools
        self._lease = lease
        self._cadence = cadence or Cadence()
        self._on_state = on_state
        self._also = tuple(also)
        self._said = ""
        self._crew = Crew(tools)
        self._told: dict[str, ConnectionHealth] = {}
        self._seen: dict[Topic, int] = {}
        self._is_ready = False

    async def run(self, stop: asyncio.Event) -> None:
        """Collect until `stop` is set. Waits while another collector holds the lease or the store is not there."""
        while not stop.is_set():
            try:
                heard_at = await self._tools.aside(collected_until, self._store)
                is_held = await self._tools.aside(self._lease.acquire)
            except OperatorError as fault:
                self._say(f"Waiting for the store: {fault}")
                await _wait(stop, self._cadence.lease_wait_seconds)
                continue
            if not is_held:
                self._say("Another collector holds this store; waiting for it to end.")
                await _wait(stop, self._cadence.lease_wait_seconds)
                continue
            self._say("Collecting.")
            await self._hold(stop, to_ms(heard_at) if heard_at else None)

    async def _hold(self, stop: asyncio.Event, idle_since_ms: int | None) -> None:
        """Collect until `stop` is set or the lease is lost."""
        self._told, self._seen, self._is_ready = {}, {}, False
        cadence, lost = self._cadence, asyncio.Event()

        async def judge() -> None:
            if not self._is_ready:
                await self._assessor.start(idle_since_ms)
                self._is_ready = True
            await self._assessor.tick()

        rounds = (
            Rounds("The lease", lambda: self._keep_lease(lost), cadence.lease_renew_seconds),
            Rounds("Looking for changed connections", self._reconcile, cadence.reconcile_seconds),
            Rounds("Judging health", judge, cadence.assess_seconds),
            Rounds("Judging the past", self._judge_past, cadence.past_seconds),
            Rounds("Telling how connections do", self._tell_health, cadence.assess_seconds),
            *self._also,
        )
        loops = [asyncio.create_task(each.run()) for each in rounds]
        try:
            await _first(stop, lost)
        finally:
            for loop in loops:
                loop.cancel()
            await asyncio.wait(loops)
            await self._crew.dismiss()
            await self._hand_over()

    async def _hand_over(self) -> None:
        """Tell how the connections did last, and give the lease back."""
        try:
            if self._lease.is_ours:
                await self._tell_health()
            await self._tools.aside(self._lease.release)
        except OperatorError as fault:
            log.warning("the lease could not be given back: %s", fault)

    async def _keep_lease(self, lost: asyncio.Event) -> None:
        was_ours = self._lease.is_ours
        try:
            is_held = was_ours and await self._tools.aside(self._lease.acquire)
        except OperatorError:
            if not self._lease.is_ours:
                self._lose(lost)
            raise
        if not is_held:
            self._lose(lost)

    def _lose(self, lost: asyncio.Event) -> None:
        if not lost.is_set():
            self._say("The lease was lost; collecting stops here.")
        lost.set()

    async def _judge_past(self) -> None:
        if self._is_ready:
            await self._assessor.judge_past()

    async def _tell_health(self) -> None:
        known = {health.connection_id: health for health in self._crew.health()}
        changed = [health for connection_id, health in known.items() if self._told.get(connection_id) != health]
        if changed:
            await asyncio.wrap_future(self._tools.writer.put_connection_health(changed))
            for health in changed:
                self._log_turn(self._told.get(health.connection_id), health)
            self._told = known

    def _log_turn(self, before: ConnectionHealth | None, health: ConnectionHealth) -> None:
        """A line when a connection begins to do well or badly, not with every poll."""
        if health.state is not ConnectionState.STARTING and (before is None or before.state is not health.state):
            log.info("%s: %s. %s %s", health.connection_id, health.state.value, health.words, health.next_step)

    async def _reconcile(self) -> None:
        versions = await self._tools.aside(self._store.versions)
        if versions.get(Topic.CONNECTIONS) != self._seen.get(Topic.CONNECTIONS):
            connections = await self._tools.aside(self._store.connections)
            await self._crew.match(connections, await self._tools.aside(self._store.health))
            self._seen[Topic.CONNECTIONS] = versions[Topic.CONNECTIONS]
        self._crew.relieve_fallen()
        if self._is_ready and versions.get(Topic.ESTATE) != self._seen.get(Topic.ESTATE):
            await self._assessor.reload_estate()
            self._seen[Topic.ESTATE] = versions[Topic.ESTATE]
        if self._is_ready and versions.get(Topic.MAINTENANCE) != self._seen.get(Topic.MAINTENANCE):
            await self._assessor.reload_maintenance()
            self._seen[Topic.MAINTENANCE] = versions[Topic.MAINTENANCE]

    def _say(self, words: str) -> None:
        """Say how it stands, once and not with every attempt."""
        if words != self._said:
            self._on_state(words)
        self._said = words


async def _wait(stop: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await stop.wait()
    except TimeoutError:
        return


async def _first(*events: asyncio.Event) -> None:
    waits = [asyncio.create_task(event.wait()) for event in events]
    try:
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()

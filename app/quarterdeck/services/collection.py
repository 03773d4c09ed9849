"""The collector: the one process that polls all connections of a store, held by the store's lease."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from quarterdeck.domain.connections import Connection, ConnectionHealth, ConnectionState
from quarterdeck.domain.errors import OperatorError
from quarterdeck.domain.instants import to_ms
from quarterdeck.services.coordinator import CollectionTools, Coordinator, CoordinatorStore
from quarterdeck.services.current_states import collected_until
from quarterdeck.services.health import HealthAssessor
from quarterdeck.services.ports import Clock, LeaseStore, Topic, VersionCounters

log = logging.getLogger(__name__)


class CollectorStore(CoordinatorStore, VersionCounters, Protocol):
    """What the collector reads and writes."""

    @property
    def leases(self) -> LeaseStore:
        """The lease that makes one collector of many."""
        ...


@dataclass(frozen=True, slots=True)
class Cadence:
    """How often the collector does what, in seconds; a lost collector is replaced within `lease_life_seconds` + 2."""

    lease_renew_seconds: float = 3.0
    lease_life_seconds: float = 11.0
    lease_wait_seconds: float = 2.0
    reconcile_seconds: float = 1.0
    assess_seconds: float = 5.0


@dataclass(slots=True)
class _Running:
    coordinator: Coordinator
    task: asyncio.Task[None]


class Collector:
    """Runs a coordinator per enabled connection while it holds the lease, and judges health as data arrive."""

    def __init__(
        self,
        store: CollectorStore,
        assessor: HealthAssessor,
        tools: CollectionTools,
        *,
        holder: str,
        cadence: Cadence | None = None,
        on_state: Callable[[str], None] = log.info,
    ) -> None:
        self._store = store
        self._assessor = assessor
        self._tools = tools
        self._clock: Clock = tools.clock
        self._holder = holder
        self._cadence = cadence or Cadence()
        self._on_state = on_state
        self._running: dict[str, _Running] = {}
        self._told: dict[str, ConnectionHealth] = {}
        self._versions: Mapping[Topic, int] = {}

    async def run(self, stop: asyncio.Event) -> None:
        """Collect until `stop` is set. Waits while another collector holds the lease."""
        waiting = False
        while not stop.is_set():
            heard_at = collected_until(self._store)
            if not self._acquire():
                if not waiting:
                    self._on_state("Another collector holds this store; waiting for it to end.")
                waiting = True
                await _wait(stop, self._cadence.lease_wait_seconds)
                continue
            waiting = False
            idle_since_ms = to_ms(heard_at) if heard_at else None
            try:
                await self._hold(stop, idle_since_ms)
            finally:
                await self._stop_all()
                self._release()

    def _acquire(self) -> bool:
        try:
            return self._store.leases.acquire(self._holder, self._clock.now(), self._cadence.lease_life_seconds)
        except OperatorError as fault:
            log.warning("the lease could not be taken: %s", fault)
            return False

    def _release(self) -> None:
        try:
            self._store.leases.release(self._holder)
        except OperatorError as fault:
            log.warning("the lease could not be given back: %s", fault)

    async def _hold(self, stop: asyncio.Event, idle_since_ms: int | None) -> None:
        self._on_state("Collecting.")
        await self._assessor.start(idle_since_ms)
        lost = asyncio.Event()
        async with asyncio.TaskGroup() as group:
            loops = [
                group.create_task(self._keep_lease(lost)),
                group.create_task(self._every(self._cadence.reconcile_seconds, self._reconcile)),
                group.create_task(self._every(self._cadence.assess_seconds, self._assess)),
            ]
            await _first(stop, lost)
            for loop in loops:
                loop.cancel()

    async def _keep_lease(self, lost: asyncio.Event) -> None:
        held_until = self._clock.now().timestamp() + self._cadence.lease_life_seconds
        while True:
            await asyncio.sleep(self._cadence.lease_renew_seconds)
            if await asyncio.to_thread(self._acquire):
                held_until = self._clock.now().timestamp() + self._cadence.lease_life_seconds
            elif self._clock.now().timestamp() >= held_until:
                self._on_state("The lease was lost; collecting stops here.")
                lost.set()
                return

    async def _every(self, seconds: float, act: Callable[[], object]) -> None:
        while True:
            try:
                done = act()
                if asyncio.iscoroutine(done):
                    await done
            except OperatorError as fault:
                log.warning("the collector could not do its round: %s", fault)
            await asyncio.sleep(seconds)

    async def _assess(self) -> None:
        await self._assessor.tick()
        changed = [
            running.coordinator.health
            for running in self._running.values()
            if self._told.get(running.coordinator.connection.id) != running.coordinator.health
        ]
        if changed:
            await asyncio.wrap_future(self._store.writer.put_connection_health(changed))
            self._told.update({health.connection_id: health for health in changed})

    async def _reconcile(self) -> None:
        versions = await asyncio.to_thread(self._store.versions)
        if versions.get(Topic.ESTATE) != self._versions.get(Topic.ESTATE):
            await asyncio.to_thread(self._assessor.reload_estate)
        if not self._versions or versions.get(Topic.CONNECTIONS) != self._versions.get(Topic.CONNECTIONS):
            await self._match(await asyncio.to_thread(self._store.connections))
        self._versions = versions
        self._restart_ended()

    async def _match(self, connections: tuple[Connection, ...]) -> None:
        wanted = {connection.id: connection for connection in connections if connection.enabled}
        for connection_id, running in list(self._running.items()):
            if wanted.get(connection_id) != running.coordinator.connection:
                await self._stop(connection_id)
        for connection_id, connection in wanted.items():
            if connection_id not in self._running:
                self._start(connection)
        disabled = [
            ConnectionHealth(connection.id, ConnectionState.DISABLED)
            for connection in connections
            if not connection.enabled
        ]
        if disabled:
            await asyncio.wrap_future(self._store.writer.put_connection_health(disabled))

    def _start(self, connection: Connection) -> None:
        coordinator = Coordinator(connection, self._tools)
        task = asyncio.create_task(coordinator.run(), name=f"connection {connection.id}")
        self._running[connection.id] = _Running(coordinator, task)

    def _restart_ended(self) -> None:
        """A coordinator never ends by itself; one that did met a bug, which is logged, and it starts anew."""
        for connection_id, running in list(self._running.items()):
            if running.task.done() and not running.task.cancelled():
                log.error("the connection %s ended", connection_id, exc_info=running.task.exception())
                self._start(running.coordinator.connection)

    async def _stop(self, connection_id: str) -> None:
        running = self._running.pop(connection_id)
        running.task.cancel()
        await asyncio.gather(running.task, return_exceptions=True)

    async def _stop_all(self) -> None:
        for connection_id in list(self._running):
            await self._stop(connection_id)


async def _wait(stop: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(stop.wait(), seconds)
    except TimeoutError:
        return


async def _first(*events: asyncio.Event) -> None:
    waits = [asyncio.create_task(event.wait()) for event in events]
    try:
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()

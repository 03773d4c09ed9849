"""An assessor over a real store and a clock that a test steps: what sources deliver, and what is told of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from dataclasses import replace
from datetime import datetime, timedelta
from typing import cast

from quarterdeck.domain.checks import CheckOutcome, CheckResult
from quarterdeck.domain.errors import StoreUnavailable
from quarterdeck.domain.estate import Entity, EntityKind
from quarterdeck.domain.expectations import Expectation
from quarterdeck.domain.health import HealthState, StateInterval
from quarterdeck.domain.instants import TimeRange, to_ms
from quarterdeck.domain.series import Meaning, SeriesIdentity
from quarterdeck.sdk.records import Batch, Samples
from quarterdeck.services.health import HealthAssessor
from quarterdeck.services.ports import Cursors, EstateChange, Ingest, StateChange
from quarterdeck.storage.store import SqlStore
from quarterdeck.storage.writer import SqlStoreWriter
from tests.unit.collection.fakes import NOON, SteppedClock

PAYHUB = Entity(
    "integration/payhub",
    EntityKind.INTEGRATION,
    "PayHub",
    domain="bill_pay",
    expectations=(Expectation(Meaning.RESPONSE_TIME, "p95", degraded_above=1.0, down_above=5.0),),
)
P95 = SeriesIdentity(PAYHUB.key, "response_time", Meaning.RESPONSE_TIME, "s", "p95")
THROUGHPUT = SeriesIdentity(PAYHUB.key, "throughput", Meaning.THROUGHPUT, "1/s")
PATIENCE_SECONDS = 20.0


def after(seconds: float) -> datetime:
    """The instant so many seconds after noon."""
    return NOON + timedelta(seconds=seconds)


def at(seconds: float, value: float, identity: SeriesIdentity = P95) -> Batch:
    """One sample."""
    return Batch(samples=Samples.at(after(seconds), {identity: value}))


def login_check(seconds: float, outcome: CheckOutcome, summary: str = "Login failed.") -> Batch:
    """One result of a check."""
    return Batch(checks=(CheckResult(PAYHUB.key, "login", after(seconds), outcome, summary),))


class FullDisk:
    """A writer of states that refuses while a test says that the disk is full."""

    def __init__(self, store: SqlStore) -> None:
        self._store = store
        self.is_full = False
        self.has_bug = False

    def change_states(self, changes: Sequence[StateChange]) -> Future[None]:
        if self.has_bug:
            raise ZeroDivisionError
        if not self.is_full:
            return self._store.writer.change_states(changes)
        refused: Future[None] = Future()
        refused.set_exception(StoreUnavailable("The disk is full.", "Make room."))
        return refused


class Watch:
    """One collector's assessor, from its start to its end."""

    def __init__(self, store: SqlStore, clock: SteppedClock) -> None:
        self.store = store
        self.clock = clock
        self.disk = FullDisk(store)
        self.assessor = HealthAssessor(store, cast("SqlStoreWriter", self.disk), clock)

    async def start(self, *, idle_since: float | None = None) -> None:
        """Begin, as seen at the clock's time."""
        await self.assessor.start(None if idle_since is None else to_ms(after(idle_since)))

    def declare(self, *entities: Entity, since: float | None = None) -> None:
        """Apply a document that declares exactly these entities, at the clock's time."""
        known = {version.entity.key for version in self.store.entity_versions(self.clock.now())}
        gone = tuple(sorted(known - {entity.key for entity in entities}))
        change = EstateChange(self.clock.now(), "test", put_entities=entities, remove_entity_keys=gone)
        if since is not None:
            change = replace(change, new_since_at=after(since))
        self.store.writer.change_estate(change).result(PATIENCE_SECONDS)

    def store_only(self, batch: Batch) -> None:
        """Ingest what no assessor takes notice of."""
        ingest = Ingest("metrics", batch, self.clock.now(), Cursors())
        self.store.writer.ingest(ingest).result(PATIENCE_SECONDS)

    def deliver(self, batch: Batch, *, poll_seconds: float = 0.0) -> None:
        """Ingest a batch, then let the assessor notice it, as a coordinator does."""
        self.store_only(batch)
        self.assessor.take(batch, poll_seconds=poll_seconds)

    async def judge(self) -> None:
        """Judge the present, and all that is due of the past."""
        await self.assessor.tick()
        while await self.assessor.judge_past():
            pass

    async def collect(self, start: float, end: float, value: float, *, step: float = 15.0) -> None:
        """Let time pass from one instant to another with a sample each step, judging each time."""
        seconds = start
        while seconds <= end:
            self.clock.at = after(seconds)
            self.deliver(at(seconds, value))
            await self.judge()
            seconds += step

    async def pass_time(self, start: float, end: float, *, step: float = 5.0) -> None:
        """Let time pass without anything delivered, judging each step."""
        seconds = start
        while seconds <= end:
            self.clock.at = after(seconds)
            await self.judge()
            seconds += step

    def told(self, start: float, end: float, key: str = PAYHUB.key) -> list[tuple[str, float, float | None]]:
        """The states of an entity in the store over seconds after noon, each with its own bounds."""
        return [
            (found.state.value, _seconds(found.from_at), None if found.to_at is None else _seconds(found.to_at))
            for found in self.intervals(start, end, key)
        ]

    def intervals(self, start: float, end: float, key: str = PAYHUB.key) -> Sequence[StateInterval]:
        """The intervals of an entity in the store over seconds after noon."""
        return self.store.states_in(TimeRange(after(start), after(end)), [key])

    def own_intervals(self, start: float, end: float, key: str = PAYHUB.key) -> Sequence[StateInterval]:
        """What an entity said of itself over seconds after noon, as it is in the store."""
        return self.store.own_states_in(TimeRange(after(start), after(end)), [key])

    def state(self, key: str = PAYHUB.key) -> HealthState | None:
        """An entity's state at the clock's time."""
        found: Mapping[str, StateInterval] = self.store.states_at(self.clock.now())
        return found[key].state if key in found else None


def _seconds(instant: datetime) -> float:
    return (instant - NOON).total_seconds()

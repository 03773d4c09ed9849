"""Machines at the pictured bank's fixed moment, written through a store's own writer: alone, or beside integrations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from quarterdeck.domain.connections import Connection, ConnectionHealth, ConnectionState
from quarterdeck.domain.estate import Entity, EntityKind
from quarterdeck.domain.health import HealthState, StateInterval
from quarterdeck.domain.instants import TimeRange, to_ms
from quarterdeck.domain.series import Meaning, SeriesIdentity
from quarterdeck.sdk.records import Batch, Samples
from quarterdeck.services.ports import Cursors, EstateChange, Ingest, StateChange, Store
from tests.support.pictured_bank import NOON, PATIENCE_SECONDS

STEP_SECONDS = 30
DECLARED = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class PicturedMachine:
    """One machine: how busy it is about, and since how many minutes in what state; told so many minutes long."""

    name: str
    busy: float = 0.09
    memory: float = 0.42
    state: HealthState = HealthState.HEALTHY
    reason: str = ""
    minutes: float = 50.0
    told_minutes: float = 360.0
    silent_minutes: float = 0.0
    has_processor: bool = True

    @property
    def key(self) -> str:
        """The key of the machine's entity."""
        return f"component/{self.name}"


MACHINES = (
    PicturedMachine("ops-desk-17"),
    PicturedMachine(
        "ledger-db-1", 0.34, 0.93, HealthState.DEGRADED, "Memory in use 93%, above 90% for 5 min", minutes=18.0
    ),
    PicturedMachine("batch-3", 0.71, 0.55, HealthState.STALE, "No fresh data", minutes=21.0, silent_minutes=22.0),
    PicturedMachine("new-host", memory=0.31, minutes=0.1, told_minutes=0.2, has_processor=False),
)
"""One of each kind of trouble."""


def add_machines(store: Store, machines: Sequence[PicturedMachine], *, now: datetime = NOON) -> None:
    """Write machines and their connection into a store and wait until they are durable."""
    writer = store.writer
    connection = Connection("this-machine", "this_machine", "This machine", poll_seconds=5.0)
    entities = tuple(Entity(one.key, EntityKind.COMPONENT, one.name, "platform") for one in machines)
    writer.change_estate(EstateChange(now - DECLARED, "pictures", put_entities=entities, put_connections=(connection,)))
    writer.change_states([_states(one, now) for one in machines])
    for one in machines:
        writer.ingest(Ingest(connection.id, Batch(_signals(one, now)), now, Cursors(last_good_at=now)))
    health = ConnectionHealth(connection.id, ConnectionState.GOOD, last_attempt_at=now, last_good_at=now)
    writer.put_connection_health([health]).result(PATIENCE_SECONDS)
    store.leases.acquire("the pictures", now, 11.0)


def _states(one: PicturedMachine, now: datetime) -> StateChange:
    began_at = now - timedelta(minutes=one.minutes)
    interval = StateInterval(one.key, one.state, one.reason, began_at, None)
    return StateChange(one.key, TimeRange(began_at, now), (interval,), open_ended=True)


def _signals(one: PicturedMachine, now: datetime) -> Samples:
    rng = np.random.default_rng(sum(map(ord, one.name)))
    count = max(1, int(one.told_minutes * 60 / STEP_SECONDS))
    newest_ms = to_ms(now - timedelta(minutes=one.silent_minutes, seconds=2))
    times_ms = newest_ms - np.arange(count)[::-1] * STEP_SECONDS * 1000
    busy = one.busy * np.exp(0.5 * np.convolve(rng.standard_normal(count), np.ones(6) / 3, mode="same"))
    parts = [
        (
            SeriesIdentity(one.key, "memory_used_share", Meaning.SATURATION, "ratio", labels=(("resource", "memory"),)),
            np.full(count, one.memory),
        ),
        (_disk(one, "/"), np.full(count, 0.38)),
        (_disk(one, "/var/lib/postgresql"), np.linspace(0.58, 0.61, count)),
    ]
    if one.has_processor:
        busy_all = SeriesIdentity(one.key, "processors_busy", Meaning.PROCESSING, "ratio")
        parts.append((busy_all, np.clip(busy, 0.01, 1.0)))
    return Samples.joined([Samples.of_series(identity, times_ms, values) for identity, values in parts])


def _disk(one: PicturedMachine, mount: str) -> SeriesIdentity:
    return SeriesIdentity(one.key, "storage_used_share", Meaning.STORAGE, "ratio", labels=(("mount", mount),))

"""A machine made up for tests: what it tells is set, and can be changed between two looks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.resources import files

from quarterdeck.connectors.this_machine.readings import (
    DiskTotals,
    FileHandles,
    InterfaceTotals,
    Memory,
    Mount,
    MountUse,
    Pressure,
    ProcessorTimes,
    ProcessReading,
    Reading,
)
from quarterdeck.connectors.this_machine.source import Source
from quarterdeck.domain.connections import SettingValue
from quarterdeck.domain.facts import Facts
from quarterdeck.sdk.connector import ConnectorContext
from quarterdeck.sdk.manifest import load_manifest
from quarterdeck.sdk.records import Batch
from quarterdeck.sdk.testing import StandingClock, collect_all, context_for, settings_for

MANIFEST = load_manifest(files("quarterdeck.connectors.this_machine") / "manifest.toml")
GIB = 1024**3
ROOT = Mount("/", "/dev/sda1", "ext4")


def reading(busy: float = 0.0, **changes: object) -> Reading:
    """A machine of two processors; `busy` seconds of ten were spent by the first, none by the second."""
    told: dict[str, object] = {
        "hostname": "ledger-host.bank.example",
        "system": "Debian 12",
        "uptime": 3600.0,
        "processors": (ProcessorTimes(busy, 10.0, 0.0, 0.0), ProcessorTimes(0.0, 10.0, 0.0, 0.0)),
        "memory": Memory(8 * GIB, 2 * GIB),
        "load": (1.0, 0.5, 0.25),
        "disks": {"sda": DiskTotals(1000, 2000, 1.0)},
        "interfaces": {"eth0": InterfaceTotals(500, 700, 3)},
        "pressure": {"processors": Pressure(0.2), "memory": Pressure(0.0, 0.0), "disks": Pressure(0.95, 0.1)},
        "file_handles": FileHandles(100, 1000),
        "process_count": 42,
        "mounts": (ROOT,),
    }
    return Reading(**(told | changes))  # type: ignore[arg-type] - the fields are those of the class


@dataclass(slots=True)
class MadeUpMachine:
    """A machine that tells what it is set to."""

    told: Reading = field(default_factory=reading)
    uses: dict[str, MountUse] = field(default_factory=lambda: {"/": MountUse(100 * GIB, 60 * GIB, 20 * GIB, 1000, 900)})
    running: tuple[ProcessReading, ...] = ()
    asked: list[str] = field(default_factory=list[str])

    def read(self) -> Reading:
        """What it is set to."""
        return self.told

    def use(self, point: str) -> MountUse | None:
        """What it is set to, and that it was asked."""
        self.asked.append(point)
        return self.uses.get(point)

    def processes(self) -> tuple[ProcessReading, ...]:
        """What it is set to."""
        return self.running


def context(clock: StandingClock | None = None, **settings: SettingValue) -> ConnectorContext:
    """A context with these settings."""
    return context_for(settings_for(MANIFEST, settings), clock=clock)


async def look(machine: MadeUpMachine, made: ConnectorContext, cursor: str | None = None) -> Batch:
    """One poll's batch."""
    return (await collect_all(Source(machine), made, cursor=cursor)).only


def values_of(batch: Batch) -> Mapping[tuple[str, Facts], float]:
    """The values of a batch by name and labels."""
    samples = batch.samples
    return {
        (identity.name, identity.labels): float(value)
        for identity, value in zip(samples.identities, samples.values, strict=True)
    }

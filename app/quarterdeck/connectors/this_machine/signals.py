"""From a reading to series and allocations: names, meanings and units, chosen for what judges and charts them.

What counts for the machine's health is little on purpose: memory in use, tasks waiting for processors or memory, all
tasks waiting for disks, a container at its limit (saturation), and the share of each file system and its inodes
(storage). Sizes in bytes mean nothing to a bound that is a share, so they carry no such meaning. One processor of many
may be busy, and swap full, on a healthy day.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from quarterdeck.connectors.this_machine.counters import Rates
from quarterdeck.connectors.this_machine.mounts import shown_point
from quarterdeck.connectors.this_machine.readings import ContainerLimits, MountUse, Reading
from quarterdeck.domain.allocations import Allocation
from quarterdeck.domain.facts import facts_of
from quarterdeck.domain.series import Meaning, SeriesIdentity

Uses = Mapping[str, MountUse]


@dataclass(frozen=True, slots=True)
class Signal:
    """One value, by what it is called here; None when the machine does not tell it just now."""

    name: str
    value: float | None
    unit: str
    meaning: Meaning = Meaning.OTHER
    labels: tuple[tuple[str, str], ...] = ()


def series_values(entity_key: str, reading: Reading, rates: Rates, uses: Uses) -> dict[SeriesIdentity, float]:
    """The value of every series that can be told, by its identity."""
    values: dict[SeriesIdentity, float] = {}
    for signal in signals(reading, rates, uses):
        if signal.value is not None:
            identity = SeriesIdentity(
                entity_key, signal.name, signal.meaning, signal.unit, labels=facts_of(dict(signal.labels))
            )
            values[identity] = signal.value
    return values


def signals(reading: Reading, rates: Rates, uses: Uses) -> Iterator[Signal]:
    """Every signal of a reading; rates have no value at the first look."""
    yield from _processor_signals(reading, rates)
    yield from _memory_signals(reading, rates)
    yield from _pressure_signals(reading)
    for point, use in uses.items():
        yield from _mount_signals(shown_point(point), use)
    for disk in reading.disks:
        yield from _disk_signals(disk, rates)
    for interface in reading.interfaces:
        yield from _interface_signals(interface, rates)
    if reading.container is not None:
        yield from _container_signals(reading.container, rates)
    yield from _other_signals(reading)


def _processor_signals(reading: Reading, rates: Rates) -> Iterator[Signal]:
    yield Signal("processors_busy", rates.share("cpu.busy", "cpu.total"), "ratio", Meaning.PROCESSING)
    for number in range(len(reading.processors)):
        share = rates.share(f"cpu.{number}.busy", f"cpu.{number}.total")
        yield Signal("processors_busy", share, "ratio", Meaning.PROCESSING, (("processor", str(number)),))
    yield Signal("processors_stolen", rates.share("cpu.stolen", "cpu.total"), "ratio")
    yield Signal("processors_waiting_for_disks", rates.share("cpu.waiting", "cpu.total"), "ratio")
    for name, load in zip(("load_1min", "load_5min", "load_15min"), reading.load or (), strict=False):
        yield Signal(name, load, "1")


def _memory_signals(reading: Reading, rates: Rates) -> Iterator[Signal]:
    memory = reading.memory
    used = memory.total - memory.available
    yield Signal("memory_used", used, "By", Meaning.MEMORY)
    share = used / memory.total if memory.total else None
    yield Signal("memory_used_share", share, "ratio", Meaning.SATURATION, (("resource", "memory"),))
    if memory.swap_total:
        yield Signal("swap_used", memory.swap_used, "By")
        yield Signal("swap_used_share", memory.swap_used / memory.swap_total, "ratio")
        yield Signal("swapped_in", rates.per_second("swap.in"), "By/s")
        yield Signal("swapped_out", rates.per_second("swap.out"), "By/s")


def _pressure_signals(reading: Reading) -> Iterator[Signal]:
    for resource, pressure in reading.pressure.items():
        labels = (("resource", resource), ("sign", "waiting"))
        if resource != "disks":
            yield Signal("some_tasks_waiting", pressure.some, "ratio", Meaning.SATURATION, labels)
            continue
        # One task that copies a large file waits for the disk all the time; only when all wait is it a shortage.
        yield Signal("some_tasks_waiting", pressure.some, "ratio", Meaning.OTHER, labels)
        yield Signal("all_tasks_waiting", pressure.full, "ratio", Meaning.SATURATION, labels)


def _mount_signals(point: str, use: MountUse) -> Iterator[Signal]:
    labels = (("mount", point),)
    yield Signal("storage_used_share", _share(use.used, use.used + use.free), "ratio", Meaning.STORAGE, labels)
    yield Signal("storage_used", use.used, "By", Meaning.OTHER, labels)
    if use.inodes_total and use.inodes_free is not None:
        share = _share(use.inodes_total - use.inodes_free, use.inodes_total)
        yield Signal("inodes_used_share", share, "ratio", Meaning.STORAGE, (*labels, ("resource", "inodes")))


def _disk_signals(disk: str, rates: Rates) -> Iterator[Signal]:
    labels = (("disk", disk),)
    yield Signal("disk_read", rates.per_second(f"disk.{disk}.read"), "By/s", Meaning.OTHER, labels)
    yield Signal("disk_written", rates.per_second(f"disk.{disk}.written"), "By/s", Meaning.OTHER, labels)
    busy = rates.per_second(f"disk.{disk}.busy")
    yield Signal("disk_busy", None if busy is None else min(1.0, busy), "ratio", Meaning.OTHER, labels)


def _interface_signals(interface: str, rates: Rates) -> Iterator[Signal]:
    for direction in ("received", "sent"):
        speed = rates.per_second(f"net.{interface}.{direction}")
        labels = (("direction", direction), ("interface", interface))
        yield Signal("network", speed, "By/s", Meaning.NETWORK, labels)
    faults = rates.per_second(f"net.{interface}.faults")
    yield Signal("network_faults", faults, "1/s", Meaning.OTHER, (("interface", interface),))


def _container_signals(container: ContainerLimits, rates: Rates) -> Iterator[Signal]:
    if container.memory_limit and container.memory_used is not None:
        share = container.memory_used / container.memory_limit
        labels = (("resource", "memory limit"), ("sign", "in use"))
        yield Signal("container_memory_share", share, "ratio", Meaning.SATURATION, labels)
    processors = rates.per_second("container.seconds")
    if container.processors_limit and processors is not None:
        labels = (("resource", "processor limit"), ("sign", "in use"))
        share = min(1.0, processors / container.processors_limit)
        yield Signal("container_processors_share", share, "ratio", Meaning.SATURATION, labels)


def _other_signals(reading: Reading) -> Iterator[Signal]:
    handles = reading.file_handles
    if handles is not None:
        yield Signal("file_handles", handles.used, "1")
        if handles.limit:
            labels = (("resource", "file handles"), ("sign", "in use"))
            yield Signal("file_handles_share", handles.used / handles.limit, "ratio", Meaning.SATURATION, labels)
    yield Signal("processes", reading.process_count, "1")
    yield Signal("uptime", reading.uptime, "s")
    for sensor, celsius in reading.temperatures.items():
        yield Signal("temperature", celsius, "Cel", Meaning.OTHER, (("sensor", sensor),))


def allocations(
    entity_key: str, reading: Reading, rates: Rates, uses: Uses, observed_at: datetime
) -> tuple[Allocation, ...]:
    """What there is against what is used: memory, swap, processors, each file system, a container's limits."""
    memory = reading.memory
    busy = rates.share("cpu.busy", "cpu.total")
    count = len(reading.processors)
    rows: list[tuple[str, str, str, float | None, float | None]] = [
        ("memory", "memory", "By", memory.total, memory.total - memory.available),
        ("swap", "memory", "By", memory.swap_total or None, memory.swap_used),
        ("processors", "processing", "1", count, None if busy is None else busy * count),
    ]
    rows += [(shown_point(point), "storage", "By", use.used + use.free, use.used) for point, use in uses.items()]
    if reading.container is not None:
        limits = reading.container
        rows.append(("memory limit", "memory", "By", limits.memory_limit, limits.memory_used))
        used = rates.per_second("container.seconds")
        rows.append(("processor limit", "processing", "1", limits.processors_limit, used))
    return tuple(
        Allocation(entity_key, resource, kind, unit, allocated, used, observed_at)
        for resource, kind, unit, allocated, used in rows
        if allocated
    )


def _share(part: float, whole: float) -> float | None:
    return part / whole if whole > 0 else None

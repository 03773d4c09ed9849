"""Reading this machine: psutil for what every system tells, the kernel's own files for what only Linux does.

Every call here blocks, for milliseconds; the source makes them off the event loop.
"""

from __future__ import annotations

import os
import platform
import socket
import time
from collections.abc import Callable
from pathlib import Path
from typing import Protocol, TypeVar

import psutil

from quarterdeck.connectors.this_machine.parse import (
    container_limits_of,
    file_handles_of,
    pressure_of,
    use_of_blocks,
)
from quarterdeck.connectors.this_machine.readings import (
    ContainerLimits,
    DiskTotals,
    InterfaceTotals,
    Memory,
    Mount,
    MountUse,
    Pressure,
    ProcessorTimes,
    ProcessReading,
    Reading,
)
from quarterdeck.sdk.texts import one_line

MOST_NAMED = 64
"""Of disks, interfaces and sensors each; what a machine has beyond that is not told one by one."""

_NOT_A_DISK = ("loop", "ram", "zram", "sr", "fd", "dm-", "md")
_NOT_AN_INTERFACE = ("lo", "veth", "docker", "br-", "virbr", "vnet", "tap", "ifb", "dummy", "cali", "flannel", "cni")
_MAX_NAME = 60
_PRESSURES = {"processors": "cpu", "memory": "memory", "disks": "io"}
_MILLISECONDS = 1000.0
_KERNEL_FILE_BYTES = 65536

T = TypeVar("T")


class Machine(Protocol):
    """A machine that can be read."""

    def read(self) -> Reading:
        """Everything but file systems and processes."""
        ...

    def use(self, point: str) -> MountUse | None:
        """The use of a file system, asked directly; None when it cannot be told."""
        ...

    def processes(self) -> tuple[ProcessReading, ...]:
        """Every process that can be seen."""
        ...


class LocalMachine:
    """The machine this program runs on. `proc` and `sys` are where the kernel's files are found."""

    def __init__(self, proc: Path = Path("/proc"), sys: Path = Path("/sys")) -> None:
        self._proc = proc
        self._sys = sys

    def read(self) -> Reading:
        """Everything but file systems and processes."""
        return Reading(
            hostname=one_line(socket.gethostname(), _MAX_NAME),
            system=_system_words(),
            uptime=max(0.0, time.time() - psutil.boot_time()),
            processors=_processors(),
            memory=_memory(),
            load=_or_none(os.getloadavg),
            disks=_or_none(_disks) or {},
            interfaces=_or_none(_interfaces) or {},
            pressure=self._pressure(),
            file_handles=file_handles_of(self._text(self._proc / "sys/fs/file-nr")),
            temperatures=_or_none(_temperatures) or {},
            container=self._container(),
            process_count=len(psutil.pids()),
            mounts=tuple(Mount(part.mountpoint, part.device, part.fstype) for part in psutil.disk_partitions(all=True)),
        )

    def use(self, point: str) -> MountUse | None:
        """The use of a file system, asked directly; None when it cannot be told."""
        try:
            told = os.statvfs(point)
        except OSError:
            return None
        blocks = told.f_blocks, told.f_bfree, told.f_bavail
        return use_of_blocks(told.f_frsize, blocks, (told.f_files, told.f_ffree))

    def processes(self) -> tuple[ProcessReading, ...]:
        """Every process that can be seen; one that ends meanwhile or hides its figures is left out."""
        found: list[ProcessReading] = []
        for process in psutil.process_iter(["pid", "name", "cpu_times", "memory_info", "create_time"]):
            told = process.info
            if told["cpu_times"] is None or told["memory_info"] is None:
                continue
            seconds = told["cpu_times"].user + told["cpu_times"].system
            name = one_line(told["name"] or "", _MAX_NAME)
            found.append(ProcessReading(told["pid"], name, told["create_time"], seconds, told["memory_info"].rss))
        return tuple(found)

    def _pressure(self) -> dict[str, Pressure]:
        found = {
            resource: pressure_of(self._text(self._proc / "pressure" / file)) for resource, file in _PRESSURES.items()
        }
        return {resource: pressure for resource, pressure in found.items() if pressure is not None}

    def _container(self) -> ContainerLimits | None:
        group = self._sys / "fs/cgroup"
        files = ("memory.max", "memory.current", "cpu.max", "cpu.stat")
        return container_limits_of(*(self._text(group / file) for file in files))

    @staticmethod
    def _text(file: Path) -> str:
        try:
            with file.open(encoding="ascii", errors="replace") as opened:
                return opened.read(_KERNEL_FILE_BYTES)
        except OSError:
            return ""


def _or_none(read: Callable[[], T]) -> T | None:
    """What a platform tells, or None where it tells no such thing."""
    try:
        return read()
    except (OSError, AttributeError, NotImplementedError, RuntimeError):
        return None


def _system_words() -> str:
    try:
        name = platform.freedesktop_os_release().get("PRETTY_NAME", "")
    except OSError:
        name = ""
    return one_line(name or f"{platform.system()} {platform.release()}", _MAX_NAME)


def _processors() -> tuple[ProcessorTimes, ...]:
    """Per processor; guest time is part of user time already."""
    found: list[ProcessorTimes] = []
    for times in psutil.cpu_times(percpu=True):
        fields = times._asdict()
        total = sum(seconds for name, seconds in fields.items() if not name.startswith("guest"))
        waiting = fields.get("iowait")
        busy = total - times.idle - (waiting or 0.0)
        found.append(ProcessorTimes(busy, total, fields.get("steal"), waiting))
    return tuple(found)


def _memory() -> Memory:
    memory, swap = psutil.virtual_memory(), psutil.swap_memory()
    return Memory(memory.total, memory.available, swap.total, swap.used, swap.sin, swap.sout)


def _disks() -> dict[str, DiskTotals]:
    """Whole disks: not their partitions, not what lies on top of them, not files that pose as disks."""
    counters = psutil.disk_io_counters(perdisk=True)
    names = sorted(name for name in counters if not name.startswith(_NOT_A_DISK))
    whole = [name for name in names if not any(_is_part(name, other) for other in names)]
    found: dict[str, DiskTotals] = {}
    for name in whole[:MOST_NAMED]:
        told = counters[name]
        busy = getattr(told, "busy_time", None)
        found[one_line(name, _MAX_NAME)] = DiskTotals(
            told.read_bytes, told.write_bytes, None if busy is None else busy / _MILLISECONDS
        )
    return found


def _is_part(name: str, disk: str) -> bool:
    rest = name.removeprefix(disk)
    return name not in {disk, rest} and rest.removeprefix("p").isdecimal()


def _interfaces() -> dict[str, InterfaceTotals]:
    """Interfaces that lead outside and ever carried something."""
    found: dict[str, InterfaceTotals] = {}
    for name, told in sorted(psutil.net_io_counters(pernic=True).items()):
        if name.startswith(_NOT_AN_INTERFACE) or not told.bytes_recv + told.bytes_sent:
            continue
        faults = told.errin + told.errout + told.dropin + told.dropout
        found[one_line(name, _MAX_NAME)] = InterfaceTotals(told.bytes_recv, told.bytes_sent, faults)
    return dict(list(found.items())[:MOST_NAMED])


def _temperatures() -> dict[str, float]:
    found: dict[str, float] = {}
    for chip, sensors in psutil.sensors_temperatures().items():
        for number, sensor in enumerate(sensors):
            name = one_line(f"{chip} {sensor.label or number}", _MAX_NAME)
            found[name] = float(sensor.current)
    return dict(list(found.items())[:MOST_NAMED])

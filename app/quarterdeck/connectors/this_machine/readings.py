"""What is read off a machine at one moment, before anything is made of it. Sizes in bytes, times in seconds.

What the machine does not tell is None or empty, never zero.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class ProcessorTimes:
    """Seconds one processor has spent since boot; `stolen` and `waiting` are None where they are not told."""

    busy: float
    total: float
    stolen: float | None = None
    waiting: float | None = None


@dataclass(frozen=True, slots=True)
class Memory:
    """Memory now, and swap with the bytes moved in and out since boot."""

    total: int
    available: int
    swap_total: int = 0
    swap_used: int = 0
    swapped_in: int = 0
    swapped_out: int = 0


@dataclass(frozen=True, slots=True)
class DiskTotals:
    """Bytes read and written since boot, and the seconds the disk was busy where that is told."""

    read: int
    written: int
    busy: float | None = None


@dataclass(frozen=True, slots=True)
class InterfaceTotals:
    """Bytes received and sent since boot, and packets lost to errors or dropped."""

    received: int
    sent: int
    faults: int


@dataclass(frozen=True, slots=True)
class Pressure:
    """Shares (0 to 1) of the last ten seconds in which some, or all, tasks waited for a resource."""

    some: float
    full: float | None = None


@dataclass(frozen=True, slots=True)
class FileHandles:
    """Open file handles of the whole machine and their limit; None where there is practically none."""

    used: int
    limit: int | None = None


@dataclass(frozen=True, slots=True)
class ContainerLimits:
    """What a container may use and uses: bytes of memory, processors, and processor seconds used since its start."""

    memory_limit: int | None = None
    memory_used: int | None = None
    processors_limit: float | None = None
    processor_seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Mount:
    """A mounted file system, by name only."""

    point: str
    device: str
    filesystem: str


@dataclass(frozen=True, slots=True)
class MountUse:
    """Bytes of a file system; `free` is what is left to ordinary users. Inodes are None where it has none."""

    total: int
    used: int
    free: int
    inodes_total: int | None = None
    inodes_free: int | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """One look at a machine; names are keys of the mappings. `missing` says what it does not tell."""

    hostname: str
    system: str
    uptime: float
    processors: tuple[ProcessorTimes, ...]
    memory: Memory
    load: tuple[float, float, float] | None = None
    disks: Mapping[str, DiskTotals] = field(default_factory=dict[str, DiskTotals])
    interfaces: Mapping[str, InterfaceTotals] = field(default_factory=dict[str, InterfaceTotals])
    pressure: Mapping[str, Pressure] = field(default_factory=dict[str, Pressure])
    file_handles: FileHandles | None = None
    temperatures: Mapping[str, float] = field(default_factory=dict[str, float])
    container: ContainerLimits | None = None
    process_count: int | None = None
    mounts: tuple[Mount, ...] = ()

    @property
    def missing(self) -> tuple[str, ...]:
        """What this machine does not tell, in words."""
        told = {
            "load": self.load is not None,
            "disk activity": bool(self.disks),
            "pressure": bool(self.pressure),
            "file handles": self.file_handles is not None,
            "temperature": bool(self.temperatures),
        }
        return tuple(words for words, known in told.items() if not known)


@dataclass(frozen=True, slots=True)
class ProcessReading:
    """One process: `started_at` is seconds since the epoch, `processor_seconds` since its start, `resident` bytes."""

    pid: int
    name: str
    started_at: float
    processor_seconds: float
    resident: int

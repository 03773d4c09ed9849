"""Rates from totals: what was remembered at the last poll, and the difference to now.

A total that fell, a clock that went back, or too long a time in between give no rate rather than a wrong one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pydantic import BaseModel, ConfigDict, ValidationError

from quarterdeck.connectors.this_machine.readings import ProcessReading, Reading

LONGEST_SECONDS = 900.0
MOST_PROCESSES = 400


@dataclass(frozen=True, slots=True)
class Remembered:
    """Totals by name at an instant (seconds since the epoch), and processor seconds by process at another."""

    at: float = 0.0
    totals: Mapping[str, float] = field(default_factory=dict[str, float])
    processes_at: float = 0.0
    processes: Mapping[int, float] = field(default_factory=dict[int, float])


class _Text(BaseModel):
    model_config = ConfigDict(frozen=True)

    at: float
    totals: dict[str, float]
    processes_at: float
    processes: dict[int, float]


def remembered_from(cursor: str | None) -> Remembered:
    """Read a cursor; one that cannot be read counts as none."""
    if not cursor:
        return Remembered()
    try:
        text = _Text.model_validate_json(cursor)
    except ValidationError:
        return Remembered()
    return Remembered(text.at, text.totals, text.processes_at, text.processes)


def cursor_of(remembered: Remembered) -> str:
    """The cursor that `remembered_from` reads back."""
    return _Text(
        at=remembered.at,
        totals=dict(remembered.totals),
        processes_at=remembered.processes_at,
        processes=dict(remembered.processes),
    ).model_dump_json()


@dataclass(frozen=True, slots=True)
class Rates:
    """Differences between two sets of totals over the time between them."""

    now: Mapping[str, float]
    before: Mapping[str, float]
    seconds: float

    def per_second(self, name: str) -> float | None:
        """How fast a total grows; None when that cannot be told."""
        grown = self._grown(name)
        return None if grown is None or not 0 < self.seconds <= LONGEST_SECONDS else grown / self.seconds

    def share(self, part: str, whole: str) -> float | None:
        """How much of one total's growth is another's, 0 to 1; None when that cannot be told."""
        grown, total = self._grown(part), self._grown(whole)
        if grown is None or total is None or total <= 0 or not 0 < self.seconds <= LONGEST_SECONDS:
            return None
        return min(1.0, grown / total)

    def _grown(self, name: str) -> float | None:
        if name not in self.now or name not in self.before:
            return None
        grown = self.now[name] - self.before[name]
        return grown if grown >= 0 else None


def totals_of(reading: Reading) -> dict[str, float]:
    """Every total of a reading by the name under which it is remembered."""
    totals: dict[str, float | None] = {
        "swap.in": reading.memory.swapped_in,
        "swap.out": reading.memory.swapped_out,
        "container.seconds": reading.container.processor_seconds if reading.container else None,
    }
    for number, processor in enumerate(reading.processors):
        totals |= {
            f"cpu.{number}.busy": processor.busy,
            f"cpu.{number}.total": processor.total,
        }
    totals |= {
        "cpu.busy": sum(each.busy for each in reading.processors),
        "cpu.total": sum(each.total for each in reading.processors),
        "cpu.stolen": _sum_known([each.stolen for each in reading.processors]),
        "cpu.waiting": _sum_known([each.waiting for each in reading.processors]),
    }
    for name, disk in reading.disks.items():
        totals |= {f"disk.{name}.read": disk.read, f"disk.{name}.written": disk.written, f"disk.{name}.busy": disk.busy}
    for name, interface in reading.interfaces.items():
        totals |= {
            f"net.{name}.received": interface.received,
            f"net.{name}.sent": interface.sent,
            f"net.{name}.faults": interface.faults,
        }
    return {name: float(total) for name, total in totals.items() if total is not None}


def _sum_known(parts: list[float | None]) -> float | None:
    known = [part for part in parts if part is not None]
    return sum(known) if known else None


def processes_remembered(processes: tuple[ProcessReading, ...]) -> dict[int, float]:
    """Processor seconds by process, of those that have used most; enough to tell who uses most next time."""
    busiest = sorted(processes, key=lambda process: -process.processor_seconds)[:MOST_PROCESSES]
    return {process.pid: round(process.processor_seconds, 2) for process in busiest}

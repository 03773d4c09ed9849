"""Who uses most: the busiest processes since the last look, as events a person can read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from quarterdeck.connectors.this_machine.counters import LONGEST_SECONDS, MOST_PROCESSES, Remembered
from quarterdeck.connectors.this_machine.readings import ProcessReading
from quarterdeck.domain.events import Event
from quarterdeck.domain.facts import facts_of
from quarterdeck.domain.instants import to_ms

EVENT_TYPE = "machine.top_processes"
EVERY_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Busy:
    """A process with the processors it kept busy on average (1 is one whole processor)."""

    process: ProcessReading
    processors: float


def is_due(remembered: Remembered, now: float) -> bool:
    """Whether a minute has passed since processes were looked at."""
    return not 0 <= now - remembered.processes_at < EVERY_SECONDS


def busiest(processes: Sequence[ProcessReading], remembered: Remembered, now: float, most: int) -> tuple[Busy, ...]:
    """The processes that used most processor time since the last look, busiest first; none at the first look."""
    seconds = now - remembered.processes_at
    if not remembered.processes or not 0 < seconds <= LONGEST_SECONDS:
        return ()
    found = [Busy(process, _used(process, remembered) / seconds) for process in processes]
    found.sort(key=lambda busy: (-busy.processors, -busy.process.resident, busy.process.pid))
    return tuple(found[:most])


def _used(process: ProcessReading, remembered: Remembered) -> float:
    """Processor seconds since the last look; at least those, where only the busiest were remembered."""
    if process.started_at >= remembered.processes_at:
        return process.processor_seconds
    floor = min(remembered.processes.values()) if len(remembered.processes) >= MOST_PROCESSES else 0.0
    before = remembered.processes.get(process.pid, floor)
    return max(0.0, process.processor_seconds - before) if before <= process.processor_seconds else 0.0


def events_of(connection_id: str, entity_key: str, found: Sequence[Busy], at: datetime) -> tuple[Event, ...]:
    """One event a process: rank, name, percent of one processor, resident bytes and number of the process."""
    look = f"{to_ms(at)}"
    return tuple(
        Event(
            source=connection_id,
            event_id=f"{look}-{rank}",
            type=EVENT_TYPE,
            occurred_at=at,
            entity_key=entity_key,
            correlation_key=look,
            facts=facts_of(
                {
                    "rank": rank,
                    "name": busy.process.name or "(no name)",
                    "cpu_percent": f"{busy.processors * 100:.1f}",
                    "rss_bytes": busy.process.resident,
                    "pid": busy.process.pid,
                }
            ),
        )
        for rank, busy in enumerate(found, 1)
    )

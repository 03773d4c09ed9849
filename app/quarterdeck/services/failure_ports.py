"""What the services ask a store for failures: the events that may tell one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from quarterdeck.domain.events import StoredEvent
from quarterdeck.domain.instants import TimeRange


@dataclass(frozen=True, slots=True)
class FailureQuery:
    """Which events may tell a failure: those of one of the types, and those with a fact of one of the names."""

    time_range: TimeRange
    types: tuple[str, ...]
    fact_names: tuple[str, ...]
    limit: int


@dataclass(frozen=True, slots=True)
class FoundFailures:
    """Events newest first, and the instant from which on none is missing: later than asked where there are too many."""

    events: tuple[StoredEvent, ...]
    complete_from_at: datetime


class FailureStore(Protocol):
    """Events that may tell failures, without those that do not."""

    def event_types(self) -> tuple[str, ...]:
        """Every type of the events that are kept."""
        ...

    def events_begin_at(self) -> datetime | None:
        """When the oldest event that is kept occurred; None without any."""
        ...

    def failures(self, query: FailureQuery) -> FoundFailures:
        """Events of a range that may tell a failure; how many others it looks through is bounded."""
        ...

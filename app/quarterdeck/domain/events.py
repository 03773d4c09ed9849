"""Business and technical occurrences, and changes made on purpose."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from quarterdeck.domain.facts import Facts


@dataclass(frozen=True, slots=True)
class Event:
    """One occurrence as its source tells it.

    `source` and `event_id` together are unique: the same event sent twice is stored once.
    `occurred_at` is the event's own time; the store adds when it was taken in.
    """

    source: str
    event_id: str
    type: str
    occurred_at: datetime
    entity_key: str = ""
    correlation_key: str = ""
    facts: Facts = ()


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """An event with its number in the store and when it was taken in."""

    id: int
    event: Event
    ingested_at: datetime


@dataclass(frozen=True, slots=True)
class Change:
    """A deploy, a configuration change or a partner's notice."""

    change_id: str
    kind: str
    changed_at: datetime
    summary: str
    entity_key: str = ""
    facts: Facts = ()

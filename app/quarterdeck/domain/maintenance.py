"""Planned work as data: which window covers what and when, and every record that was ever made of one."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from quarterdeck.domain.instants import to_ms

FIRST_DIGEST = "0" * 64
"""What stands before the first record of the chain."""


class MaintenanceAct(StrEnum):
    """What was done to a window when a record of it was made."""

    PLANNED = "planned"
    ENDED = "ended"
    CORRECTED = "corrected"


@dataclass(frozen=True, slots=True)
class Cut:
    """An occurrence that begins at `start_at` ends at `end_at` already; not later than its start: it is left out."""

    start_at: datetime
    end_at: datetime


@dataclass(frozen=True, slots=True)
class MaintenanceWindow:
    """Planned work on entities by key and on whole domains; each part may be empty, not both.

    The first occurrence is `[start_at, start_at + length)`. `rule` says when there are more, as a recurrence rule of
    RFC 5545 in the local time of `zone` (a name of the IANA data base); empty for none. Each lasts equally long in real
    time. `cuts` shorten single occurrences; from `closed_at` on nothing is covered any more.
    """

    id: str
    start_at: datetime
    length: timedelta
    reason: str
    entity_keys: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    rule: str = ""
    zone: str = "UTC"
    cuts: tuple[Cut, ...] = ()
    closed_at: datetime | None = None

    def __post_init__(self) -> None:
        if self.length <= timedelta():
            message = "a maintenance window ends after it begins"
            raise ValueError(message)
        if not self.entity_keys and not self.domains:
            message = "a maintenance window covers something"
            raise ValueError(message)

    @property
    def end_at(self) -> datetime:
        """The planned end of the first occurrence."""
        return self.start_at + self.length


@dataclass(frozen=True, slots=True)
class MaintenanceRecord:
    """A window as somebody told it at `recorded_at`; what was told before stays as it was.

    `revision` counts the records of one window from 1 on, `note` says why it was ended or corrected. `id` is 0 and
    `digest` empty until it is stored.
    """

    window: MaintenanceWindow
    revision: int
    act: MaintenanceAct
    recorded_at: datetime
    recorded_by: str
    note: str = ""
    id: int = 0
    digest: str = ""


def standing_windows(
    records: Iterable[MaintenanceRecord], known_at: datetime | None = None
) -> tuple[MaintenanceRecord, ...]:
    """The last record of each window, by its first start; only what was known at a moment where one is given."""
    last: dict[str, MaintenanceRecord] = {}
    for record in records:
        if known_at is None or record.recorded_at <= known_at:
            last[record.window.id] = record
    return tuple(sorted(last.values(), key=lambda record: (record.window.start_at, record.window.id)))


def canonical_text(record: MaintenanceRecord) -> str:
    """Everything a record says but its number and digest, as one JSON text that is equal for equal records."""
    window = record.window
    told = {
        "act": record.act.value,
        "closed_ms": None if window.closed_at is None else to_ms(window.closed_at),
        "cuts": [[to_ms(cut.start_at), to_ms(cut.end_at)] for cut in window.cuts],
        "domains": window.domains,
        "entities": window.entity_keys,
        "length_ms": window.length // timedelta(milliseconds=1),
        "note": record.note,
        "reason": window.reason,
        "recorded_by": record.recorded_by,
        "recorded_ms": to_ms(record.recorded_at),
        "revision": record.revision,
        "rule": window.rule,
        "start_ms": to_ms(window.start_at),
        "window": window.id,
        "zone": window.zone,
    }
    return json.dumps(told, sort_keys=True, separators=(",", ":"))


def chained_digest(previous: str, record: MaintenanceRecord) -> str:
    """The digest of a record that follows one: SHA-256 in hexadecimal over both."""
    return hashlib.sha256(f"{previous}\n{canonical_text(record)}".encode()).hexdigest()


def chain_faults(records: Iterable[MaintenanceRecord]) -> Iterator[str]:
    """What is wrong with all records in the order of their numbers, a sentence each; nothing for an unbroken chain."""
    number, previous = 0, FIRST_DIGEST
    for record in records:
        if record.id != number + 1:
            yield f"Between the maintenance records {number} and {record.id} records are missing."
        if chained_digest(previous, record) != record.digest:
            yield f"The maintenance record {record.id} of {record.window.id} was changed after it was made."
        number, previous = record.id, record.digest

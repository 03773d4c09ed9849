"""Connections: one configured source each, with a health of its own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from quarterdeck.domain.facts import Facts

SettingValue = str | int | float | bool
Settings = tuple[tuple[str, SettingValue], ...]
"""Sorted pairs of setting key and value; secrets are never among them, only in the keyring."""


class ConnectionState(StrEnum):
    """How a connection itself does, apart from what it reports."""

    STARTING = "starting"
    GOOD = "good"
    LATE = "late"
    FAILING = "failing"
    SILENT = "silent"
    DISABLED = "disabled"


class ReceptionKind(StrEnum):
    """What a stretch of a connection's time was: data came, came late, or did not come."""

    RECEIVED = "received"
    LATE = "late"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Connection:
    """A configured source: which connector, its settings, how often it is polled.

    `secret_names` are the settings whose values lie in the keyring under this connection's id.
    `managed_by` names the estate file or command that declares it; empty for one added by hand.
    """

    id: str
    connector_id: str
    name: str
    settings: Settings = ()
    secret_names: tuple[str, ...] = ()
    poll_seconds: float = 15.0
    enabled: bool = True
    managed_by: str = ""


@dataclass(frozen=True, slots=True)
class BackfillProgress:
    """How far history has been fetched, newest first: from `reached_at` back to `until_at`."""

    until_at: datetime
    reached_at: datetime
    samples: int = 0
    finished: bool = False


@dataclass(frozen=True, slots=True)
class ConnectionHealth:
    """A connection's own health: last good pull, lag, failures, and what is wrong in words with the next step."""

    connection_id: str
    state: ConnectionState
    words: str = ""
    next_step: str = ""
    last_attempt_at: datetime | None = None
    last_good_at: datetime | None = None
    newest_data_at: datetime | None = None
    failures_in_a_row: int = 0
    poll_duration_seconds: float | None = None
    backfill: BackfillProgress | None = None
    facts: Facts = ()


@dataclass(frozen=True, slots=True)
class Reception:
    """A stretch of a connection's time `[from_at, to_at)` and whether data came."""

    connection_id: str
    kind: ReceptionKind
    from_at: datetime
    to_at: datetime

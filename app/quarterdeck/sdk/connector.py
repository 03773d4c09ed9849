"""The promise to connector authors: what a connector is asked, with what in hand, and what it answers.

A connector holds no state outside its instance's constructor arguments, starts no threads, retries nothing: the
collector polls, waits, backs off and cancels. It raises the errors of `quarterdeck.sdk.errors` and nothing else.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from quarterdeck.domain.connections import Settings, SettingValue
from quarterdeck.domain.estate import Entity, Relation
from quarterdeck.domain.instants import TimeRange
from quarterdeck.domain.series import Meaning, SeriesIdentity
from quarterdeck.sdk.errors import Misconfigured
from quarterdeck.sdk.records import Batch, Samples

if TYPE_CHECKING:
    from quarterdeck.sdk.http import HttpFactory


@dataclass(frozen=True, slots=True)
class ConnectionSettings:
    """A connection's settings with its secrets resolved; values that are not set come from the manifest's defaults."""

    values: Mapping[str, SettingValue]
    secrets: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)

    @classmethod
    def of(cls, settings: Settings, secrets: Mapping[str, str] | None = None) -> ConnectionSettings:
        """From a connection's stored pairs."""
        return cls(dict(settings), dict(secrets or {}))

    def text(self, key: str, default: str = "") -> str:
        """A setting as stripped text."""
        value = self.values.get(key)
        return default if value is None else str(value).strip()

    def number(self, key: str, default: float = 0.0) -> float:
        """A setting as a number; raises Misconfigured when it is not one."""
        value = self.values.get(key)
        if value is None or value == "":
            return default
        try:
            return float(value)
        except ValueError as fault:
            message = f"The setting {key} is not a number."
            raise Misconfigured(message, "Correct it in the connection's settings.") from fault

    def flag(self, key: str, *, default: bool = False) -> bool:
        """A setting as yes or no."""
        value = self.values.get(key)
        if isinstance(value, str):
            return value.strip().lower() in {"true", "yes", "1", "on"}
        return default if value is None else bool(value)

    def secret(self, key: str) -> str:
        """A secret's value, empty when none is kept."""
        return self.secrets.get(key, "")


@dataclass(frozen=True, slots=True)
class ConnectorContext:
    """What the collector hands to a connector for one call.

    `now` is the clock, `http` makes a client with the console's limits; both are replaced in tests.
    """

    connection_id: str
    connection_name: str
    settings: ConnectionSettings
    now: Callable[[], datetime]
    http: HttpFactory


class Purpose(StrEnum):
    """Why a window is asked for."""

    LIVE = "live"
    BACKFILL = "backfill"


@dataclass(frozen=True, slots=True)
class Window:
    """The stretch of time a poll is about: since the last good poll for live, a page of the past for back-fill."""

    time_range: TimeRange
    purpose: Purpose = Purpose.LIVE


@dataclass(frozen=True, slots=True)
class SettingProblem:
    """Why a setting cannot stand, in words, by its key; an empty key is about the whole."""

    key: str
    words: str


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """One line of what would come: a source's own name, what it would mean here, and how many series or records."""

    name: str
    meaning: str
    count: int


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What a test of a connection found.

    `words` is a sentence, `preview` what would come, `remarks` are worth knowing (a login that can write, a clock that
    is off), `estimate` says how much history would be fetched.
    """

    words: str
    preview: tuple[PreviewRow, ...] = ()
    remarks: tuple[str, ...] = ()
    estimate: str = ""


@dataclass(frozen=True, slots=True)
class Discovery:
    """Entities and relations a source knows of, offered to the estate as observed facts."""

    entities: tuple[Entity, ...] = ()
    relations: tuple[Relation, ...] = ()


class Connector(Protocol):
    """One kind of source. Built with no arguments by the entry point; every call brings its own context."""

    def validate(self, settings: ConnectionSettings) -> tuple[SettingProblem, ...]:
        """Judge settings without connecting anywhere; empty when they could work."""
        ...

    async def check(self, context: ConnectorContext) -> CheckReport:
        """Connect, read a little and say what was found; stores nothing. Raises ConnectorError."""
        ...

    def collect(self, context: ConnectorContext, window: Window, cursor: str | None) -> AsyncIterator[Batch]:
        """Yield batches of the window's records. Raises ConnectorError; batches yielded before stay stored."""
        ...


@runtime_checkable
class Discovering(Protocol):
    """A connector that can also name entities and relations."""

    async def discover(self, context: ConnectorContext) -> Discovery:
        """What the source knows of the estate. Raises ConnectorError."""
        ...


@dataclass(frozen=True, slots=True)
class RemoteSeries:
    """A series that stays in its source: the identity it has here and the source's own query for it."""

    identity: SeriesIdentity
    query: str


@runtime_checkable
class ReadingThrough(Protocol):
    """A connector whose series can stay in the source and be read at query time."""

    async def remote_series(self, context: ConnectorContext) -> tuple[RemoteSeries, ...]:
        """Name the series that would be read through. Raises ConnectorError."""
        ...

    async def read(
        self, context: ConnectorContext, series: tuple[RemoteSeries, ...], time_range: TimeRange, step_seconds: float
    ) -> Samples:
        """Read series over a range at a step. Raises ConnectorError."""
        ...


__all__ = [
    "Batch",
    "CheckReport",
    "ConnectionSettings",
    "Connector",
    "ConnectorContext",
    "Discovering",
    "Discovery",
    "Meaning",
    "PreviewRow",
    "Purpose",
    "ReadingThrough",
    "RemoteSeries",
    "SettingProblem",
    "Window",
]

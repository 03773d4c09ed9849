"""What a connector is handed in a test: a clock that stands, settings from its manifest, a network from a script."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import httpx

from quarterdeck.domain.connections import SettingValue
from quarterdeck.domain.instants import TimeRange
from quarterdeck.sdk.connector import ConnectionSettings, Connector, ConnectorContext, Purpose, Window
from quarterdeck.sdk.errors import ConnectorError
from quarterdeck.sdk.http import BoundedHttp
from quarterdeck.sdk.manifest import Manifest
from quarterdeck.sdk.records import Batch
from quarterdeck.sdk.tls import TlsPolicy
from quarterdeck.sdk.validation import with_defaults

MOMENT = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
"""The instant at which tests take place."""


@dataclass(slots=True)
class StandingClock:
    """A clock that moves only when told to."""

    at: datetime = MOMENT

    def now(self) -> datetime:
        """The instant it stands at."""
        return self.at

    def advance(self, seconds: float) -> None:
        """Move it forward."""
        self.at += timedelta(seconds=seconds)


@dataclass(frozen=True, slots=True)
class Collected:
    """What one poll yielded before it ended or failed."""

    batches: tuple[Batch, ...]
    fault: ConnectorError | None = None

    @property
    def cursor(self) -> str | None:
        """The cursor to hand back at the next poll: the last one given."""
        return next((batch.cursor for batch in reversed(self.batches) if batch.cursor is not None), None)

    @property
    def only(self) -> Batch:
        """The single batch of a poll that went well. Raises the fault, or AssertionError when there are not one."""
        if self.fault:
            raise self.fault
        if len(self.batches) != 1:
            message = f"the poll yielded {len(self.batches)} batches, not one"
            raise AssertionError(message)
        return self.batches[0]


def settings_for(
    manifest: Manifest, settings: Mapping[str, SettingValue], secrets: Mapping[str, str] | None = None
) -> ConnectionSettings:
    """Settings as a connection would have them, with the manifest's defaults."""
    return with_defaults(manifest, ConnectionSettings(dict(settings), dict(secrets or {})))


def context_for(
    settings: ConnectionSettings,
    *,
    clock: StandingClock | None = None,
    transport: httpx.AsyncBaseTransport | None = None,
    connection_id: str = "tested",
) -> ConnectorContext:
    """A context with a standing clock; with a transport nothing leaves the process, without one the network is real."""

    def http(*, tls: TlsPolicy | None = None) -> BoundedHttp:
        return BoundedHttp(transport=transport, tls=tls)

    return ConnectorContext(
        connection_id=connection_id,
        connection_name=f"The connection {connection_id}",
        settings=settings,
        now=(clock or StandingClock()).now,
        http=http,
    )


def live_window(context: ConnectorContext, seconds: float = 60.0) -> Window:
    """The window of a live poll: the last seconds up to the context's clock."""
    return Window(TimeRange.ending(context.now(), seconds), Purpose.LIVE)


async def collect_all(
    connector: Connector, context: ConnectorContext, *, window: Window | None = None, cursor: str | None = None
) -> Collected:
    """One whole poll: all its batches, and the connector error that ended it, if one did."""
    batches: list[Batch] = []
    try:
        async for batch in connector.collect(context, window or live_window(context), cursor):
            batches.append(batch)  # noqa: PERF401 - what came before a fault must be kept
    except ConnectorError as fault:
        return Collected(tuple(batches), fault)
    return Collected(tuple(batches))

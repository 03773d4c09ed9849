"""What the window is composed of, and what every other root shares: store, secrets, clock, connectors.

Imported in a worker while the first picture stands, so it loads nothing that only a collector needs.
"""

from __future__ import annotations

import getpass
import os
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from quarterdeck.services.console import ConsoleServices
from quarterdeck.services.told_commands import place_of

if TYPE_CHECKING:
    from quarterdeck.domain.connections import Connection
    from quarterdeck.sdk.connector import ConnectorContext
    from quarterdeck.sdk.http import BoundedHttp, HttpFactory
    from quarterdeck.sdk.registry import ConnectorRegistry
    from quarterdeck.sdk.tls import TlsPolicy
    from quarterdeck.services.children import Child
    from quarterdeck.services.compliance_export import VerdictExport
    from quarterdeck.services.connections import ConnectionSetup
    from quarterdeck.services.estate_desk import EstateDesk
    from quarterdeck.services.expiry_calendar import ExpiryCalendar
    from quarterdeck.services.expiry_files import ExpiryFormat
    from quarterdeck.services.export_gate import Leaving, Release
    from quarterdeck.services.maintenance_desk import MaintenanceDesk
    from quarterdeck.services.own_threads import Aside
    from quarterdeck.services.ports import Clock, SecretStore, Store
    from quarterdeck.services.readthrough import CombinedEnvelopes
    from quarterdeck.services.rounds import Rounds
    from quarterdeck.services.verdict_files import VerdictFormat
    from quarterdeck.services.workspace import Workspace
    from quarterdeck.storage.secrets import ChainedSecrets


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The present instant, aware UTC."""
        return datetime.now(UTC)


class LateHttp:
    """The program's HTTP clients, loaded when the first is made: a window that only reads never pays for them."""

    def __init__(self) -> None:
        self._clients: HttpFactory | None = None

    def __call__(self, *, tls: TlsPolicy | None = None) -> BoundedHttp:
        """A client; use it as an async context manager."""
        if self._clients is None:
            from quarterdeck.sdk.http import HttpClients

            self._clients = HttpClients()
        return self._clients(tls=tls)


def open_workspace_store(workspace: Workspace, *, read_only: bool = False) -> Store:
    """The workspace's store, made when it is missing. Raises OperatorError."""
    from quarterdeck.storage.opening import open_store

    return open_store(workspace.store_url, read_only=read_only)


def secrets_of(workspace: Workspace) -> ChainedSecrets:
    """Where the workspace's secrets are kept."""
    from quarterdeck.storage.secrets import secret_store

    return secret_store(workspace.name, workspace.secrets_file)


def context_maker(
    secrets: SecretStore, clock: SystemClock, registry: ConnectorRegistry
) -> Callable[[Connection], ConnectorContext]:
    """Gives each connection its settings with their secrets, a clock and the network."""
    http = LateHttp()

    def context_for(connection: Connection) -> ConnectorContext:
        from quarterdeck.sdk.connector import ConnectionSettings, ConnectorContext
        from quarterdeck.sdk.validation import with_defaults

        found = {name: secrets.get(connection.id, name) for name in connection.secret_names}
        given = ConnectionSettings.of(connection.settings, {k: v for k, v in found.items() if v is not None})
        settings = with_defaults(registry.load(connection.connector_id).manifest, given)
        return ConnectorContext(connection.id, connection.name, settings, clock.now, http)

    return context_for


def console_services(workspace: Workspace) -> ConsoleServices:
    """Every use case of the window over the workspace's store. Raises OperatorError when it cannot be opened."""
    store, clock = open_workspace_store(workspace), SystemClock()

    def envelopes() -> CombinedEnvelopes:
        from quarterdeck.sdk.registry import EntryPointRegistry
        from quarterdeck.services.readthrough import CombinedEnvelopes

        registry = EntryPointRegistry()
        return CombinedEnvelopes(store, registry, context_maker(secrets_of(workspace), clock, registry))

    return ConsoleServices(
        title=workspace.title,
        subtitle=workspace.subtitle,
        clock=clock,
        versions=store,
        left_out=store.unreadable_rows,
        store=store,
        place=place_of(workspace),
        patterns_folder=workspace.patterns_folder,
        policies_folder=workspace.policies_folder,
        map_file=workspace.map_file,
        make_envelopes=envelopes,
        make_setup=lambda: connection_setup(store, workspace),
        make_estate=lambda: estate_desk(store, clock),
        make_maintenance=lambda now: maintenance_desk(store, now),
        write_expiries=write_expiries,
        write_verdicts=write_verdicts,
    )


def connection_setup(store: Store, workspace: Workspace) -> ConnectionSetup:
    """The use case of adding, testing and editing connections."""
    from quarterdeck.sdk.registry import EntryPointRegistry
    from quarterdeck.services.connections import ConnectionSetup, ConnectorTools

    tools = ConnectorTools(EntryPointRegistry(), SystemClock(), LateHttp())
    return ConnectionSetup(store, secrets_of(workspace), tools)


def estate_desk(store: Store, clock: Clock) -> EstateDesk:
    """The use case of taking estate files in."""
    from quarterdeck.sdk.registry import EntryPointRegistry
    from quarterdeck.services.estate import EstateApplication
    from quarterdeck.services.estate_desk import EstateDesk

    return EstateDesk(EstateApplication(store, clock, EntryPointRegistry()))


def maintenance_desk(store: Store, clock: Clock) -> MaintenanceDesk:
    """The use case of planned work, told by whoever is logged in."""
    from quarterdeck.exporters.maintenance_calendar import calendar_text
    from quarterdeck.services.maintenance_desk import MaintenanceDesk
    from quarterdeck.services.maintenance_drafts import zone_here

    return MaintenanceDesk(store, clock, calendar_text, who=logged_in, zone=lambda: zone_here(os.environ.get("TZ")))


def write_expiries(calendar: ExpiryCalendar, kind: ExpiryFormat) -> bytes:
    """What expires as a file."""
    from quarterdeck.exporters.expiry_files import expiry_file

    return expiry_file(calendar, kind)


def write_verdicts(export: VerdictExport, kind: VerdictFormat) -> bytes:
    """Every verdict of a moment as a file."""
    from quarterdeck.exporters.verdict_files import verdict_file

    return verdict_file(export, kind)


def enforcing(
    store: Store, workspace: Workspace, clock: Clock, *, aside: Aside, may_write: Callable[[], bool]
) -> Rounds:
    """What policies ask for, done in rounds of its own, so that nothing else waits for a target."""
    from quarterdeck.exporters.notices import ChildNotifier
    from quarterdeck.services.collection import Cadence
    from quarterdeck.services.enforcement import Enforcer
    from quarterdeck.services.notice_targets import TARGETS_FILE, TargetBook
    from quarterdeck.services.rounds import Rounds

    book = TargetBook(workspace.places.config_folder / TARGETS_FILE, secrets_of(workspace))
    enforcer = Enforcer(store, ChildNotifier(book), clock, aside=aside, may_write=may_write)
    return Rounds("Enforcing policies", enforcer.tick, Cadence().policies_seconds)


def ask_to_leave(workspace: Workspace, leaving: Leaving, at: datetime, release: Release | None = None) -> None:
    """Ask the policies whether a file may leave, with the answer on record where the store can be written.

    Raises ExportBlocked where it may not.
    """
    from contextlib import closing

    from quarterdeck.domain.errors import StoreUnavailable
    from quarterdeck.services.export_gate import ExportGate

    with closing(open_workspace_store(workspace, read_only=True)) as store:
        if not ExportGate(store).blocking(leaving, at):
            return
        try:
            writable = open_workspace_store(workspace)
        except StoreUnavailable:
            ExportGate(store).ask(leaving, at, release)
            return
    with closing(writable) as store:
        ExportGate(store).ask(leaving, at, release)


def logged_in() -> str:
    """The name of whoever runs the program; empty where nobody is logged in by a name."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return ""


def start_collector(workspace: Workspace) -> Child:
    """Start the collector as a child process that ends with this one."""
    from quarterdeck.services.children import Child

    return Child(["collect", "--while-parent", *workspace.arguments])

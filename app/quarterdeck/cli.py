"""The commands. Every one but the window runs without loading Qt; heavy parts are imported inside the commands."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from traceback import format_exception
from types import TracebackType
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer
from typer.core import TyperCommand
from typing_extensions import override

from quarterdeck.anomalies_commands import anomalies_app
from quarterdeck.claims_commands import claims
from quarterdeck.command_options import (
    JsonOption,
    PortableOption,
    ProfileOption,
    StoreOption,
    WithdrawOption,
    workspace_of,
)
from quarterdeck.domain.errors import InvalidEstate, OperatorError
from quarterdeck.errors_commands import errors_app
from quarterdeck.estate_commands import drift, export_estate, import_estate
from quarterdeck.exporters.printing import Ended, complain, tell
from quarterdeck.maintenance_commands import maintenance_app
from quarterdeck.notices_commands import notices_app, send_notice
from quarterdeck.objectives_commands import objectives_app
from quarterdeck.patterns_commands import patterns_app
from quarterdeck.policies_commands import policies_app
from quarterdeck.risks_commands import risks_app
from quarterdeck.services.told_commands import DEMO_PROFILE, Place
from quarterdeck.store_commands import store_app
from quarterdeck.waivers_commands import waivers_app
from quarterdeck.what_if_commands import what_if

if TYPE_CHECKING:
    from quarterdeck.services.status import StatusTable
    from quarterdeck.services.workspace import Workspace

EXIT_REFUSED = 4
EXIT_BUG = 70
_EXITS_OF_TYPER = {1: EXIT_REFUSED, 2: EXIT_REFUSED}
"""What the library ends with when it understands nothing would pass for a verdict of `status`."""

app = typer.Typer(
    name="quarterdeck",
    help="Quarterdeck, the desktop console for the people answerable for integrations. Without a command it opens the "
    "window.",
    epilog="Start with `quarterdeck demo` to see a simulated bank, or `quarterdeck apply FILE` to declare your own "
    "estate and `quarterdeck` to watch it.",
    invoke_without_command=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=False,
)
connectors_app = typer.Typer(help="What can be connected, and whether the connections work.", no_args_is_help=True)
app.add_typer(connectors_app, name="connectors")
app.add_typer(store_app, name="store")
app.add_typer(policies_app, name="policies")
app.add_typer(notices_app, name="notices")
app.add_typer(errors_app, name="errors")
app.add_typer(anomalies_app, name="anomalies")
app.add_typer(patterns_app, name="patterns")
app.add_typer(maintenance_app, name="maintenance")
app.add_typer(waivers_app, name="waivers")
app.add_typer(risks_app, name="risks")
app.add_typer(objectives_app, name="objectives")
app.command(
    name="claims",
    epilog="For example `quarterdeck claims --since 90d --format csv`. `quarterdeck connectors list` tells whose pages "
    "are read.",
)(claims)
app.command(
    name="what-if",
    epilog="For example `quarterdeck what-if --assume partner/payhub=down`. `quarterdeck status` tells what is.",
)(what_if)

_GROUPS = (
    *(connectors_app, store_app, policies_app, notices_app, errors_app, anomalies_app),
    *(patterns_app, maintenance_app, waivers_app, risks_app, objectives_app),
)

SeedOption = Annotated[
    int | None,
    typer.Option(
        help="Another bank: the same seed gives the same ninety days.", show_default="that of the store's bank, else 7"
    ),
]


class _PlacedCommand(TyperCommand):
    """A command whose errors tell of other commands as they lead to the same store."""

    @override
    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except OperatorError as fault:
            profile = ctx.params.get("profile") or (DEMO_PROFILE if self.name == "demo" else None)
            place = Place(ctx.params.get("store"), profile, portable=ctx.params.get("portable", False))
            place.lead(fault)
            raise


def main() -> NoReturn:
    """Run a command; what a person can mend is said in two sentences on standard error, with exit code 4."""
    reconfigure: Callable[..., None] | None = getattr(sys.stdout, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(errors="replace")
    for group in (app, *_GROUPS):
        for command in group.registered_commands:
            command.cls = _PlacedCommand
    try:
        app(standalone_mode=True)
    except Ended as ended:
        sys.exit(ended.code)
    except SystemExit as ended:
        sys.exit(_EXITS_OF_TYPER.get(ended.code, ended.code) if isinstance(ended.code, int) else ended.code)
    except OperatorError as fault:
        lines = fault.lines if isinstance(fault, InvalidEstate) and fault.lines else (fault.message,)
        complain(f"quarterdeck: {lines[0]}", *lines[1:], fault.next_step)
        sys.exit(EXIT_REFUSED)
    sys.exit(0)


def _tell_of_bug(kind: type[BaseException], fault: BaseException, trace: TracebackType | None) -> None:
    """The trace of a bug, with an exit code that is no verdict."""
    complain("".join(format_exception(kind, fault, trace)).rstrip("\n"))
    os._exit(EXIT_BUG)


@app.callback()
def window(
    ctx: typer.Context,
    store: StoreOption = None,
    profile: ProfileOption = None,
    *,
    portable: PortableOption = False,
    version: Annotated[bool, typer.Option("--version", help="Print the version and end.")] = False,
) -> None:
    """Open the window on a store, and start its collector when none runs."""
    sys.excepthook = _tell_of_bug
    if version:
        from importlib.metadata import version as installed_version

        tell(f"quarterdeck {installed_version('quarterdeck')}")
        raise Ended(0)
    if ctx.invoked_subcommand is None:
        from quarterdeck.desktop import open_console

        try:
            raise Ended(open_console(workspace_of(store, profile, portable=portable), tell))
        except OperatorError as fault:
            Place(store, profile, portable=portable).lead(fault)
            raise
    said = {"store": store, "profile": profile, "portable": portable or None}
    ctx.default_map = _passed_on(ctx.command, {name: value for name, value in said.items() if value is not None})


def _passed_on(group: object, said: dict[str, object]) -> dict[str, Any]:
    """What was said before a command's name, as the defaults of every command: it must not be lost in silence."""
    commands: dict[str, object] = getattr(group, "commands", {})
    return {
        name: _passed_on(command, said) if hasattr(command, "commands") else said for name, command in commands.items()
    }


@app.command(epilog="For example `quarterdeck demo --fault payhub_outage`. The manual explains what you see then.")
def demo(
    *,
    seed: SeedOption = None,
    speed: Annotated[float, typer.Option(min=1.0, max=3600.0, help="How fast the bank's day runs from now on.")] = 1.0,
    fault: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="Start a fault; may be repeated, also while it runs.")
    ] = None,
    end_fault: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="End a fault of the bank that is running.")
    ] = None,
    headless: Annotated[bool, typer.Option("--headless", help="No window: collect, print the table, end.")] = False,
    seconds: Annotated[
        float, typer.Option("--for", min=5.0, help="How long to collect without a window, in s.")
    ] = 40.0,
    pictures: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Without a window: draw the panels here.")
    ] = None,
    store: StoreOption = None,
    profile: ProfileOption = None,
    portable: PortableOption = False,
) -> None:
    """Run the simulated bank and watch it. Faults can be started and ended while it runs, from a second terminal."""
    from quarterdeck import bootstrap

    place = Place(store, profile or DEMO_PROFILE, portable=portable)
    workspace = workspace_of(store, place.profile, portable=portable)
    plan = bootstrap.DemoPlan(workspace=workspace, seed=seed, speed=speed, faults=tuple(fault or ()))
    bootstrap.refuse_other_bank(plan)
    if (fault or end_fault) and bootstrap.switch_faults(workspace, fault or [], end_fault or []):
        return
    if not headless:
        from quarterdeck.desktop import open_demo

        raise Ended(open_demo(plan, tell))
    with bootstrap.running_demo(plan) as collector:
        collector.stay(seconds)
        _print_status(bootstrap.read_status(workspace), place, as_json=False)
        for file in _drawn(workspace, pictures) if pictures else ():
            tell(str(file))


def _drawn(workspace: Workspace, folder: Path) -> tuple[Path, ...]:
    from quarterdeck.desk import draw_pictures

    return draw_pictures(workspace, folder)


app.command(name="send-notice", hidden=True)(send_notice)


@app.command(name="demo-bank", hidden=True)
def demo_bank(
    folder: Path, *, seed: int = 7, speed: float = 1.0, fault: Annotated[list[str] | None, typer.Option()] = None
) -> None:
    """Serve the simulated bank until standard input closes; used by `demo`."""
    from quarterdeck import bootstrap

    bootstrap.serve_bank_until_parent_ends(folder, seed=seed, speed=speed, faults=tuple(fault or ()))


@app.command(
    epilog="For example `quarterdeck collect --profile production` as a service. Then `quarterdeck status` tells it."
)
def collect(
    *,
    while_parent: Annotated[
        bool, typer.Option("--while-parent", hidden=True, help="End when standard input closes.")
    ] = False,
    store: StoreOption = None,
    profile: ProfileOption = None,
    portable: PortableOption = False,
) -> None:
    """Collect and judge without a window, until interrupted. One collector per store; a second one waits its turn."""
    from quarterdeck import bootstrap

    bootstrap.collect(workspace_of(store, profile, portable=portable), while_parent=while_parent)


@app.command(
    epilog="For example `quarterdeck status --json`. Then `quarterdeck connectors check` says what ails a source."
)
def status(
    *,
    as_json: JsonOption = False,
    store: StoreOption = None,
    profile: ProfileOption = None,
    portable: PortableOption = False,
) -> None:
    """Print the health table, the worst first. Exit code: 0 healthy, 1 degraded, 2 down, 3 unknown, 4 not to be told.

    A connection that fails, is silent or late weighs as unknown, and so does a store for which nobody collects.
    """
    from quarterdeck import bootstrap

    table = bootstrap.read_status(workspace_of(store, profile, portable=portable))
    _print_status(table, Place(store, profile, portable=portable), as_json=as_json)
    raise Ended(int(table.verdict))


@app.command(epilog="For example `quarterdeck apply estate.yaml --dry-run`. Then `quarterdeck` watches it.")
def apply(
    file: Annotated[Path, typer.Argument(help="An estate document, YAML or TOML.")],
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only print the difference; change nothing.")] = False,
    withdraw: WithdrawOption = False,
    store: StoreOption = None,
    profile: ProfileOption = None,
    portable: PortableOption = False,
) -> None:
    """Make the estate as a document declares it. Applying it twice changes nothing the second time."""
    from quarterdeck import bootstrap

    workspace = workspace_of(store, profile, portable=portable)
    for line in bootstrap.apply_estate(workspace, file, dry_run=dry_run, withdraw=withdraw):
        tell(line)


app.command(
    "import",
    epilog="For example `quarterdeck import catalog-info.yaml slos.yaml --dry-run`. Then `quarterdeck` watches it.",
)(import_estate)
app.command(
    "export",
    epilog="For example `quarterdeck export estate.yaml`. Then `quarterdeck apply estate.yaml --store other.db`.",
)(export_estate)
app.command(
    epilog="For example `quarterdeck drift --format csv`. `quarterdeck connectors list` tells the sources that look.",
)(drift)


@connectors_app.command(
    "list",
    epilog="For example `quarterdeck connectors list --json`. Then `quarterdeck connectors check` asks the sources.",
)
def list_connectors(
    *,
    as_json: JsonOption = False,
    store: StoreOption = None,
    profile: ProfileOption = None,
    portable: PortableOption = False,
) -> None:
    """List the installed connectors and the connections of this store. Exit code 1 when one cannot be read."""
    from quarterdeck import bootstrap
    from quarterdeck.exporters import terminal

    kinds, connections, unreadable = bootstrap.list_connectors(workspace_of(store, profile, portable=portable))
    tell(terminal.connectors_json(kinds, connections) if as_json else terminal.connectors_text(kinds, connections))
    raise Ended(int(bool(unreadable)))


@connectors_app.command(
    "check",
    epilog="For example `quarterdeck connectors check payhub-probe`; `quarterdeck connectors list` tells the ids.",
)
def check_connectors(
    ids: Annotated[
        list[str] | None, typer.Argument(help="Connections by id; all enabled ones when none is named.")
    ] = None,
    *,
    store: StoreOption = None,
    profile: ProfileOption = None,
    portable: PortableOption = False,
) -> None:
    """Connect to each source and say what was found. Nothing is stored. Exit code 1 when any of them fails."""
    from quarterdeck import bootstrap
    from quarterdeck.exporters import terminal

    failed, place = False, Place(store, profile, portable=portable)
    for name, found in bootstrap.check_connections(workspace_of(store, profile, portable=portable), ids or []):
        tell(place.leading_here(terminal.check_line(name, found)))
        failed |= not found.passed
    raise Ended(int(failed))


@app.command(
    epilog="For example `quarterdeck doctor --profile production`. Every fault comes with what to do about it."
)
def doctor(*, store: StoreOption = None, profile: ProfileOption = None, portable: PortableOption = False) -> None:
    """Look at this machine and this workspace, and say what stands in the way. Exit code 1 when anything does."""
    from quarterdeck import bootstrap

    findings = bootstrap.examine_machine(workspace_of(store, profile, portable=portable))
    place = Place(store, profile, portable=portable)
    for finding in findings:
        tell(place.leading_here(finding.line))
    raise Ended(int(any(finding.is_fault for finding in findings)))


def _print_status(table: StatusTable, place: Place, *, as_json: bool) -> None:
    from quarterdeck.exporters import terminal

    placed = replace(table, verdict_words=place.leading_here(table.verdict_words))
    tell(terminal.status_json(placed) if as_json else place.leading_here(terminal.status_text(placed)))

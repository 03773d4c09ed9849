"""The commands of objectives: how they stand, the ledger behind them, and corrections of it."""

from __future__ import annotations

import getpass
import os
from collections.abc import Generator
from contextlib import closing, contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from quarterdeck.command_options import JsonOption, PortableOption, ProfileOption, StoreOption, workspace_of
from quarterdeck.domain.errors import OperatorError
from quarterdeck.domain.ledger_corrections import Reclassified
from quarterdeck.exporters.printing import tell

if TYPE_CHECKING:
    from quarterdeck.services.ports import Store
    from quarterdeck.services.workspace import Workspace

objectives_app = typer.Typer(
    help="Objectives: what was promised, what is left of the budget, and the ledger behind every figure.",
    no_args_is_help=True,
)
AtOption = Annotated[
    str | None, typer.Option("--at", metavar="TIME", help="As it was known then; now where it is not said.")
]
RuleOption = Annotated[
    list[str] | None,
    typer.Option(
        "--rule",
        metavar="NAME=VALUE",
        help="Count otherwise: unknown=bad|excluded, maintenance=counted, degraded=bad, corrections=ignored.",
    ),
]
KeyArgument = Annotated[str, typer.Argument(help="An objective: its entity's key, a colon, its name.")]


@objectives_app.command(
    "list",
    epilog="For example `quarterdeck objectives list --rule unknown=bad`. "
    "Then `quarterdeck objectives show KEY` opens the ledger.",
)
def objectives_list(
    entity: Annotated[str, typer.Argument(help="Those of one entity by its key; all where none is named.")] = "",
    *,
    at: AtOption = None,
    rule: RuleOption = None,
    as_json: JsonOption = False,
    store: StoreOption = None,
    profile: ProfileOption = None,
    portable: PortableOption = False,
) -> None:
    """List every objective with its share, budget and burn. Exit code 1 when one is not met or cannot be counted."""
    from quarterdeck.exporters.objectives_text import objectives_json, objectives_text
    from quarterdeck.exporters.printing import Ended
    from quarterdeck.services.counting_rules import read_rule
    from quarterdeck.services.objectives import ObjectiveReader

    counting, moment = read_rule(rule or ()), _moment(at)
    with _opened(workspace_of(store, profile, portable=portable), read_only=True) as opened:
        found = ObjectiveReader(opened).listed(moment, live=at is None, rule=counting, entity_key=entity)
    tell(objectives_json(found) if as_json else objectives_text(found))
    raise Ended(int(any(each.fault or each.is_met is False for each in found)))


@objectives_app.command(
    "show",
    epilog="For example `quarterdeck objectives show integration/payhub:availability --rule maintenance=counted`. "
    "`quarterdeck objectives list` tells the keys.",
)
def objectives_show(
    key: KeyArgument,
    *,
    at: AtOption = None,
    rule: RuleOption = None,
    as_json: JsonOption = False,
    store: StoreOption = None,
    profile: ProfileOption = None,
    portable: PortableOption = False,
) -> None:
    """Print the ledger of one objective, every entry with what it counts as and why; beside another rule the usual."""
    from quarterdeck.exporters.objectives_text import ledger_json, ledger_text
    from quarterdeck.services.counting_rules import read_rule
    from quarterdeck.services.objective_catalogue import ObjectiveKey
    from quarterdeck.services.objectives import ObjectiveReader

    counting, moment = read_rule(rule or ()), _moment(at)
    with _opened(workspace_of(store, profile, portable=portable), read_only=True) as opened:
        detail = ObjectiveReader(opened).shown(ObjectiveKey.of(key), moment, live=at is None, rule=counting)
    tell(ledger_json(detail) if as_json else ledger_text(detail))


@objectives_app.command(
    "correct",
    epilog='For example `quarterdeck objectives correct integration/payhub:availability --from "2026-11-24 12:00" '
    '--to "2026-11-24 12:20" --as excluded --reason "The probe erred"`. '
    "`quarterdeck objectives show KEY` tells every correction.",
)
def objectives_correct(
    key: KeyArgument,
    *,
    start: Annotated[str, typer.Option("--from", metavar="TIME", help="Where the stretch begins.")],
    end: Annotated[str, typer.Option("--to", metavar="TIME", help="Where it ends.")],
    counts_as: Annotated[
        Reclassified, typer.Option("--as", help="What it counts as; `measured` takes earlier corrections back.")
    ],
    reason: Annotated[str, typer.Option("--reason", metavar="WORDS", help="Why, for whoever reads the record later.")],
    by: Annotated[
        str | None, typer.Option("--by", metavar="NAME", help="Who says so; else whoever is logged in.")
    ] = None,
    store: StoreOption = None,
    profile: ProfileOption = None,
    portable: PortableOption = False,
) -> None:
    """Say what a stretch of a ledger counts as. It is a record of its own; what was measured and said before stays."""
    from quarterdeck.composition import SystemClock
    from quarterdeck.domain.ledger_corrections import LedgerCorrection
    from quarterdeck.services.ledger_corrections import LedgerCorrections
    from quarterdeck.services.objective_catalogue import ObjectiveKey, objective_at

    now = SystemClock().now()
    with _opened(workspace_of(store, profile, portable=portable)) as opened:
        held = objective_at(opened.estate(now), ObjectiveKey.of(key))
        said = LedgerCorrection(
            held.key.entity_key, held.key.name, _instant(start), _instant(end), counts_as, reason, _who(by), now
        )
        stored = LedgerCorrections(opened).correct(said)
    tell(f"Correction {stored.number} of {held.key.text} is recorded.")


@contextmanager
def _opened(workspace: Workspace, *, read_only: bool = False) -> Generator[Store]:
    from quarterdeck.composition import open_workspace_store

    with closing(open_workspace_store(workspace, read_only=read_only)) as store:
        yield store


def _moment(at: str | None) -> datetime:
    from quarterdeck.composition import SystemClock

    return _instant(at) if at else SystemClock().now()


def _instant(text: str) -> datetime:
    from quarterdeck.services.maintenance_drafts import instant_of, zone_here

    return instant_of(text, zone_here(os.environ.get("TZ")))


def _who(named: str | None) -> str:
    try:
        return named or getpass.getuser()
    except (OSError, KeyError):
        raise OperatorError("Nobody is logged in by a name.", "Say who with `--by`.") from None

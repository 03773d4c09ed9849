"""The commands of policies: whether files hold together, how every policy stands, and every verdict as a file."""

from __future__ import annotations

import os
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from quarterdeck.command_options import JsonOption, PortableOption, ProfileOption, StoreOption, workspace_of
from quarterdeck.domain.errors import OperatorError
from quarterdeck.exporters.printing import Ended, tell
from quarterdeck.policy_trial_commands import policies_enable, policies_replay, policies_try, policies_withdraw
from quarterdeck.services.told_commands import Place
from quarterdeck.services.verdict_files import VerdictFormat

if TYPE_CHECKING:
    from quarterdeck.services.compliance_export import VerdictExport
    from quarterdeck.services.workspace import Workspace

policies_app = typer.Typer(
    help="Policies: whether their files hold together, how they stand, and every verdict as a file.",
    no_args_is_help=True,
)


@policies_app.command(
    "check", epilog="For example `quarterdeck policies check own.yaml`. Then put the file into the folder `policies`."
)
def policies_check(
    files: Annotated[list[Path] | None, typer.Argument(help="Packs; those in force when none is named.")] = None,
    *,
    store: StoreOption = None,
    profile: ProfileOption = None,
    portable: PortableOption = False,
) -> None:
    """Read packs of policies and say what is wrong with them, with line and column. Exit code 1 when anything is."""
    from quarterdeck import bootstrap
    from quarterdeck.exporters import policy_words

    checked = bootstrap.check_policies(workspace_of(store, profile, portable=portable), files or [])
    tell(policy_words.checked_text(checked))
    raise Ended(int(any(each.faults for each in checked)))


@policies_app.command(
    "show", epilog="For example `quarterdeck policies show --json`. `quarterdeck policies check` reads the files anew."
)
def policies_show(
    *,
    as_json: JsonOption = False,
    store: StoreOption = None,
    profile: ProfileOption = None,
    portable: PortableOption = False,
) -> None:
    """Print every policy in force with how many controls are satisfied, not satisfied, without evidence, waived."""
    from quarterdeck import bootstrap
    from quarterdeck.exporters import policy_words

    standing = bootstrap.policies_standing(workspace_of(store, profile, portable=portable))
    told = policy_words.standing_json(standing) if as_json else policy_words.standing_text(standing)
    tell(told if as_json else Place(store, profile, portable=portable).leading_here(told))


@policies_app.command(
    "export",
    epilog="For example `quarterdeck policies export verdicts.xlsx`, or `quarterdeck policies export poam.json "
    "--format oscal-poam`. `quarterdeck policies show` tells the policies.",
)
def policies_export(
    file: Annotated[Path, typer.Argument(help="Where to write it.")],
    *,
    as_format: Annotated[
        VerdictFormat | None, typer.Option("--format", help="As what; by the ending of the file where it is not said.")
    ] = None,
    at: Annotated[
        str | None, typer.Option("--at", metavar="TIME", help="As everything stood then; now where it is not said.")
    ] = None,
    store: StoreOption = None,
    profile: ProfileOption = None,
    portable: PortableOption = False,
) -> None:
    """Write every verdict of a moment into a file, with what was asked for and counts that add up."""
    from quarterdeck.exporters import policy_words
    from quarterdeck.exporters.verdict_files import verdict_file
    from quarterdeck.sdk.local_files import replace_file
    from quarterdeck.services.maintenance_drafts import instant_of, zone_here

    chosen = as_format or _format_of(file)
    moment = instant_of(at, zone_here(os.environ.get("TZ"))) if at else None
    export = _exported(workspace_of(store, profile, portable=portable), moment)
    replace_file(file, verdict_file(export, chosen))
    tell(policy_words.exported_text(file.name, export))


def _exported(workspace: Workspace, at: datetime | None) -> VerdictExport:
    """Every verdict as it stood at a moment, or stands now, once the policies were asked. Raises OperatorError."""
    from quarterdeck.composition import SystemClock, ask_to_leave, logged_in, open_workspace_store
    from quarterdeck.services.compliance_export import exported_verdicts
    from quarterdeck.services.export_gate import Leaving

    now = SystemClock().now()
    with closing(open_workspace_store(workspace, read_only=True)) as opened:
        export = exported_verdicts(opened, at or now)
    keys = {row.entity.key for row in export.rows}
    ask_to_leave(workspace, Leaving("The verdicts", keys, logged_in(), is_record=True), now)
    return export


policies_app.command(
    "try",
    epilog="For example `quarterdeck policies try own.yaml --days 30`. `quarterdeck policies enable` puts it in force.",
)(policies_try)
policies_app.command(
    "replay",
    epilog="For example `quarterdeck policies replay SEC-01 --json`. `quarterdeck policies show` tells the ids.",
)(policies_replay)
policies_app.command(
    "enable",
    epilog='For example `quarterdeck policies enable own.yaml --reason "Partners agreed"`. Try it before, with '
    "`quarterdeck policies try own.yaml`.",
)(policies_enable)
policies_app.command(
    "withdraw",
    epilog="For example `quarterdeck policies withdraw own.yaml`. `quarterdeck policies check` tells the files.",
)(policies_withdraw)


def _format_of(file: Path) -> VerdictFormat:
    """As what a file of this name is written."""
    known = {".csv": VerdictFormat.CSV, ".xlsx": VerdictFormat.XLSX, ".json": VerdictFormat.OSCAL_RESULTS}
    found = known.get(file.suffix.lower())
    if found is None:
        raise OperatorError(f"{file.name!r} does not tell as what it is to be written.", "Say it with `--format`.")
    return found

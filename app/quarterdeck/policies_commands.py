"""The commands of policies: whether files hold together, and how every policy stands."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from quarterdeck.command_options import JsonOption, PortableOption, ProfileOption, StoreOption, workspace_of
from quarterdeck.exporters.printing import Ended, tell

policies_app = typer.Typer(
    help="Policies: whether their files hold together, and how they stand.", no_args_is_help=True
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
    tell(policy_words.standing_json(standing) if as_json else policy_words.standing_text(standing))

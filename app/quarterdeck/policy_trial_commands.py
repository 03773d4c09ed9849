"""The commands by which policies are tried on what is stored, enabled, withdrawn, and replayed over the past."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from quarterdeck.command_options import (
    ApprovedOption,
    ByOption,
    JsonOption,
    PortableOption,
    ProfileOption,
    StoreOption,
    workspace_of,
)
from quarterdeck.domain.errors import OperatorError
from quarterdeck.exporters.printing import tell

if TYPE_CHECKING:
    from quarterdeck.services.policy_desk import Enabling, PolicyDesk
    from quarterdeck.services.policy_trials import Trial
    from quarterdeck.services.ports import Store
    from quarterdeck.services.workspace import Workspace

DaysOption = Annotated[int, typer.Option("--days", min=1, max=366, help="How many days back to judge.")]
ReasonOption = Annotated[str, typer.Option("--reason", metavar="WORDS", help="Why, in a few words.")]


def policies_try(
    file: Annotated[Path, typer.Argument(help="A pack of policies.")],
    *,
    days: DaysOption = 90,
    as_json: JsonOption = False,
    store: StoreOption = None,
    profile: ProfileOption = None,
    portable: PortableOption = False,
) -> None:
    """Judge a file by what is stored, now and over the last days, beside what was recorded. Writes nothing."""
    from quarterdeck.composition import SystemClock
    from quarterdeck.sdk.local_files import read_regular_file
    from quarterdeck.services.policy_packs import LARGEST_BYTES, parse_pack
    from quarterdeck.services.policy_trials import try_policies

    policies = parse_pack(read_regular_file(file, LARGEST_BYTES).data, file.name).policies
    with _store(workspace_of(store, profile, portable=portable), read_only=True) as opened:
        trial = try_policies(opened, policies, SystemClock().now(), days)
    _tell(trial, as_json=as_json)


def policies_replay(
    policies: Annotated[
        list[str] | None, typer.Argument(help="Policies by id; all in force when none is named.")
    ] = None,
    *,
    days: DaysOption = 90,
    as_json: JsonOption = False,
    store: StoreOption = None,
    profile: ProfileOption = None,
    portable: PortableOption = False,
) -> None:
    """Judge the last days by the versions in force now, beside what was recorded then; what was recorded stays."""
    from quarterdeck.composition import SystemClock

    with _desk(workspace_of(store, profile, portable=portable), read_only=True) as desk:
        trial = desk.replay(policies or [], SystemClock().now(), days)
    _tell(trial, as_json=as_json)


def policies_enable(
    file: Annotated[Path, typer.Argument(help="A pack of policies; it is put into the folder `policies` by its name.")],
    *,
    by: ByOption = None,
    approved_by: ApprovedOption = "",
    reason: ReasonOption = "",
    store: StoreOption = None,
    profile: ProfileOption = None,
    portable: PortableOption = False,
) -> None:
    """Put a sound file in force, in the place of what has the same name or ids, and that on record."""
    from quarterdeck.composition import SystemClock
    from quarterdeck.exporters.trial_words import act_text
    from quarterdeck.sdk.local_files import read_regular_file
    from quarterdeck.services.policy_packs import LARGEST_BYTES, parse_pack

    data = read_regular_file(file, LARGEST_BYTES).data
    parse_pack(data, file.name)
    workspace = workspace_of(store, profile, portable=portable)
    wanted = _enabling(workspace, file.name, data.decode("utf-8-sig"), (_who(by), approved_by, reason))
    with _desk(workspace) as desk:
        tell(act_text(desk.enable(wanted, SystemClock().now())))


def policies_withdraw(
    file: Annotated[str, typer.Argument(help="The name of a file in the folder `policies`.")],
    *,
    by: ByOption = None,
    approved_by: ApprovedOption = "",
    reason: ReasonOption = "",
    store: StoreOption = None,
    profile: ProfileOption = None,
    portable: PortableOption = False,
) -> None:
    """Take a file of your own out of force; what the program carries stands again. What was judged stays."""
    from quarterdeck.composition import SystemClock
    from quarterdeck.exporters.trial_words import act_text

    workspace = workspace_of(store, profile, portable=portable)
    wanted = _enabling(workspace, file, "", (_who(by), approved_by, reason))
    with _desk(workspace) as desk:
        tell(act_text(desk.withdraw(wanted, SystemClock().now())))


def _enabling(workspace: Workspace, file: str, text: str, said: tuple[str, str, str]) -> Enabling:
    from quarterdeck.services.policy_desk import Enabling
    from quarterdeck.services.policy_shelf import PolicyShelf

    by, approved_by, comment = said
    digest = PolicyShelf(workspace.policies_folder).digest(file)
    return Enabling(file, text, digest, by, approved_by, comment)


def _who(by: str | None) -> str:
    from quarterdeck.composition import logged_in

    name = by or logged_in()
    if not name:
        raise OperatorError("Nobody is logged in by a name.", "Say who does it with `--by`.")
    return name


def _tell(trial: Trial, *, as_json: bool) -> None:
    from quarterdeck.exporters.trial_words import trial_json, trial_text

    tell(trial_json(trial) if as_json else trial_text(trial))


@contextmanager
def _desk(workspace: Workspace, *, read_only: bool = False) -> Generator[PolicyDesk]:
    from quarterdeck.services.policy_desk import PolicyDesk
    from quarterdeck.services.policy_shelf import PolicyShelf

    with _store(workspace, read_only=read_only) as store:
        yield PolicyDesk(store, PolicyShelf(workspace.policies_folder))


@contextmanager
def _store(workspace: Workspace, *, read_only: bool) -> Generator[Store]:
    from quarterdeck.composition import open_workspace_store

    with closing(open_workspace_store(workspace, read_only=read_only)) as store:
        yield store

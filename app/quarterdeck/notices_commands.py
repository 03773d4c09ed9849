"""The commands of notices: where owners are told, a try of one, the secret of one, and what was done so far."""

from __future__ import annotations

import asyncio
import sys
from contextlib import closing
from typing import TYPE_CHECKING, Annotated

import typer

from quarterdeck.command_options import PortableOption, ProfileOption, StoreOption, workspace_of
from quarterdeck.domain.errors import OperatorError
from quarterdeck.exporters.printing import tell

if TYPE_CHECKING:
    from quarterdeck.services.notice_targets import TargetBook
    from quarterdeck.services.workspace import Workspace

notices_app = typer.Typer(
    help="Notices to owners of policies that do not hold, and what else policies had done.", no_args_is_help=True
)
OwnerArgument = Annotated[str, typer.Argument(help="The owner as the policy names it; * for everybody else.")]


@notices_app.command(
    "list", epilog="For example `quarterdeck notices list`. `quarterdeck notices test Security` tries a target."
)
def notices_list(*, store: StoreOption = None, profile: ProfileOption = None, portable: PortableOption = False) -> None:
    """Print where owners are told, and the last steps that policies had taken: incidents, notices, refused exports."""
    from quarterdeck.composition import open_workspace_store
    from quarterdeck.exporters.enforcement_words import steps_text, targets_text
    from quarterdeck.services.enforcement import EnforcementLog

    workspace = workspace_of(store, profile, portable=portable)
    tell(targets_text(_book(workspace).targets()))
    with closing(open_workspace_store(workspace, read_only=True)) as opened:
        tell(steps_text(EnforcementLog(opened).records()))


@notices_app.command(
    "test", epilog="For example `quarterdeck notices test Security`. `quarterdeck notices list` tells the targets."
)
def notices_test(
    owner: OwnerArgument, *, store: StoreOption = None, profile: ProfileOption = None, portable: PortableOption = False
) -> None:
    """Send a notice that says it is a test. Exit code 4 when it is not taken."""
    from quarterdeck.exporters.notices import ChildNotifier
    from quarterdeck.services.enforcement_ports import Notice

    notifier = ChildNotifier(_book(workspace_of(store, profile, portable=portable)))
    body = "This is a test: notices about policies that do not hold will come this way."
    asyncio.run(notifier.send(Notice(owner, "Test of notices", body, "test")))
    tell(f"{notifier.target_of(owner)} took the notice.")


@notices_app.command(
    "secret", epilog="For example `quarterdeck notices secret Security`; it is asked for, and never printed."
)
def notices_secret(
    owner: OwnerArgument, *, store: StoreOption = None, profile: ProfileOption = None, portable: PortableOption = False
) -> None:
    """Keep the secret that stands for {secret} in the address of a target, in the keyring."""
    from quarterdeck.composition import secrets_of
    from quarterdeck.services.notice_targets import SECRETS_OF

    secret = str(typer.prompt("Secret", hide_input=True))
    if not secret:
        raise OperatorError("The secret is empty.", "Type it, or end with Ctrl+C.")
    secrets_of(workspace_of(store, profile, portable=portable)).put(SECRETS_OF, owner, secret)
    tell(f"The secret of the target of {owner} is kept.")


def send_notice() -> None:
    """Send the notice that comes as JSON on standard input; used by the collector."""
    from quarterdeck.exporters.notices import send_from

    tell(send_from(sys.stdin))


def _book(workspace: Workspace) -> TargetBook:
    from quarterdeck.composition import secrets_of
    from quarterdeck.services.notice_targets import TARGETS_FILE, TargetBook

    return TargetBook(workspace.places.config_folder / TARGETS_FILE, secrets_of(workspace))

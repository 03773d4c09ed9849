"""The commands of waivers: policies set aside for a while are listed, granted and withdrawn."""

from __future__ import annotations

import getpass
import os
from collections.abc import Generator
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from quarterdeck.command_options import JsonOption, PortableOption, ProfileOption, StoreOption, workspace_of
from quarterdeck.domain.errors import OperatorError
from quarterdeck.exporters.printing import tell
from quarterdeck.services.told_commands import Place

if TYPE_CHECKING:
    from quarterdeck.services.waivers import WaiverBook
    from quarterdeck.services.workspace import Workspace

waivers_app = typer.Typer(
    help="Waivers: policies set aside for an entity until a day, by whom and why.", no_args_is_help=True
)
ByOption = Annotated[str | None, typer.Option("--by", metavar="NAME", help="Who asks; else whoever is logged in.")]


@waivers_app.command(
    "list",
    epilog="For example `quarterdeck waivers list --json`. `quarterdeck waivers add` grants another.",
)
def waivers_list(
    *,
    everything: Annotated[bool, typer.Option("--all", help="Also those that are over.")] = False,
    as_json: JsonOption = False,
    store: StoreOption = None,
    profile: ProfileOption = None,
    portable: PortableOption = False,
) -> None:
    """Print the waivers that hold or are to come, those that end first in front."""
    from quarterdeck.composition import SystemClock
    from quarterdeck.domain.waivers import OVER
    from quarterdeck.exporters.waiver_words import listed_json, listed_text

    now = SystemClock().now()
    with _book(workspace_of(store, profile, portable=portable), read_only=True) as book:
        found = [record for record in book.listed() if everything or record.standing(now) not in OVER]
    place = Place(store, profile, portable=portable)
    tell(listed_json(found, now) if as_json else place.leading_here(listed_text(found, now)))


@waivers_app.command(
    "add",
    epilog='For example `quarterdeck waivers add SEC-01 integration/payhub --until 30d --reason "Replaced in May" '
    "--approved-by bert`. `quarterdeck policies show` tells the policies.",
)
def waivers_add(
    policy: Annotated[str, typer.Argument(help="The policy by its id.")],
    entity: Annotated[str, typer.Argument(help="The entity by its key.")],
    *,
    until: Annotated[str, typer.Option("--until", metavar="TIME", help="When it ends, or how long: 30d, 12h.")],
    reason: Annotated[str, typer.Option("--reason", metavar="WORDS", help="Why, in a few words.")],
    start: Annotated[
        str | None, typer.Option("--start", metavar="TIME", help="When it begins; now where it is not said.")
    ] = None,
    by: ByOption = None,
    approved_by: Annotated[
        str | None, typer.Option("--approved-by", metavar="NAME", help="Who agrees; else whoever asks.")
    ] = None,
    zone: Annotated[
        str | None, typer.Option("--zone", metavar="NAME", help="The zone of times; else this machine's.")
    ] = None,
    store: StoreOption = None,
    profile: ProfileOption = None,
    portable: PortableOption = False,
) -> None:
    """Set a policy aside for an entity until a time; then it opens again by itself."""
    from quarterdeck.composition import SystemClock
    from quarterdeck.exporters.waiver_words import record_text
    from quarterdeck.services.maintenance_drafts import instant_of, length_of, zone_here
    from quarterdeck.services.waivers import WaiverDraft

    now, who = SystemClock().now(), _who(by)
    here = zone or zone_here(os.environ.get("TZ"))
    from_at = instant_of(start, here) if start else now
    until_at = from_at + length_of(until, from_at, here)
    draft = WaiverDraft(policy, entity, reason, who, approved_by or who, until_at, from_at)
    with _book(workspace_of(store, profile, portable=portable)) as book:
        tell(record_text(book.add(draft, now), now))


@waivers_app.command(
    "withdraw",
    epilog='For example `quarterdeck waivers withdraw waiver-1 --note "Replaced"`. `quarterdeck waivers list` tells '
    "the ids.",
)
def waivers_withdraw(
    waiver: Annotated[str, typer.Argument(help="The waiver by its id.")],
    *,
    note: Annotated[str, typer.Option("--note", metavar="WORDS", help="Why it is withdrawn.")],
    by: ByOption = None,
    store: StoreOption = None,
    profile: ProfileOption = None,
    portable: PortableOption = False,
) -> None:
    """End a waiver now. What was waived up to now stays so."""
    from quarterdeck.composition import SystemClock
    from quarterdeck.exporters.waiver_words import record_text

    now = SystemClock().now()
    with _book(workspace_of(store, profile, portable=portable)) as book:
        tell(record_text(book.withdraw(waiver, _who(by), note, now), now))


@contextmanager
def _book(workspace: Workspace, *, read_only: bool = False) -> Generator[WaiverBook]:
    from quarterdeck.composition import open_workspace_store
    from quarterdeck.services.waivers import WaiverBook

    with closing(open_workspace_store(workspace, read_only=read_only)) as store:
        yield WaiverBook(store)


def _who(named: str | None) -> str:
    try:
        return named or getpass.getuser()
    except (OSError, KeyError):
        raise OperatorError("Nobody is logged in by a name.", "Say who with `--by`.") from None

"""The options that go with every command, and the workspace they name."""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from quarterdeck.domain.errors import OperatorError

if TYPE_CHECKING:
    from quarterdeck.services.workspace import Workspace

StoreOption = Annotated[
    str | None,
    typer.Option("--store", metavar="URL", help="The store: a file's path, or a database URL such as postgresql://…"),
]
ProfileOption = Annotated[
    str | None, typer.Option("--profile", metavar="NAME", help="A workspace of its own, with its own store and layout.")
]
PortableOption = Annotated[
    bool, typer.Option("--portable", help="Keep everything in the folder quarterdeck-data beside where you start.")
]
ByOption = Annotated[str | None, typer.Option("--by", metavar="NAME", help="Who does it; else whoever is logged in.")]
ApprovedOption = Annotated[str, typer.Option("--approved-by", metavar="NAME", help="Who agrees, where one has to.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for scripts instead of a table.")]
WithdrawOption = Annotated[
    bool,
    typer.Option("--withdraw", help="Also when it withdraws all or most of what the document declared before."),
]


def workspace_of(store: str | None, profile: str | None, *, portable: bool) -> Workspace:
    """The workspace that the options name. Raises OperatorError."""
    from quarterdeck.services.workspace import open_workspace

    return open_workspace(store_url=store, profile=profile, portable=portable)


def start_before(since: str, end_at: datetime) -> datetime:
    """The instant told by a duration before another, such as 24h, or by itself. Raises OperatorError."""
    from quarterdeck.sdk.durations import parse_duration

    try:
        seconds = parse_duration(since)
    except ValueError:
        return instant_at(since)
    try:
        return end_at - timedelta(seconds=seconds)
    except OverflowError as fault:
        raise OperatorError(f"{since} reaches back too far.", "Say a shorter time, such as 90d.") from fault


def instant_at(text: str) -> datetime:
    """An instant as a person writes it, in the zone of this machine. Raises OperatorError."""
    from quarterdeck.services.maintenance_drafts import instant_of, zone_here

    return instant_of(text, zone_here(os.environ.get("TZ")))

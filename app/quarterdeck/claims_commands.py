"""The command that holds what partners claim against what is measured. It only reads."""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta
from enum import StrEnum
from typing import Annotated

import typer

from quarterdeck.command_options import (
    PortableOption,
    ProfileOption,
    StoreOption,
    instant_at,
    start_before,
    workspace_of,
)
from quarterdeck.domain.errors import OperatorError
from quarterdeck.exporters.printing import tell

USUAL = timedelta(days=30)


class ClaimsFormat(StrEnum):
    """How the log is printed."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"


def claims(
    partner: Annotated[str | None, typer.Argument(help="One partner by its key; all where none is named.")] = None,
    *,
    since: Annotated[
        str | None,
        typer.Option("--since", metavar="TIME", help="From when on, or for how long: 2026-11-01, 90d. 30 d otherwise."),
    ] = None,
    at: Annotated[
        str | None, typer.Option("--at", metavar="TIME", help="As it was known then; now where it is not said.")
    ] = None,
    shape: Annotated[ClaimsFormat, typer.Option("--format", help="How it is printed.")] = ClaimsFormat.TABLE,
    store: StoreOption = None,
    profile: ProfileOption = None,
    portable: PortableOption = False,
) -> None:
    """Print where partners' claims and our measurement differ, how long, whose fault it was, and what it adds up to."""
    from quarterdeck.composition import SystemClock, open_workspace_store
    from quarterdeck.domain.instants import TimeRange
    from quarterdeck.exporters.claims_text import claims_json, claims_text
    from quarterdeck.services.claim_log import ClaimLogReader
    from quarterdeck.services.claim_words import csv_of

    now = SystemClock().now()
    end_at = instant_at(at) if at else now
    start_at = start_before(since, end_at) if since is not None else end_at - USUAL
    if start_at >= end_at:
        raise OperatorError("The range would end before it begins.", "Say an earlier --since, or a later --at.")
    with closing(open_workspace_store(workspace_of(store, profile, portable=portable), read_only=True)) as opened:
        if partner is not None and opened.estate(end_at).entity(partner) is None:
            raise OperatorError(
                f"There was no entity {partner} then.", "`quarterdeck status` tells the entities; a key is kind/name."
            )
        log = ClaimLogReader(opened).log(TimeRange(start_at, end_at), end_at, partner or "")
    match shape:
        case ClaimsFormat.JSON:
            tell(claims_json(log))
        case ClaimsFormat.CSV:
            tell(csv_of(log).decode("utf-8").replace("\r\n", "\n").rstrip("\n"))
        case ClaimsFormat.TABLE:
            tell(claims_text(log, now))

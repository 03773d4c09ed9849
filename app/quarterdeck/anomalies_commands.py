"""The command that lists what is unusual. It only reads."""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta
from typing import Annotated

import typer

from quarterdeck.command_options import (
    JsonOption,
    PortableOption,
    ProfileOption,
    StoreOption,
    instant_at,
    start_before,
    workspace_of,
)
from quarterdeck.domain.errors import OperatorError
from quarterdeck.exporters.printing import tell

anomalies_app = typer.Typer(help="Anomalies: what is outside its usual range, and since when.", no_args_is_help=True)
_USUAL = "24h"


@anomalies_app.command(
    "list",
    epilog="For example `quarterdeck anomalies list --from 7d --json`. Performance shows them on its charts.",
)
def anomalies_list(
    *,
    at: Annotated[
        str | None, typer.Option("--at", metavar="TIME", help="As it was known then; now where it is not said.")
    ] = None,
    start: Annotated[
        str, typer.Option("--from", metavar="TIME", help="From when on, or for how long: 2026-11-24 08:00, 7d.")
    ] = _USUAL,
    end: Annotated[str | None, typer.Option("--to", metavar="TIME", help="Up to then; up to --at otherwise.")] = None,
    as_json: JsonOption = False,
    store: StoreOption = None,
    profile: ProfileOption = None,
    portable: PortableOption = False,
) -> None:
    """List what is outside its usual range: how far, since when, which signs told it, what was expected."""
    from quarterdeck.composition import SystemClock, open_workspace_store
    from quarterdeck.domain.instants import TimeRange
    from quarterdeck.exporters.unusual_text import unusual_json, unusual_text
    from quarterdeck.services.moments import Moment
    from quarterdeck.services.unusual import UnusualReader

    known_at = instant_at(at) if at else SystemClock().now()
    end_at = instant_at(end) if end else known_at
    start_at = start_before(start, end_at)
    if start_at >= end_at:
        raise OperatorError("The range would end before it begins.", "Say an earlier --from, or a later --to.")
    if end_at - start_at > timedelta(days=3660):
        raise OperatorError("The range is longer than ten years.", "Say a later --from.")
    with closing(open_workspace_store(workspace_of(store, profile, portable=portable), read_only=True)) as opened:
        report = UnusualReader(opened).unusual(Moment(TimeRange(start_at, end_at), known_at))
    tell(unusual_json(report) if as_json else unusual_text(report))

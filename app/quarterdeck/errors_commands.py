"""The command that lists error patterns. It only reads."""

from __future__ import annotations

from contextlib import closing
from datetime import datetime
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

errors_app = typer.Typer(help="Errors: the patterns of the failures that events tell.", no_args_is_help=True)
_USUAL = "6h"


@errors_app.command(
    "list",
    epilog="For example `quarterdeck errors list --since 24h --json`. The Errors view of Performance charts them.",
)
def errors_list(
    *,
    since: Annotated[
        str, typer.Option("--since", metavar="TIME", help="From when on, or for how long: 2026-11-24 08:00, 24h.")
    ] = _USUAL,
    at: Annotated[
        str | None, typer.Option("--at", metavar="TIME", help="Up to then; up to now where it is not said.")
    ] = None,
    as_json: JsonOption = False,
    store: StoreOption = None,
    profile: ProfileOption = None,
    portable: PortableOption = False,
) -> None:
    """List the patterns of failures, how many now and in the equal time before, first and last seen, and of whom."""
    from quarterdeck.composition import SystemClock, open_workspace_store
    from quarterdeck.domain.instants import TimeRange
    from quarterdeck.exporters.error_text import errors_json, errors_text
    from quarterdeck.services.error_patterns import ErrorReader
    from quarterdeck.services.moments import Moment

    now = SystemClock().now()
    end_at: datetime = instant_at(at) if at else now
    start_at = start_before(since, end_at)
    if start_at >= end_at:
        raise OperatorError("The range would end before it begins.", "Say an earlier --since, or a later --at.")
    with closing(open_workspace_store(workspace_of(store, profile, portable=portable), read_only=True)) as opened:
        report = ErrorReader(opened).errors(Moment(TimeRange(start_at, end_at), end_at))
    tell(errors_json(report) if as_json else errors_text(report, now))

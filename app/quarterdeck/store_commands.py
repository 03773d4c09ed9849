"""The commands of the store: where it is and how large, what it keeps, room given back, histories taken in."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from quarterdeck.command_options import JsonOption, PortableOption, ProfileOption, StoreOption, workspace_of
from quarterdeck.exporters.printing import Ended, tell

store_app = typer.Typer(help="The store: where it is, how large, and whether it is sound.", no_args_is_help=True)


@store_app.command(
    "info",
    epilog="For example `quarterdeck store info --store backup.db`. Then `quarterdeck store check` reads it whole.",
)
def store_info(
    *,
    as_json: JsonOption = False,
    store: StoreOption = None,
    profile: ProfileOption = None,
    portable: PortableOption = False,
) -> None:
    """Say where the store is, its size, growth and room, and what it holds."""
    from quarterdeck import bootstrap
    from quarterdeck.exporters import store_words

    found = bootstrap.store_info(workspace_of(store, profile, portable=portable))
    tell(store_words.info_json(*found) if as_json else store_words.info_text(*found))


@store_app.command(
    "retention",
    epilog="For example `quarterdeck store retention --samples 30d --fine 1000d --limit 20GB`. Without any of these it "
    "only tells.",
)
def store_retention(
    *,
    samples: Annotated[str | None, typer.Option(metavar="TIME", help="How long single samples are kept.")] = None,
    fine: Annotated[str | None, typer.Option(metavar="TIME", help="Summaries of up to 256 samples.")] = None,
    coarse: Annotated[str | None, typer.Option(metavar="TIME", help="Summaries of up to 4,096 samples.")] = None,
    limit: Annotated[str | None, typer.Option(metavar="SIZE", help="What the store may take, or `none`.")] = None,
    store: StoreOption = None,
    profile: ProfileOption = None,
    portable: PortableOption = False,
) -> None:
    """Say or set how long samples are kept at which resolution, a time such as 30d or forever. Nothing else goes."""
    from quarterdeck import bootstrap
    from quarterdeck.exporters import store_words
    from quarterdeck.services.store_keeping import RetentionChange

    change = RetentionChange(samples, fine, coarse, limit)
    tell(store_words.policy_text(bootstrap.retention_of(workspace_of(store, profile, portable=portable), change)))


@store_app.command(
    "vacuum", epilog="For example `quarterdeck store vacuum` after `quarterdeck store retention --samples 30d`."
)
def store_vacuum(*, store: StoreOption = None, profile: ProfileOption = None, portable: PortableOption = False) -> None:
    """Thin now what is no longer kept, and give its room back to the disk; a collector may run meanwhile."""
    from quarterdeck import bootstrap
    from quarterdeck.exporters import store_words

    tell(store_words.vacuum_text(*bootstrap.vacuum_store(workspace_of(store, profile, portable=portable))))


@store_app.command(
    "check", epilog="For example `quarterdeck store check --store backup.db`. Bring back a copy where it finds faults."
)
def store_check(*, store: StoreOption = None, profile: ProfileOption = None, portable: PortableOption = False) -> None:
    """Read the whole store and say what is wrong with it. Exit code 1 when anything is."""
    from quarterdeck import bootstrap

    faults = bootstrap.check_store(workspace_of(store, profile, portable=portable))
    tell("\n".join(faults) if faults else "The store is sound.")
    raise Ended(int(bool(faults)))


@store_app.command(
    "import",
    epilog="For example `quarterdeck store import history.om --entity component/host`. Then `quarterdeck store info` "
    "tells what is held.",
)
def store_import(
    file: Annotated[Path, typer.Argument(help="OpenMetrics text, each sample with its instant.")],
    *,
    entity: Annotated[str, typer.Option(metavar="KEY", help="Whose series they are, such as component/host.")],
    store: StoreOption = None,
    profile: ProfileOption = None,
    portable: PortableOption = False,
) -> None:
    """Take a history in from a file of text. Taking it in twice changes nothing the second time."""
    from contextlib import closing

    from quarterdeck.composition import SystemClock, open_workspace_store
    from quarterdeck.exporters import store_words
    from quarterdeck.services.history_import import HistoryImport

    with closing(open_workspace_store(workspace_of(store, profile, portable=portable))) as opened:
        tell(store_words.import_text(HistoryImport(opened, SystemClock()).take(file, entity)))

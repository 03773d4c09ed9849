"""The commands of maintenance: windows listed, planned, ended, corrected, and taken to and from calendars."""

from __future__ import annotations

import getpass
import os
from collections.abc import Generator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from quarterdeck.command_options import JsonOption, PortableOption, ProfileOption, StoreOption, workspace_of
from quarterdeck.domain.errors import OperatorError
from quarterdeck.exporters.printing import tell
from quarterdeck.services.told_commands import Place

if TYPE_CHECKING:
    from quarterdeck.domain.maintenance import MaintenanceRecord
    from quarterdeck.services.maintenance import MaintenanceBook
    from quarterdeck.services.workspace import Workspace

maintenance_app = typer.Typer(
    help="Maintenance windows: what is planned work, and no failure to be woken for.", no_args_is_help=True
)
DomainOption = Annotated[
    list[str] | None, typer.Option("--domain", metavar="NAME", help="Everything of a domain; may be repeated.")
]
StartOption = Annotated[
    str | None, typer.Option("--start", metavar="TIME", help="When it begins, such as 2026-11-29 02:00.")
]
EndOption = Annotated[
    str | None, typer.Option("--end", metavar="TIME", help="When it ends, or how long: 2h, 90min, 3d.")
]
RuleOption = Annotated[
    str | None, typer.Option("--rule", metavar="RULE", help="When it comes again: FREQ=WEEKLY;BYDAY=SU, or `none`.")
]
ReasonOption = Annotated[str | None, typer.Option("--reason", metavar="WORDS", help="What is done, in a few words.")]
ZoneOption = Annotated[
    str | None,
    typer.Option("--zone", metavar="NAME", help="The zone of times, such as Europe/Berlin; else this machine's."),
]
ByOption = Annotated[str | None, typer.Option("--by", metavar="NAME", help="Who says so; else whoever is logged in.")]
NoteOption = Annotated[str, typer.Option("--note", metavar="WORDS", help="Why, for whoever reads the record later.")]


@maintenance_app.command(
    "list",
    epilog="For example `quarterdeck maintenance list window-1` tells every record of it. "
    "`quarterdeck maintenance add` plans another.",
)
def maintenance_list(
    window: Annotated[str | None, typer.Argument(help="One window by its id: all that was recorded of it.")] = None,
    *,
    everything: Annotated[bool, typer.Option("--all", help="Also those that are over.")] = False,
    known_at: Annotated[
        str | None, typer.Option("--known-at", metavar="TIME", help="As it was recorded at a moment.")
    ] = None,
    as_json: JsonOption = False,
    store: StoreOption = None,
    profile: ProfileOption = None,
    portable: PortableOption = False,
) -> None:
    """List the windows that are under way or to come, by when they begin."""
    from quarterdeck.composition import SystemClock
    from quarterdeck.exporters import maintenance_words as words
    from quarterdeck.services.maintenance_drafts import instant_of

    now = SystemClock().now()
    known = instant_of(known_at, _zone(None)) if known_at else None
    with _book(workspace_of(store, profile, portable=portable), read_only=True) as book:
        if window is not None:
            records = [each for each in book.history(window) if known is None or each.recorded_at <= known]
            tell(words.history_json(records) if as_json else words.history_text(records, now))
            return
        listed = [each for each in book.listed(known) if everything or not each.is_over]
    place = Place(store, profile, portable=portable)
    tell(words.listed_json(listed) if as_json else place.leading_here(words.listed_text(listed, now)))


@maintenance_app.command(
    "add",
    epilog='For example `quarterdeck maintenance add integration/payhub --start "2026-11-29 02:00" --end 1h '
    '--rule "FREQ=WEEKLY;BYDAY=SU" --reason "Core upgrade"`. Then `quarterdeck maintenance list` shows it.',
)
def maintenance_add(
    entities: Annotated[list[str] | None, typer.Argument(help="What it covers, by keys of entities.")] = None,
    *,
    domain: DomainOption = None,
    start: StartOption = None,
    end: EndOption = None,
    rule: RuleOption = None,
    reason: ReasonOption = None,
    zone: ZoneOption = None,
    by: ByOption = None,
    note: NoteOption = "",
    store: StoreOption = None,
    profile: ProfileOption = None,
    portable: PortableOption = False,
) -> None:
    """Plan a window, from now on where no start is said. It covers what it names and nothing else."""
    from quarterdeck.composition import SystemClock
    from quarterdeck.services.maintenance import Signature
    from quarterdeck.services.maintenance_drafts import WindowWords, drafted

    said = WindowWords(tuple(entities or ()), tuple(domain or ()), start, end, rule, reason, zone)
    draft = drafted(said, SystemClock().now(), _zone(zone))
    with _book(workspace_of(store, profile, portable=portable)) as book:
        _tell_record(book.add(draft, Signature(_who(by), note)))


@maintenance_app.command(
    "end",
    epilog="For example `quarterdeck maintenance end window-1`. `quarterdeck maintenance list` tells the ids.",
)
def maintenance_end(
    window: Annotated[str, typer.Argument(help="The window by its id.")],
    *,
    at: Annotated[
        str | None, typer.Option("--at", metavar="TIME", help="When it ended; now where it is not said.")
    ] = None,
    whole: Annotated[bool, typer.Option("--all", help="Every later occurrence too.")] = False,
    zone: ZoneOption = None,
    by: ByOption = None,
    note: NoteOption = "",
    store: StoreOption = None,
    profile: ProfileOption = None,
    portable: PortableOption = False,
) -> None:
    """End a window early: the occurrence under way, and with --all those to come."""
    from quarterdeck.composition import SystemClock
    from quarterdeck.services.maintenance import Signature
    from quarterdeck.services.maintenance_drafts import instant_of

    at_ = instant_of(at, _zone(zone)) if at else SystemClock().now().replace(microsecond=0)
    with _book(workspace_of(store, profile, portable=portable)) as book:
        _tell_record(book.end(window, at_, Signature(_who(by), note), whole=whole))


@maintenance_app.command(
    "correct",
    epilog='For example `quarterdeck maintenance correct window-1 --end 3h --note "It took longer"`. '
    "`quarterdeck maintenance list window-1` tells every record.",
)
def maintenance_correct(
    window: Annotated[str, typer.Argument(help="The window by its id.")],
    *,
    entity: Annotated[
        list[str] | None, typer.Option("--entity", metavar="KEY", help="What it covers instead; may be repeated.")
    ] = None,
    domain: DomainOption = None,
    start: StartOption = None,
    end: EndOption = None,
    rule: RuleOption = None,
    reason: ReasonOption = None,
    zone: ZoneOption = None,
    by: ByOption = None,
    note: NoteOption = "",
    store: StoreOption = None,
    profile: ProfileOption = None,
    portable: PortableOption = False,
) -> None:
    """Say anew what a window is or was. States of the past follow; what was told before stays readable."""
    from quarterdeck.services.maintenance import Signature
    from quarterdeck.services.maintenance_drafts import WindowWords, corrected

    said = WindowWords(tuple(entity or ()), tuple(domain or ()), start, end, rule, reason, zone)
    with _book(workspace_of(store, profile, portable=portable)) as book:
        changed = corrected(book.history(window)[-1].window, said)
        _tell_record(book.correct(changed, Signature(_who(by), note)))


@maintenance_app.command(
    "export", epilog="For example `quarterdeck maintenance export > maintenance.ics`, for any calendar program."
)
def maintenance_export(
    file: Annotated[Path | None, typer.Argument(help="Where to write it; else it is printed.")] = None,
    *,
    everything: Annotated[bool, typer.Option("--all", help="Also those that are over.")] = False,
    store: StoreOption = None,
    profile: ProfileOption = None,
    portable: PortableOption = False,
) -> None:
    """Write the windows as an iCalendar file."""
    from quarterdeck.exporters.maintenance_calendar import calendar_text
    from quarterdeck.exporters.terminal import plain
    from quarterdeck.sdk.local_files import replace_file
    from quarterdeck.sdk.texts import counted

    with _book(workspace_of(store, profile, portable=portable), read_only=True) as book:
        records = [each.record for each in book.listed() if everything or not each.is_over]
    content = calendar_text(records)
    if file is None:
        tell(content.decode().replace("\r\n", "\n").rstrip("\n"))
        return
    replace_file(file, content)
    tell(f"{plain(file.name).plain}: {counted(len(records), 'window')}.")


@maintenance_app.command(
    "import",
    epilog="For example `quarterdeck maintenance import bank.ics --domain bill_pay`. Then "
    "`quarterdeck maintenance list` shows them.",
)
def maintenance_import(
    file: Annotated[Path, typer.Argument(help="An iCalendar file.")],
    *,
    entity: Annotated[
        list[str] | None,
        typer.Option("--entity", metavar="KEY", help="What events cover that do not say it; may be repeated."),
    ] = None,
    domain: DomainOption = None,
    zone: ZoneOption = None,
    by: ByOption = None,
    note: NoteOption = "",
    store: StoreOption = None,
    profile: ProfileOption = None,
    portable: PortableOption = False,
) -> None:
    """Take the events of an iCalendar file in as windows, all or none. Twice changes nothing the second time."""
    from quarterdeck.exporters.maintenance_words import taken_text
    from quarterdeck.services.maintenance import Signature
    from quarterdeck.services.maintenance_import import ImportScope, read_calendar_file

    windows = read_calendar_file(file, ImportScope(tuple(entity or ()), tuple(domain or ()), _zone(zone)))
    with _book(workspace_of(store, profile, portable=portable)) as book:
        tell(taken_text(book.take(windows, Signature(_who(by), note)), len(windows)))


@contextmanager
def _book(workspace: Workspace, *, read_only: bool = False) -> Generator[MaintenanceBook]:
    from quarterdeck.composition import SystemClock, open_workspace_store
    from quarterdeck.services.maintenance import MaintenanceBook

    with closing(open_workspace_store(workspace, read_only=read_only)) as store:
        yield MaintenanceBook(store, SystemClock())


def _tell_record(record: MaintenanceRecord) -> None:
    from quarterdeck.composition import SystemClock
    from quarterdeck.exporters.maintenance_words import record_text

    tell(record_text(record, SystemClock().now()))


def _zone(named: str | None) -> str:
    from quarterdeck.services.maintenance_drafts import zone_here

    return named or zone_here(os.environ.get("TZ"))


def _who(named: str | None) -> str:
    try:
        return named or getpass.getuser()
    except (OSError, KeyError):
        raise OperatorError("Nobody is logged in by a name.", "Say who with `--by`.") from None

"""The commands of the estate as data: taking other programs' files in, writing documents, and telling drift."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from contextlib import closing
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from quarterdeck.command_options import (
    ApprovedOption,
    ByOption,
    PortableOption,
    ProfileOption,
    StoreOption,
    WithdrawOption,
    workspace_of,
)
from quarterdeck.exporters.printing import Ended, tell

if TYPE_CHECKING:
    from quarterdeck.services.estate_import import ImportedEstate
    from quarterdeck.services.export_gate import Release
    from quarterdeck.services.ports import Store
    from quarterdeck.services.workspace import Workspace

NAME_OF_IMPORTS = "imported"
ReleaseOption = Annotated[
    str, typer.Option("--release", metavar="WORDS", help="Why it may leave although policies block it.")
]
_SHOWN_CHARS = 400


class DriftFormat(StrEnum):
    """How drift is printed."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"


FilesArgument = Annotated[
    list[Path], typer.Argument(help="Backstage `catalog-info.yaml` and OpenSLO files, given together.")
]


def import_estate(
    files: FilesArgument,
    *,
    document: Annotated[
        str, typer.Option("--document", metavar="NAME", help="The document that it all is declared under.")
    ] = NAME_OF_IMPORTS,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only print the difference; change nothing.")] = False,
    withdraw: WithdrawOption = False,
    as_document: Annotated[
        bool, typer.Option("--as-document", help="Print an estate document of it instead; change nothing.")
    ] = False,
    store: StoreOption = None,
    profile: ProfileOption = None,
    portable: PortableOption = False,
) -> None:
    """Take software catalogues and service level objectives in as an estate, all or nothing.

    The same files again change nothing; what they no longer declare is withdrawn.
    """
    from quarterdeck import bootstrap
    from quarterdeck.exporters.terminal import plain
    from quarterdeck.sdk.estate_writer import estate_to_yaml

    found = _read(files, document)
    if as_document:
        tell(estate_to_yaml(found.declared).rstrip("\n"))
        return
    for remark in found.remarks:
        tell(plain(remark.sentence, _SHOWN_CHARS).plain)
    tell(plain(found.taken, _SHOWN_CHARS).plain)
    workspace = workspace_of(store, profile, portable=portable)
    for line in bootstrap.apply_declared(workspace, found.declared, dry_run=dry_run, withdraw=withdraw):
        tell(line)


def export_estate(
    target: Annotated[
        Path | None, typer.Argument(help="A file, or a folder for all documents; else it is printed.")
    ] = None,
    *,
    document: Annotated[
        str | None, typer.Option("--document", metavar="NAME", help="Which document, where there are several.")
    ] = None,
    release: ReleaseOption = "",
    by: ByOption = None,
    approved_by: ApprovedOption = "",
    store: StoreOption = None,
    profile: ProfileOption = None,
    portable: PortableOption = False,
) -> None:
    """Write what is declared as an estate document. Applied to an empty store it makes the same estate.

    Where policies block it, it is refused, unless two people release it.
    """
    from quarterdeck.composition import SystemClock, open_workspace_store
    from quarterdeck.services.estate_export import added_by_hand, documents_held, the_only_document

    now, workspace = SystemClock().now(), workspace_of(store, profile, portable=portable)
    with closing(open_workspace_store(workspace, read_only=True)) as opened:
        if target is not None and target.is_dir():
            held = documents_held(opened, now) or (the_only_document(opened, now),)
            names = {name: target / f"{name}.yaml" for name in ([document] if document else held)}
        else:
            names = {document or the_only_document(opened, now): target}
        _ask(workspace, opened, names, _release(release, by, approved_by))
        for name, file in names.items():
            _write(opened, file, name)
        if target is not None and (count := added_by_hand(opened)):
            tell(f"Connections added by hand belong to no document and are left out: {count}.")


def drift(
    *,
    at: Annotated[
        str | None, typer.Option("--at", metavar="TIME", help="As it stood then; now where it is not said.")
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="Also what no source could tell.")] = False,
    shape: Annotated[DriftFormat, typer.Option("--format", help="How it is printed.")] = DriftFormat.TABLE,
    store: StoreOption = None,
    profile: ProfileOption = None,
    portable: PortableOption = False,
) -> None:
    """List what is declared and not seen, and seen and not declared, since when. Exit code 1 when there is any."""
    from quarterdeck.composition import SystemClock, open_workspace_store
    from quarterdeck.exporters.drift_words import drift_json, drift_text
    from quarterdeck.services.drift import DriftReader
    from quarterdeck.services.drift_table import drift_csv
    from quarterdeck.services.maintenance_drafts import reached_instant_of, zone_here

    now = SystemClock().now()
    moment = reached_instant_of(at, zone_here(os.environ.get("TZ")), now) if at else now
    with closing(open_workspace_store(workspace_of(store, profile, portable=portable), read_only=True)) as opened:
        report = DriftReader(opened).report(moment)
    if shape is DriftFormat.TABLE:
        tell(drift_text(report, everything=everything))
    else:
        tell(drift_json(report) if shape is DriftFormat.JSON else drift_csv(report).replace("\r\n", "\n").rstrip("\n"))
    raise Ended(int(report.drift_count > 0))


def _read(files: Sequence[Path], document: str) -> ImportedEstate:
    from quarterdeck.sdk.estate_document import read_document
    from quarterdeck.services.estate_import import ForeignFile, read_foreign_estate

    return read_foreign_estate([ForeignFile(str(file), read_document(file)) for file in files], document)


def _release(reason: str, by: str | None, approved_by: str) -> Release | None:
    from quarterdeck.composition import logged_in
    from quarterdeck.services.export_gate import Release

    return Release(by or logged_in(), approved_by, reason) if reason or approved_by else None


def _ask(workspace: Workspace, store: Store, documents: Iterable[str], release: Release | None) -> None:
    """Raise ExportBlocked where policies keep what these documents declare from leaving."""
    from quarterdeck.composition import SystemClock, ask_to_leave, logged_in
    from quarterdeck.services.estate_export import declared_by
    from quarterdeck.services.export_gate import Leaving

    now = SystemClock().now()
    keys = {entity.key for name in documents for entity in declared_by(store, name, now).entities}
    ask_to_leave(workspace, Leaving("The estate document", keys, logged_in()), now, release)


def _write(store: Store, target: Path | None, document: str) -> None:
    from quarterdeck.composition import SystemClock
    from quarterdeck.exporters.terminal import plain
    from quarterdeck.sdk.estate_writer import estate_to_yaml
    from quarterdeck.sdk.local_files import replace_file
    from quarterdeck.sdk.texts import counted
    from quarterdeck.services.estate_export import declared_by

    declared = declared_by(store, document, SystemClock().now())
    text = estate_to_yaml(declared)
    if target is None:
        tell(text.rstrip("\n"))
        return
    replace_file(target, text.encode())
    entities = counted(len(declared.entities), "entity", "entities")
    parts = (entities, counted(len(declared.relations), "relation"), counted(len(declared.connections), "connection"))
    tell(f"{plain(target.name).plain}: {', '.join(parts)}.")

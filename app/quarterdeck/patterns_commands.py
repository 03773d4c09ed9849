"""The commands of patterns: which there are, how integrations stand to them, and what a new file would find."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Generator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from quarterdeck.command_options import JsonOption, PortableOption, ProfileOption, StoreOption, workspace_of
from quarterdeck.domain.errors import OperatorError
from quarterdeck.domain.patterns import Standing
from quarterdeck.exporters.printing import Ended, tell
from quarterdeck.services.told_commands import Place

if TYPE_CHECKING:
    from quarterdeck.services.moments import Moment
    from quarterdeck.services.pattern_files import AtHand
    from quarterdeck.services.patterns import PatternReader
    from quarterdeck.services.workspace import Workspace

patterns_app = typer.Typer(
    help="Patterns: which there are, and how integrations stand to those they name.", no_args_is_help=True
)
_RANGE = timedelta(hours=6)
_CODES = {Standing.CONFORMS: 0, Standing.DEVIATES: 1, Standing.UNKNOWN: 3}
"""The exit codes of `status` for healthy, degraded and unknown."""


@patterns_app.command(
    "list", epilog="For example `quarterdeck patterns list --json`. Then `quarterdeck patterns show` holds them."
)
def patterns_list(
    *,
    as_json: JsonOption = False,
    store: StoreOption = None,
    profile: ProfileOption = None,
    portable: PortableOption = False,
) -> None:
    """List the patterns at hand, and how many entities name each. Exit code 1 when a file is left out."""
    from quarterdeck.exporters import pattern_words
    from quarterdeck.services.pattern_shelf import PatternShelf

    workspace = workspace_of(store, profile, portable=portable)
    patterns = PatternShelf(workspace.patterns_folder).patterns()
    named: Counter[str] = Counter()
    if workspace.store_exists:
        with _reading(workspace) as (reader, moment):
            held = reader.report(moment).held
            named.update(each.pattern_id for one in held for each in one.verifications)
    tell(pattern_words.listed_json(patterns, named) if as_json else pattern_words.listed_text(patterns, named))
    raise Ended(int(bool(patterns.faults)))


@patterns_app.command(
    "show",
    epilog="For example `quarterdeck patterns show integration/push`. `quarterdeck patterns list` tells the patterns.",
)
def patterns_show(
    entity: Annotated[str | None, typer.Argument(help="One entity by its key; all when none is named.")] = None,
    *,
    as_json: JsonOption = False,
    store: StoreOption = None,
    profile: ProfileOption = None,
    portable: PortableOption = False,
) -> None:
    """Tell what conforms, what deviates since when, and what is not known. Exit code 0, 1 or 3 like `status`."""
    from quarterdeck.exporters import pattern_words
    from quarterdeck.services.patterns import worst_standing

    with _reading(workspace_of(store, profile, portable=portable)) as (reader, moment):
        report = reader.report(moment)
    if entity is not None:
        report = replace(report, held=tuple(each for each in report.held if each.entity.key == entity))
        if not report.held:
            raise OperatorError(
                f"No entity {entity} that is held against a pattern.",
                "See `quarterdeck patterns show` for all of them.",
            )
    verdict = worst_standing(report.held)
    if report.faults and verdict is Standing.CONFORMS:
        verdict = Standing.UNKNOWN
    words = pattern_words.standing_json if as_json else pattern_words.standing_text
    told = words(report, verdict)
    tell(told if as_json else Place(store, profile, portable=portable).leading_here(told))
    raise Ended(_CODES[verdict])


@patterns_app.command(
    "check", epilog="For example `quarterdeck patterns check own.yaml`. Then put the file into the folder `patterns`."
)
def patterns_check(
    files: Annotated[list[Path] | None, typer.Argument(help="Files; those at hand when none is named.")] = None,
    *,
    as_json: JsonOption = False,
    store: StoreOption = None,
    profile: ProfileOption = None,
    portable: PortableOption = False,
) -> None:
    """Say what is wrong with files of patterns, with line, or what they would find. Exit code 1 when one is wrong."""
    from quarterdeck.services.pattern_files import AtHand, pattern_paths
    from quarterdeck.services.pattern_shelf import patterns_at_hand
    from quarterdeck.services.policy_packs import policies_of

    workspace = workspace_of(store, profile, portable=portable)
    at_hand = pattern_paths(workspace.patterns_folder)
    policies = policies_of(workspace.policies_folder)
    taken = {each.pattern.id: each.path for each in patterns_at_hand(at_hand).known}
    besides = [
        (path, AtHand.of(policies, {key: one.name for key, one in taken.items() if one.resolve() != path.resolve()}))
        for path in files or at_hand
    ]
    if workspace.store_exists:
        with _reading(workspace) as (reader, moment):
            checked = [_checked(path, beside, reader, moment) for path, beside in besides]
    else:
        checked = [_checked(path, beside) for path, beside in besides]
    told = [each for _, each in checked]
    tell(json.dumps({"files": told}, indent=2) if as_json else "\n".join(text for text, _ in checked))
    raise Ended(int(any(each["faults"] for each in told)))


@patterns_app.command(
    "schema", epilog="For example `quarterdeck patterns schema > pattern.schema.json`, for an editor that reads YAML."
)
def patterns_schema() -> None:
    """Print the form of a pattern's file as JSON Schema, for an editor that completes and marks while it is written."""
    from quarterdeck.services.pattern_schema import pattern_schema

    tell(json.dumps(pattern_schema(), indent=2))


def _checked(
    path: Path, beside: AtHand, reader: PatternReader | None = None, moment: Moment | None = None
) -> tuple[str, dict[str, object]]:
    """What is wrong with a file, else what it would find; in words and as an object."""
    from quarterdeck.exporters import pattern_words
    from quarterdeck.exporters.terminal import plain
    from quarterdeck.services.pattern_files import InvalidPattern, read_pattern
    from quarterdeck.services.patterns import PatternPreview

    name = plain(path.name).plain
    try:
        pattern = read_pattern(path, beside)
    except OperatorError as fault:
        faults = fault.faults if isinstance(fault, InvalidPattern) else (fault.message,)
        return "\n".join(plain(each, 1_000).plain for each in faults), {"file": name, "faults": list(faults)}
    if reader is None or moment is None:
        preview = PatternPreview(pattern, (), is_named=False)
        return f"{name}: {plain(pattern.title).plain}, nothing is declared yet.", pattern_words.preview_object(
            preview, name
        )
    preview = reader.preview(pattern, moment)
    return pattern_words.preview_text(preview, name, moment.at), pattern_words.preview_object(preview, name)


@contextmanager
def _reading(workspace: Workspace) -> Generator[tuple[PatternReader, Moment]]:
    """A reader over the workspace's store as it is now, for as long as the block lasts."""
    from quarterdeck.composition import SystemClock, open_workspace_store
    from quarterdeck.domain.instants import TimeRange
    from quarterdeck.services.moments import Moment
    from quarterdeck.services.pattern_shelf import PatternShelf
    from quarterdeck.services.patterns import PatternReader

    with closing(open_workspace_store(workspace, read_only=True)) as store:
        now = SystemClock().now()
        shelf = PatternShelf(workspace.patterns_folder)
        yield PatternReader(store, shelf.patterns), Moment(TimeRange(now - _RANGE, now), now)

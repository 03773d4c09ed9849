"""The estate file as a source: what it hands over, when it does, and with which words it refuses a file."""

import os
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path

import pytest

from quarterdeck.connectors.estate_file import source
from quarterdeck.domain.connections import SettingValue
from quarterdeck.domain.estate import EntityKind
from quarterdeck.sdk.connector import ConnectorContext, Purpose, Window
from quarterdeck.sdk.errors import Misconfigured, UnexpectedReply, Unreachable
from quarterdeck.sdk.estate_document import MAX_DOCUMENT_BYTES
from quarterdeck.sdk.manifest import load_manifest
from quarterdeck.sdk.testing import (
    MOMENT,
    RecordedCase,
    StandingClock,
    collect_all,
    context_for,
    live_window,
    load_cases,
    run_case,
    settings_for,
)

MANIFEST = load_manifest(files("quarterdeck.connectors.estate_file") / "manifest.toml")
CASES = load_cases(Path(__file__).parent / "cases")
SMALL = "quarterdeck: 1\nname: small\nentities:\n  - {key: partner/one, kind: partner, name: One}\n"


def in_place(recorded: RecordedCase) -> RecordedCase:
    """The case with its path inside the folder it was recorded in."""
    path = str(recorded.folder / str(recorded.case.settings["path"]))
    case = recorded.case.model_copy(update={"settings": {"path": path, "settle_seconds": 0}})
    return RecordedCase(recorded.name, recorded.folder, case)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A small document that was left alone for an hour."""
    path = tmp_path / "estate.yaml"
    write(path, SMALL)
    return path


def write(path: Path, text: str, age_seconds: float = 3600.0) -> None:
    path.write_text(text, encoding="utf-8")
    written = MOMENT.timestamp() - age_seconds
    os.utime(path, (written, written))


def remove(path: Path) -> None:
    path.unlink()


def context(path: object, clock: StandingClock | None = None, **settings: SettingValue) -> ConnectorContext:
    values: Mapping[str, SettingValue] = {"path": str(path), **settings}
    return context_for(settings_for(MANIFEST, values), clock=clock)


@pytest.mark.parametrize("recorded", CASES, ids=lambda recorded: recorded.name)
async def test_a_recorded_case_comes_out_as_it_was_recorded(recorded: RecordedCase) -> None:
    assert await run_case(source.Source(), MANIFEST, in_place(recorded)) == ()


async def test_a_new_file_hands_over_the_whole_estate_once(file: Path) -> None:
    first = await collect_all(source.Source(), context(file))
    declared = first.only.declared
    assert declared is not None
    assert declared.source == "small"
    assert [entity.kind for entity in declared.entities] == [EntityKind.PARTNER]
    again = await collect_all(source.Source(), context(file), cursor=first.cursor)
    assert again.batches == ()


async def test_a_changed_file_hands_over_the_estate_again(file: Path) -> None:
    first = await collect_all(source.Source(), context(file))
    write(file, SMALL.replace("One", "Two"))
    again = await collect_all(source.Source(), context(file), cursor=first.cursor)
    assert again.only.declared is not None
    assert again.only.declared.entities[0].name == "Two"


async def test_a_file_that_was_only_touched_hands_over_nothing(file: Path) -> None:
    first = await collect_all(source.Source(), context(file))
    write(file, SMALL, age_seconds=60)
    assert (await collect_all(source.Source(), context(file), cursor=first.cursor)).batches == ()


async def test_a_file_still_being_written_waits_until_it_is_left_alone(file: Path) -> None:
    write(file, SMALL, age_seconds=0.5)
    clock = StandingClock()
    early = await collect_all(source.Source(), context(file, clock))
    assert early.only.declared is None
    assert early.cursor is None
    assert "a moment ago" in early.only.note
    clock.advance(1)
    assert (await collect_all(source.Source(), context(file, clock))).only.declared is not None


async def test_a_file_dated_into_the_future_is_taken(file: Path) -> None:
    write(file, SMALL, age_seconds=-7200)
    assert (await collect_all(source.Source(), context(file))).only.declared is not None


async def test_a_faulty_document_keeps_the_cursor_and_names_the_line(file: Path) -> None:
    write(file, SMALL.replace("partner/one", "vendor/one"))
    polled = await collect_all(source.Source(), context(file))
    assert polled.batches == ()
    assert isinstance(polled.fault, UnexpectedReply)
    assert polled.fault.message.startswith("Line 4: ")


async def test_history_is_not_asked_of_a_file(file: Path) -> None:
    asked = context(file)
    past = Window(live_window(asked).time_range, Purpose.BACKFILL)
    assert (await collect_all(source.Source(), asked, window=past)).batches == ()


async def test_a_link_is_refused_even_when_it_leads_to_a_document(file: Path, tmp_path: Path) -> None:
    link = tmp_path / "link.yaml"
    link.symlink_to(file)
    polled = await collect_all(source.Source(), context(link))
    assert isinstance(polled.fault, Misconfigured)
    assert "is a symbolic link, not a file." in polled.fault.message


async def test_a_pipe_is_refused_without_waiting_for_its_other_end(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.yaml"
    os.mkfifo(pipe)
    polled = await collect_all(source.Source(), context(pipe))
    assert isinstance(polled.fault, Misconfigured)
    assert "is a pipe, not a file." in polled.fault.message


async def test_a_device_is_refused() -> None:
    polled = await collect_all(source.Source(), context("/dev/zero"))
    assert isinstance(polled.fault, Misconfigured)


async def test_a_file_over_the_limit_is_refused(file: Path) -> None:
    with file.open("r+b") as opened:
        opened.truncate(MAX_DOCUMENT_BYTES + 1)
    polled = await collect_all(source.Source(), context(file))
    assert isinstance(polled.fault, UnexpectedReply)
    assert "larger than" in polled.fault.message


async def test_a_removed_file_is_told_as_gone(file: Path) -> None:
    first = await collect_all(source.Source(), context(file))
    remove(file)
    polled = await collect_all(source.Source(), context(file), cursor=first.cursor)
    assert isinstance(polled.fault, Unreachable)


async def test_a_check_previews_what_would_be_declared(file: Path) -> None:
    report = await source.Source().check(context(file))
    assert report.words == "small: 1 entity, 0 relations, 0 connections."
    assert [(row.name, row.meaning, row.count) for row in report.preview] == [("partner", "entities", 1)]


async def test_a_check_warns_of_a_document_that_withdraws_everything(file: Path) -> None:
    write(file, "quarterdeck: 1\nname: small\n")
    report = await source.Source().check(context(file))
    assert any("--withdraw" in remark for remark in report.remarks)


@pytest.mark.parametrize("path", ["estate.yaml", "~/estate.yaml", "/tmp/a\x00b", "/tmp/a\nb"])
def test_a_path_that_is_not_whole_is_told_at_its_setting(path: str) -> None:
    (problem,) = source.Source().validate(settings_for(MANIFEST, {"path": path}))
    assert problem.key == "path"

"""Scan reports as a source: each report once, the others whatever one of them is, and words for every refusal."""

import os
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from quarterdeck.connectors.scan_reports.files import MAX_FILES
from quarterdeck.connectors.scan_reports.source import Source
from quarterdeck.domain.connections import SettingValue
from quarterdeck.domain.scan_reports import scan_of
from quarterdeck.sdk.connector import Purpose, Window
from quarterdeck.sdk.errors import Misconfigured, UnexpectedReply
from quarterdeck.sdk.testing import (
    Collected,
    RecordedCase,
    StandingClock,
    collect_all,
    context_for,
    live_window,
    load_cases,
    run_case,
    settings_for,
)
from tests.connectors.scan_reports.reports import MANIFEST, context, polled, result, run, sarif, write

CASES = load_cases(Path(__file__).parent / "file_cases")


def names(collected: Collected) -> list[str]:
    evidence = [record for batch in collected.batches for record in batch.evidence]
    return [str(dict(record.content)["scan.file"]) for record in evidence]


def notes(collected: Collected) -> str:
    return " ".join(batch.note for batch in collected.batches)


@pytest.mark.parametrize("recorded", CASES, ids=lambda recorded: recorded.name)
async def test_a_recorded_case_comes_out_as_it_was_recorded(recorded: RecordedCase) -> None:
    settings = recorded.case.settings
    path = str(recorded.folder / str(settings["path"]))
    case = recorded.case.model_copy(update={"settings": {**settings, "path": path, "settle_seconds": 0}})
    assert await run_case(Source(), MANIFEST, RecordedCase(recorded.name, recorded.folder, case)) == ()


async def test_a_report_is_taken_once(tmp_path: Path) -> None:
    write(tmp_path / "a.sarif", sarif(run(result())))
    first = await polled(tmp_path)
    assert names(first) == ["a.sarif"]
    assert (await polled(tmp_path, cursor=first.cursor)).batches == ()


async def test_a_report_written_anew_is_taken_again_and_the_others_are_not(tmp_path: Path) -> None:
    write(tmp_path / "a.sarif", sarif(run(result())))
    write(tmp_path / "b.sarif", sarif(run(result("R2"))))
    first = await polled(tmp_path)
    write(tmp_path / "b.sarif", sarif(run(result("R3"))), age_seconds=60)
    assert names(await polled(tmp_path, cursor=first.cursor)) == ["b.sarif"]


async def test_a_copy_of_a_known_report_makes_no_second_evidence(tmp_path: Path) -> None:
    write(tmp_path / "a.sarif", sarif(run(result())))
    first = await polled(tmp_path)
    write(tmp_path / "copy.sarif", sarif(run(result())))
    again = await polled(tmp_path, cursor=first.cursor)
    assert names(again) == []
    assert (await polled(tmp_path, cursor=again.cursor)).batches == ()


async def test_a_report_that_is_broken_keeps_no_other_from_being_read_and_is_told_each_time(tmp_path: Path) -> None:
    write(tmp_path / "a.sarif", b'{"version": "2.1.0", "runs": [')
    write(tmp_path / "b.sarif", sarif(run(result())))
    first = await polled(tmp_path)
    assert (names(first), first.fault) == (["b.sarif"], None)
    again = await polled(tmp_path, cursor=first.cursor)
    assert "The report a.sarif is not whole JSON: line 1, column 31." in notes(again)


async def test_a_broken_report_is_taken_once_it_is_whole(tmp_path: Path) -> None:
    write(tmp_path / "a.sarif", b"{")
    write(tmp_path / "b.sarif", sarif(run(result())))
    first = await polled(tmp_path)
    write(tmp_path / "a.sarif", sarif(run(result("R2"))), age_seconds=60)
    assert names(await polled(tmp_path, cursor=first.cursor)) == ["a.sarif"]


async def test_when_no_report_can_be_read_the_poll_fails_with_the_first_reason(tmp_path: Path) -> None:
    write(tmp_path / "a.sarif", b"{")
    write(tmp_path / "b.sarif", b"nothing")
    fault = (await polled(tmp_path)).fault
    assert isinstance(fault, UnexpectedReply)
    assert fault.message.startswith("The report a.sarif is not whole JSON")


async def test_of_many_broken_reports_three_are_named_and_the_rest_counted(tmp_path: Path) -> None:
    write(tmp_path / "z.sarif", sarif(run(result())))
    for number in range(5):
        write(tmp_path / f"{number}.sarif", b"{")
    assert "2 more reports cannot be read." in notes(await polled(tmp_path))


async def test_a_report_still_being_written_waits_until_it_is_left_alone(tmp_path: Path) -> None:
    write(tmp_path / "a.sarif", sarif(run(result())), age_seconds=1)
    clock = StandingClock()
    early = await collect_all(Source(), context(tmp_path, clock))
    assert (names(early), early.cursor) == ([], None)
    assert "a moment ago" in notes(early)
    clock.advance(2)
    assert names(await collect_all(Source(), context(tmp_path, clock))) == ["a.sarif"]


async def test_only_files_named_as_reports_are_looked_at(tmp_path: Path) -> None:
    write(tmp_path / "a.sarif", sarif(run(result())))
    for other in ("notes.txt", ".hidden.sarif"):
        write(tmp_path / other, b"nothing")
    (tmp_path / "folder.sarif").mkdir()
    (tmp_path / "link.sarif").symlink_to("/dev/zero")
    os.mkfifo(tmp_path / "pipe.sarif")
    collected = await polled(tmp_path)
    assert (names(collected), notes(collected)) == (["a.sarif"], "")


@pytest.mark.parametrize("make", [os.mkfifo, lambda path: path.symlink_to("/etc/hostname")], ids=["pipe", "link"])
async def test_a_path_to_what_is_no_file_is_refused(tmp_path: Path, make: Callable[[Path], None]) -> None:
    make(tmp_path / "a.sarif")
    assert isinstance((await polled(tmp_path / "a.sarif")).fault, Misconfigured)


async def test_a_report_over_the_limit_is_refused_in_words(tmp_path: Path) -> None:
    write(tmp_path / "a.sarif", b" " * 2_000)
    fault = (await polled(tmp_path / "a.sarif", max_megabytes=0.001)).fault
    assert isinstance(fault, UnexpectedReply)
    assert "is larger than 1 kB." in fault.message


async def test_a_folder_with_too_many_reports_is_refused(tmp_path: Path) -> None:
    for number in range(MAX_FILES + 1):
        (tmp_path / f"{number}.sarif").touch()
    fault = (await polled(tmp_path)).fault
    assert isinstance(fault, UnexpectedReply)
    assert "more than 1,000 reports" in fault.message


async def test_a_run_without_a_time_is_dated_when_its_file_was_written(tmp_path: Path) -> None:
    write(tmp_path / "a.sarif", sarif(run(result())), age_seconds=600)
    (record,) = (await polled(tmp_path)).only.evidence
    assert (context(tmp_path).now() - record.effective_from_at).total_seconds() == 600


async def test_a_file_dated_as_no_clock_can_be_is_taken_all_the_same(tmp_path: Path) -> None:
    path = write(tmp_path / "a.sarif", sarif(run(result())))
    os.utime(path, (2**40, 2**40))
    (record,) = (await polled(tmp_path)).only.evidence
    assert record.effective_from_at == context(tmp_path).now()


@pytest.mark.parametrize("cursor", ["nonsense", "[]", '{"a.sarif": 1}', "7"])
async def test_a_cursor_of_another_make_begins_anew(tmp_path: Path, cursor: str) -> None:
    write(tmp_path / "a.sarif", sarif(run(result())))
    assert names(await polled(tmp_path, cursor=cursor)) == ["a.sarif"]


async def test_settings_that_cannot_work_fail_the_poll_in_words() -> None:
    fault = (await polled("reports")).fault
    assert isinstance(fault, Misconfigured)
    assert "Give the whole path" in fault.message


async def test_history_is_not_asked_of_reports(tmp_path: Path) -> None:
    write(tmp_path / "a.sarif", sarif(run(result())))
    asked = context(tmp_path)
    past = Window(live_window(asked).time_range, Purpose.BACKFILL)
    assert (await collect_all(Source(), asked, window=past)).batches == ()


async def test_a_check_tells_of_every_report_what_it_holds(tmp_path: Path) -> None:
    write(tmp_path / "a.sarif", sarif(run(result(), result("R2"))))
    write(tmp_path / "b.sarif", b"{")
    report = await Source().check(context(tmp_path))
    assert report.words == "1 report with 2 findings."
    assert [(row.name, row.meaning, row.count) for row in report.preview] == [("a.sarif", "findings of Scanner", 2)]
    assert "b.sarif" in report.remarks[0]


@pytest.mark.parametrize(
    ("given", "key"),
    [
        ({}, "path"),
        ({"path": "reports"}, "path"),
        ({"path": "/a\nb"}, "path"),
        ({"path": "/a", "address": "https://a.test/"}, "address"),
        ({"address": "ftp://a.test/"}, "address"),
        ({"path": "/a", "entity": "Payments API"}, "entity"),
        ({"path": "/a", "token_header": "a b"}, "token_header"),
    ],
    ids=["no-place", "not-whole", "not-printable", "two-places", "not-http", "no-entity", "no-header"],
)
async def test_a_mistake_is_told_at_its_setting(given: dict[str, SettingValue], key: str) -> None:
    settings = settings_for(MANIFEST, {"entity": "service/payments-api", **given})
    assert [problem.key for problem in Source().validate(settings)] == [key]


async def test_reports_of_one_connection_tell_whom_they_are_about(tmp_path: Path) -> None:
    write(tmp_path / "a.sarif", sarif(run(result(), automationDetails={"id": "nightly/2026-11-24"})))
    (record,) = (await polled(tmp_path)).only.evidence
    assert (record.entity_key, record.source, scan_of(record).scan) == ("service/payments-api", "tested", "nightly")


async def test_the_token_is_sent_and_never_told() -> None:
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(500, text="secret-token")

    given = settings_for(
        MANIFEST, {"address": "https://ci.test/a.sarif", "entity": "service/payments-api"}, {"token": "secret-token"}
    )
    polled = await collect_all(Source(), context_for(given, transport=httpx.MockTransport(answer)))
    assert asked[0].headers["authorization"] == "Bearer secret-token"
    assert polled.fault is not None
    assert "secret-token" not in str(polled.fault)


async def test_a_report_at_an_address_is_taken_once_until_it_changes() -> None:
    told = [sarif(run(result())), sarif(run(result())), sarif(run(result("R2")))]
    given = settings_for(MANIFEST, {"address": "https://ci.test/a.sarif?job=7", "entity": "service/payments-api"})
    transport = httpx.MockTransport(lambda _request: httpx.Response(200, json=told.pop(0)))
    asked = context_for(given, transport=transport)
    first = await collect_all(Source(), asked)
    again = await collect_all(Source(), asked, cursor=first.cursor)
    changed = await collect_all(Source(), asked, cursor=first.cursor)
    assert (names(first), again.batches, names(changed)) == (
        ["https://ci.test/a.sarif"],
        (),
        ["https://ci.test/a.sarif"],
    )

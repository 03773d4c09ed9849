"""Error patterns of a store: counts now and before, first and last, codes, whom they concern, and hostile messages."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

import pytest

from quarterdeck.domain.instants import TimeRange
from quarterdeck.services.calculation import in_place
from quarterdeck.services.error_patterns import ErrorReader
from quarterdeck.services.moments import Moment
from quarterdeck.storage.opening import open_store
from quarterdeck.storage.store import SqlStore
from tests.unit.errors.bank import LIVE, NOON, PAYHUB, declare, failed, tell

Q = TypeVar("Q")
A = TypeVar("A")


@pytest.fixture
def bank(tmp_path: Path) -> Iterator[SqlStore]:
    store = open_store(str(tmp_path / "console.db"))
    declare(store)
    yield store
    store.close()


def timed_out(minutes_ago: float) -> str:
    return f"POST /v2/payments upstream payhub-eu-1 timed out after {2000 + int(minutes_ago)} ms"


def test_nothing_stored_gives_no_patterns(bank: SqlStore) -> None:
    report = ErrorReader(bank).errors(LIVE)
    assert (report.patterns, report.now, report.is_complete) == ((), 0, True)


def test_counts_now_and_before_with_first_and_last_are_those_of_the_events(bank: SqlStore) -> None:
    minutes = (1, 5, 30, 119, 120, 121, 200, 240, 241)
    tell(bank, *(failed(each, timed_out(each)) for each in minutes))
    (one,) = ErrorReader(bank).errors(LIVE).patterns
    assert one.template == "POST <path> upstream <id> timed out after <number>"
    assert (one.now, one.before) == (5, 3)
    assert one.first_at == NOON - timedelta(minutes=240)
    assert one.last_at == NOON - timedelta(minutes=1)
    assert one.example == timed_out(1)
    assert one.codes == (("503", 5),)
    assert one.entities == ((PAYHUB, 5),)
    assert sum(one.course) == 5
    assert one.course[-1] == 1


def test_two_patterns_are_told_apart_the_more_frequent_first(bank: SqlStore) -> None:
    tell(bank, *(failed(each, "rate limit for partner payhub", "429") for each in (3, 4)))
    tell(bank, *(failed(each, timed_out(each)) for each in (1, 2, 5)))
    found = ErrorReader(bank).errors(LIVE).patterns
    assert [(one.now, one.codes) for one in found] == [(3, (("503", 3),)), (2, (("429", 2),))]


def test_events_that_tell_no_failure_are_left_out(bank: SqlStore) -> None:
    tell(bank, failed(1, "settled at last", "200", kind="payment.settled"), failed(2, "odd", "500", kind="log.line"))
    assert [one.example for one in ErrorReader(bank).errors(LIVE).patterns] == ["odd"]


def test_in_the_past_only_what_came_up_to_the_play_head_is_counted(bank: SqlStore) -> None:
    tell(bank, *(failed(each, timed_out(each)) for each in (10, 50, 70, 90, 130, 170)))
    past = Moment(LIVE.time_range, NOON - timedelta(minutes=60), live=False)
    report = ErrorReader(bank).errors(past)
    assert report.time_range == TimeRange(NOON - timedelta(minutes=120), NOON - timedelta(minutes=60))
    assert [(one.now, one.before) for one in report.patterns] == [(2, 2)]


@pytest.mark.parametrize(
    "message",
    [
        "x" * 3_000_000,
        "\0\x1b[31mred\x07",
        "<img src=file:///etc/passwd>" * 40,
        "\ud800\udfff",
        "\u202egnp.exe",
        "%s{}",
    ],
    ids=["megabytes", "control", "markup", "surrogates", "direction", "format"],
)
def test_a_hostile_message_becomes_a_line_of_plain_text(bank: SqlStore, message: str) -> None:
    told = failed(1, "kept")
    tell(bank, replace(told, facts=(("message", message.encode("utf-8", "replace").decode()),)))
    (one,) = ErrorReader(bank).errors(LIVE).patterns
    for text in (one.template, one.example, *(each.message for each in one.newest)):
        assert len(text) <= 500
        assert not any(ord(sign) < 32 or sign in "\u202e\ud800" for sign in text)


def test_patterns_that_read_the_same_have_ids_of_their_own(bank: SqlStore) -> None:
    words = ("alpha beta opened", "gamma delta closed", "epsilon zeta opened")
    tell(bank, *(failed(number, words[number % 3] + f" {number}x{number}") for number in range(60)))
    ids = [one.id for one in ErrorReader(bank).errors(LIVE).patterns]
    assert len(ids) == len(set(ids))


def test_where_too_much_is_to_be_read_the_report_says_from_when_on_it_is_whole(bank: SqlStore) -> None:
    tell(bank, *(failed(each, timed_out(each)) for each in range(1, 100)))

    report = ErrorReader(bank, most=10).errors(LIVE)
    assert report.now == 10
    assert report.complete_from_at == NOON - timedelta(minutes=10)
    assert not report.is_complete


def test_many_failures_are_gathered_where_long_calculations_run(bank: SqlStore) -> None:
    asked: list[object] = []

    def calculate(work: Callable[[Q], A], question: Q) -> A:
        asked.append(question)
        return in_place(work, question)

    reader = ErrorReader(bank, calculate)
    tell(bank, *(failed(each / 100, timed_out(each)) for each in range(1, 2_002)))
    (one,) = reader.errors(LIVE).patterns
    assert (one.now, len(one.newest), len(asked)) == (2_001, 200, 1)


def test_the_types_of_kept_events_are_told_each_once(bank: SqlStore) -> None:
    tell(bank, failed(1, "a"), failed(2, "b"), failed(3, "c", kind="log.line"))
    assert set(bank.event_types()) == {"payment.rejected", "log.line"}

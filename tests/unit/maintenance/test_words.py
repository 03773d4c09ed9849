"""Maintenance for the terminal: what is under way first, plainly, and all of it as JSON."""

import json
from dataclasses import replace

from quarterdeck.domain.instants import TimeRange
from quarterdeck.domain.maintenance import Cut
from quarterdeck.exporters import maintenance_words as words
from quarterdeck.services.maintenance import ListedWindow
from tests.support.stores import NOON, after
from tests.unit.maintenance.windows import HOUR, record, window

SPAN = TimeRange(after(0), after(HOUR))
LATER = record(window(HOUR, 1, "a/1", "a/2", "a/3", id="later", rule="FREQ=WEEKLY", reason="Later [bold]\x1b[2J"))
CLOSED = record(window(id="over", closed_at=after(0), cuts=(Cut(after(0), after(60)),)), 0, 2, note="Called off")
NOW = record(window(id="now", domains=("bill_pay",)))
LISTED = (
    ListedWindow(CLOSED, None, None),
    ListedWindow(LATER, None, TimeRange(after(HOUR), after(2 * HOUR))),
    ListedWindow(NOW, SPAN, None),
)


def test_what_is_under_way_comes_first_and_what_is_over_last() -> None:
    lines = words.listed_text(LISTED, NOON).splitlines()
    assert [line.split()[0] for line in lines] == ["Window", "now", "later", "over"]
    assert "under way until" in lines[1]
    assert "service/api, all of bill_pay" in lines[1]
    assert "a/1 and 2 more" in lines[2]


def test_a_window_that_was_ended_early_is_told_with_its_real_end() -> None:
    planned = window(id="w")
    for ended in (replace(planned, cuts=(Cut(after(0), after(60)),)), replace(planned, closed_at=after(60))):
        told = words.record_text(record(ended, 0, 2), NOON)
        assert words.when_words(ListedWindow(record(ended), None, None), NOON).removeprefix("over: ") in told
        assert told != words.record_text(record(planned, 0, 2), NOON)


def test_what_is_over_is_told_with_its_times_and_a_series_with_those_of_its_last_occurrence() -> None:
    single, series = record(window(id="w")), record(window(id="s", rule="FREQ=WEEKLY"))
    told = words.when_words(ListedWindow(single, None, None), NOON)
    last = words.when_words(ListedWindow(series, None, None, SPAN), NOON)
    assert last == told.replace("over: ", "over, last ")
    assert words.when_words(ListedWindow(series, None, None), NOON) == "over, it never came"


def test_a_series_under_way_says_when_it_comes_again() -> None:
    told = words.when_words(ListedWindow(LATER, SPAN, TimeRange(after(HOUR), after(2 * HOUR))), NOON)
    coming = words.when_words(LISTED[1], NOON)
    assert told == f"{words.when_words(LISTED[2], NOON)}, then {coming}"


def test_outside_words_stay_words() -> None:
    told = words.listed_text(LISTED, NOON)
    assert "\x1b" not in told
    assert "[bold]" in told


def test_without_windows_the_next_step_is_told() -> None:
    assert words.listed_text((), NOON) == "No maintenance is planned. `quarterdeck maintenance add` plans a window."


def test_scripts_are_told_everything() -> None:
    told = json.loads(words.listed_json(LISTED))["windows"]
    assert [each["is_over"] for each in told] == [True, False, False]
    assert told[2]["under_way"] == {"start_at": SPAN.start_at.isoformat(), "end_at": SPAN.end_at.isoformat()}
    assert [each["last"] for each in told] == [None, None, None]
    assert told[0]["closed_at"] == NOON.isoformat()
    assert told[0]["cuts"] == [{"start_at": NOON.isoformat(), "end_at": after(60).isoformat()}]
    assert json.loads(words.history_json([NOW]))["records"][0]["domains"] == ["bill_pay"]


def test_every_record_of_a_window_is_a_line() -> None:
    lines = words.history_text([replace(CLOSED, revision=1), CLOSED], NOON).splitlines()
    assert len(lines) >= 3
    assert "closed" in words.history_text([CLOSED], NOON)
    assert "Called off" in " ".join(lines)


def test_what_was_recorded_is_said_in_a_sentence() -> None:
    assert words.record_text(LATER, NOON).startswith("later is planned: ")
    assert "then FREQ=WEEKLY in UTC, on a/1 and 2 more." in words.record_text(LATER, NOON)
    assert words.taken_text([LATER, CLOSED], 3) == "1 new, 1 corrected, 1 as they were."

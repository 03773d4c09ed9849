"""Which stretch of time an objective holds over at a moment."""

from datetime import UTC, datetime

import pytest

from quarterdeck.analysis.objective_windows import InvalidWindow, window_at
from quarterdeck.analysis.recurrence import InvalidRule
from quarterdeck.domain.objectives import Window, WindowUnit

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("window", "start", "end"),
    [
        (Window(28, WindowUnit.DAY), "2026-10-28T12:00", "2026-11-25T12:00"),
        (Window(1, WindowUnit.MONTH), "2026-10-25T12:00", "2026-11-25T12:00"),
        (Window(1, WindowUnit.MONTH, "2026-01-01"), "2026-11-01T00:00", "2026-12-01T00:00"),
        (Window(1, WindowUnit.MONTH, "2026-01-31"), "2026-10-31T00:00", "2026-11-30T00:00"),
        (Window(1, WindowUnit.QUARTER, "2026-01-01"), "2026-10-01T00:00", "2027-01-01T00:00"),
        (Window(1, WindowUnit.YEAR, "2025-12-01 00:00:00"), "2025-12-01T00:00", "2026-12-01T00:00"),
        (Window(1, WindowUnit.WEEK, "2026-01-05"), "2026-11-23T00:00", "2026-11-30T00:00"),
    ],
    ids=["days", "month-back", "month", "end-of-month", "quarter", "year", "week"],
)
def test_a_window_rolls_or_follows_the_calendar(window: Window, start: str, end: str) -> None:
    found = window_at(window, NOON)
    assert (found.start_at, found.end_at) == (_utc(start), _utc(end))


def test_a_calendar_month_begins_at_midnight_of_its_own_zone() -> None:
    found = window_at(Window(1, WindowUnit.MONTH, "2026-01-01", "Europe/Amsterdam"), NOON)
    assert (found.start_at, found.end_at) == (_utc("2026-10-31T23:00"), _utc("2026-11-30T23:00"))
    summer = window_at(Window(1, WindowUnit.MONTH, "2026-01-01", "Europe/Amsterdam"), _utc("2026-10-31T22:30"))
    assert (summer.start_at, summer.end_at) == (_utc("2026-09-30T22:00"), _utc("2026-10-31T23:00"))


def test_a_window_that_begins_in_the_hour_that_is_left_out_begins_when_the_clocks_went_on() -> None:
    window = Window(1, WindowUnit.DAY, "2026-01-01 02:30:00", "Europe/Amsterdam")
    found = window_at(window, _utc("2026-03-29T01:10"))
    assert (found.start_at, found.end_at) == (_utc("2026-03-28T01:30"), _utc("2026-03-29T01:30"))


@pytest.mark.parametrize(
    ("window", "words"),
    [
        (Window(1, WindowUnit.MONTH, "2027-01-01"), "to come"),
        (Window(1, WindowUnit.MONTH, "2026-13-01"), "is no day"),
        (Window(99_999, WindowUnit.YEAR), "beyond the calendar"),
        (Window(99_999, WindowUnit.YEAR, "2026-01-01"), "beyond the calendar"),
        (Window(99_999_999, WindowUnit.WEEK), "reaches back too far"),
        (Window(1, WindowUnit.DAY, "2026-01-01", "Mars/Olympus"), "no time zone"),
    ],
    ids=["to-come", "no-day", "too-long", "too-long-ahead", "too-far", "no-zone"],
)
def test_a_window_that_cannot_be_worked_out_says_why(window: Window, words: str) -> None:
    with pytest.raises((InvalidWindow, InvalidRule), match=words):
        window_at(window, NOON)


def _utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)

"""When maintenance comes again: local times across changes of the clocks, and rules nobody could follow."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quarterdeck.analysis.recurrence import (
    Course,
    InvalidRule,
    checked_rule,
    exists,
    in_zone,
    refuse_strange_start,
    zone_of,
)

SUNDAYS = "FREQ=WEEKLY;BYDAY=SU"
BERLIN = ZoneInfo("Europe/Berlin")
ZONES = ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "America/Santiago", "UTC")


def local(words: str, zone: str = "Europe/Berlin") -> datetime:
    return in_zone(datetime.fromisoformat(words), ZoneInfo(zone))


def starts(rule: str, first: str, until: str, zone: str = "Europe/Berlin") -> list[str]:
    course = Course(local(first, zone), rule, zone)
    return [
        f"{each.astimezone(ZoneInfo(zone)):%m-%d %H:%M %z}" for each in course.starts(course.start_at, local(until))
    ]


def test_sundays_keep_their_local_hour_when_the_clocks_go_back() -> None:
    assert starts(SUNDAYS, "2026-10-18 02:00", "2026-11-03") == [
        "10-18 02:00 +0200",
        "10-25 02:00 +0200",
        "11-01 02:00 +0100",
    ]


def test_an_hour_that_the_clocks_leave_out_is_read_with_the_offset_before() -> None:
    assert starts(SUNDAYS, "2026-03-22 02:00", "2026-04-06") == [
        "03-22 02:00 +0100",
        "03-29 03:00 +0200",
        "04-05 02:00 +0200",
    ]


@pytest.mark.parametrize(
    ("end", "days"),
    [
        ("COUNT=2", ["06-07", "06-14"]),
        ("UNTIL=20260621", ["06-07", "06-14", "06-21"]),
        ("UNTIL=20260614T000000Z", ["06-07", "06-14"]),
        ("UNTIL=20260613T235959Z", ["06-07"]),
        ("UNTIL=20260614T020000", ["06-07", "06-14"]),
    ],
)
def test_a_rule_ends_where_it_says(end: str, days: list[str]) -> None:
    found = starts(f"{SUNDAYS};{end}", "2026-06-07 02:00", "2026-08-01")
    assert [each[:5] for each in found] == days


@given(
    zone=st.sampled_from(ZONES),
    day=st.dates(date(2024, 1, 1), date(2027, 1, 1)),
    hour=st.integers(0, 23),
    span_days=st.integers(1, 400),
)
def test_daily_starts_are_one_a_day_at_the_local_hour(zone: str, day: date, hour: int, span_days: int) -> None:
    first = datetime.combine(day, time(hour))
    start_at = in_zone(first, ZoneInfo(zone))
    found = list(Course(start_at, "FREQ=DAILY", zone).starts(start_at, start_at + timedelta(days=span_days)))
    walls = [each.astimezone(ZoneInfo(zone)).replace(tzinfo=None) for each in found]
    assert found == sorted(set(found))
    wanted = [wall.date() for wall in walls if wall.hour == hour]
    assert len(found) - len(wanted) <= 3, "only a change of the clocks moves an hour"
    assert [wall.date() for wall in walls] == [walls[0].date() + timedelta(days=n) for n in range(len(walls))]


@given(zone=st.sampled_from(ZONES), weeks=st.integers(0, 300), length=st.integers(1, 40), hour=st.integers(0, 23))
def test_any_piece_of_time_tells_the_same_starts_as_the_whole(zone: str, weeks: int, length: int, hour: int) -> None:
    first = in_zone(datetime.combine(date(2022, 1, 2), time(hour)), ZoneInfo(zone))
    course = Course(first, SUNDAYS, zone)
    whole = list(course.starts(first, first + timedelta(weeks=400)))
    from_at = first + timedelta(weeks=weeks, hours=1)
    until_at = from_at + timedelta(days=length)
    assert list(course.starts(from_at, until_at)) == [each for each in whole if from_at <= each < until_at]


def test_a_single_window_starts_once() -> None:
    course = Course(local("2026-06-07 02:00"), "", "Europe/Berlin")
    assert list(course.starts(course.start_at - timedelta(days=9), course.start_at + timedelta(days=9))) == [
        course.start_at
    ]
    assert list(course.starts(course.start_at + timedelta(seconds=1), course.start_at + timedelta(days=9))) == []


def test_the_last_start_before_an_instant_is_found() -> None:
    course = Course(local("2026-06-07 02:00"), SUNDAYS, "Europe/Berlin")
    assert course.last_before(local("2026-06-16 00:00")) == local("2026-06-14 02:00")
    assert course.last_before(course.start_at) is None


def test_a_rule_is_kept_in_one_spelling() -> None:
    assert checked_rule(" rrule:freq=weekly;byday=su ") == SUNDAYS


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("", "'' is not understood"),
        ("every Sunday", "'EVERY SUNDAY' is not understood"),
        ("FREQ=SECONDLY", "comes too often: SECONDLY"),
        ("FREQ=HOURLY;COUNT=3", "comes too often: HOURLY"),
        ("BYDAY=SU", "does not say how often"),
        ("FREQ=DAILY;BYSECOND=1", "'BYSECOND=1' is not understood"),
        ("FREQ=DAILY;BYEASTER=1", "'BYEASTER=1' is not understood"),
        ("FREQ=DAILY;FREQ=WEEKLY", "'FREQ=WEEKLY' is not understood"),
        ("FREQ=DAILY;COUNT=0", "COUNT in a rule is a whole number from 1 to 10,000"),
        ("FREQ=DAILY;COUNT=99999999999999999999", "COUNT in a rule is"),
        ("FREQ=DAILY;INTERVAL=-1", "INTERVAL in a rule is a whole number from 1 to 1,000"),
        ("FREQ=DAILY;COUNT=2;UNTIL=20270101", "not by both"),
        ("FREQ=DAILY;UNTIL=tomorrow", "UNTIL in a rule is a day or an instant"),
        ("FREQ=DAILY;BYMONTHDAY=" + "1," * 200, "at most 200 characters"),
    ],
    ids=str,
)
def test_a_rule_that_nobody_can_follow_is_refused_in_words(rule: str, words: str) -> None:
    with pytest.raises(InvalidRule, match=words):
        checked_rule(rule)


@pytest.mark.parametrize(
    "rule", ["FREQ=WEEKLY;BYDAY=XX", "FREQ=MONTHLY;BYSETPOS=0", "FREQ=WEEKLY;BYDAY=SU;UNTIL=20261399"]
)
def test_a_rule_with_a_wrong_value_is_refused(rule: str) -> None:
    with pytest.raises(InvalidRule, match="cannot be followed"):
        refuse_strange_start(Course(local("2026-06-07 02:00"), rule, "Europe/Berlin"))


@pytest.mark.parametrize(
    "rule", ["FREQ=WEEKLY;BYDAY=MO", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", f"{SUNDAYS};UNTIL=20260101"]
)
def test_a_first_start_that_the_rule_does_not_name_is_refused(rule: str) -> None:
    with pytest.raises(InvalidRule, match="none of those that the rule names"):
        refuse_strange_start(Course(local("2026-06-07 02:00"), rule, "Europe/Berlin"))


def test_a_first_start_in_the_second_of_two_like_hours_is_refused() -> None:
    second = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    with pytest.raises(InvalidRule, match="comes twice"):
        refuse_strange_start(Course(second, SUNDAYS, "Europe/Berlin"))
    refuse_strange_start(Course(second - timedelta(hours=1), SUNDAYS, "Europe/Berlin"))


@pytest.mark.parametrize("name", ["Europe/Atlantis", "", "../../etc/passwd", "Europe\0"])
def test_what_is_no_zone_is_refused(name: str) -> None:
    with pytest.raises(InvalidRule, match="no time zone"):
        zone_of(name)


def test_a_local_time_left_out_by_the_clocks_does_not_exist() -> None:
    assert not exists(datetime.fromisoformat("2026-03-29 02:30"), BERLIN)
    assert exists(datetime.fromisoformat("2026-03-29 03:30"), BERLIN)
    assert exists(datetime.fromisoformat("2026-10-25 02:30"), BERLIN)

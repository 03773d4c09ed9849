"""Axes say few round values and round local times, each with its unit."""

import math
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quarterdeck.ui.charts.quantities import NO_VALUE, quantity
from quarterdeck.ui.charts.ticks import time_ticks, value_axis

BERLIN = ZoneInfo("Europe/Berlin")


def seconds(year: int, month: int, day: int, hour: int = 0, minute: int = 0, *, zone: ZoneInfo = BERLIN) -> float:
    return datetime(year, month, day, hour, minute, tzinfo=zone).timestamp()


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [
        (0.412, "s", "412 ms"),
        (2.9, "s", "2.9 s"),
        (0.0000042, "s", "4.2 \u00b5s"),
        (840.0, "s", "14 min"),
        (0.0381, "ratio", "3.8%"),
        (0.38, "ratio", "38%"),
        (0.0002, "ratio", "0.02%"),
        (640.0, "1/s", "640 /s"),
        (12_840.0, "1/s", "13k /s"),
        (1284.0, "1", "1,284"),
        (412 * 1024.0**3, "By", "412 GB"),
        (1.2 * 1024**2, "By/s", "1.2 MB/s"),
        (9.0, "d", "9.0 d"),
        (-3.0, "1", "−3.0"),
        (21.5, "Cel", "22 Cel"),
        (0.0, "s", "0 ms"),
        (math.nan, "s", NO_VALUE),
        (math.inf, "s", NO_VALUE),
    ],
)
def test_a_quantity_is_written_short_and_with_its_unit(value: float, unit: str, words: str) -> None:
    assert quantity(value, unit) == words


@given(st.floats(-1e12, 1e12), st.floats(0, 1e12), st.sampled_from(["s", "1/s", "By", "ratio", "1"]), st.integers(1, 8))
def test_a_value_axis_holds_all_values_in_few_intervals(low: float, span: float, unit: str, intervals: int) -> None:
    axis = value_axis(low, low + span, unit, intervals=intervals)
    slack = 1e-6 * max(1.0, abs(axis.low), abs(axis.high))
    assert axis.low <= min(0.0, low) + slack
    assert axis.high >= max(0.0, low + span) - slack
    assert len(axis.ticks) <= intervals + 3


def test_a_value_hardly_below_zero_counts_as_zero() -> None:
    axis = value_axis(-2.2250738585e-313, 0.0, "1/s")
    assert (axis.low, axis.high) == (0.0, 1.0)


def test_an_axis_begins_at_zero_only_where_asked() -> None:
    assert value_axis(90, 110, "1").low == 0
    assert value_axis(90, 110, "1", zero_based=False).low > 50


def test_the_unit_stands_once_at_the_top() -> None:
    words = [tick.words for tick in value_axis(0, 0.8, "s", intervals=4).ticks]
    assert words == ["0", "250", "500", "750", "1,000 ms"]


def test_bytes_are_marked_at_round_binary_numbers() -> None:
    axis = value_axis(0, 900 * 1024**2, "By", intervals=4)
    assert [tick.words for tick in axis.ticks] == ["0", "250", "500", "750", "1,000 MB"]


@pytest.mark.parametrize(("low", "high"), [(math.nan, math.nan), (0, 0), (5, 5), (-5, -5)])
def test_an_axis_without_extent_still_is_one(low: float, high: float) -> None:
    axis = value_axis(low, high, "s")
    assert axis.high > axis.low
    assert len(axis.ticks) >= 2


def test_times_are_round_in_the_local_zone() -> None:
    ticks = time_ticks(seconds(2026, 11, 24, 6, 30), seconds(2026, 11, 24, 12, 30), most=8, zone=BERLIN)
    assert [tick.words for tick in ticks] == ["07:00", "08:00", "09:00", "10:00", "11:00", "12:00"]


def test_midnight_says_its_day() -> None:
    ticks = time_ticks(seconds(2026, 11, 23, 22), seconds(2026, 11, 24, 2), most=5, zone=BERLIN)
    assert [tick.words for tick in ticks] == ["22:00", "23:00", "24 Nov", "01:00", "02:00"]


def test_a_half_hour_zone_has_round_hours_of_its_own() -> None:
    kolkata = ZoneInfo("Asia/Kolkata")
    start = seconds(2026, 11, 24, 6, zone=kolkata)
    assert [tick.words for tick in time_ticks(start, start + 7200, most=3, zone=kolkata)] == ["06:00", "07:00", "08:00"]


def test_days_begin_at_midnight_across_the_change_to_summer_time() -> None:
    ticks = time_ticks(seconds(2026, 3, 27), seconds(2026, 3, 31), most=6, zone=BERLIN)
    assert [tick.words for tick in ticks] == ["27 Mar", "28 Mar", "29 Mar", "30 Mar", "31 Mar"]
    assert ticks[3].at - ticks[2].at == 23 * 3600


def test_weeks_begin_on_mondays() -> None:
    ticks = time_ticks(seconds(2026, 11, 1), seconds(2026, 11, 30), most=5, zone=BERLIN)
    assert [tick.words for tick in ticks] == ["2 Nov", "9 Nov", "16 Nov", "23 Nov", "30 Nov"]


def test_long_ranges_are_marked_at_months_and_years() -> None:
    ticks = time_ticks(seconds(2026, 5, 20), seconds(2027, 5, 20), most=5, zone=BERLIN)
    assert [tick.words for tick in ticks] == ["Jul", "Oct", "2027", "Apr"]


def test_seconds_are_said_where_they_matter() -> None:
    start = seconds(2026, 11, 24, 12)
    assert [tick.words for tick in time_ticks(start, start + 30, most=3, zone=BERLIN)] == [
        "12:00:00",
        "12:00:10",
        "12:00:20",
        "12:00:30",
    ]


@given(st.floats(1.0, 4e8), st.integers(1, 20))
def test_there_are_never_many_more_ticks_than_asked_for(length: float, most: int) -> None:
    start = seconds(2024, 1, 1)
    ticks = time_ticks(start, start + length, most=most, zone=BERLIN)
    assert len(ticks) <= most + 1
    assert all(start <= tick.at <= start + length for tick in ticks)
    assert [tick.at for tick in ticks] == sorted({tick.at for tick in ticks})

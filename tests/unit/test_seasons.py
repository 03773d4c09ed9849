"""Seasons: believed only when they forecast the past better, and told alike whatever the day."""

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quarterdeck.analysis.seasons import (
    DAY_HOURS,
    HOUR_MS,
    WEEK_HOURS,
    Hours,
    SeasonKind,
    by_hour,
    chosen_season,
    forecast_days,
    level_of,
    season_of,
    slot_of,
)

Values = npt.NDArray[np.float64]
MONDAY = 473_352
"""2024-01-01 00:00 UTC in hours since the epoch."""


def hours(values: Values) -> Hours:
    return Hours(MONDAY + np.arange(len(values)), values)


def noise(days: int, seed: int = 5) -> Values:
    return np.random.default_rng(seed).normal(100, 3, days * DAY_HOURS)


def daily(days: int) -> Values:
    return 30 * np.sin(np.arange(days * DAY_HOURS) * 2 * np.pi / DAY_HOURS)


def weekly(days: int) -> Values:
    return np.where(np.arange(days * DAY_HOURS) // DAY_HOURS % 7 >= 5, -60.0, 0.0)


def test_noise_has_no_season() -> None:
    assert chosen_season(hours(noise(28))).kind is SeasonKind.NONE


def test_a_daily_wave_repeats_by_the_hour_of_the_day() -> None:
    assert chosen_season(hours(noise(28) + daily(28))).kind is SeasonKind.HOUR_OF_DAY


def test_quiet_weekends_make_a_weekly_season() -> None:
    assert chosen_season(hours(noise(35) + daily(35) + weekly(35))).kind is SeasonKind.HOUR_OF_WEEK


def test_a_week_is_not_believed_before_two_were_seen() -> None:
    choice = chosen_season(hours((noise(35) + daily(35) + weekly(35))[: 14 * DAY_HOURS]))
    assert SeasonKind.HOUR_OF_WEEK not in choice.errors


def test_a_day_is_not_believed_before_two_were_seen() -> None:
    assert chosen_season(hours((noise(3) + daily(3))[: 2 * DAY_HOURS])).kind is SeasonKind.NONE


def test_nothing_known_has_no_season() -> None:
    assert chosen_season(hours(np.empty(0))).errors == {}


def test_a_single_odd_day_does_not_make_a_season() -> None:
    values = noise(14)
    values[-5 * DAY_HOURS : -4 * DAY_HOURS] += 1000
    assert chosen_season(hours(values)).kind is SeasonKind.NONE


def test_an_hour_never_seen_is_taken_from_the_other_days() -> None:
    values = 100 + daily(14)
    seen = np.arange(len(values)) % WEEK_HOURS != 30
    season = season_of(Hours((MONDAY + np.arange(len(values)))[seen], values[seen]), SeasonKind.HOUR_OF_WEEK)
    assert season.slots[30] == pytest.approx(daily(14)[30], abs=1)


def test_the_season_runs_straight_between_the_middles_of_the_hours() -> None:
    season = season_of(hours(100 + daily(14)), SeasonKind.HOUR_OF_DAY)
    middle = (MONDAY + 3) * HOUR_MS + HOUR_MS // 2
    at = season.at(np.array([middle, middle + HOUR_MS // 2, middle + HOUR_MS]))
    assert at[0] == season.slots[3]
    assert at[1] == pytest.approx((at[0] + at[2]) / 2)


def test_the_level_is_that_of_the_last_day() -> None:
    values = 100 + daily(14)
    values[-DAY_HOURS:] += 50
    known = hours(values)
    season = season_of(hours(100 + daily(14)), SeasonKind.HOUR_OF_DAY)
    assert level_of(known, season) == pytest.approx(150, abs=1)


@pytest.mark.parametrize(
    ("hour", "kind", "slot"), [(0, "HOUR_OF_WEEK", 72), (MONDAY, "HOUR_OF_WEEK", 0), (5, "NONE", 0)]
)
def test_a_week_begins_on_monday(hour: int, kind: str, slot: int) -> None:
    assert slot_of(np.array([hour]), SeasonKind[kind]).tolist() == [slot]


@given(st.lists(st.integers(0, 20 * HOUR_MS), max_size=60))
def test_every_hour_with_a_number_has_its_median(instants: list[int]) -> None:
    times_ms = np.array(sorted(instants), np.int64)
    values = np.arange(len(times_ms), dtype=np.float64)
    found = by_hour(times_ms, values)
    told = {int(hour): float(np.median(values[times_ms // HOUR_MS == hour])) for hour in np.unique(times_ms // HOUR_MS)}
    assert dict(zip(found.hours.tolist(), found.values.tolist(), strict=True)) == told


def test_what_is_no_number_counts_for_no_hour() -> None:
    found = by_hour(np.array([0, HOUR_MS, HOUR_MS + 1]), np.array([np.nan, 2.0, np.inf]))
    assert (found.hours.tolist(), found.values.tolist()) == ([1], [2.0])


@settings(max_examples=30)
@given(st.integers(1, 1200), st.sampled_from(list(SeasonKind)))
def test_days_are_forecast_only_from_enough_history(length: int, kind: SeasonKind) -> None:
    known = hours(np.zeros(length))
    days = forecast_days(known, kind.least_hours)
    assert days == sorted(days)
    assert all(day - MONDAY >= kind.least_hours and day + DAY_HOURS <= MONDAY + length for day in days)

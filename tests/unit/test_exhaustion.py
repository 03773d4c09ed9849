"""Dates of exhaustion: near the truth, dated from the present pace, and not told of what does not surely grow."""

import math

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quarterdeck.analysis.exhaustion import LEAST_DAYS, Outlook, outlook

Values = npt.NDArray[np.float64]
DAYS = np.arange(120.0)


def noise(spread: float = 2.0, seed: int = 1) -> Values:
    return np.random.default_rng(seed).normal(0, spread, len(DAYS))


def told(values: Values, limit: float, days: Values = DAYS) -> Outlook:
    found = outlook(days, values, limit)
    assert found is not None
    return found


def days_left(values: Values, limit: float) -> float:
    found = told(values, limit).exhaustion
    assert found is not None
    return found.days


def test_a_straight_growth_meets_its_limit_when_the_line_does() -> None:
    assert days_left(100 + 2 * DAYS + noise(), 100 + 2 * (119 + 40)) == pytest.approx(40, rel=0.04)


def test_the_interval_lies_around_the_date() -> None:
    found = told(100 + 2 * DAYS + noise(), 418).exhaustion
    assert found is not None
    assert found.earliest <= found.days <= found.latest
    assert found.earliest < 40 < found.latest


def test_the_present_pace_counts_and_its_change_is_dated() -> None:
    values = 100 + 0.5 * DAYS + 2.5 * np.maximum(0, DAYS - 70) + noise()
    found = told(values, 100 + 0.5 * 149 + 2.5 * 79)
    assert found.growth.knot == pytest.approx(70, abs=4)
    assert found.growth.earlier == pytest.approx(0.5, abs=0.2)
    assert found.growth.slope == pytest.approx(3.0, rel=0.05)
    assert found.exhaustion is not None
    assert found.exhaustion.days == pytest.approx(30, rel=0.05)


def test_a_steady_growth_has_no_change_of_pace() -> None:
    growth = told(100 + 2 * DAYS + noise(), 1000).growth
    assert (growth.knot, growth.earlier) == (None, None)
    assert growth.low < 2 < growth.high


@pytest.mark.parametrize("seed", range(6))
def test_what_is_flat_has_no_date(seed: int) -> None:
    found = told(100 + noise(seed=seed), 130)
    assert found.exhaustion is None
    assert not found.growth.is_growing


def test_what_shrinks_has_no_date() -> None:
    assert told(500 - DAYS + noise(), 600).exhaustion is None


def test_a_date_beyond_what_can_be_seen_is_not_told() -> None:
    assert told(100 + 2 * DAYS + noise(), 1e6).exhaustion is None


def test_a_limit_that_is_met_is_met_in_no_days() -> None:
    found = told(100 + 2 * DAYS + noise(), 200).exhaustion
    assert found is not None
    assert (found.days, found.earliest, found.latest) == (0, 0, 0)


def test_outliers_and_gaps_move_the_date_little() -> None:
    values = 100 + 2 * DAYS + noise()
    values[::17] *= 4
    values[50:58] = np.nan
    assert days_left(values, 418) == pytest.approx(40, rel=0.1)


def test_the_wave_of_the_week_is_not_taken_for_growth() -> None:
    values = 100 + 30.0 * (DAYS % 7 >= 5) + noise()
    assert told(values, 160).exhaustion is None


def test_a_perfect_line_has_an_exact_date() -> None:
    assert days_left(2 * DAYS, 2 * 150) == pytest.approx(31)


@pytest.mark.parametrize("count", [0, 5, LEAST_DAYS - 1])
def test_too_few_days_have_no_outlook(count: int) -> None:
    assert outlook(DAYS[:count], DAYS[:count], 1000) is None


def test_days_close_together_have_no_outlook() -> None:
    assert outlook(DAYS / 100, DAYS, 1000) is None


def test_two_weeks_are_enough_for_a_steady_growth() -> None:
    days = DAYS[: LEAST_DAYS + 4]
    found = told(100 + 3 * days, 100 + 3 * 30, days)
    assert found.exhaustion is not None
    assert found.exhaustion.days == pytest.approx(30 - days[-1], rel=0.02)


def test_the_same_days_get_the_same_answer() -> None:
    assert told(100 + 2 * DAYS + noise(), 418) == told(100 + 2 * DAYS + noise(), 418)


@settings(max_examples=20, deadline=None)
@given(st.lists(st.floats(-1e9, 1e9), min_size=20, max_size=60), st.floats(-1e9, 1e9))
def test_a_date_is_never_in_the_past_nor_without_a_bound_before_it(numbers: list[float], limit: float) -> None:
    found = outlook(np.arange(float(len(numbers))), np.array(numbers), limit)
    assert found is not None
    if found.exhaustion is not None:
        assert 0 <= found.exhaustion.earliest <= found.exhaustion.days <= found.exhaustion.latest
        assert math.isfinite(found.exhaustion.days)

"""The slope of a growing quantity: robust, with an interval, and of the stretch that holds now."""

import numpy as np
import pytest

from quarterdeck.analysis.trends import Trend, present_trend, trend

HOURS = np.arange(0, 14, 1 / 24)
NOISE = np.random.default_rng(3).normal(0, 2.0, len(HOURS))
SPAN = 0.25


def present(days: np.ndarray, values: np.ndarray) -> Trend:
    found = present_trend(days, values, least_days=SPAN)
    assert found is not None
    return found


def test_an_even_growth_is_found_through_noise() -> None:
    found = present(HOURS, 10 * HOURS + NOISE)
    assert found.low < 10 < found.high
    assert found.slope == pytest.approx(10, rel=0.02)


def test_a_spike_of_some_hours_does_not_tilt_the_slope() -> None:
    values = 10 * HOURS + NOISE
    values[100:106] += 10_000
    assert present(HOURS, values).slope == pytest.approx(10, rel=0.03)


def test_after_a_change_of_rate_only_the_new_rate_counts() -> None:
    values = np.where(HOURS < 11, HOURS, 11 + 30 * (HOURS - 11)) + NOISE / 2
    assert present(HOURS, values).slope == pytest.approx(30, rel=0.1)


def test_what_goes_up_and_down_has_an_interval_about_nought() -> None:
    found = present(HOURS, 5 * np.sin(2 * np.pi * HOURS) + NOISE)
    assert found.low <= 0 <= found.high


def test_the_interval_holds_the_true_slope_in_most_of_many_histories() -> None:
    rng = np.random.default_rng(4)
    found = [trend(HOURS, 3 * HOURS + rng.normal(0, 20, len(HOURS))) for _ in range(200)]
    assert sum(one is not None and one.low <= 3 <= one.high for one in found) >= 170


def test_few_readings_or_a_short_span_have_no_slope() -> None:
    assert trend(HOURS[:3], HOURS[:3]) is None
    assert present_trend(HOURS[:6], HOURS[:6], least_days=SPAN) is None
    assert present_trend(HOURS[:0], HOURS[:0], least_days=SPAN) is None

"""Level and spread sample by sample, against the same drawn from all of them at once."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quarterdeck.analysis.running import Departures, FadingMoments, Moments

NUMBERS = st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=60)


@given(NUMBERS)
def test_running_moments_are_those_of_all_numbers(numbers: list[float]) -> None:
    moments = Moments()
    for number in numbers:
        moments.take(number)
    assert moments.mean == pytest.approx(np.mean(numbers), abs=1e-6)
    assert moments.spread == pytest.approx(np.std(numbers), abs=1e-3)


def test_nothing_seen_has_no_spread() -> None:
    assert Moments().spread == 0


@given(NUMBERS)
def test_fading_moments_begin_as_plain_ones(numbers: list[float]) -> None:
    moments = FadingMoments(half_life=1e9)
    for number in numbers:
        moments.take(number)
    assert moments.mean == pytest.approx(np.mean(numbers), abs=1e-6)
    assert moments.spread == pytest.approx(np.std(numbers), abs=1e-3)


def test_half_the_weight_is_gone_after_the_half_life() -> None:
    moments = FadingMoments(half_life=50)
    for value in [0.0] * 1000 + [1.0] * 50:
        moments.take(value)
    assert moments.mean == pytest.approx(0.5, abs=0.01)


def test_a_residual_is_judged_only_once_enough_are_known() -> None:
    departures = Departures(0.3)
    assert [departures.judge(1e9, 1e-6) for _ in range(Departures.REMEMBERED)] == [0.0] * Departures.REMEMBERED


def test_the_distance_is_in_spreads_of_the_recent_residuals() -> None:
    departures = Departures(0.3)
    rng = np.random.default_rng(2)
    for residual in rng.normal(3, 2, 3000).tolist():
        departures.judge(residual, 1e-6)
    assert departures.judge(23.0, 1e-6) == pytest.approx(10, rel=0.15)


def test_the_spread_is_no_less_than_its_share_of_all_ever_seen() -> None:
    departures = Departures(1.0)
    rng = np.random.default_rng(2)
    for residual in [*rng.normal(0, 100, 5000).tolist(), *rng.normal(0, 1, 1000).tolist()]:
        departures.judge(residual, 1e-6)
    assert departures.judge(100.0, 1e-6) < 2

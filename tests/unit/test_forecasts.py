"""Forecasts: exact of what repeats, otherwise by the method that proved itself, a repetition where none did."""

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quarterdeck.analysis.decomposition import decomposed
from quarterdeck.analysis.forecasts import DAY, WEEK, Forecast, Method, filled, forecast
from quarterdeck.analysis.smoothing import damped_trend, seasonal_level

Values = npt.NDArray[np.float64]


def weekly(weeks: int) -> Values:
    hour = np.arange(weeks * WEEK)
    weekend = np.where(hour // DAY % 7 >= 5, 0.4, 1.0)
    return 100 * weekend * (1.5 + np.sin(hour * 2 * np.pi / DAY))


def noisy(weeks: int, spread: float = 10.0, seed: int = 1) -> Values:
    return weekly(weeks) + np.random.default_rng(seed).normal(0, spread, weeks * WEEK)


def told(history: Values, horizon: int = WEEK) -> Forecast:
    found = forecast(history, horizon)
    assert found is not None
    return found


def error(centre: Values, truth: Values) -> float:
    return float(np.mean(np.abs(centre - truth)))


def test_what_repeats_by_the_week_is_foretold_exactly() -> None:
    assert told(weekly(10)).centre == pytest.approx(weekly(1))


def test_noise_is_averaged_rather_than_repeated() -> None:
    values = noisy(12)
    found = told(values[:-WEEK])
    assert found.method is not found.naive
    assert error(found.centre, values[-WEEK:]) < 0.85 * error(values[-2 * WEEK : -WEEK], values[-WEEK:])


def test_the_error_of_the_past_weeks_stands_beside_the_forecast() -> None:
    found = told(noisy(12))
    assert found.error == pytest.approx(8, rel=0.2)
    assert found.naive_error is not None
    assert found.error is not None
    assert found.error < found.naive_error


def test_a_method_that_is_not_clearly_better_yields_to_repeating() -> None:
    walk = np.cumsum(np.random.default_rng(4).normal(0, 1, 6 * WEEK)) + 500
    assert told(np.round(walk / 1e6)).method in {Method.DAY_NAIVE, Method.WEEK_NAIVE}


def test_the_band_holds_about_four_of_five_hours() -> None:
    values = noisy(14)
    found = told(values[:-WEEK])
    held = np.mean((values[-WEEK:] >= found.low) & (values[-WEEK:] <= found.high))
    assert held == pytest.approx(0.8, abs=0.1)


def test_an_outage_last_week_is_not_foretold_again() -> None:
    values = noisy(12, 5)
    values[-60:-50] = 0
    assert told(values).centre[-60:-50].min() > 20


def test_growth_is_carried_on() -> None:
    values = noisy(12, 5) * (1 + 0.03 * np.arange(12 * WEEK) / WEEK)
    found = told(values[:-WEEK])
    assert np.mean(found.centre) == pytest.approx(np.mean(values[-WEEK:]), rel=0.05)


@pytest.mark.parametrize("days", [1, 2, 5, 9, 15, 30])
def test_any_history_of_a_day_or_more_has_a_forecast(days: int) -> None:
    found = told(noisy(5)[: days * DAY], 30)
    assert len(found.centre) == 30
    assert np.all(found.low <= found.centre)
    assert np.all(found.centre <= found.high)


def test_a_single_day_is_repeated_without_having_been_tried() -> None:
    found = told(weekly(1)[:DAY])
    assert (found.method, found.errors, found.error, found.naive_error) == (Method.DAY_NAIVE, {}, None, None)


@pytest.mark.parametrize("history", [np.empty(0), np.full(500, np.nan), np.arange(20.0)])
def test_less_than_a_day_has_no_forecast(history: Values) -> None:
    assert forecast(history, DAY) is None


@settings(max_examples=20, deadline=None)
@given(st.lists(st.floats(-1e9, 1e9) | st.just(float("nan")), min_size=24, max_size=24 * 20), st.integers(1, 200))
def test_a_forecast_is_always_finite_and_ordered(numbers: list[float], horizon: int) -> None:
    found = forecast(np.array(numbers), horizon)
    if found is not None:
        assert np.isfinite([found.low, found.centre, found.high]).all()
        assert np.all((found.low <= found.centre) & (found.centre <= found.high))


def test_gaps_are_filled_from_the_week_before() -> None:
    values = weekly(3)
    gapped = values.copy()
    gapped[2 * WEEK : 2 * WEEK + 30] = np.nan
    assert filled(gapped) == pytest.approx(values)


def test_gaps_of_the_first_week_are_filled_from_the_day_before() -> None:
    values = np.tile(np.arange(24.0), 6)
    gapped = values.copy()
    gapped[30:50] = np.nan
    assert np.array_equal(filled(gapped), values)


def test_gaps_of_the_first_day_are_filled_with_the_middle() -> None:
    assert filled(np.array([np.nan, 1.0, np.nan, 3.0])).tolist() == [1.0, 2.0, 3.0]


def test_series_below_nothing_are_foretold_too() -> None:
    values = weekly(10) - 500
    assert told(values).centre == pytest.approx(weekly(1) - 500)


def test_seasons_and_level_are_told_apart() -> None:
    parts = decomposed(weekly(8) + 1000, (DAY, WEEK))
    assert parts.seasonal(WEEK) + np.mean(parts.level) == pytest.approx(weekly(1) + 1000, abs=1)


def test_a_trend_fades_as_it_is_carried_on() -> None:
    steps = np.diff(damped_trend(np.arange(200.0), 50))
    assert steps[0] == pytest.approx(1, abs=0.2)
    assert 0 < steps[-1] < steps[0]


def test_a_level_with_a_season_goes_on_as_before() -> None:
    wave = np.tile(np.sin(np.arange(24) * 2 * np.pi / 24), 10)
    assert seasonal_level(50 + wave, 30, 24) == pytest.approx(50 + np.resize(wave, 30), abs=1e-6)

"""Peaks foretold: by the method that its own past bears out, and never with a date that nothing bears out."""

import numpy as np
import pytest

from quarterdeck.analysis.exhaustion import LEAST_DAYS
from quarterdeck.analysis.peaks import (
    HORIZON_DAYS,
    Demand,
    PeakMethod,
    foreseen,
    foreseen_all,
    last_clearing,
    usual_week,
)

DAYS = 60


def hourly(peaks: np.ndarray) -> np.ndarray:
    """Hours of days, each of which peaks at noon."""
    shape = 0.5 + 0.5 * np.exp(-((np.arange(24) - 12.0) ** 2) / 18)
    return (peaks[:, np.newaxis] * shape).ravel()


def line(start: float, per_day: float, days: int = DAYS) -> np.ndarray:
    return start + per_day * np.arange(days)


def noise(days: int = DAYS) -> np.ndarray:
    return np.random.default_rng(7).normal(0, 0.01, days)


def test_a_line_that_grows_gets_the_date_at_which_it_meets_its_size() -> None:
    found = foreseen(Demand(hourly(line(0.4, 0.005) + noise())))
    assert found.outlook is not None
    assert found.outlook.exhaustion is not None
    assert found.forecast is not None
    assert found.forecast.method is PeakMethod.LINE
    assert found.outlook.exhaustion.days == pytest.approx((1 - 0.4 - 0.005 * 59) / 0.005, rel=0.1)
    assert found.outlook.exhaustion.earliest <= found.outlook.exhaustion.days <= found.outlook.exhaustion.latest


def test_what_does_not_grow_gets_no_date() -> None:
    for peaks in (0.5 + noise(), line(0.9, -0.005) + noise(), np.full(DAYS, 0.5), np.zeros(DAYS)):
        found = foreseen(Demand(hourly(peaks)))
        assert found.outlook is not None
        assert found.outlook.exhaustion is None
        assert not found.outlook.growth.is_growing


def test_too_few_days_tell_nothing_but_how_many_they_are() -> None:
    found = foreseen(Demand(hourly(line(0.4, 0.03, LEAST_DAYS - 1))))
    assert (found.known_days, found.outlook, found.forecast, found.growth) == (LEAST_DAYS - 1, None, None, None)
    nothing = foreseen(Demand(np.full(DAYS * 24, np.nan)))
    assert (nothing.known_days, nothing.outlook, nothing.demand) == (0, None, None)
    assert not np.isfinite(nothing.usual).any()


def test_a_line_that_tells_its_past_worse_than_the_last_week_gives_no_date() -> None:
    days = np.arange(22)
    found = foreseen(Demand(hourly(np.where(days % 7 < 5, 0.8, 0.3))))
    assert found.forecast is not None
    assert (found.forecast.method, found.forecast.error) == (PeakMethod.LAST_WEEK, 0.0)
    assert found.outlook is not None
    assert found.outlook.exhaustion is None


def test_the_error_is_that_of_days_the_method_had_not_seen() -> None:
    peaks = line(0.3, 0.004) + noise()
    found = foreseen(Demand(hourly(peaks)))
    assert found.forecast is not None
    assert found.forecast.tested_days == 28
    assert found.forecast.mean_peak == pytest.approx(peaks[-28:].mean())
    assert found.forecast.error is not None
    assert found.forecast.relative_error == found.forecast.error / found.forecast.mean_peak
    assert 0.005 < found.forecast.error < 0.015
    level = np.concatenate([np.median(peaks[:cut][-14:]) - peaks[cut : cut + 7] for cut in (32, 39, 46, 53)])
    assert found.forecast.errors[PeakMethod.LEVEL] == pytest.approx(np.abs(level).mean())


def test_a_short_history_has_a_forecast_without_an_error() -> None:
    found = foreseen(Demand(hourly(line(0.3, 0.004, 16) + noise(16))))
    assert found.forecast is not None
    assert (found.forecast.error, found.forecast.relative_error, found.forecast.tested_days) == (None, None, 0)
    assert found.forecast.method is PeakMethod.LINE


def test_nothing_used_has_no_relative_error() -> None:
    found = foreseen(Demand(np.zeros(DAYS * 24)))
    assert found.forecast is not None
    assert (found.forecast.error, found.forecast.relative_error) == (0.0, None)


def test_the_band_holds_the_centre_and_reaches_as_far_as_the_date() -> None:
    found = foreseen(Demand(hourly(line(0.4, 0.005) + noise())))
    flat = foreseen(Demand(hourly(0.5 + noise())))
    assert found.forecast is not None
    assert flat.forecast is not None
    assert len(flat.forecast.centre) == HORIZON_DAYS
    assert len(found.forecast.centre) > HORIZON_DAYS
    for told in (found.forecast, flat.forecast):
        assert (told.low <= told.centre).all()
        assert (told.centre <= told.high).all()


def test_what_was_cleared_counts_from_then_on() -> None:
    saw = np.concatenate([line(0.5, 0.01, 40), line(0.45, 0.01, 20)])
    assert last_clearing(saw) == 40
    found = foreseen(Demand(hourly(saw), is_cleared=True))
    assert found.counted_from == 40
    assert found.outlook is not None
    assert found.outlook.growth.slope == pytest.approx(0.01)
    assert foreseen(Demand(hourly(saw))).counted_from is None


def test_a_dip_that_comes_back_is_no_clearing() -> None:
    dipped = line(0.5, 0.004)
    dipped[30] -= 0.3
    assert last_clearing(dipped) == 0
    assert last_clearing(np.full(3, np.nan)) == 0
    assert last_clearing(line(0.9, -0.004)) == 0


def test_what_can_be_no_share_is_a_gap() -> None:
    hours = hourly(line(0.4, 0.005))
    hours[24:48] = -1.0
    hours[48:72] = np.inf
    found = foreseen(Demand(hours))
    assert found.known_days == DAYS - 2
    assert np.isnan(found.peaks[1:3]).all()
    assert found.peaks[3] == hours[72:96].max()


def test_more_than_there_is_counts_as_it_is() -> None:
    found = foreseen(Demand(hourly(line(1.1, 0.001) + noise())))
    assert found.outlook is not None
    assert found.outlook.exhaustion is not None
    assert found.outlook.exhaustion.days == 0
    assert found.demand is not None
    assert found.demand > 1


def test_the_demand_is_what_99_of_100_hourly_peaks_stay_under() -> None:
    hours = hourly(line(0.4, 0.005) + noise())
    assert foreseen(Demand(hours)).demand == np.quantile(hours[-720:], 0.99)
    assert foreseen(Demand(hours[: 6 * 24])).demand is None


def test_the_usual_week_begins_on_monday_whatever_day_the_history_begins() -> None:
    hours = np.repeat(np.arange(14.0), 24)
    usual = usual_week(hours, 2)
    assert usual[:, 0].tolist() == [8.5, 9.5, 3.5, 4.5, 5.5, 6.5, 7.5]
    short = usual_week(hours[:24], 6)
    assert np.isfinite(short[6]).all()
    assert not np.isfinite(short[:6]).any()


def test_the_same_history_always_gets_the_same_outlook() -> None:
    demand = Demand(hourly(line(0.4, 0.005) + noise()))
    first, second = foreseen_all((demand, demand))
    assert first.outlook == second.outlook

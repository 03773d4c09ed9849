"""Many series watched at once: each is told what it is told alone, whatever stands beside it."""

import numpy as np
import numpy.typing as npt
import pytest

from quarterdeck.analysis.anomalies import Watch
from quarterdeck.analysis.watches import Watches

Values = npt.NDArray[np.float64]
LENGTH = 1600


def varied() -> Values:
    """Series of several characters (rows, LENGTH): shifts, spikes, waves, gaps, late beginnings, flat, huge numbers."""
    rng = np.random.default_rng(5)
    rows = rng.normal(100, 5, (8, LENGTH))
    rows[0, 1000:] += 80
    rows[1, 1200] += 300
    rows[2] = 10 * np.sin(np.arange(LENGTH) / 20) + rng.normal(0, 0.3, LENGTH)
    rows[2, 1300:1330] = 0
    rows[3, rng.random(LENGTH) < 0.4] = np.nan
    rows[3, 1500:] += 90
    rows[4, :700] = np.nan
    rows[4, 1400:] += 100
    rows[5] = 42.0
    rows[6, ::5] = 1e200
    rows[7, :] = np.nan
    return rows


def alone(values: Values) -> tuple[Values, list[int]]:
    found = Watch().take(values)
    return found.loudness, [alarm.place for alarm in found.alarms]


@pytest.mark.parametrize("steps", [1, 7, 64, 500])
def test_a_series_among_others_is_told_what_it_is_told_alone(steps: int) -> None:
    rows = varied()
    watches = Watches(len(rows))
    parts = [watches.take(rows[:, begin : begin + steps]) for begin in range(0, LENGTH, steps)]
    loudness = np.concatenate([part.loudness for part in parts], axis=1)
    is_alarm = np.concatenate([part.is_alarm for part in parts], axis=1)
    for row, values in enumerate(rows):
        expected, places = alone(values)
        assert loudness[row] == pytest.approx(expected, rel=1e-12)
        assert np.flatnonzero(is_alarm[row]).tolist() == places
    assert is_alarm.any(axis=1).sum() >= 4


def test_what_lies_far_back_is_forgotten_alike() -> None:
    rng = np.random.default_rng(9)
    values = rng.normal(100, 5, (2, 5200))
    values[:, 5000:] += 70
    watches = Watches(2)
    parts = [watches.take(values[:, begin : begin + 300]).loudness for begin in range(0, 5200, 300)]
    assert np.concatenate(parts, axis=1)[1] == pytest.approx(alone(values[1])[0], rel=1e-12)


def test_an_alarm_comes_with_the_distances_that_made_it() -> None:
    rows = varied()
    found = Watches(len(rows)).take(rows)
    level = found.distances[0, 0, 1000]
    assert found.is_alarm[0, 1000]
    assert level > 10


def test_series_without_a_sample_are_silent() -> None:
    found = Watches(3).take(np.full((3, 400), np.nan))
    assert not found.is_alarm.any()
    assert found.loudness.max() == 0

"""Anomalies: told alike however samples come, silent where nothing happens, with their reasons."""

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quarterdeck.analysis.anomalies import LEARNING, QUIET, Alarm, Sign, Watch, once_in

Values = npt.NDArray[np.float64]
LENGTH = 1500


def noise(length: int = LENGTH, seed: int = 3) -> Values:
    return np.random.default_rng(seed).normal(100, 5, length)


def alarms_in(values: Values) -> tuple[Alarm, ...]:
    return Watch().take(values).alarms


def signs_of(alarm: Alarm) -> set[Sign]:
    return {sign for sign, _ in alarm.signs}


@settings(max_examples=25, deadline=None)
@given(cuts=st.lists(st.integers(0, 700), max_size=12), seed=st.integers(0, 2**16))
def test_a_stream_and_a_whole_range_get_the_same_answers(cuts: list[int], seed: int) -> None:
    values = noise(700, seed)
    values[500:520] += 60
    values[100] = np.nan
    whole = Watch().take(values)
    watch = Watch()
    parts = [watch.take(part) for part in np.split(values, sorted(cuts))]
    assert np.array_equal(np.concatenate([part.loudness for part in parts]), whole.loudness)
    assert tuple(alarm for part in parts for alarm in part.alarms) == whole.alarms


@settings(max_examples=25, deadline=None)
@given(st.lists(st.floats(allow_nan=True, allow_infinity=True, width=64), max_size=400))
def test_any_numbers_yield_finite_loudness(numbers: list[float]) -> None:
    loudness = Watch().take(np.array(numbers, np.float64)).loudness
    assert len(loudness) == len(numbers)
    assert np.isfinite(loudness).all()


@pytest.mark.parametrize("level", [0.0, 100.0, -1e12])
def test_a_flat_series_never_alarms(level: float) -> None:
    assert alarms_in(np.full(LENGTH, level)) == ()


def test_the_last_bits_of_a_number_are_no_change() -> None:
    values = np.full(LENGTH, 0.1)
    values[1000:] += 2**-54
    assert alarms_in(values) == ()


def test_noise_alone_does_not_alarm() -> None:
    assert alarms_in(noise()) == ()


def test_a_new_level_alarms_at_once_and_says_that_it_is_unlike_before() -> None:
    values = noise()
    values[1000:] += 80
    first = alarms_in(values)[0]
    assert first.place == 1000
    assert {Sign.LEVEL, Sign.SHORT_NOVELTY} <= signs_of(first)
    assert first.value == values[1000]


def test_the_sign_that_says_most_stands_first() -> None:
    values = noise()
    values[1000:] += 80
    first = alarms_in(values)[0]
    distances = [distance for _, distance in first.signs]
    assert distances == sorted(distances, reverse=True)


def test_a_small_lasting_shift_is_told_as_a_shift() -> None:
    rise = np.arange(LENGTH) * 30.0
    values = noise() + rise
    values[1200:] += 40
    assert Sign.SHIFT in {sign for alarm in alarms_in(values) for sign in signs_of(alarm)}


def test_a_single_high_sample_is_told_as_a_spike() -> None:
    values = noise()
    values[1200] += 200
    assert Sign.SPIKE in signs_of(alarms_in(values)[0])


def test_a_spike_that_comes_again_and_again_is_no_news() -> None:
    values = noise(6000)
    values[::100] += 200
    assert alarms_in(values) == ()


def test_nothing_is_told_while_the_series_is_learnt() -> None:
    values = noise()
    values[LEARNING - 20 : LEARNING - 10] += 300
    assert [alarm.place for alarm in alarms_in(values) if alarm.place < LEARNING] == []


def test_an_alarm_silences_those_that_are_not_much_louder() -> None:
    values = noise()
    values[1000:1060] += 80
    places = [alarm.place for alarm in alarms_in(values)]
    assert sum(1000 <= place < 1000 + QUIET for place in places) <= 2


def test_something_much_worse_is_told_although_an_alarm_was_just_raised() -> None:
    values = noise()
    values[1000:] += 60
    values[1010:] += 5000
    assert 1010 in [alarm.place for alarm in alarms_in(values)]


def test_a_missing_sample_is_neither_loud_nor_learnt() -> None:
    values = noise()
    gapped = np.insert(values, 700, [np.nan] * 50)
    readings = Watch().take(gapped)
    assert readings.loudness[700:750].max() == 0
    assert np.array_equal(np.delete(readings.loudness, slice(700, 750)), Watch().take(values).loudness)


def test_a_louder_sample_is_rarer() -> None:
    rarities = [once_in(loudness) for loudness in (0.0, 0.3, 0.9, 1.0, 1.4, 3.0)]
    assert rarities == sorted(rarities)
    assert rarities[0] == 1


def test_an_alarm_says_how_rare_it_is_in_ordinary_series() -> None:
    assert Alarm(0, 1.0, 1.0, ()).once_in == pytest.approx(5_700)

"""Rates over windows, compared with walking through every window's samples one by one."""

import itertools
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quarterdeck.analysis.alignment import Edition, SampleBlock
from quarterdeck.analysis.rates import Window, delta, exact_increase, increase, rate
from tests.unit.test_alignment import History, block_of

NAN = float("nan")
counts = st.one_of(st.integers(0, 50).map(float), st.floats(0, 1e6), st.just(NAN))
counters = st.lists(
    st.dictionaries(st.integers(0, 300), counts, max_size=30).map(lambda by_time: sorted(by_time.items())), max_size=4
)
grids = st.lists(st.integers(-50, 400), unique=True, max_size=15).map(sorted)


def walked(samples: History, *, is_counter: bool = True) -> float:
    """From the first sample to the last, each fall of a counter a beginning at nought."""
    total = samples[-1][1] - samples[0][1]
    if is_counter:
        total += sum(before for (_, before), (_, after) in itertools.pairwise(samples) if after < before)
    return total


def stretched(samples: History, start: int, end: int, edition: Edition, *, is_counter: bool) -> float:
    """`extrapolatedRate` of promql/functions.go, line by line, without the division by the range."""
    result = walked(samples, is_counter=is_counter)
    sampled = (samples[-1][0] - samples[0][0]) / 1000
    step = sampled / (len(samples) - 1)
    to_start, to_end, near = (samples[0][0] - start) / 1000, (end - samples[-1][0]) / 1000, step * 1.1
    if edition is Edition.PROMETHEUS_3 and to_start >= near:
        to_start = step / 2
    if is_counter and result > 0 and samples[0][1] >= 0:
        to_start = min(to_start, sampled * (samples[0][1] / result))
    if edition is Edition.PROMETHEUS_2 and to_start >= near:
        to_start = step / 2
    if to_end >= near:
        to_end = step / 2
    return result * (sampled + to_start + to_end) / sampled


def windowed(history: History, end: int, window: Window, *, is_counter: bool) -> float:
    start = end - window.length_ms
    closed = window.edition is Edition.PROMETHEUS_2
    inside = [
        (at, value)
        for at, value in history
        if (start <= at if closed else start < at) and at <= end and np.isfinite(value)
    ]
    return stretched(inside, start, end, window.edition, is_counter=is_counter) if len(inside) > 1 else NAN


def between(history: History, end: int, length: int, look_back: int) -> float:
    numbers = [(at, value) for at, value in history if np.isfinite(value)]
    start = end - length
    before = [one for one in numbers if one[0] <= start and start - one[0] < look_back]
    inside = [one for one in numbers if start < one[0] <= end]
    joined = before[-1:] + inside
    return walked(joined) if inside and len(joined) > 1 else NAN


@given(counters, grids, st.integers(1, 150), st.sampled_from(Edition))
def test_an_increase_is_what_the_samples_of_its_window_say_stretched_to_its_edges(
    histories: list[History], grid: list[int], length: int, edition: Edition
) -> None:
    window = Window(length, edition)
    wanted = [[windowed(history, at, window, is_counter=True) for at in grid] for history in histories]
    found = increase(block_of(*histories), np.array(grid, np.int64), window)
    np.testing.assert_allclose(found, np.array(wanted).reshape(found.shape), rtol=1e-9, atol=1e-9)


@given(counters, grids, st.integers(1, 150))
def test_a_delta_of_a_gauge_takes_no_fall_for_a_reset(histories: list[History], grid: list[int], length: int) -> None:
    wanted = [[windowed(history, at, Window(length), is_counter=False) for at in grid] for history in histories]
    found = delta(block_of(*histories), np.array(grid, np.int64), Window(length))
    np.testing.assert_allclose(found, np.array(wanted).reshape(found.shape), rtol=1e-9, atol=1e-6)


@given(counters, grids, st.integers(1, 150), st.integers(1, 100))
def test_an_exact_increase_is_counted_from_the_sample_that_stood_at_the_windows_start(
    histories: list[History], grid: list[int], length: int, look_back: int
) -> None:
    wanted = [[between(history, at, length, look_back) for at in grid] for history in histories]
    found = exact_increase(block_of(*histories), np.array(grid, np.int64), Window(length), look_back)
    np.testing.assert_allclose(found, np.array(wanted).reshape(found.shape), rtol=1e-9, atol=1e-6)


def test_exact_increases_of_windows_that_meet_add_up_to_the_whole() -> None:
    times = np.arange(0, 600_001, 7_000)
    counted = np.cumsum(np.random.default_rng(1).integers(0, 9, len(times))).astype(np.float64)
    block = SampleBlock.of([(times, counted)])
    parts = exact_increase(block, np.arange(60_000, 600_001, 60_000), Window(60_000))
    whole = exact_increase(block, np.array([600_000]), Window(600_000))
    assert parts.sum() == whole[0, 0] == counted[times <= 600_000][-1] - counted[0]


def test_a_rate_is_an_increase_per_second() -> None:
    block = block_of([(0, 0.0), (10_000, 5.0), (20_000, 10.0)])
    assert rate(block, np.array([20_000]), Window(20_000))[0, 0] == pytest.approx(0.5)


def test_a_small_count_after_resets_of_a_large_one_loses_nothing() -> None:
    large = [(second * 1000, float(1e15 + second)) for second in range(1000)]
    history = [*large, (1_000_000, 0.0), (1_001_000, 0.25), (1_002_000, 0.0), (1_003_000, 0.125)]
    found = exact_increase(block_of(large, history, large), np.array([1_003_000]), Window(3_000))
    assert found[1, 0] == 0.375


@pytest.mark.parametrize("smallest", [5e-324, 1e-300])
def test_numbers_at_the_ends_of_what_a_number_can_be_are_told_without_a_warning(smallest: float) -> None:
    block = block_of([(1, 1e308), (2, 0.0), (3, smallest)], [(1, -1.7e308), (2, 1.7e308)], [(1, 1.0), (2, 1.0)])
    found = increase(block, np.array([3]), Window(3))
    assert np.isinf(found[1, 0])
    assert found[2, 0] == 0.0


@pytest.mark.parametrize("count", [rate, increase, delta, exact_increase], ids=lambda count: count.__name__)
def test_a_window_with_a_single_sample_and_none_before_says_nothing(
    count: Callable[[SampleBlock, np.ndarray, Window], np.ndarray],
) -> None:
    found = count(block_of([(5, 1.0)], []), np.array([0, 5, 10]), Window(10))
    assert found.shape == (2, 3)
    assert np.isnan(found).all()

"""Blocks against the samples they were made of, summed up one by one."""

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quarterdeck.analysis.blocks import Blocks, in_columns, summarised
from quarterdeck.analysis.columns import column_edges, gathered

NUMBERS = st.one_of(st.just(math.nan), st.integers(-5, 5).map(float), st.just(math.inf))
SERIES = st.lists(st.tuples(st.integers(1, 9), NUMBERS), min_size=1, max_size=60)


def samples(series: list[tuple[int, float]]) -> tuple[np.ndarray, np.ndarray]:
    return np.cumsum([step for step, _ in series]), np.array([value for _, value in series])


def rise(values: list[float]) -> float:
    total = 0.0
    for before, after in pairwise(values):
        total += after - before if after >= before else after
    return total


@given(SERIES, st.integers(1, 7))
def test_a_block_tells_what_its_samples_tell(series: list[tuple[int, float]], length: int) -> None:
    times, values = samples(series)
    starts = np.arange(0, len(times), length)
    found = summarised(Blocks.of_samples(times, values), starts)
    for i, start in enumerate(starts):
        inside = slice(start, start + length)
        numbers = [value for value in values[inside].tolist() if not math.isnan(value)]
        assert (found.start_ms[i], found.end_ms[i]) == (times[inside][0], times[inside][-1])
        assert found.counts[i] == len(numbers)
        told = (
            (min(numbers), max(numbers), sum(numbers), numbers[0], numbers[-1], rise(numbers))
            if numbers
            else [math.nan] * 6
        )
        for name, expected in zip(("low", "high", "total", "first", "last", "rise"), told, strict=True):
            assert np.array_equal(getattr(found, name)[i], expected, equal_nan=True)


@given(SERIES, st.integers(1, 7), st.integers(1, 4))
def test_blocks_of_blocks_are_blocks_of_their_samples(
    series: list[tuple[int, float]], length: int, times_more: int
) -> None:
    lowest = Blocks.of_samples(*samples(series))
    fine = summarised(lowest, np.arange(0, len(lowest), length))
    coarse = summarised(fine, np.arange(0, len(fine), times_more))
    straight = summarised(lowest, np.arange(0, len(lowest), length * times_more))
    for name in ("start_ms", "end_ms", "low", "high", "total", "counts", "first", "last", "rise"):
        assert np.array_equal(getattr(coarse, name), getattr(straight, name), equal_nan=True)


@given(SERIES, st.integers(1, 40))
def test_samples_as_blocks_make_the_columns_of_the_samples(series: list[tuple[int, float]], pixels: int) -> None:
    times, values = samples(series)
    edges = column_edges(int(times[0]), int(times[-1]) + 1, pixels)
    found, _ = in_columns([Blocks.of_samples(times, values)], edges)
    expected = gathered(times, values, edges)
    for name in ("low", "high", "mean", "last", "counts"):
        assert np.array_equal(getattr(found, name), getattr(expected, name), equal_nan=True)


@given(SERIES, st.integers(1, 40))
def test_the_rise_of_all_columns_is_the_rise_of_the_counter(series: list[tuple[int, float]], pixels: int) -> None:
    times, values = samples([(step, value) for step, value in series if math.isfinite(value)] or [(1, 0.0)])
    edges = column_edges(int(times[0]), int(times[-1]) + 1, pixels)
    half = len(times) // 2
    parts = [Blocks.of_samples(times[:half], values[:half]), Blocks.of_samples(times[half:], values[half:])]
    _, increase = in_columns(parts, edges, counter=True)
    assert increase.sum() == rise(values.tolist())


def test_a_fall_of_a_counter_is_a_restart_from_zero() -> None:
    _, increase = in_columns(
        [Blocks.of_samples(np.arange(4), np.array([5.0, 8.0, 2.0, 3.0]))], np.array([0, 2, 4]), counter=True
    )
    assert list(increase) == [3.0, 3.0]


def test_a_block_over_an_edge_lends_its_extremes_and_keeps_its_numbers() -> None:
    samples_of = Blocks.of_samples(np.array([8, 9, 10, 11]), np.array([1.0, 4.0, 2.0, 3.0]))
    columns, _ = in_columns([summarised(samples_of, np.array([0]))], np.array([0, 10, 20, 30]))
    assert list(columns.counts) == [4, 0, 0]
    assert list(columns.low[:2]) == [1.0, 1.0]
    assert list(columns.high[:2]) == [4.0, 4.0]
    assert (columns.mean[0], columns.last[0]) == (2.5, 3.0)
    assert np.isnan(columns.low[2])
    assert np.isnan(columns.mean[1])


def test_blocks_are_joined_in_the_order_of_time() -> None:
    late, early = (Blocks.of_samples(np.array([at]), np.array([float(at)])) for at in (5, 3))
    assert list(Blocks.joined([late, early]).start_ms) == [3, 5]
    assert len(Blocks.joined([])) == 0


@pytest.mark.parametrize("reach", [2, 3])
def test_a_block_over_several_edges_lends_to_every_column_it_reaches(reach: int) -> None:
    block = summarised(Blocks.of_samples(np.array([5, 10 * reach + 5]), np.array([1.0, 2.0])), np.array([0]))
    columns, _ = in_columns([block], np.arange(0, 60, 10))
    assert np.flatnonzero(~np.isnan(columns.low)).tolist() == list(range(reach + 1))

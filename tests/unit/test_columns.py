"""Samples in columns, compared with looking at every sample of every column."""

import itertools

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from quarterdeck.analysis.columns import column_edges, gathered

Sample = tuple[int, float]
samples = st.dictionaries(
    st.integers(0, 400), st.floats(allow_nan=True, allow_infinity=True, width=32), max_size=60
).map(lambda by_time: sorted(by_time.items()))


@given(st.integers(-(10**13), 10**13), st.integers(0, 10**12), st.integers(1, 3000))
def test_edges_span_the_range_in_columns_equal_to_a_millisecond(start_ms: int, span_ms: int, pixels: int) -> None:
    edges = column_edges(start_ms, start_ms + span_ms, pixels)
    widths = np.diff(edges)
    assert (edges[0], edges[-1]) == (start_ms, start_ms + span_ms)
    assert len(widths) == max(1, min(pixels, span_ms))
    assert widths.max() - widths.min() <= 1


@given(samples, st.integers(0, 200), st.integers(1, 200), st.integers(1, 50))
def test_every_column_holds_exactly_the_numbers_that_fall_into_it(
    history: list[Sample], start_ms: int, span_ms: int, pixels: int
) -> None:
    edges = column_edges(start_ms, start_ms + span_ms, pixels)
    times, values = (np.array([sample[i] for sample in history]) for i in (0, 1))
    columns = gathered(times.astype(np.int64), values.astype(np.float64), edges)
    for column, (left, right) in enumerate(itertools.pairwise(edges)):
        numbers = [value for at, value in history if left <= at < right and not np.isnan(value)]
        assert columns.counts[column] == len(numbers)
        if numbers:
            assert columns.low[column] == min(numbers)
            assert columns.high[column] == max(numbers)
            assert columns.last[column] == numbers[-1]
        else:
            assert np.isnan([columns.low[column], columns.high[column], columns.last[column]]).all()


@given(samples, st.integers(1, 50))
def test_the_mean_lies_between_the_extremes_and_is_near_the_exact_one(history: list[Sample], pixels: int) -> None:
    edges = column_edges(0, 401, pixels)
    finite = [(at, value) for at, value in history if np.isfinite(value)]
    times, values = (np.array([sample[i] for sample in finite]) for i in (0, 1))
    columns = gathered(times.astype(np.int64), values.astype(np.float64), edges)
    for column, (left, right) in enumerate(itertools.pairwise(edges)):
        numbers = [value for at, value in finite if left <= at < right]
        if numbers:
            assert columns.low[column] <= columns.mean[column] <= columns.high[column]
            assert np.isclose(columns.mean[column], np.mean(numbers), rtol=1e-9, atol=1e-9 * max(map(abs, numbers)))


def test_a_nan_makes_a_gap_only_where_nothing_else_falls_into_its_column() -> None:
    columns = gathered(np.array([1, 2, 11]), np.array([np.nan, 7.0, np.nan]), np.array([0, 10, 20]))
    assert columns.high[0] == 7.0
    assert np.isnan(columns.high[1])
    assert list(columns.counts) == [1, 0]

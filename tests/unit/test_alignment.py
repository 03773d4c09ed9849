"""Series at shared instants, compared with asking each series at each instant."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quarterdeck.analysis.alignment import Edition, SampleBlock, aligned, instants_within

History = list[tuple[int, float]]
NAN = float("nan")
histories = st.lists(
    st.dictionaries(st.integers(0, 300), st.one_of(st.floats(-1e6, 1e6), st.just(NAN)), max_size=30).map(
        lambda by_time: sorted(by_time.items())
    ),
    max_size=5,
)
grids = st.lists(st.integers(-50, 400), unique=True, max_size=20).map(sorted)


def block_of(*histories: History) -> SampleBlock:
    return SampleBlock.of(
        [
            (np.array([at for at, _ in history], np.int64), np.array([value for _, value in history], np.float64))
            for history in histories
        ]
    )


def asked_at(history: History, at: int, look_back: int, edition: Edition) -> float:
    """The newest sample not after an instant, unless it is too old there."""
    before = [(when, value) for when, value in history if when <= at]
    if not before:
        return NAN
    when, value = before[-1]
    age = at - when
    return value if age < look_back or (age == look_back and edition is Edition.PROMETHEUS_2) else NAN


@given(histories, grids, st.integers(1, 120), st.sampled_from(Edition))
def test_each_series_says_at_each_instant_its_newest_sample_that_still_speaks(
    histories: list[History], grid: list[int], look_back: int, edition: Edition
) -> None:
    found = aligned(block_of(*histories), np.array(grid, np.int64), look_back, edition)
    wanted = [[asked_at(history, at, look_back, edition) for at in grid] for history in histories]
    np.testing.assert_array_equal(found, np.array(wanted).reshape(len(histories), len(grid)))


def test_a_stale_marker_ends_a_series_at_once_until_its_next_sample() -> None:
    found = aligned(block_of([(0, 1.0), (20, NAN), (50, 2.0)]), np.array([10, 20, 30, 49, 50]))
    np.testing.assert_array_equal(found, [[1.0, NAN, NAN, NAN, 2.0]])


def test_a_look_back_of_its_own_holds_for_each_series() -> None:
    history = [(0, 1.0)]
    found = aligned(block_of(history, history), np.array([5, 15]), np.array([10, 20]))
    np.testing.assert_array_equal(found, [[1.0, NAN], [1.0, 1.0]])


@given(st.integers(-(10**6), 10**6), st.integers(0, 5000), st.integers(1, 700))
def test_two_grids_of_one_step_share_the_instants_of_both_ranges(start: int, span: int, step: int) -> None:
    found = instants_within(start, start + span, step)
    assert list(found) == [at for at in range(start, start + span) if at % step == 0]


def test_a_grid_without_a_step_is_refused() -> None:
    with pytest.raises(ValueError, match="step"):
        instants_within(0, 10, 0)


def test_numbers_that_are_not_finite_are_taken_out_of_their_series_only() -> None:
    found = block_of([(0, 1.0), (1, NAN)], [], [(0, float("inf")), (2, 3.0)]).finite()
    assert list(found.bounds) == [0, 1, 1, 2]
    assert list(found.values) == [1.0, 3.0]

"""Shifts: found where the numbers moved, seldom where they did not, and never told of too little."""

import math

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from quarterdeck.analysis.shifts import LEAST_NUMBERS, onset_of, shift_between, sure_ones

ANYTHING = arrays(np.float64, st.integers(0, 60), elements=st.floats(allow_nan=True, allow_infinity=True, width=64))


def noise(seed: int, count: int = 96, alike: float = 0.0) -> np.ndarray:
    """Numbers that resemble their neighbours."""
    random = np.random.default_rng(seed)
    found = random.normal(size=count)
    for place in range(1, count):
        found[place] = alike * found[place - 1] + math.sqrt(1 - alike**2) * found[place]
    return found


def test_numbers_that_moved_by_three_spreads_are_told_so_with_the_medians() -> None:
    before, after = noise(1), noise(2) + 3.0
    shift = shift_between(before, after)
    assert shift is not None
    assert (shift.before, shift.after) == (float(np.median(before)), float(np.median(after)))
    assert shift.size == pytest.approx(3.0, abs=0.8)
    assert shift.superiority > 0.95
    assert sure_ones([shift]) == [True]


def test_the_superiority_is_that_of_every_pair() -> None:
    before, after = noise(3, 20).round(1), noise(4, 30).round(1)
    shift = shift_between(before, after)
    assert shift is not None
    pairs = [(b, a) for b in before.tolist() for a in after.tolist()]
    counted = sum(1.0 if a > b else 0.5 if a == b else 0.0 for b, a in pairs) / len(pairs)
    assert shift.superiority == pytest.approx(counted, abs=1e-12)


@pytest.mark.parametrize("alike", [0.0, 0.5, 0.8])
def test_of_many_that_did_not_move_hardly_any_is_called_a_shift(alike: float) -> None:
    shifts = [shift_between(noise(2 * n, alike=alike), noise(2 * n + 1, alike=alike)) for n in range(300)]
    assert sum(sure_ones(shifts)) <= 3


def test_the_few_that_moved_are_found_among_many_that_did_not() -> None:
    still = [shift_between(noise(2 * n), noise(2 * n + 1)) for n in range(200)]
    moved = [shift_between(noise(1000 + n), noise(2000 + n) + 2.5) for n in range(10)]
    sure = sure_ones([*still, *moved])
    assert sum(sure[200:]) == 10
    assert sum(sure[:200]) <= 2


def test_a_sure_shift_within_the_usual_spread_moved_nothing() -> None:
    shift = shift_between(noise(5, 5000), noise(6, 5000) + 0.3)
    assert shift is not None
    assert shift.chance < 0.001
    assert sure_ones([shift]) == [False]


def test_what_never_varied_moves_only_by_a_share_of_its_level() -> None:
    flat = np.full(50, 100.0)
    little, much = shift_between(flat, flat + 0.5), shift_between(flat, flat + 20)
    assert little is not None
    assert much is not None
    assert sure_ones([little, much]) == [False, True]
    nothing = shift_between(np.zeros(50), np.zeros(50))
    assert nothing is not None
    assert nothing.size == 0
    assert sure_ones([nothing]) == [False]


def test_of_too_few_numbers_nothing_is_told() -> None:
    few = noise(1, LEAST_NUMBERS - 1)
    gaps = np.where(np.arange(96) < LEAST_NUMBERS - 1, noise(2), np.nan)
    assert shift_between(few, noise(2)) is None
    assert shift_between(noise(2), gaps) is None
    assert sure_ones([None, None]) == [False, False]
    assert onset_of(few, noise(2)) is None


@example(np.tile([1.7e308, -1.7e308], 12), np.full(24, -1.7e308))
@example(np.full(24, 1.7e308), np.full(24, -1.7e308))
@given(ANYTHING, ANYTHING)
def test_whatever_the_numbers_are_what_is_told_is_finite(before: np.ndarray, after: np.ndarray) -> None:
    shift, onset = shift_between(before, after), onset_of(before, after)
    if shift is not None:
        assert 0 <= shift.superiority <= 1
        assert 0 <= shift.chance <= 1
        assert not math.isnan(shift.size)
    assert onset is None or 0 <= onset < len(after)


@pytest.mark.parametrize("place", [0, 10, 30, 44])
@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_the_onset_is_where_the_numbers_moved(place: int, sign: float) -> None:
    after = noise(8)
    after[place:] += sign * 8.0
    assert onset_of(noise(7), after) == pytest.approx(place, abs=1)

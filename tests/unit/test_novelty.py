"""The distance to the nearest earlier stretch, against a search that compares every pair."""

import math

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quarterdeck.analysis.novelty import CONTEXT, LONG, REMEMBERED, SHORT, nearest_earlier

Values = npt.NDArray[np.float64]


def searched(values: Values, place: int, length: int) -> float:
    """Every earlier stretch that does not overlap the one ending at a place, compared one by one."""
    ends = range(max(length - 1, place - REMEMBERED), place - length + 1)
    newest = values[place - length + 1 : place + 1]
    found = [float(np.sqrt(np.mean((values[end - length + 1 : end + 1] - newest) ** 2))) for end in ends]
    return min(found, default=math.nan)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.floats(-1e3, 1e3), min_size=1, max_size=90), st.data())
def test_the_distance_is_that_of_a_search_through_every_pair(numbers: list[float], data: st.DataObject) -> None:
    values = np.array(numbers)
    fresh = data.draw(st.integers(1, len(values)))
    found = nearest_earlier(values, fresh)
    places = range(len(values) - fresh, len(values))
    assert found.short == pytest.approx([searched(values, place, SHORT) for place in places], nan_ok=True)
    assert found.long == pytest.approx([searched(values, place, LONG) for place in places], nan_ok=True)


def test_a_stretch_seen_before_has_no_distance() -> None:
    wave = np.sin(np.arange(400) * 2 * np.pi / 50)
    found = nearest_earlier(wave, 100)
    assert found.long.max() == pytest.approx(0, abs=1e-12)


def test_what_lies_too_far_back_is_forgotten() -> None:
    rng = np.random.default_rng(1)
    values = rng.normal(0, 1, REMEMBERED + 600)
    values[:LONG] = 50
    values[-LONG:] = 50
    assert nearest_earlier(values[-CONTEXT - 1 :], 1).long[0] > 1
    assert nearest_earlier(values, 1).long[0] == nearest_earlier(values[-CONTEXT - 1 :], 1).long[0]

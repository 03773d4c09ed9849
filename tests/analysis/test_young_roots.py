"""Which young roots settle, and when."""

import numpy as np

from quarterdeck.analysis.rollup.young_roots import YoungRoots


def held(*entries: tuple[int, int]) -> YoungRoots:
    young = YoungRoots()
    young.replace(*(np.array(column, np.int64) for column in zip(*entries, strict=True)))
    return young


def test_without_roots_there_is_no_first_onset() -> None:
    assert YoungRoots().first_onset_ms is None
    assert YoungRoots().take_before(1000) == set()


def test_the_first_onset_is_the_earliest_of_those_found_together_and_those_added_later() -> None:
    young = held((1, 300), (2, 200))
    assert young.first_onset_ms == 200
    young.add(np.array([3]), np.array([100]))
    assert young.first_onset_ms == 100


def test_those_that_began_before_a_moment_are_taken_once() -> None:
    young = held((1, 300), (2, 200), (3, 400))
    young.add(np.array([4, 5]), np.array([250, 900]))
    assert young.take_before(300) == {2, 4}
    assert young.take_before(300) == set()
    assert young.take_before(100) == set()
    assert young.first_onset_ms == 300
    assert young.take_before(1000) == {1, 3, 5}
    assert young.first_onset_ms is None


def test_a_whole_roll_up_forgets_what_was_added_before() -> None:
    young = held((1, 300))
    young.add(np.array([2]), np.array([100]))
    young.replace(np.array([7]), np.array([500]))
    assert young.take_before(1000) == {7}

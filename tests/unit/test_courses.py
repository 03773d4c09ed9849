"""Envelopes as lines: empty columns between samples are no gaps, silence is one."""

import numpy as np
import numpy.typing as npt
import pytest

from quarterdeck.analysis.columns import column_edges, gathered
from quarterdeck.analysis.courses import Course, course_of, evenly, held_until_ms

SECOND = 1000
PATIENCE_MS = 90 * SECOND


def course(seconds: list[float], *, start: float = 0, end: float = 3600, pixels: int = 1200) -> Course:
    """The course of samples of value 1, 2, 3, … at some seconds, drawn over a range."""
    edges = column_edges(int(start * SECOND), int(end * SECOND), pixels)
    times = (np.array(seconds) * SECOND).astype(np.int64)
    columns = gathered(times, np.arange(1.0, len(times) + 1), edges)
    return course_of(edges, (columns.low, columns.high, columns.mean), patience_ms=PATIENCE_MS)


def gaps(found: Course) -> list[tuple[float, float]]:
    """The stretches marked as gaps, in seconds to the nearest ten."""
    missing = found.times_ms[np.isnan(found.mean)] / SECOND
    return [(round(first, -1), round(last, -1)) for first, last in missing.reshape(-1, 2)]


def every(step: float, first: float, last: float) -> list[float]:
    return list(np.arange(first, last + step / 2, step))


def test_samples_further_apart_than_the_columns_are_one_line() -> None:
    found = course(every(15, 0, 3600))
    assert np.isfinite(found.mean).all()
    assert len(found.times_ms) == 240
    assert found.silent_from_ms is None


def test_history_at_a_coarser_step_joins_the_live_samples_without_gaps() -> None:
    found = course([*every(300, 0, 2400), *every(15, 2415, 3590)])
    assert gaps(found) == []


def test_a_pause_longer_than_a_few_steps_and_the_patience_is_a_gap() -> None:
    found = course([*every(15, 0, 1200), *every(15, 1500, 3590)])
    assert gaps(found) == [(1200, 1500)]


def test_a_missed_poll_is_no_gap() -> None:
    found = course([*every(15, 0, 1200), *every(15, 1230, 3590)])
    assert gaps(found) == []


def test_a_line_that_ends_early_is_silent_and_closes_with_a_gap_up_to_the_end() -> None:
    found = course(every(15, 0, 2400))
    assert found.silent_from_ms == pytest.approx(2400 * SECOND, abs=3 * SECOND)
    assert gaps(found) == [(2400, 3600)]


def test_the_last_minute_without_a_sample_is_still_spoken_for() -> None:
    assert course(every(15, 0, 3530)).silent_from_ms is None


def test_a_range_without_samples_is_silent_from_its_start() -> None:
    found = course([], start=60)
    assert len(found.times_ms) == 0
    assert found.silent_from_ms == 60 * SECOND


def test_one_sample_in_columns_wider_than_the_patience_keeps_the_times_in_order() -> None:
    found = course([40_000], end=90_000, pixels=10)
    assert (np.diff(found.times_ms) >= 0).all()
    assert found.silent_from_ms == 40_500 * SECOND


def test_the_last_value_is_vouched_for_up_to_one_step_and_never_beyond_the_end() -> None:
    coarse = course(every(300, 0, 3300))
    assert held_until_ms(coarse, 3420 * SECOND) == 3420 * SECOND
    assert held_until_ms(coarse, 4000 * SECOND) == pytest.approx(3600 * SECOND, abs=3 * SECOND)


def test_a_step_that_became_finer_vouches_no_longer_than_itself() -> None:
    found = course([*every(300, 0, 2400), *every(15, 2415, 3000), 3015], end=3060)
    assert held_until_ms(found, 3060 * SECOND) == pytest.approx(3030 * SECOND, abs=6 * SECOND)


def test_nothing_vouches_for_the_end_of_a_line_that_is_silent_or_tells_no_step() -> None:
    assert held_until_ms(course(every(15, 0, 2400)), 3600 * SECOND) is None
    assert held_until_ms(course([3500, 3580]), 3600 * SECOND) is None


@pytest.mark.parametrize("pixels", [1, 7, 400, 5000])
def test_no_extreme_is_lost_at_any_width(pixels: int) -> None:
    samples = [*every(15, 0, 1200), *every(15, 2500, 3590)]
    found = course(samples, pixels=pixels)
    finite: npt.NDArray[np.bool_] = np.isfinite(found.mean)
    assert found.low[finite].min() == 1
    assert found.high[finite].max() == len(samples)
    assert (np.diff(found.times_ms) >= 0).all()


def test_a_course_at_even_columns_has_its_gaps_and_nothing_else_empty() -> None:
    edges = np.arange(0, 21, dtype=np.int64) * 240_000
    high = np.full(20, np.nan)
    high[[0, 1, 3, 4, 5, 12, 13, 15, 16]] = 7.0
    course = course_of(edges, (high, high, high), patience_ms=60_000)
    empty = np.flatnonzero(np.isnan(evenly(course, edges))).tolist()
    assert empty == [6, 7, 8, 9, 10, 11, 17, 18, 19]


def test_a_course_without_any_sample_is_empty_everywhere() -> None:
    edges = np.arange(0, 5, dtype=np.int64) * 1000
    nothing = np.full(4, np.nan)
    assert np.isnan(evenly(course_of(edges, (nothing, nothing, nothing), patience_ms=1000), edges)).all()


def shown_course(seconds: list[float], *, end: float = 3600, columns: int = 1500) -> Course:
    """The course over the hour from 0 to 3600 s, read from 900 s before it up to `end`."""
    edges = column_edges(-900 * SECOND, int(end * SECOND), columns)
    times = (np.array(seconds) * SECOND).astype(np.int64)
    found = gathered(times, np.arange(1.0, len(times) + 1), edges)
    shown = (0, 3600 * SECOND)
    return course_of(edges, (found.low, found.high, found.mean), patience_ms=PATIENCE_MS, shown_ms=shown)


def test_a_coarse_step_over_the_left_edge_leads_the_line_in() -> None:
    found = shown_course(every(300, -800, 3600))
    assert found.times_ms[0] < 0
    assert np.isfinite(found.mean).all()


def test_no_more_columns_lead_in_than_shape_the_edge() -> None:
    found = shown_course(every(10, -900, 3590))
    assert np.count_nonzero(found.times_ms < 0) == 4
    assert found.mean[0] == 87


def test_what_ended_before_the_range_does_not_reach_into_it() -> None:
    found = shown_course([*every(15, -900, -600), *every(15, 100, 3590)])
    assert found.times_ms[0] == pytest.approx(100 * SECOND, abs=3 * SECOND)


def test_nothing_inside_a_range_is_no_course_whatever_came_before() -> None:
    found = shown_course(every(15, -900, -30))
    assert len(found.times_ms) == 0
    assert found.silent_from_ms == 0


def test_an_empty_last_column_that_just_began_is_no_silence() -> None:
    found = shown_course(every(15, -900, 3590), end=3900, columns=16)
    assert found.silent_from_ms is None


def test_a_last_column_that_reaches_over_the_end_is_not_held_further() -> None:
    found = shown_course(every(15, -900, 3600), end=3900, columns=16)
    assert held_until_ms(found, 3600 * SECOND) is None

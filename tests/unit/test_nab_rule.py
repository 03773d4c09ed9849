"""The benchmark's scoring rule, held against the worked examples that its authors published."""

import math

import pytest

from tests.bench.accuracy.nab_rule import (
    LOW_FALSE_ALARMS,
    STANDARD,
    Profile,
    Scored,
    normalised,
    scaled_sigmoid,
    score_series,
    score_without_probation,
)

EVEN = Profile(1.0, 1.0, 1.0)


@pytest.mark.parametrize(
    ("position", "worth"), [(-1.0, 0.98661), (-0.5, 0.84828), (0.0, 0.0), (1.0, -0.98661), (3.0, -1.0), (9.0, -1.0)]
)
def test_the_worth_of_a_position_is_as_documented(position: float, worth: float) -> None:
    assert scaled_sigmoid(position) == pytest.approx(worth, abs=1e-5)


def test_the_example_of_the_paper_earns_what_it_says() -> None:
    """Figure 2: one alarm before, two inside, one close behind and one far behind a window: 0.6909."""
    near_behind = next(place for place in range(1101, 1200) if scaled_sigmoid((place - 1100) / 99) < -0.8093)
    scored = score_without_probation([(1001, 1100)], [500, 1001, 1050, near_behind, 1900], STANDARD)
    assert scored.points == pytest.approx(0.6909, abs=2e-3)


def test_the_example_with_every_outcome_earns_what_it_says() -> None:
    """Two windows of five; two alarms in the first, one three samples behind it: -0.9540."""
    scored = score_without_probation([(30, 34), (60, 64)], [30, 31, 37], EVEN)
    assert scored.points == pytest.approx(-0.9540, abs=1e-4)


def test_no_windows_and_no_alarms_score_nothing() -> None:
    assert score_without_probation([], [], EVEN) == Scored(0.0, 0)


def test_the_first_sample_of_a_window_earns_the_whole_hit_whatever_its_width() -> None:
    assert score_without_probation([(4, 5)], [4], EVEN).points == 1.0
    assert score_without_probation([(4, 6)], [4], EVEN).points == 1.0


def test_only_the_earliest_alarm_in_a_window_counts() -> None:
    assert score_without_probation([(4, 9)], [4, 9], EVEN) == score_without_probation([(4, 9)], [4], EVEN)


def test_an_earlier_alarm_earns_more() -> None:
    early, late = (score_without_probation([(400, 499)], [place], EVEN).points for place in (400, 499))
    assert early > late


def test_worth_passes_zero_at_the_right_edge_of_a_window() -> None:
    at_edge = score_without_probation([(500, 599)], [599], EVEN).points
    behind = score_without_probation([(500, 599)], [600], EVEN).points
    assert at_edge + behind + 1 == pytest.approx(0, abs=5e-3)


def test_an_alarm_costs_more_the_further_it_is_behind_the_window() -> None:
    costs = [score_without_probation([(100, 119)], [place], EVEN).points for place in (122, 140, 300)]
    assert costs == sorted(costs, reverse=True)


def test_an_alarm_without_a_window_before_it_costs_all() -> None:
    assert score_without_probation([], [5], STANDARD).points == -0.11
    assert score_without_probation([(0, 0)], [0, 5], STANDARD).points == pytest.approx(0.89)


def test_a_miss_costs_by_the_profile() -> None:
    assert score_without_probation([(5, 9)], [], Profile(1.0, 1.0, 2.0)).points == -2.0


def test_alarms_in_the_probation_are_not_scored() -> None:
    assert score_series(1000, [], [149], LOW_FALSE_ALARMS).points == 0
    assert score_series(1000, [], [150], LOW_FALSE_ALARMS).points == -0.22
    assert score_series(100_000, [], [750], LOW_FALSE_ALARMS).points == -0.22


def test_a_window_inside_the_probation_is_not_counted() -> None:
    assert score_series(1000, [(10, 20)], [], STANDARD) == Scored(0, 0)


def test_a_silent_detector_is_worth_nothing_and_a_perfect_one_a_hundred() -> None:
    silent = [score_without_probation([(10, 20)], [], STANDARD)]
    perfect = [score_without_probation([(10, 20)], [10], STANDARD)]
    assert normalised(silent, STANDARD) == 0
    assert normalised(perfect, STANDARD) == 100


def test_nothing_labelled_has_no_score() -> None:
    assert math.isnan(normalised([], STANDARD))

"""From samples, events and states to what is counted: gaps, restarts, answers, slices."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quarterdeck.analysis.indicator_measures import (
    Slicing,
    Track,
    answered,
    counted_events,
    events_at,
    fresh_over_time,
    growth_at,
    is_good,
    kept_by_sample,
    kept_over_time,
    sliced,
)
from quarterdeck.analysis.objective_ledger import Measured, ObjectiveLedger, ledger_of
from quarterdeck.analysis.state_measures import up_over_time
from quarterdeck.domain.health import HealthState, StateInterval
from quarterdeck.domain.objective_ledger import USUAL_RULE, Basis, to_us
from quarterdeck.domain.objectives import Comparison
from tests.support.stores import after
from tests.unit.objectives.histories import S, counted, measured

WORDS = ("kept", "not kept")


def track(*samples: tuple[float, float], patience: float = 20) -> Track:
    """Samples in seconds, with how many seconds the last one speaks."""
    times = np.array([round(each[0] * 1000) for each in samples], np.int64)
    return Track(times, np.array([each[1] for each in samples], np.float64), round(patience * 1000))


def over(history: Measured, seconds: float = 100) -> ObjectiveLedger:
    """The ledger of the first so many seconds."""
    return ledger_of(history, (0, round(seconds * S)), rule=USUAL_RULE)


def told(history: Measured, seconds: float = 100) -> list[str]:
    """The entries as text."""
    return [f"{each.standing} {each.from_us / S:g}-{each.to_us / S:g}" for each in over(history, seconds).entries]


@pytest.mark.parametrize(
    ("comparison", "expected"),
    [
        (Comparison.BELOW, [True, False, False]),
        (Comparison.UP_TO, [True, True, False]),
        (Comparison.ABOVE, [False, False, True]),
        (Comparison.FROM, [False, True, True]),
    ],
    ids=str,
)
def test_a_bound_belongs_to_the_side_that_the_comparison_says(comparison: Comparison, expected: list[bool]) -> None:
    assert is_good(np.array([0.4, 0.5, 0.6]), comparison, 0.5).tolist() == expected


def test_a_gauge_speaks_until_its_next_sample_and_not_across_a_gap() -> None:
    samples = track((0, 1), (10, 9), (20, 1), (60, 1))
    good = samples.values < 5
    assert told(kept_over_time(samples, good, WORDS)) == [
        "good 0-10",
        "bad 10-20",
        "good 20-45",
        "unknown 45-60",
        "good 60-85",
        "unknown 85-100",
    ]


def test_each_sample_is_one_occurrence_since_the_one_before() -> None:
    history = kept_by_sample(track((0, 0), (10, 0), (20, 0), (60, 0)), np.array([1, 0.25, 1, 0.5]), WORDS)
    whole = over(history).whole
    assert (whole.basis, whole.good, whole.total) == (Basis.EVENTS, 1.75, 3)  # the first lies at the very start
    assert told(history)[:3] == ["bad 0-10", "good 10-20", "unknown 20-35"]


@given(st.lists(st.integers(0, 10), min_size=2, max_size=30), st.sets(st.integers(1, 29)))
def test_a_counter_that_restarts_tells_everything_it_counted(steps: list[int], restarts: set[int]) -> None:
    value, samples = 0.0, [(0.0, 0.0)]
    for number, step in enumerate(steps, 1):
        value = step if number in restarts and step < value else value + step
        samples.append((10.0 * number, value))
    found = growth_at([track(*samples)], np.array([0, 10_000 * len(steps)]))
    assert found.grown.tolist() == [0, sum(steps)]


def test_good_and_total_are_counted_from_sample_to_sample_over_all_their_series() -> None:
    good = [track((0, 10), (10, 19), (20, 3)), track((0, 5), (10, 5), (20, 6))]
    total = [track((0, 15), (10, 25), (20, 4)), track((0, 0), (10, 0), (20, 0))]
    history = counted_events(good, total, WORDS, is_bad=False)
    assert [(each.good, each.total) for each in over(history, 20).entries] == [(9, 10), (4, 4)]
    bad = counted_events([track((0, 0), (10, 1), (20, 1))], total, WORDS, is_bad=True)
    assert (over(bad, 20).whole.good, over(bad, 20).whole.total) == (13, 14)


def test_a_gap_is_counted_by_the_counter_unless_it_restarted_in_it() -> None:
    kept = [track((0, 0), (10, 10), (80, 90))]
    assert over(counted_events(kept, kept, WORDS, is_bad=False)).whole.total == 90
    lost = [track((0, 0), (10, 10), (80, 9))]
    history = counted_events(lost, lost, WORDS, is_bad=False)
    assert (over(history).whole.total, told(history)) == (10, ["good 0-10", "unknown 10-80", "unknown 80-100"])
    assert "restarted" in over(history).entries[1].reason


@pytest.mark.parametrize("samples", [[], [(0.0, 3.0)]], ids=["none", "one"])
def test_a_counter_of_at_most_one_sample_tells_nothing(samples: list[tuple[float, float]]) -> None:
    history = counted_events([], [track(*samples)] if samples else [], WORDS, is_bad=False)
    assert over(history).whole.attained is None


def test_data_are_fresh_until_they_are_too_old_and_nothing_is_known_before_the_first() -> None:
    arrivals = np.array([20_000, 30_000, 70_000], np.int64)
    history = fresh_over_time(arrivals, 15_000, (0, 100_000), WORDS)
    assert told(history) == ["unknown 0-20", "good 20-45", "bad 45-70", "good 70-85", "bad 85-100"]
    assert told(fresh_over_time(arrivals[:0], 15_000, (0, 100_000), WORDS)) == ["unknown 0-100"]


def test_events_count_at_their_instants_and_the_time_after_the_last_is_quiet() -> None:
    times = np.array([10_000, 10_000, 40_000], np.int64)
    history = events_at(times, np.array([True, False, True]), (0, 100_000), WORDS)
    assert [(each.to_us / S, each.good, each.total) for each in over(history).entries] == [(10, 1, 2), (100, 1, 1)]
    empty = events_at(times[:0], np.empty(0, np.bool_), (0, 100_000), WORDS)
    assert (over(empty).whole.attained, told(empty)) == (None, ["good 0-100"])


def test_an_answer_counts_when_it_comes_in_time_with_the_same_key() -> None:
    asked = np.array([0, 1_000, 2_000, 3_000], np.int64)
    answers = {
        "a": np.array([500], np.int64),
        "b": np.array([9_000], np.int64),
        "c": np.array([1_000, 2_500], np.int64),
    }
    assert answered(asked, ["a", "b", "c", "d"], answers, 5_000).tolist() == [True, False, True, False]


def test_a_slice_is_good_when_enough_in_it_was() -> None:
    history = measured((0, 18, "good"), (18, 20, "bad"), (20, 25, "good"), (25, 30, "bad"), (40, 60, "good"))
    slices = sliced(over(history, 65), Slicing(10 * S, 0.8), WORDS)
    assert told(slices, 65) == [
        "good 0-20",
        "bad 20-30",
        "unknown 30-40",
        "good 40-60",
        "unknown 60-65",
    ]


def test_slices_of_events_keep_their_share_where_that_is_asked_for() -> None:
    history = counted((0, 5, 4, 4), (5, 10, 1, 6), (10, 20, 0, 0))
    slices = sliced(over(history, 30), Slicing(10 * S, 0.9, keeps_share=True), WORDS)
    whole = over(slices, 30).whole
    assert (whole.basis, whole.attained, whole.total) == (Basis.EVENTS, 0.5, 1)
    assert told(slices, 30) == ["bad 0-10", "excluded 10-20", "unknown 20-30"]


def state(from_s: float, to_s: float | None, name: HealthState, reason: str = "") -> StateInterval:
    """An interval in seconds after noon."""
    return StateInterval("service/api", name, reason, after(from_s), None if to_s is None else after(to_s))


def test_states_count_as_up_down_or_unknown_with_their_reason() -> None:
    shown = [
        state(0, 10, HealthState.HEALTHY),
        state(10, 20, HealthState.DEGRADED, "p95 2 s"),
        state(20, 30, HealthState.DOWN, "Error rate 40%"),
        state(30, 40, HealthState.UNREACHABLE),
        state(40, None, HealthState.STALE),
    ]
    ledger = ledger_of(up_over_time(shown, [], to_us(after(50))), (to_us(after(0)), to_us(after(50))), rule=USUAL_RULE)
    assert [(each.standing.value, each.reason) for each in ledger.entries] == [
        ("good", "healthy"),
        ("good", "degraded, which counts as up"),
        ("bad", "down: Error rate 40%"),
        ("unknown", "unreachable, so that it could not be measured itself"),
        ("unknown", "no fresh data"),
    ]
    assert ledger.whole.attained == pytest.approx(2 / 3)
    strict = up_over_time(shown, [], to_us(after(50)), degraded_is_bad=True)
    whole = ledger_of(strict, (to_us(after(0)), to_us(after(50))), rule=USUAL_RULE).whole
    assert math.isclose(whole.attained or 0, 1 / 3)


def test_what_maintenance_covers_is_measured_by_its_own_signals() -> None:
    shown = [
        state(0, 10, HealthState.HEALTHY),
        state(10, 40, HealthState.MAINTENANCE),
        state(40, None, HealthState.DOWN),
    ]
    own = [
        state(0, 20, HealthState.HEALTHY),
        state(20, 30, HealthState.DOWN, "no answer"),
        state(35, None, HealthState.DOWN),
    ]
    ledger = ledger_of(up_over_time(shown, own, to_us(after(50))), (to_us(after(0)), to_us(after(50))), rule=USUAL_RULE)
    spans = [(each.standing.value, (each.to_us - each.from_us) // S) for each in ledger.entries]
    assert spans == [("good", 20), ("bad", 10), ("unknown", 5), ("bad", 15)]

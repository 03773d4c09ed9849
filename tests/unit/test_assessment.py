"""What signals make of an entity's health."""

from __future__ import annotations

import itertools

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from quarterdeck.analysis.assessment import Signal, assess, holds_for, levels_of, next_change
from quarterdeck.domain.expectations import Expectation
from quarterdeck.domain.health import HealthState
from quarterdeck.domain.series import Meaning


def signal(points: dict[int, int], *, hold_ms: int = 100, for_ms: int = 0, cause: str = "check:login") -> Signal:
    times = np.array(sorted(points), np.int64)
    return Signal(
        cause, times, np.array([points[int(t)] for t in times], np.int8), np.full(len(times), hold_ms, np.int64), for_ms
    )


def told(signals: list[Signal], start: int, end: int, *, seen_before: bool = False) -> list[tuple[str, int, int]]:
    return [(s.state.value, s.from_ms, s.to_ms) for s in assess(signals, start, end, seen_before=seen_before)]


def test_an_entity_without_any_signal_is_unknown() -> None:
    assert told([], 0, 100) == [("unknown", 0, 100)]


def test_silence_after_data_is_stale_from_the_end_of_the_hold_time() -> None:
    assert told([signal({10: 0})], 0, 300) == [("unknown", 0, 10), ("healthy", 10, 110), ("stale", 110, 300)]


def test_silence_is_stale_when_older_data_exist() -> None:
    assert told([], 0, 100, seen_before=True) == [("stale", 0, 100)]


def test_the_worst_signal_decides() -> None:
    calm, failing = signal({0: 0, 50: 0}), signal({0: 0, 20: 2, 60: 0}, cause="series:error_rate")
    stretches = assess([calm, failing], 0, 100)
    assert [(s.state, s.from_ms, s.signal, s.index) for s in stretches] == [
        (HealthState.HEALTHY, 0, 0, 0),
        (HealthState.DOWN, 20, 1, 1),
        (HealthState.HEALTHY, 60, 0, 1),
    ]


def test_one_signal_that_still_speaks_keeps_the_entity_from_being_stale() -> None:
    assert told([signal({0: 1}), signal({0: 0, 90: 0, 180: 0})], 0, 250) == [
        ("degraded", 0, 100),
        ("healthy", 100, 250),
    ]


def test_a_short_breach_does_not_count() -> None:
    assert told([signal({0: 0, 50: 2, 60: 0}, for_ms=30)], 0, 100) == [("healthy", 0, 100)]


def test_a_breach_that_lasts_counts_from_its_first_sample() -> None:
    points = {0: 0, 50: 1, 60: 2, 70: 1, 90: 0}
    assert told([signal(points, for_ms=30)], 0, 120) == [("healthy", 0, 50), ("degraded", 50, 90), ("healthy", 90, 120)]


def test_a_breach_across_a_gap_is_two_breaches() -> None:
    points = {0: 2, 500: 2}
    assert told([signal(points, for_ms=150)], 0, 600) == [
        ("healthy", 0, 100),
        ("stale", 100, 500),
        ("healthy", 500, 600),
    ]


def test_a_series_that_comes_seldom_holds_for_some_of_its_steps() -> None:
    times = np.arange(0, 3_000_000, 300_000, dtype=np.int64)
    assert set(holds_for(times, 60_000).tolist()) == {750_000}


def test_a_gap_lends_no_long_life_to_the_sample_that_ends_it() -> None:
    times = np.array([0, 15_000, 30_000, 3_630_000, 3_645_000], np.int64)
    assert holds_for(times, 60_000).tolist() == [60_000] * 5


def test_a_gap_lends_no_long_life_to_the_sample_before_it_when_nothing_older_is_known() -> None:
    assert holds_for(np.array([0, 1_200_000, 1_215_000], np.int64), 60_000).tolist() == [60_000] * 3


def test_of_two_samples_nobody_knows_whether_a_step_or_a_gap_lies_between_them() -> None:
    assert holds_for(np.array([0, 1_200_000], np.int64), 60_000).tolist() == [60_000] * 2


def test_history_at_a_coarse_step_holds_until_the_live_samples_begin() -> None:
    times = np.array([0, 300_000, 600_000, 900_000, 1_000_000, 1_015_000, 1_030_000], np.int64)
    assert holds_for(times, 60_000).tolist() == [750_000, 750_000, 750_000, 750_000, 250_000, 60_000, 60_000]


def test_a_single_sample_holds_for_the_freshness_budget() -> None:
    assert holds_for(np.array([7], np.int64), 60_000).tolist() == [60_000]


def test_bounds_make_levels_and_nan_breaks_none() -> None:
    values = np.array([0.1, 1.5, 6.0, np.nan, np.inf])
    expectation = Expectation(Meaning.RESPONSE_TIME, degraded_above=1.0, down_above=5.0)
    assert levels_of(values, expectation).tolist() == [0, 1, 2, 0, 2]


def test_lower_bounds_mirror_upper_ones() -> None:
    expectation = Expectation(Meaning.EXPIRY, degraded_below=14, down_below=0)
    assert levels_of(np.array([30.0, 9.0, -1.0]), expectation).tolist() == [0, 1, 2]


def test_samples_after_the_range_tell_that_a_breach_at_its_end_lasted() -> None:
    points = {0: 0, 90: 2, 110: 2, 130: 2}
    assert told([signal(points, for_ms=30)], 0, 100) == [("healthy", 0, 90), ("down", 90, 100)]


def test_what_is_known_after_the_range_tells_that_a_breach_lasted_into_the_silence() -> None:
    lone = signal({90: 2}, for_ms=30)
    assert [s.state.value for s in assess([lone], 90, 100)] == ["healthy"]
    assert [s.state.value for s in assess([lone], 90, 100, known_until_ms=130)] == ["down"]


def test_the_next_change_comes_when_the_last_sample_ceases_to_speak() -> None:
    assert next_change([signal({0: 0, 50: 0})], 60) == 150


def test_the_next_change_comes_when_a_breach_has_lasted_long_enough() -> None:
    assert next_change([signal({0: 0, 50: 1, 60: 1}, for_ms=30)], 65) == 80


def test_the_next_change_comes_with_a_sample_that_is_dated_ahead() -> None:
    assert next_change([signal({0: 0, 90: 1})], 60) == 90


def test_nothing_changes_by_itself_after_everything_fell_silent() -> None:
    assert next_change([signal({0: 0})], 500) is None


POINTS = st.dictionaries(st.integers(-500, 1500), st.integers(0, 2), max_size=12)


@given(
    specs=st.lists(st.tuples(POINTS, st.integers(1, 300), st.integers(0, 200)), max_size=4), seen_before=st.booleans()
)
def test_states_cover_the_range_without_gap_overlap_or_repetition(
    specs: list[tuple[dict[int, int], int, int]], *, seen_before: bool
) -> None:
    signals = [signal(points, hold_ms=hold, for_ms=lasting) for points, hold, lasting in specs]
    stretches = assess(signals, 0, 1000, seen_before=seen_before)
    assert stretches[0].from_ms == 0
    assert stretches[-1].to_ms == 1000
    for before, after in itertools.pairwise(stretches):
        assert before.to_ms == after.from_ms
        assert before.state is not after.state


@given(st.lists(st.tuples(POINTS, st.integers(1, 300)), max_size=4), st.integers(0, 999))
def test_the_state_at_any_instant_is_the_worst_level_in_force(
    specs: list[tuple[dict[int, int], int]], instant: int
) -> None:
    signals = [signal(points, hold_ms=hold) for points, hold in specs]
    told_state = next(s.state for s in assess(signals, 0, 1000) if s.from_ms <= instant < s.to_ms)
    in_force: list[int] = []
    for points, hold in specs:
        before = [t for t in points if t <= instant]
        if before and instant < max(before) + hold:
            in_force.append(points[max(before)])
    if in_force:
        assert told_state.value == ("healthy", "degraded", "down")[max(in_force)]
    else:
        assert told_state in {HealthState.STALE, HealthState.UNKNOWN}


@given(
    specs=st.lists(st.tuples(POINTS, st.integers(1, 300), st.integers(0, 200)), min_size=1, max_size=4),
    now=st.integers(0, 999),
)
def test_the_state_stays_as_it_is_until_the_next_change(specs: list[tuple[dict[int, int], int, int]], now: int) -> None:
    signals = [signal(points, hold_ms=hold, for_ms=lasting) for points, hold, lasting in specs]
    until = next_change(signals, now) or now + 5000
    if until > now + 2:
        before, after = assess(signals, -600, now + 1), assess(signals, -600, until - 1)
        assert before[-1].state is after[-1].state

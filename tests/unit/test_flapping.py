"""When a state that keeps changing is flapping, and what it is held at."""

from __future__ import annotations

from quarterdeck.analysis.flapping import OwnStretch, Patience, steadied
from quarterdeck.domain.health import HealthState

MINUTE_MS = 60_000
PATIENCE = Patience(changes=3, within_ms=10 * MINUTE_MS, calm_ms=5 * MINUTE_MS)
H, G, D, S = HealthState.HEALTHY, HealthState.DEGRADED, HealthState.DOWN, HealthState.STALE


def told(*changes: tuple[float, HealthState]) -> list[tuple[float, str]]:
    """The steadied states by the minute they begin in."""
    stretches = [OwnStretch(int(minute * MINUTE_MS), state) for minute, state in changes]
    return [
        (each.from_ms / MINUTE_MS, each.state.value + (" flapping" if each.is_flapping else ""))
        for each in steadied(stretches, PATIENCE)
    ]


def test_a_few_changes_stay_as_they_are() -> None:
    assert told((0, H), (1, D), (2, H)) == [(0, "healthy"), (1, "down"), (2, "healthy")]


def test_flapping_begins_with_the_change_that_is_one_too_many_and_ends_when_it_is_calm() -> None:
    assert told((0, H), (1, D), (2, H), (3, D), (4, H)) == [
        (0, "healthy"),
        (1, "down"),
        (2, "healthy"),
        (3, "down flapping"),
        (9, "healthy"),
    ]


def test_the_worst_state_of_the_counted_changes_is_held() -> None:
    assert told((0, H), (1, D), (2, G), (3, H))[-2:] == [(3, "down flapping"), (8, "healthy")]


def test_a_state_that_becomes_worse_while_flapping_is_told_at_once() -> None:
    assert told((0, H), (1, G), (2, H), (3, G), (4, D), (5, H))[3:] == [
        (3, "degraded flapping"),
        (4, "down flapping"),
        (10, "healthy"),
    ]


def test_slow_changes_are_no_flapping() -> None:
    changes = [(minute, H if minute % 12 else D) for minute in range(0, 60, 6)]
    assert told(*changes) == [(minute, state.value) for minute, state in changes]


def test_two_times_of_flapping_are_told_apart() -> None:
    found = told((0, H), (1, D), (2, H), (3, D), (4, H), (60, D), (61, H), (62, D), (63, H))
    assert [minute for minute, state in found if state == "down flapping"] == [3, 62]


def test_silence_is_no_change_that_counts() -> None:
    assert not [state for _, state in told((0, H), (1, S), (2, H), (3, S), (4, H), (5, S)) if "flapping" in state]


def test_silence_that_begins_before_it_is_calm_is_told_when_it_begins() -> None:
    assert told((0, H), (1, D), (2, H), (3, D), (4, S))[-2:] == [(3, "down flapping"), (4, "stale")]


def test_nothing_told_is_nothing_steadied() -> None:
    assert steadied([]) == []

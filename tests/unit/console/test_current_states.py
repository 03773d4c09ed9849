"""What was judged last is not the present once nobody collects."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from quarterdeck.domain.connections import ConnectionHealth, ConnectionState
from quarterdeck.domain.health import HealthState, StateInterval
from quarterdeck.domain.instants import TimeRange
from quarterdeck.services.current_states import CurrentStates, silent_since
from quarterdeck.services.ports import LeaseState

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def before(minutes: float) -> datetime:
    return NOON - timedelta(minutes=minutes)


@dataclass
class Kept:
    """States, a lease and connections' health, and nothing else."""

    intervals: list[StateInterval] = field(default_factory=list)
    lease_state: LeaseState | None = None
    last_good_at: datetime | None = None

    @property
    def leases(self) -> "Kept":
        return self

    def lease(self) -> LeaseState | None:
        return self.lease_state

    def acquire(self, holder: str, now: datetime, lifetime_seconds: float) -> bool:
        raise NotImplementedError

    def release(self, holder: str) -> None:
        raise NotImplementedError

    def health(self) -> Mapping[str, ConnectionHealth]:
        return {"probe": ConnectionHealth("probe", ConnectionState.GOOD, last_good_at=self.last_good_at)}

    def states_at(self, as_of_at: datetime) -> Mapping[str, StateInterval]:
        return {one.entity_key: one for one in self.intervals if one.from_at <= as_of_at}

    def states_in(self, time_range: TimeRange, entity_keys: Sequence[str] | None = None) -> tuple[StateInterval, ...]:
        return tuple(self.intervals)


def held_until(minutes_ago: float) -> LeaseState:
    return LeaseState("collector", before(minutes_ago + 0.1), before(minutes_ago))


def open_interval(state: HealthState, minutes_ago: float = 600) -> StateInterval:
    return StateInterval("integration/a", state, "why", before(minutes_ago), None, "series:error_rate")


def test_states_stand_as_recorded_while_a_collector_holds_the_lease() -> None:
    kept = Kept([open_interval(HealthState.HEALTHY)], held_until(-0.2))
    assert silent_since(kept, NOON) is None
    assert CurrentStates(kept).states_at(NOON)["integration/a"].state is HealthState.HEALTHY


def test_a_healthy_state_is_stale_since_the_collector_was_last_heard_of() -> None:
    kept = Kept([open_interval(HealthState.HEALTHY)], held_until(22))
    told = CurrentStates(kept).states_at(NOON)["integration/a"]
    assert (told.state, told.from_at) == (HealthState.STALE, before(22.1))


def test_a_collector_that_just_ended_leaves_another_one_time_to_take_over() -> None:
    assert silent_since(Kept(lease_state=held_until(0.3)), NOON) is None


def test_without_a_lease_the_last_good_poll_tells_since_when_nobody_collects() -> None:
    assert silent_since(Kept(last_good_at=before(9)), NOON) == before(9)


def test_a_store_that_nobody_ever_collected_into_is_not_silent() -> None:
    assert silent_since(Kept(), NOON) is None


def test_a_past_moment_that_was_collected_is_told_as_it_was_recorded() -> None:
    kept = Kept([open_interval(HealthState.DEGRADED)], held_until(22))
    assert CurrentStates(kept).states_at(before(60))["integration/a"].state is HealthState.DEGRADED


@pytest.mark.parametrize("state", [HealthState.UNKNOWN, HealthState.MAINTENANCE, HealthState.STALE])
def test_unknown_maintenance_and_stale_stay_what_they_are(state: HealthState) -> None:
    kept = Kept([open_interval(state)], held_until(22))
    assert CurrentStates(kept).states_at(NOON)["integration/a"].state is state


def test_a_range_that_reaches_into_the_silence_ends_in_stale() -> None:
    kept = Kept([open_interval(HealthState.HEALTHY)], held_until(22))
    told = CurrentStates(kept).states_in(TimeRange(before(60), NOON))
    assert [(one.state, one.to_at) for one in told] == [
        (HealthState.HEALTHY, before(22.1)),
        (HealthState.STALE, None),
    ]


def test_a_range_inside_the_silence_is_stale_only() -> None:
    kept = Kept([open_interval(HealthState.HEALTHY)], held_until(22))
    told = CurrentStates(kept).states_in(TimeRange(before(10), NOON))
    assert [one.state for one in told] == [HealthState.STALE]


def test_an_interval_that_had_ended_is_left_alone() -> None:
    ended = StateInterval("integration/a", HealthState.DOWN, "why", before(90), before(80))
    kept = Kept([ended], held_until(22))
    assert CurrentStates(kept).states_in(TimeRange(before(120), NOON)) == (ended,)

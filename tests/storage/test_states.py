"""Health states as intervals in a store."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quarterdeck.domain.health import HealthState, StateInterval
from quarterdeck.domain.instants import TimeRange
from quarterdeck.services.ports import StateChange, Topic
from quarterdeck.storage.store import SqlStore
from tests.support.stores import NOON, PATIENCE_SECONDS, after

ENTITY = "service/payments"
UP, DOWN = HealthState.HEALTHY, HealthState.DOWN


def interval(
    state: HealthState, start: float, end: float | None, *, reason: str = "", entity: str = ENTITY
) -> StateInterval:
    return StateInterval(entity, state, reason or state.value, after(start), None if end is None else after(end))


def change(
    start: float, end: float, *intervals: StateInterval, open_ended: bool = False, entity: str = ENTITY
) -> StateChange:
    return StateChange(entity, TimeRange(after(start), after(end)), intervals, open_ended)


def write(store: SqlStore, *changes: StateChange) -> None:
    store.writer.change_states(changes).result(PATIENCE_SECONDS)


def all_states(store: SqlStore, keys: Sequence[str] | None = None) -> list[StateInterval]:
    return list(store.states_in(TimeRange(NOON - timedelta(days=1), NOON + timedelta(days=1)), keys))


def test_an_open_state_holds_until_another_is_written(store: SqlStore) -> None:
    write(store, change(0, 10, interval(UP, 0, None), open_ended=True))
    assert store.states_at(after(86_400 * 300))[ENTITY].state is UP
    write(store, change(60, 70, interval(DOWN, 60, None), open_ended=True))
    assert all_states(store) == [interval(UP, 0, 60), interval(DOWN, 60, None)]


def test_no_state_holds_before_the_first_one(store: SqlStore) -> None:
    write(store, change(0, 10, interval(UP, 0, 10)))
    assert store.states_at(after(-0.001)) == {}
    assert store.states_at(after(9.999))[ENTITY].state is UP
    assert store.states_at(after(10)) == {}


def test_the_same_state_going_on_is_one_interval(store: SqlStore) -> None:
    for start in range(0, 50, 10):
        write(store, change(start, start + 10, interval(UP, start, None), open_ended=True))
    assert all_states(store) == [interval(UP, 0, None)]


def test_writing_what_holds_already_tells_readers_nothing(store: SqlStore) -> None:
    write(store, change(0, 10, interval(UP, 0, None), open_ended=True))
    before = store.versions()[Topic.STATES]
    write(store, change(20, 30, interval(UP, 20, None), open_ended=True))
    assert store.versions()[Topic.STATES] == before


def test_a_state_whose_reason_changes_goes_on_with_its_first_reason(store: SqlStore) -> None:
    write(store, change(0, 10, interval(DOWN, 0, 10, reason="refused")))
    write(store, change(10, 20, interval(DOWN, 10, 20, reason="timed out")))
    assert [(known.reason, known.from_at) for known in all_states(store)] == [("refused", after(0))]


def test_a_past_stretch_is_replaced_and_its_neighbours_are_clipped(store: SqlStore) -> None:
    write(store, change(0, 10, interval(UP, 0, None), open_ended=True))
    write(store, change(30, 50, interval(DOWN, 30, 40), interval(UP, 40, 50)))
    assert all_states(store) == [interval(UP, 0, 30), interval(DOWN, 30, 40), interval(UP, 40, None)]


def test_changes_of_several_entities_and_of_one_twice_are_written_in_their_order(store: SqlStore) -> None:
    other = "partner/payhub"
    write(
        store,
        change(0, 50, interval(UP, 0, 50)),
        change(0, 50, interval(DOWN, 0, 50, entity=other), entity=other),
        change(10, 20, interval(DOWN, 10, 20)),
    )
    assert [(known.entity_key, known.state) for known in all_states(store)] == [
        (other, DOWN),
        (ENTITY, UP),
        (ENTITY, DOWN),
        (ENTITY, UP),
    ]
    assert [known.entity_key for known in all_states(store, [other])] == [other]
    assert all_states(store, []) == []


def test_a_range_shows_the_intervals_that_reach_into_it_whole(store: SqlStore) -> None:
    write(store, change(0, 100, interval(UP, 0, 50), interval(DOWN, 50, 100)))
    assert store.states_in(TimeRange(after(49), after(50))) == (interval(UP, 0, 50),)


def test_intervals_that_overlap_are_refused_and_nothing_is_written(store: SqlStore) -> None:
    wrong = store.writer.change_states([change(0, 50, interval(UP, 0, 30), interval(DOWN, 20, 50))])
    with pytest.raises(ValueError, match="without overlap"):
        wrong.result(PATIENCE_SECONDS)
    assert all_states(store) == []


stretches = st.lists(
    st.tuples(st.sampled_from("abc"), st.integers(0, 30), st.integers(1, 10), st.sampled_from([UP, DOWN])), max_size=12
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(stretches, st.integers(-5, 45), st.integers(0, 20))
def test_a_range_and_a_moment_show_what_looking_at_every_interval_shows(
    store: SqlStore, history: list[tuple[str, int, int, HealthState]], start: int, length: int
) -> None:
    write(store, *(change(-100, 100, entity=entity) for entity in "abc"))
    for entity, begin, seconds, state in history:
        told = interval(state, begin, begin + seconds, entity=entity)
        write(store, change(begin, begin + seconds, told, entity=entity))
    everything = all_states(store, ["a", "b", "c"])
    asked = TimeRange(after(start), after(start + length))
    overlapping = [i for i in everything if i.from_at < asked.end_at and (i.to_at or asked.end_at) > asked.start_at]
    assert list(store.states_in(asked)) == overlapping
    assert list(store.states_in(asked, ["c", "a"])) == [i for i in overlapping if i.entity_key != "b"]
    holding = {i.entity_key: i for i in everything if i.from_at <= after(start) < (i.to_at or after(999))}
    assert store.states_at(after(start)) == holding

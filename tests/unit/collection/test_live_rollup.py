"""What is shown of entities that depend on each other, as their own signals come, fail, return and come late."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import pytest

from quarterdeck.domain.availability import ledger
from quarterdeck.domain.connections import Connection, ConnectionHealth, ConnectionState
from quarterdeck.domain.errors import StoreUnavailable
from quarterdeck.domain.estate import Entity, EntityKind, Relation, RelationKind
from quarterdeck.domain.expectations import Expectation
from quarterdeck.domain.health import HealthState
from quarterdeck.domain.health_rules import HealthRule, RuleKind
from quarterdeck.domain.instants import TimeRange, to_ms
from quarterdeck.domain.series import Meaning, SeriesIdentity
from quarterdeck.sdk.records import Batch, Samples
from quarterdeck.services.ports import EstateChange
from quarterdeck.storage.opening import open_store
from tests.unit.collection.fakes import SteppedClock
from tests.unit.collection.watching import PATIENCE_SECONDS, Watch, after

MINUTE, HOUR = 60.0, 3600.0
SLOW = (Expectation(Meaning.RESPONSE_TIME, degraded_above=1.0, down_above=5.0),)
DB = Entity("component/db", EntityKind.COMPONENT, "ledger-db", expectations=SLOW)
API = Entity("service/api", EntityKind.SERVICE, "Payments", expectations=SLOW)
APP = Entity("service/app", EntityKind.SERVICE, "App", expectations=SLOW)
API_NEEDS_DB = Relation(RelationKind.SERVICE_COMPONENT, API.key, DB.key)
APP_NEEDS_API = Relation(RelationKind.SERVICE_COMPONENT, APP.key, API.key)
FINE, POOR, BAD = 0.2, 2.0, 9.0


def latency(entity: Entity) -> SeriesIdentity:
    return SeriesIdentity(entity.key, "latency", Meaning.RESPONSE_TIME, "s")


@pytest.fixture
def watch(tmp_path: Path) -> Iterator[Watch]:
    store = open_store(str(tmp_path / "store.db"))
    watch = Watch(store, SteppedClock())
    relate(watch, API_NEEDS_DB, APP_NEEDS_API)
    yield watch
    store.close()


def relate(watch: Watch, *relations: Relation, gone: tuple[str, ...] = ()) -> None:
    change = EstateChange(
        watch.clock.now(),
        "test",
        put_entities=(DB, API, APP),
        put_relations=relations,
        remove_relation_keys=gone,
        new_since_at=after(-4 * HOUR),
    )
    watch.store.writer.change_estate(change).result(PATIENCE_SECONDS)


async def let(watch: Watch, start: float, end: float, values: Mapping[Entity, float]) -> None:
    """Let time pass with a sample of each entity every quarter of a minute."""
    seconds = start
    while seconds <= end:
        watch.clock.at = after(seconds)
        watch.deliver(Batch(samples=Samples.at(after(seconds), {latency(one): value for one, value in values.items()})))
        await watch.judge()
        seconds += 15


def shown(watch: Watch, entity: Entity) -> str:
    """An entity's state now, with its grounds."""
    interval = watch.store.states_at(watch.clock.now())[entity.key]
    words = [interval.state.value]
    words += ["because", *interval.grounds.because] if interval.grounds.because else []
    return " ".join(words + ["flapping"] * interval.grounds.flapping)


async def test_a_follower_is_unreachable_because_of_its_root(watch: Watch) -> None:
    await watch.start()
    await let(watch, 0, MINUTE, {DB: FINE, API: FINE, APP: FINE})
    await let(watch, 75, 2 * MINUTE, {DB: BAD, API: BAD, APP: BAD})
    assert [shown(watch, one) for one in (DB, API, APP)] == [
        "down",
        "unreachable because component/db",
        "unreachable because component/db",
    ]
    assert watch.told(75, 120, API.key) == [("unreachable", 75, None)]
    assert watch.intervals(119, 120, API.key)[0].reason == "ledger-db is down"
    assert [each.state for each in watch.own_intervals(119, 120, API.key)] == [HealthState.DOWN]


async def test_a_follower_seen_first_changes_its_reason_back_to_when_its_root_failed(watch: Watch) -> None:
    await watch.start()
    await let(watch, 0, MINUTE, {DB: FINE, API: FINE})
    await let(watch, 75, 105, {API: BAD})
    assert shown(watch, API) == "down"
    late = Samples.of_series(latency(DB), to_ms(after(0)) + np.array([75_000, 90_000, 105_000]), np.full(3, BAD))
    watch.deliver(Batch(samples=late))
    watch.clock.advance(5)
    await watch.judge()
    assert watch.told(75, 110, API.key) == [("unreachable", 75, None)]


async def test_states_return_to_what_signals_say_once_the_root_is_well_again(watch: Watch) -> None:
    await watch.start()
    await let(watch, 0, MINUTE, {DB: BAD, API: BAD})
    await let(watch, 75, 2 * MINUTE, {DB: FINE, API: BAD})
    assert [shown(watch, one) for one in (DB, API)] == ["healthy", "down"]
    await let(watch, 135, 3 * MINUTE, {DB: FINE, API: FINE})
    assert shown(watch, API) == "healthy"


async def test_what_still_answers_without_something_it_needs_is_degraded_and_says_so(watch: Watch) -> None:
    await watch.start()
    await let(watch, 0, MINUTE, {DB: BAD, API: FINE})
    assert shown(watch, API) == "degraded because component/db"
    assert watch.intervals(59, 60, API.key)[0].reason == "ledger-db is down"


async def test_what_is_fine_for_minutes_shows_that_it_passes_no_failure_on(watch: Watch) -> None:
    await watch.start()
    await let(watch, 0, 45, {DB: FINE, API: FINE, APP: FINE})
    await let(watch, MINUTE, 5 * MINUTE, {DB: BAD, API: FINE, APP: BAD})
    assert shown(watch, APP) == "unreachable because component/db"
    await let(watch, 5 * MINUTE + 15, 8 * MINUTE, {DB: BAD, API: FINE, APP: BAD})
    assert shown(watch, APP) == "down"
    assert watch.told(0, 8 * MINUTE, APP.key)[-1] == ("down", 6 * MINUTE + 0.001, None)


async def test_a_collector_that_begins_again_goes_on_with_the_same_reasons(watch: Watch) -> None:
    await watch.start()
    await let(watch, 0, 2 * MINUTE, {DB: BAD, API: BAD})
    again = Watch(watch.store, watch.clock)
    await again.start(idle_since=2 * MINUTE)
    await let(again, 2 * MINUTE + 15, 3 * MINUTE, {DB: BAD, API: BAD})
    assert again.told(0, 3 * MINUTE, API.key) == [("unreachable", 0, None)]


async def test_what_could_not_be_written_is_shown_as_soon_as_it_can_be(watch: Watch) -> None:
    await watch.start()
    await let(watch, 0, MINUTE, {DB: FINE, API: FINE})
    await let(watch, 75, 75, {DB: BAD, API: BAD})
    watch.clock.advance(1)
    watch.disk.is_full = True
    with pytest.raises(StoreUnavailable):
        await watch.judge()
    watch.disk.is_full = False
    watch.clock.advance(5)
    await watch.judge()
    assert watch.told(75, 80, API.key) == [("unreachable", 75, None)]


async def test_failures_that_come_to_light_late_are_rolled_up_where_they_were(watch: Watch) -> None:
    await watch.start()
    await let(watch, 0, MINUTE, {DB: FINE, API: FINE})
    times = to_ms(after(-HOUR)) + np.arange(40) * 15_000
    for entity in (DB, API):
        watch.deliver(Batch(samples=Samples.of_series(latency(entity), times, np.full(40, BAD))))
    await watch.judge()
    told = watch.intervals(-HOUR, -HOUR + 60, API.key)
    assert [(each.state, each.grounds.because) for each in told] == [(HealthState.UNREACHABLE, (DB.key,))]


async def test_a_relation_that_is_taken_back_explains_nothing_any_more(watch: Watch) -> None:
    await watch.start()
    await let(watch, 0, MINUTE, {DB: BAD, API: BAD})
    relate(watch, APP_NEEDS_API, gone=(API_NEEDS_DB.key,))
    await watch.assessor.reload_estate()
    await let(watch, 75, 90, {DB: BAD, API: BAD})
    assert watch.told(0, 90, API.key) == [("unreachable", 0, MINUTE), ("down", MINUTE, None)]


async def test_a_withdrawn_entity_has_no_state_of_either_kind(watch: Watch) -> None:
    await watch.start()
    await let(watch, 0, MINUTE, {DB: FINE, API: FINE})
    watch.declare(DB)
    await watch.assessor.reload_estate()
    await let(watch, 75, 90, {DB: FINE})
    assert API.key not in watch.store.states_at(watch.clock.now())
    assert watch.own_intervals(80, 90, API.key) == ()


async def test_a_state_that_keeps_changing_is_flapping_and_held_at_its_worst(watch: Watch) -> None:
    await watch.start()
    for minute in range(6):
        await let(watch, minute * MINUTE, minute * MINUTE + 45, {DB: BAD if minute % 2 else FINE})
    assert shown(watch, DB) == "down flapping"
    await let(watch, 6 * MINUTE, 6 * MINUTE + 45, {DB: FINE})
    assert shown(watch, DB) == "down flapping"
    await let(watch, 7 * MINUTE, 12 * MINUTE, {DB: FINE})
    assert shown(watch, DB) == "healthy"
    assert [each.state for each in watch.own_intervals(0, 12 * MINUTE, DB.key)].count(HealthState.DOWN) == 3


async def test_silence_for_want_of_a_source_is_not_the_reason_of_a_failure(watch: Watch) -> None:
    watch.store.writer.put_connection(Connection("metrics", "prometheus", "Metrics")).result(PATIENCE_SECONDS)
    health = ConnectionHealth("metrics", ConnectionState.FAILING, words="No route to the source.")
    await watch.start()
    await let(watch, 0, MINUTE, {DB: FINE, API: FINE})
    watch.store.writer.put_connection_health([health]).result(PATIENCE_SECONDS)
    await let(watch, 75, 4 * MINUTE, {API: BAD})
    assert [shown(watch, one) for one in (DB, API)] == ["stale", "down"]


async def test_a_component_that_falls_silent_is_the_reason_of_what_fails_with_it(watch: Watch) -> None:
    await watch.start()
    await let(watch, 0, MINUTE, {DB: FINE, API: FINE})
    await let(watch, 75, 4 * MINUTE, {API: BAD})
    assert [shown(watch, one) for one in (DB, API)] == ["stale", "unreachable because component/db"]


async def test_a_root_that_is_watched_later_than_its_follower_is_still_its_reason(watch: Watch) -> None:
    await watch.start()
    await let(watch, 0, 2 * MINUTE, {API: FINE})
    await let(watch, 2 * MINUTE + 15, 12 * MINUTE, {API: BAD})
    assert shown(watch, API) == "down"
    await let(watch, 12 * MINUTE + 15, 13 * MINUTE, {DB: BAD, API: BAD})
    assert [shown(watch, one) for one in (DB, API)] == ["down", "unreachable because component/db"]


async def test_a_state_whose_reason_becomes_known_later_holds_since_it_began(watch: Watch) -> None:
    await watch.start()
    await let(watch, 0, 45, {API: FINE})
    await let(watch, MINUTE, 5 * MINUTE, {API: POOR})
    await let(watch, 5 * MINUTE + 15, 6 * MINUTE, {API: POOR, DB: POOR})
    assert shown(watch, API) == "degraded because component/db"
    told = watch.store.states_at(watch.clock.now())[API.key]
    assert (told.from_at, told.since_at) == (after(5 * MINUTE + 15), after(MINUTE))


async def test_time_behind_a_root_is_not_measurable_and_the_root_counts_its_own(watch: Watch) -> None:
    await watch.start()
    await let(watch, 0, 45, {DB: FINE, API: FINE})
    await let(watch, MINUTE, 3 * MINUTE, {DB: BAD, API: BAD})
    failing = TimeRange(after(MINUTE), after(3 * MINUTE))
    behind, root = (ledger(watch.store.states_in(failing, [one.key]), failing) for one in (API, DB))
    assert (behind.availability, behind.unknown_seconds) == (None, 2 * MINUTE)
    assert (root.availability, root.down_seconds) == (0.0, 2 * MINUTE)


async def test_a_dependent_without_redundancy_left_says_so(watch: Watch) -> None:
    spare = Entity("component/spare", EntityKind.COMPONENT, "spare-db", expectations=SLOW)
    either = HealthRule(RuleKind.AT_LEAST, (DB.key, spare.key), count=1)
    shop = Entity("service/shop", EntityKind.SERVICE, "Shop", rules=(either,))
    relations = tuple(Relation(RelationKind.SERVICE_COMPONENT, shop.key, one.key) for one in (DB, spare))
    change = EstateChange(watch.clock.now(), "shop", put_entities=(spare, shop), put_relations=relations)
    watch.store.writer.change_estate(change).result(PATIENCE_SECONDS)
    await watch.start()
    await let(watch, 0, 45, {DB: FINE, spare: FINE})
    assert watch.intervals(44, 45, shop.key)[0].reason == "All that it depends on works"
    await let(watch, MINUTE, 2 * MINUTE, {DB: BAD, spare: FINE})
    assert shown(watch, shop) == "degraded because component/db"
    assert watch.intervals(119, 120, shop.key)[0].reason == "ledger-db is down; no redundancy is left"
    await let(watch, 2 * MINUTE + 15, 3 * MINUTE, {DB: BAD, spare: BAD})
    assert watch.intervals(179, 180, shop.key)[0].reason == "ledger-db is down, spare-db is down"


async def test_a_past_that_could_not_be_rolled_up_stays_due(watch: Watch) -> None:
    await watch.start()
    await let(watch, 0, MINUTE, {DB: FINE, API: FINE})
    times = to_ms(after(-HOUR)) + np.arange(40) * 15_000
    for entity in (DB, API):
        watch.deliver(Batch(samples=Samples.of_series(latency(entity), times, np.full(40, BAD))))
    await watch.assessor.tick()
    assert await watch.assessor.judge_past()
    watch.disk.is_full = True
    with pytest.raises(StoreUnavailable):
        await watch.assessor.judge_past()
    watch.disk.is_full = False
    await watch.judge()
    assert watch.intervals(-HOUR, -HOUR + 60, API.key)[0].state is HealthState.UNREACHABLE

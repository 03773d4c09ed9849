"""An outage that was not watched for a while stays one: who is its root, and since when it holds."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from quarterdeck.domain.health import HealthState
from quarterdeck.domain.instants import to_ms
from quarterdeck.sdk.records import Batch, Samples
from quarterdeck.storage.opening import open_store
from tests.unit.collection.fakes import SteppedClock
from tests.unit.collection.test_live_rollup import (
    API,
    API_NEEDS_DB,
    APP_NEEDS_API,
    BAD,
    DB,
    FINE,
    HOUR,
    MINUTE,
    POOR,
    latency,
    let,
    relate,
    shown,
)
from tests.unit.collection.watching import Watch, after

GAP_END = 16 * MINUTE
LATER = 3 * HOUR


@pytest.fixture
def watch(tmp_path: Path) -> Iterator[Watch]:
    store = open_store(str(tmp_path / "store.db"))
    watch = Watch(store, SteppedClock())
    relate(watch, API_NEEDS_DB, APP_NEEDS_API)
    yield watch
    store.close()


async def through_a_gap(watch: Watch) -> None:
    """The root fails with what depends on it; later it tells nothing for some minutes, and is down still."""
    await watch.start()
    await let(watch, 0, MINUTE, {DB: FINE, API: FINE})
    await let(watch, 75, 12 * MINUTE, {DB: BAD, API: BAD})
    await let(watch, 12 * MINUTE + 15, GAP_END, {API: BAD})
    assert [each.state for each in watch.own_intervals(GAP_END, GAP_END + 1, DB.key)] == [HealthState.STALE]
    await let(watch, GAP_END + 15, GAP_END + 60, {DB: BAD, API: BAD})


async def test_a_root_that_returns_from_silence_explains_what_failed_with_it_at_first(watch: Watch) -> None:
    await through_a_gap(watch)
    assert [shown(watch, one) for one in (DB, API)] == ["down", "unreachable because component/db"]


async def test_a_collector_that_begins_hours_after_a_gap_knows_the_same_root(watch: Watch) -> None:
    await through_a_gap(watch)
    await let(watch, GAP_END + 75, GAP_END + 2 * MINUTE, {DB: BAD, API: BAD})
    seconds = GAP_END + 3 * MINUTE
    while seconds < LATER:
        await let(watch, seconds, seconds, {DB: BAD, API: BAD})
        seconds += MINUTE
    again = Watch(watch.store, watch.clock)
    await again.start(idle_since=LATER)
    await let(again, LATER, LATER + 30, {DB: BAD, API: BAD})
    assert [shown(again, one) for one in (DB, API)] == ["down", "unreachable because component/db"]


async def test_an_outage_that_was_not_watched_for_a_while_is_told_since_it_began(watch: Watch) -> None:
    await through_a_gap(watch)
    told = watch.store.states_at(watch.clock.now())
    assert (told[DB.key].since_at, told[API.key].since_at) == (after(75), after(75))


async def test_a_failure_that_loses_its_reason_is_told_since_it_began_itself(watch: Watch) -> None:
    await watch.start()
    await let(watch, 0, MINUTE, {DB: FINE, API: FINE})
    await let(watch, 75, 12 * MINUTE, {DB: BAD, API: BAD})
    await let(watch, 12 * MINUTE + 15, 13 * MINUTE, {DB: FINE, API: BAD})
    told = watch.store.states_at(watch.clock.now())[API.key]
    assert (told.state, told.since_at) == (HealthState.DOWN, after(75))


async def test_what_gains_its_reason_after_its_past_came_late_is_told_since_that_past(watch: Watch) -> None:
    await watch.start()
    await let(watch, 0, MINUTE, {API: POOR})
    times = to_ms(after(-20 * MINUTE)) + np.arange(80) * 15_000
    watch.deliver(Batch(samples=Samples.of_series(latency(API), times, np.full(80, POOR))))
    await let(watch, 75, 2 * MINUTE, {API: POOR})
    await let(watch, 2 * MINUTE + 15, 3 * MINUTE, {API: POOR, DB: POOR})
    told = watch.store.states_at(watch.clock.now())[API.key]
    assert (told.grounds.because, told.since_at) == ((DB.key,), after(-20 * MINUTE))

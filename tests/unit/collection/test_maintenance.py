"""Maintenance windows in the collector: covered from the first to the last moment, and nothing else is hidden."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from quarterdeck.domain.health import HealthState
from quarterdeck.domain.maintenance import MaintenanceAct, MaintenanceRecord, MaintenanceWindow
from quarterdeck.services.maintenance_watch import MaintenanceWatch, followed_windows
from quarterdeck.storage.opening import open_store
from tests.support.guards.logs import ExpectedLogs
from tests.unit.collection.fakes import SteppedClock
from tests.unit.collection.test_live_rollup import (
    API,
    API_NEEDS_DB,
    APP,
    APP_NEEDS_API,
    BAD,
    DB,
    FINE,
    HOUR,
    MINUTE,
    let,
    relate,
    shown,
)
from tests.unit.collection.watching import PATIENCE_SECONDS, Watch, after

ALL = (DB, API, APP)


@pytest.fixture
def watch(tmp_path: Path) -> Iterator[Watch]:
    store = open_store(str(tmp_path / "store.db"))
    watch = Watch(store, SteppedClock())
    relate(watch, API_NEEDS_DB, APP_NEEDS_API)
    yield watch
    store.close()


def planned(*keys: str, start: float, end: float, name: str = "upgrade") -> MaintenanceWindow:
    return MaintenanceWindow(name, after(start), timedelta(seconds=end - start), "Database upgrade", keys)


async def record(watch: Watch, window: MaintenanceWindow) -> None:
    """Record a window at the clock's time, and let the collector notice."""
    keep(watch, window)
    await watch.assessor.reload_maintenance()


def keep(watch: Watch, window: MaintenanceWindow) -> None:
    revision = len(watch.store.maintenance.records(window.id)) + 1
    act = MaintenanceAct.PLANNED if revision == 1 else MaintenanceAct.CORRECTED
    told = MaintenanceRecord(window, revision, act, watch.clock.now(), "ada")
    watch.store.maintenance.add([told]).result(PATIENCE_SECONDS)


async def test_a_window_begins_and_ends_on_time_whatever_the_entity_says(watch: Watch) -> None:
    await watch.start()
    await record(watch, planned(DB.key, start=70, end=130))
    await let(watch, 0, 3 * MINUTE, {DB: FINE, API: FINE, APP: FINE})
    assert watch.told(0, 180, DB.key) == [("healthy", 0, 70), ("maintenance", 70, 130), ("healthy", 130, None)]
    assert watch.told(0, 180, API.key) == [("healthy", 0, None)]
    during = watch.intervals(100, 101, DB.key)[0]
    assert (during.reason, during.cause) == ("Database upgrade", "maintenance:upgrade")


async def test_a_window_begins_while_nothing_is_delivered(watch: Watch) -> None:
    await watch.start()
    await record(watch, planned(DB.key, start=40, end=50))
    await let(watch, 0, 15, {DB: FINE, API: FINE, APP: FINE})
    await watch.pass_time(20, 60)
    assert watch.told(0, 60, DB.key) == [("healthy", 0, 40), ("maintenance", 40, 50), ("healthy", 50, None)]


async def test_what_fails_in_its_window_is_in_maintenance_and_red_after_it(watch: Watch) -> None:
    await watch.start()
    await record(watch, planned(DB.key, start=70, end=130))
    await let(watch, 0, MINUTE, {DB: FINE, API: FINE, APP: FINE})
    await let(watch, 75, 3 * MINUTE, {DB: BAD, API: FINE, APP: FINE})
    told = watch.told(0, 180, DB.key)
    assert told[1:] == [("maintenance", 70, 130), ("down", 130, None)]


async def test_a_failure_that_no_window_covers_stays_red_beside_one(watch: Watch) -> None:
    await watch.start()
    await record(watch, planned(DB.key, start=0, end=HOUR))
    await let(watch, 0, MINUTE, {DB: FINE, API: FINE, APP: FINE})
    await let(watch, 75, 8 * MINUTE, {DB: FINE, API: BAD, APP: BAD})
    assert shown(watch, API) == "down"
    assert shown(watch, APP) == "unreachable because service/api"


async def test_an_unplanned_failure_behind_a_window_is_masked_and_red(watch: Watch) -> None:
    await watch.start()
    await record(watch, planned(API.key, start=0, end=HOUR))
    await let(watch, 0, MINUTE, {DB: FINE, API: FINE, APP: FINE})
    await let(watch, 75, 3 * MINUTE, {DB: BAD, API: BAD, APP: BAD})
    assert shown(watch, API) == "unreachable because component/db"
    assert watch.store.states_at(watch.clock.now())[API.key].grounds.masked


async def test_an_early_end_counts_from_when_it_was_told(watch: Watch) -> None:
    await watch.start()
    window = planned(DB.key, start=30, end=HOUR)
    await record(watch, window)
    await let(watch, 0, 2 * MINUTE, {DB: FINE, API: FINE, APP: FINE})
    await record(watch, replace(window, closed_at=after(120)))
    await let(watch, 135, 3 * MINUTE, {DB: FINE, API: FINE, APP: FINE})
    assert watch.told(0, 180, DB.key) == [("healthy", 0, 30), ("maintenance", 30, 120), ("healthy", 120, None)]


async def test_a_correction_of_the_past_rewrites_the_states_of_then(watch: Watch) -> None:
    await watch.start()
    await let(watch, 0, 10 * MINUTE, {DB: BAD, API: FINE, APP: FINE})
    await let(watch, 615, HOUR, {DB: FINE, API: FINE, APP: FINE})
    assert watch.told(0, 300, DB.key) == [("down", 0, 615)]
    await record(watch, planned(DB.key, start=60, end=300))
    await watch.judge()
    assert watch.told(0, 700, DB.key) == [
        ("down", 0, 60),
        ("maintenance", 60, 300),
        ("down", 300, 615),
        ("healthy", 615, None),
    ]


async def test_a_window_recorded_while_nobody_collected_counts_all_the_same(watch: Watch) -> None:
    await watch.start()
    await let(watch, 0, HOUR, {DB: FINE, API: FINE, APP: FINE})
    keep(watch, planned(DB.key, start=600, end=1200))
    watch.clock.at = after(HOUR + 30)
    await watch.start(idle_since=HOUR)
    await watch.judge()
    assert watch.told(0, HOUR, DB.key) == [("healthy", 0, 600), ("maintenance", 600, 1200), ("healthy", 1200, None)]


async def test_a_window_far_ahead_begins_without_a_restart(watch: Watch) -> None:
    await watch.start()
    day = 24 * HOUR
    await record(watch, planned(DB.key, start=2 * day, end=2 * day + HOUR))
    await watch.pass_time(0, 2 * day - HOUR, step=6 * HOUR)
    await let(watch, 2 * day - 30, 2 * day + 60, {DB: FINE, API: FINE, APP: FINE})
    assert watch.state(DB.key) is HealthState.MAINTENANCE


async def test_a_window_that_cannot_be_followed_any_more_hides_nothing(watch: Watch, logs: ExpectedLogs) -> None:
    logs.expect("quarterdeck.services.maintenance_watch", "upgrade covers nothing: 'Europe/Atlantis' is no time zone.")
    keep(watch, replace(planned(DB.key, start=0, end=HOUR), rule="FREQ=DAILY", zone="Europe/Atlantis"))
    await watch.start()
    await let(watch, 0, MINUTE, {DB: BAD, API: FINE, APP: FINE})
    assert watch.state(DB.key) is HealthState.DOWN
    assert followed_windows(watch.store.maintenance.records()) == ()


async def test_many_corrections_of_the_past_are_one_stretch(watch: Watch) -> None:
    weekly = replace(planned(DB.key, start=-400 * 24 * HOUR, end=-400 * 24 * HOUR + 60), rule="FREQ=DAILY")
    keep(watch, weekly)
    maintenance = MaintenanceWatch(watch.store)
    assert len(maintenance.reread(after(0))) == 1
    assert maintenance.reread(after(0)) == ()

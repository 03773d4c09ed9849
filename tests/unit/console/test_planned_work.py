"""The inspector's why of what is in maintenance: the window, its end, and who planned it."""

from dataclasses import replace
from datetime import timedelta

from quarterdeck.domain.estate import Entity, EntityKind
from quarterdeck.domain.health import HealthState, StateInterval
from quarterdeck.domain.instants import TimeRange
from quarterdeck.domain.maintenance import MaintenanceAct, MaintenanceRecord, MaintenanceWindow
from quarterdeck.services.inspector import InspectorReader
from quarterdeck.services.moments import Moment
from quarterdeck.services.planned_work import planned_words
from quarterdeck.services.ports import EstateChange, StateChange
from quarterdeck.services.wording import moment_words
from quarterdeck.storage.store import SqlStore
from tests.support.stores import NOON

LIVE = Moment(TimeRange.ending(NOON, 6 * 3600), NOON)
HOUR = timedelta(hours=1)
KEY = "integration/payhub-processor"
WINDOW = MaintenanceWindow("core", NOON - HOUR, 3 * HOUR, "Core upgrade", (KEY,))
PLANNED = StateInterval(KEY, HealthState.MAINTENANCE, "Core upgrade", NOON - HOUR, None, "maintenance:core")


def record(store: SqlStore, window: MaintenanceWindow = WINDOW, revision: int = 1) -> None:
    act = MaintenanceAct.PLANNED if revision == 1 else MaintenanceAct.CORRECTED
    told = MaintenanceRecord(window, revision, act, NOON - HOUR, "ada" if revision == 1 else "bob")
    store.maintenance.add([told]).result(20)


def test_the_inspector_names_the_window_and_its_end(store: SqlStore) -> None:
    record(store)
    processor = Entity(KEY, EntityKind.INTEGRATION, "PayHub processor")
    store.writer.change_estate(EstateChange(NOON - HOUR, "test", put_entities=(processor,))).result(20)
    change = StateChange(KEY, TimeRange(NOON - HOUR, NOON), (PLANNED,), open_ended=True)
    store.writer.change_states([change]).result(20)
    card = InspectorReader(store).card(KEY, LIVE)
    assert card is not None
    assert card.state is not None
    assert card.state.reason == f"Core upgrade, until {moment_words(NOON + 2 * HOUR, NOON)}, planned by ada"


def test_a_corrected_end_is_told_with_who_planned_it_first(store: SqlStore) -> None:
    record(store)
    record(store, replace(WINDOW, length=4 * HOUR), 2)
    end = moment_words(NOON + 3 * HOUR, NOON)
    assert planned_words(PLANNED, "", store, NOON) == f"Core upgrade, until {end}, planned by ada"


def test_an_occurrence_that_is_over_tells_no_end(store: SqlStore) -> None:
    record(store, replace(WINDOW, closed_at=NOON - HOUR / 2))
    assert planned_words(PLANNED, "", store, NOON) == "Core upgrade, planned by ada"


def test_a_window_that_cannot_be_followed_tells_no_end(store: SqlStore) -> None:
    record(store, replace(WINDOW, rule="FREQ=DAILY", zone="Mars"))
    assert planned_words(PLANNED, "", store, NOON) == "Core upgrade, planned by ada"


def test_what_no_window_decides_keeps_its_reason(store: SqlStore) -> None:
    down = replace(PLANNED, state=HealthState.DOWN, cause="series:error_rate")
    assert planned_words(down, "Error rate 38%", store, NOON) == "Error rate 38%"
    assert planned_words(PLANNED, "Core upgrade", store, NOON) == "Core upgrade"

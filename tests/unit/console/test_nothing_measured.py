"""Before anything is measured the Overview says what it waits for, and calls nothing well."""

from dataclasses import replace
from datetime import timedelta

import pytest

from quarterdeck.domain.connections import Connection
from quarterdeck.domain.estate import Entity, EntityKind
from quarterdeck.domain.health import HealthState, StateInterval
from quarterdeck.domain.instants import TimeRange
from quarterdeck.services.moments import Moment
from quarterdeck.services.overview import Awaited, OverviewReader, OverviewReport
from quarterdeck.services.ports import EstateChange, StateChange
from quarterdeck.storage.store import SqlStore
from tests.support.pictured_bank import NOON
from tests.support.stores import PATIENCE_SECONDS

LIVE = Moment(TimeRange.ending(NOON, 6 * 3600), NOON)
PAY = Entity("integration/pay", EntityKind.INTEGRATION, "Pay")
SCHEDULE = Entity("integration/schedule", EntityKind.INTEGRATION, "Schedule")
BANK = Connection("m", "prometheus", "Bank")


def declare(store: SqlStore, *connections: Connection) -> None:
    at = NOON - timedelta(days=1)
    change = EstateChange(at, "test", put_entities=(PAY, SCHEDULE), put_connections=connections)
    store.writer.change_estate(change).result(PATIENCE_SECONDS)


def judge(store: SqlStore, entity: Entity) -> None:
    from_at = NOON - timedelta(minutes=5)
    found = StateInterval(entity.key, HealthState.HEALTHY, "All checks passed", from_at, None)
    change = StateChange(entity.key, TimeRange(from_at, NOON), (found,), open_ended=True)
    store.writer.change_states([change]).result(PATIENCE_SECONDS)


def overview(store: SqlStore, moment: Moment = LIVE) -> OverviewReport:
    return OverviewReader(store).overview(moment)


@pytest.mark.parametrize(
    ("connections", "awaited"),
    [
        ((), Awaited.CONNECTION),
        ((replace(BANK, enabled=False),), Awaited.CONNECTION),
        ((BANK,), Awaited.COLLECTOR),
    ],
    ids=["none", "off", "on"],
)
def test_an_estate_without_any_state_says_what_it_waits_for(
    store: SqlStore, connections: tuple[Connection, ...], awaited: Awaited
) -> None:
    declare(store, *connections)
    report = overview(store)
    assert (report.awaited, report.figures.unknown, report.attention) == (awaited, 2, ())


def test_once_a_collector_runs_its_first_data_are_awaited(store: SqlStore) -> None:
    declare(store, BANK)
    assert store.leases.acquire("a collector", NOON, 11.0)
    assert overview(store).awaited is Awaited.DATA


def test_a_moment_before_anything_was_measured_waits_for_nothing(store: SqlStore) -> None:
    declare(store, BANK)
    judge(store, PAY)
    at = NOON - timedelta(hours=1)
    assert overview(store, Moment(LIVE.time_range, at, live=False)).awaited is Awaited.PAST


def test_what_is_not_known_is_counted_beside_what_is(store: SqlStore) -> None:
    declare(store, BANK)
    judge(store, PAY)
    report = overview(store)
    assert (report.awaited, report.figures.healthy, report.figures.unknown) == (Awaited.NOTHING, 1, 1)

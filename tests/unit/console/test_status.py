"""The table of `quarterdeck status` over a real store: worst first, and a verdict that counts what brings nothing."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import text

from quarterdeck.domain.connections import Connection, ConnectionHealth, ConnectionState
from quarterdeck.domain.estate import Entity, EntityKind
from quarterdeck.domain.health import SEVERITY, Grounds, HealthState, StateInterval
from quarterdeck.domain.instants import TimeRange
from quarterdeck.exporters.terminal import status_json, status_text
from quarterdeck.services.moments import Moment
from quarterdeck.services.ports import EstateChange, StateChange
from quarterdeck.services.status import StatusReader, StatusTable, Verdict
from quarterdeck.storage.store import SqlStore
from tests.support.guards.logs import ExpectedLogs
from tests.support.pictured_bank import NOON, PUSH_SOURCE
from tests.support.stores import PATIENCE_SECONDS

LIVE = Moment(TimeRange.ending(NOON, 3600), NOON)
PAYMENTS = Entity("integration/payments", EntityKind.INTEGRATION, "Payments")
LEDGER = Entity("component/ledger", EntityKind.COMPONENT, "Ledger")
WORKING = (ConnectionState.GOOD, ConnectionState.STARTING, ConnectionState.DISABLED)
NOT_WORKING = (ConnectionState.FAILING, ConnectionState.SILENT, ConnectionState.LATE)


def judged(store: SqlStore, states: dict[Entity, HealthState]) -> None:
    store.writer.change_estate(EstateChange(NOON - timedelta(days=1), "file", put_entities=tuple(states)))
    span = TimeRange.ending(NOON, 600)
    changes = [
        StateChange(e.key, span, (StateInterval(e.key, state, "", span.start_at, span.end_at),), open_ended=True)
        for e, state in states.items()
    ]
    store.writer.change_states(changes).result(PATIENCE_SECONDS)


def connected(store: SqlStore, state: ConnectionState, *, name: str = "Probe") -> None:
    connection_id = name.lower()
    store.writer.put_connection(Connection(connection_id, "http_probe", name))
    health = ConnectionHealth(connection_id, state, "It refuses.", "See why.", last_good_at=NOON)
    store.writer.put_connection_health([health]).result(PATIENCE_SECONDS)


def told(store: SqlStore, *, later: timedelta = timedelta()) -> StatusTable:
    at = NOON + later
    return StatusReader(store).status(Moment(TimeRange.ending(at, 3600), at))


@pytest.mark.parametrize("state", NOT_WORKING)
def test_what_a_connection_without_news_would_tell_is_unknown(store: SqlStore, state: ConnectionState) -> None:
    judged(store, {PAYMENTS: HealthState.HEALTHY})
    connected(store, state)
    table = told(store)
    assert table.verdict is Verdict.UNKNOWN
    assert table.verdict_words == f"Unknown: 1 integration: 1 healthy. 1 connection: 1 {state.value}."


@pytest.mark.parametrize("state", WORKING)
def test_a_connection_that_is_good_starting_or_switched_off_weighs_nothing(
    store: SqlStore, state: ConnectionState
) -> None:
    judged(store, {PAYMENTS: HealthState.HEALTHY})
    connected(store, state)
    assert told(store).verdict is Verdict.HEALTHY


def test_a_failing_connection_does_not_soften_what_is_known_to_be_degraded(store: SqlStore) -> None:
    judged(store, {PAYMENTS: HealthState.DEGRADED})
    connected(store, ConnectionState.SILENT)
    assert told(store).verdict is Verdict.DEGRADED


def test_nothing_is_healthy_once_nobody_collects(store: SqlStore) -> None:
    judged(store, {PAYMENTS: HealthState.MAINTENANCE})
    connected(store, ConnectionState.GOOD)
    table = told(store, later=timedelta(hours=3))
    assert table.verdict is Verdict.UNKNOWN
    assert table.silent_since_at == NOON
    assert table.verdict_words.endswith("Nobody has collected for 3 h: start the window, or `quarterdeck collect`.")


def test_a_connection_that_was_never_polled_is_listed_as_starting(store: SqlStore) -> None:
    store.writer.put_connection(Connection("probe", "http_probe", "Probe")).result(PATIENCE_SECONDS)
    store.writer.put_connection(Connection("spare", "http_probe", "Spare", enabled=False)).result(PATIENCE_SECONDS)
    states = {name: health.state for name, health in told(store).connections}
    assert states == {"Probe": ConnectionState.STARTING, "Spare": ConnectionState.DISABLED}


def test_rows_that_cannot_be_read_keep_the_verdict_from_being_healthy(store: SqlStore, logs: ExpectedLogs) -> None:
    judged(store, {PAYMENTS: HealthState.HEALTHY, LEDGER: HealthState.HEALTHY})
    with store._database.writing() as connection:
        connection.execute(text("UPDATE entity_version SET kind = 'x' WHERE key = 'component/ledger'"))
        store._database.commit(connection)
    logs.expect("quarterdeck.storage.unreadable_rows", "component/ledger")
    table = told(store)
    assert table.verdict is Verdict.UNKNOWN
    assert table.verdict_words == "Unknown: 1 integration: 1 healthy. 1 row of the store cannot be read."


def test_an_empty_store_is_unknown_and_says_that_nothing_is_declared(store: SqlStore) -> None:
    table = told(store)
    assert (table.verdict, table.verdict_words) == (Verdict.UNKNOWN, "Unknown: nothing is declared.")


def test_everything_is_judged_where_there_is_no_integration(store: SqlStore) -> None:
    judged(store, {LEDGER: HealthState.DOWN})
    table = told(store)
    assert (table.verdict, table.verdict_words) == (Verdict.DOWN, "Down: 1 entity: 1 down.")


def test_the_worst_comes_first_and_among_equals_the_integrations(bank: SqlStore) -> None:
    rows = StatusReader(bank).status(LIVE).rows
    severities = [SEVERITY[row.state] for row in rows]
    assert severities == sorted(severities, reverse=True)
    assert [row.entity.key for row in rows[:2]] == ["integration/payhub-processor", "partner/payhub"]


def test_connections_come_worst_first(store: SqlStore) -> None:
    for name, state in (("A", ConnectionState.GOOD), ("B", ConnectionState.LATE), ("C", ConnectionState.FAILING)):
        connected(store, state, name=name)
    assert [name for name, _ in told(store).connections] == ["C", "B", "A"]


def test_the_terminal_says_what_ails_a_connection_and_ends_with_the_verdict(store: SqlStore) -> None:
    judged(store, {PAYMENTS: HealthState.HEALTHY})
    connected(store, ConnectionState.FAILING)
    lines = status_text(told(store)).splitlines()
    assert lines[-2:] == [
        "Connection Probe is failing. It refuses. See why.",
        "Unknown: 1 integration: 1 healthy. 1 connection: 1 failing.",
    ]


def test_scripts_read_the_same_verdict_and_since_when_nobody_collects(bank: SqlStore) -> None:
    now = json.loads(status_json(StatusReader(bank).status(LIVE)))
    assert now["verdict"] == "down"
    assert now["verdict_words"].startswith("Down: ")
    assert now["silent_since"] is None
    assert next(c for c in now["connections"] if c["id"] == PUSH_SOURCE)["state"] == "failing"
    at = NOON + timedelta(hours=1)
    later = json.loads(status_json(StatusReader(bank).status(Moment(TimeRange.ending(at, 3600), at))))
    assert later["silent_since"] == NOON.isoformat()


def test_scripts_read_what_a_state_follows_from_as_data(store: SqlStore) -> None:
    grounds = {
        PAYMENTS: ("rollup", Grounds((LEDGER.key, "component/gone"), masked=True)),
        LEDGER: ("check:login", Grounds(flapping=True)),
    }
    store.writer.change_estate(EstateChange(NOON - timedelta(days=1), "file", put_entities=tuple(grounds)))
    span = TimeRange.ending(NOON, 600)
    changes = [
        StateChange(
            e.key,
            span,
            (StateInterval(e.key, HealthState.DOWN, "", span.start_at, span.end_at, cause, ground),),
            open_ended=True,
        )
        for e, (cause, ground) in grounds.items()
    ]
    store.writer.change_states(changes).result(PATIENCE_SECONDS)
    rows = {row["key"]: row for row in json.loads(status_json(told(store)))["entities"]}
    fields = ("cause", "because", "masked", "flapping")
    assert [rows[PAYMENTS.key][name] for name in fields] == ["rollup", [LEDGER.key, "component/gone"], True, False]
    assert [rows[LEDGER.key][name] for name in fields] == ["check:login", [], False, True]


def test_an_entity_that_was_never_judged_has_no_reasons_for_scripts(store: SqlStore) -> None:
    store.writer.change_estate(EstateChange(NOON - timedelta(days=1), "file", put_entities=(PAYMENTS,))).result(
        PATIENCE_SECONDS
    )
    (row,) = json.loads(status_json(told(store)))["entities"]
    assert (row["state"], row["because"], row["masked"], row["cause"]) == ("unknown", [], False, "")

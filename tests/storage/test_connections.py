"""Connections in a store: how they are set up, how they do, what came when."""

from dataclasses import replace

import pytest

from quarterdeck.domain.connections import (
    BackfillProgress,
    Connection,
    ConnectionHealth,
    ConnectionState,
    Reception,
    ReceptionKind,
)
from quarterdeck.domain.instants import TimeRange
from quarterdeck.sdk.records import Batch
from quarterdeck.services.ports import Cursors, EstateChange, Ingest, Topic
from quarterdeck.storage.store import SqlStore
from tests.support.stores import PATIENCE_SECONDS, after

PROBE = Connection(
    "payhub-probe",
    "http_probe",
    "PayHub probe",
    settings=(("address", "https://127.0.0.1:8443/health"), ("limit", 3), ("ratio", 0.5), ("verify", True)),
    secret_names=("token",),
    poll_seconds=10.0,
    managed_by="bank",
)
ALL_TIME = TimeRange(after(-10_000), after(10_000))


def receive(store: SqlStore, *stretches: tuple[ReceptionKind, float, float]) -> None:
    told = tuple(Reception(PROBE.id, kind, after(start), after(end)) for kind, start, end in stretches)
    store.writer.ingest(Ingest(PROBE.id, Batch(), after(0), Cursors(), told)).result(PATIENCE_SECONDS)


def received(store: SqlStore) -> list[tuple[ReceptionKind, float, float]]:
    seconds = after(0).timestamp()
    return [(r.kind, r.from_at.timestamp() - seconds, r.to_at.timestamp() - seconds) for r in store.reception(ALL_TIME)]


def test_a_connection_is_read_back_as_it_was_put(store: SqlStore) -> None:
    store.writer.put_connection(PROBE).result(PATIENCE_SECONDS)
    assert store.connections() == (PROBE,)


def test_connections_come_by_name(store: SqlStore) -> None:
    for name in ("b", "A", "c"):
        store.writer.put_connection(Connection(name, "http_probe", name)).result(PATIENCE_SECONDS)
    assert [connection.name for connection in store.connections()] == ["A", "b", "c"]


def test_a_connection_with_a_secret_among_its_settings_is_refused(store: SqlStore) -> None:
    leaking = Connection("x", "http_probe", "x", settings=(("token", "s3cret"),), secret_names=("token",))
    with pytest.raises(ValueError, match="secrets never enter the store: token") as refused:
        store.writer.put_connection(leaking).result(PATIENCE_SECONDS)
    assert "s3cret" not in str(refused.value)
    assert store.connections() == ()


def test_an_estate_change_brings_and_takes_connections_with_it(store: SqlStore) -> None:
    put = EstateChange(after(0), "bank", put_connections=(PROBE,))
    store.writer.change_estate(put).result(PATIENCE_SECONDS)
    assert store.connections() == (PROBE,)
    gone = EstateChange(after(0), "bank", remove_connection_ids=(PROBE.id,))
    store.writer.change_estate(gone).result(PATIENCE_SECONDS)
    assert store.connections() == ()


def test_health_is_read_back_as_it_was_put_and_replaced_by_the_next(store: SqlStore) -> None:
    good = ConnectionHealth(PROBE.id, ConnectionState.GOOD, last_good_at=after(0))
    failing = ConnectionHealth(
        PROBE.id,
        ConnectionState.FAILING,
        "The certificate has expired.",
        "Ask the partner for a new one.",
        last_attempt_at=after(60),
        last_good_at=after(0),
        newest_data_at=after(-5),
        failures_in_a_row=3,
        poll_duration_seconds=0.25,
        backfill=BackfillProgress(after(-9000), after(-4500), 1200, finished=True),
        facts=(("status", "503"),),
    )
    store.writer.put_connection_health([good]).result(PATIENCE_SECONDS)
    assert store.health() == {PROBE.id: good}
    store.writer.put_connection_health([failing]).result(PATIENCE_SECONDS)
    assert store.health() == {PROBE.id: failing}


def test_cursors_go_into_the_same_transaction_as_the_batch(store: SqlStore) -> None:
    reached = Cursors("abc", after(10), after(-100), after(-9000), 42)
    assert store.cursors(PROBE.id) == Cursors()
    store.writer.ingest(Ingest(PROBE.id, Batch(), after(10), reached)).result(PATIENCE_SECONDS)
    assert store.cursors(PROBE.id) == reached


def test_a_removed_connection_leaves_what_it_delivered(store: SqlStore) -> None:
    store.writer.put_connection(PROBE).result(PATIENCE_SECONDS)
    receive(store, (ReceptionKind.RECEIVED, 0, 10))
    store.writer.remove_connection(PROBE.id).result(PATIENCE_SECONDS)
    assert store.connections() == ()
    assert store.cursors(PROBE.id) == Cursors()
    assert received(store) == [(ReceptionKind.RECEIVED, 0, 10)]


def test_reception_that_goes_on_is_one_stretch(store: SqlStore) -> None:
    for start in range(0, 50, 10):
        receive(store, (ReceptionKind.RECEIVED, start, start + 10))
    assert received(store) == [(ReceptionKind.RECEIVED, 0, 50)]


def test_a_later_word_on_a_stretch_replaces_an_earlier_one_without_overlap(store: SqlStore) -> None:
    receive(store, (ReceptionKind.MISSING, 0, 100))
    receive(store, (ReceptionKind.LATE, 20, 40), (ReceptionKind.RECEIVED, 40, 60))
    assert received(store) == [
        (ReceptionKind.MISSING, 0, 20),
        (ReceptionKind.LATE, 20, 40),
        (ReceptionKind.RECEIVED, 40, 60),
        (ReceptionKind.MISSING, 60, 100),
    ]


def test_health_and_reception_call_readers_of_connection_health_only(store: SqlStore) -> None:
    before = store.versions()
    store.writer.put_connection_health([ConnectionHealth(PROBE.id, ConnectionState.GOOD)]).result(PATIENCE_SECONDS)
    receive(store, (ReceptionKind.RECEIVED, 0, 10))
    changed = {topic for topic, version in store.versions().items() if version != before[topic]}
    assert changed == {Topic.CONNECTION_HEALTH}


def test_a_connection_of_an_id_that_was_used_before_begins_anew(store: SqlStore) -> None:
    store.writer.put_connection(PROBE)
    store.writer.remove_connection(PROBE.id)
    late = Ingest(PROBE.id, Batch(), after(0), Cursors("abc", after(10), after(-100), after(-9000), 42))
    store.writer.ingest(late)
    store.writer.put_connection_health([ConnectionHealth(PROBE.id, ConnectionState.GOOD)])
    store.writer.put_connection(PROBE).result(PATIENCE_SECONDS)
    assert store.cursors(PROBE.id) == Cursors()
    assert PROBE.id not in store.health()


def test_a_connection_that_is_changed_goes_on_where_it_stood(store: SqlStore) -> None:
    store.writer.put_connection(PROBE)
    store.writer.ingest(Ingest(PROBE.id, Batch(), after(0), Cursors("abc")))
    store.writer.put_connection(replace(PROBE, poll_seconds=99.0)).result(PATIENCE_SECONDS)
    assert store.cursors(PROBE.id) == Cursors("abc")


STOOD = Cursors("page-7", after(0), after(-90), after(-9000), 12)


def stand(store: SqlStore, cursors: Cursors, *, stood: Cursors) -> None:
    ingest = Ingest(PROBE.id, Batch(), after(0), cursors, stood=stood)
    store.writer.ingest(ingest).result(PATIENCE_SECONDS)


def test_a_connection_to_another_source_forgets_where_it_stood(store: SqlStore) -> None:
    store.writer.put_connection(PROBE).result(PATIENCE_SECONDS)
    stand(store, STOOD, stood=Cursors())
    store.writer.put_connection_health([ConnectionHealth(PROBE.id, ConnectionState.GOOD)]).result(PATIENCE_SECONDS)
    elsewhere = replace(PROBE, settings=(("address", "https://127.0.0.1:9443/health"),))
    store.writer.put_connection(elsewhere, begins_anew=True).result(PATIENCE_SECONDS)
    assert (store.cursors(PROBE.id), dict(store.health())) == (Cursors(), {})
    assert store.connections() == (elsewhere,)


def test_a_poll_of_the_old_source_that_was_under_way_moves_no_cursor_of_the_new_one(store: SqlStore) -> None:
    store.writer.put_connection(PROBE).result(PATIENCE_SECONDS)
    stand(store, STOOD, stood=Cursors())
    store.writer.put_connection(PROBE, begins_anew=True).result(PATIENCE_SECONDS)
    stand(store, replace(STOOD, live="page-8"), stood=STOOD)
    assert store.cursors(PROBE.id) == Cursors()
    stand(store, Cursors("page-1"), stood=Cursors())
    assert store.cursors(PROBE.id).live == "page-1"


def test_a_document_that_moves_a_connection_keeps_where_it_stood(store: SqlStore) -> None:
    store.writer.put_connection(PROBE).result(PATIENCE_SECONDS)
    stand(store, STOOD, stood=Cursors())
    moved = replace(PROBE, settings=(("address", "https://127.0.0.1:9443/health"),))
    store.writer.change_estate(EstateChange(after(1), "bank", put_connections=(moved,))).result(PATIENCE_SECONDS)
    assert store.cursors(PROBE.id) == STOOD

"""Maintenance in the store: records that are only added to, each read back as it was told."""

from dataclasses import replace

import pytest
from sqlalchemy import delete, update

from quarterdeck.domain.errors import MaintenanceOvertaken
from quarterdeck.domain.maintenance import Cut, MaintenanceAct
from quarterdeck.services.ports import Topic
from quarterdeck.storage.maintenance_tables import maintenance_record
from quarterdeck.storage.store import SqlStore
from tests.storage.test_inspection import spoil
from tests.support.guards.logs import ExpectedLogs
from tests.support.stores import PATIENCE_SECONDS, after
from tests.unit.maintenance.windows import HOUR, record, window

FULL = window(
    0,
    1.5,
    "service/api",
    "component/db",
    domains=("bill_pay",),
    rule="FREQ=WEEKLY;BYDAY=SU",
    zone="Europe/Berlin",
    cuts=(Cut(after(0), after(HOUR)),),
    closed_at=after(9 * HOUR),
)
CHANGES = {
    "window_id": "other",
    "revision": 7,
    "act": "ended",
    "recorded_ms": 1,
    "recorded_by": "eve",
    "note": "another",
    "entity_keys": '["service/other"]',
    "domains": '["other"]',
    "reason": "Another",
    "start_ms": 2,
    "length_ms": 3,
    "rule": "FREQ=DAILY",
    "zone": "UTC",
    "cuts": "[]",
    "closed_ms": 4,
    "digest": "0" * 64,
}


def test_a_record_is_read_back_as_it_was_told(store: SqlStore) -> None:
    told = replace(record(FULL, 5, note="Agreed with PayHub"), act=MaintenanceAct.PLANNED)
    (stored,) = store.maintenance.add([told]).result(PATIENCE_SECONDS)
    assert replace(stored, id=0, digest="") == told
    assert store.maintenance.records() == (stored,)
    assert store.check() == ()


def test_a_correction_leaves_the_record_before_it(store: SqlStore) -> None:
    first, second = record(window(), 0), record(window(0, 2), 60, 2)
    for each in (first, second):
        store.maintenance.add([each]).result(PATIENCE_SECONDS)
    found = store.maintenance.records("w-1")
    assert [(each.revision, each.window) for each in found] == [(1, first.window), (2, second.window)]
    assert store.maintenance.records("w-2") == ()


def test_two_corrections_of_the_same_record_do_not_both_stand(store: SqlStore) -> None:
    store.maintenance.add([record(window())]).result(PATIENCE_SECONDS)
    store.maintenance.add([record(window(0, 2), 60, 2)]).result(PATIENCE_SECONDS)
    with pytest.raises(MaintenanceOvertaken, match="changed by somebody else"):
        store.maintenance.add([record(window(0, 3), 61, 2)]).result(PATIENCE_SECONDS)
    assert len(store.maintenance.records()) == 2


def test_of_records_that_belong_together_none_is_kept_without_the_others(store: SqlStore) -> None:
    other = record(window(id="w-2"))
    with pytest.raises(MaintenanceOvertaken):
        store.maintenance.add([other, record(window(), 0, 2)]).result(PATIENCE_SECONDS)
    assert store.maintenance.records() == ()


def test_readers_learn_of_a_new_record(store: SqlStore) -> None:
    before = store.versions()[Topic.MAINTENANCE]
    store.maintenance.add([record(window())]).result(PATIENCE_SECONDS)
    assert store.versions()[Topic.MAINTENANCE] > before


def test_words_that_no_engine_keeps_do_not_break_the_chain(store: SqlStore) -> None:
    odd = record(window(0, 1, "service/a\0b", reason="Up\ud800grade\0"), note="\udfff")
    store.maintenance.add([odd]).result(PATIENCE_SECONDS)
    assert store.check() == ()
    assert store.maintenance.records()[0].window.reason == "Up�grade�"


@pytest.mark.parametrize("column", sorted(CHANGES))
def test_any_change_of_a_record_is_found(store: SqlStore, column: str) -> None:
    store.maintenance.add([record(FULL)]).result(PATIENCE_SECONDS)
    spoil(store, update(maintenance_record).values({column: CHANGES[column]}))
    assert any("was changed after it was made" in sentence for sentence in store.check())


def test_a_record_taken_away_is_found(store: SqlStore) -> None:
    store.maintenance.add([record(window()), record(window(0, 2), 60, 2)]).result(PATIENCE_SECONDS)
    spoil(store, delete(maintenance_record).where(maintenance_record.c.id == 1))
    assert any("records are missing" in sentence for sentence in store.check())


@pytest.mark.parametrize(
    ("column", "value"),
    [("act", "dreamt"), ("cuts", "[[1]]"), ("cuts", "[[1,null]]"), ("entity_keys", "{oops"), ("length_ms", -1)],
    ids=str,
)
def test_a_record_that_cannot_be_read_is_told_and_leaves_the_one_before(
    store: SqlStore, logs: ExpectedLogs, column: str, value: object
) -> None:
    first, second = record(window()), record(window(0, 2), 60, 2)
    store.maintenance.add([first, second]).result(PATIENCE_SECONDS)
    spoil(store, update(maintenance_record).where(maintenance_record.c.id == 2).values({column: value}))
    logs.expect("quarterdeck.storage.unreadable_rows", "The row of maintenance_record with id 2 cannot be read")
    assert [each.revision for each in store.maintenance.records()] == [1]


def test_nothing_to_add_is_no_change(store: SqlStore) -> None:
    before = store.versions()
    assert store.maintenance.add([]).result(PATIENCE_SECONDS) == ()
    assert store.versions() == before

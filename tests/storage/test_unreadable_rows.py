"""Rows that somebody changed by hand: which they are is said, and the rest is read as if they were not there."""

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from quarterdeck.domain.errors import StoreDamaged
from quarterdeck.domain.instants import TimeRange
from quarterdeck.services.ports import Cursors, EventQuery, SeriesQuery
from quarterdeck.storage.encoding import backfill_from, expectations_from, facts_from, names_from, settings_from
from quarterdeck.storage.opening import open_store
from quarterdeck.storage.store import SqlStore
from tests.support.guards.logs import ExpectedLogs
from tests.support.pictured_bank import NOON, PUSH_SOURCE, build_bank
from tests.support.stores import PATIENCE_SECONDS

DAY = TimeRange.ending(NOON + timedelta(hours=1), 86_400)
PAYHUB = "partner/payhub"

SEEN_WHEN_READ = {
    "entity kind": ("UPDATE entity_version SET kind = 'bank' WHERE key = 'partner/payhub'", "kind is “bank”"),
    "entity origin": ("UPDATE entity_version SET origin = 'rumour' WHERE key = 'partner/payhub'", "origin is “rumour”"),
    "entity facts": ("UPDATE entity_version SET facts = '{oops' WHERE key = 'partner/payhub'", "facts is “{oops”"),
    "facts of numbers": ("UPDATE entity_version SET facts = '[[1,2]]' WHERE key = 'partner/payhub'", "facts is "),
    "entity tier": ("UPDATE entity_version SET tier = 'high' WHERE key = 'partner/payhub'", "tier is “high”"),
    "entity name": ("UPDATE entity_version SET name = x'00ff' WHERE key = 'partner/payhub'", "name is binary"),
    "entity begin": (
        "UPDATE entity_version SET valid_from_ms = -99999999999999999 WHERE id = 1",
        "valid_from_ms is -9",
    ),
    "relation kind": ("UPDATE relation_version SET kind = 'x' WHERE id = 1", "relation_version with id 1"),
    "state": ("UPDATE state_interval SET state = 'fine' WHERE entity_key = 'partner/payhub'", "state is “fine”"),
    "settings": ("UPDATE connection SET settings = 'none' WHERE id = 'push-exporter'", "settings is “none”"),
    "secret names": ("UPDATE connection SET secret_names = '\"a\"' WHERE id = 'push-exporter'", "secret_names is "),
    "poll": ("UPDATE connection SET poll_seconds = 'often' WHERE id = 'push-exporter'", "poll_seconds is “often”"),
    "health state": ("UPDATE connection_health SET state = 'x'", "connection_health with connection_id "),
    "health instant": ("UPDATE connection_health SET last_good_ms = 999999999999999999", "last_good_ms is 9999"),
    "backfill": ("UPDATE connection_health SET backfill = '[1]'", "backfill is “[1]”"),
    "reception kind": ("UPDATE reception SET kind = 'x'", "kind is “x”"),
    "cursor": ("UPDATE poll_cursor SET last_good_ms = 'x'", "poll_cursor with connection_id push-exporter"),
    "meaning": ("UPDATE series SET meaning = 'mood' WHERE id = 1", "meaning is “mood”"),
    "labels": ("UPDATE series SET labels = 'none' WHERE id = 1", "labels is “none”"),
    "latest": (
        "INSERT OR REPLACE INTO series_latest VALUES (1, 'a', 2, 3, 0, NULL, NULL)",
        "series_latest with series_id 1",
    ),
    "outcome": ("UPDATE check_result SET outcome = 'x'", "check_result with probe_id "),
    "claim": ("UPDATE claimed_status SET state = 'x'", "claimed_status with entity_key "),
    "event facts": ("UPDATE event SET facts = 'x'", "event with id 1"),
    "change facts": ("UPDATE change_record SET facts = 'x'", "change_record with change_id c-1"),
    "allocation": ("UPDATE allocation SET allocated = 'much'", "allocated is “much”"),
    "lease": ("UPDATE lease SET pid = 'x'", "lease with name collector"),
    "size note": ("INSERT INTO store_size VALUES (1, 'large')", "size_bytes is “large”"),
}
SEEN_BY_THE_CHECK_ALONE = {
    "begin that is no number": (
        "UPDATE entity_version SET valid_from_ms = 'abc' WHERE id = 1",
        "valid_from_ms is “abc”",
    ),
    "empty validity": ("UPDATE entity_version SET valid_to_ms = valid_from_ms WHERE id = 1", "ends before it begins"),
    "end before begin": ("UPDATE state_interval SET to_ms = from_ms - 1", "overlaps another or is empty"),
    "state without a calendar": (
        "UPDATE state_interval SET from_ms = 9000000000000000000 WHERE entity_key = 'partner/payhub' AND state='down'",
        "from_ms 9000000000000000000 cannot be read",
    ),
    "retention": ("INSERT INTO retention VALUES ('samples', 'long', 'large')", "raw_ms is “long”"),
    "head range": ("UPDATE series_head SET start_ms = 'x'", "start_ms is “x”"),
    "chunk": ("UPDATE series_chunk SET start_ms = 'x'", "start_ms is “x”"),
    "truncated samples": ("UPDATE series_head SET payload = substr(payload, 1, 5)", "batch of samples 1 is damaged"),
    "topic": ("UPDATE topic_version SET version = 'x'", "topic_version with topic "),
    "bytes that are no text": (
        "UPDATE entity_version SET name = CAST(x'ff41' AS TEXT) WHERE key = 'partner/payhub'",
        "name is no text",
    ),
}
EXTRA = (
    "INSERT INTO event VALUES (1, 'feed', '1', 'x', 1795523520000, 1795523520000, '', '', '[]')",
    "INSERT INTO change_record VALUES ('c-1', 'release', 1795523520000, '', '', '[]')",
    "INSERT INTO resource VALUES (1, 'component/ledger-db', 'disk')",
    "INSERT INTO allocation VALUES (1, 1795523520000, 'storage', 'By', 10.0, 5.0)",
)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed store with something in every table that is read."""
    path = tmp_path_factory.mktemp("whole") / "console.db"
    opened = open_store(str(path))
    build_bank(opened)
    with opened._database.writing() as connection:
        for statement in EXTRA:
            connection.execute(text(statement))
        opened._database.commit(connection)
    opened.close()
    return path


@pytest.fixture
def store(whole: Path, tmp_path: Path) -> Iterator[SqlStore]:
    """A copy of its own for each test."""
    path = tmp_path / "console.db"
    shutil.copy(whole, path)
    opened = open_store(str(path))
    yield opened
    opened.close()


def spoil(store: SqlStore, *statements: str) -> None:
    with store._database.writing() as connection:
        for statement in statements:
            connection.execute(text(statement))
        store._database.commit(connection)


def read_everything(store: SqlStore) -> None:
    """Everything that the console and the commands read from rows."""
    store.estate(NOON)
    store.entity_history(PAYHUB)
    store.relation_versions(NOON)
    relation = next(iter(store.estate(NOON).relations), None)
    store.relation_history(relation.key if relation else "")
    store.relations_around(PAYHUB)
    store.states_at(NOON)
    store.states_in(DAY)
    store.states_in(DAY, [PAYHUB])
    store.connections()
    store.health()
    store.reception(DAY)
    store.cursors(PUSH_SOURCE)
    found = store.find(SeriesQuery())
    store.envelope([1, *(info.id for info in found[:3])], DAY, 10)
    store.samples(1, DAY)
    store.events(EventQuery(DAY))
    store.changes(DAY)
    store.latest_checks(NOON)
    store.checks_in(PAYHUB, DAY)
    store.claimed_at(NOON)
    store.allocations_at(NOON)
    store.leases.lease()
    store.sizes()
    store.retention()
    store.summary()


def test_nothing_is_left_out_of_a_store_that_nobody_changed(store: SqlStore) -> None:
    read_everything(store)
    assert store.unreadable_rows() == ()
    assert store.check() == ()


@pytest.mark.parametrize(("change", "told"), SEEN_WHEN_READ.values(), ids=SEEN_WHEN_READ.keys())
def test_a_row_that_cannot_be_read_is_left_out_and_told_of(
    store: SqlStore, logs: ExpectedLogs, change: str, told: str
) -> None:
    spoil(store, change)
    logs.expect("quarterdeck.storage.unreadable_rows", "The row of .* cannot be read: ")
    read_everything(store)
    found = store.unreadable_rows()
    assert found
    assert all(told in sentence for sentence in found)
    assert set(found) <= set(store.check())


@pytest.mark.parametrize(("change", "told"), SEEN_BY_THE_CHECK_ALONE.values(), ids=SEEN_BY_THE_CHECK_ALONE.keys())
def test_the_check_finds_what_reading_passes_over(store: SqlStore, change: str, told: str) -> None:
    spoil(store, change)
    assert any(told in sentence for sentence in store.check())


def test_a_sentence_names_row_table_column_value_and_what_to_do(store: SqlStore, logs: ExpectedLogs) -> None:
    spoil(store, "UPDATE connection SET settings = 'none' WHERE id = 'push-exporter'")
    logs.expect("quarterdeck.storage.unreadable_rows", "push-exporter")
    store.connections()
    row = "The row of connection with id push-exporter, name Push provider cannot be read: settings is “none”."
    assert store.unreadable_rows() == (
        f"{row} Apply its document again or save it anew under Connectors, or bring back a copy of the store.",
    )


def test_the_rest_is_read_as_it_stands(store: SqlStore, logs: ExpectedLogs) -> None:
    before = {entity.key for entity in store.estate(NOON).entities}
    spoil(store, "UPDATE entity_version SET kind = 'bank' WHERE key = 'partner/payhub'")
    logs.expect("quarterdeck.storage.unreadable_rows", "partner/payhub")
    assert {entity.key for entity in store.estate(NOON).entities} == before - {PAYHUB}


def test_a_row_is_told_of_once_however_often_it_is_read(store: SqlStore, logs: ExpectedLogs) -> None:
    spoil(store, "UPDATE connection SET settings = 'none' WHERE id = 'push-exporter'")
    logs.expect("quarterdeck.storage.unreadable_rows", "push-exporter")
    store.connections()
    store.connections()
    assert len(store.unreadable_rows()) == 1


def test_of_very_many_rows_some_are_told(store: SqlStore, logs: ExpectedLogs) -> None:
    spoil(store, "UPDATE state_interval SET state = 'x'")
    logs.expect("quarterdeck.storage.unreadable_rows", "state_interval")
    assert store.states_in(DAY) == ()
    assert len(store.unreadable_rows()) == 50


def test_what_is_missing_where_it_must_stand_is_told(store: SqlStore, logs: ExpectedLogs) -> None:
    spoil(
        store,
        "CREATE TABLE other AS SELECT * FROM connection",
        "DROP TABLE connection",
        "ALTER TABLE other RENAME TO connection",
        "UPDATE connection SET name = NULL WHERE id = 'push-exporter'",
    )
    logs.expect("quarterdeck.storage.unreadable_rows", "name is missing")
    assert PUSH_SOURCE not in {connection.id for connection in store.connections()}


def test_bytes_that_are_no_text_are_refused_in_words_by_who_reads_them(store: SqlStore) -> None:
    spoil(store, "UPDATE entity_version SET name = CAST(x'ff41' AS TEXT) WHERE key = 'partner/payhub'")
    with pytest.raises(StoreDamaged, match="Run `quarterdeck store check`"):
        store.estate(NOON)
    assert store.check()
    with pytest.raises(StoreDamaged):
        store.estate(NOON)


def test_a_health_that_cannot_be_read_is_written_anew(store: SqlStore, logs: ExpectedLogs) -> None:
    health = store.health()[PUSH_SOURCE]
    spoil(store, "UPDATE connection_health SET state = 'x' WHERE connection_id = 'push-exporter'")
    logs.expect("quarterdeck.storage.unreadable_rows", "The collector writes it anew")
    assert PUSH_SOURCE not in store.health()
    store.writer.put_connection_health([health]).result(PATIENCE_SECONDS)
    assert store.health()[PUSH_SOURCE] == health
    assert store.check() == ()


def test_a_cursor_that_cannot_be_read_counts_as_none(store: SqlStore, logs: ExpectedLogs) -> None:
    spoil(store, "UPDATE poll_cursor SET last_good_ms = 'x'")
    logs.expect("quarterdeck.storage.unreadable_rows", "poll_cursor")
    assert store.cursors(PUSH_SOURCE) == Cursors()


@pytest.mark.parametrize(
    ("read", "told"),
    [
        (facts_from, "5"),
        (facts_from, '[["a"]]'),
        (settings_from, '[["a", null]]'),
        (settings_from, '[[1, "a"]]'),
        (names_from, "[1]"),
        (names_from, '{"a": 1}'),
        (expectations_from, '[{"meaning": "error_rate", "for_seconds": "long"}]'),
        (expectations_from, '[{"meaning": "error_rate", "statistic": 5}]'),
        (expectations_from, '[{"meaning": "error_rate", "colour": 5}]'),
        (expectations_from, "[1]"),
        (backfill_from, '["a", 1, 1, true]'),
    ],
    ids=lambda value: value if isinstance(value, str) else value.__name__,
)
def test_json_of_another_shape_is_not_taken(read: object, told: str) -> None:
    assert callable(read)
    with pytest.raises((ValueError, TypeError, AttributeError)):
        read(told)

"""What is particular to a store on a server: opening, refusing, migrating, and a server that goes and comes."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import create_engine, inspect
from sqlalchemy.exc import DBAPIError, ProgrammingError

from quarterdeck.domain.connections import Connection
from quarterdeck.domain.errors import OperatorError, StoreTooNew, StoreUnavailable
from quarterdeck.storage.migration import migrate
from quarterdeck.storage.opening import open_store
from quarterdeck.storage.revisions import SHIPPED
from quarterdeck.storage.store import SqlStore
from tests.storage.test_migration import BREAKING_OFF, NEXT, STEP, revisions_with
from tests.support.postgres_peer import PostgresServer, execute, postgres_server
from tests.support.stores import PATIENCE_SECONDS


def put(store: SqlStore, name: str) -> None:
    store.writer.put_connection(Connection(name, "http_probe", name)).result(PATIENCE_SECONDS)


def names(store: SqlStore) -> list[str]:
    return [connection.name for connection in store.connections()]


def schema(address: str) -> object:
    """Tables with their columns, keys and indexes."""
    engine = create_engine(address)
    with engine.connect() as connection:
        found = inspect(connection)
        described = {
            table: (
                [(column["name"], str(column["type"]), column["nullable"]) for column in found.get_columns(table)],
                found.get_pk_constraint(table)["constrained_columns"],
                sorted((key["name"] or "", key["column_names"]) for key in found.get_unique_constraints(table)),
                sorted((str(index["name"]), index["column_names"]) for index in found.get_indexes(table)),
                [key["referred_table"] for key in found.get_foreign_keys(table)],
            )
            for table in found.get_table_names()
        }
    engine.dispose()
    return described


def test_the_migrations_make_exactly_the_tables_that_a_new_store_has(server: PostgresServer) -> None:
    made, migrated = server.new_place(), server.new_place()
    open_store(made).close()
    engine = create_engine(migrated)
    with engine.begin() as connection:
        migrate(connection, SHIPPED)
    engine.dispose()
    assert schema(migrated) == schema(made)


def test_several_openers_at_once_make_one_store(server: PostgresServer) -> None:
    address = server.new_place()
    with ThreadPoolExecutor(4) as threads:
        stores = list(threads.map(lambda _: open_store(address), range(4)))
    for number, store in enumerate(stores):
        put(store, str(number))
    assert all(names(store) == ["0", "1", "2", "3"] for store in stores)
    for store in stores:
        store.close()


def test_a_newer_store_is_refused(server: PostgresServer) -> None:
    address = server.new_place()
    open_store(address).close()
    execute(address, "UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StoreTooNew, match="9999"):
        open_store(address)


def test_an_older_store_is_brought_up_to_date(server: PostgresServer, tmp_path: Path) -> None:
    address = server.new_place()
    open_store(address).close()
    later = revisions_with(tmp_path / "steps", STEP)
    with pytest.raises(StoreUnavailable, match="older version"):
        open_store(address, read_only=True, revisions=later)
    store = open_store(address, revisions=later)
    assert store.summary().revision == NEXT
    store.close()


def test_a_step_that_fails_leaves_the_store_as_it_was(server: PostgresServer, tmp_path: Path) -> None:
    address = server.new_place()
    open_store(address).close()
    before = schema(address)
    with pytest.raises(ProgrammingError):
        open_store(address, revisions=revisions_with(tmp_path / "steps", STEP + BREAKING_OFF))
    assert schema(address) == before


def test_a_store_opened_for_reading_is_read_and_makes_nothing(server: PostgresServer) -> None:
    address = server.new_place()
    with pytest.raises(StoreUnavailable, match="missing or of an older version"):
        open_store(address, read_only=True)
    open_store(address).close()
    store = open_store(address, read_only=True)
    assert names(store) == []
    with pytest.raises(StoreUnavailable, match="for reading only"):
        put(store, "x")
    store.close()


def test_a_connection_that_reads_cannot_write(store: SqlStore) -> None:
    with pytest.raises(StoreUnavailable, match="read-only"), store._database.reading() as connection:
        connection.exec_driver_sql("DELETE FROM series")


def test_two_processes_take_turns_writing(store: SqlStore, server: PostgresServer) -> None:
    other = open_store(store.summary().url)
    futures = [
        writer.put_connection(Connection(f"{name}{number}", "http_probe", "p"))
        for number in range(50)
        for name, writer in (("a", store.writer), ("b", other.writer))
    ]
    for future in futures:
        future.result(PATIENCE_SECONDS)
    assert len(names(store)) == len(names(other)) == 100
    other.close()


def test_a_server_that_is_not_there_is_told_without_the_password() -> None:
    with pytest.raises(StoreUnavailable) as refusal:
        open_store("postgresql+psycopg://user:s3cret@127.0.0.1:1/bank")
    assert "no connection" in refusal.value.message
    assert "s3cret" not in str(refusal.value)


def test_a_database_that_is_not_there_is_told(server: PostgresServer) -> None:
    with pytest.raises(StoreUnavailable, match="does not exist") as refusal:
        open_store(server.address(database="nowhere"))
    assert refusal.value.next_step


def test_a_sound_store_on_a_server_has_no_faults_and_a_size(store: SqlStore) -> None:
    put(store, "x")
    assert store.check() == ()
    assert store.summary().size_bytes > 100_000


@pytest.fixture
def moody_server() -> Iterator[PostgresServer]:
    """A server of this test's own, to be stopped."""
    with postgres_server() as started:
        yield started


@pytest.mark.slow
def test_a_server_that_goes_and_comes_back_is_taken_up_without_a_restart(moody_server: PostgresServer) -> None:
    store = open_store(moody_server.new_place())
    put(store, "first")
    assert names(store) == ["first"]
    moody_server.stop()
    with pytest.raises(StoreUnavailable):
        names(store)
    with pytest.raises(StoreUnavailable):
        put(store, "lost")
    moody_server.start()
    put(store, "second")
    assert names(store) == ["first", "second"]
    store.close()


def test_what_the_driver_says_of_wrong_statements_stays_a_fault_of_the_program(store: SqlStore) -> None:
    with pytest.raises(DBAPIError) as fault, store._database.reading() as connection:
        connection.exec_driver_sql("SELECT nothing FROM nowhere")
    assert not isinstance(fault.value, OperatorError)

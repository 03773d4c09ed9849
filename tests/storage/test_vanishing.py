"""The store pulled away under a running program: told in words, nothing written into a ghost, taken up again."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection as SqlConnection
from typing_extensions import override

from quarterdeck.domain.connections import Connection
from quarterdeck.domain.errors import OperatorError, StoreDamaged, StoreUnavailable
from quarterdeck.domain.series import SeriesIdentity
from quarterdeck.services.ports import SeriesQuery
from quarterdeck.storage.opening import open_store
from quarterdeck.storage.reserve import NoReserve
from quarterdeck.storage.sqlite_database import SqliteDatabase
from quarterdeck.storage.sqlite_file import StoreFile
from quarterdeck.storage.store import SqlStore
from tests.support.stores import PATIENCE_SECONDS, after, take_in_values

DISK = SeriesIdentity("component/host", "disk")
LOAD = SeriesIdentity("component/host", "load")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "store" / "console.db"


@pytest.fixture
def running(path: Path) -> Iterator[SqlStore]:
    """A store in use: something was written and read."""
    store = open_store(str(path))
    put(store, "first")
    assert names(store) == ["first"]
    yield store
    store.close()


def put(store: SqlStore, name: str) -> None:
    store.writer.put_connection(Connection(name, "http_probe", name)).result(PATIENCE_SECONDS)


def names(store: SqlStore) -> list[str]:
    return [connection.name for connection in store.connections()]


def told(action: Callable[[], object]) -> OperatorError:
    with pytest.raises(OperatorError) as fault:
        action()
    assert fault.value.next_step
    return fault.value


def move(path: Path, to: Path) -> None:
    """Move a store with all that lies beside it."""
    to.mkdir(exist_ok=True)
    for file in path.parent.iterdir():
        file.rename(to / file.name)


def test_reading_and_writing_a_store_that_was_deleted_is_refused_in_words(running: SqlStore, path: Path) -> None:
    shutil.rmtree(path.parent)
    assert isinstance(told(lambda: names(running)), StoreUnavailable)
    assert "not there any more" in told(lambda: put(running, "second")).message
    assert isinstance(told(lambda: running.leases.acquire("a", after(0), 15)), StoreUnavailable)
    assert not path.parent.exists()


def test_a_store_moved_away_and_back_goes_on_without_a_restart(running: SqlStore, path: Path, tmp_path: Path) -> None:
    move(path, tmp_path / "away")
    told(lambda: put(running, "lost"))
    move(tmp_path / "away" / path.name, path.parent)
    put(running, "second")
    assert names(running) == ["first", "second"]
    assert running.check() == ()


def test_a_folder_moved_away_and_back_goes_on_without_a_restart(running: SqlStore, path: Path, tmp_path: Path) -> None:
    path.parent.rename(tmp_path / "away")
    told(lambda: names(running))
    (tmp_path / "away").rename(path.parent)
    put(running, "second")
    assert names(running) == ["first", "second"]


def test_a_copy_put_in_the_stores_place_is_taken_up(running: SqlStore, path: Path, tmp_path: Path) -> None:
    copy = open_store(str(tmp_path / "copy.db"))
    put(copy, "copied")
    take_in_values(copy, after(0), {LOAD: 5.0})
    copy.close()
    take_in_values(running, after(0), {DISK: 1.0})
    assert running.find(SeriesQuery())[0].identity == DISK
    shutil.rmtree(path.parent)
    path.parent.mkdir()
    shutil.copy(tmp_path / "copy.db", path)
    assert names(running) == ["copied"]
    take_in_values(running, after(10), {LOAD: 6.0, DISK: 2.0})
    found = running.find(SeriesQuery())
    assert {(info.identity, info.last_value) for info in found} == {(LOAD, 6.0), (DISK, 2.0)}
    assert running.check() == ()


def test_a_new_store_in_the_stores_place_is_taken_up(running: SqlStore, path: Path) -> None:
    shutil.rmtree(path.parent)
    other = open_store(str(path))
    put(other, "other")
    put(running, "second")
    assert names(running) == names(other) == ["other", "second"]
    other.close()
    assert names(running) == ["other", "second"]


def test_a_foreign_file_in_the_stores_place_is_refused_and_left_as_it_is(running: SqlStore, path: Path) -> None:
    shutil.rmtree(path.parent)
    path.parent.mkdir()
    path.write_bytes(b"somebody else's")
    assert isinstance(told(lambda: names(running)), StoreDamaged)
    assert isinstance(told(lambda: put(running, "second")), StoreDamaged)
    assert path.read_bytes() == b"somebody else's"


def test_a_log_deleted_under_the_program_loses_nothing(running: SqlStore, path: Path) -> None:
    path.with_name("console.db-wal").unlink()
    put(running, "second")
    reading = open_store(str(path), read_only=True)
    assert names(reading) == names(running) == ["first", "second"]
    reading.close()
    assert running.check() == ()


class LosingDatabase(SqliteDatabase):
    """A database whose file goes away in the middle of a write."""

    def __init__(self, path: Path, lose: Callable[[], None], *, after_commit: bool) -> None:
        super().__init__(StoreFile.at(path), lambda: None, read_only=False)
        self._lose = lose
        self._after_commit = after_commit

    @override
    def commit(self, connection: SqlConnection) -> None:
        if self._after_commit:
            super().commit(connection)
            self._lose()
        else:
            self._lose()
            super().commit(connection)


@pytest.mark.parametrize("after_commit", [False, True])
def test_a_write_into_a_file_that_goes_away_meanwhile_is_never_acknowledged(path: Path, *, after_commit: bool) -> None:
    open_store(str(path)).close()
    database = LosingDatabase(path, lambda: shutil.rmtree(path.parent), after_commit=after_commit)
    store = SqlStore(database, NoReserve())
    assert isinstance(told(lambda: put(store, "lost")), StoreUnavailable)
    store.close()

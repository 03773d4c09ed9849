"""Reading a store where nothing can be written: a medium, a folder of somebody else, a backup."""

import os
import shutil
from collections.abc import Generator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from quarterdeck.domain.connections import Connection
from quarterdeck.domain.errors import StoreUnavailable
from quarterdeck.storage.opening import open_store
from quarterdeck.storage.store import SqlStore
from tests.support.stores import PATIENCE_SECONDS, fingerprints
from tests.support.users import as_ordinary_user


@pytest.fixture
def folder() -> Generator[Path]:
    """A folder that everybody can reach and read."""
    with TemporaryDirectory() as made:
        path = Path(made)
        path.chmod(0o755)
        yield path
        path.chmod(0o755)


@pytest.fixture
def kept(folder: Path) -> Path:
    """The file of a store with one connection, closed, in a folder where nothing can be written."""
    path = folder / "console.db"
    keep(path, "first")
    lock(folder)
    return path


def keep(path: Path, connection_id: str) -> None:
    """Store a connection and close the store."""
    store = open_store(str(path))
    put(store, connection_id)
    store.close()


def put(store: SqlStore, connection_id: str) -> None:
    store.writer.put_connection(Connection(connection_id, "this_machine", connection_id)).result(PATIENCE_SECONDS)


def lock(folder: Path) -> None:
    """Let everybody read, and nobody but root write."""
    for path in folder.iterdir():
        path.chmod(0o444)
    folder.chmod(0o555)


def unlock(folder: Path) -> None:
    folder.chmod(0o755)
    for path in folder.iterdir():
        path.chmod(0o644)


def left_open(folder: Path, *endings: str) -> Path:
    """A store as it is found after its program was killed, with some of the files beside it."""
    path = folder / "console.db"
    store = open_store(str(folder / "living.db"))
    put(store, "first")
    for ending in ("", *endings):
        shutil.copyfile(f"{folder / 'living.db'}{ending}", f"{path}{ending}")
    store.close()
    (folder / "living.db").unlink()
    lock(folder)
    return path


def connections(path: Path) -> list[str]:
    store = open_store(str(path), read_only=True)
    try:
        return [connection.id for connection in store.connections()]
    finally:
        store.close()


def refusal(path: Path) -> StoreUnavailable:
    with as_ordinary_user(), pytest.raises(StoreUnavailable) as told:
        open_store(str(path), read_only=True)
    return told.value


def test_a_closed_store_is_read_where_nothing_can_be_written(kept: Path) -> None:
    before = fingerprints(kept.parent)
    with as_ordinary_user():
        assert connections(kept) == ["first"]
    assert fingerprints(kept.parent) == before


def test_who_wants_to_write_there_is_told_at_once_and_nothing_is_touched(kept: Path) -> None:
    before = fingerprints(kept.parent)
    with as_ordinary_user(), pytest.raises(StoreUnavailable) as refused:
        open_store(str(kept))
    assert refused.value.message.startswith(f"The store {kept} may not be written: ")
    assert "copy it elsewhere" in refused.value.next_step
    assert fingerprints(kept.parent) == before


def test_a_file_that_may_not_be_written_in_an_open_folder_is_told_too(kept: Path) -> None:
    kept.parent.chmod(0o777)
    with as_ordinary_user(), pytest.raises(StoreUnavailable, match="may not be written"):
        open_store(str(kept))


def test_a_log_with_its_index_is_read_where_nothing_can_be_written(folder: Path) -> None:
    path = left_open(folder, "-wal", "-shm")
    with as_ordinary_user():
        assert connections(path) == ["first"]


def test_a_store_is_read_while_another_user_writes_it(folder: Path) -> None:
    path = folder / "console.db"
    living = open_store(str(path))
    put(living, "first")
    lock(folder)
    with as_ordinary_user():
        reader = open_store(str(path), read_only=True)
        before = [connection.id for connection in reader.connections()]
    put(living, "second")
    with as_ordinary_user():
        after = [connection.id for connection in reader.connections()]
        reader.close()
    living.close()
    assert (before, after) == (["first"], ["first", "second"])


def test_a_log_without_its_index_is_told_with_what_to_do(folder: Path) -> None:
    path = left_open(folder, "-wal")
    before = fingerprints(folder)
    fault = refusal(path)
    assert "was not closed; what console.db-wal holds cannot be read" in fault.message
    assert "copy both files" in fault.next_step
    assert fingerprints(folder) == before


def test_copied_with_its_log_such_a_store_is_read_whole(folder: Path, tmp_path: Path) -> None:
    left_open(folder, "-wal")
    for path in folder.iterdir():
        shutil.copyfile(path, tmp_path / path.name)
    assert connections(tmp_path / "console.db") == ["first"]


def test_read_once_by_who_may_write_its_folder_such_a_store_is_read_by_all(folder: Path) -> None:
    path = left_open(folder, "-wal")
    unlock(folder)
    connections(path)
    lock(folder)
    with as_ordinary_user():
        assert connections(path) == ["first"]


@pytest.mark.parametrize("closed", ["-wal", "-shm"])
def test_a_log_this_user_may_not_read_is_told(folder: Path, closed: str) -> None:
    path = left_open(folder, "-wal", "-shm")
    Path(f"{path}{closed}").chmod(0o000)
    fault = refusal(path)
    assert fault.message.startswith("The newest data of the store")
    assert f"{path}-wal" in fault.next_step


def test_what_is_written_and_closed_between_two_reads_is_seen(kept: Path) -> None:
    with as_ordinary_user():
        reader = open_store(str(kept), read_only=True)
        before = [connection.id for connection in reader.connections()]
    unlock(kept.parent)
    keep(kept, "second")
    lock(kept.parent)
    with as_ordinary_user():
        after = [connection.id for connection in reader.connections()]
        reader.close()
    assert (before, after) == (["first"], ["first", "second"])


def test_a_log_that_appears_unreadable_between_two_reads_is_told(kept: Path) -> None:
    with as_ordinary_user():
        reader = open_store(str(kept), read_only=True)
    unlock(kept.parent)
    Path(f"{kept}-wal").write_bytes(os.urandom(64))
    lock(kept.parent)
    with as_ordinary_user(), pytest.raises(StoreUnavailable, match="was not closed"):
        reader.connections()
    reader.close()

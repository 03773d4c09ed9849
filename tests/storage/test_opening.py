"""Opening a store: made privately, refused in words, and foreign files left exactly as they were."""

import os
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from quarterdeck.domain.errors import OperatorError, StoreDamaged, StoreUnavailable
from quarterdeck.services.ports import SeriesQuery
from quarterdeck.storage.opening import open_store
from quarterdeck.storage.sqlite_file import APPLICATION_ID
from quarterdeck.storage.store import SqlStore
from tests.support.stores import PATIENCE_SECONDS, fingerprints, mode
from tests.support.users import as_ordinary_user

IMPORTS = """
import sys
from quarterdeck.storage.opening import open_store
open_store(sys.argv[1]).close()
print(sorted(name for name in sys.modules if name in {"alembic", "sqlalchemy.orm", "psycopg", "PySide6"}))
"""


def refused(path: Path | str) -> OperatorError:
    with pytest.raises(OperatorError) as refusal:
        open_store(str(path))
    assert refusal.value.message.endswith(".")
    assert refusal.value.next_step.endswith(".")
    return refusal.value


@pytest.fixture
def made(tmp_path: Path) -> Path:
    """The file of a store that was made and closed."""
    path = tmp_path / "store" / "console.db"
    open_store(str(path)).close()
    return path


def write_something(store: SqlStore) -> None:
    store.writer.put_connection_health([]).result(PATIENCE_SECONDS)


def test_a_new_store_and_all_beside_it_are_for_its_owner_only(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "deeper"
    store = open_store(str(folder / "console.db"))
    write_something(store)
    beside = {path.name: mode(path) for path in folder.iterdir()}
    store.close()
    names = ["console.db", "console.db-shm", "console.db-wal", "console.db.reserve"]
    assert beside == dict.fromkeys(names, 0o600)
    assert mode(folder) == 0o700


def test_a_folder_that_was_there_keeps_its_mode(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    open_store(str(tmp_path / "console.db")).close()
    assert mode(tmp_path) == 0o755


def test_a_store_others_could_read_is_made_private(made: Path) -> None:
    made.chmod(0o644)
    open_store(str(made)).close()
    assert mode(made) == 0o600


def test_making_a_store_leaves_nothing_else_behind(made: Path) -> None:
    assert [path.name for path in made.parent.iterdir()] == ["console.db"]


def test_the_header_of_a_store_says_whose_it_is(made: Path) -> None:
    header = made.read_bytes()[:100]
    assert header.startswith(b"SQLite format 3\0")
    assert int.from_bytes(header[68:72]) == APPLICATION_ID


def test_every_connection_that_writes_waits_for_the_disk(made: Path) -> None:
    store = open_store(str(made))
    for _ in range(2):
        with store._database.writing() as connection:
            assert connection.execute(text("PRAGMA synchronous")).scalar() == 2
            assert connection.execute(text("PRAGMA journal_mode")).scalar() == "wal"
            assert connection.execute(text("PRAGMA foreign_keys")).scalar() == 1
        store._database._dispose()
    store.close()


def test_a_connection_that_reads_cannot_write(made: Path) -> None:
    store = open_store(str(made))
    with pytest.raises(StoreUnavailable, match="may not be written"), store._database.reading() as connection:
        connection.execute(text("DELETE FROM series"))
    store.close()


def test_a_store_that_was_set_back_to_another_journal_is_brought_to_its_log(made: Path) -> None:
    with closing(sqlite3.connect(made)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")
    store = open_store(str(made))
    write_something(store)
    with store._database.reading() as connection:
        assert connection.execute(text("PRAGMA journal_mode")).scalar() == "wal"
    store.close()


def test_several_openers_at_once_get_one_store(tmp_path: Path) -> None:
    url = str(tmp_path / "store" / "console.db")
    with ThreadPoolExecutor(6) as threads:
        stores = list(threads.map(lambda _: open_store(url), range(6)))
    inodes = {Path(store.summary().url).stat().st_ino for store in stores}
    for store in stores:
        write_something(store)
        store.close()
    assert len(inodes) == 1


@pytest.mark.parametrize("name", ["with space.db", "per%20cent.db", "question?mark#hash.db", "ümlaut.db", "no-ending"])
def test_any_file_name_will_do(tmp_path: Path, name: str) -> None:
    store = open_store(str(tmp_path / name))
    assert store.find(SeriesQuery()) == ()
    store.close()
    assert (tmp_path / name).is_file()


def test_an_address_and_a_path_name_the_same_store(made: Path) -> None:
    store = open_store(f"sqlite:///{made}")
    assert store.summary().url == str(made)
    store.close()


def test_a_link_to_a_store_opens_the_store(made: Path, tmp_path: Path) -> None:
    link = tmp_path / "link.db"
    link.symlink_to(made)
    store = open_store(str(link))
    assert store.summary().url == str(made)
    store.close()
    assert link.is_symlink()


@pytest.mark.parametrize("content", [b"", b"not a store", b"SQLite format 3\0", b"\0" * 5000])
def test_a_file_that_is_no_database_is_refused_and_left_as_it_was(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "console.db"
    path.write_bytes(content)
    assert isinstance(refused(path), StoreDamaged)
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == {"console.db": content}


def test_a_foreign_database_is_refused_without_following_what_lies_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "console.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE alembic_version (version_num TEXT)")
        connection.execute("INSERT INTO alembic_version VALUES ('0001')")
        connection.commit()
    (tmp_path / "console.db-journal").write_bytes(b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7" + b"\0" * 504)
    (tmp_path / "console.db-wal").write_bytes(b"\x37\x7f\x06\x82" + b"\0" * 60)
    before = fingerprints(tmp_path)
    assert "not made by this program" in refused(path).message
    assert fingerprints(tmp_path) == before


def test_a_journal_planted_beside_a_store_is_named_and_not_followed(made: Path) -> None:
    made.with_name("console.db-journal").write_bytes(b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7" + b"\0" * 504)
    before = fingerprints(made.parent)
    fault = refused(made)
    assert isinstance(fault, StoreDamaged)
    assert "console.db-journal" in fault.message
    assert fingerprints(made.parent) == before


def test_a_log_that_leads_elsewhere_is_not_followed(made: Path, tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_bytes(b"precious")
    made.with_name("console.db-wal").symlink_to(victim)
    assert isinstance(refused(made), StoreDamaged)
    assert victim.read_bytes() == b"precious"


def test_a_store_with_torn_pages_is_refused_and_left_as_it_was(made: Path) -> None:
    content = made.read_bytes()
    made.write_bytes(content[:100] + b"\xaa" * (len(content) - 100))
    before = fingerprints(made.parent)
    assert isinstance(refused(made), StoreDamaged)
    assert fingerprints(made.parent) == before


def test_a_store_that_lost_a_table_is_refused_and_left_as_it_was(made: Path) -> None:
    with closing(sqlite3.connect(made)) as connection:
        connection.execute("DROP TABLE entity_version")
    before = fingerprints(made.parent)
    fault = refused(made)
    assert isinstance(fault, StoreDamaged)
    assert "lacks its table entity_version" in fault.message
    assert fingerprints(made.parent) == before


def test_a_folder_is_refused(tmp_path: Path) -> None:
    fault = refused(tmp_path)
    assert isinstance(fault, StoreUnavailable)
    assert "is a folder" in fault.message


def test_a_pipe_is_refused_and_does_not_hang(tmp_path: Path) -> None:
    path = tmp_path / "console.db"
    os.mkfifo(path)
    assert isinstance(refused(path), StoreDamaged)


def test_a_file_where_a_folder_should_be_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    assert isinstance(refused(tmp_path / "file" / "console.db"), StoreUnavailable)


def test_a_store_this_user_may_not_reach_is_told(made: Path) -> None:
    made.parent.chmod(0o000)
    with as_ordinary_user():
        fault = refused(made)
    made.parent.chmod(0o700)
    assert isinstance(fault, StoreUnavailable)
    assert "Permission denied" in fault.message
    assert "give this user the right" in fault.next_step


def test_opening_for_reading_makes_nothing(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable, match="There is no store at"):
        open_store(str(tmp_path / "store" / "console.db"), read_only=True)
    assert list(tmp_path.iterdir()) == []


def test_a_store_opened_for_reading_is_read_and_refuses_to_be_written(made: Path) -> None:
    store = open_store(str(made), read_only=True)
    assert store.connections() == ()
    fault = store.writer.put_connection_health([]).exception(PATIENCE_SECONDS)
    store.close()
    assert isinstance(fault, StoreUnavailable)
    assert "for reading only" in fault.message


def test_opening_for_reading_changes_no_mode(made: Path) -> None:
    made.chmod(0o644)
    open_store(str(made), read_only=True).close()
    assert mode(made) == 0o644


def test_a_closed_store_says_so(made: Path) -> None:
    store = open_store(str(made))
    store.close()
    with pytest.raises(StoreUnavailable, match="is closed"):
        store.connections()


@pytest.mark.parametrize(
    "address",
    [
        "mysql://bank:s3cret@host/db",
        "postgresql://bank:s3cret@host:port/db",
        "postgresql://[::1",
        "sqlite://",
        "sqlite:///:memory:",
        "://s3cret",
    ],
)
def test_an_address_no_store_can_have_is_refused_without_repeating_a_password(address: str) -> None:
    assert "s3cret" not in str(refused(address))


@pytest.mark.slow
def test_opening_loads_neither_alembic_nor_the_orm_nor_a_server_driver(tmp_path: Path) -> None:
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-c", IMPORTS, str(tmp_path / "console.db")]
    result = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=60, check=True)
    assert result.stdout.strip() == "[]"

"""Revisions: a newer store is refused untouched, an older one is copied aside and brought up to date."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy.exc import OperationalError

from quarterdeck.domain.errors import StoreTooNew, StoreUnavailable
from quarterdeck.domain.series import SeriesIdentity
from quarterdeck.services.ports import SeriesQuery
from quarterdeck.storage.migration import migrate
from quarterdeck.storage.opening import open_store
from quarterdeck.storage.revisions import SHIPPED, Revisions
from quarterdeck.storage.sqlite_database import sqlite_engine
from tests.support.stores import NOON, fingerprints, mode, take_in_values

SERIES = SeriesIdentity("component/host", "disk")
NEXT = f"{int(SHIPPED.newest) + 1:04d}"
STEP = f'''
"""A step that only this test knows."""

import sqlalchemy as sa
from alembic import op

revision = "{NEXT}"
down_revision = "{SHIPPED.newest}"


def upgrade():
    op.add_column("series", sa.Column("remark", sa.Text(), nullable=False, server_default="moved on"))
'''
BREAKING_OFF = """    op.drop_table("nowhere")
"""


@pytest.fixture
def made(tmp_path: Path) -> Path:
    """The file of a store with one sample, of the newest revision."""
    path = tmp_path / "store" / "console.db"
    store = open_store(str(path))
    take_in_values(store, NOON, {SERIES: 0.5})
    store.close()
    return path


def revisions_with(folder: Path, step: str) -> Revisions:
    folder.mkdir(exist_ok=True)
    (folder / f"step_{NEXT}.py").write_text(step)
    return Revisions((*SHIPPED.known, NEXT), step_locations=(*SHIPPED.step_locations, folder))


@pytest.fixture
def later(tmp_path: Path) -> Revisions:
    """The revisions of a program that knows one step more."""
    return revisions_with(tmp_path / "steps", STEP)


def schema(path: Path) -> dict[str, str | None]:
    with closing(sqlite3.connect(path)) as connection:
        found = connection.execute("SELECT name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'")
        return {name: sql and " ".join(sql.split()) for name, sql in found}


def stored(path: Path) -> str:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute("SELECT version_num FROM alembic_version").fetchone()[0]


def set_revision(path: Path, revision: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = ?", (revision,))
        connection.commit()


def test_the_migrations_make_exactly_the_tables_that_a_new_store_has(made: Path, tmp_path: Path) -> None:
    migrated = tmp_path / "migrated.db"
    engine = sqlite_engine(partial(sqlite3.connect, migrated, isolation_level=None), begin="BEGIN", size=1)
    with engine.begin() as connection:
        migrate(connection, SHIPPED)
    engine.dispose()
    assert schema(migrated) == schema(made)
    assert stored(migrated) == stored(made) == SHIPPED.newest


def test_the_known_revisions_are_the_chain_of_shipped_steps() -> None:
    config = Config()
    config.set_main_option("script_location", str(SHIPPED.script_location))
    chain = [step.revision for step in ScriptDirectory.from_config(config).walk_revisions()]
    assert tuple(reversed(chain)) == SHIPPED.known


def test_a_newer_store_is_refused_in_words_and_not_one_byte_changes(made: Path) -> None:
    set_revision(made, "9999")
    before = fingerprints(made.parent)
    with pytest.raises(StoreTooNew) as refusal:
        open_store(str(made))
    assert "9999" in refusal.value.message
    assert "newer version" in refusal.value.next_step
    assert fingerprints(made.parent) == before


def test_a_newer_store_still_in_its_log_is_refused_and_log_and_file_stay_as_they_were(made: Path) -> None:
    with closing(sqlite3.connect(made)) as newer:
        newer.execute("UPDATE alembic_version SET version_num = '9999'")
        newer.commit()
        before = fingerprints(made.parent)
        with pytest.raises(StoreTooNew):
            open_store(str(made))
        after = fingerprints(made.parent)
        assert "console.db-wal" in before
        assert {name: after[name] for name in ("console.db", "console.db-wal")} == {
            name: before[name] for name in ("console.db", "console.db-wal")
        }


def test_an_older_store_is_copied_aside_and_brought_up_to_date(made: Path, later: Revisions) -> None:
    store = open_store(str(made), revisions=later)
    assert store.summary().revision == NEXT
    assert store.find(SeriesQuery())[0].last_value == 0.5
    store.close()
    with closing(sqlite3.connect(made)) as connection:
        assert connection.execute("SELECT remark FROM series").fetchall() == [("moved on",)]
    copy = made.with_name(f"console.before-{SHIPPED.newest}.db")
    assert mode(copy) == 0o600
    old = open_store(str(copy))
    assert old.find(SeriesQuery())[0].last_value == 0.5
    assert old.check() == ()
    old.close()


def test_nothing_but_the_copy_is_left_beside_a_migrated_store(made: Path, later: Revisions) -> None:
    open_store(str(made), revisions=later).close()
    names = {path.name for path in made.parent.iterdir()}
    assert names == {"console.db", "console.db.reserve", f"console.before-{SHIPPED.newest}.db"}


def test_a_step_that_fails_leaves_the_store_as_it_was(made: Path, tmp_path: Path) -> None:
    broken = revisions_with(tmp_path / "broken", STEP + BREAKING_OFF)
    before = schema(made)
    with pytest.raises(OperationalError, match="nowhere"):
        open_store(str(made), revisions=broken)
    assert schema(made) == before
    assert stored(made) == SHIPPED.newest


def test_two_that_migrate_at_once_do_it_once(made: Path, later: Revisions) -> None:
    with ThreadPoolExecutor(2) as threads:
        stores = list(threads.map(lambda _: open_store(str(made), revisions=later), range(2)))
    assert [store.summary().revision for store in stores] == [NEXT, NEXT]
    for store in stores:
        store.close()


def test_an_older_store_opened_for_reading_is_refused_and_left_alone(made: Path, later: Revisions) -> None:
    before = fingerprints(made.parent)
    with pytest.raises(StoreUnavailable, match="older version"):
        open_store(str(made), read_only=True, revisions=later)
    assert fingerprints(made.parent) == before


def test_a_store_that_cannot_be_copied_aside_is_not_migrated(made: Path, later: Revisions) -> None:
    made.with_name(f"console.before-{SHIPPED.newest}.db").mkdir()
    with pytest.raises(StoreUnavailable, match="could not be copied aside"):
        open_store(str(made), revisions=later)
    assert stored(made) == SHIPPED.newest

"""A store of the first revision, frozen as it was written then: what it held is read unchanged by this program."""

import sqlite3
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from quarterdeck.domain.instants import TimeRange
from quarterdeck.domain.series import SeriesIdentity
from quarterdeck.services.ports import SeriesQuery
from quarterdeck.storage.opening import open_store
from quarterdeck.storage.sqlite_file import APPLICATION_ID
from quarterdeck.storage.store import SqlStore
from tests.support.stores import after, take_in_values

FROZEN = Path(__file__).with_name("frozen") / "store_0001.sql"
CONSTANT = SeriesIdentity("component/host", "constant")
WAVE = SeriesIdentity("component/host", "wave")
HELD = TimeRange(after(0), after(601))


@pytest.fixture
def thawed(tmp_path: Path) -> Path:
    """The file of the frozen store."""
    path = tmp_path / "console.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA application_id={APPLICATION_ID}")
        connection.execute("PRAGMA journal_mode=WAL")
        connection.executescript(FROZEN.read_text(encoding="utf-8"))
    return path


def values(store: SqlStore, identity: SeriesIdentity) -> np.ndarray:
    number = next(info.id for info in store.find(SeriesQuery()) if info.identity == identity)
    return store.samples(number, HELD).values


def test_samples_of_the_first_revision_are_read_unchanged(thawed: Path) -> None:
    store = open_store(str(thawed))
    assert store.check() == ()
    assert np.array_equal(values(store, CONSTANT), [7.0] * 600 + [8.0])
    assert np.array_equal(values(store, WAVE), [*((np.arange(600) % 50) / 4), np.nan], equal_nan=True)
    assert store.summary().counts["samples"] == 1202
    store.close()


def test_instants_that_two_series_share_are_kept_once_after_the_step(thawed: Path) -> None:
    open_store(str(thawed)).close()
    with closing(sqlite3.connect(thawed)) as connection:
        assert connection.execute("SELECT uses FROM series_times").fetchall() == [(2,)]
        assert connection.execute("SELECT count(*) FROM series_latest WHERE unsummarised = 1").fetchone() == (2,)


def test_a_store_goes_on_taking_samples_in_after_the_step(thawed: Path) -> None:
    store = open_store(str(thawed))
    take_in_values(store, after(600), {CONSTANT: 9.0})
    assert values(store, CONSTANT)[-1] == 9.0
    store.close()

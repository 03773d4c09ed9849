"""A store of the sixth revision, frozen as it was written then: it takes anomalies, and keeps its samples."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from quarterdeck.domain.instants import TimeRange
from quarterdeck.services.ports import SeriesQuery
from quarterdeck.storage.opening import open_store
from quarterdeck.storage.sqlite_file import APPLICATION_ID
from tests.storage.test_anomalies import DAY, day_of
from tests.support.stores import PATIENCE_SECONDS, after

FROZEN = Path(__file__).with_name("frozen") / "store_0006.sql"


@pytest.fixture
def thawed(tmp_path: Path) -> Path:
    """The file of the frozen store."""
    path = tmp_path / "console.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA application_id={APPLICATION_ID}")
        connection.execute("PRAGMA journal_mode=WAL")
        connection.executescript(FROZEN.read_text(encoding="utf-8"))
    return path


def test_a_store_of_the_sixth_revision_keeps_its_samples_and_takes_anomalies(thawed: Path) -> None:
    with closing(open_store(str(thawed))) as store:
        (info,) = store.find(SeriesQuery())
        assert store.check() == ()
        assert list(store.samples(info.id, TimeRange(after(0), after(200))).values) == [0.1, 0.2, 0.30000000000000004]
        assert store.anomalies.days(DAY) == ()
        told = day_of(info.id)
        store.anomalies.replace([told]).result(PATIENCE_SECONDS)
        assert store.anomalies.days(DAY) == (told,)

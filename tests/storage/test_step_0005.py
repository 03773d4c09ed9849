"""A store of the fourth revision, frozen as it was written then: what it held is there, and nothing is planned yet."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from quarterdeck.domain.health import HealthState
from quarterdeck.domain.instants import TimeRange
from quarterdeck.storage.opening import open_store
from quarterdeck.storage.sqlite_file import APPLICATION_ID
from tests.support.stores import PATIENCE_SECONDS, after
from tests.unit.maintenance.windows import record, window

FROZEN = Path(__file__).with_name("frozen") / "store_0004.sql"


@pytest.fixture
def thawed(tmp_path: Path) -> Path:
    """The file of the frozen store."""
    path = tmp_path / "console.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA application_id={APPLICATION_ID}")
        connection.execute("PRAGMA journal_mode=WAL")
        connection.executescript(FROZEN.read_text(encoding="utf-8"))
    return path


def test_states_and_evidence_of_the_fourth_revision_are_read_unchanged(thawed: Path) -> None:
    store = open_store(str(thawed))
    assert store.check() == ()
    shown = store.states_in(TimeRange(after(0), after(100)), ["service/api"])
    assert [each.state for each in shown] == [HealthState.HEALTHY, HealthState.DOWN]
    assert [each.what for each in store.compliance.evidence()] == ["Certificate number 1."]
    store.close()


def test_a_store_takes_maintenance_after_the_step(thawed: Path) -> None:
    store = open_store(str(thawed))
    assert store.maintenance.records() == ()
    store.maintenance.add([record(window())]).result(PATIENCE_SECONDS)
    assert [each.window for each in store.maintenance.records()] == [window()]
    store.close()

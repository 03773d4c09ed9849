"""A store of the fifth revision, frozen as it was written then: what was observed counts as seen since then."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from quarterdeck.domain.estate import Entity, EntityKind
from quarterdeck.domain.objectives import Indicator, IndicatorKind, Objective, Window, WindowUnit
from quarterdeck.domain.sightings import Sighting
from quarterdeck.services.ports import EstateChange
from quarterdeck.storage.opening import open_store
from quarterdeck.storage.sqlite_file import APPLICATION_ID
from tests.support.stores import PATIENCE_SECONDS, after

FROZEN = Path(__file__).with_name("frozen") / "store_0005.sql"


@pytest.fixture
def thawed(tmp_path: Path) -> Path:
    """The file of the frozen store."""
    path = tmp_path / "console.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA application_id={APPLICATION_ID}")
        connection.execute("PRAGMA journal_mode=WAL")
        connection.executescript(FROZEN.read_text(encoding="utf-8"))
    return path


def test_entities_of_the_fifth_revision_keep_their_versions_and_take_objectives(thawed: Path) -> None:
    store = open_store(str(thawed))
    assert store.check() == ()
    assert [each.entity.tier for each in store.entity_history("service/api")] == [1, 2]
    window, indicator = Window(28, WindowUnit.DAY), Indicator(IndicatorKind.RATIO, good="a", total="b")
    promised = Entity("service/api", EntityKind.SERVICE, "API", objectives=(Objective("up", 0.99, window, indicator),))
    store.writer.change_estate(EstateChange(after(120), "doc", put_entities=(promised,))).result(PATIENCE_SECONDS)
    assert store.estate(after(121)).entity("service/api") == promised
    store.close()


def test_what_was_observed_before_the_step_counts_as_seen_since_then(thawed: Path) -> None:
    store = open_store(str(thawed))
    assert store.sightings(after(90)) == tuple(
        Sighting("probe", key, after(90), None, after(90))
        for key in ("", "component/cache", "service_component:service/api>component/cache")
    )
    assert store.sightings(after(89)) == ()
    store.close()

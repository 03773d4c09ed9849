"""A store of the second revision, frozen as it was written then: its states and entities are read unchanged."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from quarterdeck.domain.estate import Entity, EntityKind
from quarterdeck.domain.health import HealthState
from quarterdeck.domain.health_rules import HealthRule, RuleKind
from quarterdeck.domain.instants import TimeRange
from quarterdeck.services.ports import EstateChange
from quarterdeck.storage.opening import open_store
from quarterdeck.storage.sqlite_file import APPLICATION_ID
from tests.support.stores import PATIENCE_SECONDS, after

FROZEN = Path(__file__).with_name("frozen") / "store_0002.sql"
HELD = TimeRange(after(0), after(100))


@pytest.fixture
def thawed(tmp_path: Path) -> Path:
    """The file of the frozen store."""
    path = tmp_path / "console.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA application_id={APPLICATION_ID}")
        connection.execute("PRAGMA journal_mode=WAL")
        connection.executescript(FROZEN.read_text(encoding="utf-8"))
    return path


def test_states_of_the_second_revision_are_shown_unchanged(thawed: Path) -> None:
    store = open_store(str(thawed))
    assert store.check() == ()
    shown = store.states_in(HELD)
    assert [(each.entity_key, each.state, each.from_at, each.to_at) for each in shown] == [
        ("component/db", HealthState.HEALTHY, after(0), None),
        ("service/api", HealthState.HEALTHY, after(0), after(50)),
        ("service/api", HealthState.DOWN, after(50), None),
    ]
    assert shown[-1].reason == "p95 response time 9.0 s, above 5.0 s"
    store.close()


def test_what_was_shown_before_the_step_counts_as_what_own_signals_said(thawed: Path) -> None:
    store = open_store(str(thawed))
    assert store.own_states_in(HELD) == store.states_in(HELD)
    store.close()


def test_entities_keep_their_versions_over_the_step_and_take_rules_after_it(thawed: Path) -> None:
    store = open_store(str(thawed))
    api = store.estate(after(30)).entity("service/api")
    assert api is not None
    assert (api.name, api.freshness_seconds, api.rules) == ("API", 90.0, ())
    assert len(store.entity_history("service/api")) == 2
    rule = HealthRule(RuleKind.WEIGHTED, ("component/db",), weights=(("component/db", 2.0),))
    ruled = Entity("service/api", EntityKind.SERVICE, "The API", rules=(rule,))
    store.writer.change_estate(EstateChange(after(120), "test", put_entities=(ruled,))).result(PATIENCE_SECONDS)
    assert store.estate(after(120)).entity("service/api") == ruled
    store.close()

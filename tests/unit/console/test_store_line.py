"""The store's own line of what needs attention: its room ends within a week."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from quarterdeck.domain.health import HealthState
from quarterdeck.services.attention import STORE_NAME, AttentionAction, AttentionItem
from quarterdeck.services.overview import OverviewReader
from quarterdeck.services.store_growth import RetentionPolicy
from quarterdeck.storage.opening import open_store
from quarterdeck.storage.reserve import NoReserve
from quarterdeck.storage.store import SqlStore
from tests.storage.test_series import NoChore
from tests.support.stores import PATIENCE_SECONDS
from tests.unit.console.test_readers import LIVE, NOON, PAST


@pytest.fixture
def full(tmp_path: Path) -> Iterator[SqlStore]:
    """A store that is larger than it may be, and is not thinned."""
    opened = SqlStore(open_store(str(tmp_path / "full.db"))._database, NoReserve(), NoChore())
    opened.housekeeping.set_retention(RetentionPolicy(limit_bytes=1000)).result(PATIENCE_SECONDS)
    opened.leases.acquire("test", NOON, 11.0)
    yield opened
    opened.close()


def line_of_store(found: tuple[AttentionItem, ...]) -> AttentionItem | None:
    return next((item for item in found if item.name == STORE_NAME), None)


def test_a_store_at_its_limit_needs_attention_and_leads_nowhere(full: SqlStore) -> None:
    reader = OverviewReader(full)
    line = line_of_store(reader.overview(LIVE).attention)
    assert line is not None
    assert line.sentence.startswith("At its limit of 1000 B")
    assert (line.state, line.action, line.entity_key) == (HealthState.DEGRADED, AttentionAction.NONE, "")
    assert line_of_store(reader.attention(LIVE)) == line


def test_the_past_is_not_told_what_the_store_needs_now(full: SqlStore) -> None:
    assert line_of_store(OverviewReader(full).attention(PAST)) is None


def test_a_store_with_room_has_no_line(bank: SqlStore) -> None:
    assert line_of_store(OverviewReader(bank).overview(LIVE).attention) is None

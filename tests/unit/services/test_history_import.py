"""A file of text becomes series of one entity, once however often it is taken in."""

from pathlib import Path

import pytest

from quarterdeck.composition import SystemClock
from quarterdeck.domain.errors import OperatorError
from quarterdeck.domain.estate import Entity, EntityKind
from quarterdeck.domain.instants import TimeRange, from_ms
from quarterdeck.services.history_import import HistoryImport, ImportedHistory
from quarterdeck.services.ports import EstateChange, SeriesQuery
from quarterdeck.storage.store import SqlStore
from tests.support.stores import PATIENCE_SECONDS

BEGIN = 1_700_000_000
COUNT = 600
WHOLE = TimeRange(from_ms(BEGIN * 1000), from_ms((BEGIN + COUNT) * 1000))


@pytest.fixture(autouse=True)
def host(store: SqlStore) -> None:
    """The entity whose series they are."""
    entities = (Entity("component/host", EntityKind.COMPONENT, "host"),)
    store.writer.change_estate(EstateChange(SystemClock().now(), "test", put_entities=entities)).result(
        PATIENCE_SECONDS
    )


@pytest.fixture
def page(tmp_path: Path) -> Path:
    lines = [f'load{{cpu="{cpu}"}} {cpu}.{at % 10} {BEGIN + at}\n' for cpu in range(3) for at in range(COUNT)]
    path = tmp_path / "history.om"
    path.write_text("# TYPE load gauge\n" + "".join(lines) + "nonsense\n# EOF\n", encoding="ascii")
    return path


def test_every_sample_of_a_file_is_in_the_store_after(store: SqlStore, page: Path) -> None:
    found = HistoryImport(store, SystemClock(), block_bytes=5000).take(page, "component/host")
    assert found == ImportedHistory(3 * COUNT, 3, 1)
    series = store.find(SeriesQuery(entity_keys=("component/host",)))
    assert [one.identity.name for one in series] == ["load"] * 3
    assert [len(store.samples(one.id, WHOLE).values) for one in series] == [COUNT] * 3


def test_taking_a_file_in_again_changes_nothing(store: SqlStore, page: Path) -> None:
    importing = HistoryImport(store, SystemClock())
    importing.take(page, "component/host")
    assert importing.take(page, "component/host") == ImportedHistory(3 * COUNT, 0, 1)
    assert [len(store.samples(number, WHOLE).values) for number in (1, 2, 3)] == [COUNT] * 3


def test_a_file_that_cannot_be_read_is_told_of(store: SqlStore, tmp_path: Path) -> None:
    importing = HistoryImport(store, SystemClock(), block_bytes=100)
    with pytest.raises(OperatorError, match="cannot be read"):
        importing.take(tmp_path / "nowhere.om", "component/host")
    (tmp_path / "one-line.om").write_text("x" * 1000, encoding="ascii")
    with pytest.raises(OperatorError, match="no text of samples"):
        importing.take(tmp_path / "one-line.om", "component/host")


def test_a_history_of_nothing_that_exists_is_refused_before_it_is_read(store: SqlStore, tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match="There is no service/nobody in the estate") as refused:
        HistoryImport(store, SystemClock()).take(tmp_path / "nowhere.om", "service/nobody")
    assert "apply that first" in refused.value.next_step


@pytest.mark.parametrize("text", ["", "not a metric {{{\n", "load 5\n"])
def test_a_file_without_a_sample_is_refused(store: SqlStore, tmp_path: Path, text: str) -> None:
    (tmp_path / "empty.om").write_text(text, encoding="ascii")
    with pytest.raises(OperatorError, match="holds no sample with an instant"):
        HistoryImport(store, SystemClock()).take(tmp_path / "empty.om", "component/host")

"""A file of text becomes series of one entity, once however often it is taken in."""

from pathlib import Path

import pytest

from quarterdeck.composition import SystemClock
from quarterdeck.domain.errors import OperatorError
from quarterdeck.domain.instants import TimeRange, from_ms
from quarterdeck.services.history_import import HistoryImport, ImportedHistory
from quarterdeck.services.ports import SeriesQuery
from quarterdeck.storage.store import SqlStore

BEGIN = 1_700_000_000
COUNT = 600
WHOLE = TimeRange(from_ms(BEGIN * 1000), from_ms((BEGIN + COUNT) * 1000))


@pytest.fixture
def page(tmp_path: Path) -> Path:
    lines = [f'load{{cpu="{cpu}"}} {cpu}.{at % 10} {BEGIN + at}\n' for cpu in range(3) for at in range(COUNT)]
    path = tmp_path / "history.om"
    path.write_text("# TYPE load gauge\n" + "".join(lines) + "nonsense\n# EOF\n", encoding="ascii")
    return path


def test_every_sample_of_a_file_is_in_the_store_after(store: SqlStore, page: Path) -> None:
    found = HistoryImport(store.writer, SystemClock(), block_bytes=5000).take(page, "component/host")
    assert found == ImportedHistory(3 * COUNT, 3, 1)
    series = store.find(SeriesQuery(entity_keys=("component/host",)))
    assert [one.identity.name for one in series] == ["load"] * 3
    assert [len(store.samples(one.id, WHOLE).values) for one in series] == [COUNT] * 3


def test_taking_a_file_in_again_changes_nothing(store: SqlStore, page: Path) -> None:
    importing = HistoryImport(store.writer, SystemClock())
    importing.take(page, "component/host")
    assert importing.take(page, "component/host").new_series == 0
    assert [len(store.samples(number, WHOLE).values) for number in (1, 2, 3)] == [COUNT] * 3


def test_a_file_that_cannot_be_read_is_told_of(store: SqlStore, tmp_path: Path) -> None:
    importing = HistoryImport(store.writer, SystemClock(), block_bytes=100)
    with pytest.raises(OperatorError, match="cannot be read"):
        importing.take(tmp_path / "nowhere.om", "component/host")
    (tmp_path / "one-line.om").write_text("x" * 1000, encoding="ascii")
    with pytest.raises(OperatorError, match="no text of samples"):
        importing.take(tmp_path / "one-line.om", "component/host")

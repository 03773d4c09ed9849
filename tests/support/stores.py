"""Real stores for tests: a file in the test's own folder, closed at its end. Import ``store`` in a ``conftest.py``."""

import hashlib
import stat
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from quarterdeck.domain.series import SeriesIdentity
from quarterdeck.sdk.records import Batch, Samples
from quarterdeck.services.ports import Cursors, Ingest, IngestReceipt
from quarterdeck.storage.opening import open_store
from quarterdeck.storage.store import SqlStore

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
PATIENCE_SECONDS = 20.0


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    """An empty store."""
    opened = open_store(str(tmp_path / "store" / "console.db"))
    yield opened
    opened.close()


def after(seconds: float) -> datetime:
    """The instant so many seconds after the tests' noon."""
    return NOON + timedelta(seconds=seconds)


def take_in(
    store: SqlStore, batch: Batch, *, connection_id: str = "probe", received_at: datetime = NOON
) -> IngestReceipt:
    """Ingest a batch and wait until it is durable."""
    return store.writer.ingest(Ingest(connection_id, batch, received_at, Cursors())).result(PATIENCE_SECONDS)


def take_in_values(store: SqlStore, at: datetime, values: Mapping[SeriesIdentity, float]) -> IngestReceipt:
    """Ingest one sample of each series."""
    return take_in(store, Batch(samples=Samples.at(at, values)), received_at=at)


def mode(path: Path) -> int:
    """Who may do what with a file."""
    return stat.S_IMODE(path.stat().st_mode)


def fingerprints(folder: Path) -> dict[str, str]:
    """What every ordinary file of a folder contains."""
    files = sorted(path for path in folder.iterdir() if path.is_file())
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}

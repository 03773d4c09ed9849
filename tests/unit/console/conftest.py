"""A real store, and the pictured bank in one."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from quarterdeck.storage.opening import open_store
from quarterdeck.storage.store import SqlStore
from tests.support.pictured_bank import build_bank
from tests.support.stores import store

__all__ = ["bank", "store"]


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqlStore]:
    """A store with the whole bank; only read from it."""
    folder: Path = tmp_path_factory.mktemp("bank")
    opened: SqlStore = open_store(str(folder / "console.db"))
    build_bank(opened)
    yield opened
    opened.close()

"""Housekeeping that fails disturbs no write, is tried again after the next one, and is told once."""

from collections.abc import Iterator
from pathlib import Path
from threading import Event

import pytest
from sqlalchemy import Connection, insert
from typing_extensions import override

from quarterdeck.storage.group_commit import Chore
from quarterdeck.storage.opening import open_store
from quarterdeck.storage.reserve import NoReserve
from quarterdeck.storage.store import SqlStore
from quarterdeck.storage.tables import probe
from quarterdeck.storage.transaction import WriteTransaction
from tests.support.guards.logs import ExpectedLogs
from tests.support.stores import PATIENCE_SECONDS


class BrokenChore(Chore):
    """Always due; leaves something behind in the transaction and fails."""

    def __init__(self) -> None:
        self.tries = 0
        self.tried_again = Event()

    @override
    def is_due(self, connection: Connection) -> bool:
        return True

    @override
    def work(self, transaction: WriteTransaction) -> None:
        transaction.connection.execute(insert(probe), {"entity_key": "half", "name": "done"})
        self.tries += 1
        if self.tries > 1:
            self.tried_again.set()
        raise LookupError("a stone in the way")


@pytest.fixture
def chore() -> BrokenChore:
    return BrokenChore()


@pytest.fixture
def store(tmp_path: Path, chore: BrokenChore) -> Iterator[SqlStore]:
    opened = SqlStore(open_store(str(tmp_path / "broken.db"))._database, NoReserve(), chore)
    yield opened
    opened.close()


def test_a_failing_chore_is_told_once_and_disturbs_no_write(
    store: SqlStore, chore: BrokenChore, logs: ExpectedLogs
) -> None:
    logs.expect("quarterdeck.storage.group_commit", "Housekeeping in the store failed")
    while not chore.tried_again.wait(0.2):
        store.writer.put_connection_health([]).result(PATIENCE_SECONDS)
    with store._database.reading() as connection:
        assert connection.execute(probe.select()).fetchall() == []

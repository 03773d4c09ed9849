"""One server for all tests here, and a new database of it for each."""

from collections.abc import Iterator

import pytest

from quarterdeck.storage.opening import open_store
from quarterdeck.storage.store import SqlStore
from tests.support.postgres_peer import PostgresServer, postgres_server


@pytest.fixture(scope="session")
def server() -> Iterator[PostgresServer]:
    with postgres_server() as started:
        yield started


@pytest.fixture
def store(server: PostgresServer) -> Iterator[SqlStore]:
    """An empty store on the server."""
    opened = open_store(server.new_place())
    yield opened
    opened.close()

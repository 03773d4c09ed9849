"""What the engines' errors mean to a person."""

import sqlite3

import pytest
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from quarterdeck.domain.errors import OperatorError, StoreDamaged, StoreUnavailable
from quarterdeck.storage.faults import DiskFull, in_words, translated


class ServerError(Exception):
    """An error as the driver of a server raises it."""

    def __init__(self, sqlstate: str | None) -> None:
        super().__init__("the server's own\n\twords.\n")
        self.sqlstate = sqlstate


class OperationalError(ServerError):
    """A driver's error before the server gave it a number: no connection."""


def of_sqlite(code: int) -> DBAPIError:
    original = sqlite3.OperationalError("the engine's own words")
    original.sqlite_errorcode = code
    return DBAPIError("SELECT 1", {}, original)


def of_server(original: ServerError) -> DBAPIError:
    return DBAPIError("SELECT 1", {}, original)


@pytest.mark.parametrize(
    ("code", "meaning", "words"),
    [
        (sqlite3.SQLITE_FULL, DiskFull, "is full"),
        (sqlite3.SQLITE_BUSY, StoreUnavailable, "locked by another program"),
        (sqlite3.SQLITE_BUSY_SNAPSHOT, StoreUnavailable, "locked by another program"),
        (sqlite3.SQLITE_CORRUPT, StoreDamaged, "is damaged"),
        (sqlite3.SQLITE_NOTADB, StoreDamaged, "is damaged"),
        (sqlite3.SQLITE_READONLY_DBMOVED, StoreUnavailable, "may not be written"),
        (sqlite3.SQLITE_CANTOPEN, StoreUnavailable, "cannot be read or written"),
        (sqlite3.SQLITE_IOERR_FSYNC, StoreUnavailable, "cannot be read or written"),
    ],
)
def test_an_error_of_a_file_is_a_sentence_with_a_next_step(code: int, meaning: type[OperatorError], words: str) -> None:
    told = translated(of_sqlite(code), "/data/console.db")
    assert isinstance(told, meaning)
    assert words in told.message
    assert "/data/console.db" in told.message
    assert told.next_step.endswith(".")


@pytest.mark.parametrize(
    ("original", "meaning", "words"),
    [
        (ServerError("53100"), DiskFull, "is full"),
        (ServerError("28P01"), StoreUnavailable, "refuses"),
        (ServerError("55P03"), StoreUnavailable, "cannot do this just now"),
        (ServerError("57P01"), StoreUnavailable, "cannot do this just now"),
        (OperationalError(None), StoreUnavailable, "no connection"),
    ],
)
def test_an_error_of_a_server_is_a_sentence_with_a_next_step(
    original: ServerError, meaning: type[OperatorError], words: str
) -> None:
    told = translated(of_server(original), "postgresql://host/bank")
    assert isinstance(told, meaning)
    assert words in told.message
    assert "\n" not in str(told)
    assert told.next_step.endswith(".")


@pytest.mark.parametrize(
    "fault",
    [of_sqlite(sqlite3.SQLITE_ERROR), of_sqlite(sqlite3.SQLITE_CONSTRAINT), of_server(ServerError("42P01"))],
)
def test_a_fault_of_the_program_stays_what_it_is(fault: DBAPIError) -> None:
    assert translated(fault, "store") is None
    with pytest.raises(DBAPIError), in_words("store"):
        raise fault


def test_an_integrity_error_is_the_programs_own_fault() -> None:
    fault = IntegrityError("INSERT", {}, sqlite3.IntegrityError("UNIQUE constraint failed"))
    with pytest.raises(IntegrityError), in_words("store"):
        raise fault


def test_more_readers_than_connections_are_told_to_wait() -> None:
    with pytest.raises(StoreUnavailable, match="is busy"), in_words("store"):
        raise PoolTimeout

"""What the engine's errors mean to a person: one sentence and one next step each."""

from __future__ import annotations

import sqlite3
from collections.abc import Generator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from quarterdeck.domain.errors import OperatorError, StoreDamaged, StoreUnavailable
from quarterdeck.sdk.texts import one_line

_PRIMARY_CODE = 0xFF
_NO_TEXT = "Could not decode to UTF-8"


class DiskFull(StoreUnavailable):
    """There is no room left where the store lies."""


def disk_full(shown: str) -> DiskFull:
    """The disk under the store is full."""
    return DiskFull(f"The disk that holds the store {shown} is full.", "Free some space; writing goes on by itself.")


def gone(shown: str) -> StoreUnavailable:
    """The store is not where it was."""
    return StoreUnavailable(
        f"The store {shown} is not there any more.",
        "Bring it back or mount its disk again; the program goes on by itself.",
    )


def not_writable(shown: str) -> StoreUnavailable:
    """Nothing can be written where the store lies."""
    return StoreUnavailable(
        f"The store {shown} may not be written: this user lacks the right, or the medium is for reading only.",
        "Give this user the right to write it and its folder, or copy it elsewhere and name the copy with --store.",
    )


def closed(shown: str) -> StoreUnavailable:
    """The store was closed by this process."""
    return StoreUnavailable(f"The store {shown} is closed.", "Start the program again.")


def translated(fault: DBAPIError, shown: str) -> OperatorError | None:
    """What an engine's error means; None for one that is the program's own fault."""
    if isinstance(fault.orig, sqlite3.Error):
        return _of_sqlite(fault.orig, shown)
    return _of_server(fault, shown)


@contextmanager
def in_words(shown: str) -> Generator[None]:
    """Inside, the engine's errors become errors in words; the program's own faults stay what they are."""
    try:
        yield
    except DBAPIError as fault:
        meaning = translated(fault, shown)
        if meaning is None:
            raise
        raise meaning from fault
    except PoolTimeout as fault:
        message = f"The store {shown} is busy: all its connections are in use."
        raise StoreUnavailable(message, "Wait a moment and try again.") from fault


def _of_sqlite(fault: sqlite3.Error, shown: str) -> OperatorError | None:
    code = getattr(fault, "sqlite_errorcode", None)
    primary = None if code is None else code & _PRIMARY_CODE
    if primary == sqlite3.SQLITE_FULL:
        return disk_full(shown)
    if primary in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
        return StoreUnavailable(
            f"The store {shown} is locked by another program.", "End the program that holds it, then try again."
        )
    if primary in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB} or str(fault).startswith(_NO_TEXT):
        return StoreDamaged(
            f"The store {shown} is damaged: {fault}.",
            "Run `quarterdeck store check`, and bring back a copy if it finds faults.",
        )
    if primary in {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH}:
        return not_writable(shown)
    if primary in {sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_NOLFS}:
        return StoreUnavailable(
            f"The store {shown} cannot be read or written: {fault}.",
            "Check that its disk is mounted and healthy and that this user may use its folder.",
        )
    return None


def _said(fault: DBAPIError) -> str:
    """What a server said, as the end of a sentence."""
    return one_line(fault.orig).rstrip(".")


def _of_server(fault: DBAPIError, shown: str) -> OperatorError | None:
    state = getattr(fault.orig, "sqlstate", None) or ""
    if state == "53100":
        return disk_full(shown)
    if state in {"28000", "28P01", "3D000", "42501"}:
        return StoreUnavailable(
            f"The server of the store {shown} refuses: {_said(fault)}.",
            "Check the name of the database, the user and the password.",
        )
    if state in {"25006", "55P03", "57014", "40001", "40P01"} or state[:2] in {"08", "53", "57", "58"}:
        return StoreUnavailable(
            f"The server of the store {shown} cannot do this just now: {_said(fault)}.",
            "Look at the server and try again.",
        )
    if fault.connection_invalidated or (
        not state and type(fault.orig).__name__ in {"OperationalError", "InterfaceError"}
    ):
        return StoreUnavailable(
            f"There is no connection to the store {shown}: {_said(fault)}.",
            "Check that it runs and that the address is right; the program goes on by itself.",
        )
    return None

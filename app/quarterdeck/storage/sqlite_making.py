"""Making a new store file, and migrating an old one."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from functools import partial
from pathlib import Path

from quarterdeck.storage.faults import in_words
from quarterdeck.storage.migration import copy_aside, migrate
from quarterdeck.storage.revisions import Revisions, make_tables, stored_revision
from quarterdeck.storage.sqlite_database import connect_to_read, connect_to_write, set_up, sqlite_engine
from quarterdeck.storage.sqlite_file import APPLICATION_ID, StoreFile


def build_store(path: Path, *, shown: str) -> None:
    """Make an empty store in a file; the header tells what it is before it has a log beside it.

    Faults are told of `shown`, the place it will be put in.
    """
    engine = sqlite_engine(partial(_connect_to_build, path), begin="BEGIN IMMEDIATE", size=1)
    try:
        with in_words(shown), engine.begin() as connection:
            make_tables(connection)
    finally:
        engine.dispose()
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")


def migrate_store(file: StoreFile, revisions: Revisions) -> None:
    """Bring a store up to date, copied aside first; a second process waits and finds it done."""
    shown = str(file.path)
    engine = sqlite_engine(partial(connect_to_write, file.path), begin="BEGIN IMMEDIATE", size=1)
    try:
        with in_words(shown), engine.begin() as connection:
            stored = stored_revision(connection)
            if stored is None or revisions.is_current(stored, shown):
                return
            with closing(connect_to_read(file.path)) as source:
                copy_aside(source, file.path, stored)
            migrate(connection, revisions)
    finally:
        engine.dispose()


def _connect_to_build(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    return set_up(connection, ("auto_vacuum=INCREMENTAL", f"application_id={APPLICATION_ID}", "synchronous=FULL"))

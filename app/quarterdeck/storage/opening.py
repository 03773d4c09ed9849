"""Opening a store by its address: made when it is missing, refused when it is not ours, migrated when it is old."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from functools import partial
from pathlib import Path

from sqlalchemy import make_url
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError

from quarterdeck.domain.errors import OperatorError, StoreDamaged, StoreUnavailable
from quarterdeck.storage.faults import not_writable
from quarterdeck.storage.reserve import FileReserve
from quarterdeck.storage.revisions import SHIPPED, Revisions
from quarterdeck.storage.sqlite_database import SqliteDatabase, connect_to_look
from quarterdeck.storage.sqlite_file import StoreFile, takes_changes
from quarterdeck.storage.sqlite_making import build_store, migrate_store
from quarterdeck.storage.store import SqlStore
from quarterdeck.storage.table_columns import metadata


def open_store(url: str, *, read_only: bool = False, revisions: Revisions = SHIPPED) -> SqlStore:
    """The store at an address: a path, `sqlite:///path` or `postgresql+psycopg://…`.

    A missing one is made and an older one migrated, unless it is opened for reading only. Raises StoreTooNew,
    StoreDamaged or StoreUnavailable; then nothing was changed.
    """
    address = _address(url)
    if address.drivername.startswith("postgresql"):
        from quarterdeck.storage.postgres_database import open_server

        return open_server(address, read_only=read_only, revisions=revisions)
    return _open_file(StoreFile.at(Path(address.database or "")), read_only=read_only, revisions=revisions)


def _address(url: str) -> URL:
    if "://" not in url:
        return URL.create("sqlite", database=str(Path(url).expanduser()))
    hint = "Give a path, sqlite:///path or postgresql+psycopg://user@host/database."
    try:
        address = make_url(url)
    except (ArgumentError, ValueError) as fault:  # the latter for a port that is no number
        message = "The address of the store is not one."
        raise OperatorError(message, hint) from fault
    if address.drivername not in {"sqlite", "postgresql", "postgresql+psycopg"}:
        message = f"A store cannot lie in {address.drivername}."
        raise OperatorError(message, hint)
    if address.drivername == "sqlite" and address.database in {None, "", ":memory:"}:
        message = "The address of the store names no file."
        raise OperatorError(message, hint)
    return address


def _open_file(file: StoreFile, *, read_only: bool, revisions: Revisions) -> SqlStore:
    if not file.exists():
        if read_only:
            raise StoreUnavailable(f"There is no store at {file.path}.", "Start the console or the collector once.")
        file.make(partial(build_store, shown=str(file.path)))
    is_current = _is_current(file, revisions)
    if not read_only and not takes_changes(file):
        raise not_writable(str(file.path))
    if not is_current:
        if read_only:
            raise StoreUnavailable(
                f"The store {file.path} is of an older version.", "Open it once with the console or the collector."
            )
        migrate_store(file, revisions)
    if not read_only:
        file.make_private()
    database = SqliteDatabase(file, partial(_ensure_current, file, revisions), read_only=read_only)
    return SqlStore(database, FileReserve(file.path))


def _ensure_current(file: StoreFile, revisions: Revisions) -> None:
    if not _is_current(file, revisions):
        raise StoreUnavailable(
            f"The store {file.path} was replaced by one of an older version.", "Start the program again to migrate it."
        )


def _is_current(file: StoreFile, revisions: Revisions) -> bool:
    """Whether a store lies there that can be used as it is; looks without changing a byte."""
    file.ensure_ours()
    file.ensure_log_is_readable()
    try:
        with closing(connect_to_look(file.path, has_log=file.has_log())) as connection:
            row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
            held = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    except sqlite3.Error as fault:
        raise StoreDamaged(
            f"The store {file.path} cannot be read: {fault}.", "Bring back a copy of it, or name another with --store."
        ) from fault
    is_current = revisions.is_current(row[0] if row else None, str(file.path))
    if is_current and (lost := metadata.tables.keys() - held):
        raise StoreDamaged(f"The store {file.path} lacks its table {min(lost)}.", "Bring back a copy of it.")
    return is_current

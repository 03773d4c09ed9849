"""A store in one SQLite file: how its connections are set up, and noticing that the file went away under them."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Generator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from threading import Lock
from typing import cast
from urllib.parse import quote

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.pool import QueuePool
from typing_extensions import override

from quarterdeck.domain.errors import StoreUnavailable
from quarterdeck.storage.database import Database
from quarterdeck.storage.faults import gone
from quarterdeck.storage.sqlite_file import StoreFile

BUSY_SECONDS = 10.0
READERS = 6
_FULL = 2
_SHARED_SETTINGS = ("trusted_schema=OFF", "cell_size_check=ON", "foreign_keys=ON", "temp_store=MEMORY")
_LOG_LIMIT_BYTES = 64 * 1024 * 1024


class SqliteDatabase(Database):
    """Connections to one file. `is_store` raises an OperatorError unless what lies at the path can be used as it is."""

    def __init__(self, file: StoreFile, is_store: Callable[[], None], *, read_only: bool) -> None:
        super().__init__(
            str(file.path),
            sqlite_engine(partial(_connect_to_read, file, read_only=read_only), begin="BEGIN", size=READERS),
            sqlite_engine(partial(connect_to_write, file.path), begin="BEGIN IMMEDIATE", size=2),
            read_only=read_only,
        )
        self._file = file
        self._is_store = is_store
        self._is_fixed = read_only and not file.takes_companions()
        self._identity = file.identity()
        self._log_identity = file.log_identity()
        self._lock = Lock()

    @override
    def size_bytes(self, connection: Connection) -> int:
        return self._file.size_bytes()

    @override
    def free_bytes(self) -> int | None:
        return self._file.free_bytes()

    @override
    def faults(self, connection: Connection) -> tuple[str, ...]:
        found = [str(row[0]) for row in connection.execute(text("PRAGMA quick_check(20)"))]
        sentences = [f"The file is damaged: {line}." for line in found if line != "ok"]
        strays = connection.execute(text("PRAGMA foreign_key_check")).fetchmany(20)
        sentences += [f"A row of {stray[0]} refers to a row of {stray[2]} that is not there." for stray in strays]
        return tuple(sentences)

    @override
    @contextmanager
    def any_text(self, connection: Connection) -> Generator[None]:
        below = cast("sqlite3.Connection", connection.connection.dbapi_connection)
        below.text_factory = partial(str, encoding="utf-8", errors="surrogateescape")
        try:
            yield
        finally:
            below.text_factory = str

    @override
    def _find_again(self) -> None:
        """SQLite goes on writing into a file or log that was deleted or moved, so names are looked up each time.

        Letting go of every connection makes SQLite move what a lost log held into the file, where it still can.
        """
        if self._is_fixed:
            self._readers.dispose()  # without an index nothing tells a connection that the file has changed
        if self._is_unmoved():
            return
        found = self._file.identity()
        if found is None:
            raise gone(self.shown)
        with self._lock:
            if self._is_unmoved():
                return
            if found != self._identity:
                self._is_store()
                self.generation += 1
            self._dispose()
            self._identity, self._log_identity = found, None

    @override
    def _is_unmoved(self) -> bool:
        if self._log_identity is None:
            self._log_identity = self._file.log_identity()
        elif self._file.log_identity() != self._log_identity:
            return False
        return self._identity is not None and self._file.identity() == self._identity


def _connect_to_read(file: StoreFile, *, read_only: bool) -> sqlite3.Connection:
    """A connection that cannot write, also to a file in a folder where nothing can be made beside it."""
    if not read_only or file.takes_companions():
        return connect_to_read(file.path)
    file.ensure_log_is_readable()
    return set_up(connect_to_look(file.path, has_log=file.has_log()), _SHARED_SETTINGS)


def connect_to_read(path: Path) -> sqlite3.Connection:
    """A connection that cannot write, to a file that must be there."""
    connection = _connect(path, "rw")
    return set_up(connection, (*_SHARED_SETTINGS, "query_only=ON"))


def connect_to_write(path: Path) -> sqlite3.Connection:
    """A connection whose commits are on disk when they return. Raises StoreUnavailable where that cannot be had."""
    connection = _connect(path, "rw")
    set_up(connection, (*_SHARED_SETTINGS, "synchronous=FULL", f"journal_size_limit={_LOG_LIMIT_BYTES}"))
    mode = connection.execute("PRAGMA journal_mode=WAL").fetchone()[0]
    level = connection.execute("PRAGMA synchronous").fetchone()[0]
    if mode != "wal" or level != _FULL:
        connection.close()
        raise StoreUnavailable(
            f"The disk that holds {path} does not allow a write-ahead log.", "Keep the store on a local disk."
        )
    return connection


def connect_to_look(path: Path, *, has_log: bool) -> sqlite3.Connection:
    """A connection that leaves the file byte for byte as it is; without a log it does not even look for one."""
    return set_up(_connect(path, "ro" if has_log else "ro&immutable=1"), ("trusted_schema=OFF", "query_only=ON"))


def _connect(path: Path, mode: str) -> sqlite3.Connection:
    return sqlite3.connect(
        f"file:{quote(str(path))}?mode={mode}",
        uri=True,
        timeout=BUSY_SECONDS,
        isolation_level=None,
        check_same_thread=False,
        cached_statements=256,
    )


def set_up(connection: sqlite3.Connection, settings: tuple[str, ...]) -> sqlite3.Connection:
    """The connection with PRAGMA settings made; closed when one cannot be."""
    try:
        for setting in settings:
            connection.execute(f"PRAGMA {setting}")
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def sqlite_engine(connect: Callable[[], sqlite3.Connection], *, begin: str, size: int) -> Engine:
    """An engine whose transactions begin with a statement of ours; parameters never reach a log or a message."""
    engine = create_engine(
        "sqlite://",
        creator=connect,
        poolclass=QueuePool,
        pool_size=size,
        max_overflow=size,
        pool_timeout=BUSY_SECONDS,
        pool_use_lifo=True,
        hide_parameters=True,
    )

    def start(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    event.listen(engine, "begin", start)
    return engine

"""A store on a PostgreSQL-compatible server, for a team: one collector beside it, many consoles."""

from __future__ import annotations

from contextlib import AbstractContextManager, ExitStack, nullcontext
from functools import partial

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import URL
from typing_extensions import override

from quarterdeck.domain.errors import OperatorError, StoreUnavailable
from quarterdeck.storage.database import Database
from quarterdeck.storage.migration import migrate
from quarterdeck.storage.reserve import NoReserve
from quarterdeck.storage.revisions import Revisions, make_tables, stored_revision
from quarterdeck.storage.store import SqlStore

WAIT_SECONDS = 10
READERS = 6
_WRITERS_LOCK = 0x51444543
"""One advisory lock for all that write, as a file would have."""


class PostgresDatabase(Database):
    """Connections to one database of a server. They come back by themselves when the server does."""

    def __init__(self, address: URL, *, read_only: bool) -> None:
        shown = address.render_as_string(hide_password=True)
        super().__init__(shown, _reading(address), _writing(address), read_only=read_only)

    @override
    def size_bytes(self, connection: Connection) -> int:
        return int(connection.execute(text("SELECT pg_database_size(current_database())")).scalar_one())

    @override
    def free_bytes(self) -> int | None:
        return None

    @override
    def faults(self, connection: Connection) -> tuple[str, ...]:
        return ()

    @override
    def any_text(self, connection: Connection) -> AbstractContextManager[None]:
        return nullcontext()

    @override
    def _find_again(self) -> None:
        """A server is found again by its address, with each connection."""

    @override
    def _is_unmoved(self) -> bool:
        return True


def open_server(address: URL, *, read_only: bool, revisions: Revisions) -> SqlStore:
    """The store in a server's database, made in an empty one. Raises StoreTooNew, StoreDamaged, StoreUnavailable."""
    address = address.set(drivername="postgresql+psycopg")
    try:
        database = PostgresDatabase(address, read_only=read_only)
    except ModuleNotFoundError as fault:
        message = "The driver for PostgreSQL is not installed."
        raise OperatorError(message, "Install quarterdeck[postgres].") from fault
    with ExitStack() as after_failure:
        after_failure.callback(database.close)
        if not _is_current(database, revisions):
            if read_only:
                raise StoreUnavailable(
                    f"The store {database.shown} is missing or of an older version.",
                    "Open it once with the console or the collector.",
                )
            _bring_up_to_date(database, revisions)
        after_failure.pop_all()
    return SqlStore(database, NoReserve())


def _is_current(database: PostgresDatabase, revisions: Revisions) -> bool:
    with database.reading() as connection:
        stored = stored_revision(connection)
    return stored is not None and revisions.is_current(stored, database.shown)


def _bring_up_to_date(database: PostgresDatabase, revisions: Revisions) -> None:
    """Make or migrate the tables, whole or not at all; who comes second waits and finds it done."""
    with database.writing() as connection:
        stored = stored_revision(connection)
        if stored is None:
            make_tables(connection)
        elif not revisions.is_current(stored, database.shown):
            migrate(connection, revisions)
        database.commit(connection)


def _reading(address: URL) -> Engine:
    engine = _engine(address, READERS, "-c default_transaction_read_only=on")
    return engine.execution_options(isolation_level="REPEATABLE READ")


def _writing(address: URL) -> Engine:
    engine = _engine(address, 2, f"-c lock_timeout={WAIT_SECONDS}s -c synchronous_commit=on")
    event.listen(engine, "begin", _exclude_other_writers)
    return engine


def _exclude_other_writers(connection: Connection) -> None:
    connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_WRITERS_LOCK})")


def _engine(address: URL, size: int, options: str) -> Engine:
    create = partial(create_engine, pool_size=size, max_overflow=size, pool_timeout=WAIT_SECONDS, pool_pre_ping=True)
    arguments = {"connect_timeout": WAIT_SECONDS, "options": options, "application_name": "quarterdeck"}
    return create(address, connect_args=arguments, hide_parameters=True)

"""One opened database, whatever its engine: short read transactions, exclusive write transactions, nothing more."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Generator
from contextlib import AbstractContextManager, contextmanager

from sqlalchemy import Connection, Engine

from quarterdeck.domain.errors import StoreUnavailable
from quarterdeck.storage.faults import closed, gone, in_words
from quarterdeck.storage.unreadable_rows import UnreadableRows


class Database(ABC):
    """The two engines of one store: one that only reads, one whose transactions exclude all other writers.

    `shown` names the store to people (never with a password). `generation` grows when another file or server took the
    place of the one known so far: whoever caches numbers of rows forgets them then. `unreadable` are left out.
    """

    def __init__(self, shown: str, readers: Engine, writers: Engine, *, read_only: bool) -> None:
        self.shown = shown
        self.generation = 0
        self._readers = readers
        self._writers = writers
        self._read_only = read_only
        self._closed = False
        self.unreadable = UnreadableRows()

    def ensure_there(self) -> None:
        """Return when the store is still the one that was opened; raises StoreUnavailable."""
        if self._closed:
            raise closed(self.shown)
        self._find_again()

    def ensure_unmoved(self) -> None:
        """Return when what was just written is where others look for it; raises StoreUnavailable."""
        if not self._is_unmoved():
            raise gone(self.shown)

    @contextmanager
    def reading(self) -> Generator[Connection]:
        """A read-only connection with one steady view. Raises StoreUnavailable or StoreDamaged."""
        self.ensure_there()
        with in_words(self.shown), self._readers.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Generator[Connection]:
        """A connection inside a write transaction that no other writer shares; not committed on leaving.

        Raises StoreUnavailable or StoreDamaged.
        """
        if self._read_only:
            raise StoreUnavailable(f"The store {self.shown} was opened for reading only.", "Open it for writing.")
        self.ensure_there()
        with in_words(self.shown), self._writers.connect() as connection:
            connection.begin()
            yield connection

    def commit(self, connection: Connection) -> None:
        """Make the transaction durable. After an error its outcome is unknown."""
        connection.commit()

    def close(self) -> None:
        """Let go of every connection; everything asked afterwards raises StoreUnavailable."""
        self._closed = True
        self._dispose()

    def _dispose(self) -> None:
        self._readers.dispose()
        self._writers.dispose()

    @abstractmethod
    def size_bytes(self, connection: Connection) -> int:
        """Bytes the store takes where it lies."""

    @abstractmethod
    def free_bytes(self) -> int | None:
        """Bytes that are free where the store lies; None where nobody here can say."""

    @abstractmethod
    def faults(self, connection: Connection) -> tuple[str, ...]:
        """What the engine's own check finds wrong, as sentences."""

    @abstractmethod
    def any_text(self, connection: Connection) -> AbstractContextManager[None]:
        """Inside, bytes that are no text are read as lone surrogates, where an engine lets them in at all."""

    @abstractmethod
    def _find_again(self) -> None:
        """Make sure that the store is where it was, or take up what lies there now; raises StoreUnavailable."""

    @abstractmethod
    def _is_unmoved(self) -> bool:
        """Whether connections made so far lead to what others find."""


class DatabaseReader:
    """What reads from one database, in transactions of its own."""

    def __init__(self, database: Database) -> None:
        self._database = database

"""One write in hand: the connection, which topics it touches, and what is to happen once it is durable."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final, cast

from sqlalchemy import Connection, Table, text
from sqlalchemy.dialects import sqlite

from quarterdeck.services.ports import Topic

Row = dict[str, Any]
KEYS_AT_ONCE = 400
"""How many keys one IN list carries at most; every engine takes that many."""

_BUMP = text(
    "INSERT INTO topic_version (topic, version) VALUES (:topic, 1) "
    "ON CONFLICT (topic) DO UPDATE SET version = topic_version.version + 1"
)

COUNTING: Final = {"preserve_rowcount": True}
"""For an INSERT whose count of rows is wanted."""


@dataclass(slots=True)
class WriteTransaction:
    """What a write works with. It neither begins nor commits: the writer does, for several writes at once."""

    connection: Connection
    generation: int = 0
    topics: set[Topic] = field(default_factory=set[Topic])
    after_commit: list[Callable[[], None]] = field(default_factory=list[Callable[[], None]])

    def touch(self, topic: Topic) -> None:
        """Note that readers of a topic have something new to read."""
        self.topics.add(topic)

    def insert_missing(self, table: Table, rows: Sequence[Row], keys: Sequence[str]) -> int:
        """Insert the rows whose keys are not there yet; how many were."""
        if not rows:
            return 0
        statement = upsert(self.connection, table).on_conflict_do_nothing(index_elements=list(keys))
        return self.connection.execute(statement, list(rows), execution_options=COUNTING).rowcount

    def put(self, table: Table, rows: Sequence[Row], keys: Sequence[str]) -> None:
        """Insert rows, or replace the other columns of those whose keys are there."""
        if not rows:
            return
        put = _putting(self.connection.dialect.name, table, tuple(rows[0]), tuple(keys))
        self.connection.execute(put, list(rows))


def bump(connection: Connection, topics: set[Topic]) -> None:
    """Let the version of each topic grow."""
    for topic in sorted(topics):
        connection.execute(_BUMP, {"topic": topic.value})


@lru_cache(maxsize=128)
def _putting(dialect: str, table: Table, columns: tuple[str, ...], keys: tuple[str, ...]) -> sqlite.Insert:
    """Kept, because making such a statement costs more than running it."""
    statement = _insert_into(dialect, table)
    others = {name: statement.excluded[name] for name in columns if name not in keys}
    return statement.on_conflict_do_update(index_elements=list(keys), set_=others)


def upsert(connection: Connection, table: Table) -> sqlite.Insert:
    """An INSERT that knows ON CONFLICT, in the dialect of the connection; both dialects speak it alike."""
    return _insert_into(connection.dialect.name, table)


def _insert_into(dialect: str, table: Table) -> sqlite.Insert:
    if dialect == "postgresql":
        from sqlalchemy.dialects import postgresql

        return cast("sqlite.Insert", postgresql.insert(table))
    return sqlite.insert(table)


def in_parts(keys: Sequence[Any]) -> Iterator[Sequence[Any]]:
    """Keys in lists that one statement may carry."""
    for start in range(0, len(keys), KEYS_AT_ONCE):
        yield keys[start : start + KEYS_AT_ONCE]

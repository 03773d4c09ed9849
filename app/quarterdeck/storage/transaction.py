"""One write in hand: the connection, which topics it touches, and what is to happen once it is durable."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, cast

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import sqlite

from quarterdeck.services.ports import Topic
from quarterdeck.storage.tables import topic_version

Row = dict[str, Any]
KEYS_AT_ONCE = 400
"""How many keys one IN list carries at most; every engine takes that many."""

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
        statement = upsert(self.connection, table)
        others = {name: statement.excluded[name] for name in rows[0] if name not in keys}
        put = statement.on_conflict_do_update(index_elements=list(keys), set_=others)
        self.connection.execute(put, list(rows))


def bump(connection: Connection, topics: set[Topic]) -> None:
    """Let the version of each topic grow."""
    for topic in sorted(topics):
        statement = upsert(connection, topic_version).values(topic=topic.value, version=1)
        grown = {"version": topic_version.c.version + 1}
        connection.execute(statement.on_conflict_do_update(index_elements=["topic"], set_=grown))


def upsert(connection: Connection, table: Table) -> sqlite.Insert:
    """An INSERT that knows ON CONFLICT, in the dialect of the connection; both dialects speak it alike."""
    if connection.dialect.name == "postgresql":
        from sqlalchemy.dialects import postgresql

        return cast("sqlite.Insert", postgresql.insert(table))
    return sqlite.insert(table)


def in_parts(keys: Sequence[Any]) -> Iterator[Sequence[Any]]:
    """Keys in lists that one statement may carry."""
    for start in range(0, len(keys), KEYS_AT_ONCE):
        yield keys[start : start + KEYS_AT_ONCE]

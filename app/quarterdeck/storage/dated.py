"""Dated rows: what was true from when to when, by whom. A change closes a version and opens the next.

A lineage is one key as one source tells it (`origin`, `source`): two documents, or a document and a connector, may
speak of the same thing and never close each other's versions.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import ColumnElement, Connection, RowMapping, Table, and_, bindparam, delete, insert, select, update

from quarterdeck.storage.tables import FOREVER
from quarterdeck.storage.transaction import Row, WriteTransaction, in_parts

_DATING = frozenset({"id", "key", "origin", "source", "valid_from_ms", "valid_to_ms", "last_seen_ms"})


def valid_at(table: Table, moment_ms: int) -> ColumnElement[bool]:
    """The one predicate of "as of"."""
    return and_(table.c.valid_from_ms <= moment_ms, table.c.valid_to_ms > moment_ms)


class Lineages:
    """The lineages of one origin and source in one dated table.

    With `new_since_ms` a key that was never told before holds from then on, if that lies before the change.
    """

    def __init__(self, table: Table, origin: str, source: str, *, new_since_ms: int | None = None) -> None:
        self._table = table
        self._new_since_ms = new_since_ms
        self._origin = origin
        self._source = source
        self._content = [column.name for column in table.columns if column.name not in _DATING]

    def put(self, transaction: WriteTransaction, rows: Sequence[Row], moment_ms: int) -> bool:
        """Let rows (key and content) hold from a moment on; whether anything was different before.

        A moment that lies before what a lineage already tells (a clock set back) counts as the next possible one.
        """
        latest = {row["key"]: row for row in rows}
        standing = self._later_than(transaction.connection, list(latest), moment_ms)
        unheard = self._unheard(transaction.connection, list(latest))
        opened: list[Row] = []
        for key, row in latest.items():
            from_ms = min(moment_ms, unheard.get(key, moment_ms))
            opened += self._follow(transaction.connection, row, standing[key], from_ms)
        if opened:
            transaction.connection.execute(insert(self._table), opened)
        return bool(opened) or any(self._differs(row, standing[key]) for key, row in latest.items())

    def close(self, transaction: WriteTransaction, keys: Sequence[str], moment_ms: int) -> bool:
        """End the validity of keys at a moment; whether any was valid."""
        table, closed = self._table, False
        for versions in self._later_than(transaction.connection, list(dict.fromkeys(keys)), moment_ms).values():
            for version in versions:
                if version["valid_to_ms"] != FOREVER:
                    continue
                closed = True
                if version["valid_from_ms"] == moment_ms:
                    transaction.connection.execute(delete(table).where(table.c.id == version["id"]))
                else:
                    self._end(transaction.connection, version, max(moment_ms, version["valid_from_ms"] + 1))
        return closed

    def mark_seen(self, transaction: WriteTransaction, keys: Sequence[str], moment_ms: int) -> None:
        """Note when what still holds was last confirmed."""
        table = self._table
        for part in in_parts(keys):
            still = and_(self._is_mine(part), table.c.valid_to_ms == FOREVER)
            older = and_(still, (table.c.last_seen_ms.is_(None)) | (table.c.last_seen_ms < moment_ms))
            transaction.connection.execute(update(table).where(older).values(last_seen_ms=moment_ms))

    def _unheard(self, connection: Connection, keys: list[str]) -> dict[str, int]:
        """Since when the keys hold that have no version at all, where that is said."""
        if self._new_since_ms is None:
            return {}
        told = self._later_than(connection, keys, 0)
        return {key: self._new_since_ms for key in keys if not told[key]}

    def _follow(self, connection: Connection, row: Row, standing: Sequence[RowMapping], moment_ms: int) -> list[Row]:
        """Write what a row changes of the versions that reach beyond a moment; the version to open, if any."""
        newest = standing[-1] if standing else None
        if newest is None:
            return [self._opened(row, moment_ms)]
        if newest["valid_to_ms"] != FOREVER:
            return [self._opened(row, max(moment_ms, newest["valid_to_ms"]))]
        if self._same(row, newest):
            return []
        if newest["valid_from_ms"] == moment_ms:
            content = {name: row[name] for name in self._content}
            connection.execute(update(self._table).where(self._table.c.id == newest["id"]).values(content))
            return []
        start_ms = max(moment_ms, newest["valid_from_ms"] + 1)
        self._end(connection, newest, start_ms)
        return [self._opened(row, start_ms)]

    def _later_than(self, connection: Connection, keys: Sequence[str], moment_ms: int) -> dict[str, list[RowMapping]]:
        """Per key the versions that reach beyond a moment, oldest first."""
        table = self._table
        found: dict[str, list[RowMapping]] = defaultdict(list)
        for part in in_parts(keys):
            reaching = and_(self._is_mine(part), table.c.valid_to_ms > moment_ms)
            for row in connection.execute(select(table).where(reaching).order_by(table.c.valid_from_ms)).mappings():
                found[row["key"]].append(row)
        return found

    def _is_mine(self, keys: Sequence[str]) -> ColumnElement[bool]:
        columns = self._table.c
        return and_(columns.key.in_(keys), columns.origin == self._origin, columns.source == self._source)

    def _opened(self, row: Row, from_ms: int) -> Row:
        dating = {"origin": self._origin, "source": self._source, "valid_from_ms": from_ms, "valid_to_ms": FOREVER}
        return {**row, **dating}

    def _end(self, connection: Connection, version: RowMapping, at_ms: int) -> None:
        statement = update(self._table).where(self._table.c.id == bindparam("version_id"))
        connection.execute(
            statement.values(valid_to_ms=bindparam("at_ms")), {"version_id": version["id"], "at_ms": at_ms}
        )

    def _same(self, row: Row, version: RowMapping) -> bool:
        return all(row[name] == version[name] for name in self._content)

    def _differs(self, row: Row, standing: Sequence[RowMapping]) -> bool:
        return not standing or standing[-1]["valid_to_ms"] != FOREVER or not self._same(row, standing[-1])

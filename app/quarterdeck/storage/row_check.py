"""Reading every row of every table, in search of what no program of ours would have written."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Column, Connection, LargeBinary, Table, select

from quarterdeck.storage import tables
from quarterdeck.storage.row_columns import unfit_column, unreadable_sentence
from quarterdeck.storage.table_columns import metadata

_ROWS_AT_ONCE = 1000
_DATED = (tables.entity_version, tables.relation_version)


def row_faults(connection: Connection) -> Iterator[str]:
    """Which rows of which tables cannot be read or hold at no time, a sentence or two each."""
    for table in metadata.sorted_tables:
        yield from _unreadable(connection, table)
    for table in _DATED:
        yield from _never_valid(connection, table)


def _unreadable(connection: Connection, table: Table) -> Iterator[str]:
    statement = select(*_small_columns(table)).execution_options(yield_per=_ROWS_AT_ONCE)
    for row in connection.execute(statement):
        if unfit_column(table, row):
            yield unreadable_sentence(table, row)


def _small_columns(table: Table) -> list[Column[Any]]:
    """All but the packed samples, which are looked at elsewhere."""
    return [column for column in table.columns if not isinstance(column.type, LargeBinary)]


def _never_valid(connection: Connection, table: Table) -> Iterator[str]:
    columns = table.c
    empty = columns.valid_to_ms <= columns.valid_from_ms
    for row in connection.execute(select(columns.id, columns.key).where(empty)):
        yield f"The row of {table.name} with id {row.id}, key {row.key} ends before it begins, and so never holds."

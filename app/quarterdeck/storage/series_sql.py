"""Statements whose only parameters are whole numbers, ready made: building one anew costs more than running it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection
from sqlalchemy import Row as SqlRow

from quarterdeck.storage.transaction import in_parts


def rows(connection: Connection, statement: str, **numbers: int) -> Sequence[SqlRow[Any]]:
    """The rows of a statement with each `{name}` replaced by its number."""
    whole = {name: int(number) for name, number in numbers.items()}
    return connection.exec_driver_sql(statement.format(**whole)).fetchall()


def rows_of(connection: Connection, statement: str, ids: Sequence[int], **numbers: int) -> Iterator[SqlRow[Any]]:
    """The rows of a statement with `{ids}` replaced by a list, as many at once as a statement may carry."""
    whole = {name: int(number) for name, number in numbers.items()}
    for part in in_parts(ids):
        listed = ", ".join(str(int(one)) for one in part)
        yield from connection.exec_driver_sql(statement.format(ids=listed, **whole)).fetchall()

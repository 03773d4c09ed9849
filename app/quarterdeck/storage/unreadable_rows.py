"""Rows that were changed by other hands than the program's: left out of what is read, and told of."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from threading import Lock
from typing import Any, TypeVar

from sqlalchemy import Row as SqlRow
from sqlalchemy import Table

from quarterdeck.storage.row_columns import UNREADABLE, fits, unfit_column, unreadable_sentence, values_of

_log = logging.getLogger(__name__)
_MOST_TOLD = 50
Made = TypeVar("Made")


class UnreadableRows:
    """Remembers what was left out since the store was opened. For any thread.

    Each row is logged once; a command that sets up no log thereby tells of it on standard error.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._told: dict[str, None] = {}

    def sentences(self) -> tuple[str, ...]:
        """Which rows were left out, why, and what to do: a sentence or two each, at most fifty."""
        with self._lock:
            return tuple(self._told)

    def each(
        self, rows: Iterable[SqlRow[Any]], tables: tuple[Table, ...], make: Callable[[SqlRow[Any]], Made]
    ) -> Iterator[Made]:
        """What is made of each row that can be read; `tables` are those that its columns come from, its own first."""
        fitting: set[tuple[type, ...]] = set()
        for row in rows:
            types = tuple(map(type, row))
            if types not in fitting:
                if not _is_fit(row, tables):
                    self._tell(tables, row)
                    continue
                fitting.add(types)
            try:
                made = make(row)
            except UNREADABLE:
                self._tell(tables, row)
            else:
                yield made

    def _tell(self, tables: tuple[Table, ...], row: SqlRow[Any]) -> None:
        own, *joined = tables
        faulty = next((table for table in joined if unfit_column(table, row, is_joined=True)), own)
        faulty = own if unfit_column(own, row) else faulty
        sentence = unreadable_sentence(faulty, row)
        with self._lock:
            if sentence in self._told or len(self._told) >= _MOST_TOLD:
                return
            self._told[sentence] = None
        _log.warning("%s", sentence)


def _is_fit(row: SqlRow[Any], tables: tuple[Table, ...]) -> bool:
    known = {column.name: column for table in reversed(tables) for column in table.columns}
    is_joined = len(tables) > 1
    return all(
        fits(known[name], value) or (is_joined and value is None)
        for name, value in values_of(row).items()
        if name in known
    )

"""Which rows a table shows in which order: sorting and filtering over whole columns at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quarterdeck.ui.widgets.columns import NO_ROWS, Cells, RowGroup, TableData
from quarterdeck.ui.widgets.row_search import RowSearch

RowIndexes = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Sorting:
    """By which column; none is the order in which the rows were given."""

    column: int = -1
    is_descending: bool = False


@dataclass(frozen=True, slots=True)
class TableLines:
    """A table as it stands on the screen: line by line a row, or a heading."""

    data: TableData
    rows: RowIndexes

    def row_of(self, line: int) -> int:
        """The row a line shows; -1 - g for the heading of group g."""
        return int(self.rows[line])

    def id_at(self, line: int) -> str:
        """The id of the row in a line; empty for a heading and outside the table."""
        if not 0 <= line < len(self.rows) or self.rows[line] < 0:
            return ""
        return self.data.ids[int(self.rows[line])]

    def line_of(self, row_id: str) -> int:
        """The line that shows a row; -1 when none does."""
        if not row_id or row_id not in self.data.ids:
            return -1
        lines = np.flatnonzero(self.rows == self.data.ids.index(row_id))
        return int(lines[0]) if len(lines) else -1

    def group_at(self, line: int) -> RowGroup | None:
        """The heading in a line, or None for a row."""
        row = self.row_of(line)
        return self.data.groups[-1 - row] if row < 0 else None

    def shows_same_rows_as(self, other: TableLines) -> bool:
        """Whether every line stands for the same row in both, so that only what it says can differ."""
        is_same_size = len(self.data.groups) == len(other.data.groups) and np.array_equal(self.rows, other.rows)
        return is_same_size and self.data.ids == other.data.ids


def display_rows(data: TableData, sorting: Sorting, words: str = "", search: RowSearch | None = None) -> RowIndexes:
    """What each line of the table shows: a row's index, or -1 - g for the heading of group g.

    Only rows that hold all the words asked for are shown. Unknown values come last in either direction. A `search`
    that is kept saves joining the same words again.
    """
    shown = (search or RowSearch()).matching(data, words)
    if 0 <= sorting.column < len(data.cells) and len(shown):
        shown = shown[_order(data.cells[sorting.column], shown, is_descending=sorting.is_descending)]
    return _grouped(data, shown)


def _order(cells: Cells, shown: RowIndexes, *, is_descending: bool) -> RowIndexes:
    keys = cells.sort_keys()[shown]
    if keys.dtype.kind == "U":
        places = np.unique(keys, return_inverse=True)[1].astype(np.float64)
    else:
        places = keys.astype(np.float64)
    places = np.where(np.isfinite(places), -places if is_descending else places, np.inf)
    return np.argsort(places, kind="stable").astype(np.int64)


def _grouped(data: TableData, shown: RowIndexes) -> RowIndexes:
    if data.group_of is None or not data.groups:
        return shown
    groups = data.group_of[shown]
    shown = shown[np.argsort(groups, kind="stable")]
    pieces: list[RowIndexes] = []
    for group in range(len(data.groups)):
        members = shown[data.group_of[shown] == group]
        if len(members):
            pieces += [np.array([-1 - group], dtype=np.int64), members]
    return np.concatenate(pieces) if pieces else shown


NO_LINES = TableLines(NO_ROWS, np.empty(0, dtype=np.int64))

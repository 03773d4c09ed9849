"""Which rows a table shows in which order: sorting and filtering over whole columns at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quarterdeck.ui.widgets.columns import NO_ROWS, Cells, RowGroup, TableData, TagCells, TextCells
from quarterdeck.ui.widgets.polygons import FloatArray
from quarterdeck.ui.widgets.row_search import RowSearch

RowIndexes = NDArray[np.int64]
_NEARBY = 1000


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

    def line_of(self, row_id: str, near: int = 0) -> int:
        """The line that shows a row; -1 when none does. It is looked for around the row `near` first."""
        row = _place_of(row_id, self.data.ids, near) if row_id else -1
        if row < 0:
            return -1
        lines = np.flatnonzero(self.rows == row)
        return int(lines[0]) if len(lines) else -1

    def group_at(self, line: int) -> RowGroup | None:
        """The heading in a line, or None for a row."""
        row = self.row_of(line)
        return self.data.groups[-1 - row] if row < 0 else None

    def shows_same_rows_as(self, other: TableLines) -> bool:
        """Whether every line stands for the same row in both, so that only what it says can differ."""
        is_same_size = len(self.data.groups) == len(other.data.groups) and np.array_equal(self.rows, other.rows)
        return is_same_size and (self.data.ids is other.data.ids or self.data.ids == other.data.ids)


@dataclass(frozen=True, slots=True)
class TableWords:
    """The lines of a table to be written down, in any thread; `keys` are those of its columns."""

    keys: tuple[str, ...]
    lines: TableLines

    def rows(self) -> Iterator[tuple[str, list[str]]]:
        """The id of each row with its cells in words, from the top down, without headings."""
        data = self.lines.data
        for row in self.lines.rows:
            if row >= 0:
                yield data.ids[int(row)], [cells.text(int(row)) for cells in data.cells]


class RowMemory:
    """What is known of the last columns that were sorted and searched, so that those that stay cost nothing again.

    Safe to be asked from two threads.
    """

    def __init__(self) -> None:
        self.search = RowSearch()
        self._places: dict[int, tuple[object, FloatArray]] = {}

    def places(self, column: int, cells: Cells) -> FloatArray:
        """A number for each row by which a column is ordered; not finite where nothing is known."""
        if not isinstance(cells, (TextCells, TagCells)) or (isinstance(cells, TextCells) and cells.ranks is not None):
            return _as_numbers(cells)
        known = self._places.get(column)
        if known is None or known[0] is not cells.values:
            known = self._places[column] = (cells.values, _as_numbers(cells))
        return known[1]


def display_rows(data: TableData, sorting: Sorting, words: str = "", memory: RowMemory | None = None) -> RowIndexes:
    """What each line of the table shows: a row's index, or -1 - g for the heading of group g.

    Only rows that hold all the words asked for are shown. Unknown values come last in either direction. A `memory`
    that is kept saves looking again at columns that are the same.
    """
    memory = memory or RowMemory()
    shown = memory.search.matching(data, words)
    if 0 <= sorting.column < len(data.cells) and len(shown):
        places = memory.places(sorting.column, data.cells[sorting.column])[shown]
        places = np.where(np.isfinite(places), -places if sorting.is_descending else places, np.inf)
        shown = shown[np.argsort(places, kind="stable")]
    return _grouped(data, shown)


def _as_numbers(cells: Cells) -> FloatArray:
    keys = cells.sort_keys()
    if keys.dtype.kind == "U":
        return np.unique(keys, return_inverse=True)[1].astype(np.float64)
    return keys.astype(np.float64)


def _grouped(data: TableData, shown: RowIndexes) -> RowIndexes:
    if data.group_of is None or not data.groups or not len(shown):
        return shown
    shown = shown[np.argsort(data.group_of[shown], kind="stable")]
    groups = data.group_of[shown]
    begins = np.flatnonzero(np.diff(groups, prepend=-1))
    lines = np.insert(shown, begins, -1 - groups[begins])
    folded = np.array([group.is_folded for group in data.groups], dtype=bool)
    if not folded.any():
        return lines
    return lines[(lines < 0) | ~folded[data.group_of[lines]]]


def _place_of(row_id: str, ids: Sequence[str], near: int) -> int:
    """The place of an id, -1 where there is none; rows seldom go far, and the whole list is long."""
    for begin, end in ((max(0, near - _NEARBY), near + _NEARBY), (0, len(ids))):
        with suppress(ValueError):
            return ids.index(row_id, begin, end)
    return -1


NO_LINES = TableLines(NO_ROWS, np.empty(0, dtype=np.int64))

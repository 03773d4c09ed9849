"""Settles what the lines of a table are: few rows at once, many in a worker, and of several wishes the newest."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from operator import is_

import numpy as np

from quarterdeck.domain.errors import OperatorError
from quarterdeck.ui.tasks.latest_read import LatestRead, Read
from quarterdeck.ui.tasks.verbs import Background
from quarterdeck.ui.widgets.columns import (
    NO_ROWS,
    ActionCells,
    Cells,
    NumberCells,
    ShareCells,
    SparkCells,
    StateCells,
    StripCells,
    TableData,
    TagCells,
    TextCells,
)
from quarterdeck.ui.widgets.polygons import FloatArray
from quarterdeck.ui.widgets.row_order import NO_LINES, RowMemory, Sorting, TableLines, display_rows

MANY_ROWS = 2000
"""From so many rows on they are ordered in a worker; fewer take their new order in the same turn, without a flicker."""


_NO_NUMBERS: FloatArray = np.empty(0)


class Change(Enum):
    """How the lines differ from those before."""

    NOTHING = "nothing"
    CONTENT = "content"
    """Every line stands for the same row and says something else."""
    ORDER = "order"
    """There are as many lines as before and no headings; they stand for other rows."""
    LINES = "lines"


@dataclass(frozen=True, slots=True)
class RowWish:
    """What is to be shown; `is_chosen` when a person asked for this order or these words."""

    data: TableData = NO_ROWS
    sorting: Sorting = field(default_factory=Sorting)
    words: str = ""
    is_chosen: bool = False


@dataclass(frozen=True, slots=True)
class ArrangedRows:
    """The lines that a wish comes to, and how they differ from the lines `before`."""

    wish: RowWish
    lines: TableLines
    before: TableLines
    change: Change


class RowFeed:
    """Takes wishes and hands on arranged rows, in the GUI thread.

    Without a `background` everything is done in the turn. Later data wait for those under way, so that a table whose
    data change faster than they are ordered still moves; what a person chooses takes their place.
    """

    def __init__(self, take: Callable[[ArrangedRows], None], background: Background | None = None) -> None:
        self._take = take
        self._reads: LatestRead[ArrangedRows] | None = LatestRead(background, "rows") if background else None
        self._memory = RowMemory()
        self._shown: TableLines = NO_LINES
        self.wish = RowWish()

    @property
    def is_waiting(self) -> bool:
        """Whether the newest wish has not been met yet."""
        return self._reads is not None and self._reads.is_active

    def show(self, data: TableData) -> None:
        """Show another moment; the object shown already costs nothing."""
        if data is not self.wish.data:
            self._wish(replace(self.wish, data=data, is_chosen=False))

    def arrange(self, sorting: Sorting, words: str) -> None:
        """Show the same moment in another order, or only rows that hold some words."""
        self._wish(replace(self.wish, sorting=sorting, words=words, is_chosen=True))

    def _wish(self, wish: RowWish) -> None:
        self.wish = wish
        if self._reads is None or len(wish.data.ids) < MANY_ROWS:
            if self._reads is not None:
                self._reads.drop()
            self._hand_on(self._arranged(wish))
            return
        read = Read(lambda: self._arranged(wish), self._hand_on, _unexpected)
        if wish.is_chosen:
            self._reads.take_over(read)
        else:
            self._reads.follow(read)

    def _arranged(self, wish: RowWish) -> ArrangedRows:
        """May run in a worker."""
        before = self._shown
        lines = TableLines(wish.data, display_rows(wish.data, wish.sorting, wish.words, self._memory))
        return ArrangedRows(wish, lines, before, _change(lines, before))

    def _hand_on(self, arranged: ArrangedRows) -> None:
        self._shown = arranged.lines
        self._take(arranged)


def _change(lines: TableLines, before: TableLines) -> Change:
    if lines.shows_same_rows_as(before):
        return Change.NOTHING if says_the_same(lines.data, before.data) else Change.CONTENT
    is_flat = not lines.data.groups and not before.data.groups
    return Change.ORDER if is_flat and len(lines.rows) == len(before.rows) else Change.LINES


def says_the_same(data: TableData, other: TableData) -> bool:
    """Whether nobody would see a difference; numbers are the same only if they are written in the same way."""
    if data is other:
        return True
    if len(data.cells) != len(other.cells) or data.groups != other.groups:
        return False
    are_same_cells = all(_are_same_cells(new, old) for new, old in zip(data.cells, other.cells, strict=True))
    return are_same_cells and data.tips == other.tips


def _are_same_cells(cells: Cells, other: Cells) -> bool:
    if type(cells) is not type(other) or not np.array_equal(_numbers(cells), _numbers(other), equal_nan=True):
        return False
    return all(map(_are_same_parts, _parts(cells), _parts(other)))


def _numbers(cells: Cells) -> FloatArray:
    if isinstance(cells, (NumberCells, ShareCells)):
        return cells.values
    if isinstance(cells, StripCells):
        return cells.ranks
    return cells.ranks if isinstance(cells, TextCells) and cells.ranks is not None else _NO_NUMBERS


def _parts(cells: Cells) -> tuple[Sequence[object], ...]:
    match cells:
        case TextCells():
            return cells.values, cells.tones, cells.notes
        case NumberCells() | ShareCells():
            return (cells.write, cells.limit if isinstance(cells, ShareCells) else None), cells.tones
        case StateCells():
            return cells.states, cells.words, cells.tones
        case SparkCells():
            return cells.lines, cells.tones
        case StripCells():
            return cells.strips, cells.words, cells.noted
        case TagCells() | ActionCells():
            return (cells.values,)


def _are_same_parts(parts: Sequence[object], others: Sequence[object]) -> bool:
    if parts is others:
        return True
    if len(parts) != len(others):
        return False
    # Arrays in a sequence are the same only if they are the same objects: comparing them one by one takes too long.
    return all(map(is_, parts, others)) or (not isinstance(parts[0], np.ndarray) and parts == others)


def _unexpected(error: OperatorError) -> None:
    raise error

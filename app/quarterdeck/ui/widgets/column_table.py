"""The one table of the program: any number of rows from immutable columns, sorted, filtered, walked by keyboard."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from PySide6.QtCore import QObject, QPoint, QRect, Qt, Signal
from PySide6.QtWidgets import QFrame, QSizePolicy, QVBoxLayout

from quarterdeck.ui.tasks.verbs import Background
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.widgets.columns import ColumnSpec, TableData
from quarterdeck.ui.widgets.row_feed import ArrangedRows, Change, RowFeed
from quarterdeck.ui.widgets.row_order import Sorting
from quarterdeck.ui.widgets.table_view import TableView
from quarterdeck.ui.widgets.text import safe_line

_FRAME = 2


class ColumnTable(QFrame):
    """A table in a card of its own.

    J and K or the arrows move, Enter or a double click opens, Space presses the button of the row. A click on a title
    sorts, a second one reverses, a third returns to the order of the data. With `fits_rows` it is as high as its rows
    and never scrolls up or down; with `hugs_rows` it is as high as its rows at most, and scrolls where there is less.

    With `background_for`, which binds background work to a table, thousands of rows are ordered and searched in a
    worker; what is shown until then stays, and `rows_arranged` says when the new lines stand.

    With `is_multiple` several rows are selected as everywhere, by Ctrl, Shift and Ctrl+A; `rows_chosen` says when they
    change. Groups with a key fold by a click or by Left and unfold by Right; whoever fills the table does what
    `group_pressed` asks for.

    `model` is what the table says, as it is filtered and ordered.
    """

    row_selected = Signal(str)
    """The id of the row a person moved to or clicked."""
    row_activated = Signal(str)
    """The id of the row to open."""
    action_requested = Signal(str)
    """The id of the row whose button was pressed."""
    rows_chosen = Signal()
    """Other rows are selected, by a person."""
    group_pressed = Signal(str)
    """The key of a group to fold or unfold."""
    menu_requested = Signal(QPoint)
    """Where on the screen a menu for the selected rows should open: a press of the second button, or the menu key."""
    rows_arranged = Signal()
    """Other rows are shown, or the same in another order."""

    def __init__(
        self,
        theme: Theme,
        specs: tuple[ColumnSpec, ...],
        *,
        accessible_name: str,
        has_header: bool = True,
        fits_rows: bool = False,
        hugs_rows: bool = False,
        is_multiple: bool = False,
        background_for: Callable[[QObject], Background] | None = None,
    ) -> None:
        super().__init__()
        self.setProperty("kind", "table")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self._fits_rows = fits_rows
        self._hugs_rows = hugs_rows
        titled = tuple(replace(spec, title=safe_line(spec.title)) for spec in specs)
        self._view = TableView(theme, titled, has_header=has_header, is_multiple=is_multiple)
        self.model = self._view.table_model
        self._view.setAccessibleName(safe_line(accessible_name))
        self._feed = RowFeed(self._take, background_for(self) if background_for else None)
        self.setFocusProxy(self._view)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._view)
        if fits_rows:
            self._view.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
            self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._view.moved_to.connect(self.row_selected)
        self._view.opened.connect(self.row_activated)
        self._view.chosen_changed.connect(self.rows_chosen)
        self._view.group_pressed.connect(self.group_pressed)
        self._view.menu_asked.connect(self.menu_requested)
        self._view.pressed_action.connect(self.action_requested)
        self._view.sorting_asked.connect(self._on_sorting_asked)
        self._view.laid_out.connect(self._fit)

    def set_data(self, data: TableData) -> None:
        """Show another moment of the table. Selection and place are kept by id; one signal reaches the view."""
        self._feed.show(data)

    def set_filter(self, words: str) -> None:
        """Show only rows in which all these words occur among its words, tags and states; an empty text shows all."""
        self._arrange(self._feed.wish.sorting, words)

    def sort_by(self, key: str, *, is_descending: bool = False) -> None:
        """Order the rows by a column; an empty key returns to the order of the data."""
        keys = [spec.key for spec in self._view.table_model.specs]
        column = keys.index(key) if key else -1
        self._arrange(Sorting(column, is_descending), self._feed.wish.words)

    def select(self, row_id: str) -> None:
        """Select a row and scroll to it, without a signal; an unknown or empty id selects nothing.

        While rows are being arranged it is looked for among those too.
        """
        self._view.choose(row_id, is_more_to_come=self._feed.is_waiting)

    def retitle(self, key: str, title: str) -> None:
        """Give a column another title; raises ValueError for an unknown key."""
        self._view.retitle(key, title)

    def walk(self, step: int) -> None:
        """Move the selection by so many rows as a person does by key; past headings, to the first row without one."""
        self._view.walk(step)

    def place_of(self, row_id: str) -> QRect:
        """Where a row is inside the table, for a page that scrolls; empty for one that is not there."""
        line = self._view.table_model.lines.line_of(row_id)
        if line < 0:
            return QRect()
        area = self._view.visualRect(self._view.table_model.index(line, 0))
        return area.translated(self._view.viewport().mapTo(self, QPoint()))

    @property
    def selected_id(self) -> str:
        """The id of the selected row; empty when there is none."""
        return self._view.chosen_id()

    @property
    def selected_ids(self) -> tuple[str, ...]:
        """The ids of all selected rows, from the top down."""
        return self._view.chosen_ids()

    @property
    def shown_count(self) -> int:
        """How many rows the filter leaves."""
        return int(np.count_nonzero(self._view.table_model.lines.rows >= 0))

    @property
    def is_arranging(self) -> bool:
        """Whether other rows, or the same in another order, are still to come."""
        return self._feed.is_waiting

    def _arrange(self, sorting: Sorting, words: str) -> None:
        self._view.header.show_sorting(sorting)
        self._feed.arrange(sorting, words)

    def _on_sorting_asked(self, sorting: Sorting) -> None:
        self._arrange(sorting, self._feed.wish.words)

    def _take(self, arranged: ArrangedRows) -> None:
        self._view.take(arranged)
        if arranged.change in {Change.ORDER, Change.LINES}:
            self.rows_arranged.emit()

    def _fit(self) -> None:
        if not self._fits_rows and not self._hugs_rows:
            return
        header = self._view.horizontalHeader()
        rows = self._view.verticalHeader().length()
        bar = self._view.horizontalScrollBar()
        below = bar.sizeHint().height() if bar.maximum() > 0 else 0
        height = rows + (0 if header.isHidden() else header.sizeHint().height()) + below + _FRAME
        if self._fits_rows:
            self.setFixedHeight(height)
        else:
            self.setMaximumHeight(height)

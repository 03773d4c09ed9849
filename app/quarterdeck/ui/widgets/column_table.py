"""The one table of the program: any number of rows from immutable columns, sorted, filtered, walked by keyboard."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from PySide6.QtCore import QEvent, QModelIndex, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QSizePolicy, QTableView, QVBoxLayout
from typing_extensions import override

from quarterdeck.ui.theme.measures import ROW_HEIGHT
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.widgets.columns import ActionCells, ColumnSpec, StateCells, TableData
from quarterdeck.ui.widgets.row_order import Sorting
from quarterdeck.ui.widgets.table_delegate import TableDelegate
from quarterdeck.ui.widgets.table_header import TableHeader
from quarterdeck.ui.widgets.table_layout import (
    WRAPPING_ROWS,
    CellMeasure,
    column_widths,
    is_right_aligned,
    yielding_columns,
)
from quarterdeck.ui.widgets.table_model import ColumnModel
from quarterdeck.ui.widgets.table_paint import CELL_PADDING
from quarterdeck.ui.widgets.text import safe_line

_FRAME = 2


class ColumnTable(QFrame):
    """A table in a card of its own.

    J and K or the arrows move, Enter or a double click opens, Space presses the button of the row. A click on a title
    sorts, a second one reverses, a third returns to the order of the data. With `fits_rows` it is as high as its rows
    and never scrolls up or down; with `hugs_rows` it is as high as its rows at most, and scrolls where there is less.
    """

    row_selected = Signal(str)
    """The id of the row a person moved to or clicked."""
    row_activated = Signal(str)
    """The id of the row to open."""
    action_requested = Signal(str)
    """The id of the row whose button was pressed."""

    def __init__(
        self,
        theme: Theme,
        specs: tuple[ColumnSpec, ...],
        *,
        accessible_name: str,
        has_header: bool = True,
        fits_rows: bool = False,
        hugs_rows: bool = False,
    ) -> None:
        super().__init__()
        self.setProperty("kind", "table")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self._fits_rows = fits_rows
        self._hugs_rows = hugs_rows
        self._words = ""
        titled = tuple(replace(spec, title=safe_line(spec.title)) for spec in specs)
        self._view = _TableView(theme, titled, has_header=has_header)
        self._view.setAccessibleName(safe_line(accessible_name))
        self.setFocusProxy(self._view)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._view)
        if fits_rows:
            self._view.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
            self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._view.moved_to.connect(self.row_selected)
        self._view.opened.connect(self.row_activated)
        self._view.pressed_action.connect(self.action_requested)
        self._view.laid_out.connect(self._fit)

    def set_data(self, data: TableData) -> None:
        """Show another moment of the table. Selection and place are kept by id; one signal reaches the view."""
        self._view.show_data(data)

    def set_filter(self, words: str) -> None:
        """Show only rows in which all these words occur among its words, tags and states; an empty text shows all."""
        self._words = words
        self._view.arrange(self._view.table_model.sorting, words)

    def sort_by(self, key: str, *, is_descending: bool = False) -> None:
        """Order the rows by a column; an empty key returns to the order of the data."""
        keys = [spec.key for spec in self._view.table_model.specs]
        column = keys.index(key) if key else -1
        self._view.arrange(Sorting(column, is_descending), self._words)

    def select(self, row_id: str) -> None:
        """Select a row and scroll to it, without a signal; an unknown or empty id selects nothing."""
        self._view.choose(row_id)

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
    def shown_count(self) -> int:
        """How many rows the filter leaves."""
        return int((self._view.table_model.lines.rows >= 0).sum())

    def _fit(self) -> None:
        if not self._fits_rows and not self._hugs_rows:
            return
        header = self._view.horizontalHeader()
        rows = sum(self._view.rowHeight(line) for line in range(self._view.table_model.rowCount()))
        bar = self._view.horizontalScrollBar()
        below = bar.sizeHint().height() if bar.maximum() > 0 else 0
        height = rows + (0 if header.isHidden() else header.sizeHint().height()) + below + _FRAME
        if self._fits_rows:
            self.setFixedHeight(height)
        else:
            self.setMaximumHeight(height)


class _TableView(QTableView):
    moved_to = Signal(str)
    opened = Signal(str)
    pressed_action = Signal(str)
    laid_out = Signal()

    def __init__(self, theme: Theme, specs: tuple[ColumnSpec, ...], *, has_header: bool) -> None:
        super().__init__()
        self.table_model = ColumnModel(specs, self)
        self._measure = CellMeasure(theme)
        self._asked = tuple(spec.width or 0 for spec in specs)
        self._chosen_widths: dict[int, int] = {}
        self._is_laying_out = False
        self._is_restoring = False
        self._header = TableHeader(theme, specs, self)
        self.setHorizontalHeader(self._header)
        self.setModel(self.table_model)
        self._painting = TableDelegate(theme, self.table_model, self)
        self.setItemDelegate(self._painting)
        self._header.setVisible(has_header)
        self._set_up()
        self._connect(theme)

    def _set_up(self) -> None:
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.viewport().setAutoFillBackground(False)
        self.setShowGrid(False)
        self.setMouseTracking(True)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.verticalHeader().setMinimumSectionSize(20)
        self.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)

    def _connect(self, theme: Theme) -> None:
        self.selectionModel().selectionChanged.connect(self._on_moved)
        self.doubleClicked.connect(self._on_opened)
        self.entered.connect(self._on_entered)
        self._painting.action_clicked.connect(self.pressed_action)
        self._header.sectionClicked.connect(self._on_title_clicked)
        self._header.sectionResized.connect(self._on_section_resized)
        theme.changed.connect(self.viewport().update)

    def show_data(self, data: TableData) -> None:
        before = self.chosen_id()
        scrolled = self.verticalScrollBar().value()
        is_same = self.table_model.replace(data)
        specs = self.table_model.specs
        if data.cells:
            self._header.right_aligned = frozenset(
                at for at, spec in enumerate(specs) if is_right_aligned(spec, data.cells[at])
            )
            self._asked = tuple(
                self._measure.asked_width(spec, data.cells[at], self._header.title_width(at))
                for at, spec in enumerate(specs)
            )
        self._lay_out()
        if not is_same:
            self._restore(before)
            self.verticalScrollBar().setValue(scrolled)

    def arrange(self, sorting: Sorting, words: str) -> None:
        before = self.chosen_id()
        self.table_model.arrange(sorting, words)
        self._header.sorting = sorting
        self._header.viewport().update()
        self._lay_out()
        self._restore(before)
        self._scroll_to_choice()

    def retitle(self, key: str, title: str) -> None:
        specs = self.table_model.specs
        at = [spec.key for spec in specs].index(key)
        if specs[at].title != title:
            renamed = replace(specs[at], title=safe_line(title))
            self.table_model.specs = self._header.specs = (*specs[:at], renamed, *specs[at + 1 :])
            self.table_model.headerDataChanged.emit(Qt.Orientation.Horizontal, at, at)

    def chosen_id(self) -> str:
        return self.table_model.lines.id_at(self._chosen_line())

    def _chosen_line(self) -> int:
        """The selected line; the current index alone is no choice, Qt sets it when the view gets the focus."""
        rows = self.selectionModel().selectedRows()
        return rows[0].row() if rows else -1

    def choose(self, row_id: str) -> None:
        self._restore(row_id)
        self._scroll_to_choice()

    def _scroll_to_choice(self) -> None:
        if (line := self._chosen_line()) >= 0:
            self.scrollTo(self.table_model.index(line, 0))

    def plain_tool_tip_at(self, position: QPoint) -> str:
        index = self.indexAt(position)
        if not index.isValid() or isinstance(self.table_model.lines.data.cells[index.column()], ActionCells):
            return ""
        lines = self.table_model.lines
        if lines.row_of(index.row()) >= 0 and (tip := lines.data.tip(lines.row_of(index.row()), index.column())):
            return tip
        words = str(index.data() or "")
        cells = self.table_model.lines.data.cells[index.column()]
        is_mark = isinstance(cells, StateCells) and not cells.words
        room = self.visualRect(index).width() - 2 * CELL_PADDING
        return words if is_mark or self.fontMetrics().horizontalAdvance(words) > room else ""

    def _restore(self, row_id: str) -> None:
        self._is_restoring = True
        line = self.table_model.lines.line_of(row_id)
        if line < 0:
            self.selectionModel().clear()
        else:
            self.selectRow(line)
        self._is_restoring = False
        self.viewport().update()

    def _lay_out(self) -> None:
        self._is_laying_out = True
        model = self.table_model
        room = self.viewport().width()
        gone = yielding_columns(model.specs, self._asked, room, self._chosen_widths)
        asked = tuple(0 if at in gone else width for at, width in enumerate(self._asked))
        widths = column_widths(model.specs, asked, room, self._chosen_widths)
        for at, width in enumerate(widths):
            self.setColumnHidden(at, at in gone)
            if at not in gone:
                self.setColumnWidth(at, width)
        self._set_heights(widths)
        self._is_laying_out = False
        self._header.updateGeometry()
        self.updateGeometries()
        self.laid_out.emit()

    def _set_heights(self, widths: tuple[int, ...]) -> None:
        lines = self.table_model.lines
        self.clearSpans()
        has_wrapping = any(spec.wraps for spec in self.table_model.specs) and len(lines.rows) <= WRAPPING_ROWS
        special = range(len(lines.rows)) if has_wrapping else np.flatnonzero(lines.rows < 0).tolist()
        for line in special:
            is_heading = lines.row_of(line) < 0
            self.setRowHeight(line, self._measure.line_height(self.table_model.specs, widths, lines, line))
            if is_heading and len(self.table_model.specs) > 1:
                self.setSpan(line, 0, 1, len(self.table_model.specs))

    def _on_moved(self) -> None:
        row_id = self.chosen_id()
        if row_id and not self._is_restoring:
            self.moved_to.emit(row_id)
        self.viewport().update()

    def _on_opened(self, index: QModelIndex) -> None:
        row_id = self.table_model.lines.id_at(index.row())
        if row_id:
            self.opened.emit(row_id)

    def _on_entered(self, index: QModelIndex) -> None:
        self._painting.hovered_line = index.row()
        self.viewport().update()

    def _on_title_clicked(self, section: int) -> None:
        if not self.table_model.specs[section].is_sortable:
            return
        now = self.table_model.sorting
        if now.column != section:
            following = Sorting(section)
        else:
            following = Sorting() if now.is_descending else Sorting(section, is_descending=True)
        self.arrange(following, self.table_model.words)

    def _on_section_resized(self, section: int, _before: int, width: int) -> None:
        """What a person drags a column to stays; Qt resizes columns too, when a hidden table changes its window."""
        if not self._is_laying_out and self.isVisible():
            self._chosen_widths[section] = width
            self._lay_out()

    def walk(self, step: int) -> None:
        line = self._chosen_line() + step
        while 0 <= line < self.table_model.rowCount():
            if self.table_model.lines.row_of(line) >= 0:
                self.selectRow(line)
                return
            line += step

    @override
    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        steps = {Qt.Key.Key_J: 1, Qt.Key.Key_Down: 1, Qt.Key.Key_K: -1, Qt.Key.Key_Up: -1}
        row_id = self.chosen_id()
        if event.key() in steps and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            self.walk(steps[Qt.Key(event.key())])
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and row_id:
            self.opened.emit(row_id)
        elif event.key() == Qt.Key.Key_Space and row_id and self._has_action():
            self.pressed_action.emit(row_id)
        else:
            super().keyPressEvent(event)

    def _has_action(self) -> bool:
        lines = self.table_model.lines
        row = lines.row_of(self._chosen_line())
        return any(isinstance(cells, ActionCells) and cells.values[row] for cells in lines.data.cells)

    @override
    def keyboardSearch(self, search: str, /) -> None:
        """Typing letters belongs to the keys of the place, not to a search for the first letter."""

    @override
    def leaveEvent(self, event: QEvent, /) -> None:
        self._painting.hovered_line = -1
        self.viewport().update()
        super().leaveEvent(event)

    @override
    def resizeEvent(self, event: QResizeEvent, /) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width() and not self._is_laying_out:
            self._lay_out()

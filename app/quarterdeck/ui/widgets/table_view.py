"""The view inside a table: lays out columns and lines, keeps selection and place, takes keys and clicks."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from PySide6.QtCore import QEvent, QModelIndex, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame
from typing_extensions import override

from quarterdeck.ui.theme.measures import ROW_HEIGHT
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.widgets.columns import ActionCells, ColumnSpec, StateCells, TableData
from quarterdeck.ui.widgets.line_paint import LinePainter
from quarterdeck.ui.widgets.row_feed import ArrangedRows, Change
from quarterdeck.ui.widgets.row_order import Sorting
from quarterdeck.ui.widgets.row_selection import RowSelection
from quarterdeck.ui.widgets.table_delegate import TableDelegate
from quarterdeck.ui.widgets.table_header import TableHeader
from quarterdeck.ui.widgets.table_layout import (
    WRAPPING_ROWS,
    CellMeasure,
    column_widths,
    is_right_aligned,
    yielding_columns,
)
from quarterdeck.ui.widgets.table_paint import CELL_PADDING
from quarterdeck.ui.widgets.text import safe_line


class TableView(RowSelection):
    """Shows arranged rows; `moved_to`, `opened` and `pressed_action` carry a row's id, `sorting_asked` a Sorting.

    `chosen_changed` comes when other rows are selected.
    """

    chosen_changed = Signal()
    moved_to = Signal(str)
    opened = Signal(str)
    pressed_action = Signal(str)
    sorting_asked = Signal(object)
    laid_out = Signal()

    def __init__(
        self, theme: Theme, specs: tuple[ColumnSpec, ...], *, has_header: bool, is_multiple: bool = False
    ) -> None:
        super().__init__(specs, is_multiple=is_multiple)
        self._measure = CellMeasure(theme)
        self._asked = tuple(spec.width or 0 for spec in specs)
        self._chosen_widths: dict[int, int] = {}
        self._is_laying_out = False
        self._special_lines: tuple[int, ...] = ()
        self._awaited_id: str | None = None
        self.header = TableHeader(theme, specs, self)
        self.setHorizontalHeader(self.header)
        self.setModel(self.table_model)
        self._painting = LinePainter(theme, self.table_model, self)
        self._buttons = TableDelegate(theme, self.table_model, self)
        self.setItemDelegate(self._buttons)
        self.header.setVisible(has_header)
        self._set_up()
        self._connect(theme)

    def _set_up(self) -> None:
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.viewport().setAutoFillBackground(False)
        self.setShowGrid(False)
        self.setMouseTracking(True)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
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
        self._buttons.action_clicked.connect(self.pressed_action)
        self.header.sectionClicked.connect(self._on_title_clicked)
        self.header.sectionResized.connect(self._on_section_resized)
        theme.changed.connect(self.viewport().update)

    def take(self, arranged: ArrangedRows) -> None:
        """Show these rows. The selection follows its row; the place too, where rows are in the order of the data."""
        if arranged.change is not Change.NOTHING:
            self._replace(arranged)
        self._awaited_id = None
        if arranged.wish.is_chosen:
            self._scroll_to_choice()

    def _replace(self, arranged: ArrangedRows) -> None:
        chosen = self.chosen_id() if self._awaited_id is None else self._awaited_id
        others = self.chosen_ids() if self._awaited_id is None else ()
        row = self.chosen_row()
        scrolled, anchor = self.verticalScrollBar().value(), self._anchor(arranged)
        self.table_model.show(arranged)
        is_roomier = self._ask_widths(arranged.lines.data)
        if is_roomier or arranged.change is Change.LINES or self._wraps():
            self._lay_out()
        if arranged.change is not Change.CONTENT or self._awaited_id is not None:
            self.restore(chosen, near=row, others=others)
        self.reach_folded()
        if arranged.change is Change.LINES and not arranged.wish.is_chosen:
            self.verticalScrollBar().setValue(self._place_again(scrolled, anchor))

    def _anchor(self, arranged: ArrangedRows) -> tuple[str, int, int]:
        """The row at the top of what is in sight, where it is and which place it has in the data; no id for none."""
        line = self.rowAt(0)
        is_by_values = arranged.wish.sorting.column >= 0 or arranged.change is not Change.LINES
        if is_by_values or line < 0 or not self.verticalScrollBar().value():
            return "", 0, 0
        lines = self.table_model.lines
        return lines.id_at(line), self.rowViewportPosition(line), max(0, lines.row_of(line))

    def _place_again(self, scrolled: int, anchor: tuple[str, int, int]) -> int:
        row_id, top, near = anchor
        line = self.table_model.lines.line_of(row_id, near)
        return scrolled if line < 0 else self.verticalHeader().sectionPosition(line) - top

    def _ask_widths(self, data: TableData) -> bool:
        """Ask the columns how wide they want to be; whether that is something new."""
        if not data.cells:
            return False
        before, specs = self._asked, self.table_model.specs
        self.header.right_aligned = frozenset(
            at for at, spec in enumerate(specs) if is_right_aligned(spec, data.cells[at])
        )
        self._asked = tuple(
            self._measure.asked_width(spec, data.cells[at], self.header.title_width(at))
            for at, spec in enumerate(specs)
        )
        return self._asked != before

    def retitle(self, key: str, title: str) -> None:
        """Give a column another title; raises ValueError for an unknown key."""
        specs = self.table_model.specs
        at = [spec.key for spec in specs].index(key)
        if specs[at].title != title:
            renamed = replace(specs[at], title=safe_line(title))
            self.table_model.specs = self.header.specs = (*specs[:at], renamed, *specs[at + 1 :])
            self.table_model.headerDataChanged.emit(Qt.Orientation.Horizontal, at, at)

    def choose(self, row_id: str, *, is_more_to_come: bool) -> None:
        """Select a row without a signal; when more is to come, again among the rows that come."""
        self.restore(row_id, near=self.chosen_row())
        self._scroll_to_choice()
        self._awaited_id = row_id if is_more_to_come else None

    def _scroll_to_choice(self) -> None:
        if (line := self.chosen_line()) >= 0:
            self.scrollTo(self.table_model.index(line, 0))

    def plain_tool_tip_at(self, position: QPoint) -> str:
        """What more there is to say about the cell at a place; its words where they are cut."""
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
        wanted = self._measure.text_width(self.table_model.specs[index.column()], words)
        return words if is_mark or wanted > room else ""

    def _lay_out(self, *, is_again: bool = False) -> None:
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
        self.header.updateGeometry()
        self.updateGeometries()
        self._is_laying_out = False
        if self.viewport().width() != room and not is_again:
            # Lines became so many or so few that the bar beside them came or went, and with it some room. Once, for
            # a column that gives way to the bar may take with it the lines for which the bar came.
            self._lay_out(is_again=True)
        else:
            self.laid_out.emit()

    def _wraps(self) -> bool:
        return len(self.table_model.lines.rows) <= WRAPPING_ROWS and any(spec.wraps for spec in self.table_model.specs)

    def _set_heights(self, widths: tuple[int, ...]) -> None:
        lines, column_count = self.table_model.lines, len(self.table_model.specs)
        self.clearSpans()
        special = range(len(lines.rows)) if self._wraps() else np.flatnonzero(lines.rows < 0).tolist()
        # Else the hidden header works out for every line what of it would have to be painted.
        self.verticalHeader().setUpdatesEnabled(False)
        for line in self._special_lines:
            self.setRowHeight(line, ROW_HEIGHT)
        self._special_lines = tuple(special)
        for line in special:
            self.setRowHeight(line, self._measure.line_height(self.table_model.specs, widths, lines, line))
            if lines.row_of(line) < 0 and column_count > 1:
                self.setSpan(line, 0, 1, column_count)
        self.verticalHeader().setUpdatesEnabled(True)

    def _on_moved(self) -> None:
        row_id = self.chosen_id()
        if not self.is_restoring:
            self.chosen_changed.emit()
        if row_id and not self.is_restoring:
            self._awaited_id = None
            self.moved_to.emit(row_id)
        self.viewport().update()

    def _on_opened(self, index: QModelIndex) -> None:
        row_id = self.table_model.lines.id_at(index.row())
        if row_id:
            self.opened.emit(row_id)

    def _on_entered(self, index: QModelIndex) -> None:
        self._hover(index.row())

    def _hover(self, line: int) -> None:
        for changed in {self._painting.hovered_line, line}:
            if changed >= 0:
                top, height = self.rowViewportPosition(changed), self.rowHeight(changed)
                self.viewport().update(QRect(0, top, self.viewport().width(), height))
        self._painting.hovered_line = line

    def _on_title_clicked(self, section: int) -> None:
        if not self.table_model.specs[section].is_sortable:
            return
        now = self.header.sorting
        if now.column != section:
            following = Sorting(section)
        else:
            following = Sorting() if now.is_descending else Sorting(section, is_descending=True)
        self.sorting_asked.emit(following)

    def _on_section_resized(self, section: int, _before: int, width: int) -> None:
        """What a person drags a column to stays; Qt resizes columns too, when a hidden table changes its window."""
        if not self._is_laying_out and self.isVisible():
            self._chosen_widths[section] = width
            self._lay_out()

    def walk(self, step: int) -> None:
        """Move the selection by so many rows, past headings whose rows are in sight."""
        line = self.chosen_line() + step
        while 0 <= line < self.table_model.rowCount():
            group = self.table_model.lines.group_at(line)
            if group is None or group.is_folded:
                self.choose_line(line)
                return
            line += step

    @override
    def paintEvent(self, event: QPaintEvent, /) -> None:
        self._painting.paint(QPainter(self.viewport()), event.rect(), self.chosen_lines())

    @override
    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        steps = {Qt.Key.Key_J: 1, Qt.Key.Key_Down: 1, Qt.Key.Key_K: -1, Qt.Key.Key_Up: -1}
        row_id = self.chosen_id()
        if self.take_fold(event):
            return
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
        row = lines.row_of(self.chosen_line())
        return any(isinstance(cells, ActionCells) and cells.values[row] for cells in lines.data.cells)

    @override
    def keyboardSearch(self, search: str, /) -> None:
        """Typing letters belongs to the keys of the place, not to a search for the first letter."""

    @override
    def leaveEvent(self, event: QEvent, /) -> None:
        self._hover(-1)
        super().leaveEvent(event)

    @override
    def resizeEvent(self, event: QResizeEvent, /) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width() and not self._is_laying_out:
            self._lay_out()

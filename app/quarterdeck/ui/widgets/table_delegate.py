"""Clicks on the buttons in a table's cells."""

from __future__ import annotations

from PySide6.QtCore import QAbstractItemModel, QEvent, QModelIndex, QPersistentModelIndex, QRect, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem, QTableView
from typing_extensions import override

from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.widgets.columns import ActionCells
from quarterdeck.ui.widgets.table_model import ColumnModel
from quarterdeck.ui.widgets.table_paint import CELL_PADDING, CellPainter
from quarterdeck.ui.widgets.text import safe_line

Index = QModelIndex | QPersistentModelIndex


class TableDelegate(QStyledItemDelegate):
    """`action_clicked` carries the id of the row whose button was clicked. It paints nothing: lines do."""

    action_clicked = Signal(str)

    def __init__(self, theme: Theme, model: ColumnModel, view: QTableView) -> None:
        super().__init__(view)
        self._model = model
        self._view = view
        self._cells = CellPainter(theme)

    @override
    def editorEvent(
        self, event: QEvent, model: QAbstractItemModel, option: QStyleOptionViewItem, index: Index, /
    ) -> bool:
        if event.type() is not QEvent.Type.MouseButtonRelease or not isinstance(event, QMouseEvent):
            return False
        row_id = self._model.lines.id_at(index.row())
        if row_id and self.action_at(index, self._view.visualRect(index)).contains(event.position().toPoint()):
            self.action_clicked.emit(row_id)
            return True
        return False

    def action_at(self, index: Index, rect: QRect) -> QRect:
        """Where the button of a cell is; an empty rectangle for a cell without one."""
        cells = self._model.lines.data.cells[index.column()]
        row = self._model.lines.row_of(index.row())
        if not isinstance(cells, ActionCells) or row < 0 or not cells.values[row]:
            return QRect()
        area = rect.adjusted(CELL_PADDING, 0, -CELL_PADDING, -1)
        return self._cells.action_area(area, safe_line(cells.values[row]))

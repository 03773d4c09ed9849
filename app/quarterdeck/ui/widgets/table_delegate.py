"""Lines of a table: their ground, hairline and focus mark, group headings, and clicks on the buttons in cells."""

from __future__ import annotations

from PySide6.QtCore import QAbstractItemModel, QEvent, QModelIndex, QPersistentModelIndex, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QCursor, QMouseEvent, QPainter, QPainterPath
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTableView
from typing_extensions import override

from quarterdeck.ui.theme.measures import RADIUS_CARD
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.widgets.columns import ActionCells, RowGroup
from quarterdeck.ui.widgets.staleness import is_stale
from quarterdeck.ui.widgets.table_model import ColumnModel
from quarterdeck.ui.widgets.table_paint import CELL_PADDING, NOTE_GAP, CellPainter, CellPlace
from quarterdeck.ui.widgets.text import safe_line

Index = QModelIndex | QPersistentModelIndex
_HOVER_ALPHA = 130


class TableDelegate(QStyledItemDelegate):
    """Paints lines of a `ColumnModel`; `action_clicked` carries the id of the row whose button was clicked."""

    action_clicked = Signal(str)

    def __init__(self, theme: Theme, model: ColumnModel, view: QTableView) -> None:
        super().__init__(view)
        self._theme = theme
        self._model = model
        self._view = view
        self._cells = CellPainter(theme)
        self.hovered_line = -1

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index, /) -> None:
        rect: QRect = option.rect
        line, lines = index.row(), self._model.lines
        group = lines.group_at(line)
        is_chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        self._paint_ground(painter, rect, index, is_chosen=is_chosen, is_heading=group is not None)
        if group is not None:
            self._paint_heading(painter, rect, group)
            return
        spec = self._model.specs[index.column()]
        area = rect.adjusted(CELL_PADDING, 0, -CELL_PADDING, -1)
        cells = lines.data.cells[index.column()]
        is_hot = isinstance(cells, ActionCells) and line == self.hovered_line and self._is_under_pointer(area)
        place = CellPlace(area, spec, is_hot, is_stale(self._view))
        self._cells.paint(painter, place, cells, lines.row_of(line))

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

    def _is_under_pointer(self, area: QRect) -> bool:
        return area.contains(self._view.viewport().mapFromGlobal(QCursor.pos()))

    def _paint_ground(self, painter: QPainter, rect: QRect, index: Index, *, is_chosen: bool, is_heading: bool) -> None:
        tokens = self._theme.tokens
        is_hovered = index.row() == self.hovered_line
        painter.save()
        if is_chosen or is_heading or is_hovered:
            ground = QColor(tokens.accent_ground if is_chosen else tokens.hover)
            ground.setAlpha(_HOVER_ALPHA if not is_chosen and not is_heading else 255)
            self._clip_corners(painter, rect)
            painter.fillRect(rect, ground)
        is_last = index.row() == self._model.rowCount() - 1
        if not is_last or rect.bottom() < self._view.viewport().height() - 1:
            painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, QColor(tokens.line))
        if is_chosen and index.column() == 0 and self._view.hasFocus():
            painter.fillRect(rect.left(), rect.top(), 2, rect.height(), QColor(tokens.accent))
        painter.restore()

    def _clip_corners(self, painter: QPainter, rect: QRect) -> None:
        """Keep a filled line inside the rounded corners of the table's frame."""
        viewport = self._view.viewport().rect()
        radius = RADIUS_CARD - 1
        is_at_top = rect.top() < radius and self._view.horizontalHeader().isHidden()
        if not is_at_top and rect.bottom() <= viewport.bottom() - radius:
            return
        inside = QRectF(viewport)
        if not is_at_top:
            inside.setTop(inside.top() - 2 * radius)
        path = QPainterPath()
        path.addRoundedRect(inside, radius, radius)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setClipPath(path, Qt.ClipOperation.IntersectClip)

    def _paint_heading(self, painter: QPainter, rect: QRect, group: RowGroup) -> None:
        tokens = self._theme.tokens
        area = rect.adjusted(CELL_PADDING, 0, -CELL_PADDING, -1)
        painter.setFont(self._theme.fonts.strong)
        painter.setPen(QColor(tokens.text))
        title = safe_line(group.title)
        painter.drawText(area, int(Qt.AlignmentFlag.AlignVCenter), title)
        used = painter.fontMetrics().horizontalAdvance(title) + NOTE_GAP + 2
        painter.setFont(self._theme.fonts.body)
        painter.setPen(QColor(tokens.text_tertiary))
        note = painter.fontMetrics().elidedText(
            safe_line(group.note), Qt.TextElideMode.ElideRight, max(0, area.width() - used)
        )
        painter.drawText(area.adjusted(used, 0, 0, 0), int(Qt.AlignmentFlag.AlignVCenter), note)

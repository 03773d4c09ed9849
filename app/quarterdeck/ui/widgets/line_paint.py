"""Paints the lines of a table that are in sight: their ground, hairline and focus mark, headings and cells."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QCursor, QPainter, QPainterPath
from PySide6.QtWidgets import QTableView

from quarterdeck.ui.theme.marks import paint_mark
from quarterdeck.ui.theme.measures import RADIUS_CARD
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.widgets.columns import ActionCells, RowGroup
from quarterdeck.ui.widgets.row_order import TableLines
from quarterdeck.ui.widgets.staleness import is_stale, state_as_shown
from quarterdeck.ui.widgets.table_model import ColumnModel
from quarterdeck.ui.widgets.table_paint import CELL_PADDING, MARK_ROOM, NOTE_GAP, CellPainter, CellPlace
from quarterdeck.ui.widgets.text import safe_line

_HOVER_ALPHA = 130
_CARET = 12
_CARET_GAP = 6


class LinePlace(NamedTuple):
    """A line in sight: the row it shows, or -1 - g for the heading of group g, and where it is from top to bottom."""

    line: int
    row: int
    top: int
    height: int


class LinePainter:
    """Paints straight from the columns: neither the model nor a delegate is asked about a single cell."""

    def __init__(self, theme: Theme, model: ColumnModel, view: QTableView) -> None:
        self._theme = theme
        self._model = model
        self._view = view
        self._cells = CellPainter(theme)
        self.hovered_line = -1

    def paint(self, painter: QPainter, area: QRect, chosen_lines: Collection[int]) -> None:
        """Paint what lies inside an area of the viewport."""
        lines = self._model.lines
        places = tuple(self._places(area, lines))
        across = self._across()
        for place in places:
            rect = QRect(across.left(), place.top, across.width(), place.height)
            self._paint_ground(painter, rect, place, is_chosen=place.line in chosen_lines)
            if place.row < 0:
                self._paint_heading(painter, rect, lines.data.groups[-1 - place.row])
        rows = tuple(place for place in places if place.row >= 0)
        is_old = is_stale(self._view)
        for column in range(len(self._model.specs) if rows else 0):
            left, width = self._view.columnViewportPosition(column), self._view.columnWidth(column)
            if width > 0 and left <= area.right() and left + width > area.left():
                self._paint_column(painter, column, rows, is_old=is_old)

    def _places(self, area: QRect, lines: TableLines) -> Iterator[LinePlace]:
        view = self._view
        first = view.rowAt(max(0, area.top()))
        for line in range(first if first >= 0 else len(lines.rows), len(lines.rows)):
            top = view.rowViewportPosition(line)
            if top > area.bottom():
                return
            yield LinePlace(line, int(lines.rows[line]), top, view.rowHeight(line))

    def _across(self) -> QRect:
        header = self._view.horizontalHeader()
        shown = [at for at in range(header.count()) if not header.isSectionHidden(at)]
        left = min((header.sectionViewportPosition(at) for at in shown), default=0)
        return QRect(left, 0, header.length(), 0)

    def _paint_column(self, painter: QPainter, column: int, rows: tuple[LinePlace, ...], *, is_old: bool) -> None:
        spec, cells = self._model.specs[column], self._model.lines.data.cells[column]
        left = self._view.columnViewportPosition(column) + CELL_PADDING
        width = self._view.columnWidth(column) - 2 * CELL_PADDING
        pointer = self._view.viewport().mapFromGlobal(QCursor.pos()) if isinstance(cells, ActionCells) else None
        for place in rows:
            area = QRect(left, place.top, width, place.height - 1)
            is_hot = pointer is not None and place.line == self.hovered_line and area.contains(pointer)
            self._cells.paint(painter, CellPlace(area, spec, is_hot, is_old), cells, place.row)

    def _paint_ground(self, painter: QPainter, rect: QRect, place: LinePlace, *, is_chosen: bool) -> None:
        tokens = self._theme.tokens
        is_heading = place.row < 0
        if is_chosen or is_heading or place.line == self.hovered_line:
            ground = QColor(tokens.accent_ground if is_chosen else tokens.hover)
            ground.setAlpha(_HOVER_ALPHA if not is_chosen and not is_heading else 255)
            painter.save()
            self._clip_corners(painter, rect)
            painter.fillRect(rect, ground)
            painter.restore()
        is_last = place.line == self._model.rowCount() - 1
        if not is_last or rect.bottom() < self._view.viewport().height() - 1:
            painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, QColor(tokens.line))
        if is_chosen and self._view.hasFocus():
            painter.fillRect(rect.left(), rect.top(), 2, rect.height(), QColor(tokens.accent))

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
        if group.key:
            self._paint_caret(painter, area, is_folded=group.is_folded)
            area.adjust(_CARET + _CARET_GAP, 0, 0, 0)
        if group.state is not None:
            state = state_as_shown(self._view, group.state)
            paint_mark(painter, QPointF(area.left() + 6, area.center().y() + 0.5), state, tokens)
            area.adjust(MARK_ROOM + 2, 0, 0, 0)
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

    def _paint_caret(self, painter: QPainter, area: QRect, *, is_folded: bool) -> None:
        place = QRect(area.left(), area.top() + (area.height() - _CARET) // 2, _CARET, _CARET)
        name, ratio = "caret-right" if is_folded else "caret-down", self._view.devicePixelRatioF()
        pixmap = self._theme.icons.pixmap(name, self._theme.tokens.text_secondary, size=_CARET, ratio=ratio)
        painter.drawPixmap(place, pixmap)

"""The rows of a row chart: labels at the left, the times below, and what follows the pointer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import tzinfo

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetrics,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from quarterdeck.ui.charts.chart_group import ChartGroup
from quarterdeck.ui.charts.chart_keys import ChartKeys
from quarterdeck.ui.charts.column_raster import Picture
from quarterdeck.ui.charts.row_data import RowData, per_pixel
from quarterdeck.ui.charts.row_paint import RowLook, heat_rows, horizon_rows, scale_colours
from quarterdeck.ui.charts.ticks import time_ticks
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.theme.tokens import Tokens
from quarterdeck.ui.widgets.state_stack import paint_hatch
from quarterdeck.ui.widgets.text import safe_line

BANDS = 4
_WIDEST_LABEL = 190
_LABEL_GAP = 8
_SIDE = 14
_TIMES_HEIGHT = 24
_TALLEST, _USUAL, _LOWEST = 34, 20, 9
_ROW_GAP = 2
_PIXELS_PER_TIME = 96
_WHEEL_FACTOR, _WHEEL_STEP = 0.8, 120.0
_MIDDLE = 0.5


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the rows are: their area, and the height of one with the gap below it."""

    area: QRectF
    row_height: int


class RowSurface(QWidget):
    """Rows of one group of charts. `pointed` tells that another row is pointed at: see `row`."""

    pointed = Signal()

    def __init__(self, theme: Theme, group: ChartGroup, look: RowLook, zone: tzinfo | None) -> None:
        super().__init__()
        self._theme, self._group, self._look, self._zone = theme, group, look, zone
        self._data = RowData.none()
        self._picture: tuple[tuple[object, ...], Picture] | None = None
        self.row: int | None = None
        self._keys = ChartKeys(group)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        for changed in (theme.changed, group.view_changed, group.marks_changed, group.pointer_moved):
            changed.connect(self._repaint)

    def set_data(self, data: RowData) -> None:
        """Show other rows; the row pointed at stays where there are as many."""
        self._data = data
        if self.row is not None and self.row >= len(data.labels):
            self.row = None
        self.updateGeometry()
        self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(600, _USUAL * len(self._data.labels) + _TIMES_HEIGHT + 4)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(240, _LOWEST * len(self._data.labels) + _TIMES_HEIGHT + 4)

    @override
    def paintEvent(self, event: QPaintEvent, /) -> None:
        painter = QPainter(self)
        place, tokens = self._place(), self._theme.tokens
        self._paint_rows(painter, place, tokens)
        self._paint_labels(painter, place, tokens)
        self._paint_times(painter, place, tokens)
        self._paint_marks(painter, place, tokens)

    @override
    def mouseMoveEvent(self, event: QMouseEvent, /) -> None:
        self._point(event.position())

    @override
    def leaveEvent(self, event: QEvent, /) -> None:
        self._go_to(None, None)

    @override
    def mousePressEvent(self, event: QMouseEvent, /) -> None:
        if event.button() is Qt.MouseButton.LeftButton and self._place().area.contains(event.position()):
            self._group.play_head_requested.emit(self._seconds_at(event.position().x()))

    @override
    def mouseDoubleClickEvent(self, event: QMouseEvent, /) -> None:
        self._group.reset()

    @override
    def wheelEvent(self, event: QWheelEvent, /) -> None:
        self._group.zoom(
            _WHEEL_FACTOR ** (event.angleDelta().y() / _WHEEL_STEP), self._seconds_at(event.position().x())
        )

    @override
    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        steps = {Qt.Key.Key_Up: (-1, 0), Qt.Key.Key_Down: (1, 0), Qt.Key.Key_Left: (0, -1), Qt.Key.Key_Right: (0, 1)}
        is_wide = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        step = None if is_wide else steps.get(Qt.Key(event.key()))
        if step is not None and self._data.values.size:
            self._step(*step)
        elif not self._keys.press(event.key(), (), is_wide=is_wide):
            super().keyPressEvent(event)

    def _repaint(self) -> None:
        self.update()

    def _place(self) -> _Place:
        metrics = QFontMetrics(self._theme.fonts.small)
        widest = max((metrics.horizontalAdvance(safe_line(label, 80)) for label in self._data.labels), default=0)
        left = max(self._group.gutter, _SIDE + min(_WIDEST_LABEL, widest) + _LABEL_GAP)
        rows = max(1, len(self._data.labels))
        room = (self.height() - _TIMES_HEIGHT) // rows
        height = max(_LOWEST, min(_TALLEST, room))
        return _Place(QRectF(left, 0, max(1.0, self.width() - left - _SIDE), height * rows), height)

    def _paint_rows(self, painter: QPainter, place: _Place, tokens: Tokens) -> None:
        if not self._data.labels:
            return
        # Unknown cells stay clear in the picture, so that the hatching is seen through them and nowhere else.
        paint_hatch(painter, place.area, QColor(tokens.text_tertiary))
        pixels = self._rendered(place, self.devicePixelRatioF(), tokens)
        height, width = pixels.shape
        image = QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_ARGB32_Premultiplied)
        painter.drawImage(place.area, image, QRectF(image.rect()))

    def _rendered(self, place: _Place, ratio: float, tokens: Tokens) -> Picture:
        width, height = round(place.area.width() * ratio), round(place.row_height * ratio)
        key = (self._data, self._group.range_s, width, height, tokens)
        if self._picture is None or self._picture[0] != key:
            self._picture = (key, self._render(width, height, round(_ROW_GAP * ratio), tokens))
        return self._picture[1]

    def _render(self, width: int, height: int, gap: int, tokens: Tokens) -> Picture:
        shares = (per_pixel(self._data, self._group.range_s, width) - self._data.bottom) / (
            self._data.top - self._data.bottom
        )
        inner = max(1, height - gap)
        ground = QColor(tokens.raised).rgba()
        if self._look is RowLook.HEAT:
            painted = heat_rows(shares, inner, scale_colours(tokens.scale))
        else:
            painted = horizon_rows(shares, inner, ground, scale_colours(tokens.scale[1:], BANDS))
        rows = np.full((len(shares), height, width), np.uint32(ground))
        rows[:, : height - gap] = painted.reshape(len(shares), inner, width)[:, : height - gap]
        return np.ascontiguousarray(rows.reshape(-1, width))

    def _paint_labels(self, painter: QPainter, place: _Place, tokens: Tokens) -> None:
        painter.setFont(self._theme.fonts.small)
        metrics = painter.fontMetrics()
        room = place.area.left() - _SIDE - _LABEL_GAP
        every = max(1, -(-metrics.height() // (place.row_height + 1)))
        for number, label in enumerate(self._data.labels):
            is_pointed = number == self.row
            if number % every and not is_pointed:
                continue
            painter.setPen(QColor(tokens.text if is_pointed else tokens.text_secondary))
            box = QRectF(_SIDE, self._top_of(place, number) - 4, room, place.row_height - _ROW_GAP + 8)
            words = metrics.elidedText(safe_line(label, 80), Qt.TextElideMode.ElideRight, int(room))
            painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, words)

    def _paint_times(self, painter: QPainter, place: _Place, tokens: Tokens) -> None:
        most = max(1, int(place.area.width() / _PIXELS_PER_TIME))
        painter.setPen(QColor(tokens.text_tertiary))
        for tick in time_ticks(*self._group.range_s, most=most, zone=self._zone):
            width = painter.fontMetrics().horizontalAdvance(tick.words)
            left = self._x_of(place, tick.at) - width / 2
            left = min(max(left, place.area.left() - _LABEL_GAP), place.area.right() - width + 1)
            box = QRectF(left, place.area.bottom() + 4, width + 2, 16)
            painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, tick.words)

    def _paint_marks(self, painter: QPainter, place: _Place, tokens: Tokens) -> None:
        marks = self._group.marks
        for at, colour in ((marks.play_head_s, tokens.text_secondary), (marks.pointer_s, tokens.text)):
            start, end = self._group.range_s
            if at is not None and start <= at <= end:
                painter.setPen(QPen(QColor(colour), 1))
                x = round(self._x_of(place, at)) + _MIDDLE
                painter.drawLine(QPointF(x, place.area.top()), QPointF(x, place.area.bottom()))
        if self.row is not None:
            painter.setPen(QPen(QColor(tokens.accent if self.hasFocus() else tokens.text_tertiary), 1))
            top = self._top_of(place, self.row)
            frame = QRectF(place.area.left(), top, place.area.width(), place.row_height - _ROW_GAP)
            painter.drawRect(frame.adjusted(-1.5, -0.5, 0.5, 0.5))
        elif self.hasFocus():
            painter.setPen(QPen(QColor(tokens.accent), 1))
            painter.drawRect(place.area.adjusted(-0.5, 0.5, 0.5, -0.5))

    def _top_of(self, place: _Place, row: int) -> float:
        return place.area.top() + row * place.row_height

    def _x_of(self, place: _Place, at_s: float) -> float:
        start, end = self._group.range_s
        return place.area.left() + (at_s - start) * place.area.width() / (end - start)

    def _seconds_at(self, x: float) -> float:
        area = self._place().area
        start, end = self._group.range_s
        return start + (min(max(x, area.left()), area.right()) - area.left()) * (end - start) / area.width()

    def _point(self, position: QPointF) -> None:
        place = self._place()
        if not self._data.labels or not place.area.contains(position):
            self._go_to(None, None)
            return
        row = min(int((position.y() - place.area.top()) / place.row_height), len(self._data.labels) - 1)
        self._go_to(row, self._seconds_at(position.x()))

    def _step(self, down: int, across: int) -> None:
        """Go to the next cell; the first step only shows where one is."""
        start, end = self._group.range_s
        at = self._group.marks.pointer_s
        if self.row is None or at is None:
            self._go_to(self.row or 0, (start + end) / 2 if at is None else at)
            return
        row = min(max(self.row + down, 0), len(self._data.labels) - 1)
        edges = self._data.edges_s
        column = int(np.searchsorted(edges, at, side="right")) - 1 + across
        if across and 0 <= column < len(edges) - 1:
            at = min(max(float(edges[column] + edges[column + 1]) / 2, start), end)
        self._go_to(row, at)

    def _go_to(self, row: int | None, at_s: float | None) -> None:
        if row != self.row:
            self.row = row
            self.update()
        self._group.point(at_s)
        self.pointed.emit()

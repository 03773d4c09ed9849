"""A week as a map of its hours: seven rows of 24 cells, the fuller the stronger, read by pointer, key and words."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QColor,
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from quarterdeck.services.wording import percent
from quarterdeck.ui.charts.row_paint import scale_colours
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.widgets.text import safe_line, safe_text

DAYS, HOURS = 7, 24
_LABEL_ROOM = 34
_FOOT = 36
"""A line for the hours, and one for the legend."""
_HOURS_LINE = 18
_LEGEND_WIDTH = 96
_LEGEND_HEIGHT = 8
_LEGEND_GAP = 6
_LEAST_SPREAD = 0.02
"""A week that hardly varies is told from one that does by its middle shades, not stretched over all of them."""
_GAP = 2.0
_ROUNDED = 2.0
_HIGHEST_CELL = 22.0
_LEAST_CELL = 9.0
_ROW = 15
_STEPS = 64
_NAMED_HOURS = (0, 6, 12, 18)
_MOVES = {
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
}


class WeekMap(QWidget):
    """Shares by weekday and hour, (7, 24) from Monday on; NaN is an empty cell.

    Arrows, Home and End move to a cell while the map has the keyboard; `read` carries its words, also when the pointer
    is over one. The palest cell is the emptiest of the week and the strongest the fullest, a share of 2% apart at the
    least; the legend below says how much either is.
    """

    read = Signal(str)

    def __init__(self, theme: Theme, weekdays: tuple[str, ...], *, accessible_name: str) -> None:
        super().__init__()
        self._theme = theme
        self._weekdays = tuple(map(safe_line, weekdays))
        self._values: NDArray[np.float64] = np.full((DAYS, HOURS), np.nan)
        self._cursor = (0, 0)
        self.setAccessibleName(safe_line(accessible_name))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def set_values(self, values: NDArray[np.float64]) -> None:
        """Show these shares; raises ValueError for another shape than (7, 24)."""
        if values.shape != (DAYS, HOURS):
            message = "a week has seven days of 24 hours"
            raise ValueError(message)
        self._values = values
        self._describe()
        self.update()

    @property
    def scale(self) -> tuple[float, float]:
        """The shares that the palest and the strongest shade stand for; within 0 and 1 as far as the week is."""
        known = self._values[np.isfinite(self._values)]
        if not len(known):
            return 0.0, 1.0
        low, high = float(known.min()), float(known.max())
        missing = max(0.0, _LEAST_SPREAD - (high - low))
        above = min(missing / 2, max(0.0, 1.0 - high)) if high <= 1.0 else missing / 2
        low -= min(missing - above, max(0.0, low))
        return low, max(high + above, low + _LEAST_SPREAD)

    @property
    def description(self) -> str:
        """The whole week in words: the fullest and the emptiest hour, and each day's fullest."""
        values = self._values
        if not np.isfinite(values).any():
            return self.tr("No hour of the week is known.")
        most, least = (divmod(int(place), HOURS) for place in (np.nanargmax(values), np.nanargmin(values)))
        told = self.tr("Fullest {most}, emptiest {least}.").format(most=self._words(most), least=self._words(least))
        days = [
            self._words((day, int(np.nanargmax(values[day])))) for day in range(DAYS) if np.isfinite(values[day]).any()
        ]
        return f"{told} {self.tr('Fullest hour of each day')}: {'; '.join(days)}."

    def plain_tool_tip_at(self, position: QPoint) -> str:
        """The words of the cell under a point."""
        cell = self._cell_at(QPointF(position))
        return "" if cell is None else self._words(cell)

    def _words(self, cell: tuple[int, int]) -> str:
        value = float(self._values[cell])
        told = percent(value) if math.isfinite(value) else self.tr("not known")
        return f"{self._weekdays[cell[0]]} {cell[1]:02}:00 {told}"

    def _describe(self) -> None:
        cell = f"{self._words(self._cursor)}. " if self.hasFocus() else ""
        self.setAccessibleDescription(safe_text(cell + self.description))

    def _area(self, day: int, hour: int) -> QRectF:
        width = max(1.0, (self.width() - _LABEL_ROOM) / HOURS)
        height = max(1.0, (self.height() - _FOOT) / DAYS)
        return QRectF(_LABEL_ROOM + hour * width, day * height, width - _GAP, height - _GAP)

    def _cell_at(self, point: QPointF) -> tuple[int, int] | None:
        hour = math.floor((point.x() - _LABEL_ROOM) / max(1.0, (self.width() - _LABEL_ROOM) / HOURS))
        day = math.floor(point.y() / max(1.0, (self.height() - _FOOT) / DAYS))
        return (day, hour) if 0 <= day < DAYS and 0 <= hour < HOURS else None

    def _go_to(self, cell: tuple[int, int]) -> None:
        self._cursor = cell
        self._describe()
        self.read.emit(self._words(cell))
        self.update()
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.DescriptionChanged))

    @override
    def sizeHint(self) -> QSize:
        return QSize(_LABEL_ROOM + HOURS * 18, int(DAYS * _ROW + _FOOT))

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(int(_LABEL_ROOM + HOURS * _LEAST_CELL), int(DAYS * _ROW + _FOOT))

    @override
    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        key, (day, hour) = Qt.Key(event.key()), self._cursor
        if key in _MOVES:
            down, right = _MOVES[key]
            self._go_to(((day + down) % DAYS, (hour + right) % HOURS))
        elif key in {Qt.Key.Key_Home, Qt.Key.Key_End}:
            self._go_to((day, 0 if key == Qt.Key.Key_Home else HOURS - 1))
        else:
            super().keyPressEvent(event)

    @override
    def mouseMoveEvent(self, event: QMouseEvent, /) -> None:
        cell = self._cell_at(event.position())
        self.read.emit("" if cell is None else self._words(cell))

    @override
    def mousePressEvent(self, event: QMouseEvent, /) -> None:
        cell = self._cell_at(event.position())
        if cell is not None:
            self._go_to(cell)

    @override
    def paintEvent(self, event: QPaintEvent, /) -> None:
        tokens = self._theme.tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_labels(painter)
        painter.setPen(Qt.PenStyle.NoPen)
        colours = [QColor.fromRgba(int(colour)) for colour in scale_colours(tokens.scale, _STEPS)]
        low, high = self.scale
        for day in range(DAYS):
            for hour in range(HOURS):
                value = float(self._values[day, hour])
                if math.isfinite(value):
                    place = round((value - low) / (high - low) * (_STEPS - 1))
                    painter.setBrush(colours[min(_STEPS - 1, max(0, place))])
                    painter.drawRoundedRect(self._area(day, hour), _ROUNDED, _ROUNDED)
        self._paint_marks(painter)
        if np.isfinite(self._values).any():
            self._paint_legend(painter, colours)

    def _paint_legend(self, painter: QPainter, colours: list[QColor]) -> None:
        """A bar of all shades between what the palest and the strongest stand for."""
        low, high = (percent(value) for value in self.scale)
        metrics = QFontMetrics(self._theme.fonts.note)
        left = _LABEL_ROOM + metrics.horizontalAdvance(low) + _LEGEND_GAP
        bar = QRectF(left, self.height() - _HOURS_LINE + (_HOURS_LINE - _LEGEND_HEIGHT) / 2, 1, _LEGEND_HEIGHT)
        baseline = bar.center().y() + (metrics.ascent() - metrics.descent()) / 2
        painter.setPen(Qt.PenStyle.NoPen)
        step = _LEGEND_WIDTH / len(colours)
        for number, colour in enumerate(colours):
            painter.fillRect(QRectF(left + number * step, bar.top(), step + 0.5, _LEGEND_HEIGHT), colour)
        painter.setPen(QColor(self._theme.tokens.text_secondary))
        painter.drawText(QPointF(_LABEL_ROOM, baseline), low)
        painter.drawText(QPointF(left + _LEGEND_WIDTH + _LEGEND_GAP, baseline), high)

    def _paint_labels(self, painter: QPainter) -> None:
        painter.setFont(self._theme.fonts.note)
        painter.setPen(QColor(self._theme.tokens.text_secondary))
        for day, name in enumerate(self._weekdays):
            area = self._area(day, 0)
            room = QRectF(0, area.top(), _LABEL_ROOM - 4, area.height())
            painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter), name)
        metrics = QFontMetrics(self._theme.fonts.note)
        for hour in _NAMED_HOURS:
            foot = self.height() - _HOURS_LINE - metrics.descent() - 1
            painter.drawText(QPointF(self._area(0, hour).left(), foot), f"{hour:02}")

    def _paint_marks(self, painter: QPainter) -> None:
        """Empty cells are outlined, and so is the one that is read by key."""
        tokens = self._theme.tokens
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(tokens.line), 1))
        for day, hour in zip(*np.nonzero(~np.isfinite(self._values)), strict=True):
            painter.drawRoundedRect(self._area(int(day), int(hour)).adjusted(0.5, 0.5, -0.5, -0.5), _ROUNDED, _ROUNDED)
        if self.hasFocus():
            painter.setPen(QPen(QColor(tokens.text), 2))
            painter.drawRoundedRect(self._area(*self._cursor), _ROUNDED, _ROUNDED)

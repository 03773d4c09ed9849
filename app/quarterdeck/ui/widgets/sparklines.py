"""Sparklines: the shape of the last hours without axes; gaps stay gaps."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.theme.tokens import Tone
from quarterdeck.ui.widgets.polygons import FloatArray, unbroken_runs
from quarterdeck.ui.widgets.strokes import draw_line
from quarterdeck.ui.widgets.text import safe_line


def paint_sparkline(painter: QPainter, area: QRectF, values: FloatArray, colour: QColor) -> None:
    """Draw values, equally spaced in time, over the whole of an area; values that are not finite are gaps.

    A value between two gaps becomes a dot. A flat line lies in the middle.
    """
    is_there = np.isfinite(values)
    if not is_there.any():
        return
    low, high = float(values[is_there].min()), float(values[is_there].max())
    x: FloatArray = np.arange(len(values), dtype=np.float64) * (area.width() / max(1, len(values) - 1)) + area.left()
    per_value = area.height() / (high - low) if high > low else 0.0
    middle = 0.0 if high > low else area.height() / 2
    y = area.bottom() - middle - (np.where(is_there, values, np.nan) - low) * per_value
    painter.save()
    draw_line(painter, x, y, colour)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    for run in unbroken_runs(y):
        if run.stop - run.start == 1:
            painter.drawEllipse(QRectF(float(x[run.start]) - 1, float(y[run.start]) - 1, 2, 2))
    painter.restore()


class Sparkline(QWidget):
    """A sparkline as a widget, 110 × 28 px unless told otherwise."""

    def __init__(self, theme: Theme, *, accessible_name: str) -> None:
        super().__init__()
        self._theme = theme
        self._values: FloatArray = np.empty(0)
        self._tone = Tone.SECONDARY
        self.setAccessibleName(safe_line(accessible_name))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def set_values(self, values: FloatArray, tone: Tone = Tone.SECONDARY) -> None:
        """Show these values, oldest first; the array must not change afterwards."""
        self._values = values
        self._tone = tone
        self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(110, 28)

    @override
    def paintEvent(self, event: QPaintEvent, /) -> None:
        area = QRectF(self.rect()).adjusted(1, 2, -1, -2)
        paint_sparkline(QPainter(self), area, self._values, self._theme.colour(self._tone))

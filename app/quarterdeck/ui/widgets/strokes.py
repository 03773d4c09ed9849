"""Lines of any weight drawn from strokes of one pixel.

Qt draws an antialiased pen wider than one pixel about seventy times slower (13 ms instead of 0.2 ms for 1,200 points),
so a heavier line is the same stroke beside itself.
"""

from __future__ import annotations

from enum import Enum
from math import floor

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter, QPen

from quarterdeck.ui.widgets.polygons import FloatArray, polyline, polylines, unbroken_runs

_DASH_PIXELS = 4


class Weight(Enum):
    """How heavy a line is."""

    FINE = "fine"
    REGULAR = "regular"
    STRONG = "strong"


Shifts = tuple[tuple[float, float], ...]
_ONE: Shifts = ((0.0, 0.0),)
_TWO: Shifts = ((0.0, -0.2), (0.0, 0.2))
_SHIFTS = {
    Weight.FINE: _ONE,
    Weight.REGULAR: _TWO,
    Weight.STRONG: ((-0.5, -0.5), (0.5, -0.5), (-0.5, 0.5), (0.5, 0.5)),
}
_SHIFTS_ON_SHARP = {
    Weight.FINE: _TWO,
    Weight.REGULAR: ((-0.3, -0.3), (0.3, -0.3), (-0.3, 0.3), (0.3, 0.3)),
    Weight.STRONG: ((-0.6, -0.6), (0.6, -0.6), (-0.6, 0.6), (0.6, 0.6), (-0.3, 0.0), (0.3, 0.0)),
}
_SHARP_RATIO = 1.5


def stroke_shifts(weight: Weight, ratio: float) -> Shifts:
    """How far across and down each stroke of a line lies, where a pixel has `ratio` pixels of the screen."""
    return (_SHIFTS_ON_SHARP if ratio >= _SHARP_RATIO else _SHIFTS)[weight]


def draw_line(
    painter: QPainter, x: FloatArray, y: FloatArray, colour: QColor, *, weight: Weight = Weight.REGULAR
) -> None:
    """Draw a line through points in pixels; values of `y` that are not finite are gaps. Pen and brush are changed."""
    pen = QPen(colour, 1.0)
    pen.setCosmetic(True)
    pen.setJoinStyle(Qt.PenJoinStyle.BevelJoin)
    painter.setPen(pen)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    shapes = polylines(x, y)
    for across, down in stroke_shifts(weight, _ratio(painter)):
        painter.translate(across, down)
        for shape in shapes:
            painter.drawPolyline(shape)
        painter.translate(-across, -down)


def fill_between(painter: QPainter, x: FloatArray, low: FloatArray, high: FloatArray, colour: QColor) -> None:
    """Fill the area between two lines, one stroke down each column of pixels; `x` ascends, gaps are not finite.

    Faster by far than a polygon, whose outline Qt smooths although nobody sees it. The pen is changed.
    """
    painter.setPen(QPen(colour, 0))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    step = 1 / _ratio(painter)
    for run in unbroken_runs(low + high):
        columns: FloatArray = np.arange(floor(float(x[run.start])), float(x[run.stop - 1]) + step, step)
        first, last = np.interp(columns, x[run], low[run]), np.interp(columns, x[run], high[run])
        path = np.empty(2 * len(columns))
        path[0::2], path[1::2] = first, last
        path[2::4], path[3::4] = last[1::2], first[1::2]
        painter.drawPolyline(polyline(np.repeat(columns, 2) + step / 2, path))


def dashed(x: FloatArray, y: FloatArray) -> tuple[FloatArray, FloatArray]:
    """The same line with a gap every four pixels, `x` ascending; Qt's own dashes need the slow way of drawing."""
    runs = unbroken_runs(y)
    if not runs:
        return x, y
    steps: list[FloatArray] = [np.arange(float(x[run.start]), float(x[run.stop - 1])) for run in runs]
    across = np.concatenate(steps)
    down = np.concatenate([np.interp(step, x[run], y[run]) for step, run in zip(steps, runs, strict=True)])
    is_gap = (across // _DASH_PIXELS) % 2 == 1
    return across, np.where(is_gap, np.nan, down)


def _ratio(painter: QPainter) -> float:
    return painter.device().devicePixelRatioF()

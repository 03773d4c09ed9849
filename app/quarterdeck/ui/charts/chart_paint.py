"""Paints a chart in pixels: grid, band, lines, what is stale, and what follows the pointer."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter

from quarterdeck.ui.charts.line_data import Band, FloatArray, LineData, Stale, visible
from quarterdeck.ui.charts.ticks import Tick, ValueAxis
from quarterdeck.ui.theme.looks import Looks
from quarterdeck.ui.theme.tokens import Tokens
from quarterdeck.ui.widgets.polygons import unbroken_runs
from quarterdeck.ui.widgets.state_stack import paint_hatch
from quarterdeck.ui.widgets.strokes import Weight, dashed, draw_line, fill_between
from quarterdeck.ui.widgets.text import safe_line

_BAND_ALPHA = 30
_DOT = 1.6
_GRID_ROWS = 64
_DENSE_PIXELS = 1.5
_ENVELOPE_ALPHA = 70
_FAINT = 0.55
_NARROWEST_WORDS = 44


@dataclass(frozen=True, slots=True)
class PlotMap:
    """Time and value to pixels and back, inside the plot's area."""

    area: QRectF
    start_s: float
    end_s: float
    axis: ValueAxis

    def x(self, times_s: FloatArray) -> FloatArray:
        """Pixels of instants."""
        return self.area.left() + (times_s - self.start_s) * (self.area.width() / (self.end_s - self.start_s))

    def x_of(self, at_s: float) -> float:
        """The pixel of one instant."""
        return self.area.left() + (at_s - self.start_s) * (self.area.width() / (self.end_s - self.start_s))

    def y(self, values: FloatArray) -> FloatArray:
        """Pixels of values, in the middle of the row of pixels that the grid would use for them."""
        return (
            self.area.bottom()
            + 0.5
            - (values - self.axis.low) * (self.area.height() / (self.axis.high - self.axis.low))
        )

    def y_of(self, value: float) -> float:
        """The pixel of one value."""
        return self.area.bottom() - (value - self.axis.low) * (self.area.height() / (self.axis.high - self.axis.low))


def on_whole_pixels(start_s: float, end_s: float, pixels: float) -> tuple[float, float]:
    """A range moved by half a pixel at most, so that ranges of its length lie whole pixels from each other."""
    length = round(end_s - start_s, 3)
    step = length / max(1.0, pixels)
    begins = round(start_s / step) * step
    return begins, begins + length


def paint_grid(painter: QPainter, plot: PlotMap, times: tuple[Tick, ...], looks: Looks, *, with_times: bool) -> None:
    """The grid, the values at the left of the area, and the times below it when wanted."""
    tokens = looks.tokens
    area = plot.area
    box = plot.area.toRect()
    line = QColor(tokens.line)
    painter.setFont(looks.fonts.small)
    for tick in plot.axis.ticks:
        y = round(plot.y_of(tick.at))
        painter.fillRect(box.left(), y, box.width(), 1, line)
        painter.setPen(QColor(tokens.text_tertiary))
        words = QRectF(0, y - 8, area.left() - 8, 17)
        painter.drawText(words, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, tick.words)
    places = [round(plot.x_of(tick.at)) for tick in times]
    faint = QColor(tokens.line)
    faint.setAlphaF(_FAINT)
    # The rows of a picture lie far apart in memory. Lines that go down together share the way, which is most of it.
    for top in range(box.top(), box.bottom() + 1, _GRID_ROWS):
        for x in places:
            painter.fillRect(x, top, 1, min(_GRID_ROWS, box.bottom() + 1 - top), faint)
    if with_times:
        for x, tick in zip(places, times, strict=True):
            _paint_time(painter, plot, x, tick.words, tokens)


def paint_band(painter: QPainter, plot: PlotMap, band: Band, tokens: Tokens) -> None:
    """The expected range as a faint area, cut to the plot."""
    shown = visible(band.times_s, plot.start_s, plot.end_s)
    x, low, high = plot.x(band.times_s[shown]), plot.y(band.low[shown]), plot.y(band.high[shown])
    fill = QColor(tokens.accent)
    fill.setAlpha(_BAND_ALPHA)
    painter.save()
    painter.setClipRect(plot.area)
    fill_between(painter, x, low, high, fill)
    painter.restore()


def paint_line(painter: QPainter, plot: PlotMap, line: LineData, colour: QColor) -> None:
    """One line with all its extremes; gaps are gaps, a column between two gaps is a dot.

    Where a column is hardly wider than a pixel, one stroke runs through its lowest and highest. Where columns are
    wider, the line runs through the representative values, and the extremes stand around it as a fainter area. The end
    goes on at the last value as far as that is held.
    """
    shown = visible(line.times_s, plot.start_s, plot.end_s)
    x, low, high = plot.x(line.times_s[shown]), plot.y(line.low[shown]), plot.y(line.high[shown])
    value = plot.y(line.value[shown])
    is_plain = np.array_equal(low, high, equal_nan=True)
    is_dense = len(x) > 1 and plot.area.width() / len(x) < _DENSE_PIXELS
    painter.save()
    painter.setClipRect(plot.area.adjusted(0, -1, 0, 2))
    end_x = None if line.held_until_s is None or shown.stop < len(line.times_s) else plot.x_of(line.held_until_s)
    if is_plain or is_dense:
        _stroke(painter, *_held(*zigzag(x, low, high), value, end_x), line, colour)
    else:
        faint = QColor(colour)
        faint.setAlpha(_ENVELOPE_ALPHA)
        fill_between(painter, x, low, high, faint)
        _stroke(painter, *_held(x, value, value, end_x), line, colour)
    painter.restore()


def _held(x: FloatArray, y: FloatArray, value: FloatArray, end_x: float | None) -> tuple[FloatArray, FloatArray]:
    """A path that goes on at the last value up to a pixel; as it is where that lies before its end."""
    if end_x is None or len(x) == 0 or end_x <= x[-1]:
        return x, y
    return np.append(x, (x[-1], end_x)), np.append(y, (value[-1], value[-1]))


def zigzag(x: FloatArray, low: FloatArray, high: FloatArray) -> tuple[FloatArray, FloatArray]:
    """One path through the lowest and the highest of every column, up and down in turn; where both are equal, once."""
    if np.array_equal(low, high, equal_nan=True):
        return x, low
    y = np.empty(2 * len(x))
    y[0::2], y[1::2] = low, high
    y[2::4], y[3::4] = high[1::2], low[1::2]
    return np.repeat(x, 2), y


def paint_stale(painter: QPainter, plot: PlotMap, stale: Stale, looks: Looks) -> None:
    """Hatch what lies after an instant and say so in words, where there is room for them."""
    left = max(plot.area.left(), plot.x_of(stale.since_s))
    if left >= plot.area.right():
        return
    area = QRectF(left, plot.area.top(), plot.area.right() - left, plot.area.height())
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    ground = QColor(looks.tokens.raised)
    painter.fillRect(area, ground)
    paint_hatch(painter, area, QColor(looks.tokens.line))
    painter.setFont(looks.fonts.note)
    flags = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap)
    room = area.adjusted(6, 0, -4, 0)
    text = safe_line(stale.words, 120)
    needed = painter.boundingRect(room, flags, text)
    if room.width() >= _NARROWEST_WORDS:
        painter.fillRect(needed.adjusted(-3, -2, 3, 2).intersected(area), ground)
        painter.setPen(QColor(looks.tokens.text))
        painter.drawText(room, flags, text)
    painter.restore()


def paint_pointer(painter: QPainter, plot: PlotMap, at_s: float, values: tuple[tuple[float, QColor], ...]) -> None:
    """The cross-hair: a thin line at an instant and a dot on every line; the pen gives the line's colour."""
    x = round(plot.x_of(at_s)) + 0.5
    painter.drawLine(QPointF(x, plot.area.top()), QPointF(x, plot.area.bottom()))
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    for value, colour in values:
        if np.isfinite(value):
            painter.setBrush(colour)
            painter.drawEllipse(QPointF(x, plot.y_of(value)), 3, 3)
    painter.restore()


def _stroke(painter: QPainter, x: FloatArray, y: FloatArray, line: LineData, colour: QColor) -> None:
    if line.is_ghost:
        draw_line(painter, *dashed(x, y), colour, weight=Weight.FINE)
        return
    draw_line(painter, x, y, colour, weight=Weight.STRONG if line.is_chosen else Weight.REGULAR)
    _paint_lone_points(painter, x, y, colour)


def _paint_lone_points(painter: QPainter, x: FloatArray, y: FloatArray, colour: QColor) -> None:
    painter.setBrush(colour)
    painter.setPen(Qt.PenStyle.NoPen)
    for run in unbroken_runs(y):
        if run.stop - run.start == 1:
            painter.drawEllipse(QPointF(float(x[run.start]), float(y[run.start])), _DOT, _DOT)


def _paint_time(painter: QPainter, plot: PlotMap, x: int, words: str, tokens: Tokens) -> None:
    width = painter.fontMetrics().horizontalAdvance(words)
    left = min(max(x - width / 2, plot.area.left() - 8), plot.area.right() - width + 1)
    painter.setPen(QColor(tokens.text_tertiary))
    painter.drawText(QRectF(left, plot.area.bottom() + 5, width + 2, 16), Qt.AlignmentFlag.AlignVCenter, words)

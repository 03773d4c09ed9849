"""A whole chart as a picture for a file: title, legend and plot as they stood when it was asked for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import tzinfo

from PySide6.QtCore import QBuffer, QIODevice, QRectF, QSize
from PySide6.QtGui import QColor, QImage, QPainter

from quarterdeck.ui.charts.chart_layers import ChartLayers
from quarterdeck.ui.charts.chart_paint import PlotMap
from quarterdeck.ui.charts.legend import LegendEntry, entry_width, paint_entry
from quarterdeck.ui.charts.line_data import ChartContent
from quarterdeck.ui.charts.span_labels import SpanLabel, Strip, paint_labels
from quarterdeck.ui.theme.looks import Looks
from quarterdeck.ui.widgets.text import safe_line

_SHARPNESS = 2.0
_PADDING = 14
_LINE = 18
_GAP = 5
_ENTRY_GAP = 14


@dataclass(frozen=True, slots=True, eq=False)
class ChartDrawing:
    """All that is needed to paint a chart again, without its widget; nothing in it changes any more.

    `width` and `height` are those of the plot with its axes; `strip` and `labels` name what is marked above it.
    """

    title: str
    subtitle: str
    entries: tuple[LegendEntry, ...]
    content: ChartContent
    plot: PlotMap
    strip: Strip
    labels: tuple[SpanLabel, ...]
    looks: Looks
    zone: tzinfo | None
    width: float
    height: float


def png_of(drawing: ChartDrawing) -> bytes:
    """A picture of twice as many pixels as the chart has on a plain screen. Safe in any thread."""
    head = _Head(drawing)
    image = QImage(head.size * _SHARPNESS, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(_SHARPNESS)
    painter = QPainter(image)
    _paint(painter, drawing, head)
    painter.end()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # pyright: ignore[reportCallIssue, reportArgumentType] -- the stub wants bytes, Qt a str
    return bytes(buffer.data().data())


def svg_of(drawing: ChartDrawing) -> bytes:
    """A drawing whose lines and words stay lines and words. Safe in any thread."""
    from PySide6.QtSvg import QSvgGenerator

    head = _Head(drawing)
    buffer = QBuffer()
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setSize(head.size)
    generator.setViewBox(QRectF(0, 0, head.size.width(), head.size.height()))
    generator.setTitle(safe_line(drawing.title))
    painter = QPainter(generator)
    _paint(painter, drawing, head)
    painter.end()
    return bytes(buffer.data().data())


def _paint(painter: QPainter, drawing: ChartDrawing, head: _Head) -> None:
    painter.fillRect(QRectF(0, 0, head.size.width(), head.size.height()), QColor(drawing.looks.tokens.raised))
    head.paint(painter)
    painter.translate(0, head.height)
    layers = ChartLayers(drawing.looks, drawing.zone, None, has_times=True)
    layers.paint_data(painter, drawing.plot, drawing.content)
    paint_labels(painter, drawing.strip, drawing.labels, drawing.looks)


class _Head:
    """Title and subtitle in a line, below them the legend in as many as it needs."""

    def __init__(self, drawing: ChartDrawing) -> None:
        self._drawing = drawing
        self._entries = tuple(entry.shortened() for entry in drawing.entries)
        self._places = tuple(self._placed())
        rows = max((row for row, _ in self._places), default=-1) + 1
        self.height = _PADDING + _LINE * (1 + rows)
        self.size = QSize(round(drawing.width), round(self.height + drawing.height))

    def paint(self, painter: QPainter) -> None:
        """Paint it from the upper left corner on."""
        looks, drawing = self._drawing.looks, self._drawing
        baseline = _PADDING + _LINE - _GAP
        painter.setFont(looks.fonts.strong)
        painter.setPen(QColor(looks.tokens.text))
        title = safe_line(drawing.title, 120)
        painter.drawText(_PADDING, baseline, title)
        left = _PADDING + painter.fontMetrics().horizontalAdvance(title) + 2 * _GAP
        painter.setFont(looks.fonts.small)
        painter.setPen(QColor(looks.tokens.text_tertiary))
        painter.drawText(left, baseline, safe_line(drawing.subtitle, 120))
        for (row, left), entry in zip(self._places, self._entries, strict=True):
            place = QRectF(left, _PADDING + _LINE * (1 + row), drawing.width, _LINE)
            paint_entry(painter, looks, entry, entry.name, place)

    def _placed(self) -> Iterator[tuple[int, int]]:
        """The row of each entry and its left edge there."""
        row, left = 0, _PADDING
        for entry in self._entries:
            width = entry_width(self._drawing.looks, entry, entry.name)
            if left > _PADDING and left + width > self._drawing.width - _PADDING:
                row, left = row + 1, _PADDING
            yield row, left
            left += width + _ENTRY_GAP

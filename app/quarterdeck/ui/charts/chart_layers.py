"""The two layers of a chart: the data, painted when it or the range changes, and what follows the pointer."""

from __future__ import annotations

from datetime import tzinfo

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from quarterdeck.ui.charts.chart_group import Marks
from quarterdeck.ui.charts.chart_paint import (
    PlotMap,
    paint_band,
    paint_grid,
    paint_line,
    paint_pointer,
    paint_stale,
)
from quarterdeck.ui.charts.line_board import LineBoard
from quarterdeck.ui.charts.line_data import ChartContent, value_at
from quarterdeck.ui.charts.line_picture import LineJob
from quarterdeck.ui.charts.span_paint import paint_spans
from quarterdeck.ui.charts.ticks import time_ticks
from quarterdeck.ui.theme.looks import Looks

_PIXELS_PER_TIME = 96
_GHOST_ALPHA = 0.8
_BOX_ALPHA = 40
_FADED_SHARE = 0.45


class ChartLayers:
    """Paints a chart's content in the colours of the moment; without a board every line is stroked."""

    def __init__(self, looks: Looks, zone: tzinfo | None, board: LineBoard | None, *, has_times: bool) -> None:
        self._looks = looks
        self._zone = zone
        self._board = board
        self._has_times = has_times

    def paint_data(self, painter: QPainter, plot: PlotMap, content: ChartContent) -> None:
        """Grid, band, spans, lines, and what is stale over them; the first line or the chosen one lies on top."""
        most = max(1, int(plot.area.width() / _PIXELS_PER_TIME))
        times = time_ticks(plot.start_s, plot.end_s, most=most, zone=self._zone)
        paint_grid(painter, plot, times, self._looks, with_times=self._has_times)
        if content.band is not None:
            paint_band(painter, plot, content.band, self._looks.tokens)
        paint_spans(painter, plot, content.spans, self._looks)
        self._paint_lines(painter, plot, content)
        if content.stale is not None:
            paint_stale(painter, plot, content.stale, self._looks)

    def paint_marks(self, painter: QPainter, plot: PlotMap, content: ChartContent, marks: Marks) -> None:
        """The box being drawn, the play-head, the cross-hair with a dot on each line."""
        tokens = self._looks.tokens
        if marks.box_s is not None:
            left, right = (plot.x_of(at) for at in marks.box_s)
            fill = QColor(tokens.accent)
            fill.setAlpha(_BOX_ALPHA)
            painter.fillRect(QRectF(left, plot.area.top(), right - left, plot.area.height()), fill)
        if _is_inside(plot, marks.play_head_s):
            painter.setPen(QPen(QColor(tokens.text_secondary), 1))
            paint_pointer(painter, plot, marks.play_head_s or 0.0, ())
        if _is_inside(plot, marks.pointer_s):
            painter.setPen(QPen(QColor(tokens.text_tertiary), 1, Qt.PenStyle.DashLine))
            paint_pointer(painter, plot, marks.pointer_s or 0.0, self._dots(content, marks.pointer_s or 0.0))

    def paint_focus(self, painter: QPainter, plot: PlotMap) -> None:
        """The focus ring around the plot."""
        painter.setPen(QPen(QColor(self._looks.tokens.accent), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(plot.area.adjusted(-0.5, -0.5, 0.5, 0.5))

    def _paint_lines(self, painter: QPainter, plot: PlotMap, content: ChartContent) -> None:
        order = sorted(range(len(content.lines)), key=lambda number: (content.lines[number].is_chosen, -number))
        lines = tuple(content.lines[number] for number in order)
        colours = tuple(self._colour(content, number).rgba() for number in order)
        job = LineJob(plot, painter.device().devicePixelRatioF(), lines, colours)
        if self._board is not None and self._board.takes(job):
            self._board.paint(painter, job)
            return
        if self._board is not None:
            self._board.forget()
        for line, colour in zip(lines, colours, strict=True):
            paint_line(painter, plot, line, QColor.fromRgba(colour))

    def _dots(self, content: ChartContent, at_s: float) -> tuple[tuple[float, QColor], ...]:
        return tuple(
            (value_at(line, at_s), self._colour(content, number))
            for number, line in enumerate(content.lines)
            if not line.is_ghost
        )

    def _colour(self, content: ChartContent, number: int) -> QColor:
        tokens = self._looks.tokens
        name = tokens.text_tertiary if content.stale else tokens.series[content.slot(number) % len(tokens.series)]
        colour = QColor(name)
        if content.is_faded(number):
            colour = blended(colour, QColor(tokens.raised), _FADED_SHARE)
        if content.lines[number].is_ghost:
            colour.setAlphaF(_GHOST_ALPHA)
        return colour


def blended(colour: QColor, ground: QColor, share: float) -> QColor:
    """A colour of which a share is left over a ground: opaque, since pictures of many columns know no other."""
    return QColor.fromRgbF(
        ground.redF() + (colour.redF() - ground.redF()) * share,
        ground.greenF() + (colour.greenF() - ground.greenF()) * share,
        ground.blueF() + (colour.blueF() - ground.blueF()) * share,
    )


def _is_inside(plot: PlotMap, at_s: float | None) -> bool:
    return at_s is not None and plot.start_s <= at_s <= plot.end_s

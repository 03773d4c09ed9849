"""Paints what is marked on the time axis into the plot: grounds that do not darken each other, and dashed lines."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QPainter

from quarterdeck.ui.charts.chart_paint import PlotMap
from quarterdeck.ui.charts.line_data import Span
from quarterdeck.ui.charts.span_labels import mark_pen, rank
from quarterdeck.ui.theme.looks import Looks
from quarterdeck.ui.theme.tokens import Tone

_ALPHA_DARK = 26
_ALPHA_LIGHT = 16


def paint_spans(painter: QPainter, plot: PlotMap, spans: tuple[Span, ...], looks: Looks) -> None:
    """Stretches: a faint ground in the worst tone that holds, and a dashed line where each begins."""
    seen = [span for span in spans if _is_seen(plot, span)]
    painter.save()
    painter.setClipRect(plot.area)
    for left, right, tone in _grounds(plot, seen):
        ground = QColor(looks.tokens.tone(tone))
        ground.setAlpha(_ALPHA_DARK if looks.tokens.is_dark else _ALPHA_LIGHT)
        painter.fillRect(QRectF(left, plot.area.top(), right - left, plot.area.height()), ground)
    for span in seen:
        painter.setPen(mark_pen(QColor(looks.tokens.tone(span.tone))))
        x = round(plot.x_of(span.start_s)) + 0.5
        painter.drawLine(QPointF(x, plot.area.top()), QPointF(x, plot.area.bottom()))
    painter.restore()


def _is_seen(plot: PlotMap, span: Span) -> bool:
    return span.start_s <= plot.end_s and (span.end_s is None or span.end_s >= plot.start_s)


def _grounds(plot: PlotMap, spans: list[Span]) -> Iterator[tuple[float, float, Tone]]:
    """Stretches of pixels, each with the worst tone of the spans over it."""
    extents = [(plot.x_of(span.start_s), _right(plot, span), span.tone) for span in spans]
    edges = sorted({edge for left, right, _ in extents for edge in (left, right)})
    for left, right in pairwise(edges):
        tones = [tone for start, end, tone in extents if start <= left and end >= right]
        if tones:
            yield left, right, max(tones, key=rank)


def _right(plot: PlotMap, span: Span) -> float:
    return plot.area.right() if span.end_s is None else plot.x_of(span.end_s)

"""Paints what is marked on the time axis: grounds that do not darken each other, and labels that do not collide."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen

from quarterdeck.ui.charts.chart_paint import PlotMap
from quarterdeck.ui.charts.line_data import Span
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.theme.tokens import Tone
from quarterdeck.ui.widgets.text import safe_line

_ALPHA_DARK = 26
_ALPHA_LIGHT = 16
_LABEL_HEIGHT = 16
_LABEL_GAP = 5
_WIDEST_LABEL = 380
_LEAST_LABEL = 40
_LONGEST_LABEL = 80
_RANKS = {Tone.DOWN: 4, Tone.DEGRADED: 3, Tone.UNKNOWN: 2, Tone.MAINTENANCE: 1}


def paint_spans(painter: QPainter, plot: PlotMap, spans: tuple[Span, ...], theme: Theme, *, with_labels: bool) -> None:
    """Labelled stretches: a faint ground in the worst tone that holds, a dashed line where each begins, its label."""
    seen = [span for span in spans if _is_seen(plot, span)]
    painter.save()
    painter.setClipRect(plot.area)
    for left, right, tone in _grounds(plot, seen):
        ground = QColor(theme.tokens.tone(tone))
        ground.setAlpha(_ALPHA_DARK if theme.tokens.is_dark else _ALPHA_LIGHT)
        painter.fillRect(QRectF(left, plot.area.top(), right - left, plot.area.height()), ground)
    for span in seen:
        pen = QPen(QColor(theme.tokens.tone(span.tone)), 1, Qt.PenStyle.CustomDashLine)
        pen.setDashPattern([3, 3])
        painter.setPen(pen)
        x = round(plot.x_of(span.start_s)) + 0.5
        painter.drawLine(QPointF(x, plot.area.top()), QPointF(x, plot.area.bottom()))
    if with_labels:
        _paint_labels(painter, plot, seen, theme)
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
            yield left, right, max(tones, key=lambda tone: _RANKS.get(tone, 0))


def _right(plot: PlotMap, span: Span) -> float:
    return plot.area.right() if span.end_s is None else plot.x_of(span.end_s)


def _paint_labels(painter: QPainter, plot: PlotMap, spans: list[Span], theme: Theme) -> None:
    painter.setFont(theme.fonts.small)
    board = _LabelBoard(plot.area)
    for span in sorted(spans, key=lambda span: -span.start_s):
        text = safe_line(span.label, _LONGEST_LABEL)
        place = board.place(plot.x_of(span.start_s), text, painter.fontMetrics())
        if place is None:
            continue
        shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(place.width()))
        painter.setPen(QColor(theme.tokens.tone(span.tone)))
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, shown)


class _LabelBoard:
    """The upper part of a plot in lines; finds room for a label beside an instant where none stands yet."""

    def __init__(self, area: QRectF) -> None:
        self._area = area
        self._taken: list[list[tuple[float, float]]] = [
            [] for _ in range(max(1, int(area.height() * 0.4 / _LABEL_HEIGHT)))
        ]

    def place(self, x: float, text: str, metrics: QFontMetrics) -> QRectF | None:
        """Room for a label right of an instant, else left of it, else what is left at its right; None for little."""
        start = max(x, self._area.left()) + _LABEL_GAP
        width = min(_WIDEST_LABEL, metrics.horizontalAdvance(text) + 1)
        for left in (start, x - _LABEL_GAP - width):
            for number, taken in enumerate(self._taken):
                if self._is_free(taken, left, left + width):
                    return self._take(number, left, width)
        number = max(range(len(self._taken)), key=lambda line: self._room(line, start))
        room = self._room(number, start)
        return self._take(number, start, room) if room >= _LEAST_LABEL else None

    def _is_free(self, taken: list[tuple[float, float]], left: float, right: float) -> bool:
        inside = left >= self._area.left() and right <= self._area.right()
        return inside and all(right + _LABEL_GAP < start or left > end + _LABEL_GAP for start, end in taken)

    def _room(self, number: int, start: float) -> float:
        taken = self._taken[number]
        if any(left - _LABEL_GAP <= start <= right + _LABEL_GAP for left, right in taken):
            return 0.0
        ahead = min((left - 2 * _LABEL_GAP for left, _ in taken if left > start), default=self._area.right())
        return ahead - start

    def _take(self, number: int, left: float, width: float) -> QRectF:
        self._taken[number].append((left, left + width))
        return QRectF(left, self._area.top() + 1 + number * _LABEL_HEIGHT, width, _LABEL_HEIGHT)

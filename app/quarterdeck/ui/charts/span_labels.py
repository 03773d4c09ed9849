"""Labels of what is marked on the time axis: a strip above the plot, where no line of data passes through them."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen

from quarterdeck.ui.charts.line_data import Span
from quarterdeck.ui.theme.looks import Looks
from quarterdeck.ui.theme.tokens import Tone
from quarterdeck.ui.widgets.text import safe_line

_DASHES = (3.0, 3.0)
_ROW_HEIGHT = 16
_HEAD = 3
_FOOT = 3
_GAP = 5
_WIDEST = 380
_LEAST = 40
_LONGEST = 80
_MOST_ROWS = 3
_SHARE = 0.3
_REACH = 5
_RANKS = {Tone.DOWN: 4, Tone.DEGRADED: 3, Tone.UNKNOWN: 2, Tone.MAINTENANCE: 1}


@dataclass(frozen=True, slots=True)
class Strip:
    """A plot from left to right in pixels and in seconds since the epoch, and the pixel at which it begins below."""

    left: float
    right: float
    bottom: float
    start_s: float
    end_s: float

    def x_of(self, at_s: float) -> float:
        """The pixel of an instant."""
        return self.left + (at_s - self.start_s) * (self.right - self.left) / (self.end_s - self.start_s)

    def sees(self, span: Span) -> bool:
        """Whether a part of a span is inside."""
        return span.start_s <= self.end_s and (span.end_s is None or span.end_s >= self.start_s)


@dataclass(frozen=True, slots=True)
class SpanLabel:
    """A label's place above the plot; narrower than its text where it is cut."""

    span: Span
    area: QRectF


def rank(tone: Tone) -> int:
    """What is worse counts more."""
    return _RANKS.get(tone, 0)


def most_rows(height: float) -> int:
    """How many rows of labels there may be above a plot, of what is this high together; one always."""
    return min(_MOST_ROWS, max(1, int(height * _SHARE / _ROW_HEIGHT)))


def strip_height(rows: int) -> int:
    """The room that rows of labels take, in pixels."""
    return _HEAD + rows * _ROW_HEIGHT + _FOOT if rows else 0


def place_labels(strip: Strip, spans: tuple[Span, ...], metrics: QFontMetrics, *, rows: int) -> tuple[SpanLabel, ...]:
    """Places that do not overlap, the worst and the newest first; what finds none is left out."""
    board = _Board(strip, rows)
    placed: list[SpanLabel] = []
    for span in sorted(filter(strip.sees, spans), key=lambda span: (-rank(span.tone), -span.start_s)):
        area = board.place(strip.x_of(span.start_s), label_text(span), metrics)
        if area is not None:
            placed.append(SpanLabel(span, area))
    return tuple(placed)


def rows_needed(strip: Strip, spans: tuple[Span, ...], metrics: QFontMetrics, *, most: int) -> int:
    """How many rows are used when there may be so many."""
    labels = place_labels(strip, spans, metrics, rows=most)
    return max((round((strip.bottom - _FOOT - label.area.top()) / _ROW_HEIGHT) for label in labels), default=0)


def spans_at(
    strip: Strip, spans: tuple[Span, ...], labels: tuple[SpanLabel, ...], position: QPointF
) -> tuple[Span, ...]:
    """What a point tells about: the label there, else, above or inside the plot, whose beginning is near."""
    told = tuple(label.span for label in labels if label.area.contains(position))
    return told or tuple(span for span in spans if abs(strip.x_of(span.start_s) - position.x()) <= _REACH)


def label_text(span: Span) -> str:
    """A span's label as one line."""
    return safe_line(span.label, _LONGEST)


def paint_labels(painter: QPainter, strip: Strip, labels: tuple[SpanLabel, ...], looks: Looks) -> None:
    """Lead each label's dashed line up to it, then write the labels on a ground of their own."""
    painter.save()
    painter.setFont(looks.fonts.small)
    for label in labels:
        x = round(strip.x_of(label.span.start_s)) + 0.5
        if strip.left <= x:
            painter.setPen(mark_pen(QColor(looks.tokens.tone(label.span.tone))))
            painter.drawLine(QPointF(x, label.area.top() + 2), QPointF(x, strip.bottom))
    for label in labels:
        painter.fillRect(label.area.adjusted(-2, 0, 2, 0), QColor(looks.tokens.raised))
    for label in labels:
        room = int(label.area.width())
        words = painter.fontMetrics().elidedText(label_text(label.span), Qt.TextElideMode.ElideRight, room)
        painter.setPen(QColor(looks.tokens.tone(label.span.tone)))
        painter.drawText(label.area, Qt.AlignmentFlag.AlignVCenter, words)
    painter.restore()


def mark_pen(colour: QColor) -> QPen:
    """The thin dashes that mark an instant."""
    pen = QPen(colour, 1, Qt.PenStyle.CustomDashLine)
    pen.setDashPattern(_DASHES)
    return pen


class _Board:
    """Rows above a plot, the lowest first; finds room for a label beside an instant where none stands yet."""

    def __init__(self, strip: Strip, rows: int) -> None:
        self._strip = strip
        self._taken: list[list[tuple[float, float]]] = [[] for _ in range(rows)]

    def place(self, x: float, text: str, metrics: QFontMetrics) -> QRectF | None:
        """Room for a label right of an instant, else left of it, else the wider rest of both; None for little."""
        start, end = max(x, self._strip.left) + _GAP, min(x, self._strip.right) - _GAP
        width = min(_WIDEST, metrics.horizontalAdvance(text) + 1)
        for left in (start, end - width):
            for number, taken in enumerate(self._taken):
                if self._is_free(taken, left, left + width):
                    return self._take(number, left, width)
        rests = [(*self._rest(number, start, end), number) for number in range(len(self._taken))]
        room, left, number = max(rests, key=lambda rest: rest[0], default=(0.0, 0.0, 0))
        return self._take(number, left, room) if room >= _LEAST else None

    def _is_free(self, taken: list[tuple[float, float]], left: float, right: float) -> bool:
        inside = left >= self._strip.left and right <= self._strip.right
        return inside and all(right + _GAP < start or left > end + _GAP for start, end in taken)

    def _rest(self, number: int, start: float, end: float) -> tuple[float, float]:
        """How much room is left in a row beside an instant, and where it begins."""
        taken = self._taken[number]
        ahead = min((left - 2 * _GAP for left, right in taken if right + _GAP >= start), default=self._strip.right)
        behind = max((right + 2 * _GAP for left, right in taken if left - _GAP <= end), default=self._strip.left)
        return max((ahead - start, start), (end - behind, behind))

    def _take(self, number: int, left: float, width: float) -> QRectF:
        self._taken[number].append((left, left + width))
        top = self._strip.bottom - _FOOT - (number + 1) * _ROW_HEIGHT
        return QRectF(left, top, width, _ROW_HEIGHT)

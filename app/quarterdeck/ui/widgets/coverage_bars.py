"""When data came: one bar for each source over the same stretch of time, with late parts, gaps and what is missing."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.widgets.staleness import is_stale
from quarterdeck.ui.widgets.text import safe_line, safe_text

_PITCH = 20
_BAR_HEIGHT = 10
_LABEL_GAP = 16
_WIDEST_LABEL = 180
_DIMMED_ALPHA = 150


class CoverageKind(StrEnum):
    """What a part of a bar says. A gap that is over is left dark, one that still lasts is outlined as missing."""

    RECEIVED = "received"
    LATE = "late"
    GAP = "gap"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class CoveragePart:
    """A stretch of time in seconds since the epoch; `words` are its tool tip, such as `gap of 22 min from 11:58`."""

    start_seconds: float
    end_seconds: float
    kind: CoverageKind
    words: str = ""


@dataclass(frozen=True, slots=True)
class CoverageRow:
    """One source: its name, its parts in order of time, and the whole of it as a sentence for assistive tools."""

    label: str
    parts: tuple[CoveragePart, ...]
    words: str = ""


class CoverageBars(QWidget):
    """Bars under each other, as high as their number asks for; before its first part a bar is only a thin line."""

    def __init__(self, theme: Theme, *, accessible_name: str) -> None:
        super().__init__()
        self._theme = theme
        self._rows: tuple[CoverageRow, ...] = ()
        self._start_seconds = 0.0
        self._end_seconds = 1.0
        self._label_width = 0
        self.setAccessibleName(safe_line(accessible_name))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def set_rows(self, rows: tuple[CoverageRow, ...], *, start_seconds: float, end_seconds: float) -> None:
        """Show these rows over a stretch of time in seconds since the epoch; raises ValueError if it has no length."""
        if end_seconds <= start_seconds:
            message = "a stretch of time ends after its start"
            raise ValueError(message)
        self._rows = tuple(CoverageRow(safe_line(row.label), row.parts, safe_line(row.words)) for row in rows)
        self._start_seconds, self._end_seconds = start_seconds, end_seconds
        metrics = QFontMetrics(self._theme.fonts.note)
        widest = max((metrics.horizontalAdvance(row.label) for row in self._rows), default=0)
        self._label_width = min(_WIDEST_LABEL, widest + 2)
        self.setAccessibleDescription(safe_text("\n".join(f"{row.label}: {row.words}" for row in self._rows)))
        self.updateGeometry()
        self.update()

    def plain_tool_tip_at(self, position: QPoint) -> str:
        """The words of the part under a point."""
        at = position.y() // _PITCH
        if not 0 <= at < len(self._rows):
            return ""
        for part in self._rows[at].parts:
            left, right = self._x(part.start_seconds), self._x(part.end_seconds)
            if left <= position.x() < right:
                return part.words
        return ""

    @override
    def sizeHint(self) -> QSize:
        return QSize(320, len(self._rows) * _PITCH)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(200, len(self._rows) * _PITCH)

    @override
    def paintEvent(self, event: QPaintEvent, /) -> None:
        painter = QPainter(self)
        painter.setFont(self._theme.fonts.note)
        for at, row in enumerate(self._rows):
            self._paint_row(painter, row, at * _PITCH)

    def _paint_row(self, painter: QPainter, row: CoverageRow, top: int) -> None:
        tokens = self._theme.tokens
        painter.setPen(QColor(tokens.text_secondary))
        label = painter.fontMetrics().elidedText(row.label, Qt.TextElideMode.ElideRight, self._label_width)
        painter.drawText(0, top, self._label_width, _PITCH, int(Qt.AlignmentFlag.AlignVCenter), label)
        bar_top = top + (_PITCH - _BAR_HEIGHT) // 2
        left = self._label_width + _LABEL_GAP
        painter.fillRect(QRectF(left, top + _PITCH // 2, self.width() - left, 1), QColor(tokens.line))
        if row.parts:
            begin = self._x(row.parts[0].start_seconds)
            painter.fillRect(QRectF(begin, bar_top, self.width() - begin, _BAR_HEIGHT), QColor(tokens.window))
        for part in row.parts:
            x, end = self._x(part.start_seconds), self._x(part.end_seconds)
            self._paint_part(painter, part.kind, QRectF(x, bar_top, max(1.0, end - x), _BAR_HEIGHT))

    def _paint_part(self, painter: QPainter, kind: CoverageKind, area: QRectF) -> None:
        tokens = self._theme.tokens
        if kind is CoverageKind.GAP:
            return
        if kind is CoverageKind.MISSING:
            painter.setPen(QPen(QColor(tokens.text_tertiary), 1, Qt.PenStyle.DashLine))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(area.adjusted(0.5, 0.5, -0.5, -0.5))
            return
        colours = {CoverageKind.RECEIVED: tokens.healthy, CoverageKind.LATE: tokens.degraded}
        colour = QColor(tokens.unknown if is_stale(self) else colours[kind])
        if kind is CoverageKind.RECEIVED:
            colour.setAlpha(_DIMMED_ALPHA if not tokens.is_dark else _DIMMED_ALPHA - 40)
        painter.fillRect(area, colour)

    def _x(self, seconds: float) -> float:
        left = self._label_width + _LABEL_GAP
        share = (seconds - self._start_seconds) / (self._end_seconds - self._start_seconds)
        return left + min(1.0, max(0.0, share)) * (self.width() - left)

"""Days as squares, a column for each week from this one on: on which of them something falls, and how bad it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from quarterdeck.domain.health import HealthState
from quarterdeck.ui.theme.marks import paint_mark
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.widgets.staleness import state_as_shown
from quarterdeck.ui.widgets.text import safe_line, safe_text

_PITCH = 16
_SQUARE = 13
_MARK = 7.0
_HEAD = 18
_LABEL = 30
_DAYS = 7
_MOST_WEEKS = 53
_TOLD_DAYS = 40
_LABELLED = (0, 2, 4)


@dataclass(frozen=True, slots=True)
class DayMark:
    """A day on which something falls: the worst of it, and all of it in words, a line each."""

    day: date
    state: HealthState
    words: str


class DayGrid(QWidget):
    """As many weeks as there is room for, at most a year; `day_chosen` carries the date of a mark that was clicked.

    It is a picture beside a list that says the same: the keyboard belongs to the list.
    """

    day_chosen = Signal(object)

    def __init__(
        self, theme: Theme, *, accessible_name: str, month_names: tuple[str, ...], day_names: tuple[str, ...]
    ) -> None:
        super().__init__()
        self._theme = theme
        self._marks: dict[date, DayMark] = {}
        self._today = date.min + timedelta(days=_DAYS)
        self._months, self._names = month_names, day_names
        self.setAccessibleName(safe_line(accessible_name))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def set_days(self, marks: tuple[DayMark, ...], today: date) -> None:
        """Show these days, from the week of `today` on."""
        self._marks, self._today = {mark.day: mark for mark in marks}, today
        told = sorted(marks, key=lambda mark: mark.day)[:_TOLD_DAYS]
        self.setAccessibleDescription(safe_text("\n".join(mark.words for mark in told)))
        self.update()

    def plain_tool_tip_at(self, position: QPoint) -> str:
        """What falls on the day under a point."""
        mark = self._marks.get(self._day_at(position))
        return "" if mark is None else mark.words

    @override
    def sizeHint(self) -> QSize:
        return QSize(_LABEL + _MOST_WEEKS * _PITCH, _HEAD + _DAYS * _PITCH)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(_LABEL + 4 * _PITCH, _HEAD + _DAYS * _PITCH)

    @override
    def mousePressEvent(self, event: QMouseEvent, /) -> None:
        day = self._day_at(event.position().toPoint())
        if event.button() is Qt.MouseButton.LeftButton and day in self._marks:
            self.day_chosen.emit(day)

    @override
    def paintEvent(self, event: QPaintEvent, /) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self._theme.fonts.note)
        tokens = self._theme.tokens
        painter.setPen(QColor(tokens.text_tertiary))
        for row in _LABELLED:
            place = QRect(0, _HEAD + row * _PITCH, _LABEL - 6, _SQUARE)
            painter.drawText(place, int(Qt.AlignmentFlag.AlignVCenter), self._names[row])
        self._paint_months(painter)
        for week in range(self._week_count()):
            for row in range(_DAYS):
                self._paint_day(painter, self._first() + timedelta(days=week * _DAYS + row), week, row)

    def _paint_months(self, painter: QPainter) -> None:
        """The name of each month above the first week that begins in it."""
        painter.setPen(QColor(self._theme.tokens.text_tertiary))
        before = 0
        for week in range(self._week_count()):
            first = self._first() + timedelta(days=week * _DAYS)
            if first.month != before and (week == 0 or first.day <= _DAYS):
                name = self._months[first.month - 1] + (f" {first.year}" if first.month == 1 else "")
                painter.drawText(QPointF(_LABEL + week * _PITCH, _HEAD - 6), name)
            before = first.month

    def _paint_day(self, painter: QPainter, day: date, week: int, row: int) -> None:
        tokens = self._theme.tokens
        square = QRectF(_LABEL + week * _PITCH, _HEAD + row * _PITCH, _SQUARE, _SQUARE)
        mark = self._marks.get(day)
        ground = QColor(tokens.hover)
        if day < self._today:
            ground.setAlpha(90)
        painter.setPen(QPen(QColor(tokens.accent), 1) if day == self._today else Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tokens.raised) if mark is not None else ground)
        painter.drawRoundedRect(square.adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
        if mark is not None:
            paint_mark(painter, square.center(), state_as_shown(self, mark.state), tokens, size=_MARK)

    def _first(self) -> date:
        return self._today - timedelta(days=self._today.weekday())

    def _week_count(self) -> int:
        return max(0, min(_MOST_WEEKS, (self.width() - _LABEL) // _PITCH))

    def _day_at(self, position: QPoint) -> date:
        week, row = (position.x() - _LABEL) // _PITCH, (position.y() - _HEAD) // _PITCH
        if not (0 <= week < self._week_count() and 0 <= row < _DAYS):
            return date.min
        return self._first() + timedelta(days=week * _DAYS + row)

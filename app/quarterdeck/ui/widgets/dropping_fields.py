"""What fields share that drop something down: the caret at their right, and a field for an instant or a day."""

from __future__ import annotations

from PySide6.QtCore import QRect
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QDateTimeEdit, QWidget
from typing_extensions import override

from quarterdeck.ui.theme.measures import CONTROL_HEIGHT
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.widgets.text import safe_line

_CARET = 12
_CARET_FROM_RIGHT = 22


def paint_caret(painter: QPainter, theme: Theme, field: QWidget) -> None:
    """The sign that a field drops something down, at its right."""
    place = QRect(field.width() - _CARET_FROM_RIGHT, (field.height() - _CARET) // 2, _CARET, _CARET)
    colour, ratio = theme.tokens.text_secondary, field.devicePixelRatioF()
    painter.drawPixmap(place, theme.icons.pixmap("caret-down", colour, size=_CARET, ratio=ratio))


class InstantField(QDateTimeEdit):
    """A local time, or a day where `shown` has no hours, with a calendar below it. `shown` is a Qt display format."""

    def __init__(self, theme: Theme, shown: str, accessible_name: str) -> None:
        super().__init__()
        self._theme = theme
        self.setDisplayFormat(shown)
        self.setCalendarPopup(True)
        self.setMinimumHeight(CONTROL_HEIGHT)
        self.setAccessibleName(safe_line(accessible_name))
        self.lineEdit().setAccessibleName(safe_line(accessible_name))
        theme.changed.connect(self.update)

    @override
    def paintEvent(self, event: QPaintEvent, /) -> None:
        super().paintEvent(event)
        paint_caret(QPainter(self), self._theme, self)

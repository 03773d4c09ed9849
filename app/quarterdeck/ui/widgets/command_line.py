"""The one-line field that finds and runs, with the key that reaches it shown inside."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QLineEdit
from typing_extensions import override

from quarterdeck.ui.theme.measures import RADIUS_TAG
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.widgets.text import LINE_LIMIT, safe_line

_CHIP_HEIGHT = 18
_CHIP_PADDING = 5
_EDGE = 8


class CommandLine(QLineEdit):
    """A line edit with a key chip at its right end, such as `Ctrl K`."""

    def __init__(self, theme: Theme, placeholder: str, *, key: str = "") -> None:
        super().__init__()
        self._theme = theme
        self._chip = safe_line(key).replace("+", " ")
        self.setPlaceholderText(safe_line(placeholder))
        self.setAccessibleName(safe_line(placeholder))
        self.setMaxLength(LINE_LIMIT)
        if self._chip:
            self.setTextMargins(0, 0, self._chip_width() + _EDGE, 0)

    def _chip_width(self) -> int:
        return QFontMetrics(self._theme.fonts.small).horizontalAdvance(self._chip) + 2 * _CHIP_PADDING

    @override
    def paintEvent(self, event: QPaintEvent, /) -> None:
        super().paintEvent(event)
        if not self._chip:
            return
        tokens = self._theme.tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        width = self._chip_width()
        box = QRectF(self.width() - width - _EDGE, (self.height() - _CHIP_HEIGHT) / 2, width, _CHIP_HEIGHT)
        painter.setPen(QPen(QColor(tokens.line), 1))
        painter.setBrush(QColor(tokens.raised))
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), RADIUS_TAG, RADIUS_TAG)
        painter.setFont(self._theme.fonts.small)
        painter.setPen(QColor(tokens.text_tertiary))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, self._chip)

"""A check box in the theme's looks; Fusion's own cannot be told from its ground in the dark."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QCheckBox, QSizePolicy
from typing_extensions import override

from quarterdeck.ui.theme.measures import RADIUS_TAG
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.widgets.text import button_text, safe_line

_BOX = 16
_GAP = 8
_HEIGHT = 22
_TICK = ((4.2, 8.4), (6.9, 11.0), (11.8, 5.2))


class CheckBox(QCheckBox):
    """A box with a label; its whole width takes clicks."""

    def __init__(self, theme: Theme, text: str) -> None:
        super().__init__(button_text(text))
        self._theme = theme
        self._words = safe_line(text)
        self.setFont(theme.fonts.body)
        self.setAccessibleName(self._words)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    @override
    def sizeHint(self) -> QSize:
        return QSize(_BOX + _GAP + self.fontMetrics().horizontalAdvance(self._words) + 2, _HEIGHT)

    @override
    def paintEvent(self, event: QPaintEvent, /) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        tokens = self._theme.tokens
        top = (self.height() - _BOX) / 2
        is_checked = self.isChecked()
        edge = tokens.accent if is_checked or self.hasFocus() else tokens.text_tertiary
        painter.setPen(QPen(QColor(edge), 1))
        painter.setBrush(QColor(tokens.accent if is_checked else tokens.window))
        painter.drawRoundedRect(QRectF(0.5, top + 0.5, _BOX - 1, _BOX - 1), RADIUS_TAG, RADIUS_TAG)
        if is_checked:
            pen = QPen(QColor(tokens.on_accent), 1.8)
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
            painter.setPen(pen)
            painter.drawPolyline(QPolygonF([QPointF(x, top + y) for x, y in _TICK]))
        painter.setPen(QColor(tokens.text if self.isEnabled() else tokens.text_tertiary))
        words = self.rect().adjusted(_BOX + _GAP, 0, 0, 0)
        painter.drawText(words, int(Qt.AlignmentFlag.AlignVCenter), self._words)

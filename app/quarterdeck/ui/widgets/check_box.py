"""A check box in the theme's looks; Fusion's own cannot be told from its ground in the dark."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QCheckBox, QSizePolicy
from typing_extensions import override

from quarterdeck.ui.theme.measures import RADIUS_TAG
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.theme.tokens import Tokens
from quarterdeck.ui.widgets.text import button_text, safe_line

CHECK_SIZE = 16
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
        return QSize(CHECK_SIZE + _GAP + self.fontMetrics().horizontalAdvance(self._words) + 2, _HEIGHT)

    @override
    def paintEvent(self, event: QPaintEvent, /) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        tokens = self._theme.tokens
        is_strong = self.isChecked() or self.hasFocus()
        corner = QPointF(0, (self.height() - CHECK_SIZE) / 2)
        paint_check(painter, corner, tokens, is_checked=self.isChecked(), is_strong=is_strong)
        painter.setPen(QColor(tokens.text if self.isEnabled() else tokens.text_tertiary))
        words = self.rect().adjusted(CHECK_SIZE + _GAP, 0, 0, 0)
        painter.drawText(words, int(Qt.AlignmentFlag.AlignVCenter), self._words)


def paint_check(painter: QPainter, corner: QPointF, tokens: Tokens, *, is_checked: bool, is_strong: bool) -> None:
    """A box of 16 px from its upper left corner, ticked or not; a strong one has an edge in the accent's colour."""
    painter.setPen(QPen(QColor(tokens.accent if is_strong else tokens.text_tertiary), 1))
    painter.setBrush(QColor(tokens.accent if is_checked else tokens.window))
    box = QRectF(corner.x() + 0.5, corner.y() + 0.5, CHECK_SIZE - 1, CHECK_SIZE - 1)
    painter.drawRoundedRect(box, RADIUS_TAG, RADIUS_TAG)
    if is_checked:
        pen = QPen(QColor(tokens.on_accent), 1.8)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        painter.drawPolyline(QPolygonF([QPointF(corner.x() + x, corner.y() + y) for x, y in _TICK]))

"""The ledger as a strip: the window from left to right, each stretch in the colour of what it counts as."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from quarterdeck.domain.health import SEVERITY, HealthState
from quarterdeck.ui.panels.objectives.state import StripPart
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.widgets.text import safe_line

_HEIGHT = 16
_LEAST = 2.0
_CALM_ALPHA = 110


class LedgerStrip(QWidget):
    """What is bad is never narrower than two pixels; it is told in words to assistive tools, and by the table below."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._parts: tuple[StripPart, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Ledger over the window"))
        theme.changed.connect(self.update)

    def show_parts(self, parts: tuple[StripPart, ...], words: str) -> None:
        """Show these stretches."""
        self._parts = tuple(sorted(parts, key=lambda part: SEVERITY[part.mark]))
        self.setAccessibleDescription(safe_line(words))
        self.setVisible(bool(parts))
        self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(320, _HEIGHT)

    @override
    def paintEvent(self, event: QPaintEvent, /) -> None:
        painter = QPainter(self)
        tokens = self._theme.tokens
        painter.fillRect(self.rect(), QColor(tokens.hover))
        colours = {
            HealthState.HEALTHY: tokens.healthy,
            HealthState.DOWN: tokens.down,
            HealthState.MAINTENANCE: tokens.maintenance,
        }
        for part in self._parts:
            left, right = part.start * self.width(), part.end * self.width()
            area = QRectF(left, 0, max(_LEAST, right - left), self.height())
            if part.mark is HealthState.UNKNOWN:
                painter.fillRect(area, QBrush(QColor(tokens.unknown), Qt.BrushStyle.BDiagPattern))
                continue
            colour = QColor(colours[part.mark])
            if part.mark is HealthState.HEALTHY:
                colour.setAlpha(_CALM_ALPHA)
            painter.fillRect(area, colour)

"""Small boxed words: tags that classify and chips that show a key."""

from __future__ import annotations

from PySide6.QtCore import QMargins, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy
from typing_extensions import override

from quarterdeck.ui.theme.measures import RADIUS_TAG
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.theme.tokens import Tone
from quarterdeck.ui.theme.typography import FontRole
from quarterdeck.ui.widgets.text import PlainLabel

_TAG_MARGINS = QMargins(6, 2, 6, 2)
_CHIP_MARGINS = QMargins(5, 1, 5, 1)
_NARROWEST_CHIP = 18


class Tag(PlainLabel):
    """A word on a faint ground of its tone, such as `Critical` or `INC-208`."""

    def __init__(self, theme: Theme, text: str, tone: Tone = Tone.SECONDARY) -> None:
        super().__init__(theme, text, role=FontRole.SMALL, tone=tone)
        self.setContentsMargins(_TAG_MARGINS)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    @override
    def paintEvent(self, event: QPaintEvent, /) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._theme.tokens.ground(self._tone)))
        painter.drawRoundedRect(QRectF(self.rect()), RADIUS_TAG, RADIUS_TAG)
        painter.end()
        super().paintEvent(event)


class KeyChip(PlainLabel):
    """A key or a combination, such as `J` or `Ctrl K`, in the outline of a key."""

    def __init__(self, theme: Theme, text: str) -> None:
        super().__init__(
            theme, text if text == "+" else text.replace("+", " "), role=FontRole.SMALL, tone=Tone.SECONDARY
        )
        self.setContentsMargins(_CHIP_MARGINS)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    @override
    def sizeHint(self) -> QSize:
        natural = super().sizeHint()
        return QSize(max(_NARROWEST_CHIP, natural.width()), natural.height())

    @override
    def paintEvent(self, event: QPaintEvent, /) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(self._theme.tokens.line), 1))
        painter.setBrush(QColor(self._theme.tokens.surface))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), RADIUS_TAG, RADIUS_TAG)
        painter.end()
        super().paintEvent(event)

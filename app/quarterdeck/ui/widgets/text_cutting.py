"""Texts cut to a width and laid out once: shaping the same words for every repaint is most of what a table costs."""

from __future__ import annotations

from dataclasses import dataclass
from math import floor

from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import QFont, QFontMetrics, QFontMetricsF, QPainter, QStaticText, QTransform

from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.theme.typography import FontRole

_MOST_REMEMBERED = 4000


@dataclass(frozen=True, slots=True)
class _Cut:
    layout: QStaticText
    width: int
    height: int


class TextCutter:
    """Draws single lines of plain text, cut with an ellipsis where there is no room."""

    def __init__(self, theme: Theme) -> None:
        self._theme = theme
        self._cuts: dict[tuple[FontRole, str, int, bool], _Cut] = {}

    def draw(
        self,
        painter: QPainter,
        area: QRect,
        text: str,
        role: FontRole,
        *,
        is_right: bool = False,
        in_middle: bool = False,
    ) -> int:
        """Draw a text in the painter's pen, centred from top to bottom; the width it takes.

        It is cut at its end, or in its middle.
        """
        cut = self._cut(role, text, area.width(), in_middle=in_middle)
        left = area.right() + 1 - cut.width if is_right else area.left()
        top = area.top() + (area.height() - cut.height) // 2
        painter.setFont(self._theme.fonts.of(role))
        painter.drawStaticText(QPointF(left, top), cut.layout)
        return cut.width

    def _cut(self, role: FontRole, text: str, width: int, *, in_middle: bool) -> _Cut:
        key = (role, text, width, in_middle)
        found = self._cuts.get(key)
        if found is None:
            if len(self._cuts) >= _MOST_REMEMBERED:
                self._cuts.clear()
            found = self._cuts[key] = _lay_out(self._theme.fonts.of(role), text, width, in_middle=in_middle)
        return found


def _lay_out(font: QFont, text: str, width: int, *, in_middle: bool) -> _Cut:
    metrics = QFontMetrics(font)
    wanted = QFontMetricsF(font).horizontalAdvance(text)
    fits = wanted <= width
    mode = Qt.TextElideMode.ElideMiddle if in_middle else Qt.TextElideMode.ElideRight
    shown = text if fits else metrics.elidedText(text, mode, max(0, width))
    layout = QStaticText(shown)
    layout.setTextFormat(Qt.TextFormat.PlainText)
    layout.setPerformanceHint(QStaticText.PerformanceHint.AggressiveCaching)
    layout.prepare(QTransform(), font)
    return _Cut(layout, floor(wanted + 0.5) if fits else metrics.horizontalAdvance(shown), metrics.height())

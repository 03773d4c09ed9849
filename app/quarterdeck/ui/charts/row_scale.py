"""What the shades of a row chart mean: a bar from little to much with the value at either end, and what is hatched."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from quarterdeck.ui.charts.row_paint import scale_colours
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.widgets.state_stack import paint_hatch
from quarterdeck.ui.widgets.text import safe_line

_WIDTH, _HEIGHT = 96, 8
_SQUARE = 14
_GAP = 6


class ScaleBar(QWidget):
    """In even shades, or in as many `steps` as a horizon chart has bands."""

    def __init__(self, theme: Theme, *, steps: int | None) -> None:
        super().__init__()
        self._theme = theme
        self._steps = steps
        self._ends = ("", "")
        self._unknown = self.tr("unknown")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def set_ends(self, lowest: str, highest: str) -> None:
        """Say which values the first and the last shade stand for."""
        self._ends = (safe_line(lowest, 24), safe_line(highest, 24))
        self.setAccessibleName(
            self.tr("From {lowest} to {highest}; hatched where unknown").format(lowest=lowest, highest=highest)
        )
        self.updateGeometry()
        self.update()

    @override
    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(self._theme.fonts.small)
        words = sum(metrics.horizontalAdvance(text) for text in (*self._ends, self._unknown))
        return QSize(words + _WIDTH + _SQUARE + 6 * _GAP, 18)

    @override
    def paintEvent(self, event: QPaintEvent, /) -> None:
        painter = QPainter(self)
        tokens = self._theme.tokens
        painter.setFont(self._theme.fonts.small)
        left = self._write(painter, 0, self._ends[0])
        top = (self.height() - _HEIGHT) / 2
        colours = scale_colours(tokens.scale[1:] if self._steps else tokens.scale, self._steps or _WIDTH)
        step = _WIDTH / len(colours)
        for at, colour in enumerate(colours):
            painter.fillRect(QRectF(left + at * step, top, step, _HEIGHT), QColor.fromRgba(int(colour)))
        left = self._write(painter, left + _WIDTH + _GAP, self._ends[1]) + 2 * _GAP
        paint_hatch(painter, QRectF(left, top - 2, _SQUARE, _HEIGHT + 4), QColor(tokens.text_tertiary))
        self._write(painter, left + _SQUARE + _GAP, self._unknown)

    def _write(self, painter: QPainter, left: float, words: str) -> float:
        painter.setPen(QColor(self._theme.tokens.text_tertiary))
        width = painter.fontMetrics().horizontalAdvance(words)
        painter.drawText(QRectF(left, 0, width + 2, self.height()), Qt.AlignmentFlag.AlignVCenter, words)
        return left + width + _GAP

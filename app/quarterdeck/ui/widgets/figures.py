"""A row of figures: what each is, how much, and the word that gives it measure."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QFrame, QHBoxLayout, QSizePolicy
from typing_extensions import override

from quarterdeck.ui.theme.measures import CARD_PADDING, RADIUS_CONTROL
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.theme.tokens import Tone
from quarterdeck.ui.widgets.cards import hairline
from quarterdeck.ui.widgets.staleness import is_stale
from quarterdeck.ui.widgets.text import safe_line

_HEIGHT = 64
_LABEL_BASELINE = 24
_VALUE_BASELINE = 48
_NOTE_GAP = 5
_NARROWEST = 110


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: `value` is large and in the colour of `tone`, `note` stands small behind it on the same line.

    A note for which there is no room stands in the tool tip instead: half a word tells nothing.
    """

    key: str
    label: str
    value: str
    note: str = ""
    tone: Tone = Tone.TEXT
    tool_tip: str = ""


class FigureStrip(QFrame):
    """Figures side by side in one card; each is a button, and `figure_activated` carries its key."""

    figure_activated = Signal(str)

    def __init__(self, theme: Theme, figures: tuple[Figure, ...] = ()) -> None:
        super().__init__()
        self._theme = theme
        self._cells: list[_FigureCell] = []
        self.setProperty("kind", "card")
        self.setFixedHeight(_HEIGHT + 2)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(1, 1, 1, 1)
        self._row.setSpacing(0)
        self.set_figures(figures)

    def set_figures(self, figures: tuple[Figure, ...]) -> None:
        """Show these figures; cells are reused as long as their number stays."""
        if len(figures) != len(self._cells):
            self._rebuild(len(figures))
        for cell, figure in zip(self._cells, figures, strict=True):
            cell.set_figure(figure)

    def _rebuild(self, count: int) -> None:
        while (item := self._row.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self._cells = [_FigureCell(self._theme) for _ in range(count)]
        for at, cell in enumerate(self._cells):
            if at:
                self._row.addWidget(hairline(vertical=True))
            self._row.addWidget(cell, 1)
            cell.activated.connect(self.figure_activated)


class _FigureCell(QAbstractButton):
    activated = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._figure = Figure("", "", "")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.clicked.connect(lambda: self.activated.emit(self._figure.key))
        theme.changed.connect(self.update)

    def set_figure(self, figure: Figure) -> None:
        self._figure = Figure(
            figure.key,
            safe_line(figure.label),
            safe_line(figure.value),
            safe_line(figure.note),
            figure.tone,
        )
        self.setAccessibleName(f"{self._figure.label}: {self._figure.value} {self._figure.note}".strip())
        self.setToolTip(figure.tool_tip)
        self.update()

    def plain_tool_tip_at(self, _position: QPoint) -> str:
        """The figure with its note where that has no room, and the tool tip that was set."""
        fonts, figure = self._theme.fonts, self._figure
        taken = QFontMetricsF(fonts.figure).horizontalAdvance(figure.value) + _NOTE_GAP
        wanted = taken + QFontMetricsF(fonts.note).horizontalAdvance(figure.note)
        whole = f"{figure.value} {figure.note}" if wanted > self.width() - 2 * CARD_PADDING else ""
        return "\n".join(part for part in (whole, self.toolTip()) if part)

    @override
    def sizeHint(self) -> QSize:
        return QSize(_NARROWEST, _HEIGHT)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(_NARROWEST, _HEIGHT)

    @override
    def paintEvent(self, event: QPaintEvent, /) -> None:
        painter = QPainter(self)
        tokens = self._theme.tokens
        room = self.width() - 2 * CARD_PADDING
        if self.underMouse():
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(tokens.hover))
            painter.drawRoundedRect(self.rect().adjusted(4, 4, -4, -4), RADIUS_CONTROL, RADIUS_CONTROL)
        fonts = self._theme.fonts
        painter.setFont(fonts.small)
        painter.setPen(QColor(tokens.text_tertiary))
        label = painter.fontMetrics().elidedText(self._figure.label, Qt.TextElideMode.ElideRight, room)
        painter.drawText(QPointF(CARD_PADDING, _LABEL_BASELINE), label)
        painter.setFont(fonts.figure)
        painter.setPen(QColor(tokens.text if is_stale(self) else tokens.tone(self._figure.tone)))
        value = painter.fontMetrics().elidedText(self._figure.value, Qt.TextElideMode.ElideRight, room)
        painter.drawText(QPointF(CARD_PADDING, _VALUE_BASELINE), value)
        self._paint_note(painter, QFontMetricsF(fonts.figure).horizontalAdvance(value), room)
        if self.hasFocus():
            self._paint_focus(painter)

    def _paint_note(self, painter: QPainter, taken: float, room: int) -> None:
        painter.setFont(self._theme.fonts.note)
        painter.setPen(QColor(self._theme.tokens.text_secondary))
        if painter.fontMetrics().horizontalAdvance(self._figure.note) <= room - taken - _NOTE_GAP:
            painter.drawText(QPointF(CARD_PADDING + taken + _NOTE_GAP, _VALUE_BASELINE), self._figure.note)

    def _paint_focus(self, painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(self._theme.tokens.accent), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(3.5, 3.5, -3.5, -3.5), RADIUS_CONTROL, RADIUS_CONTROL)

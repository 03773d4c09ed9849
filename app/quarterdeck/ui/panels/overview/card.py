"""An integration or a machine as a card: mark, name, state and since when, the course of the range, and figures.

An integration has its availability at the right edge; a machine how busy its processors are, and a line more.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QContextMenuEvent, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QWidget
from typing_extensions import override

from quarterdeck.domain.health import HealthState
from quarterdeck.ui.panels.overview.placement import CARD_HEIGHT
from quarterdeck.ui.panels.overview.state import CardWords, PartWords
from quarterdeck.ui.theme.marks import paint_mark
from quarterdeck.ui.theme.measures import RADIUS_CARD
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.theme.tokens import Tone
from quarterdeck.ui.widgets.columns import NOTHING
from quarterdeck.ui.widgets.sparklines import paint_sparkline
from quarterdeck.ui.widgets.staleness import state_as_shown
from quarterdeck.ui.widgets.text import safe_line, safe_text

_MARK_X = 19
_TEXT_X = 37
_EDGE = 13
_NAME_BASELINE = 24
_LINE_BASELINE = 42
_PARTS_BASELINE = 66
_PART_GAP = 14
_VALUE_GAP = 5
_SPARK_WIDTH = 116
_SPARK_LEAST = 56
_SPARK_INSET = 14
_GAP = 14
_SPARK_TONES = {
    HealthState.DEGRADED: Tone.DEGRADED,
    HealthState.DOWN: Tone.DOWN,
    HealthState.STALE: Tone.TERTIARY,
    HealthState.UNKNOWN: Tone.TERTIARY,
}


class EntityCard(QAbstractButton):
    """`chosen` comes with a click or Space, `opened` with a double click or Enter, both with the entity's key.

    `moved` asks for the neighbour in a direction: (columns, rows); `menu_asked` carries the key and where on the screen
    a menu should open.
    """

    chosen = Signal(str)
    opened = Signal(str)
    moved = Signal(int, int)
    menu_asked = Signal(str, QPoint)

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._words: CardWords | None = None
        self._line = np.empty(0)
        self._is_selected = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.clicked.connect(lambda: self.chosen.emit(self.entity_key))
        theme.changed.connect(self.update)

    @property
    def entity_key(self) -> str:
        """The entity's key; empty before it shows one."""
        return self._words.entity_key if self._words else ""

    def show_words(self, words: CardWords) -> None:
        """Show this; nothing is painted when it is what is shown already."""
        if words == self._words:
            return
        self._words = words
        self._line = np.array(words.spark)
        self.setAccessibleName(safe_line(words.description))
        self.setToolTip(safe_text(words.description))
        self.update()

    def set_selected(self, *, is_selected: bool) -> None:
        """Mark the card as the console's selection."""
        if is_selected != self._is_selected:
            self._is_selected = is_selected
            self.update()

    @override
    def paintEvent(self, event: QPaintEvent, /) -> None:
        words = self._words
        if words is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter)
        state = state_as_shown(self, words.state)
        paint_mark(painter, QPointF(_MARK_X, CARD_HEIGHT / 2), state, self._theme.tokens)
        right = self._paint_figure(painter, words)
        self._paint_texts(painter, words, self._paint_spark(painter, words, right))
        self._paint_parts(painter, words.parts)

    def _paint_ground(self, painter: QPainter) -> None:
        tokens = self._theme.tokens
        is_lit = self._is_selected or self.hasFocus()
        ground = tokens.accent_ground if self._is_selected else tokens.raised
        if self.underMouse() and not self._is_selected:
            ground = tokens.hover
        painter.setPen(QPen(QColor(tokens.accent if is_lit else tokens.line), 1))
        painter.setBrush(QColor(ground))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), RADIUS_CARD, RADIUS_CARD)

    def _paint_figure(self, painter: QPainter, words: CardWords) -> int:
        """Paint the figure at the right edge; where its column begins."""
        fonts = self._theme.fonts
        value, note = safe_line(words.figure), safe_line(words.figure_note)
        right = self.width() - _EDGE
        is_known = value != NOTHING
        painter.setFont(fonts.medium)
        painter.setPen(self._theme.colour(Tone.TEXT if is_known else Tone.TERTIARY))
        metrics = QFontMetrics(fonts.medium)
        painter.drawText(QPointF(right - metrics.horizontalAdvance(value), _NAME_BASELINE), value)
        painter.setFont(fonts.small)
        painter.setPen(self._theme.colour(Tone.TERTIARY))
        note_width = QFontMetrics(fonts.small).horizontalAdvance(note)
        painter.drawText(QPointF(right - note_width, _LINE_BASELINE), note)
        return right - max(metrics.horizontalAdvance("100.00%"), note_width)

    def _paint_spark(self, painter: QPainter, words: CardWords, right: int) -> int:
        """Paint the line left of the figure, if there is room beside the name; where the texts must end."""
        fonts = self._theme.fonts
        name_width = QFontMetrics(fonts.medium).horizontalAdvance(safe_line(words.name))
        text_width = max(name_width, QFontMetrics(fonts.small).horizontalAdvance(safe_line(words.line)))
        width = min(_SPARK_WIDTH, right - _GAP - (_TEXT_X + text_width + 1) - _GAP)
        if width < _SPARK_LEAST:
            return right - _GAP
        area = QRectF(right - _GAP - width, _SPARK_INSET, width, CARD_HEIGHT - 2 * _SPARK_INSET)
        tone = _SPARK_TONES.get(state_as_shown(self, words.state), Tone.SECONDARY)
        paint_sparkline(painter, area, self._line, self._theme.colour(tone))
        return int(area.left()) - _GAP

    def _paint_texts(self, painter: QPainter, words: CardWords, end: int) -> None:
        fonts = self._theme.fonts
        room = end - _TEXT_X
        painter.setFont(fonts.medium)
        painter.setPen(self._theme.colour(Tone.TEXT))
        painter.drawText(QPointF(_TEXT_X, _NAME_BASELINE), _elided(painter, words.name, room))
        painter.setFont(fonts.small)
        painter.setPen(self._theme.colour(Tone.TERTIARY))
        painter.drawText(QPointF(_TEXT_X, _LINE_BASELINE), _elided(painter, words.line, room))

    def _paint_parts(self, painter: QPainter, parts: Sequence[PartWords]) -> None:
        """Paint the line of parts; where it is short of room, what a part is called is cut and never its value."""
        painter.setFont(self._theme.fonts.small)
        left, end = _TEXT_X, self.width() - _EDGE
        for number, part in enumerate(parts):
            value = safe_line(part.value)
            value_width = painter.fontMetrics().horizontalAdvance(value)
            room = (end - left) // (len(parts) - number)
            label = _elided(painter, part.label, room - value_width - _VALUE_GAP)
            painter.setPen(self._theme.colour(Tone.TERTIARY))
            painter.drawText(QPointF(left, _PARTS_BASELINE), label)
            left += painter.fontMetrics().horizontalAdvance(label) + _VALUE_GAP
            painter.setPen(self._theme.colour(Tone.TERTIARY if value == NOTHING else Tone.TEXT))
            painter.drawText(QPointF(left, _PARTS_BASELINE), value)
            left += value_width + _PART_GAP

    @override
    def mouseDoubleClickEvent(self, event: QMouseEvent, /) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self.opened.emit(self.entity_key)

    @override
    def contextMenuEvent(self, event: QContextMenuEvent, /) -> None:
        self.menu_asked.emit(self.entity_key, event.globalPos())

    @override
    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        steps = {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1)}
        if event.key() in steps:
            self.moved.emit(*steps[Qt.Key(event.key())])
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.opened.emit(self.entity_key)
        else:
            super().keyPressEvent(event)


def _elided(painter: QPainter, text: str, room: int) -> str:
    return painter.fontMetrics().elidedText(safe_line(text), Qt.TextElideMode.ElideRight, max(0, room))

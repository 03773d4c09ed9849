"""Rows of the inspector: a state's mark, a title with a note, what it means below; some lead to another entity."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QEnterEvent, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QFrame, QSizePolicy, QVBoxLayout
from typing_extensions import override

from quarterdeck.ui.shell.inspector.state import MarkedLine
from quarterdeck.ui.theme.marks import paint_mark, state_word
from quarterdeck.ui.theme.measures import RADIUS_TAG
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.widgets.staleness import state_as_shown
from quarterdeck.ui.widgets.text import safe_line, safe_text

_HEIGHT = 30
_MARK_LEFT = 16.0
_TEXT_LEFT = 32
_EDGE = 10
_DETAIL_GAP = 2
_DETAIL_LINES = 3


class MarkedRow(QAbstractButton):
    """One MarkedLine. `opened` carries the key of the entity it leads to; a row that leads nowhere is not pressed."""

    opened = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._line: MarkedLine | None = None
        self._title = self._note = self._detail = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.clicked.connect(self._open)
        theme.changed.connect(self.update)

    def show_line(self, line: MarkedLine) -> None:
        """Show another line."""
        if line == self._line:
            return
        self._line = line
        self._title, self._note = safe_line(line.title), safe_line(line.note)
        self._detail = safe_text(line.detail)
        leads = bool(line.key)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus if leads else Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor if leads else Qt.CursorShape.ArrowCursor)
        parts = (self._title, state_word(line.state), self._note, self._detail)
        self.setAccessibleName(", ".join(part for part in parts if part))
        self.setToolTip(safe_text("\n".join(part for part in (line.title, line.detail) if part)))
        self.updateGeometry()
        self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(200, self.heightForWidth(self.width()))

    @override
    def hasHeightForWidth(self) -> bool:
        return True

    @override
    def heightForWidth(self, width: int, /) -> int:
        if not self._detail:
            return _HEIGHT
        return _HEIGHT + self._detail_height(width) + _DETAIL_GAP

    def _detail_height(self, width: int) -> int:
        metrics = QFontMetrics(self._theme.fonts.note)
        room = QRect(0, 0, max(40, width - _TEXT_LEFT - _EDGE), _DETAIL_LINES * metrics.lineSpacing())
        needed = metrics.boundingRect(room, int(Qt.TextFlag.TextWordWrap), self._detail).height()
        return min(needed, room.height())

    def _open(self) -> None:
        if self._line is not None and self._line.key:
            self.opened.emit(self._line.key)

    @override
    def enterEvent(self, event: QEnterEvent, /) -> None:
        self.update()

    @override
    def leaveEvent(self, event: QEvent, /) -> None:
        self.update()

    @override
    def paintEvent(self, event: QPaintEvent, /) -> None:
        line = self._line
        if line is None:
            return
        painter, tokens, fonts = QPainter(self), self._theme.tokens, self._theme.fonts
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter, leads=bool(line.key))
        paint_mark(painter, QPointF(_MARK_LEFT, _HEIGHT / 2), state_as_shown(self, line.state), tokens)
        note_width = fonts_width(self._note, QFontMetrics(fonts.body))
        right = self.width() - _EDGE
        painter.setPen(QColor(tokens.text_tertiary))
        painter.drawText(QRectF(right - note_width, 0, note_width, _HEIGHT), Qt.AlignmentFlag.AlignVCenter, self._note)
        room = QRectF(_TEXT_LEFT, 0, max(0, right - note_width - 8 - _TEXT_LEFT), _HEIGHT)
        title = self.fontMetrics().elidedText(self._title, Qt.TextElideMode.ElideRight, int(room.width()))
        painter.setPen(QColor(tokens.text))
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, title)
        if self._detail:
            painter.setFont(fonts.note)
            painter.setPen(QColor(tokens.text_secondary))
            below = QRectF(_TEXT_LEFT, _HEIGHT - 6, right - _TEXT_LEFT, self.height() - _HEIGHT)
            painter.drawText(below, int(Qt.TextFlag.TextWordWrap), self._detail)

    def _paint_ground(self, painter: QPainter, *, leads: bool) -> None:
        tokens = self._theme.tokens
        if leads and self.underMouse():
            painter.fillRect(self.rect(), QColor(tokens.hover))
        if self.hasFocus():
            painter.setPen(QPen(QColor(tokens.accent), 1))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1.5, 1.5, -1.5, -1.5), RADIUS_TAG, RADIUS_TAG)


class MarkedRows(QFrame):
    """Rows one below the other inside a border; rows are reused. `opened` carries an entity's key.

    `spare_rows` are made at once, so that showing as many lines later takes no time for them.
    """

    opened = Signal(str)

    def __init__(self, theme: Theme, *, accessible_name: str, spare_rows: int = 0) -> None:
        super().__init__()
        self.setProperty("kind", "table")
        self.setAccessibleName(accessible_name)
        self._theme = theme
        self._rows: list[MarkedRow] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(1, 1, 1, 1)
        self._column.setSpacing(0)

        for _ in range(spare_rows):
            self._add_row()

    def show_lines(self, lines: tuple[MarkedLine, ...]) -> None:
        """Show these lines; the frame goes when there are none."""
        while len(self._rows) < len(lines):
            self._add_row()
        for at, row in enumerate(self._rows):
            row.setVisible(at < len(lines))
            if at < len(lines):
                row.show_line(lines[at])
        self.setVisible(bool(lines))

    def _add_row(self) -> None:
        row = MarkedRow(self._theme)
        row.opened.connect(self.opened)
        row.hide()
        self._rows.append(row)
        self._column.addWidget(row)


def fonts_width(text: str, metrics: QFontMetrics) -> int:
    """Room for a text, none for an empty one."""
    return metrics.horizontalAdvance(text) + 1 if text else 0

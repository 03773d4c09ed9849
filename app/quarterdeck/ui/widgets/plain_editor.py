"""A field for text of several lines that others read by line and column: numbered, bounded, with marks where it errs.

A text that is too long, or has a line that is, never reaches the widget: one unbroken line of 300 kB freezes it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QMimeData, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QResizeEvent, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit, QWidget
from typing_extensions import override

from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.widgets.text import safe_line

_GUTTER_PADDING = 6
_MARK = "◆"


@dataclass(frozen=True, slots=True)
class TextMark:
    """Something wrong at a place of the text, both counted from 1; a `column` of 0 is the whole line."""

    line: int
    column: int
    words: str


@dataclass(frozen=True, slots=True)
class TextBounds:
    """How long a text may be, and each line of it, in characters."""

    text: int
    line: int


class PlainEditor(QPlainTextEdit):
    """`overfull` comes when something was not taken because there is no room for it. Tab leaves the field."""

    overfull = Signal()

    def __init__(self, theme: Theme, bounds: TextBounds, *, accessible_name: str) -> None:
        super().__init__()
        self._theme = theme
        self._bounds = bounds
        self._marks: tuple[TextMark, ...] = ()
        self._gutter = _Gutter(self)
        self.setFont(theme.fonts.mono)
        self.setAccessibleName(safe_line(accessible_name))
        self.setTabChangesFocus(True)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.blockCountChanged.connect(self._make_room)
        self.updateRequest.connect(self._follow)
        theme.changed.connect(self._draw_marks)
        self._make_room()

    def fits(self, text: str) -> bool:
        """Whether a text may stand here."""
        return len(text) <= self._bounds.text and all(len(line) <= self._bounds.line for line in text.split("\n"))

    def show_text(self, text: str) -> None:
        """Show another text, without a way back to the one before. Raises ValueError for one that does not fit."""
        if not self.fits(text):
            message = "a text that does not fit is not shown"
            raise ValueError(message)
        self.show_marks(())
        self.setPlainText(text)
        self.moveCursor(QTextCursor.MoveOperation.Start)

    def show_marks(self, marks: Sequence[TextMark]) -> None:
        """Mark what is wrong, in the place of what was marked before."""
        self._marks = tuple(marks)
        self._draw_marks()
        self._gutter.update()

    def go_to(self, mark: TextMark) -> None:
        """Put the keyboard where a mark stands."""
        self.setTextCursor(self._cursor_at(mark))
        self.centerCursor()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def go_to_next(self) -> None:
        """Go to the first mark behind the cursor, or to the first of all."""
        if self._marks:
            cursor = self.textCursor()
            here = cursor.blockNumber() + 1, cursor.positionInBlock() + 1
            behind = (mark for mark in self._marks if (mark.line, max(1, mark.column)) > here)
            self.go_to(next(behind, self._marks[0]))

    @override
    def insertFromMimeData(self, source: QMimeData, /) -> None:
        text = source.text().replace("\r\n", "\n").replace("\r", "\n").replace("\u2029", "\n")
        cursor = self.textCursor()
        kept = len(self.toPlainText()) - len(cursor.selectedText())
        if not text or not self._has_room(text, kept):
            self.overfull.emit()
            return
        cursor.insertText(text)
        self.setTextCursor(cursor)

    @override
    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        cursor = self.textCursor()
        is_typed = bool(event.text()) and event.text().isprintable() and not cursor.hasSelection()
        if is_typed and (
            self.document().characterCount() > self._bounds.text or cursor.block().length() > self._bounds.line
        ):
            self.overfull.emit()
            event.accept()
            return
        super().keyPressEvent(event)

    @override
    def resizeEvent(self, event: QResizeEvent, /) -> None:
        super().resizeEvent(event)
        inside = self.contentsRect()
        self._gutter.setGeometry(QRect(inside.left(), inside.top(), self.gutter_width, inside.height()))

    @property
    def gutter_width(self) -> int:
        """The room for the numbers of lines, in pixels."""
        digits = max(3, len(str(self.blockCount())))
        return self.fontMetrics().horizontalAdvance("9" * digits + _MARK) + 3 * _GUTTER_PADDING

    def paint_gutter(self, event: QPaintEvent) -> None:
        """Number the lines in sight, with a mark where one is."""
        painter = QPainter(self._gutter)
        tokens = self._theme.tokens
        painter.fillRect(event.rect(), QColor(tokens.surface))
        painter.setFont(self.font())
        faulty = {mark.line for mark in self._marks}
        block = self.firstVisibleBlock()
        top = self.blockBoundingGeometry(block).translated(self.contentOffset()).top()
        while block.isValid() and top <= event.rect().bottom():
            number, high = block.blockNumber() + 1, self.blockBoundingRect(block).height()
            painter.setPen(QColor(tokens.down if number in faulty else tokens.text_tertiary))
            told = f"{_MARK} {number}" if number in faulty else str(number)
            line = QRect(0, int(top), self.gutter_width - _GUTTER_PADDING, int(high))
            painter.drawText(line, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, told)
            top, block = top + high, block.next()

    def _has_room(self, text: str, kept: int) -> bool:
        lines = text.split("\n")
        return kept + len(text) <= self._bounds.text and all(len(line) <= self._bounds.line for line in lines)

    def _make_room(self) -> None:
        self.setViewportMargins(self.gutter_width, 0, 0, 0)

    def _follow(self, area: QRect, scrolled: int) -> None:
        if scrolled:
            self._gutter.scroll(0, scrolled)
        else:
            self._gutter.update(0, area.y(), self._gutter.width(), area.height())

    def _cursor_at(self, mark: TextMark) -> QTextCursor:
        block = self.document().findBlockByNumber(min(max(1, mark.line), self.blockCount()) - 1)
        cursor = QTextCursor(block)
        cursor.setPosition(block.position() + min(max(0, mark.column - 1), block.length() - 1))
        return cursor

    def _draw_marks(self) -> None:
        tokens = self._theme.tokens
        look = QTextCharFormat()
        look.setBackground(QColor(tokens.down_ground))
        look.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
        look.setUnderlineColor(QColor(tokens.down))
        drawn: list[QTextEdit.ExtraSelection] = []
        for mark in self._marks:
            selection = QTextEdit.ExtraSelection()
            cursor = self._cursor_at(mark)
            cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock, QTextCursor.MoveMode.KeepAnchor)
            selection.cursor, selection.format = cursor, look
            drawn.append(selection)
        self.setExtraSelections(drawn)


class _Gutter(QWidget):
    """The numbers beside the text."""

    def __init__(self, editor: PlainEditor) -> None:
        super().__init__(editor)
        self._editor = editor

    @override
    def sizeHint(self) -> QSize:
        return QSize(self._editor.gutter_width, 0)

    @override
    def paintEvent(self, event: QPaintEvent, /) -> None:
        self._editor.paint_gutter(event)

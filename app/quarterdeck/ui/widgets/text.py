"""Text on the screen: external strings are capped and cleaned here, then shown as they are, never as markup.

Qt guesses rich text (an `<img>` in a label opens the file), and very long lines freeze it for seconds.
"""

from __future__ import annotations

import unicodedata
from math import ceil

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QGuiApplication, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QPlainTextEdit, QSizePolicy
from typing_extensions import override

from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.theme.tokens import Tone
from quarterdeck.ui.theme.typography import FontRole
from quarterdeck.ui.widgets.paragraphs import Paragraph, break_lines, line_height

LINE_LIMIT = 400
TEXT_LIMIT = 4000
_LONGEST_RUN = 400
_PARAGRAPH_WIDTH = 460
_NARROWEST_PARAGRAPH = 80
_WIDTHS_KEPT = 8
_ELLIPSIS = "…"
_UNSEEN_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_REPLACEMENT = "\ufffd"


def safe_line(text: str, limit: int = LINE_LIMIT) -> str:
    """One line for a label or a cell: at most `limit` characters, white space joined, unseen characters replaced."""
    if len(text) <= limit and text.isprintable():
        return text
    return _cleaned(" ".join(text[: 4 * limit].split()), limit)


def safe_text(text: str, limit: int = TEXT_LIMIT) -> str:
    """Several lines for a block of text: at most `limit` characters, long lines broken, unseen characters replaced.

    Direction overrides count as unseen: they make a text read as something it is not.
    """
    if len(text) <= min(limit, _LONGEST_RUN) and text.isprintable():
        return text
    joined = "\n".join(_visible(line) for line in text[: limit + 1].splitlines())
    if max(len(text), len(joined)) > limit:
        joined = joined[: limit - 1] + _ELLIPSIS
    return "\n".join(piece for line in joined.split("\n") for piece in _pieces(line))


def button_text(text: str) -> str:
    """A text for buttons and menu entries, in which `&` would otherwise underline the next letter."""
    return safe_line(text).replace("&", "&&")


class PlainLabel(QLabel):
    """A label that shows any string as the characters it consists of.

    `wraps` lets it take several lines, `is_copyable` offers to copy the text. It paints itself: a label under a style
    sheet loses the colours of its palette when it gets another parent.
    """

    def __init__(
        self,
        theme: Theme,
        text: str = "",
        *,
        role: FontRole = FontRole.BODY,
        tone: Tone = Tone.TEXT,
        wraps: bool = False,
        is_copyable: bool = False,
    ) -> None:
        super().__init__()
        self._theme = theme
        self._tone = tone
        self._broken: dict[int, Paragraph] = {}
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setFont(theme.fonts.of(role))
        self.setWordWrap(wraps)
        if wraps:
            policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
            policy.setHeightForWidth(True)
            self.setSizePolicy(policy)
        self.setText(text)
        if is_copyable:
            copy = self.addAction(self.tr("Copy"))
            copy.triggered.connect(self._copy)
            self.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        theme.changed.connect(self.update)

    @override
    def setText(self, text: str, /) -> None:
        shown = safe_text(text) if self.wordWrap() else safe_line(text)
        if shown != self.text():
            self._broken.clear()
            super().setText(shown)

    def set_tone(self, tone: Tone) -> None:
        """Say the same in another colour."""
        self._tone = tone
        self.update()

    @override
    def heightForWidth(self, width: int, /) -> int:
        if not self.wordWrap():
            return super().heightForWidth(width)
        margins = self.contentsMargins()
        room = max(1, width - margins.left() - margins.right())
        return ceil(self._in_lines(room).height) + margins.top() + margins.bottom()

    @override
    def sizeHint(self) -> QSize:
        if not self.wordWrap():
            return super().sizeHint()
        natural = self._in_lines(_PARAGRAPH_WIDTH)
        return QSize(ceil(natural.width) + 1, ceil(natural.height))

    @override
    def minimumSizeHint(self) -> QSize:
        if not self.wordWrap():
            return super().minimumSizeHint()
        return QSize(min(_NARROWEST_PARAGRAPH, self.sizeHint().width()), ceil(line_height(self.font())))

    @override
    def paintEvent(self, event: QPaintEvent, /) -> None:
        painter = QPainter(self)
        painter.setPen(self._theme.colour(self._tone if self.isEnabled() else Tone.TERTIARY))
        area = self.contentsRect()
        side = self.alignment() & Qt.AlignmentFlag.AlignHorizontal_Mask
        if not self.wordWrap():
            painter.drawText(area, int(side | Qt.AlignmentFlag.AlignVCenter), self.text())
            return
        paragraph = self._in_lines(area.width())
        for number, line in enumerate(paragraph.lines):
            top = round(area.top() + number * paragraph.line_height)
            place = QRect(area.left(), top, area.width(), round(paragraph.line_height))
            painter.drawText(place, int(side | Qt.AlignmentFlag.AlignVCenter), line)

    def _in_lines(self, width: int) -> Paragraph:
        """The text broken to a width; kept, because a layout asks for the same widths again and again."""
        paragraph = self._broken.get(width)
        if paragraph is None:
            if len(self._broken) >= _WIDTHS_KEPT:
                self._broken.clear()
            paragraph = self._broken[width] = break_lines(self.text(), self.font(), width)
        return paragraph

    @override
    def changeEvent(self, event: QEvent, /) -> None:
        if event.type() == QEvent.Type.FontChange:
            self._broken.clear()
        super().changeEvent(event)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text())


class ElidedLabel(PlainLabel):
    """One line that gives way: cut with an ellipsis where there is no room, whole in the tool tip."""

    @override
    def minimumSizeHint(self) -> QSize:
        narrowest = self.fontMetrics().horizontalAdvance(_ELLIPSIS)
        return QSize(narrowest, super().minimumSizeHint().height())

    @override
    def paintEvent(self, event: QPaintEvent, /) -> None:
        painter = QPainter(self)
        painter.setPen(self._theme.colour(self._tone if self.isEnabled() else Tone.TERTIARY))
        side = self.alignment() & Qt.AlignmentFlag.AlignHorizontal_Mask
        painter.drawText(self.contentsRect(), int(side | Qt.AlignmentFlag.AlignVCenter), self._shown())

    def plain_tool_tip_at(self, _position: QPoint) -> str:
        """The whole text where it is cut, else the tool tip that was set."""
        return self.text() if self._shown() != self.text() else self.toolTip()

    def _shown(self) -> str:
        return self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.contentsRect().width())


class PlainBlock(QPlainTextEdit):
    """A read-only block of fixed-width text: a rule, a reply, a trace; selectable, never markup."""

    def __init__(self, theme: Theme, text: str = "", *, accessible_name: str) -> None:
        super().__init__()
        self.setReadOnly(True)
        self.setFont(theme.fonts.mono)
        self.setAccessibleName(safe_line(accessible_name))
        self.setTabChangesFocus(True)
        self.set_text(text)

    def set_text(self, text: str) -> None:
        """Show another text."""
        self.setPlainText(safe_text(text))


def _cleaned(line: str, limit: int) -> str:
    visible = _visible(line)
    return visible if len(visible) <= limit else visible[: limit - 1] + _ELLIPSIS


def _visible(line: str) -> str:
    if line.isprintable():
        return line
    return "".join(map(_visible_character, line.replace("\t", "    ")))


def _visible_character(character: str) -> str:
    category = unicodedata.category(character)
    if category in _UNSEEN_CATEGORIES:
        return _REPLACEMENT
    return " " if category == "Zs" else character


def _pieces(line: str) -> list[str]:
    return [line[at : at + _LONGEST_RUN] for at in range(0, max(1, len(line)), _LONGEST_RUN)]

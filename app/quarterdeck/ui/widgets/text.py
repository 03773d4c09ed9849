"""Text on the screen: external strings are capped and cleaned here, then shown as they are, never as markup.

Qt guesses rich text (an `<img>` in a label opens the file), and very long lines freeze it for seconds.
"""

from __future__ import annotations

import unicodedata

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QLabel, QPlainTextEdit, QSizePolicy
from typing_extensions import override

from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.theme.tokens import Tone
from quarterdeck.ui.theme.typography import FontRole

LINE_LIMIT = 400
TEXT_LIMIT = 4000
_LONGEST_RUN = 400
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
    lines = (_cleaned(line, limit) for line in text[: limit + 1].splitlines())
    pieces = (line[at : at + _LONGEST_RUN] for line in lines for at in range(0, max(1, len(line)), _LONGEST_RUN))
    joined = "\n".join(pieces)
    return joined if len(text) <= limit else joined[: limit - 1] + _ELLIPSIS


def button_text(text: str) -> str:
    """A text for buttons and menu entries, in which `&` would otherwise underline the next letter."""
    return safe_line(text).replace("&", "&&")


class PlainLabel(QLabel):
    """A label that shows any string as the characters it consists of.

    `wraps` lets it take several lines. Colour and font come from the theme and follow it.
    """

    def __init__(
        self,
        theme: Theme,
        text: str = "",
        *,
        role: FontRole = FontRole.BODY,
        tone: Tone = Tone.TEXT,
        wraps: bool = False,
    ) -> None:
        super().__init__()
        self._theme = theme
        self._tone = tone
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(wraps)
        self.setFont(theme.fonts.of(role))
        self.setText(text)
        self._colour()
        theme.changed.connect(self._colour)

    @override
    def setText(self, text: str, /) -> None:
        super().setText(safe_text(text) if self.wordWrap() else safe_line(text))

    def set_tone(self, tone: Tone) -> None:
        """Say the same in another colour."""
        self._tone = tone
        self._colour()

    def _colour(self) -> None:
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.WindowText, self._theme.colour(self._tone))
        self.setPalette(palette)


class ElidedLabel(PlainLabel):
    """One line that gives way: cut with an ellipsis where there is no room, whole in the tool tip."""

    def __init__(self, theme: Theme, text: str = "", *, role: FontRole = FontRole.BODY, tone: Tone = Tone.TEXT) -> None:
        super().__init__(theme, text, role=role, tone=tone)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)

    @override
    def minimumSizeHint(self) -> QSize:
        narrowest = self.fontMetrics().horizontalAdvance(_ELLIPSIS)
        return QSize(narrowest, super().minimumSizeHint().height())

    @override
    def paintEvent(self, event: QPaintEvent, /) -> None:
        painter = QPainter(self)
        room = self.contentsRect()
        shown = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, room.width())
        painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
        painter.drawText(room, int(self.alignment() | Qt.AlignmentFlag.AlignVCenter), shown)
        full = self.text() if shown != self.text() else ""
        if self.toolTip() != full:
            self.setToolTip(full)


class PlainBlock(QPlainTextEdit):
    """A read-only block of fixed-width text: a rule, a reply, a trace; selectable, never markup."""

    def __init__(self, theme: Theme, text: str = "", *, accessible_name: str) -> None:
        super().__init__()
        self.setReadOnly(True)
        self.setFont(theme.fonts.mono)
        self.setAccessibleName(accessible_name)
        self.setTabChangesFocus(True)
        self.set_text(text)

    def set_text(self, text: str) -> None:
        """Show another text."""
        self.setPlainText(safe_text(text))


def _cleaned(line: str, limit: int) -> str:
    shown = line if len(line) <= limit else line[: limit - 1] + _ELLIPSIS
    if shown.isprintable():
        return shown
    spaced = shown.replace("\t", "    ")
    return "".join(_REPLACEMENT if unicodedata.category(c) in _UNSEEN_CATEGORIES else c for c in spaced)

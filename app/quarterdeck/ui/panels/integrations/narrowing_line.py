"""The line that says in words which integrations are shown, with the one button that shows all again."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.theme.tokens import Tone
from quarterdeck.ui.widgets.buttons import Button, ButtonKind
from quarterdeck.ui.widgets.text import ElidedLabel


class NarrowingLine(QWidget):
    """Gone while everything is shown; `clear_requested` comes from its button."""

    clear_requested = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._words = ElidedLabel(theme, tone=Tone.SECONDARY)
        self._clear = Button(theme, self.tr("Clear"), kind=ButtonKind.LINK)
        self._clear.setAccessibleName(self.tr("Clear the filters"))
        self._clear.clicked.connect(self.clear_requested)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        row.addWidget(self._words)
        row.addWidget(self._clear)
        row.addStretch(1)
        self.hide()

    def show_words(self, words: str) -> None:
        """Say what is shown; empty for everything."""
        self._words.setText(words)
        self.setVisible(bool(words))

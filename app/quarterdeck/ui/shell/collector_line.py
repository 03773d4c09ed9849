"""The calm line at the foot of the rail that says that nobody collects, or not yet, with the button that changes it."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from quarterdeck.domain.health import HealthState
from quarterdeck.ui.shell.time_words import exact_words, moment_words
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.theme.tokens import Tone
from quarterdeck.ui.theme.typography import FontRole
from quarterdeck.ui.widgets.buttons import Button, ButtonKind
from quarterdeck.ui.widgets.cards import hairline
from quarterdeck.ui.widgets.state_marks import StateMark
from quarterdeck.ui.widgets.text import PlainLabel


class CollectorLine(QWidget):
    """Hidden while somebody collects. `start_requested` comes from its button.

    In a narrow rail only the mark is left, with the words in its tool tip.
    """

    start_requested = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._is_silent = False
        self._is_starting = False
        self._is_collapsed = False
        self._mark = StateMark(theme, HealthState.STALE)
        self._words = PlainLabel(theme, role=FontRole.NOTE, tone=Tone.SECONDARY, wraps=True)
        self._start = Button(theme, self.tr("Start collecting"), kind=ButtonKind.ROW)
        self._start.clicked.connect(self.start_requested)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 0, 16, 8)
        column.setSpacing(8)
        column.addWidget(hairline())
        for widget in (self._mark, self._words, self._start):
            column.addWidget(widget)
        self._fit()

    def show_silence(self, heard_at: datetime | None, now: datetime) -> None:
        """Say since when nobody collects, and offer a start; None where nobody ever did."""
        if heard_at is None:
            self._words.setText(self.tr("Nothing is collecting yet."))
            self.setToolTip(self._words.text())
        else:
            since = self.tr("Nothing is collecting since {time}.").format(time=moment_words(heard_at, now))
            self._words.setText(since)
            self.setToolTip(f"{since}\n{exact_words(heard_at)}")
        self.setAccessibleName(self._words.text())
        self._is_silent, self._is_starting = True, False
        self._fit()

    def show_starting(self, words: str) -> None:
        """Say what is starting; there is nothing to press meanwhile."""
        self._words.setText(words)
        self.setToolTip(self._words.text())
        self.setAccessibleName(self._words.text())
        self._is_silent, self._is_starting = True, True
        self._fit()

    def hide_silence(self) -> None:
        """Somebody collects, or was just asked to."""
        self._is_silent = False
        self._fit()

    def set_collapsed(self, *, is_collapsed: bool) -> None:
        """Fit into the rail, narrow or wide."""
        self._is_collapsed = is_collapsed
        self._fit()

    def _fit(self) -> None:
        self.setVisible(self._is_silent)
        self._mark.setVisible(self._is_collapsed)
        self._words.setVisible(not self._is_collapsed)
        self._start.setVisible(not self._is_collapsed and not self._is_starting)

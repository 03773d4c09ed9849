"""The line below the top bar that says that the store cannot be read, and what to do."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent, QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout
from typing_extensions import override

from quarterdeck.domain.errors import OperatorError
from quarterdeck.domain.health import HealthState
from quarterdeck.ui.theme.measures import PAGE_PADDING
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.theme.tokens import Tone
from quarterdeck.ui.widgets.buttons import Button, ButtonKind
from quarterdeck.ui.widgets.state_marks import StateMark
from quarterdeck.ui.widgets.text import ElidedLabel

_HEIGHT = 38


class StoreBanner(QFrame):
    """Hidden while all is well. `retry_requested` comes from its button."""

    retry_requested = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._text = ElidedLabel(theme)
        self._retry = Button(theme, self.tr("Try again"), kind=ButtonKind.ROW)
        self._retry.clicked.connect(self.retry_requested)
        self.setFixedHeight(_HEIGHT)
        row = QHBoxLayout(self)
        row.setContentsMargins(PAGE_PADDING, 0, PAGE_PADDING, 1)
        row.setSpacing(10)
        row.addWidget(StateMark(theme, HealthState.DOWN))
        row.addWidget(self._text, 1)
        row.addWidget(self._retry)
        theme.changed.connect(self.update)
        self.hide()

    def show_error(self, error: OperatorError) -> None:
        """Say what happened and the next step."""
        words = self.tr("The store cannot be read: {what} Next: {step}")
        text = words.format(what=error.message, step=error.next_step)
        self._text.setText(text)
        self.setAccessibleName(self._text.text())
        if self.isHidden():
            self.show()
            QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))

    @override
    def paintEvent(self, event: QPaintEvent, /) -> None:
        painter = QPainter(self)
        tokens = self._theme.tokens
        painter.fillRect(self.rect(), QColor(tokens.ground(Tone.DOWN)))
        painter.fillRect(0, self.height() - 1, self.width(), 1, QColor(tokens.line))

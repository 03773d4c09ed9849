"""The lines below the top bar.

One says that the store cannot be read, one which rows of it cannot, one how the processes beside the window do.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent, QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout
from typing_extensions import override

from quarterdeck.domain.errors import OperatorError
from quarterdeck.domain.health import HealthState
from quarterdeck.ui.shell.child_words import ChildNotice
from quarterdeck.ui.theme.marks import STATE_TONES
from quarterdeck.ui.theme.measures import PAGE_PADDING
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.theme.tokens import Tone
from quarterdeck.ui.widgets.buttons import Button, ButtonKind
from quarterdeck.ui.widgets.state_marks import StateMark
from quarterdeck.ui.widgets.text import PlainLabel

_HEIGHT = 38
_MARGIN = 4


class Banner(QFrame):
    """A state, its words whole in as many lines as they need, a button. Hidden while there is nothing to say."""

    def __init__(self, theme: Theme, button_text: str) -> None:
        super().__init__()
        self._theme = theme
        self._mark = StateMark(theme, HealthState.DOWN)
        self._text = PlainLabel(theme, wraps=True)
        self.button = Button(theme, button_text, kind=ButtonKind.ROW)
        self.setMinimumHeight(_HEIGHT)
        row = QHBoxLayout(self)
        row.setContentsMargins(PAGE_PADDING, _MARGIN, PAGE_PADDING, _MARGIN + 1)
        row.setSpacing(10)
        row.addWidget(self._mark)
        row.addWidget(self._text, 1, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self.button)
        theme.changed.connect(self.update)
        self.hide()

    def say(self, text: str, state: HealthState) -> None:
        """Show these words; a reader of the screen hears of them when they are others than before."""
        before = "" if self.isHidden() else self.accessibleName()
        self._text.setText(text)
        self._mark.set_state(state)
        self.setAccessibleName(self._text.text())
        self.setVisible(True)
        self.update()
        if self.accessibleName() != before:
            QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))

    @override
    def paintEvent(self, event: QPaintEvent, /) -> None:
        painter = QPainter(self)
        tokens = self._theme.tokens
        tone = STATE_TONES[self._mark.state]
        ground = tokens.surface if tone is Tone.UNKNOWN else tokens.ground(tone)
        painter.fillRect(self.rect(), QColor(ground))
        painter.fillRect(0, self.height() - 1, self.width(), 1, QColor(tokens.line))


class StoreBanner(Banner):
    """Says that the store cannot be read. `retry_requested` comes from its button."""

    retry_requested = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, self.tr("Try again"))
        self.button.clicked.connect(self.retry_requested)

    def show_error(self, error: OperatorError) -> None:
        """Say what happened and the next step."""
        words = self.tr("The store cannot be read: {what} Next: {step}")
        self.say(words.format(what=error.message, step=error.next_step), HealthState.DOWN)


class RowsBanner(Banner):
    """Says that rows of the store cannot be read and are missing in what is shown, until it is hidden by its button."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, self.tr("Hide"))
        self.button.clicked.connect(self.hide)

    def show_rows(self, sentences: tuple[str, ...]) -> None:
        """Say the only one, or how many there are and what lists them; nothing when there are none."""
        if not sentences:
            self.hide()
            return
        words = self.tr("{what} It is missing in what is shown.").format(what=sentences[0])
        if len(sentences) > 1:
            many = self.tr(
                "At least {count} rows of the store cannot be read and are missing in what is shown. "
                "“quarterdeck store check” lists them and says what to do."
            )
            words = many.format(count=len(sentences))
        self.say(words, HealthState.UNKNOWN)


class ChildBanner(Banner):
    """Says how the processes beside the window do. `start_requested` carries the ChildKind its button offers."""

    start_requested = Signal(object)

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, "")
        self._notice: ChildNotice | None = None
        self.button.clicked.connect(self._ask)

    def show_notice(self, notice: ChildNotice | None) -> None:
        """Say it, or nothing."""
        if notice == self._notice:
            return
        self._notice = notice
        if notice is None:
            self.hide()
            return
        self.button.setText(notice.offer)
        self.button.setVisible(bool(notice.offer))
        self.say(notice.text, notice.state)

    def _ask(self) -> None:
        if self._notice is not None and self._notice.kind is not None:
            self.start_requested.emit(self._notice.kind)

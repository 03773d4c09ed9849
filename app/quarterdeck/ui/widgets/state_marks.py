"""State as a widget: the mark alone, and the mark with words beside it."""

from __future__ import annotations

from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget
from typing_extensions import override

from quarterdeck.domain.health import HealthState
from quarterdeck.ui.theme.marks import paint_mark, state_word
from quarterdeck.ui.theme.measures import ICON_SIZE, MARK_SIZE
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.theme.tokens import Tone
from quarterdeck.ui.theme.typography import FontRole
from quarterdeck.ui.widgets.staleness import state_as_shown
from quarterdeck.ui.widgets.text import ElidedLabel, PlainLabel


class StateMark(QWidget):
    """The shape and colour of a health state, 16 px square; its accessible name is the state's word."""

    def __init__(self, theme: Theme, state: HealthState, *, size: float = MARK_SIZE) -> None:
        super().__init__()
        self._theme = theme
        self._state = state
        self._size = size
        self.setFixedSize(ICON_SIZE, ICON_SIZE)
        theme.changed.connect(self.update)
        self.set_state(state)

    @property
    def state(self) -> HealthState:
        """The state shown."""
        return self._state

    def set_state(self, state: HealthState) -> None:
        """Show another state."""
        self._state = state
        self.setAccessibleName(state_word(state))
        self.update()

    @override
    def paintEvent(self, event: QPaintEvent, /) -> None:
        centre = QPointF(self.width() / 2, self.height() / 2)
        state = state_as_shown(self, self._state)
        paint_mark(QPainter(self), centre, state, self._theme.tokens, size=self._size)


class StateLine(QWidget):
    """A mark, a title and a note in one line, for the head of a card, a dialog or the inspector."""

    def __init__(
        self, theme: Theme, state: HealthState, title: str, *, note: str = "", role: FontRole = FontRole.STRONG
    ) -> None:
        super().__init__()
        self._mark = StateMark(theme, state)
        self._title = ElidedLabel(theme, title, role=role)
        self._note = PlainLabel(theme, note, tone=Tone.TERTIARY)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._mark)
        row.addWidget(self._title, 1)
        row.addWidget(self._note)

    def show_state(self, state: HealthState, title: str, note: str = "") -> None:
        """Show another state and its words."""
        self._mark.set_state(state)
        self._title.setText(title)
        self._note.setText(note)

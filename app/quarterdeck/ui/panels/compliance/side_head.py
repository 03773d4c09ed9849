"""The head of a page beside the table: a mark, a title, and the button that closes the page."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from quarterdeck.domain.health import HealthState
from quarterdeck.ui.theme.measures import ICON_SIZE
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.theme.typography import FontRole
from quarterdeck.ui.widgets.buttons import Button, ButtonKind
from quarterdeck.ui.widgets.state_marks import StateMark
from quarterdeck.ui.widgets.text import PlainLabel

_CLOSE_SIZE = 26
_TITLE_TOP = 3


class SideHead(QWidget):
    """`closed` comes when the page should go."""

    closed = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._mark = StateMark(theme, HealthState.UNKNOWN)
        self._title = PlainLabel(theme, role=FontRole.PANEL, wraps=True)
        close = Button(theme, "", kind=ButtonKind.QUIET, icon="x")
        close.setAccessibleName(self.tr("Close"))
        close.setToolTip(self.tr("Close"))
        close.setFixedSize(_CLOSE_SIZE, _CLOSE_SIZE)
        close.clicked.connect(self.closed)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addLayout(_lowered(self._mark, (_CLOSE_SIZE - ICON_SIZE) // 2))
        row.addLayout(_lowered(self._title, _TITLE_TOP), 1)
        row.addWidget(close, 0, Qt.AlignmentFlag.AlignTop)

    def show_title(self, mark: HealthState, title: str, word: str) -> None:
        """Say what the page is about; `word` is what the mark means here."""
        self._mark.set_state(mark)
        self._mark.setAccessibleName(word)
        self._title.setText(title)


def _lowered(widget: QWidget, room: int) -> QVBoxLayout:
    """A widget a little lower, so that its first line stands level with the button."""
    column = QVBoxLayout()
    column.addSpacing(room)
    column.addWidget(widget)
    column.addStretch(1)
    return column

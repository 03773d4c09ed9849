"""Notices: one line at the foot of the window that says what was done and offers a next step, in nobody's way."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QPointF, QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QWidget
from typing_extensions import override

from quarterdeck.domain.health import HealthState
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.widgets.buttons import Button, ButtonKind
from quarterdeck.ui.widgets.state_marks import StateMark
from quarterdeck.ui.widgets.state_stack import Offer
from quarterdeck.ui.widgets.text import ElidedLabel, safe_line

_EDGE_GAP = 16
_WIDEST = 720
_QUEUE_LENGTH = 20


@dataclass(frozen=True, slots=True)
class Notice:
    """What to say; `seconds` of None keeps it until it is closed."""

    text: str
    state: HealthState = HealthState.HEALTHY
    offer: Offer | None = None
    seconds: float | None = 8.0


class NoticeBar(QFrame):
    """Floats above the foot of its parent, shows one notice after the other, waits while the pointer rests on it.

    `action_requested` carries the key of a notice's offer.
    """

    action_requested = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._host = parent
        self._row = QHBoxLayout(self)
        self._waiting: deque[Notice] = deque(maxlen=_QUEUE_LENGTH)
        self._shown: Notice | None = None
        self._mark = StateMark(theme, HealthState.HEALTHY)
        self._text = ElidedLabel(theme)
        self._action = Button(theme, "", kind=ButtonKind.ROW)
        self._close = Button(theme, "", kind=ButtonKind.QUIET, icon="x")
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._build()
        parent.installEventFilter(self)
        self.hide()

    def show_notice(self, notice: Notice) -> None:
        """Show a notice now, or after those that are waiting."""
        self._waiting.append(notice)
        if self._shown is None:
            self._next()

    def dismiss(self) -> None:
        """Close the notice shown; the next one follows."""
        self._next()

    def _build(self) -> None:
        self.setProperty("kind", "card")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._close.setAccessibleName(self.tr("Close the notice"))
        self._row.setContentsMargins(14, 6, 8, 6)
        self._row.setSpacing(10)
        for widget in (self._mark, self._text, self._action, self._close):
            self._row.addWidget(widget)
        self._timer.timeout.connect(self.dismiss)
        self._close.clicked.connect(self.dismiss)
        self._action.clicked.connect(self._act)

    def _next(self) -> None:
        self._timer.stop()
        self._shown = self._waiting.popleft() if self._waiting else None
        if self._shown is None:
            self.hide()
            return
        self._fill(self._shown)
        self._place()
        self.show()
        self.raise_()
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))
        self._count_down()

    def _fill(self, notice: Notice) -> None:
        self._mark.set_state(notice.state)
        self._text.setText(notice.text)
        self._text.setMinimumWidth(min(self._text.sizeHint().width(), _WIDEST - 200))
        self._action.setVisible(notice.offer is not None)
        if notice.offer is not None:
            self._action.setText(notice.offer.text)
        self.setAccessibleName(safe_line(notice.text))

    def _count_down(self) -> None:
        if self._shown is not None and self._shown.seconds is not None:
            self._timer.start(int(self._shown.seconds * 1000))

    def _act(self) -> None:
        if self._shown is not None and self._shown.offer is not None:
            key = self._shown.offer.key
            self._next()
            self.action_requested.emit(key)

    def _place(self) -> None:
        parent = self._host
        self._row.activate()
        width = min(self.sizeHint().width(), _WIDEST, parent.width() - 2 * _EDGE_GAP)
        height = self.sizeHint().height()
        centre = QPointF(parent.rect().center())
        self.setGeometry(int(centre.x() - width / 2), parent.height() - height - _EDGE_GAP, width, height)

    @override
    def eventFilter(self, watched: QObject, event: QEvent, /) -> bool:
        if event.type() is QEvent.Type.Resize and self._shown is not None:
            self._place()
        return False

    @override
    def event(self, event: QEvent, /) -> bool:
        if event.type() is QEvent.Type.Enter:
            self._timer.stop()
        elif event.type() is QEvent.Type.Leave:
            self._count_down()
        return super().event(event)

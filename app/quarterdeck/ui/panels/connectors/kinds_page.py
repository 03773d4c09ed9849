"""What can be connected: every kind of connector with what it is, to choose one."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QFrame, QSizePolicy, QVBoxLayout, QWidget
from typing_extensions import override

from quarterdeck.ui.panels.connectors.state import KindsState, KindWords, PageMessage
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.theme.tokens import Tone
from quarterdeck.ui.theme.typography import FontRole
from quarterdeck.ui.widgets.cards import hairline
from quarterdeck.ui.widgets.paragraphs import break_lines, line_height
from quarterdeck.ui.widgets.side_parts import SideHead, lay_out_side, scrolled
from quarterdeck.ui.widgets.state_stack import Message, Offer, StateStack
from quarterdeck.ui.widgets.text import PlainLabel, safe_line, safe_text

_PADDING = 12
_TITLE_HEIGHT = 18
_AGAIN = "again"


class KindsPage(QWidget):
    """`kind_chosen` carries a connector's id; `closed` and `retry_requested` what they say."""

    kind_chosen = Signal(str)
    closed = Signal()
    retry_requested = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._head = SideHead(theme, self.tr("Add connection"))
        summary = PlainLabel(theme, self.tr("What should be connected?"), tone=Tone.SECONDARY, wraps=True)
        self._list = QFrame()
        self._list.setProperty("kind", "table")
        self._rows = QVBoxLayout(self._list)
        self._rows.setContentsMargins(1, 1, 1, 1)
        self._rows.setSpacing(0)
        self._faults = PlainLabel(theme, role=FontRole.SMALL, tone=Tone.DOWN, wraps=True)
        self._stack = StateStack(theme, scrolled((self._list, self._faults), spacing=10))
        self._head.close_button.clicked.connect(self.closed)
        self._stack.action_requested.connect(self.retry_requested)
        lay_out_side(self, (self._head, summary), self._stack, ())

    def show_kinds(self, state: KindsState | PageMessage | None) -> None:
        """Show these kinds, why they cannot be told, or that they are being looked for."""
        if state is None:
            self._stack.show_loading()
        elif isinstance(state, PageMessage):
            offer = Offer(_AGAIN, state.button)
            self._stack.show_failed(Message(state.sentence, state.explanation, (offer,)))
        else:
            self._fill(state)
            self._stack.show_fresh()

    def focus_first(self) -> None:
        """Give the keyboard to the first kind."""
        first = self._list.findChild(KindButton)
        (first or self._head.close_button).setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _fill(self, state: KindsState) -> None:
        while (item := self._rows.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        for number, kind in enumerate(state.kinds):
            if number:
                self._rows.addWidget(hairline())
            self._rows.addWidget(self._button(kind))
        self._faults.setText("\n".join(state.faults))
        self._faults.setVisible(bool(state.faults))

    def _button(self, kind: KindWords) -> KindButton:
        button = KindButton(self._theme, kind)
        button.clicked.connect(lambda: self.kind_chosen.emit(kind.id))
        return button


class KindButton(QAbstractButton):
    """One kind: its title, and below it what it is, in as many lines as that takes."""

    def __init__(self, theme: Theme, kind: KindWords) -> None:
        super().__init__()
        self._theme = theme
        self._title = safe_line(kind.title)
        self._summary = safe_text(kind.summary)
        self.setAccessibleName(self._title)
        self.setAccessibleDescription(self._summary)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        theme.changed.connect(self.update)

    @override
    def hasHeightForWidth(self) -> bool:
        return True

    @override
    def heightForWidth(self, width: int, /) -> int:
        lines = break_lines(self._summary, self._theme.fonts.note, max(40, width - 2 * _PADDING)).lines
        return round(9 + _TITLE_HEIGHT + len(lines) * line_height(self._theme.fonts.note) + 9)

    @override
    def sizeHint(self) -> QSize:
        return QSize(280, self.heightForWidth(280))

    @override
    def paintEvent(self, event: QPaintEvent, /) -> None:
        painter = QPainter(self)
        tokens, fonts = self._theme.tokens, self._theme.fonts
        if self.underMouse() or self.hasFocus():
            painter.fillRect(self.rect(), QColor(tokens.hover))
        room = self.width() - 2 * _PADDING
        painter.setFont(fonts.medium)
        painter.setPen(QColor(tokens.text))
        title = painter.fontMetrics().elidedText(self._title, Qt.TextElideMode.ElideRight, room)
        painter.drawText(QRectF(_PADDING, 9, room, _TITLE_HEIGHT), Qt.AlignmentFlag.AlignVCenter, title)
        painter.setFont(fonts.note)
        painter.setPen(QColor(tokens.text_secondary))
        paragraph = break_lines(self._summary, fonts.note, room)
        for number, line in enumerate(paragraph.lines):
            top = 9 + _TITLE_HEIGHT + number * paragraph.line_height
            painter.drawText(QRectF(_PADDING, top, room, paragraph.line_height), Qt.AlignmentFlag.AlignVCenter, line)
        if self.hasFocus():
            painter.setPen(QPen(QColor(tokens.accent), 1))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

    @override
    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        if event.key() in {Qt.Key.Key_Down, Qt.Key.Key_J}:
            self.focusNextChild()
        elif event.key() in {Qt.Key.Key_Up, Qt.Key.Key_K}:
            self.focusPreviousChild()
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.click()
        else:
            super().keyPressEvent(event)

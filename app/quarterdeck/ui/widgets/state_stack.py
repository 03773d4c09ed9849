"""The five states of everything that loads: loading, empty, fresh, stale, failed. Old never passes as fresh."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget
from typing_extensions import override

from quarterdeck.domain.health import HealthState
from quarterdeck.ui.theme.marks import paint_mark
from quarterdeck.ui.theme.measures import RADIUS_CONTROL
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.theme.tokens import Tone
from quarterdeck.ui.theme.typography import FontRole
from quarterdeck.ui.widgets.buttons import Button, ButtonKind
from quarterdeck.ui.widgets.staleness import is_stale, mark_stale
from quarterdeck.ui.widgets.state_marks import StateMark
from quarterdeck.ui.widgets.text import PlainLabel, safe_line

SKELETON_DELAY_MS = 150
_MESSAGE_WIDTH = 460
_SKELETON_WIDTHS = (0.43, 0.92, 0.77, 0.855, 0.59)
_SKELETON_PITCH = 21
_SKELETON_BAR = 13
_HATCH_PITCH = 9
_WASH_ALPHA = 140
_HATCH_ALPHA = 170


class Freshness(StrEnum):
    """What a stack shows."""

    LOADING = "loading"
    EMPTY = "empty"
    FRESH = "fresh"
    STALE = "stale"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Offer:
    """An action offered by a button: its key in signals and the verb on it."""

    key: str
    text: str
    is_primary: bool = False


@dataclass(frozen=True, slots=True)
class Message:
    """What is said instead of content: one sentence, its explanation or next step, and what can be done."""

    sentence: str
    explanation: str = ""
    offers: tuple[Offer, ...] = ()


class StateStack(QWidget):
    """Wraps a content widget and shows it, or what stands in its place.

    `action_requested` carries the key of the offer whose button was pressed.
    """

    action_requested = Signal(str)

    def __init__(self, theme: Theme, content: QWidget) -> None:
        super().__init__()
        self._freshness = Freshness.LOADING
        self._content = content
        self._skeleton = _Skeleton(theme)
        self._message = _MessagePage(theme)
        self._blank = QWidget()
        self._veil = _StaleVeil(theme, self)
        self._message.offered.connect(self.action_requested)
        self._pages = QStackedLayout(self)
        for page in (self._blank, content, self._skeleton, self._message):
            self._pages.addWidget(page)
        self._delay = QTimer(self)
        self._delay.setSingleShot(True)
        self._delay.timeout.connect(self._show_skeleton)
        self._veil.hide()

    @property
    def freshness(self) -> Freshness:
        """The state shown, or about to be shown when loading takes long."""
        return self._freshness

    def show_loading(self) -> None:
        """Wait for data. What was shown stays for 150 ms, then the skeleton takes its place."""
        self._freshness = Freshness.LOADING
        if not self._delay.isActive() and self._pages.currentWidget() is not self._skeleton:
            self._delay.start(SKELETON_DELAY_MS)

    def show_content(self, stale: str) -> None:
        """Show the content as it is, or as stale where `stale` is the phrase that says since when."""
        if stale:
            self.show_stale(stale)
        else:
            self.show_fresh()

    def show_fresh(self) -> None:
        """Show the content as it is; nothing is touched when that is what is shown."""
        if self._freshness is not Freshness.FRESH:
            self._switch(Freshness.FRESH, self._content)

    def show_stale(self, since: str) -> None:
        """Show the content dimmed and hatched, its marks as stale; nothing is touched when that is what is shown.

        `since` is a phrase: `no fresh data since 11:58`.
        """
        if self._freshness is Freshness.STALE and self.accessibleDescription() == safe_line(since):
            return
        self._switch(Freshness.STALE, self._content)
        self._veil.set_words(since)
        self._veil.setGeometry(self.rect())
        self._veil.show()
        self._veil.raise_()
        self.setAccessibleDescription(safe_line(since))

    def show_empty(self, message: Message) -> None:
        """Say what would be here and offer the one action that fills it."""
        self._message.set_message(message, failed=False)
        self._switch(Freshness.EMPTY, self._message)

    def show_failed(self, message: Message) -> None:
        """Say what happened in the world's words, with the next step and buttons for it."""
        self._message.set_message(message, failed=True)
        self._switch(Freshness.FAILED, self._message)

    def _switch(self, freshness: Freshness, page: QWidget) -> None:
        self._delay.stop()
        self._freshness = freshness
        mark_stale(self, is_stale=freshness is Freshness.STALE)
        self._veil.hide()
        self.setAccessibleDescription("")
        self._pages.setCurrentWidget(page)

    def _show_skeleton(self) -> None:
        self._veil.hide()
        self._pages.setCurrentWidget(self._skeleton)

    @override
    def resizeEvent(self, event: QResizeEvent, /) -> None:
        super().resizeEvent(event)
        self._veil.setGeometry(self.rect())


class _Skeleton(QWidget):
    """Still bars where lines will be; nothing moves, so there is nothing to reduce."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setAccessibleName(self.tr("Loading"))
        theme.changed.connect(self.update)

    @override
    def paintEvent(self, event: QPaintEvent, /) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._theme.tokens.hover))
        for row, share in enumerate(_SKELETON_WIDTHS):
            top = 4 + row * _SKELETON_PITCH
            if top + _SKELETON_BAR > self.height():
                break
            painter.drawRoundedRect(QRectF(0, top, self.width() * share, _SKELETON_BAR), 3, 3)


class _MessagePage(QWidget):
    """A sentence, an explanation and buttons in the middle of the place."""

    offered = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._mark = StateMark(theme, HealthState.DOWN)
        self._sentence = PlainLabel(theme, role=FontRole.MEDIUM, wraps=True)
        self._explanation = PlainLabel(theme, tone=Tone.SECONDARY, wraps=True)
        self._buttons = QHBoxLayout()
        for label in (self._sentence, self._explanation):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignVCenter)
        self._explanation.setMaximumWidth(_MESSAGE_WIDTH)
        self._build()

    def set_message(self, message: Message, *, failed: bool) -> None:
        self._mark.setVisible(failed)
        self._sentence.setText(message.sentence)
        self._explanation.setText(message.explanation)
        self._explanation.setVisible(bool(message.explanation))
        while (item := self._buttons.takeAt(0)) is not None:
            if (button := item.widget()) is not None:
                button.deleteLater()
        for offer in message.offers:
            self._buttons.addWidget(self._button(offer))

    def _build(self) -> None:
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addStretch(1)
        line.addWidget(self._mark)
        line.addWidget(self._sentence)
        line.addStretch(1)
        explanation = QHBoxLayout()
        explanation.addStretch(1)
        explanation.addWidget(self._explanation, 100)
        explanation.addStretch(1)
        self._buttons.setSpacing(8)
        self._buttons.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addStretch(1)
        column.addLayout(line)
        column.addLayout(explanation)
        column.addSpacing(6)
        column.addLayout(self._buttons)
        column.addStretch(1)

    def _button(self, offer: Offer) -> Button:
        kind = ButtonKind.PRIMARY if offer.is_primary else ButtonKind.SECONDARY
        button = Button(self._theme, offer.text, kind=kind)
        button.clicked.connect(lambda: self.offered.emit(offer.key))
        return button


class _StaleVeil(QWidget):
    """Dims and hatches what lies under it and says since when; clicks pass through.

    Inside something that is old as a whole it is not seen: two veils hide what they cover, and their words each other.
    """

    def __init__(self, theme: Theme, stack: QWidget) -> None:
        super().__init__(stack)
        self._theme = theme
        self._stack = stack
        self._words = ""
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        theme.changed.connect(self.update)

    def set_words(self, words: str) -> None:
        self._words = safe_line(words)
        self.setAccessibleName(self._words)
        self.update()

    @override
    def paintEvent(self, event: QPaintEvent, /) -> None:
        around = self._stack.parentWidget()
        if around is not None and is_stale(around):
            return
        painter = QPainter(self)
        tokens = self._theme.tokens
        wash = QColor(tokens.raised)
        wash.setAlpha(_WASH_ALPHA)
        painter.fillRect(self.rect(), wash)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        hatch = QColor(tokens.line)
        hatch.setAlpha(_HATCH_ALPHA)
        paint_hatch(painter, QRectF(self.rect()), hatch)
        self._paint_words(painter)

    def _paint_words(self, painter: QPainter) -> None:
        tokens = self._theme.tokens
        metrics = self.fontMetrics()
        room = self.width() - 16
        words = metrics.elidedText(self._words, Qt.TextElideMode.ElideRight, max(0, room - 44))
        box = QRectF(0, 0, metrics.horizontalAdvance(words) + 44, 28)
        box.moveCenter(QRectF(self.rect()).center())
        painter.setPen(QPen(QColor(tokens.line), 1))
        painter.setBrush(QColor(tokens.raised))
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), RADIUS_CONTROL, RADIUS_CONTROL)
        paint_mark(painter, QPointF(box.left() + 17, box.center().y()), HealthState.STALE, tokens)
        painter.setPen(QColor(tokens.text))
        painter.drawText(box.adjusted(30, 0, -8, 0), Qt.AlignmentFlag.AlignVCenter, words)


def paint_hatch(painter: QPainter, area: QRectF, colour: QColor) -> None:
    """Fill an area with thin diagonal lines, the sign of stale everywhere."""
    painter.save()
    painter.setClipRect(area)
    painter.setPen(QPen(colour, 1))
    reach = area.height()
    x = area.left() - reach - (area.left() - reach) % _HATCH_PITCH
    while x < area.right():
        painter.drawLine(QPointF(x, area.bottom()), QPointF(x + reach, area.top()))
        x += _HATCH_PITCH
    painter.restore()

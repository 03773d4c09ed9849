"""The bar above the page: which panel this is with its own controls, the command field, the range, and Live."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QFrame, QHBoxLayout, QSizePolicy, QWidget
from typing_extensions import override

from quarterdeck.ui.theme.measures import CONTROL_HEIGHT, PAGE_PADDING, RADIUS_CONTROL, TOP_BAR_HEIGHT
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.theme.tokens import Tone
from quarterdeck.ui.theme.typography import FontRole
from quarterdeck.ui.widgets.command_line import CommandLine
from quarterdeck.ui.widgets.folding_segments import FoldingSegments
from quarterdeck.ui.widgets.text import ElidedLabel, safe_line

_COMMAND_WIDTH = 270
_COMMAND_NARROWEST = 64
_GAP = 12
_DOT = 4.0
_GAPS = 4
_BESIDE_TITLE = 4
_BESIDE_WORDS = 36
_BESIDE_PLACEHOLDER = 24


class TopBar(QFrame):
    """`command_requested` comes when the command field is pressed or typed into, with what was typed.

    `range_button` is given by the shell; `live_requested` comes from the Live toggle.
    """

    command_requested = Signal(str)
    live_requested = Signal()

    def __init__(self, theme: Theme, range_button: QWidget, command_key: str) -> None:
        super().__init__()
        self.setProperty("kind", "bar")
        self.setFixedHeight(TOP_BAR_HEIGHT)
        self._theme = theme
        self._title = ElidedLabel(theme, role=FontRole.PANEL)
        self._controls = QHBoxLayout()
        self._slots: dict[str, QWidget] = {}
        words = (self.tr("Find anything or run a command"), self.tr("Find or run"), "")
        self._field = _CommandField(theme, words, command_key)
        self._live = LiveToggle(theme)
        self._range_button = range_button
        self._field.requested.connect(self.command_requested)
        self._live.clicked.connect(self.live_requested)
        self._build()

    def show_panel(self, panel_id: str, title: str) -> None:
        """Show a panel's title and its controls."""
        self._title.setText(title)
        for key, slot in self._slots.items():
            slot.setVisible(key == panel_id)

    def take_controls(self, panel_id: str, widgets: list[QWidget]) -> QWidget:
        """Keep a panel's controls, hidden until the panel is shown; the widget they live in."""
        slot = QWidget()
        row = QHBoxLayout(slot)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(_GAP)
        for widget in widgets:
            row.addWidget(widget)
        slot.hide()
        self._slots[panel_id] = slot
        self._controls.addWidget(slot)
        return slot

    def show_live(self, *, is_live: bool, words: str) -> None:
        """Show whether the console follows the present; `words` says as of when it does not."""
        self._live.show_live(is_live=is_live, words=words)

    def show_reading(self, *, is_reading: bool) -> None:
        """Put out the light of Live while the store cannot be read."""
        self._live.show_reading(is_reading=is_reading)

    def show_collecting(self, *, is_collecting: bool | None) -> None:
        """Put out the light of Live, with the reason, while nobody collects; None while that is not known."""
        self._live.show_collecting(is_collecting=is_collecting)

    def _build(self) -> None:
        self._controls.setSpacing(0)
        row = QHBoxLayout(self)
        row.setContentsMargins(PAGE_PADDING, 0, PAGE_PADDING, 1)
        row.setSpacing(_GAP)
        row.addWidget(self._title)
        row.addSpacing(_BESIDE_TITLE)
        row.addLayout(self._controls)
        row.addStretch(1)
        row.addWidget(self._field)
        row.addWidget(self._range_button)
        row.addWidget(self._live)

    def _fit(self) -> None:
        """Let the command field give way first, then the way back to live, then what of the panel's controls can.

        Where even that leaves no room for all, the panel's views are folded, which leaves room again.
        """
        self._fold()
        slots = sum(slot.sizeHint().width() for slot in self._slots.values() if not slot.isHidden())
        fixed = (self._title, self._range_button)
        taken = sum(widget.sizeHint().width() for widget in fixed) + slots
        free = self.width() - taken - 2 * PAGE_PADDING - _GAPS * _GAP - _BESIDE_TITLE
        self._live.set_short(is_short=free - self._live.long_width < _COMMAND_NARROWEST)
        rest = free - self._live.sizeHint().width()
        self._field.setFixedWidth(max(_COMMAND_NARROWEST, min(_COMMAND_WIDTH, rest)))
        lacking = max(0, _COMMAND_NARROWEST - rest)
        for slot in self._slots.values():
            # A layout takes what is lacking from all alike, and would cut the title where a filter could be narrower.
            slot.setMaximumWidth(max(slot.minimumSizeHint().width(), slot.sizeHint().width() - lacking))

    def _fold(self) -> None:
        slots = [slot for slot in self._slots.values() if not slot.isHidden()]
        views = [one for slot in slots for one in slot.findChildren(FoldingSegments)]
        if not views:
            return
        narrowest = sum(slot.minimumSizeHint().width() for slot in slots)
        narrowest += sum(one.unfolded_width - one.minimumSizeHint().width() for one in views)
        taken = sum(widget.sizeHint().width() for widget in (self._title, self._range_button))
        taken += self._live.long_width + _COMMAND_NARROWEST
        room = self.width() - 2 * PAGE_PADDING - _GAPS * _GAP - _BESIDE_TITLE
        for one in views:
            one.set_folded(is_folded=narrowest + taken > room)

    @override
    def event(self, event: QEvent, /) -> bool:
        if event.type() in {QEvent.Type.LayoutRequest, QEvent.Type.Resize}:
            self._fit()
        return super().event(event)

    @override
    def paintEvent(self, event: QPaintEvent, /) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        painter.fillRect(0, self.height() - 1, self.width(), 1, QColor(self._theme.tokens.line))


class _CommandField(CommandLine):
    """Looks like a field; the palette that opens at the first press or letter is where typing happens.

    Of `words`, the longest first, it shows those that have room: a word cut to its first letters says nothing.
    """

    requested = Signal(str)

    def __init__(self, theme: Theme, words: tuple[str, ...], key: str) -> None:
        super().__init__(theme, words[0], key=key)
        self._all_words = words
        self.setToolTip(words[0])
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.textEdited.connect(self._hand_over)
        self.returnPressed.connect(lambda: self._hand_over(""))

    def _choose_words(self) -> None:
        room = self.width() - self.textMargins().right() - _BESIDE_PLACEHOLDER
        advance = self.fontMetrics().horizontalAdvance
        chosen = next((words for words in self._all_words if advance(words) <= room), "")
        if chosen != self.placeholderText():
            self.setPlaceholderText(chosen)

    @override
    def resizeEvent(self, event: QResizeEvent, /) -> None:
        super().resizeEvent(event)
        self._choose_words()

    def _hand_over(self, text: str) -> None:
        self.clear()
        self.requested.emit(text)

    @override
    def mousePressEvent(self, event: QMouseEvent, /) -> None:
        self._hand_over("")


class LiveToggle(QAbstractButton):
    """A dot and `Live`, lit while the console follows a present that is collected.

    Where nobody collects it says so; away from the present it says as of when it is, and that a press returns.
    """

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._is_live = True
        self._is_reading = True
        self._is_collecting: bool | None = True
        self._words = self._long_words = ""
        self._is_short = False
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)
        self.show_live(is_live=True, words="")

    def show_live(self, *, is_live: bool, words: str) -> None:
        """Lit with `Live`, or unlit with the words and the way back."""
        shown = self.tr("Live") if is_live else safe_line(words)
        if (is_live, shown) != (self._is_live, self._words):
            self._is_live, self._words = is_live, shown
            self._word()

    def show_collecting(self, *, is_collecting: bool | None) -> None:
        """Lit only while somebody collects; None while that is not known."""
        if is_collecting is not self._is_collecting:
            self._is_collecting = is_collecting
            self._word()

    def _word(self) -> None:
        if not self._is_live:
            behind = self.tr("Back to live")
            tip = self.tr("Every panel shows that moment and does not follow the present. L goes back to live.")
        elif self._is_collecting is False:
            behind = self.tr("not collecting")
            tip = self.tr("The console follows the present, but nothing is being collected: no new data comes.")
        else:
            behind, tip = "", self.tr("The console follows the present")
        self._long_words = f"{self._words} · {behind}" if behind else self._words
        self.setAccessibleName(f"{self._words}. {behind}" if behind else self._words)
        self.setToolTip(tip)
        self._say()

    @property
    def long_width(self) -> int:
        """How wide it is with the way back in words."""
        return self.fontMetrics().horizontalAdvance(self._long_words) + _BESIDE_WORDS

    def set_short(self, *, is_short: bool) -> None:
        """Leave the way back to the tool tip where there is no room for it."""
        if is_short != self._is_short:
            self._is_short = is_short
            self._say()

    def _say(self) -> None:
        self.setText(self._words if self._is_short else self._long_words)
        self.updateGeometry()
        self.update()

    def show_reading(self, *, is_reading: bool) -> None:
        """Lit only while the store is read."""
        if is_reading != self._is_reading:
            self._is_reading = is_reading
            self.update()

    @override
    def sizeHint(self) -> QSize:
        metrics = self.fontMetrics()
        return QSize(metrics.horizontalAdvance(self.text()) + _BESIDE_WORDS, CONTROL_HEIGHT)

    @override
    def paintEvent(self, event: QPaintEvent, /) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        tokens = self._theme.tokens
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        is_lit = self._is_live and self._is_reading and self._is_collecting is True
        tone = Tone.HEALTHY if is_lit else Tone.TERTIARY if self._is_live else Tone.ACCENT
        colour = self._theme.colour(tone)
        painter.setPen(QPen(QColor(tokens.accent if self.hasFocus() else tokens.line), 1))
        painter.setBrush(QColor(tokens.hover if self.underMouse() else tokens.raised))
        painter.drawRoundedRect(box, RADIUS_CONTROL, RADIUS_CONTROL)
        painter.setPen(Qt.PenStyle.NoPen if is_lit else QPen(colour, 1.5))
        painter.setBrush(colour if is_lit else Qt.BrushStyle.NoBrush)
        painter.drawEllipse(QPointF(14.5, self.height() / 2), _DOT, _DOT)
        painter.setPen(colour)
        painter.drawText(QRectF(25, 0, self.width() - 30, self.height()), Qt.AlignmentFlag.AlignVCenter, self.text())

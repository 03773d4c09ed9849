"""The rail on the left: the workspace, the panels with what wants attention, and what concerns the whole console."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QEnterEvent, QGuiApplication, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget
from typing_extensions import override

from quarterdeck.domain.health import HealthState
from quarterdeck.ui.shell.collector_line import CollectorLine
from quarterdeck.ui.theme.marks import STATE_TONES, state_word
from quarterdeck.ui.theme.measures import ICON_SIZE, RADIUS_CONTROL, RAIL_WIDTH, RAIL_WIDTH_COLLAPSED
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.theme.tokens import Tone
from quarterdeck.ui.theme.typography import FontRole
from quarterdeck.ui.widgets.buttons import Button, ButtonKind
from quarterdeck.ui.widgets.cards import hairline
from quarterdeck.ui.widgets.text import ElidedLabel, safe_line

_ITEM_HEIGHT = 30
_SIDE = 8
_INSET = 9
_TEXT_LEFT = 35
_MARK_SIZE = 24
_HEADER_HEIGHT = 54
_MANY = 99


@dataclass(frozen=True, slots=True)
class RailEntry:
    """One line of the rail; `hint` is the key that opens it."""

    id: str
    title: str
    icon: str
    hint: str = ""
    is_lower: bool = False


class Rail(QFrame):
    """`entry_chosen` carries an entry's id, `beside_requested` too, when Ctrl was held.

    `collapse_toggled` comes when the person makes the rail narrow or wide.
    """

    entry_chosen = Signal(str)
    beside_requested = Signal(str)
    collapse_toggled = Signal(bool)

    def __init__(self, theme: Theme, entries: Sequence[RailEntry], *, is_collapsed: bool = False) -> None:
        super().__init__()
        self.setProperty("kind", "bar")
        self.setAccessibleName(self.tr("Panels"))
        self._theme = theme
        self._is_collapsed = is_collapsed
        self._header = _Header(theme)
        self._items = {entry.id: _RailItem(theme, entry) for entry in entries}
        self._fold = Button(theme, "", kind=ButtonKind.QUIET)
        self.collector_line = CollectorLine(theme)
        self._build([entry.id for entry in entries if entry.is_lower])
        self._fit()
        theme.changed.connect(self._fit)

    @property
    def is_collapsed(self) -> bool:
        """Whether only icons are shown."""
        return self._is_collapsed

    def items(self) -> tuple[QAbstractButton, ...]:
        """The buttons of the entries, from top to bottom."""
        return tuple(self._items.values())

    def set_workspace(self, name: str, subtitle: str) -> None:
        """Say whose estate this is and where its store lies."""
        self._header.set_words(name, subtitle)

    def set_current(self, entry_id: str) -> None:
        """Light up one entry."""
        for key, item in self._items.items():
            item.setChecked(key == entry_id)

    def set_attention(self, entry_id: str, count: int, worst: HealthState) -> None:
        """Show how many things want attention, in the colour of the worst; nothing for 0. Unknown ids are ignored."""
        if item := self._items.get(entry_id):
            item.set_attention(count, worst)

    def set_collapsed(self, *, is_collapsed: bool) -> None:
        """Make the rail narrow or wide."""
        self._is_collapsed = is_collapsed
        self._fit()

    def _build(self, lower: Sequence[str]) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 8)
        column.setSpacing(1)
        column.addWidget(self._header)
        column.addSpacing(3)
        for key, item in self._items.items():
            if key not in lower:
                column.addWidget(item)
        if lower:
            column.addLayout(_separator())
        for key in lower:
            column.addWidget(self._items[key])
        column.addStretch(1)
        column.addWidget(self.collector_line)
        column.addLayout(self._build_foot())
        for item in self._items.values():
            item.chosen.connect(self.entry_chosen)
            item.chosen_beside.connect(self.beside_requested)

    def _build_foot(self) -> QHBoxLayout:
        self._fold.clicked.connect(self._toggle)
        row = QHBoxLayout()
        row.setContentsMargins(_SIDE + 4, 0, _SIDE, 0)
        row.addWidget(self._fold)
        row.addStretch(1)
        return row

    def _toggle(self) -> None:
        self.set_collapsed(is_collapsed=not self._is_collapsed)
        self.collapse_toggled.emit(self._is_collapsed)

    def _fit(self) -> None:
        self.setFixedWidth(RAIL_WIDTH_COLLAPSED if self._is_collapsed else RAIL_WIDTH)
        self._header.set_collapsed(is_collapsed=self._is_collapsed)
        self.collector_line.set_collapsed(is_collapsed=self._is_collapsed)
        for item in self._items.values():
            item.set_collapsed(is_collapsed=self._is_collapsed)
        words = self.tr("Widen the rail") if self._is_collapsed else self.tr("Narrow the rail")
        self._fold.setIcon(self._theme.icons.icon("caret-double-right" if self._is_collapsed else "caret-double-left"))
        self._fold.setAccessibleName(words)
        self._fold.setToolTip(words)


class _Header(QWidget):
    """The workspace's mark, its name, and where its store lies."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._mark = _Mark(theme)
        self._name = ElidedLabel(theme, role=FontRole.STRONG)
        self._subtitle = ElidedLabel(theme, role=FontRole.SMALL, tone=Tone.TERTIARY)
        self._words = QWidget()
        self.setFixedHeight(_HEADER_HEIGHT)
        column = QVBoxLayout(self._words)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addStretch(1)
        column.addWidget(self._name)
        column.addWidget(self._subtitle)
        column.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 6, 8, 0)
        row.setSpacing(8)
        row.addWidget(self._mark)
        row.addWidget(self._words, 1)
        row.setAlignment(self._mark, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)

    def set_words(self, name: str, subtitle: str) -> None:
        self._name.setText(name)
        self._subtitle.setText(subtitle)
        self._subtitle.setVisible(bool(subtitle))
        self._mark.set_letter(safe_line(name)[:1].upper())
        self.setAccessibleName(safe_line(f"{name}, {subtitle}"))

    def set_collapsed(self, *, is_collapsed: bool) -> None:
        self._words.setVisible(not is_collapsed)


class _Mark(QWidget):
    """A rounded square with a letter."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._letter = "Q"
        self.setFixedSize(_MARK_SIZE, _MARK_SIZE)
        theme.changed.connect(self.update)

    def set_letter(self, letter: str) -> None:
        self._letter = letter or "Q"
        self.update()

    @override
    def paintEvent(self, event: QPaintEvent, /) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._theme.tokens.accent))
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(box, RADIUS_CONTROL, RADIUS_CONTROL)
        painter.setFont(self._theme.fonts.section)
        painter.setPen(QColor(self._theme.tokens.on_accent))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, self._letter)


class _RailItem(QAbstractButton):
    """Icon, title, count; the current one on the accent's ground."""

    chosen = Signal(str)
    chosen_beside = Signal(str)

    def __init__(self, theme: Theme, entry: RailEntry) -> None:
        super().__init__()
        self._theme = theme
        self._entry = entry
        self._count = 0
        self._worst = HealthState.HEALTHY
        self._is_collapsed = False
        self.setText(entry.title)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFixedHeight(_ITEM_HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.bind_icon(self, entry.icon)
        theme.changed.connect(self.update)
        self.clicked.connect(self._choose)
        self._describe()

    def set_attention(self, count: int, worst: HealthState) -> None:
        if (count, worst) != (self._count, self._worst):
            self._count, self._worst = count, worst
            self._describe()
            self.update()

    def set_collapsed(self, *, is_collapsed: bool) -> None:
        self._is_collapsed = is_collapsed
        self._describe()
        self.update()

    def _describe(self) -> None:
        """Say the name where only the icon is seen, and what the count means."""
        name = self._entry.title if self._is_collapsed else ""
        words = self._attention_words()
        self.setAccessibleName(self._entry.title)
        self.setAccessibleDescription(words)
        self.setToolTip("\n".join(part for part in (name, words) if part))

    def _attention_words(self) -> str:
        if not self._count:
            return ""
        words = self.tr("{count} want attention, the worst is {state}")
        return words.format(count=self._count, state=state_word(self._worst))

    def _choose(self) -> None:
        beside = QGuiApplication.keyboardModifiers() & Qt.KeyboardModifier.ControlModifier
        (self.chosen_beside if beside else self.chosen).emit(self._entry.id)

    @override
    def nextCheckState(self) -> None:
        """Which entry is lit is decided by where the console is, not by the press."""

    @override
    def sizeHint(self) -> QSize:
        return QSize(RAIL_WIDTH_COLLAPSED, _ITEM_HEIGHT)

    @override
    def enterEvent(self, event: QEnterEvent, /) -> None:
        self.update()

    @override
    def leaveEvent(self, event: QEvent, /) -> None:
        self.update()

    @override
    def paintEvent(self, event: QPaintEvent, /) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter)
        tokens = self._theme.tokens
        icon_left = (self.width() - ICON_SIZE) // 2 if self._is_collapsed else _SIDE + _INSET
        state = self.icon().State.On if self.isChecked() else self.icon().State.Off
        top = (self.height() - ICON_SIZE) // 2
        self.icon().paint(painter, icon_left, top, ICON_SIZE, ICON_SIZE, state=state)
        if self._is_collapsed:
            self._paint_dot(painter)
            return
        is_strong = self.isChecked() or self.underMouse()
        painter.setPen(QColor(tokens.text if is_strong else tokens.text_secondary))
        room = QRectF(_SIDE + _TEXT_LEFT, 0, self.width() - 2 * _SIDE - _TEXT_LEFT - 34, self.height())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, self.text())
        self._paint_count(painter)

    def _paint_ground(self, painter: QPainter) -> None:
        tokens = self._theme.tokens
        box = QRectF(self.rect()).adjusted(_SIDE, 0, -_SIDE, 0)
        painter.setPen(Qt.PenStyle.NoPen)
        if self.isChecked() or self.underMouse():
            painter.setBrush(QColor(tokens.accent_ground if self.isChecked() else tokens.hover))
            painter.drawRoundedRect(box, RADIUS_CONTROL, RADIUS_CONTROL)
        if self.hasFocus():
            painter.setPen(QPen(QColor(tokens.accent), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), RADIUS_CONTROL, RADIUS_CONTROL)

    def _paint_count(self, painter: QPainter) -> None:
        if not self._count:
            return
        painter.setFont(self._theme.fonts.note)
        painter.setPen(self._theme.colour(STATE_TONES[self._worst]))
        text = str(self._count) if self._count <= _MANY else f"{_MANY}+"
        room = QRectF(self.rect()).adjusted(0, 0, -_SIDE - _INSET, 0)
        painter.drawText(room, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), text)

    def _paint_dot(self, painter: QPainter) -> None:
        if not self._count:
            return
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.colour(STATE_TONES[self._worst]))
        painter.drawEllipse(QRectF((self.width() + ICON_SIZE) / 2 - 1, 5, 6, 6))


def _separator() -> QVBoxLayout:
    column = QVBoxLayout()
    column.setContentsMargins(16, 8, 16, 8)
    column.addWidget(hairline())
    return column

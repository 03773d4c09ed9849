"""The frame around everything that is assumed, and the banner above it: nobody must take it for what is."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QRect, QRectF, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QPainter, QPaintEvent, QRegion, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QVBoxLayout, QWidget
from typing_extensions import override

from quarterdeck.ui.panels.relationships.state import AssumedLine, WhatIfState
from quarterdeck.ui.theme.measures import PAGE_PADDING
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.theme.tokens import Tokens
from quarterdeck.ui.theme.typography import FontRole
from quarterdeck.ui.widgets.buttons import Button, ButtonKind
from quarterdeck.ui.widgets.text import PlainLabel, button_text, safe_line

_FRAME_WIDTH = 6
_MOST_BUTTONS = 3
_LONGEST_NAME = 34


class WhatIfBanner(QFrame):
    """`removed` carries the key of an entity that is to be as it is; the others ask for what their names say."""

    removed = Signal(str)
    cleared = Signal()
    left = Signal()
    map_requested = Signal()
    copy_requested = Signal()
    save_requested = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._is_real = False
        self._words = PlainLabel(theme, role=FontRole.STRONG, wraps=True)
        self._lines = QHBoxLayout()
        self._menu = QMenu(self)
        self._copy = self._button(self.tr("Copy"), self.tr("Copy what would follow as text"))
        self._save = self._button(self.tr("Save…"), self.tr("Save what would follow as a text file"))
        self._clear = self._button(self.tr("Clear"), self.tr("Remove every assumption"))
        self._map = self._button(self.tr("Show what is assumed"), self.tr("To the map, with what is assumed"))
        self._leave = self._button(self.tr("Back to what is"), self.tr("Leave what if"), kind=ButtonKind.PRIMARY)
        self._build()

    def show_state(self, state: WhatIfState, *, is_real: bool = False) -> None:
        """Show what is assumed, or that what stands below is real while something is assumed elsewhere."""
        self._is_real = is_real
        words = self._real_words(len(state.lines)) if is_real else state.banner
        self._words.setText(words)
        self.setAccessibleName(safe_line(words))
        for button in (self._copy, self._save, self._clear):
            button.setEnabled(bool(state.lines))
            button.setVisible(not is_real)
        self._map.setVisible(is_real)
        self._show_lines(() if is_real else state.lines)
        self.update()

    def _real_words(self, count: int) -> str:
        if not count:
            return self.tr("Patterns and drift are real; on the map, nothing is assumed yet")
        if count == 1:
            return self.tr("Patterns and drift are real; what is assumed is on the map (1 assumption)")
        words = self.tr("Patterns and drift are real; what is assumed is on the map ({count} assumptions)")
        return words.format(count=count)

    def _show_lines(self, lines: tuple[AssumedLine, ...]) -> None:
        while (item := self._lines.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for line in lines[:_MOST_BUTTONS]:
            self._lines.addWidget(self._remover(line))
        self._menu.clear()
        rest = lines[_MOST_BUTTONS:]
        if rest:
            more = Button(self._theme, self.tr("and {count} more").format(count=len(rest)), kind=ButtonKind.ROW)
            more.clicked.connect(lambda: self._menu.popup(more.mapToGlobal(more.rect().bottomLeft())))
            self._lines.addWidget(more)
        for line in rest:
            action = self._menu.addAction(button_text(self.tr("Remove {words}").format(words=line.words)))
            action.triggered.connect(partial(self.removed.emit, line.entity_key))

    def _remover(self, line: AssumedLine) -> Button:
        button = Button(self._theme, safe_line(line.words, _LONGEST_NAME), kind=ButtonKind.ROW, icon="x")
        words = self.tr("Remove the assumption {words}").format(words=safe_line(line.words))
        button.setAccessibleName(words)
        button.setToolTip(words)
        button.clicked.connect(partial(self._remove, line.entity_key))
        return button

    def _remove(self, entity_key: str) -> None:
        self.removed.emit(entity_key)

    def _button(self, text: str, tip: str, *, kind: ButtonKind = ButtonKind.ROW) -> Button:
        button = Button(self._theme, text, kind=kind)
        button.setToolTip(tip)
        return button

    def _build(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._words, 1, Qt.AlignmentFlag.AlignVCenter)
        asks = {self._copy: self.copy_requested, self._save: self.save_requested}
        asks |= {self._clear: self.cleared, self._map: self.map_requested, self._leave: self.left}
        for button, signal in asks.items():
            head.addWidget(button)
            button.clicked.connect(signal)
        self._lines.setSpacing(6)
        beside = QHBoxLayout()
        beside.addLayout(self._lines)
        beside.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(PAGE_PADDING, 6, PAGE_PADDING, 6)
        column.setSpacing(6)
        column.addLayout(head)
        column.addLayout(beside)

    @override
    def paintEvent(self, event: QPaintEvent, /) -> None:
        if self._is_real:
            return
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(self._theme.tokens.accent_ground))


class WhatIfFrame(QWidget):
    """Holds a page; while it shows what is assumed with a striped frame around it and the banner above.

    A page that shows what is real meanwhile has the banner alone, which says so. `shown` comes when somebody comes back
    to the page.
    """

    shown = Signal()

    def __init__(self, theme: Theme, page: QWidget) -> None:
        super().__init__()
        self._theme = theme
        self._is_on = False
        self.banner = WhatIfBanner(theme)
        self.banner.hide()
        self._column = QVBoxLayout(self)
        self._column.setSpacing(0)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addWidget(self.banner)
        self._column.addWidget(page, 1)

    @property
    def is_on(self) -> bool:
        """Whether what is shown is assumed."""
        return self._is_on

    def show_state(self, state: WhatIfState | None, *, is_real: bool = False) -> None:
        """Show that something is assumed, or what is for None; `is_real` says that the page shows what is anyway."""
        self._is_on = state is not None and not is_real
        width = _FRAME_WIDTH if self._is_on else 0
        self._column.setContentsMargins(width, width, width, width)
        if state is not None:
            self.banner.show_state(state, is_real=is_real)
        self.banner.setVisible(state is not None)
        self.update()

    @override
    def showEvent(self, event: QShowEvent, /) -> None:
        super().showEvent(event)
        if not event.spontaneous():
            self.shown.emit()

    @override
    def paintEvent(self, event: QPaintEvent, /) -> None:
        if self._is_on:
            paint_frame(QPainter(self), self.rect(), self._theme.tokens)


def paint_frame(painter: QPainter, whole: QRect, tokens: Tokens) -> None:
    """Paint the stripes around what is assumed, inside the edge of an area."""
    inner = whole.adjusted(_FRAME_WIDTH, _FRAME_WIDTH, -_FRAME_WIDTH, -_FRAME_WIDTH)
    painter.setClipRegion(QRegion(whole).subtracted(QRegion(inner)))
    painter.fillRect(whole, QColor(tokens.accent_ground))
    painter.fillRect(QRectF(whole), QBrush(QColor(tokens.accent), Qt.BrushStyle.BDiagPattern))

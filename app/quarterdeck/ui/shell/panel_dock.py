"""A panel's dock, with a slim title bar of our own."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QEnterEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QDockWidget, QHBoxLayout, QSizePolicy, QWidget
from typing_extensions import override

from quarterdeck.ui.theme.measures import RADIUS_TAG
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.theme.tokens import Tone
from quarterdeck.ui.theme.typography import FontRole
from quarterdeck.ui.widgets.text import ElidedLabel

_BAR_HEIGHT = 28
_BUTTON_SIZE = 22
_BAR_ICON = 14
_TEAR_OFFSET = 24


class PanelDock(QDockWidget):
    """`is_seen` is whether the panel can be seen now; `seen_changed` carries the panel's id and the same."""

    seen_changed = Signal(str, bool)

    def __init__(self, theme: Theme, panel_id: str, title: str) -> None:
        super().__init__(title)
        self.is_seen = False
        self._theme = theme
        self._panel_id = panel_id
        self.setObjectName(f"panel:{panel_id}")
        self.setAllowedAreas(Qt.DockWidgetArea.AllDockWidgetAreas)
        self._bar = _DockBar(theme, title, self)
        self.setTitleBarWidget(self._bar)
        self.visibilityChanged.connect(self._note)
        self.topLevelChanged.connect(self._frame)

    def lift(self) -> None:
        """Stay above the window when torn off: one shown before the window is not tied to it, and lies behind it."""
        if self.isFloating() and self.isVisible():
            was_blocked = self.blockSignals(True)
            self.hide()
            self.show()
            self.blockSignals(was_blocked)

    def set_bar_shown(self, *, is_shown: bool) -> None:
        """Show or hide the title bar; a dock without one cannot be moved by hand."""
        self._bar.set_shown(is_shown=is_shown)

    def set_current(self, *, is_current: bool) -> None:
        """Mark the dock that the person works in."""
        self._bar.set_current(is_current=is_current)

    def _frame(self, is_floating: bool) -> None:
        """A window of its own has a line around it."""
        edge = 1 if is_floating else 0
        self.setContentsMargins(edge, edge, edge, edge)

    @override
    def paintEvent(self, event: QPaintEvent, /) -> None:
        super().paintEvent(event)
        if self.isFloating():
            painter = QPainter(self)
            painter.setPen(QColor(self._theme.tokens.line))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

    def _note(self, is_visible: bool) -> None:
        self.is_seen = is_visible
        self.seen_changed.emit(self._panel_id, is_visible)


class _DockBar(QWidget):
    """Name, tear-off and close; no height at all while it is not needed."""

    def __init__(self, theme: Theme, title: str, dock: QDockWidget) -> None:
        super().__init__(dock)
        self._theme = theme
        self._dock = dock
        self._is_shown = False
        self._is_current = False
        self._title = ElidedLabel(theme, title, role=FontRole.SECTION, tone=Tone.SECONDARY)
        self._tear = _BarButton(theme, "arrow-square-out")
        self._close = _BarButton(theme, "x")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)
        self._build(title)
        self.set_shown(is_shown=False)

    def set_shown(self, *, is_shown: bool) -> None:
        if is_shown != self._is_shown or self.height() != (_BAR_HEIGHT if is_shown else 0):
            self._is_shown = is_shown
            for part in (self._title, self._tear, self._close):
                part.setVisible(is_shown)
            self.setFixedHeight(_BAR_HEIGHT if is_shown else 0)

    def set_current(self, *, is_current: bool) -> None:
        if is_current != self._is_current:
            self._is_current = is_current
            self._title.set_tone(Tone.TEXT if is_current else Tone.SECONDARY)
            self.update()

    def _build(self, title: str) -> None:
        for button, words in ((self._tear, self.tr("Tear off {panel}")), (self._close, self.tr("Close {panel}"))):
            button.setAccessibleName(words.format(panel=title))
            button.setToolTip(words.format(panel=title))
        self._tear.clicked.connect(self._toggle_floating)
        self._close.clicked.connect(self._dock.close)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 0, 6, 0)
        row.setSpacing(2)
        row.addWidget(self._title, 1)
        row.addWidget(self._tear)
        row.addWidget(self._close)

    def _toggle_floating(self) -> None:
        dock = self._dock
        dock.setFloating(not dock.isFloating())
        if dock.isFloating():
            dock.move(dock.pos() + QPoint(_TEAR_OFFSET, _TEAR_OFFSET))

    @override
    def sizeHint(self) -> QSize:
        return QSize(120, _BAR_HEIGHT if self._is_shown else 0)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(0, _BAR_HEIGHT if self._is_shown else 0)

    @override
    def paintEvent(self, event: QPaintEvent, /) -> None:
        if not self._is_shown:
            return
        tokens = self._theme.tokens
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(tokens.surface))
        edge = QColor(tokens.accent if self._is_current else tokens.line)
        painter.fillRect(0, self.height() - 1, self.width(), 1, edge)


class _BarButton(QAbstractButton):
    """An icon small enough for the bar."""

    def __init__(self, theme: Theme, icon: str) -> None:
        super().__init__()
        self._theme = theme
        self.setFixedSize(_BUTTON_SIZE, _BUTTON_SIZE)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        theme.bind_icon(self, icon)

    @override
    def enterEvent(self, event: QEnterEvent, /) -> None:
        self.update()

    @override
    def leaveEvent(self, event: QEvent, /) -> None:
        self.update()

    @override
    def paintEvent(self, event: QPaintEvent, /) -> None:
        painter, tokens = QPainter(self), self._theme.tokens
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(QColor(tokens.accent) if self.hasFocus() else Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tokens.hover) if self.underMouse() else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(box, RADIUS_TAG, RADIUS_TAG)
        at = (_BUTTON_SIZE - _BAR_ICON) // 2
        self.icon().paint(painter, at, at, _BAR_ICON, _BAR_ICON)

"""The icon outside the window: the worst state by shape and colour, with a small menu. Never the only channel."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QObject, QPointF, Qt, Signal
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QMenu, QSystemTrayIcon

from quarterdeck.domain.health import HealthState
from quarterdeck.ui.theme.marks import paint_mark, state_word
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.widgets.text import safe_line

_SIZES: Final = (16, 22, 32, 48)
_MARK_SHARE: Final = 0.72
_TOLD_MS: Final = 10_000


@dataclass(frozen=True, slots=True)
class TrayPlace:
    """Whether the desktop shows tray icons now, and what makes one for its owner."""

    is_there: Callable[[], bool] = QSystemTrayIcon.isSystemTrayAvailable
    make_icon: Callable[[QObject], QSystemTrayIcon] = QSystemTrayIcon


class Tray(QObject):
    """Exists only where the desktop has a tray. `open_requested` and `quit_requested` come from its menu."""

    open_requested = Signal()
    quit_requested = Signal()

    def __init__(self, theme: Theme, title: str, parent: QObject, place: TrayPlace | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._title = safe_line(title)
        self._state = HealthState.UNKNOWN
        self._menu = QMenu()
        self._icon = (place or TrayPlace()).make_icon(self)
        self._line = self._menu.addAction("")
        self._build()
        theme.changed.connect(self._draw)
        self.show_state(HealthState.UNKNOWN)

    @staticmethod
    def is_available() -> bool:
        """Whether the desktop shows tray icons now."""
        return QSystemTrayIcon.isSystemTrayAvailable()

    @property
    def is_shown(self) -> bool:
        """Whether the icon can be seen."""
        return self._icon.isVisible()

    def set_shown(self, *, is_shown: bool) -> None:
        """Show or hide the icon."""
        self._icon.setVisible(is_shown)

    def show_state(self, worst: HealthState) -> None:
        """Show the worst state of the estate."""
        self._state = worst
        words = self.tr("{title}: worst state {state}").format(title=self._title, state=state_word(worst))
        self._line.setText(words.replace("&", "&&"))
        self._icon.setToolTip(words)
        self._draw()

    def tell(self, words: str) -> None:
        """Notify the desktop; pressing the notification opens the window."""
        kind = QSystemTrayIcon.MessageIcon.NoIcon
        self._icon.showMessage(self._title, safe_line(words), kind, _TOLD_MS)

    def picture(self, size: int) -> QPixmap:
        """The state's mark in a square of so many pixels."""
        pixmap = QPixmap(size, size)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        centre = QPointF(size / 2, size / 2)
        paint_mark(painter, centre, self._state, self._theme.tokens, size=round(size * _MARK_SHARE))
        painter.end()
        return pixmap

    def _build(self) -> None:
        self._line.setEnabled(False)
        self.destroyed.connect(self._menu.deleteLater)
        self._menu.addSeparator()
        self._menu.addAction(self.tr("Open")).triggered.connect(self.open_requested)
        self._menu.addAction(self.tr("Quit")).triggered.connect(self.quit_requested)
        self._icon.setContextMenu(self._menu)
        self._icon.activated.connect(self._activate)
        self._icon.messageClicked.connect(self.open_requested)

    def _activate(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason is not QSystemTrayIcon.ActivationReason.Context:
            self.open_requested.emit()

    def _draw(self) -> None:
        icon = QIcon()
        for size in _SIZES:
            icon.addPixmap(self.picture(size))
        self._icon.setIcon(icon)

"""What a window looks like before its parts are there: the grounds of the rail, the bars and the page, and their lines.

It costs next to nothing to load and to paint, so that the window stands at once; the parts come into the same places.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QWidget

from quarterdeck.ui.shell.window_place import first_size, restore_geometry
from quarterdeck.ui.theme.measures import RAIL_WIDTH, RAIL_WIDTH_COLLAPSED, TIME_LENS_HEIGHT, TOP_BAR_HEIGHT

if TYPE_CHECKING:
    from quarterdeck.ui.theme.tokens import Tokens


@dataclass(frozen=True, slots=True)
class FirstFrame:
    """The colours of a first picture, how wide its rail is, and where the window stood last (empty: nowhere yet)."""

    tokens: Tokens
    is_rail_collapsed: bool = False
    geometry: str = ""

    def place(self, window: QWidget) -> None:
        """Give a window its first size, or the place it had."""
        window.resize(first_size(window.screen().availableGeometry().size()))
        restore_geometry(window, self.geometry)

    def paint(self, painter: QPainter, whole: QRect) -> None:
        """Paint the grounds and the lines between them."""
        surface, line = QColor(self.tokens.surface), QColor(self.tokens.line)
        rail = RAIL_WIDTH_COLLAPSED if self.is_rail_collapsed else RAIL_WIDTH
        beside, width = rail + 1, whole.width() - rail - 1
        lens = whole.height() - TIME_LENS_HEIGHT
        painter.fillRect(whole, QColor(self.tokens.window))
        painter.fillRect(0, 0, rail, whole.height(), surface)
        painter.fillRect(beside, 0, width, TOP_BAR_HEIGHT - 1, surface)
        painter.fillRect(beside, lens, width, TIME_LENS_HEIGHT, surface)
        painter.fillRect(rail, 0, 1, whole.height(), line)
        painter.fillRect(beside, TOP_BAR_HEIGHT - 1, width, 1, line)
        painter.fillRect(beside, lens, width, 1, line)

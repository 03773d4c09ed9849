"""Which of the two themes a window wears: what the person chose, else what the system says.

Qt's own namespace takes longer to load than everything else here, so that it is not named before a window stands.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication

from quarterdeck.ui.theme.tokens import DARK, LIGHT, Tokens

if TYPE_CHECKING:
    from PySide6.QtCore import Qt

_MIDDLE_LIGHTNESS = 128


class ThemeChoice(StrEnum):
    """What the person asked for."""

    SYSTEM = "system"
    DARK = "dark"
    LIGHT = "light"


def is_dark_by_default(app: QApplication) -> bool:
    """Whether the application looks dark before any theme of ours was put on it."""
    return app.palette().color(QPalette.ColorRole.Window).lightness() < _MIDDLE_LIGHTNESS


def usual_tokens(choice: ThemeChoice, *, is_dark: bool) -> Tokens:
    """The colours of a choice for a system that does not say; `is_dark` is how the application looks by default."""
    is_light = choice is ThemeChoice.LIGHT or (choice is ThemeChoice.SYSTEM and not is_dark)
    return LIGHT if is_light else DARK


def chosen_tokens(choice: ThemeChoice, scheme: Qt.ColorScheme, *, is_dark: bool) -> Tokens:
    """The colours of a choice where the system says `scheme`; `is_dark` is how the application looks by default."""
    from PySide6.QtCore import Qt

    if choice is not ThemeChoice.SYSTEM or scheme is Qt.ColorScheme.Unknown:
        return usual_tokens(choice, is_dark=is_dark)
    return DARK if scheme is Qt.ColorScheme.Dark else LIGHT

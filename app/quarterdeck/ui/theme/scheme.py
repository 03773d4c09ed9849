"""Which of the two themes a window wears: what the person chose, else what the system says."""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication

from quarterdeck.ui.theme.tokens import DARK, LIGHT, Tokens

_MIDDLE_LIGHTNESS = 128


class ThemeChoice(StrEnum):
    """What the person asked for."""

    SYSTEM = "system"
    DARK = "dark"
    LIGHT = "light"


def is_dark_by_default(app: QApplication) -> bool:
    """Whether the application looks dark before any theme of ours was put on it."""
    return app.palette().color(QPalette.ColorRole.Window).lightness() < _MIDDLE_LIGHTNESS


def chosen_tokens(choice: ThemeChoice, scheme: Qt.ColorScheme, *, is_dark: bool) -> Tokens:
    """The colours of a choice; `is_dark` is how the application looks by default, for a system that does not say."""
    if choice is not ThemeChoice.SYSTEM:
        return DARK if choice is ThemeChoice.DARK else LIGHT
    if scheme is Qt.ColorScheme.Unknown:
        return DARK if is_dark else LIGHT
    return DARK if scheme is Qt.ColorScheme.Dark else LIGHT

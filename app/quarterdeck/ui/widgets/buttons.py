"""Buttons: a verb each, one primary at most in a place."""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QSizePolicy
from typing_extensions import override

from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.theme.tokens import Tone
from quarterdeck.ui.theme.typography import FontRole
from quarterdeck.ui.widgets.text import button_text, safe_line


class ButtonKind(StrEnum):
    """How much a button asks to be pressed."""

    PRIMARY = "primary"
    SECONDARY = "secondary"
    QUIET = "quiet"
    LINK = "link"
    ROW = "row"


class Button(QPushButton):
    """A push button of one of five kinds; `icon` is a Phosphor name."""

    def __init__(self, theme: Theme, text: str, *, kind: ButtonKind = ButtonKind.SECONDARY, icon: str = "") -> None:
        super().__init__()
        self.setProperty("kind", kind.value)
        role = FontRole.STRONG if kind is ButtonKind.PRIMARY else FontRole.BODY
        self.setFont(theme.fonts.of(role))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAutoDefault(False)
        self.setText(text)
        if icon:
            tone = Tone.ON_ACCENT if kind is ButtonKind.PRIMARY else Tone.SECONDARY
            theme.bind_icon(self, icon, tone)

    @override
    def setText(self, text: str, /) -> None:
        super().setText(button_text(text))
        self.setAccessibleName(safe_line(text))

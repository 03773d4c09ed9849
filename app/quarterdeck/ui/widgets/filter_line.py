"""The field that narrows a list down to the rows with some words in them."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QSizePolicy
from typing_extensions import override

from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.theme.tokens import Tone
from quarterdeck.ui.widgets.text import safe_line

_WIDTH = 150
_NARROWEST = 90
_LONGEST = 80
_CLEAR_ACTION = "_q_qlineeditclearaction"
"""What Qt calls the action of its clear button: https://doc.qt.io/qt-6/qlineedit.html#clearButtonEnabled-prop."""
_OWN_KEYS = frozenset({Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Down})


def name_signs(line: QLineEdit, icon: QAction, clear_words: str) -> None:
    """Name the signs inside a line for assistive tools: its icon as the line itself, and what clears it."""
    icon.setText(line.accessibleName())
    for clear in line.findChildren(QAction, _CLEAR_ACTION):
        clear.setText(clear_words)


class FilterLine(QLineEdit):
    """`filter_changed` carries the words with every letter typed.

    Escape empties the field and, when it is empty, asks with `left` to give the keyboard back to the list; Enter and
    the down arrow ask for that too.
    """

    filter_changed = Signal(str)
    left = Signal()

    def __init__(self, theme: Theme, placeholder: str) -> None:
        super().__init__()
        self._theme = theme
        self.setPlaceholderText(safe_line(placeholder))
        self.setAccessibleName(safe_line(placeholder))
        self.setMaxLength(_LONGEST)
        self.setClearButtonEnabled(True)
        self.setMinimumWidth(_NARROWEST)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._icon = self.addAction(
            theme.icons.icon("magnifying-glass", Tone.TERTIARY), QLineEdit.ActionPosition.LeadingPosition
        )
        theme.bind_icon(self._icon, "magnifying-glass", Tone.TERTIARY)
        name_signs(self, self._icon, self.tr("Clear"))
        self.textChanged.connect(self.filter_changed)

    @override
    def sizeHint(self) -> QSize:
        return QSize(_WIDTH, super().sizeHint().height())

    @override
    def event(self, event: QEvent, /) -> bool:
        if event.type() is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and event.key() in _OWN_KEYS:
            # Else the window's own meaning of Escape comes first.
            event.accept()
            return True
        return super().event(event)

    @override
    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
        elif event.key() in _OWN_KEYS:
            self.left.emit()
        else:
            super().keyPressEvent(event)

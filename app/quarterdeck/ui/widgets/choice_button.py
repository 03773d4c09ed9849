"""A button that says which of several is chosen and offers the others in a menu."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu

from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.widgets.buttons import Button
from quarterdeck.ui.widgets.segments import Segment
from quarterdeck.ui.widgets.text import button_text, safe_line


class ChoiceButton(Button):
    """`chosen` carries the key when a person chooses, not when `set_current` is called.

    `accessible_name` says what is chosen; the choice follows it. The first choice is the usual one: the button is
    marked as pressed in while another holds.
    """

    chosen = Signal(str)

    def __init__(self, theme: Theme, choices: tuple[Segment, ...], *, accessible_name: str) -> None:
        super().__init__(theme, choices[0].text)
        self._name = accessible_name
        self._menu = QMenu(self)
        self._group = QActionGroup(self)
        self._actions: dict[str, QAction] = {}
        self._texts = {choice.key: choice.text for choice in choices}
        for choice in choices:
            action = self._menu.addAction(button_text(choice.text))
            action.setCheckable(True)
            self._group.addAction(action)
            self._actions[choice.key] = action
        self.setCheckable(True)
        self._menu.triggered.connect(self._choose)
        self.clicked.connect(self.open_menu)
        self.set_current(choices[0].key)

    @property
    def current(self) -> str:
        """The key of what is chosen."""
        return next(key for key, action in self._actions.items() if action.isChecked())

    def set_current(self, key: str) -> None:
        """Choose without a signal; raises KeyError for an unknown key."""
        self._actions[key].setChecked(True)
        self.setText(self._texts[key])
        self.setAccessibleName(safe_line(f"{self._name}: {self._texts[key]}"))
        self._show_pressed()

    def open_menu(self) -> None:
        """Show the choices below the button."""
        self._show_pressed()
        self._menu.popup(self.mapToGlobal(self.rect().bottomLeft()))

    def _choose(self, action: QAction) -> None:
        key = next(key for key, known in self._actions.items() if known is action)
        self.set_current(key)
        self.chosen.emit(key)

    def _show_pressed(self) -> None:
        self.setChecked(self.current != next(iter(self._actions)))

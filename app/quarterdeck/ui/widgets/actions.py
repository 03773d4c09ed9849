"""Every action of the program is one QAction with an id, a text, an icon and a key; menus and the palette read them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget
from shiboken6 import Shiboken

from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.theme.tokens import Tone
from quarterdeck.ui.widgets.text import button_text, safe_line

EVERYWHERE = ""


@dataclass(frozen=True, slots=True)
class ActionSpec:
    """What an action is called and how it is reached.

    `id` is dotted and stable (`incident.acknowledge`); `icon` a Phosphor name; `key` in Qt's portable writing
    (`Ctrl+K`, `J`); `place` names the panel where the key holds, empty for the whole window; `is_listed` keeps plain
    movements such as J and K out of the palette.
    """

    id: str
    text: str
    icon: str = ""
    key: str = ""
    place: str = EVERYWHERE
    is_checkable: bool = False
    is_listed: bool = True


class ActionRegistry(QObject):
    """Makes the actions and knows them all, in the order in which they were added."""

    def __init__(self, theme: Theme, window: QWidget) -> None:
        super().__init__(window)
        self._theme = theme
        self._window = window
        self._actions: dict[str, tuple[ActionSpec, QAction]] = {}

    def add(self, spec: ActionSpec, on_triggered: Callable[[], object], *, widget: QWidget | None = None) -> QAction:
        """Make an action. Its key holds inside `widget` and its children, or in the whole window without one.

        It goes when `widget` goes. Raises ValueError when the id is taken.
        """
        if spec.id in self._living():
            message = f"the action {spec.id} exists already"
            raise ValueError(message)
        scope = widget or self._window
        action = QAction(button_text(spec.text), scope)
        action.setObjectName(spec.id)
        action.setCheckable(spec.is_checkable)
        action.setToolTip(safe_line(spec.text))
        if spec.key:
            action.setShortcut(QKeySequence.fromString(spec.key, QKeySequence.SequenceFormat.PortableText))
            within = Qt.ShortcutContext.WidgetWithChildrenShortcut
            action.setShortcutContext(within if widget else Qt.ShortcutContext.WindowShortcut)
        if spec.icon:
            self._theme.bind_icon(action, spec.icon, Tone.SECONDARY)

        def run(_checked: bool) -> None:
            on_triggered()

        action.triggered.connect(run)
        scope.addAction(action)
        self._actions[spec.id] = (spec, action)
        return action

    def action(self, action_id: str) -> QAction:
        """The action of an id; raises KeyError for an unknown one."""
        return self._living()[action_id][1]

    def specs(self) -> tuple[ActionSpec, ...]:
        """All actions in the order they were added."""
        return tuple(spec for spec, _ in self._living().values())

    def listed(self) -> tuple[ActionSpec, ...]:
        """What the palette offers: listed and enabled now."""
        return tuple(spec for spec, action in self._living().values() if spec.is_listed and action.isEnabled())

    def keys_of(self, place: str) -> tuple[ActionSpec, ...]:
        """The actions with a key in one place, then those of the whole window."""
        with_key = [spec for spec in self.specs() if spec.key]
        here = [spec for spec in with_key if spec.place == place and place != EVERYWHERE]
        return tuple(here + [spec for spec in with_key if spec.place == EVERYWHERE])

    def trigger(self, action_id: str) -> None:
        """Run an action as if it were chosen; a disabled one does nothing. Raises KeyError for an unknown id."""
        self.action(action_id).trigger()

    def _living(self) -> dict[str, tuple[ActionSpec, QAction]]:
        self._actions = {key: entry for key, entry in self._actions.items() if Shiboken.isValid(entry[1])}
        return self._actions


def key_words(key: str) -> str:
    """A key as a chip shows it: `Ctrl+Shift+F` as `Ctrl Shift F`, `Return` as `Enter`."""
    return key.replace("Return", "Enter").replace("+", " ") if key != "+" else key

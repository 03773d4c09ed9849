"""The menu at a row or a card: what can be done to it, and of what cannot be done now, why."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QMenu, QWidget

from quarterdeck.ui.widgets.text import button_text


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """Something that can be done; `why_not` is a sentence where it cannot be now, empty where it can."""

    text: str
    run: Callable[[], object]
    why_not: str = ""


def open_row_menu(owner: QWidget, place: QPoint, entries: Sequence[MenuEntry]) -> None:
    """Open a menu at a place on the screen; it is gone once it closes."""
    menu = QMenu(owner)
    for entry in entries:
        words = f"{entry.text}  ({entry.why_not})" if entry.why_not else entry.text
        action = menu.addAction(button_text(words))
        action.setEnabled(not entry.why_not)
        action.triggered.connect(_runner(entry.run))
    menu.aboutToHide.connect(menu.deleteLater)
    menu.popup(place)


def _runner(run: Callable[[], object]) -> Callable[[], None]:
    def call() -> None:
        run()

    return call

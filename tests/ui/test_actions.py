"""One QAction for each action: its key works where it should, and the palette and the sheet know it."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QVBoxLayout, QWidget

from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.widgets.actions import ActionRegistry, ActionSpec, key_words
from quarterdeck.ui.widgets.key_sheet import KeySheet

PALETTE = ActionSpec("palette.open", "Find anything", icon="magnifying-glass", key="Ctrl+K")
NEXT = ActionSpec("list.next", "Next", key="J", place="incidents", is_listed=False)
ACKNOWLEDGE = ActionSpec("incident.acknowledge", "Acknowledge", key="A", place="incidents")


class Window(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.panel = QWidget()
        self.panel.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.other = QLineEdit()
        column = QVBoxLayout(self)
        column.addWidget(self.panel)
        column.addWidget(self.other)


@pytest.fixture
def window(show: Callable[[QWidget], QWidget]) -> Window:
    made = Window()
    show(made)
    return made


@pytest.fixture
def registry(theme: Theme, window: Window) -> ActionRegistry:
    return ActionRegistry(theme, window)


def test_a_key_of_the_window_runs_its_action_everywhere_in_it(registry: ActionRegistry, window: Window) -> None:
    runs: list[str] = []
    registry.add(PALETTE, lambda: runs.append("palette"))
    for widget in (window.panel, window.other):
        widget.setFocus()
        QTest.keyClick(widget, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    assert runs == ["palette"] * 2


def test_a_key_of_a_place_runs_its_action_only_there(registry: ActionRegistry, window: Window) -> None:
    runs: list[str] = []
    registry.add(ACKNOWLEDGE, lambda: runs.append("acknowledged"), widget=window.panel)
    window.other.setFocus()
    QTest.keyClick(window.other, Qt.Key.Key_A)
    assert (runs, window.other.text()) == ([], "a")
    window.panel.setFocus()
    QTest.keyClick(window.panel, Qt.Key.Key_A)
    assert runs == ["acknowledged"]


def test_the_palette_lists_what_can_be_run_now(registry: ActionRegistry) -> None:
    for spec in (PALETTE, NEXT, ACKNOWLEDGE):
        registry.add(spec, lambda: None)
    registry.action("incident.acknowledge").setEnabled(False)
    assert registry.listed() == (PALETTE,)


def test_the_keys_of_a_place_come_before_those_of_the_window(registry: ActionRegistry) -> None:
    for spec in (PALETTE, NEXT, ACKNOWLEDGE):
        registry.add(spec, lambda: None)
    assert registry.keys_of("incidents") == (NEXT, ACKNOWLEDGE, PALETTE)
    assert registry.keys_of("overview") == (PALETTE,)


def test_an_action_goes_with_its_widget(registry: ActionRegistry, window: Window) -> None:
    registry.add(ACKNOWLEDGE, lambda: None, widget=window.panel)
    window.panel.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert registry.specs() == ()
    registry.add(ACKNOWLEDGE, lambda: None)


def test_an_id_can_be_taken_only_once(registry: ActionRegistry) -> None:
    registry.add(PALETTE, lambda: None)
    with pytest.raises(ValueError, match=r"palette\.open"):
        registry.add(PALETTE, lambda: None)


def test_a_disabled_action_does_not_run(registry: ActionRegistry) -> None:
    runs: list[int] = []
    registry.add(PALETTE, lambda: runs.append(1)).setEnabled(False)
    registry.trigger("palette.open")
    assert runs == []


def test_an_action_carries_id_text_icon_and_key(registry: ActionRegistry) -> None:
    action = registry.add(PALETTE, lambda: None)
    assert (action.objectName(), action.text(), action.shortcut().toString()) == (
        "palette.open",
        "Find anything",
        "Ctrl+K",
    )
    assert not action.icon().isNull()


def test_the_sheet_shows_every_key_with_its_words(theme: Theme, show: Callable[[QWidget], QWidget]) -> None:
    sheet = KeySheet(theme, "Keys", (NEXT, ACKNOWLEDGE, PALETTE))
    show(sheet)
    texts = [label.text() for label in sheet.findChildren(QLabel)]
    assert texts == ["Keys", "Here", "J", "Next", "A", "Acknowledge", "Everywhere", "Ctrl K", "Find anything"]


def test_the_sheet_shows_the_plus_key(theme: Theme, show: Callable[[QWidget], QWidget]) -> None:
    sheet = KeySheet(theme, "Keys", (ActionSpec("closer", "Zoom in", key="+", place="performance"),))
    show(sheet)
    assert "+" in [label.text() for label in sheet.findChildren(QLabel)]


@pytest.mark.parametrize(("key", "words"), [("Ctrl+Shift+F", "Ctrl Shift F"), ("Return", "Enter"), ("+", "+")])
def test_keys_are_written_as_they_stand_on_the_keyboard(key: str, words: str) -> None:
    assert key_words(key) == words

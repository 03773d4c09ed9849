"""Everything in the frame can be reached without a mouse, and letters stay letters while somebody types."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit, QWidget

from quarterdeck.domain.instants import TimeRange
from quarterdeck.ui.shell.time_lens import TimeLens
from tests.support.consoles import ConsoleBench, NotedPanel
from tests.support.pictured_bank import NOON

PAYHUB = "integration/payhub-processor"


def press(bench: ConsoleBench, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """Press a key wherever the keyboard is."""
    target = QApplication.focusWidget() or bench.console.window
    QTest.keyClick(target, key, modifier)
    bench.settle()


@pytest.fixture
def desk(bench: ConsoleBench) -> ConsoleBench:
    bench.console.window.activateWindow()
    bench.until(bench.console.window.isActiveWindow, "the window is active")
    return bench


def test_digits_open_the_panels(desk: ConsoleBench) -> None:
    press(desk, Qt.Key.Key_3)
    assert desk.console.conductor.place.panel_id == "performance"
    press(desk, Qt.Key.Key_1)
    assert desk.console.conductor.place.panel_id == "overview"


def test_alt_and_arrows_walk_back_and_forth(desk: ConsoleBench) -> None:
    press(desk, Qt.Key.Key_3)
    press(desk, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert desk.console.conductor.place.panel_id == "overview"
    press(desk, Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    assert desk.console.conductor.place.panel_id == "performance"


def test_the_keys_of_a_panel_hold_while_it_is_the_current_one(
    desk: ConsoleBench, panels: dict[str, NotedPanel]
) -> None:
    press(desk, Qt.Key.Key_J)
    assert panels["overview"].key_presses == 1
    press(desk, Qt.Key.Key_2)
    press(desk, Qt.Key.Key_J)
    assert (panels["overview"].key_presses, panels["integrations"].key_presses) == (1, 1)


def test_letters_typed_into_a_field_are_letters(desk: ConsoleBench, panels: dict[str, NotedPanel]) -> None:
    press(desk, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    for key in (Qt.Key.Key_I, Qt.Key.Key_L, Qt.Key.Key_3, Qt.Key.Key_J):
        press(desk, key)
    field = desk.console.window.palette_sheet.findChild(QLineEdit)
    assert isinstance(field, QLineEdit)
    assert field.text() == "il3j"
    assert desk.console.conductor.place.panel_id == "overview"
    assert panels["overview"].key_presses == 0


def test_escape_zooms_back(desk: ConsoleBench) -> None:
    desk.console.window.lens.setFocus()
    press(desk, Qt.Key.Key_Left)
    assert not desk.console.conductor.place.is_live
    press(desk, Qt.Key.Key_L)
    assert desk.console.conductor.place.is_live
    desk.console.window.lens.window_chosen.emit(TimeRange.ending(NOON, 3600))
    assert len(desk.console.conductor.place.zooms) == 1
    press(desk, Qt.Key.Key_Escape)
    assert desk.console.conductor.place.zooms == ()


def test_the_inspector_follows_its_key(desk: ConsoleBench) -> None:
    press(desk, Qt.Key.Key_I)
    assert desk.console.window.side.is_inspector_shown
    press(desk, Qt.Key.Key_I)
    assert not desk.console.window.side.is_inspector_shown


def test_the_question_mark_shows_the_keys_of_the_place(desk: ConsoleBench) -> None:
    QTest.keyClicks(QApplication.focusWidget() or desk.console.window, "?")
    desk.settle()
    sheets = [one for one in QApplication.topLevelWidgets() if isinstance(one, QDialog) and one.isVisible()]
    assert [sheet.windowTitle() for sheet in sheets] == ["Keys"]
    QTest.keyClick(sheets[0], Qt.Key.Key_Escape)


def test_tab_reaches_rail_bar_page_and_lens(desk: ConsoleBench) -> None:
    desk.console.window.rail.items()[0].setFocus()
    seen: list[QWidget] = []
    while (now := QApplication.focusWidget()) is not None and now not in seen:
        seen.append(now)
        QTest.keyClick(now, Qt.Key.Key_Tab)
    names = {widget.accessibleName() for widget in seen}
    assert {"Overview", "Connectors", "Settings", "Find anything or run a command", "Last 6 hours", "Live"} <= names
    assert any(isinstance(widget, TimeLens) for widget in seen)


def test_everything_that_takes_the_keyboard_has_a_name(desk: ConsoleBench) -> None:
    desk.console.conductor.select(PAYHUB)
    desk.settle()
    takers = [
        widget
        for widget in desk.console.window.findChildren(QWidget)
        if widget.isVisible() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus and not widget.accessibleName()
    ]
    assert [type(widget).__name__ for widget in takers] == []


def test_every_action_has_an_id_a_text_and_a_key_of_its_own(desk: ConsoleBench) -> None:
    specs = desk.console.registry.specs()
    keys = [(spec.place, spec.key) for spec in specs if spec.key]
    assert len(keys) == len(set(keys))
    assert all(spec.id and spec.text for spec in specs)
    assert all(desk.console.registry.action(spec.id).text() for spec in specs)

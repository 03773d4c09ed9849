"""The Connectors panel's list: everything by keyboard, nothing lost by a refresh, one connection beside it."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QDialog, QPushButton, QWidget

from quarterdeck.services.sources import SourceRow
from quarterdeck.ui.panels.connectors.form_page import FormPage
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.widgets.coverage_bars import CoverageBars
from quarterdeck.ui.widgets.state_stack import Freshness
from tests.ui.panels.connectors.lists import LIVE, LOCKED, connection, row, source_list
from tests.ui.panels.connectors.window import ROWS, Window


def cell(window: Window, line: int, column: int) -> str:
    return str(window.table.model().index(line, column).data())


def test_the_list_stands_in_the_table_and_beneath_it_what_was_received(window: Window) -> None:
    assert [cell(window, line, 1) for line in range(3)] == ["Bank metrics", "Payhub probe", "This machine"]
    assert cell(window, 1, 7).startswith("Refused, since ")
    bars = window.view.findChild(CoverageBars)
    assert bars is not None
    assert bars.accessibleDescription().splitlines()[0] == "Bank metrics: all received"


def test_the_rail_hears_of_what_wants_attention_once(window: Window) -> None:
    spy = QSignalSpy(window.view.attention_changed)
    window.again()
    assert spy.count() == 0
    window.source.answer = source_list(ROWS[0])
    window.again()
    assert spy.at(0) == [0, ""]


def test_without_a_connection_the_page_leads_to_the_kinds(window: Window) -> None:
    window.source.answer = source_list()
    window.again()
    assert window.stack.freshness is Freshness.EMPTY
    buttons = [one for one in window.stack.findChildren(QPushButton) if one.text() == "Add connection"]
    buttons[0].click()
    window.background.finish()
    assert window.side.kinds.isVisible()


def test_a_list_that_cannot_be_read_is_told_and_tried_again(theme: Theme, show: Callable[[QWidget], QWidget]) -> None:
    made = Window(theme)
    made.source.fault = LOCKED
    show(made)
    made.open()
    assert made.stack.freshness is Freshness.FAILED
    made.source.fault = None
    made.press("Try again")
    made.background.finish()
    assert made.stack.freshness is Freshness.FRESH
    made.source.fault = LOCKED
    made.again()
    assert made.stack.freshness is Freshness.STALE


def test_moving_in_the_list_shows_each_connection_beside_it(window: Window) -> None:
    window.view._page.walk(1)
    assert window.side.detail.isVisible()
    assert window.side.detail.accessibleName() == "Bank metrics"
    QTest.keyClick(window.table, Qt.Key.Key_J)
    assert window.side.detail.accessibleName() == "Payhub probe"
    assert window.table.hasFocus()


def test_enter_opens_a_connection_and_escape_gives_the_keyboard_back(window: Window) -> None:
    window.view._page.walk(1)
    QTest.keyClick(window.table, Qt.Key.Key_Return)
    focused = window.side.window().focusWidget()
    assert isinstance(focused, QPushButton)
    assert focused.text() == "Edit"
    QTest.keyClick(focused, Qt.Key.Key_Escape)
    assert not window.side.isVisible()
    assert window.table.hasFocus()


def test_a_target_is_selected_and_shown_as_soon_as_the_list_is_there(
    theme: Theme, show: Callable[[QWidget], QWidget]
) -> None:
    made = Window(theme)
    show(made)
    made.view.show_target("payhub-probe")
    made.open()
    assert made.side.detail.accessibleName() == "Payhub probe"
    assert made.view._page.selected_id == "payhub-probe"


@pytest.mark.parametrize("rows", [(), ROWS], ids=["no_connection", "some_connections"])
def test_asked_for_adding_it_lists_the_kinds_as_soon_as_it_knows_what_is_there(
    rows: tuple[SourceRow, ...], theme: Theme, show: Callable[[QWidget], QWidget]
) -> None:
    made = Window(theme)
    made.source.answer = source_list(*rows)
    show(made)
    made.view.show_moment(LIVE)
    made.view.show_target("add")
    assert not made.side.isVisible()
    made.background.finish()
    assert made.side.kinds.isVisible()


def test_a_connection_named_add_is_shown_and_not_the_kinds(theme: Theme, show: Callable[[QWidget], QWidget]) -> None:
    made = Window(theme)
    made.source.answer = source_list(row(connection("add")))
    show(made)
    made.view.show_target("add")
    made.open()
    assert made.side.detail.isVisible()


def test_the_keyboard_goes_to_the_list_once_it_is_there(theme: Theme, show: Callable[[QWidget], QWidget]) -> None:
    made = Window(theme)
    show(made)
    made.view.setFocus()
    made.open()
    assert made.focusWidget() is made.table


def test_a_refresh_keeps_selection_keyboard_and_what_is_beside_the_list(window: Window) -> None:
    window.view._page.walk(1)
    window.source.answer = source_list(row(connection("another")), *ROWS)
    window.again()
    assert window.view._page.selected_id == "bank-metrics"
    assert window.table.hasFocus()
    assert window.side.detail.accessibleName() == "Bank metrics"


def test_a_connection_that_is_gone_leaves_no_page_behind(window: Window) -> None:
    window.view._page.walk(1)
    window.source.answer = source_list(*ROWS[1:])
    window.again()
    assert not window.side.isVisible()


def test_a_connection_is_tested_disabled_and_enabled_beside_the_list(window: Window) -> None:
    window.view._page.walk(1)
    window.press("Test")
    window.background.finish()
    assert window.outcome.accessibleName().startswith("Test passed in 84 ms.")
    window.press("Disable")
    window.source.answer = source_list(row(connection("bank-metrics", enabled=False)), *ROWS[1:])
    window.background.finish()
    assert window.setup.held["bank-metrics"].enabled is False
    window.press("Enable")


def test_removing_asks_with_the_decision_as_the_title(window: Window) -> None:
    window.view._page.walk(1)
    window.press("Remove…")
    dialog = window.view.findChild(QDialog)
    assert dialog is not None
    assert dialog.windowTitle() == "Remove Bank metrics?"
    dialog.reject()
    assert "bank-metrics" in window.setup.held
    window.press("Remove…")
    window.view.findChildren(QDialog)[-1].accept()
    window.background.finish()
    assert "bank-metrics" not in window.setup.held


def test_a_declared_connection_offers_neither_editing_nor_removing(window: Window) -> None:
    window.view.show_target("this-machine")
    shown = {one.text() for one in window.side.detail.findChildren(QPushButton) if one.isVisible()}
    assert shown == {"", "Test", "Disable"}


def test_the_keys_of_the_place_add_edit_and_test(window: Window) -> None:
    actions = {action.spec.key: action for action in window.view.panel_actions()}
    assert set(actions) == {"A", "J", "K", "Return", "E", "T"}
    assert {action.spec.place for action in actions.values()} == {"connectors"}
    actions["J"].run()
    actions["T"].run()
    window.background.finish()
    assert window.outcome.accessibleName().startswith("Test passed")
    actions["E"].run()
    window.background.finish()
    assert window.side.findChildren(FormPage)[0].isVisible()
    actions["A"].run()
    window.background.finish()
    assert window.side.kinds.isVisible()

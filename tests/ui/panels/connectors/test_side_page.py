"""The forms beside the list: typed text never lost, tests heard and stopped, faults where they belong."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QTableView, QWidget
from pytestqt.qtbot import QtBot

from quarterdeck.sdk.connector import SettingProblem
from quarterdeck.services.ports import Topic
from quarterdeck.ui.panels.connectors.form_page import FormPage
from quarterdeck.ui.panels.connectors.kinds_page import KindButton
from quarterdeck.ui.panels.connectors.outcome_view import OutcomeView
from quarterdeck.ui.theme.scheme import ThemeChoice
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.widgets.text import PlainLabel
from tests.ui.panels.connectors.lists import LOCKED, PASSED, REFUSED, connection, row, source_list
from tests.ui.panels.connectors.window import ROWS, Window, fill


def test_the_kinds_are_chosen_by_keyboard(window: Window) -> None:
    window.press("Add connection")
    window.background.finish()
    first, second = window.side.findChildren(KindButton)
    assert first.hasFocus()
    QTest.keyClick(first, Qt.Key.Key_Down)
    assert second.hasFocus()
    QTest.keyClick(second, Qt.Key.Key_Return)
    window.background.finish()
    assert window.side.findChildren(FormPage)[0].accessibleName() == "Add connection · This machine"


def test_a_form_begins_in_its_first_field_with_the_rare_settings_folded(window: Window) -> None:
    window.add()
    assert window.field("Name").hasFocus()
    assert window.field("Ask every").text() == "15 s"
    assert not any(
        one.accessibleName() == "Check the certificate" and one.isVisible() for one in window.side.findChildren(QWidget)
    )


def test_a_new_connection_bears_the_title_of_its_kind_numbered_where_it_is_taken(window: Window) -> None:
    window.add()
    assert window.field("Name").text() == window.field("Name").selectedText() == "Prometheus query API"
    window.press("Cancel")
    window.setup.held["metrics"] = connection(name="prometheus query api")
    window.add()
    assert window.field("Name").text() == "Prometheus query API 2"


def test_what_was_typed_survives_refreshes_other_rows_and_other_kinds(window: Window) -> None:
    form = window.add()
    QTest.keyClicks(window.field("Name"), "Bank metrics")
    window.again(Topic.CONNECTIONS, Topic.CONNECTION_HEALTH)
    window.view._page.walk(1)
    assert form.isVisible()
    window.press("Other kinds of source")
    window.side.findChildren(KindButton)[0].click()
    window.background.finish()
    assert form.isVisible()
    assert window.field("Name").text() == "Bank metrics"


def test_a_form_nothing_was_typed_into_gives_way_to_the_row_that_is_chosen(window: Window) -> None:
    form = window.add()
    window.view._page.walk(1)
    assert not form.isVisible()
    assert window.side.detail.isVisible()


def test_what_is_missing_is_told_at_its_field_before_anything_is_tested(window: Window) -> None:
    window.add()
    window.field("Name").clear()
    window.press("Test")
    assert window.background.active == []
    assert window.field("Name").accessibleDescription() == "Name is needed."


def test_a_test_can_be_stopped_and_shows_what_would_come_when_it_passed(window: Window) -> None:
    window.add()
    fill(window)
    window.press("Test")
    assert window.outcome.accessibleName().startswith("Testing.")
    window.press("Stop")
    assert not [one for one in window.side.findChildren(OutcomeView) if one.isVisible()]
    window.press("Test")
    window.background.finish()
    assert window.outcome.accessibleName().startswith("Test passed in 84 ms. Prometheus 2.42")
    preview = next(one for one in window.side.findChildren(QTableView) if one.isVisible())
    assert preview.model().index(0, 0).data() == "http_requests_total"
    assert PASSED.estimate in [label.text() for label in window.side.findChildren(PlainLabel) if label.isVisible()]


def test_an_edit_after_a_test_says_that_it_was_before(window: Window) -> None:
    window.add()
    fill(window)
    window.press("Test")
    window.background.finish()
    QTest.keyClicks(window.field("Address"), "/api")
    assert window.outcome.accessibleName() == "Test passed in 84 ms, before your last change"


def test_problems_of_a_test_stand_at_their_fields(window: Window) -> None:
    window.setup.outcome = replace(REFUSED, problems=(SettingProblem("address", "This is no address."),))
    window.add()
    fill(window)
    window.press("Test")
    window.background.finish()
    assert window.outcome.accessibleName().startswith("Test failed after 2.1 s: Address.")
    assert window.field("Address").accessibleDescription() == "This is no address."
    assert window.field("Address").hasFocus()


def test_what_was_not_saved_names_the_field_at_fault(window: Window) -> None:
    window.setup.problems = (SettingProblem("history_days", "Too many days."),)
    window.add()
    fill(window)
    window.press("Save and start")
    window.background.finish()
    assert window.outcome.accessibleName().startswith("Not saved yet: History.")
    assert window.field("History").hasFocus()


def test_a_field_at_fault_that_lies_below_is_scrolled_to(window: Window, qtbot: QtBot) -> None:
    window.resize(1240, 340)
    window.setup.outcome = replace(REFUSED, problems=(SettingProblem("history_days", "Too many days."),))
    window.add()
    fill(window)
    window.press("Test")
    window.background.finish()
    qtbot.waitUntil(lambda: not window.field("History").visibleRegion().isEmpty())


def test_saving_closes_the_form_tells_it_and_leads_to_the_new_connection(window: Window, qtbot: QtBot) -> None:
    window.add()
    fill(window)
    window.press("Save and start")
    window.source.answer = source_list(*ROWS, row(connection("new-one", name="Bank metrics")))
    with qtbot.waitSignal(window.view.notice_raised) as told:
        window.background.finish()
    assert told.args == ["Bank metrics is saved and asked every 15 s."]
    assert window.view._page.selected_id == "new-one"
    assert window.side.detail.isVisible()
    assert window.table.hasFocus()


def test_what_cannot_be_saved_keeps_the_form_with_the_reason(window: Window) -> None:
    window.add()
    fill(window)
    window.setup.fault = LOCKED
    window.press("Save and start")
    window.background.finish()
    assert window.outcome.accessibleName() == "Not saved. The keyring is locked. Unlock it."
    assert window.field("Name").text() == "Bank metrics"


def test_cancel_gives_the_form_up(window: Window) -> None:
    window.add()
    fill(window)
    window.press("Cancel")
    assert not window.side.isVisible()
    window.add()
    assert window.field("Name").text() == "Prometheus query API"


def test_editing_returns_to_the_connection(window: Window) -> None:
    window.view._page.walk(1)
    window.press("Edit")
    window.background.finish()
    assert window.field("Name").text() == "Bank metrics"
    assert (window.field("Token").text(), window.field("Token").placeholderText()) == ("", "unchanged")
    window.press("Cancel")
    assert window.side.detail.isVisible()


def test_a_secret_is_hidden_while_it_is_typed(window: Window) -> None:
    window.add()
    assert window.field("Token").echoMode() is QLineEdit.EchoMode.Password


def test_everything_has_a_name_for_assistive_tools(window: Window) -> None:
    window.add()
    focusable = [
        one
        for one in window.findChildren(QWidget)
        if one.isVisible() and one.focusPolicy() & Qt.FocusPolicy.TabFocus and not isinstance(one, QTableView)
    ]
    nameless = [one for one in focusable if not QAccessible.queryAccessibleInterface(one).text(QAccessible.Text.Name)]
    assert nameless == []


@pytest.mark.parametrize("width", [860, 1240])
def test_list_and_form_fit_a_small_and_a_usual_window(window: Window, width: int) -> None:
    window.resize(width, 576)
    window.add()
    QApplication.processEvents()
    assert window.view._page.horizontalScrollBar().maximum() == 0
    assert window.minimumSizeHint().width() <= width


def test_the_side_page_follows_the_theme(window: Window, theme: Theme) -> None:
    window.add()
    dark = window.side.grab().toImage().pixelColor(200, 4).lightness()
    theme.choose(ThemeChoice.LIGHT)
    assert window.side.grab().toImage().pixelColor(200, 4).lightness() > dark

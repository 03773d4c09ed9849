"""The Connectors panel on the screen: list and side page by keyboard, typed text never lost, nothing hostile drawn."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QApplication, QDialog, QHBoxLayout, QLineEdit, QPushButton, QTableView, QWidget
from pytestqt.qtbot import QtBot

from quarterdeck.domain.connections import ConnectionState
from quarterdeck.sdk.connector import SettingProblem
from quarterdeck.services.ports import Topic
from quarterdeck.ui.panels.connectors.form_page import FormPage
from quarterdeck.ui.panels.connectors.kinds_page import KindButton
from quarterdeck.ui.panels.connectors.outcome_view import OutcomeView
from quarterdeck.ui.panels.connectors.presenter import ConnectorsPresenter
from quarterdeck.ui.panels.connectors.setup_presenter import SetupPresenter
from quarterdeck.ui.panels.connectors.side import SidePage
from quarterdeck.ui.panels.connectors.view import ConnectorsView
from quarterdeck.ui.theme.theme import Theme, ThemeChoice
from quarterdeck.ui.widgets.coverage_bars import CoverageBars
from quarterdeck.ui.widgets.state_stack import Freshness, StateStack
from quarterdeck.ui.widgets.text import PlainLabel
from quarterdeck.ui.widgets.tool_tips import PlainToolTips
from tests.support.backgrounds import HeldBackground
from tests.support.markup import faults_below, hostile_text, shows_the_image, tip_faults_below
from tests.ui.panels.connectors.lists import (
    LIVE,
    LOCKED,
    METRICS,
    NOON,
    PASSED,
    REFUSED,
    ScriptedSetup,
    ScriptedSources,
    connection,
    health,
    row,
    source_list,
)

ROWS = (
    row(connection("bank-metrics")),
    row(connection("payhub-probe"), health(ConnectionState.FAILING, words="Refused.", next_step="Look.")),
    row(connection("this-machine", managed_by="demo-bank", secret_names=())),
)


class Window(QWidget):
    """The panel with its side page beside it, as the shell places them."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.source, self.setup, self.background = (
            ScriptedSources(source_list(*ROWS)),
            ScriptedSetup(),
            HeldBackground(),
        )
        self.setup.held = {one.connection.id: one.connection for one in ROWS}
        self.view = ConnectorsView(theme)
        self.side: SidePage = self.view.side
        presenter = ConnectorsPresenter(
            self.source,
            self.setup,
            self.background,
            self.view,
            now=lambda: NOON,
            notify=self.view.notice_raised.emit,
            tr=str,
        )
        self.view.present(presenter, SetupPresenter(self.setup, self.background, self.side, str))
        self._place()
        self.resize(1240, 760)

    def _place(self) -> None:
        line = QHBoxLayout(self)
        for control in self.view.bar_widgets():
            line.addWidget(control)
        line.addWidget(self.view, 1)
        line.addWidget(self.side)
        self.side.setFixedWidth(400)
        self.view.side_page_changed.connect(lambda page: self.side.setVisible(page is not None))

    def open(self) -> None:
        self.view.show_moment(LIVE)
        self.background.finish()

    def again(self, *topics: Topic) -> None:
        """What a refresh brings."""
        self.view.refresh(replace(LIVE, at=NOON + timedelta(seconds=2)), frozenset(topics or {Topic.CONNECTIONS}))
        self.background.finish()

    def press(self, text: str) -> None:
        """Press the visible button of that text."""
        found = [one for one in self.findChildren(QPushButton) if one.text() == text and one.isVisible()]
        assert found, text
        found[0].click()

    def field(self, name: str) -> QLineEdit:
        """The visible line of that name."""
        return next(
            one for one in self.side.findChildren(QLineEdit) if one.accessibleName() == name and one.isVisible()
        )

    def add(self, kind: str = "Prometheus query API") -> FormPage:
        """Open the form for a new connection of a kind."""
        self.press("Add connection")
        self.background.finish()
        next(one for one in self.side.findChildren(KindButton) if one.accessibleName() == kind).click()
        self.background.finish()
        return self.side.findChildren(FormPage)[-1]

    @property
    def table(self) -> QTableView:
        return next(one for one in self.view.findChildren(QTableView) if one.accessibleName() == "Connections")

    @property
    def stack(self) -> StateStack:
        return self.view.findChildren(StateStack)[0]

    @property
    def outcome(self) -> OutcomeView:
        return next(one for one in self.side.findChildren(OutcomeView) if one.isVisible())


@pytest.fixture
def window(theme: Theme, show: Callable[[QWidget], QWidget]) -> Window:
    made = Window(theme)
    show(made)
    made.open()
    return made


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
    window.press("Test")
    assert window.background.active == []
    assert window.field("Name").accessibleDescription() == "Name is needed."


def fill(window: Window) -> None:
    for name, text in (("Name", "Bank metrics"), ("Address", "https://metrics.bank"), ("Token", "secret")):
        QTest.keyClicks(window.field(name), text)


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
    assert window.field("Address").accessibleDescription() == "This is no address."
    assert window.field("Address").hasFocus()


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
    assert window.field("Name").text() == ""


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


def test_text_from_outside_is_plain_in_list_bars_details_forms_and_tests(
    theme: Theme, show: Callable[[QWidget], QWidget], qapp: QApplication, tmp_path: Path
) -> None:
    tips = PlainToolTips(qapp)
    made = Window(theme)
    show(made)
    for number, text in enumerate(hostile_text(tmp_path).all):
        held = connection(f"c{number}", name=text, connector_id=f"hostile{number}", managed_by="" if number else text)
        told = health(ConnectionState.FAILING, words=text, next_step=text)
        made.source.answer = source_list(row(held, told))
        spec = METRICS.settings[0].model_copy(update={"label": text, "hint": text, "choices": (text,)})
        made.setup.manifests = [
            METRICS.model_copy(
                update={
                    "id": f"hostile{number}",
                    "title": text,
                    "summary": text,
                    "settings": (spec, *METRICS.settings[1:]),
                }
            )
        ]
        made.setup.faults = (text,)
        made.setup.held = {held.id: held}
        made.setup.outcome = replace(
            PASSED,
            words=text,
            remarks=(text,),
            estimate=text,
            preview=(replace(PASSED.preview[0], name=text, meaning=text),),
        )
        made.view.show_moment(LIVE)
        made.background.finish()
        made.view.show_target(held.id)
        made.press("Test")
        made.background.finish()
        check(made)
        made.press("Add connection")
        made.background.finish()
        check(made)
        made.side.findChildren(KindButton)[-1].click()
        made.background.finish()
        form = made.side.findChildren(FormPage)[-1]
        form.test_requested.emit(f"new hostile{number}", {})
        made.background.finish()
        check(made)
    tips.deleteLater()


def check(window: Window) -> None:
    QApplication.processEvents()
    assert faults_below(window) == []
    assert tip_faults_below(window) == []
    assert not shows_the_image(window)

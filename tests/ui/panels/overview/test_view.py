"""The Overview's page: everything by keyboard, nothing repainted in vain, nothing lost by a refresh."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QTableView, QWidget
from pytestqt.qtbot import QtBot

from quarterdeck.domain.health import HealthState
from quarterdeck.services.attention import AttentionAction
from quarterdeck.services.machines import Part, PartUse
from quarterdeck.services.overview import DomainGroup
from quarterdeck.ui.panels.overview.board import CardBoard
from quarterdeck.ui.panels.overview.card import EntityCard
from quarterdeck.ui.panels.overview.presenter import OverviewPresenter
from quarterdeck.ui.panels.overview.state import OverviewState
from quarterdeck.ui.panels.overview.view import OverviewView
from quarterdeck.ui.panels.overview.words import overview_state
from quarterdeck.ui.theme.scheme import ThemeChoice
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.widgets.staleness import state_as_shown
from quarterdeck.ui.widgets.state_stack import StateStack
from tests.support.backgrounds import HeldBackground
from tests.support.paint_count import PaintCount
from tests.ui.panels.overview.reports import FIGURES, LIVE, NOON, before, item, machine, report, row
from tests.ui.panels.overview.test_presenter import LOCKED, Source

LINES = (
    item("PayHub"),
    item("Ledger", HealthState.DEGRADED, action=AttentionAction.INSPECT, entity_key="component/ledger"),
    item("Login", HealthState.DEGRADED, action=AttentionAction.OPEN_INTEGRATION, entity_key="integration/login"),
    item("Probe", HealthState.STALE, action=AttentionAction.OPEN_CONNECTION, entity_key="", connection_id="probe"),
    item("The store", HealthState.DEGRADED, action=AttentionAction.NONE, entity_key=""),
)


def state(**changes: object) -> OverviewState:
    return overview_state(report(attention=LINES, **changes), NOON, str)


@pytest.fixture
def view(theme: Theme, show: Callable[[QWidget], QWidget]) -> OverviewView:
    made = OverviewView(theme)
    made.resize(1244, 788)
    show(made)
    made.show_overview(state())
    QApplication.processEvents()
    return made


def table(view: OverviewView) -> QTableView:
    return view.findChildren(QTableView)[0]


def card(view: OverviewView, name: str) -> EntityCard:
    return next(one for one in view.findChildren(EntityCard) if one.accessibleName().startswith(name))


def words_of(view: OverviewView) -> list[str]:
    labels = [label.text() for label in view.findChildren(QLabel) if label.isVisible()]
    return labels + [button.text() for button in view.findChildren(QAbstractButton) if button.isVisible()]


def press(view: OverviewView, key: str) -> None:
    next(action for action in view.panel_actions() if action.spec.key == key).run()


def test_walking_along_the_lines_selects_the_entity_everywhere(view: OverviewView) -> None:
    selected = QSignalSpy(view.entity_selected)
    press(view, "J")
    press(view, "J")
    press(view, "K")
    assert [selected.at(number)[0] for number in range(selected.count())] == [
        "integration/payhub",
        "component/ledger",
        "integration/payhub",
    ]


def test_a_line_about_a_connection_selects_no_entity(view: OverviewView) -> None:
    selected = QSignalSpy(view.entity_selected)
    for _ in range(4):
        press(view, "J")
    assert selected.count() == 3


def test_each_button_leads_to_the_step_that_follows(view: OverviewView) -> None:
    opened, selected, asked = (
        QSignalSpy(view.entity_open_requested),
        QSignalSpy(view.entity_selected),
        QSignalSpy(view.panel_requested),
    )
    for number in range(len(LINES)):
        table(view).setCurrentIndex(table(view).model().index(number, 0))
        QTest.keyClick(table(view), Qt.Key.Key_Space)
    assert opened.at(0) == ["integration/payhub"]
    assert selected.at(selected.count() - 1) == ["integration/login"]
    assert [asked.at(number) for number in range(asked.count())] == [
        ["integrations", "integration/login"],
        ["connectors", "probe"],
    ]


def test_enter_follows_the_line(view: OverviewView) -> None:
    opened = QSignalSpy(view.entity_open_requested)
    press(view, "J")
    press(view, "Return")
    assert opened.at(0) == ["integration/payhub"]


def test_the_selection_of_the_console_is_marked_in_the_list_and_among_the_cards(view: OverviewView) -> None:
    selected = QSignalSpy(view.entity_selected)
    view.show_selection("integration/payhub")
    assert table(view).currentIndex().row() == 0
    assert card(view, "PayHub")._is_selected
    assert not card(view, "Statements")._is_selected
    assert selected.count() == 0


def test_a_card_selects_with_space_and_opens_with_enter(view: OverviewView) -> None:
    selected, opened = QSignalSpy(view.entity_selected), QSignalSpy(view.entity_open_requested)
    one = card(view, "Core accounts")
    one.setFocus()
    QTest.keyClick(one, Qt.Key.Key_Space)
    QTest.keyClick(one, Qt.Key.Key_Return)
    assert (selected.at(0), opened.at(0)) == (["integration/core-accounts"], ["integration/core-accounts"])


def test_arrow_keys_move_between_cards(view: OverviewView) -> None:
    view.resize(780, 700)
    QApplication.processEvents()
    card(view, "Core accounts").setFocus()
    QTest.keyClick(card(view, "Core accounts"), Qt.Key.Key_Down)
    assert card(view, "Statements").hasFocus()
    QTest.keyClick(card(view, "Statements"), Qt.Key.Key_Up)
    QTest.keyClick(card(view, "Core accounts"), Qt.Key.Key_Right)
    assert card(view, "PayHub").hasFocus()


def test_enter_on_a_card_opens_the_card_and_not_the_line(view: OverviewView) -> None:
    opened = QSignalSpy(view.entity_open_requested)
    card(view, "Statements").setFocus()
    press(view, "Return")
    assert opened.at(0) == ["integration/statements"]


def test_a_double_click_opens_a_card(view: OverviewView) -> None:
    opened = QSignalSpy(view.entity_open_requested)
    QTest.mouseDClick(card(view, "PayHub"), Qt.MouseButton.LeftButton)
    assert opened.at(0) == ["integration/payhub"]


def test_a_refresh_that_brings_nothing_new_paints_nothing(view: OverviewView) -> None:
    counts = [PaintCount(part) for part in (*view.findChildren(EntityCard), table(view).viewport())]
    view.show_overview(state())
    QApplication.processEvents()
    assert [one.count for one in counts] == [0] * len(counts)


def test_a_refresh_paints_only_the_card_that_changed(view: OverviewView) -> None:
    counts = {name: PaintCount(card(view, name)) for name in ("Core accounts", "Statements", "PayHub")}
    changed = replace(row("Statements"), state=HealthState.DEGRADED, since_at=before(1))
    domains = (DomainGroup("account", (row("Core accounts"), changed)), report().domains[1])
    view.show_overview(state(domains=domains))
    QApplication.processEvents()
    assert {name: count.count > 0 for name, count in counts.items()} == {
        "Core accounts": False,
        "Statements": True,
        "PayHub": False,
    }


def test_a_refresh_keeps_selection_scroll_and_the_keyboard_in_place(view: OverviewView) -> None:
    view.resize(700, 300)
    many = DomainGroup("account", tuple(row(f"Link {number}") for number in range(20)))
    view.show_overview(state(domains=(many,)))
    QApplication.processEvents()
    view.show_selection("component/ledger")
    card(view, "Link 15").setFocus()
    bar = view._page.verticalScrollBar()
    bar.setValue(bar.maximum() // 2)
    before_value = bar.value()
    older = replace(LINES[0], since_at=before(15))
    view.show_overview(overview_state(report(attention=(older, *LINES[1:]), domains=(many,)), NOON, str))
    QApplication.processEvents()
    assert card(view, "Link 15").hasFocus()
    assert (bar.value(), table(view).currentIndex().row()) == (before_value, 1)


def test_a_long_list_shows_eight_lines_and_offers_the_others(view: OverviewView) -> None:
    many = tuple(item(f"Thing {number}") for number in range(11))
    view.show_overview(overview_state(report(attention=many), NOON, str))
    more = next(button for button in view.findChildren(QAbstractButton) if button.text() == "Show all 11")
    assert table(view).model().rowCount() == 8
    QTest.mouseClick(more, Qt.MouseButton.LeftButton)
    assert (table(view).model().rowCount(), more.text()) == (11, "Show fewer")


def test_when_nothing_needs_attention_a_sentence_says_so_and_the_cards_have_the_keyboard(view: OverviewView) -> None:
    view.show_overview(overview_state(report(attention=(), figures=replace(FIGURES, attention=0)), NOON, str))
    view.setFocus()
    assert "Nothing needs attention." in words_of(view)
    assert (table(view).isVisible(), card(view, "Core accounts").hasFocus()) == (False, True)


def test_while_nobody_collects_the_cards_are_hatched_and_the_line_can_still_be_followed(view: OverviewView) -> None:
    view.show_overview(overview_state(report(attention=(), silent_since_at=before(22)), NOON, str))
    veiled = [
        stack for stack in view.findChildren(StateStack) if "no fresh data since" in stack.accessibleDescription()
    ]
    asked = QSignalSpy(view.panel_requested)
    press(view, "J")
    press(view, "Return")
    assert len(veiled) == 1
    assert asked.at(0) == ["connectors", ""]


def test_the_rail_hears_once_of_each_count(theme: Theme, qtbot: QtBot) -> None:
    view = OverviewView(theme)
    qtbot.addWidget(view)
    told = QSignalSpy(view.attention_changed)
    view.show_overview(state())
    view.show_overview(state())
    assert [told.at(number) for number in range(told.count())] == [[1, "down"]]


def test_a_failure_offers_to_try_again(theme: Theme, show: Callable[[QWidget], QWidget]) -> None:
    view, background, source = OverviewView(theme), HeldBackground(), Source(fault=LOCKED)
    view.present(OverviewPresenter(source, background, view, str))
    show(view)
    view.show_moment(LIVE)
    background.finish()
    assert {"The store is locked.", "End the other program."} <= set(words_of(view))
    source.fault = None
    again = next(one for one in view.findChildren(QAbstractButton) if one.text() == "Try again")
    QTest.mouseClick(again, Qt.MouseButton.LeftButton)
    background.finish()
    assert card(view, "PayHub").isVisible()


def test_figures_lead_to_the_panels_behind_them(view: OverviewView) -> None:
    asked = QSignalSpy(view.panel_requested)
    figures = [one for one in view.findChildren(QAbstractButton) if ": " in one.accessibleName() and one.isVisible()]
    for figure in figures:
        if not figure.accessibleName().startswith("Need attention"):
            QTest.mouseClick(figure, Qt.MouseButton.LeftButton)
    assert [asked.at(number) for number in range(asked.count())] == [
        ["integrations", ""],
        ["integrations", ""],
        ["performance", ""],
        ["connectors", ""],
        ["integrations", "expiry"],
    ]


@pytest.mark.parametrize("width", [1212, 712, 400, 340])
def test_cards_stay_inside_the_page_at_any_width(view: OverviewView, width: int) -> None:
    view.resize(width, 600)
    QApplication.processEvents()
    board = view.findChildren(CardBoard)[0]
    assert board.width() <= width
    assert all(one.x() >= 0 and one.geometry().right() < board.width() for one in view.findChildren(EntityCard))


def test_the_page_follows_a_change_of_theme(view: OverviewView, theme: Theme) -> None:
    dark = view.grab().toImage().pixelColor(600, 500)
    theme.choose(ThemeChoice.LIGHT)
    QApplication.processEvents()
    light = card(view, "PayHub").grab().toImage().pixelColor(300, 4)
    assert light.lightness() > 200 > dark.lightness()


def test_lines_and_cards_are_told_to_screen_readers(view: OverviewView) -> None:
    rows = QAccessible.queryAccessibleInterface(table(view))
    assert rows.role() is QAccessible.Role.Table
    assert rows.childCount() >= 4
    interface = QAccessible.queryAccessibleInterface(card(view, "PayHub"))
    assert interface.role() is QAccessible.Role.Button
    assert interface.text(QAccessible.Text.Name).startswith("PayHub, Down")


def with_machines(count: int, *, shown: int | None = None, **changes: object) -> OverviewState:
    rows = tuple(machine(f"host-{number:02}") for number in range(shown or count))
    return state(machines=rows, machine_count=count, **changes)


def button(view: OverviewView, text: str) -> QAbstractButton:
    return next(one for one in view.findChildren(QAbstractButton) if one.text() == text and one.isVisible())


def test_machines_stand_below_all_domains(view: OverviewView) -> None:
    view.show_overview(with_machines(2))
    lowest = max(card(view, name).geometry().bottom() for name in ("Core accounts", "Statements", "PayHub"))
    assert card(view, "host-00").y() > lowest
    assert card(view, "host-00").height() > card(view, "PayHub").height()
    assert "Machines" in words_of(view)


def test_without_integrations_the_machines_stand_first_and_a_sentence_says_that_there_are_none(
    view: OverviewView, qtbot: QtBot
) -> None:
    view.show_overview(with_machines(1, domains=()))
    said = next(label for label in view.findChildren(QLabel) if label.text().startswith("No integration is declared"))
    board = view.findChildren(CardBoard)[0]
    assert said.isVisible()
    qtbot.waitUntil(lambda: said.mapTo(view, QPoint()).y() > board.mapTo(view, QPoint(0, board.height())).y())


def test_without_integrations_and_machines_only_the_sentence_stands(view: OverviewView) -> None:
    view.show_overview(state(domains=()))
    assert not view.findChildren(CardBoard)[0].isVisible()


def test_a_machine_selects_with_a_click_and_opens_with_enter(view: OverviewView) -> None:
    view.show_overview(with_machines(1))
    selected, opened = QSignalSpy(view.entity_selected), QSignalSpy(view.entity_open_requested)
    QTest.mouseClick(card(view, "host-00"), Qt.MouseButton.LeftButton)
    QTest.keyClick(card(view, "host-00"), Qt.Key.Key_Return)
    assert (selected.at(0), opened.at(0)) == (["component/host-00"], ["component/host-00"])


def test_arrow_keys_go_from_the_integrations_to_the_machines(view: OverviewView) -> None:
    view.show_overview(with_machines(1))
    card(view, "Core accounts").setFocus()
    QTest.keyClick(card(view, "Core accounts"), Qt.Key.Key_Down)
    assert card(view, "host-00").hasFocus()


def test_more_machines_than_six_are_counted_and_shown_when_asked_for(view: OverviewView) -> None:
    view.show_overview(with_machines(9))
    assert len(view.findChildren(EntityCard)) == 3 + 6
    more = button(view, "and 3 more")
    QTest.mouseClick(more, Qt.MouseButton.LeftButton)
    assert card(view, "host-08").isVisible()
    assert more.text() == "Show fewer"
    QTest.mouseClick(more, Qt.MouseButton.LeftButton)
    assert more.text() == "and 3 more"


def test_a_crowd_of_machines_says_how_the_others_are_found(view: OverviewView) -> None:
    view.show_overview(with_machines(60, shown=8))
    QTest.mouseClick(button(view, "and 54 more"), Qt.MouseButton.LeftButton)
    assert "52 more: Ctrl+K finds them by name." in words_of(view)


def test_while_nobody_collects_the_machines_are_hatched_and_not_green(view: OverviewView) -> None:
    view.show_overview(with_machines(1, silent_since_at=before(22)))
    shown = card(view, "host-00")
    assert state_as_shown(shown, HealthState.HEALTHY) is HealthState.STALE


def test_figures_of_everything_lead_to_the_cards(view: OverviewView) -> None:
    figures = replace(FIGURES, is_of_everything=True)
    view.show_overview(with_machines(1, domains=(), figures=figures))
    figure = next(
        one for one in view.findChildren(QAbstractButton) if one.accessibleName().startswith("Things healthy")
    )
    QTest.mouseClick(figure, Qt.MouseButton.LeftButton)
    assert card(view, "host-00").hasFocus()


@pytest.mark.parametrize("width", [1212, 400])
def test_what_is_told_of_a_machine_is_painted_inside_its_card(view: OverviewView, width: int) -> None:
    view.resize(width, 600)
    uses = (*machine("host").uses[:2], PartUse(Part.FULLEST_DISK, 0.61, "/a/very/long/way/" * 9))
    view.show_overview(state(machines=(machine("host-00", uses=uses),), machine_count=1))
    QApplication.processEvents()
    picture = card(view, "host-00").grab().toImage()
    edge, middle = picture.width() - 8, picture.height() // 2
    column = {picture.pixel(edge, row) for row in range(middle - 20, picture.height() - 8)}
    assert len(column) == 1

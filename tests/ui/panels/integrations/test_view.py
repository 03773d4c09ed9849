"""The Integrations panel: grouped, narrowed, sorted and walked by keyboard; a refresh loses nothing."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAction
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QTableView, QWidget

from quarterdeck.services.integrations import IntegrationList, IntegrationRow
from quarterdeck.ui.panels.integrations.expiry_words import expiry_state
from quarterdeck.ui.panels.integrations.presenter import IntegrationsPresenter
from quarterdeck.ui.panels.integrations.state import IntegrationsState
from quarterdeck.ui.panels.integrations.view import IntegrationsView
from quarterdeck.ui.panels.integrations.words import integrations_state
from quarterdeck.ui.theme.scheme import ThemeChoice
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.widgets.choice_button import ChoiceButton
from quarterdeck.ui.widgets.filter_line import FilterLine
from quarterdeck.ui.widgets.row_feed import MANY_ROWS
from quarterdeck.ui.widgets.state_stack import Freshness
from tests.support.backgrounds import HeldBackground
from tests.ui.panels.hosting import hosted
from tests.ui.panels.integrations.lists import ALL, CORE, EXPIRIES, PAYHUB
from tests.ui.panels.integrations.test_presenter import Source, written
from tests.ui.panels.overview.reports import LIVE, before

CORE_KEY, PAYHUB_KEY = "integration/core-accounts", "integration/payhub-processor"


class Desk:
    """The panel with its controls above it and a presenter behind it."""

    def __init__(self, theme: Theme, show: Callable[[QWidget], QWidget], source: Source) -> None:
        self.source, self.background, self.rows_background = source, HeldBackground(), HeldBackground()
        self.view = IntegrationsView(theme, lambda _: self.rows_background)
        presenter = IntegrationsPresenter(source, self.background, self.view, str, write=written)
        self.view.present(presenter, self.background)
        self.window = show(hosted(self.view))
        self.view.show_moment(LIVE)
        self.settle()

    def settle(self) -> None:
        self.background.finish()
        QApplication.processEvents()

    @property
    def table(self) -> QTableView:
        return next(one for one in self.view.findChildren(QTableView) if one.isVisible())

    @property
    def lines(self) -> list[str]:
        """The first words of every line in sight; groups in brackets."""
        model = self.table.model()
        names = [str(model.index(line, 1).data()) for line in range(model.rowCount())]
        heads = [str(model.index(line, 0).data()) for line in range(model.rowCount())]
        return [name or f"[{head}]" for name, head in zip(names, heads, strict=True)]

    @property
    def foot(self) -> str:
        shown = [label.text() for label in self.view.findChildren(QLabel) if label.isVisible()]
        return next(text for text in shown if "fresh" in text or "certificate" in text)

    def press(self, text: str) -> None:
        button = next(one for one in self.window.findChildren(QAbstractButton) if one.accessibleName() == text)
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        self.settle()

    def key(self, key: str) -> None:
        next(action for action in self.view.panel_actions() if action.spec.key == key).run()

    def choose(self, text: str) -> None:
        choice = self.window.findChildren(ChoiceButton)[0]
        action = next(one for one in choice._menu.actions() if isinstance(one, QAction) and one.text() == text)
        action.trigger()
        self.settle()

    def type(self, words: str) -> None:
        self.window.findChildren(FilterLine)[0].setText(words)
        self.settle()


@pytest.fixture
def desk(theme: Theme, show: Callable[[QWidget], QWidget]) -> Desk:
    return Desk(theme, show, Source())


def test_rows_stand_under_their_domain_with_what_is_wrong_in_it(desk: Desk) -> None:
    assert desk.lines == [
        "[Account 2 integrations]",
        "Core accounts",
        "Statements",
        "[Bill Pay 2 integrations · 1 down, 1 in maintenance]",
        "PayHub processor",
        "Settlement files",
        "[Notification 1 integration · 1 without fresh data]",
        "Push",
    ]


def test_rows_stand_under_their_partner_what_is_internal_last(desk: Desk) -> None:
    desk.press("By partner")
    assert [line for line in desk.lines if line.startswith("[")] == [
        "[Carillon 1 integration · 1 without fresh data]",
        "[Northgate 2 integrations · 1 in maintenance]",
        "[PayHub 1 integration · 1 down]",
        "[Internal 1 integration]",
    ]


def test_what_expires_is_listed_soonest_first(desk: Desk) -> None:
    desk.press("Expiry")
    assert desk.lines == ["PayHub partner", "Northgate partner", "Carillon partner"]
    assert desk.foot == "3 certificates · 1 expired · 1 near the end"


def test_the_foot_says_how_many_and_what_is_hidden(desk: Desk) -> None:
    assert desk.foot == "5 integrations · 4 fresh · 1 stale"
    desk.choose("Need attention")
    assert desk.lines == [
        "[Bill Pay 1 integration · 1 down]",
        "PayHub processor",
        "[Notification 1 integration · 1 without fresh data]",
        "Push",
    ]
    assert desk.foot == "5 integrations · 4 fresh · 1 stale · hidden from you: 3 by the filter"


def test_thousands_of_rows_are_counted_once_a_worker_has_narrowed_them(
    theme: Theme, show: Callable[[QWidget], QWidget]
) -> None:
    many = tuple(
        replace(CORE, entity=replace(CORE.entity, key=f"integration/{at}", name=f"Probe {at}"))
        for at in range(MANY_ROWS)
    )
    desk = Desk(theme, show, Source(listed=IntegrationList(many)))
    whole = f"{MANY_ROWS} integrations · {MANY_ROWS} fresh"
    assert desk.foot == whole
    desk.rows_background.finish()
    desk.type("1999")
    assert desk.foot == whole
    desk.rows_background.finish()
    assert desk.foot == f"{whole} · hidden from you: {MANY_ROWS - 1} by the filter"


def test_disputed_claims_can_be_listed_alone(desk: Desk) -> None:
    desk.choose("Claim disputed")
    assert [line for line in desk.lines if not line.startswith("[")] == ["PayHub processor"]


def test_the_filter_field_leaves_rows_with_all_its_words(desk: Desk) -> None:
    desk.type("northgate main")
    assert [line for line in desk.lines if not line.startswith("[")] == ["Settlement files"]
    assert "hidden from you: 4 by the filter" in desk.foot


def test_the_slash_reaches_the_filter_and_escape_leads_back(desk: Desk) -> None:
    desk.key("/")
    field = desk.window.findChildren(FilterLine)[0]
    assert field.hasFocus()
    QTest.keyClicks(field, "push")
    assert desk.table.model().rowCount() == 2
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert (field.text(), field.hasFocus()) == ("", True)
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert desk.table.hasFocus()


def test_walking_selects_everywhere_and_enter_opens(desk: Desk) -> None:
    selected, opened = QSignalSpy(desk.view.entity_selected), QSignalSpy(desk.view.entity_open_requested)
    desk.key("J")
    desk.key("J")
    desk.key("J")
    desk.key("Return")
    assert [selected.at(number)[0] for number in range(selected.count())][-1] == PAYHUB_KEY
    assert opened.at(0) == [PAYHUB_KEY]


def test_a_double_click_opens(desk: Desk) -> None:
    opened = QSignalSpy(desk.view.entity_open_requested)
    spot = desk.table.visualRect(desk.table.model().index(1, 1)).center()
    QTest.mouseClick(desk.table.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    QTest.mouseDClick(desk.table.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    assert opened.at(0) == [CORE_KEY]


def test_the_selection_follows_from_view_to_view(desk: Desk) -> None:
    desk.view.show_selection(PAYHUB_KEY)
    desk.press("By partner")
    assert desk.lines[desk.table.currentIndex().row()] == "PayHub processor"


def test_a_certificate_selects_the_entity_that_shows_it(desk: Desk) -> None:
    desk.press("Expiry")
    selected = QSignalSpy(desk.view.entity_selected)
    desk.key("J")
    assert selected.at(0) == ["partner/payhub"]


def test_a_target_is_brought_into_view_even_where_a_filter_hides_it(desk: Desk) -> None:
    desk.choose("Down")
    desk.type("payhub")
    desk.view.show_target(CORE_KEY)
    desk.settle()
    assert desk.lines[desk.table.currentIndex().row()] == "Core accounts"


def test_the_expiry_view_can_be_asked_for_and_an_integration_leads_back(desk: Desk) -> None:
    desk.view.show_target("expiry")
    desk.settle()
    assert desk.lines[0] == "PayHub partner"
    desk.view.show_target(PAYHUB_KEY)
    desk.settle()
    assert desk.lines[desk.table.currentIndex().row()] == "PayHub processor"


def test_a_target_that_comes_before_the_first_data_is_kept(theme: Theme, show: Callable[[QWidget], QWidget]) -> None:
    view = IntegrationsView(theme)
    _window = show(hosted(view))
    view.show_target(PAYHUB_KEY)
    view.show_page(state())
    table = next(one for one in view.findChildren(QTableView) if one.isVisible())
    assert table.model().index(table.currentIndex().row(), 1).data() == "PayHub processor"


def test_rows_sort_inside_their_groups(desk: Desk) -> None:
    header = desk.table.horizontalHeader()
    spot = header.sectionViewportPosition(1) + 10
    for _ in range(2):
        QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=header.rect().center().__class__(spot, 10))
    assert desk.lines[:3] == ["[Account 2 integrations]", "Statements", "Core accounts"]


def state(*rows: IntegrationRow, **changes: object) -> IntegrationsState:
    return integrations_state(replace(IntegrationList(rows or ALL.rows), **changes), LIVE, str)


def test_a_refresh_keeps_selection_and_the_place_of_the_scroll(desk: Desk) -> None:
    many = tuple(
        replace(CORE, entity=replace(CORE.entity, key=f"integration/{number}", name=f"Link {number}"))
        for number in range(60)
    )
    desk.view.show_page(state(*many))
    desk.settle()
    desk.view.show_selection("integration/7")
    bar = desk.table.verticalScrollBar()
    bar.setValue(200)
    desk.view.show_page(state(*(replace(one, newest_at=before(3)) for one in many)))
    desk.settle()
    assert (bar.value(), desk.lines[desk.table.currentIndex().row()]) == (200, "Link 7")


def test_a_row_that_goes_away_does_not_hand_its_selection_to_another(desk: Desk) -> None:
    desk.view.show_selection(PAYHUB_KEY)
    desk.view.show_page(state(*[one for one in ALL.rows if one is not PAYHUB]))
    assert not desk.table.currentIndex().isValid()


def test_a_table_with_few_rows_is_no_higher_than_they_are(desk: Desk) -> None:
    desk.settle()
    assert not desk.table.verticalScrollBar().isVisible()
    assert desk.table.viewport().height() == desk.table.verticalHeader().length()


def test_the_title_over_the_lines_is_the_length_of_the_range(desk: Desk) -> None:
    titles = [str(desk.table.model().headerData(at, Qt.Orientation.Horizontal)) for at in range(11)]
    assert "6 h" in titles


def test_the_ledger_stands_behind_the_availability(desk: Desk) -> None:
    model = desk.table.model()
    described = str(model.index(1, 4).data(Qt.ItemDataRole.AccessibleDescriptionRole))
    spot = desk.table.visualRect(model.index(1, 4)).center()
    assert "excluded for maintenance 12 h, not measurable 9 h" in described
    assert desk.table.plain_tool_tip_at(spot) == described  # type: ignore[attr-defined] - the table's own view


def test_while_nobody_collects_the_list_is_hatched(desk: Desk) -> None:
    desk.view.show_page(state(silent_since_at=before(22)))
    assert desk.view._stack.freshness is Freshness.STALE
    desk.view.show_page(state())
    assert desk.view._stack.freshness is Freshness.FRESH


def test_an_empty_estate_leads_to_the_connectors(theme: Theme, show: Callable[[QWidget], QWidget]) -> None:
    desk = Desk(theme, show, Source(IntegrationList(())))
    asked = QSignalSpy(desk.view.panel_requested)
    desk.press("Add a connection")
    assert asked.at(0) == ["connectors", ""]


def test_the_rail_hears_once_of_each_count(desk: Desk) -> None:
    told = QSignalSpy(desk.view.attention_changed)
    desk.view.show_page(state())
    desk.view.show_page(state(CORE))
    desk.view.show_page(expiry_state(EXPIRIES, LIVE, str))
    assert [told.at(number) for number in range(told.count())] == [[0, ""]]


def test_the_page_follows_a_change_of_theme(desk: Desk, theme: Theme) -> None:
    dark = desk.table.grab().toImage().pixelColor(600, 3)
    theme.choose(ThemeChoice.LIGHT)
    desk.settle()
    assert desk.table.viewport().grab().toImage().pixelColor(600, 60).lightness() > dark.lightness()


def test_rows_are_told_to_screen_readers(desk: Desk) -> None:
    interface = QAccessible.queryAccessibleInterface(desk.table)
    assert interface.role() is QAccessible.Role.Table
    assert desk.table.accessibleName() == "Integrations by domain"
    texts = [interface.child(at).text(QAccessible.Text.Name) for at in range(interface.childCount())]
    assert {"Core accounts", "error rate 38%, above 25% 14 min", "degraded · disputed"} <= set(texts)


def test_the_keyboard_stays_in_the_table_when_another_view_is_chosen(desk: Desk) -> None:
    desk.table.setFocus()
    desk.view.window().activateWindow()
    desk.settle()
    desk.press("Expiry")
    assert desk.table.hasFocus()


def test_columns_give_way_in_an_order_and_who_in_what_state_stays(desk: Desk) -> None:
    table = desk.table
    for control in desk.view.bar_widgets():
        control.hide()
    shown: list[list[str]] = []
    for width in (1300, 900, 700, 560, 420, 360):
        desk.window.resize(width, 600)
        desk.settle()
        titles = [str(table.model().headerData(at, Qt.Orientation.Horizontal)) for at in range(11)]
        shown.append([title for at, title in enumerate(titles) if title and not table.isColumnHidden(at)])
    assert [len(titles) for titles in shown] == sorted((len(titles) for titles in shown), reverse=True)
    assert shown[3] == ["Integration", "State", "p95", "Errors"]
    assert shown[-1] == ["Integration", "State"]


@pytest.mark.parametrize("width", [1300, 900, 760, 560, 360])
def test_a_table_scrolls_in_no_direction_while_there_is_height(desk: Desk, width: int) -> None:
    desk.window.resize(width, 700)
    desk.settle()
    assert desk.table.horizontalScrollBar().maximum() == 0
    assert desk.table.verticalScrollBar().maximum() == 0


def test_a_table_is_made_when_its_view_is_first_seen_and_knows_what_the_others_were_told(desk: Desk) -> None:
    assert len(desk.view.findChildren(QTableView)) == 1
    desk.press("By partner")
    tables = desk.view.findChildren(QTableView)
    titles = [[str(one.model().headerData(at, Qt.Orientation.Horizontal)) for at in range(11)] for one in tables]
    assert len(tables) == 2
    assert all("6 h" in shown for shown in titles)
    desk.press("Expiry")
    desk.press("By domain")
    assert len(desk.view.findChildren(QTableView)) == 3

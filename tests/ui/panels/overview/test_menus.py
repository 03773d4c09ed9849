"""The menu of a line and of a card: maintenance is planned from there, and not as of the past."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtGui import QAction, QContextMenuEvent
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QApplication, QMenu, QTableView, QWidget

from quarterdeck.ui.panels.overview.card import EntityCard
from quarterdeck.ui.panels.overview.view import OverviewView
from quarterdeck.ui.theme.theme import Theme
from tests.ui.panels.overview.reports import LIVE
from tests.ui.panels.overview.test_view import state


@pytest.fixture
def view(theme: Theme, show: Callable[[QWidget], QWidget]) -> OverviewView:
    made = OverviewView(theme)
    made.resize(1244, 788)
    show(made)
    made.show_moment(LIVE)
    made.show_overview(state())
    QApplication.processEvents()
    return made


def ask(widget: QWidget, line: int = 0) -> None:
    spot = widget.rect().center()
    if isinstance(widget.parentWidget(), QTableView):
        table = widget.parentWidget()
        assert isinstance(table, QTableView)
        spot = table.visualRect(table.model().index(line, 1)).center()
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, spot, widget.mapToGlobal(spot))
    QApplication.sendEvent(widget, event)


def entries(view: OverviewView) -> dict[str, QAction]:
    return {action.text(): action for menu in view.findChildren(QMenu) for action in menu.actions()}


def leave(view: OverviewView) -> None:
    for menu in view.findChildren(QMenu):
        menu.close()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def test_a_line_that_wants_attention_plans_maintenance(view: OverviewView) -> None:
    spy = QSignalSpy(view.panel_requested)
    ask(view.findChildren(QTableView)[0].viewport(), 1)
    entries(view)["Plan maintenance…"].trigger()
    leave(view)
    assert spy.at(0) == ["maintenance", "plan?entity=component%2Fledger"]


def test_a_card_is_inspected_opened_and_planned_for(view: OverviewView) -> None:
    card = view.findChildren(EntityCard)[0]
    chosen, opened = QSignalSpy(view.entity_selected), QSignalSpy(view.entity_open_requested)
    ask(card)
    entries(view)["Inspect"].trigger()
    entries(view)["Open in Performance"].trigger()
    leave(view)
    assert (chosen.at(0), opened.at(0)) == ([card.entity_key], [card.entity_key])


def test_a_line_about_no_entity_has_no_menu(view: OverviewView) -> None:
    ask(view.findChildren(QTableView)[0].viewport(), 4)
    assert entries(view) == {}


def test_as_of_the_past_the_menu_says_why_nothing_can_be_planned(view: OverviewView) -> None:
    view.show_moment(replace(LIVE, live=False))
    ask(view.findChildren(EntityCard)[0])
    entry = entries(view)["Plan maintenance…  (You look at the past; L goes back to live.)"]
    assert not entry.isEnabled()
    leave(view)

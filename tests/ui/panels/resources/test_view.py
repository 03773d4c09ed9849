"""The Resources panel: three views of one table, walked by keyboard, one resource open beside it; text stays text."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QFileDialog, QLabel, QMenu, QTableView, QWidget

from quarterdeck.domain.capacity import ResourceKind
from quarterdeck.services.capacity import CapacityReport
from quarterdeck.ui.charts.week_map import WeekMap
from quarterdeck.ui.panels.resources.presenter import ResourcesPresenter
from quarterdeck.ui.panels.resources.view import ResourcesView
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.widgets.choice_button import ChoiceButton
from quarterdeck.ui.widgets.filter_line import FilterLine
from quarterdeck.ui.widgets.segments import SegmentedControl
from tests.support.backgrounds import HeldBackground
from tests.support.markup import faults_below, hostile_text, shows_the_image
from tests.ui.panels.hosting import hosted
from tests.ui.panels.resources.reports import (
    ALL,
    API,
    CORES,
    DISK,
    LEDGER,
    LIVE,
    LOCKED,
    PENDING,
    YOUNG,
    Source,
    report,
)

Show = Callable[[QWidget], QWidget]


class Desk:
    """The panel with its controls above it and a presenter behind it."""

    def __init__(self, theme: Theme, show: Show, source: Source) -> None:
        self.source, self.background = source, HeldBackground()
        self.view = ResourcesView(theme)
        self.view.present(ResourcesPresenter(source, self.background, self.view, str), self.background)
        self.side: list[QWidget | None] = []
        self.view.side_page_changed.connect(self.side.append)
        self.window = show(hosted(self.view))
        self.view.show_moment(LIVE)
        self.settle()

    def settle(self) -> None:
        self.background.finish()
        QApplication.processEvents()

    @property
    def table(self) -> QTableView:
        return next(
            one
            for one in self.view.findChildren(QTableView)
            if one.accessibleName().startswith("Resources by") and one.isVisible()
        )

    @property
    def rows(self) -> list[list[str]]:
        model = self.table.model()
        return [
            [str(model.index(line, column).data() or "") for column in range(model.columnCount())]
            for line in range(model.rowCount())
        ]

    @property
    def names(self) -> list[str]:
        return [row[1] for row in self.rows]

    def control(self, kind: type[QWidget]) -> QWidget:
        return next(one for one in self.view.bar_widgets() if isinstance(one, kind))

    def choose_view(self, key: str) -> None:
        segments = self.control(SegmentedControl)
        assert isinstance(segments, SegmentedControl)
        segments.set_current(key)
        segments.chosen.emit(key)
        QApplication.processEvents()

    def act(self, action_id: str) -> None:
        next(one for one in self.view.panel_actions() if one.spec.id == action_id).run()
        QApplication.processEvents()

    def press(self, text: str) -> None:
        next(one for one in self.view.findChildren(QAbstractButton) if one.text() == text and one.isVisible()).click()
        self.settle()

    @property
    def labels(self) -> list[str]:
        return [label.text() for label in self.view.findChildren(QLabel) if label.isVisible()]


def desk_with(theme: Theme, show: Show, told: CapacityReport = ALL) -> Desk:
    return Desk(theme, show, Source(told))


def test_each_view_tells_other_things_of_the_same_resources(theme: Theme, show: Show) -> None:
    desk = desk_with(theme, show)
    assert desk.names == ["ledger-db · /data", "payments-api", "queue"]
    assert "86%" in desk.rows[0]
    desk.choose_view("usage")
    assert "over-allocated" in desk.rows[1]
    desk.choose_view("plan")
    assert "480 → 1,200 GB" in desk.rows[0]
    desk.choose_view("allocation")
    assert "+6.1 GB/d" in desk.rows[0]


def test_the_row_that_is_chosen_stays_so_in_another_view(theme: Theme, show: Show) -> None:
    desk = desk_with(theme, show)
    desk.act("resources.next")
    desk.act("resources.next")
    desk.choose_view("plan")
    assert desk.table.currentIndex().row() == 1


def test_keys_walk_open_and_close_and_the_selection_goes_along(theme: Theme, show: Show) -> None:
    desk = desk_with(theme, show)
    chosen = QSignalSpy(desk.view.entity_selected)
    desk.act("resources.next")
    assert chosen.at(0) == [LEDGER]
    desk.act("resources.open")
    side = desk.side[-1]
    assert side is not None
    assert side.accessibleName() == "ledger-db · /data, Storage"
    desk.act("resources.next")
    assert side.accessibleName() == "payments-api, Processing"
    assert len(desk.side) == 1
    QTest.keyClick(side, Qt.Key.Key_Escape)
    assert desk.side[-1] is None
    desk.act("resources.previous")
    assert desk.side[-1] is None


def test_what_is_open_follows_new_data_and_goes_with_its_resource(theme: Theme, show: Show) -> None:
    desk = desk_with(theme, show)
    desk.act("resources.next")
    desk.act("resources.open")
    desk.source.report = report(replace(DISK, share=0.9), CORES)
    desk.view.refresh(LIVE, frozenset())
    desk.settle()
    side = desk.side[-1]
    assert side is not None
    assert any("90%" in label.text() for label in side.findChildren(QLabel))
    desk.source.report = report(CORES)
    desk.view.refresh(LIVE, frozenset())
    desk.settle()
    assert desk.side[-1] is None


def test_the_selection_of_another_panel_marks_its_first_resource(theme: Theme, show: Show) -> None:
    desk = desk_with(theme, show)
    desk.view.show_selection(API)
    assert desk.table.currentIndex().row() == 1
    desk.view.show_target(LEDGER)
    assert desk.table.currentIndex().row() == 0


def test_a_kind_and_a_filter_narrow_the_table_and_say_what_is_hidden(theme: Theme, show: Show) -> None:
    desk = desk_with(theme, show)
    kinds, line = desk.control(ChoiceButton), desk.control(FilterLine)
    assert isinstance(kinds, ChoiceButton)
    assert isinstance(line, FilterLine)
    kinds.set_current(ResourceKind.STORAGE)
    kinds.chosen.emit(ResourceKind.STORAGE)
    assert desk.names == ["ledger-db · /data"]
    assert any("hidden from you: 2 by kind and filter" in label for label in desk.labels)
    desk.view.show_target(API)
    assert len(desk.names) == 3
    desk.act("resources.filter")
    assert line.hasFocus()
    line.setText("payments")
    QApplication.processEvents()
    assert desk.names == ["payments-api"]
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert desk.table.hasFocus()


def test_a_supposition_changes_the_proposals_and_says_so(theme: Theme, show: Show) -> None:
    desk = desk_with(theme, show)
    (supposed,) = desk.view.findChildren(ChoiceButton)
    supposed.set_current("half_more")
    supposed.chosen.emit("half_more")
    desk.settle()
    assert any(label.startswith("Supposed: 50% more demand.") for label in desk.labels)
    desk.choose_view("plan")
    assert "8 → 4 cores" in desk.rows[1]


def test_where_there_is_little_room_the_table_goes_before_the_cards(theme: Theme, show: Show) -> None:
    desk = desk_with(theme, show)
    week = desk.view.findChildren(WeekMap)[0]
    proposals = next(one for one in desk.view.findChildren(QTableView) if one.accessibleName() == "Proposed sizes")
    assert (week.isVisible(), proposals.isVisible()) == (True, True)
    desk.window.resize(560, 720)
    QApplication.processEvents()
    assert (week.isVisible(), proposals.isVisible()) == (True, False)
    desk.window.resize(900, 480)
    QApplication.processEvents()
    assert (week.isVisible(), proposals.isVisible()) == (False, False)
    assert desk.table.height() > 100


def test_a_figure_leads_to_the_resource_it_is_of(theme: Theme, show: Show) -> None:
    desk = desk_with(theme, show)
    figure = next(one for one in desk.view.findChildren(QAbstractButton) if "Next exhaustion" in one.accessibleName())
    figure.click()
    QApplication.processEvents()
    assert desk.table.accessibleName() == "Resources by capacity plan"
    assert desk.table.currentIndex().row() == 0


def test_the_week_of_the_chosen_resource_is_read_by_key_and_in_words(theme: Theme, show: Show) -> None:
    desk = desk_with(theme, show)
    week = desk.view.findChildren(WeekMap)[0]
    assert week.description.startswith("Fullest ")
    read = QSignalSpy(week.read)
    week.setFocus()
    QTest.keyClick(week, Qt.Key.Key_Left)
    assert str(read.at(0)[0]).startswith("Mon 23:00 ")
    assert week.accessibleDescription().startswith("Mon 23:00 ")
    for key, told in ((Qt.Key.Key_Home, "Mon 00:00"), (Qt.Key.Key_Up, "Sun 00:00"), (Qt.Key.Key_End, "Sun 23:00")):
        QTest.keyClick(week, key)
        assert str(read.at(read.count() - 1)[0]).startswith(told)
    desk.view.show_selection(YOUNG.key.entity_key)
    assert any("queue" in label for label in desk.labels)


def test_what_is_worked_out_is_said_so_and_never_as_no_date(theme: Theme, show: Show) -> None:
    desk = desk_with(theme, show, report(PENDING))
    assert desk.rows[0][-1] == "…"
    assert any("being worked out" in label for label in desk.labels)


def test_the_menu_of_a_row_offers_what_can_be_done(theme: Theme, show: Show) -> None:
    desk = desk_with(theme, show)
    asked, opened = QSignalSpy(desk.view.panel_requested), QSignalSpy(desk.view.entity_open_requested)
    spot = desk.table.visualRect(desk.table.model().index(0, 1)).center()
    viewport = desk.table.viewport()
    desk.act("resources.next")
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, spot, viewport.mapToGlobal(spot))
    QApplication.sendEvent(viewport, event)
    (menu,) = (
        one for one in desk.view.findChildren(QMenu) if one.actions() and one.actions()[0].text().startswith("Open")
    )
    entries = {action.text(): action for action in menu.actions()}
    for text in ("Show in Relationships", "Open in Performance", "Inspect", "Open forecast and facts"):
        entries[text].trigger()
    menu.close()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert asked.at(0) == ["relationships", LEDGER]
    assert opened.at(0) == [LEDGER]
    assert desk.side[-1] is not None


def test_the_side_page_opens_the_entity_in_performance(theme: Theme, show: Show) -> None:
    desk = desk_with(theme, show)
    opened = QSignalSpy(desk.view.entity_open_requested)
    desk.act("resources.next")
    desk.act("resources.open")
    side = desk.side[-1]
    assert side is not None
    next(one for one in side.findChildren(QAbstractButton) if one.text() == "Open in Performance").click()
    assert opened.at(0) == [LEDGER]


def test_nothing_failed_and_old_say_so_with_the_next_step(theme: Theme, show: Show) -> None:
    desk = Desk(theme, show, Source(report()))
    asked = QSignalSpy(desk.view.panel_requested)
    assert any("No source tells the use of any resource yet" in label for label in desk.labels)
    desk.press("Add a connection")
    assert asked.at(0) == ["connectors", ""]
    desk.source.fault = LOCKED
    desk.view.show_moment(LIVE)
    desk.settle()
    assert any("The store is locked." in label for label in desk.labels)
    desk.source.fault, desk.source.report = None, replace(ALL, stale="no fresh data since 11:58")
    desk.press("Try again")
    assert len(desk.names) == 3


@pytest.mark.usefixtures("qt_settings")
def test_the_plan_is_saved_as_a_table(theme: Theme, show: Show, tmp_path: Path) -> None:
    desk = desk_with(theme, show)
    desk.act("resources.export")
    (dialog,) = desk.view.findChildren(QFileDialog)
    dialog.fileSelected.emit(str(tmp_path / "plan.csv"))
    dialog.reject()
    dialog.setParent(None)
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    desk.settle()
    assert len((tmp_path / "plan.csv").read_text().splitlines()) == 4


def test_without_anything_shown_there_is_nothing_to_save(theme: Theme, show: Show) -> None:
    desk = Desk(theme, show, Source(ALL, fault=LOCKED))
    told = QSignalSpy(desk.view.notice_raised)
    desk.act("resources.export")
    assert told.at(0) == ["Nothing is shown yet that could be saved."]


def test_hostile_names_are_shown_as_text(theme: Theme, show: Show, tmp_path: Path) -> None:
    hostile = hostile_text(tmp_path)
    evil = [
        replace(
            one,
            subject=replace(
                one.subject,
                key=replace(one.key, part=text),
                entity=replace(one.entity, name=text),
            ),
        )
        for one, text in zip((DISK, CORES), hostile.all, strict=True)
    ]
    desk = desk_with(theme, show, report(*evil, unreadable=hostile.all))
    desk.act("resources.next")
    desk.act("resources.open")
    side = desk.side[-1]
    assert side is not None
    assert faults_below(desk.window) == []
    assert faults_below(side) == []
    assert not shows_the_image(desk.window)

"""The Claims panel: walked by keyboard, narrowed, saved; text from outside stays text."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QFileDialog, QLabel, QTableView, QWidget

from quarterdeck.services.claim_log import ClaimLog
from quarterdeck.ui.panels.claims.presenter import ClaimsPresenter
from quarterdeck.ui.panels.claims.view import ClaimsView
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.widgets.filter_line import FilterLine
from tests.support.backgrounds import HeldBackground
from tests.support.markup import HostileText, faults_below, hostile_text, shows_the_image
from tests.ui.panels.claims.logs import (
    ALARM,
    LATE,
    LOCKED,
    NOBODY,
    PAYHUB,
    PAYMENTS,
    RECORD,
    SMS,
    STILL,
    Source,
    log_with,
    side,
)
from tests.ui.panels.hosting import hosted
from tests.ui.panels.overview.reports import LIVE

Show = Callable[[QWidget], QWidget]


class Desk:
    """The panel with its controls above it and a presenter behind it."""

    def __init__(self, theme: Theme, show: Show, source: Source) -> None:
        self.source, self.background = source, HeldBackground()
        self.view = ClaimsView(theme)
        self.view.present(ClaimsPresenter(source, self.background, self.view, str), self.background)
        self.window = show(hosted(self.view))
        self.view.show_moment(LIVE)
        self.settle()

    def settle(self) -> None:
        self.background.finish()
        QApplication.processEvents()

    @property
    def log(self) -> QTableView:
        return next(one for one in self.view.findChildren(QTableView) if one.accessibleName() == "Log of disagreements")

    @property
    def lines(self) -> list[str]:
        model = self.log.model()
        return [str(model.index(line, 0).data()) for line in range(model.rowCount())]

    @property
    def texts(self) -> list[str]:
        return [label.text() for label in self.view.findChildren(QLabel) if label.isVisible()]

    def key(self, key: str) -> None:
        next(action for action in self.view.panel_actions() if action.spec.key == key).run()
        QApplication.processEvents()

    def press(self, text: str) -> None:
        button = next(one for one in self.window.findChildren(QAbstractButton) if one.accessibleName() == text)
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        self.settle()


@pytest.fixture
def desk(theme: Theme, show: Show) -> Desk:
    return Desk(theme, show, Source(log_with(STILL, LATE, ALARM)))


def test_every_disagreement_has_a_line_and_every_partner_one(desk: Desk) -> None:
    assert desk.lines == ["PayHub", "PayHub", "Carillon"]
    partners = next(one for one in desk.view.findChildren(QTableView) if one is not desk.log)
    assert partners.model().rowCount() == 2


def test_walking_the_log_selects_what_it_is_about_and_says_whose_fault_it_was(desk: Desk) -> None:
    chosen = QSignalSpy(desk.view.entity_selected)
    desk.key("J")
    assert chosen.at(0) == [PAYMENTS]
    assert any("The fault is likely PayHub's" in text for text in desk.texts)
    desk.key("J")
    desk.key("J")
    assert chosen.at(2) == [SMS]
    desk.key("K")
    assert chosen.at(3) == [PAYMENTS]


def test_enter_opens_what_the_entry_is_about(desk: Desk) -> None:
    opened = QSignalSpy(desk.view.entity_open_requested)
    desk.key("Return")
    assert opened.count() == 0
    desk.key("J")
    desk.key("Return")
    assert opened.at(0) == [PAYMENTS]


def test_the_filter_narrows_the_log_and_says_how_many_are_hidden(desk: Desk) -> None:
    desk.key("/")
    line = desk.window.findChildren(FilterLine)[0]
    line.setText("carillon")
    QApplication.processEvents()
    assert desk.lines == ["Carillon"]
    assert any(text.endswith("hidden from you: 2 by the filter") for text in desk.texts)
    QTest.keyClick(line, Qt.Key.Key_Escape)
    QTest.keyClick(line, Qt.Key.Key_Escape)
    assert desk.log.hasFocus()


def test_an_entity_selected_elsewhere_is_marked_here(desk: Desk) -> None:
    desk.view.show_selection(SMS)
    assert desk.log.currentIndex().row() == 2
    assert any("SMS: major outage" in text for text in desk.texts)
    desk.view.show_selection("service/nothing")
    assert not any("SMS: major outage" in text for text in desk.texts)


def test_a_target_is_reached_once_the_log_is_there(theme: Theme, show: Show) -> None:
    desk = Desk(theme, show, Source(log_with(STILL, LATE, ALARM)))
    desk.view.show_target(PAYHUB)
    desk.view.refresh(LIVE, frozenset())
    desk.settle()
    partners = next(one for one in desk.view.findChildren(QTableView) if one is not desk.log)
    assert partners.currentIndex().row() == 1


def test_a_refresh_with_the_same_log_keeps_the_selection(desk: Desk) -> None:
    desk.key("J")
    desk.key("J")
    desk.view.refresh(LIVE, frozenset())
    desk.settle()
    assert desk.log.currentIndex().row() == 1


@pytest.mark.usefixtures("qt_settings")
def test_the_log_is_saved_as_a_table(desk: Desk, tmp_path: Path) -> None:
    notices = QSignalSpy(desk.view.notice_raised)
    desk.key("E")
    (dialog,) = desk.view.findChildren(QFileDialog)
    dialog.fileSelected.emit(str(tmp_path / "log.csv"))
    dialog.reject()
    dialog.setParent(None)
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    desk.settle()
    assert (tmp_path / "log.csv").read_text(encoding="utf-8").count("PayHub,partner/payhub") == 2
    assert "log.csv" in str(notices.at(0)[0])


def test_before_anything_is_shown_there_is_nothing_to_save(theme: Theme, show: Show) -> None:
    desk = Desk(theme, show, Source(log_with(), fault=LOCKED))
    notices = QSignalSpy(desk.view.notice_raised)
    desk.press("Export…")
    assert notices.at(0) == ["Nothing is shown yet that could be saved."]


def test_where_no_page_is_read_the_way_to_one_is_offered(theme: Theme, show: Show) -> None:
    desk = Desk(theme, show, Source(NOBODY))
    asked = QSignalSpy(desk.view.panel_requested)
    desk.press("Add a connection")
    assert asked.at(0) == ["connectors", ""]


def test_a_failure_is_told_and_tried_again_and_what_was_shown_stays_as_old(theme: Theme, show: Show) -> None:
    desk = Desk(theme, show, Source(log_with(LATE), fault=LOCKED))
    assert any("The store is locked." in text for text in desk.texts)
    desk.source.fault = None
    desk.press("Try again")
    assert desk.lines == ["PayHub"]
    desk.source.fault = LOCKED
    desk.view.refresh(LIVE, frozenset())
    desk.settle()
    assert desk.lines == ["PayHub"]


def test_without_any_disagreement_only_the_partners_stand_there(theme: Theme, show: Show) -> None:
    desk = Desk(theme, show, Source(log_with()))
    assert not desk.log.isVisible()
    assert any(text.startswith("No disagreement since") for text in desk.texts)


def test_what_had_nothing_to_show_is_shown_whole_once_there_is_something(theme: Theme, show: Show) -> None:
    desk = Desk(theme, show, Source(NOBODY))
    desk.key("J")
    desk.view.show_target(SMS)
    desk.source.log = log_with(LATE, ALARM)
    desk.view.refresh(LIVE, frozenset())
    desk.settle()
    assert desk.lines == ["PayHub", "Carillon"]
    assert desk.log.currentIndex().row() == 1


def hostile_log(text: str) -> ClaimLog:
    record = replace(RECORD, partner_name=text)
    span = replace(LATE, claimed=side(LATE.claimed.state, text), measured=side(LATE.measured.state, text))
    log = log_with(span)
    entry = replace(log.entries[0], record=record, span=span)
    return replace(log, report=replace(log.report, records=(record,)), entries=(entry,), names={PAYMENTS: text})


def test_markup_and_endless_lines_of_a_page_stay_text(theme: Theme, show: Show, tmp_path: Path) -> None:
    hostile: HostileText = hostile_text(tmp_path)
    for text in hostile.all:
        desk = Desk(theme, show, Source(hostile_log(text)))
        desk.key("J")
        assert faults_below(desk.window) == []
        assert not shows_the_image(desk.window)

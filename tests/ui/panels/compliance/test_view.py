"""The Compliance panel under a person's hands: matrix, findings, frameworks, any day, and the way to the evidence."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QDate, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QDateTimeEdit, QLabel, QPlainTextEdit, QTableView, QWidget

from quarterdeck.domain.estate import EntityKind
from quarterdeck.services.compliance import ComplianceReport, ControlReport, EntityFinding
from quarterdeck.ui.panels.compliance.presenter import CompliancePresenter
from quarterdeck.ui.panels.compliance.side_page import SidePage
from quarterdeck.ui.panels.compliance.view import ComplianceView
from quarterdeck.ui.theme.scheme import ThemeChoice
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.widgets.choice_button import ChoiceButton
from quarterdeck.ui.widgets.filter_line import FilterLine
from tests.support.backgrounds import HeldBackground
from tests.support.markup import faults_below, hostile_text, shows_the_image
from tests.ui.panels.compliance.reports import (
    BROKEN,
    CORE,
    EVIDENCE,
    FINDING,
    LOCKED,
    NOTHING,
    PAYHUB,
    REPORT,
    SCANNED,
    WITH_SCANS,
    Source,
    written,
)
from tests.ui.panels.hosting import hosted
from tests.ui.panels.overview.reports import LIVE, NOON


class Desk:
    """The panel with its controls above it, a presenter behind it, and what the shell would be told."""

    def __init__(self, theme: Theme, show: Callable[[QWidget], QWidget], source: Source) -> None:
        self.source, self.background = source, HeldBackground()
        self.selected: list[str] = []
        self.opened: list[str] = []
        self.panels: list[str] = []
        self.noticed: list[str] = []
        self.side: SidePage | None = None
        self.view = ComplianceView(theme)
        self.view.entity_selected.connect(self.selected.append)
        self.view.entity_open_requested.connect(self.opened.append)
        self.view.panel_requested.connect(lambda panel, _: self.panels.append(panel))
        self.view.side_page_changed.connect(self._take_side)
        self.view.notice_raised.connect(self.noticed.append)
        presenter = CompliancePresenter(source, self.background, self.view, str, beside=self.view.beside, write=written)
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
    def day(self) -> QDateTimeEdit:
        return self.window.findChildren(QDateTimeEdit)[0]

    def rows(self, column: int, table: QTableView | None = None) -> list[str]:
        """The words of a column, headings left out."""
        model = (table or self.table).model()
        return [str(model.index(row, column).data()) for row in range(model.rowCount()) if model.index(row, 1).data()]

    def press(self, text: str) -> None:
        button = next(
            one
            for one in self.window.findChildren(QAbstractButton)
            if one.accessibleName() == text and one.isVisibleTo(self.window)
        )
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        self.settle()

    def key(self, key: str) -> None:
        next(action for action in self.view.panel_actions() if action.spec.key == key).run()
        self.settle()

    def choose_services(self) -> None:
        choice = next(one for one in self.window.findChildren(ChoiceButton) if "Controls of" in one.accessibleName())
        next(action for action in choice._menu.actions() if action.text() == "Services").trigger()
        self.settle()

    @property
    def said(self) -> str:
        """All words of the page beside the table."""
        assert self.side is not None
        labels = [one.text() for one in self.side.findChildren(QLabel) if one.isVisibleTo(self.side)]
        return "\n".join(label for label in labels if label)

    @property
    def foot(self) -> str:
        return next(one.text() for one in self.view.findChildren(QLabel) if "controls" in one.text())

    def _take_side(self, page: SidePage | None) -> None:
        if self.side is not None:
            self.side.setParent(self.view)
        self.side = page
        if page is not None:
            page.setParent(self.window)
            page.resize(360, 600)
            page.show()


@pytest.fixture
def desk(theme: Theme, show: Callable[[QWidget], QWidget]) -> Desk:
    return Desk(theme, show, Source())


def test_the_matrix_has_a_row_for_each_entity_and_a_column_for_each_pack(desk: Desk) -> None:
    assert desk.rows(0) == ["Core accounts", "PayHub"]
    assert desk.rows(1) == ["Waived", "Not satisfied"]
    assert desk.rows(2) == ["Satisfied", "—"]
    assert desk.foot.startswith("5 controls · 1 not satisfied · 1 without evidence · 1 waived · 2 satisfied")


def test_findings_and_frameworks_are_views_of_the_same_controls(desk: Desk) -> None:
    desk.press("Findings")
    assert desk.rows(0) == ["Not satisfied", "No evidence", "Waived"]
    assert desk.rows(3)[0] == "Certificate ends in 6 d; TLS version 1.2"
    desk.press("Frameworks")
    assert desk.rows(0) == ["SC-8", "4.2.1"]
    assert "no statement of conformity" in desk.foot


def test_services_have_a_matrix_of_their_own(desk: Desk) -> None:
    desk.choose_services()
    assert desk.source.questions[-1] == "service"
    assert desk.table.model().headerData(0, Qt.Orientation.Horizontal) == "Service"


def test_a_filter_says_what_it_hides(desk: Desk) -> None:
    desk.window.findChildren(FilterLine)[0].setText("payhub")
    desk.settle()
    assert desk.rows(0) == ["PayHub"]
    assert desk.foot.endswith("hidden from you: 1 by the filter")


def test_a_past_day_is_read_as_of_its_end_and_told_to_be_one(desk: Desk) -> None:
    desk.day.setDate(QDate(2026, 11, 20))
    desk.settle()
    at = desk.source.asked[-1][1].at.astimezone()
    assert (at.date().isoformat(), at.hour, at.minute) == ("2026-11-20", 23, 59)
    assert desk.foot.startswith("As of 2026-11-20 23:59")


def test_keys_go_from_day_to_day_and_never_beyond_the_present(desk: Desk) -> None:
    desk.key("[")
    assert desk.source.asked[-1][1].live is False
    desk.key("]")
    desk.key("]")
    assert desk.source.asked[-1][1] == LIVE
    assert desk.day.date() == QDate(2026, 11, 24)


def test_midnight_moves_the_day_on_for_who_stands_on_the_present(desk: Desk) -> None:
    tomorrow = replace(LIVE, at=NOON + timedelta(days=1))
    desk.view.refresh(tomorrow, frozenset())
    assert desk.day.date() == QDate(2026, 11, 25)


def test_the_way_leads_from_a_row_to_its_controls_and_on_to_the_evidence(desk: Desk) -> None:
    desk.key("J")
    desk.key("J")
    desk.key("Return")
    assert desk.side is not None
    assert "2 controls" in desk.said
    listed = next(one for one in desk.side.findChildren(QTableView) if one.isVisibleTo(desk.side))
    assert desk.rows(1, listed) == ["SEC-01 · TLS to partners", "SEC-02 · Trusted certificates"]
    listed.setCurrentIndex(listed.model().index(0, 0))
    QTest.keyClick(listed, Qt.Key.Key_Return)
    desk.settle()
    for words in ("Evidence 7 · certificate", "newest result of", "9f2c9f2c9f2c9f2c…", "Not satisfied since 12:30"):
        assert words in desk.said


def test_escape_goes_back_from_the_evidence_to_the_controls_and_then_away(desk: Desk) -> None:
    desk.view.beside.open(PAYHUB.key)
    desk.view.beside._open_control("SEC-01@1 integration/payhub")
    desk.settle()
    side = desk.side
    assert side is not None
    assert side.is_control_shown
    QTest.keyClick(side, Qt.Key.Key_Escape)
    assert not side.is_control_shown
    QTest.keyClick(side, Qt.Key.Key_Escape)
    assert desk.side is None


def test_a_finding_opens_its_control_without_a_way_to_a_list(desk: Desk) -> None:
    desk.press("Findings")
    desk.key("J")
    desk.key("Return")
    assert "TLS to partners" in desk.said
    assert not any(one.text() == "All controls" for one in visible_buttons(desk))
    desk.press("Close")
    assert desk.side is None


def test_what_a_scanner_found_opens_with_the_very_report(theme: Theme, show: Callable[[QWidget], QWidget]) -> None:
    desk = Desk(theme, show, Source(WITH_SCANS))
    desk.press("Findings")
    assert desk.rows(0)[:2] == ["Not satisfied", "Found by scan"]
    desk.key("J")
    desk.key("J")
    desk.key("Return")
    assert {"A shell is started.", "src/app.py:3", "bandit.sarif, SARIF 2.1.0, SHA-256 c0de"} <= set(
        desk.said.split("\n")
    )
    desk.press("Open in Performance")
    assert desk.opened + desk.panels


def test_the_rule_and_the_history_are_parts_of_a_control(desk: Desk) -> None:
    desk.view.beside.open("SEC-01@1 integration/payhub")
    desk.settle()
    desk.press("Rule")
    assert desk.side is not None
    assert desk.side.findChildren(QPlainTextEdit)[0].toPlainText() == FINDING.control.policy.rule
    desk.press("History")
    shown = next(one for one in desk.side.findChildren(QTableView) if one.isVisibleTo(desk.side))
    assert desk.rows(1, shown) == ["Not satisfied", "Satisfied"]


def test_a_control_leads_to_the_charts_of_its_entity(desk: Desk) -> None:
    desk.view.beside.open("SEC-01@1 integration/payhub")
    desk.settle()
    desk.press("Open in Performance")
    assert desk.opened == [PAYHUB.key]


def test_what_is_open_beside_follows_the_row(desk: Desk) -> None:
    desk.view.beside.open(PAYHUB.key)
    desk.key("J")
    assert desk.selected == [CORE.key]
    assert "3 controls" in desk.said


def test_news_of_an_entity_reach_its_open_list(desk: Desk) -> None:
    desk.view.beside.open(PAYHUB.key)
    desk.source.told = replace(REPORT, controls=REPORT.controls[:1])
    desk.view.show_moment(LIVE)
    desk.settle()
    assert "1 control." in desk.said


def test_a_control_that_is_gone_closes_its_page(desk: Desk) -> None:
    desk.view.beside.open("SEC-01@1 integration/payhub")
    desk.settle()
    desk.source.finding = None
    desk.view.show_moment(LIVE)
    desk.settle()
    assert desk.side is None


def test_figures_lead_to_the_findings_behind_them(desk: Desk) -> None:
    desk.press("Findings open: 1 on 1 of them")
    assert desk.rows(0)[0] == "Not satisfied"
    desk.press("Controls satisfied: 40% 2 of 5")
    assert desk.rows(0) == ["Core accounts", "PayHub"]


def test_an_entity_selected_elsewhere_is_marked_here(desk: Desk) -> None:
    desk.view.show_selection(PAYHUB.key)
    assert desk.table.currentIndex().siblingAtColumn(0).data() == "PayHub"
    desk.press("Findings")
    desk.view.show_target(CORE.key)
    assert desk.table.currentIndex().siblingAtColumn(0).data() == "Core accounts"


def test_an_empty_store_offers_the_way_to_its_first_data(theme: Theme, show: Callable[[QWidget], QWidget]) -> None:
    desk = Desk(theme, show, Source(NOTHING))
    desk.press("Add a connection")
    assert desk.panels == ["connectors"]


def test_a_store_that_fails_can_be_tried_again(theme: Theme, show: Callable[[QWidget], QWidget]) -> None:
    desk = Desk(theme, show, Source(fault=LOCKED))
    desk.source.fault = None
    desk.press("Try again")
    assert desk.rows(0) == ["Core accounts", "PayHub"]


def test_what_is_old_stays_and_is_told_to_be_old(desk: Desk) -> None:
    desk.source.fault = LOCKED
    desk.view.refresh(replace(LIVE, at=NOON + timedelta(minutes=1)), frozenset())
    desk.settle()
    assert any("Shown as of 12:32" in one.accessibleDescription() for one in desk.view.findChildren(QWidget))


def test_every_control_of_the_bar_has_a_name(desk: Desk) -> None:
    assert all(widget.accessibleName() for widget in desk.view.bar_widgets())


@pytest.mark.parametrize("choice", [ThemeChoice.DARK, ThemeChoice.LIGHT], ids=["dark", "light"])
def test_texts_from_outside_are_text_whatever_they_look_like(
    theme: Theme, show: Callable[[QWidget], QWidget], tmp_path: Path, choice: ThemeChoice
) -> None:
    theme.choose(choice)
    hostile = hostile_text(tmp_path)
    desk = Desk(theme, show, Source(hostile_report(hostile.markup), hostile_finding(hostile.markup)))
    desk.press("Findings")
    desk.key("J")
    desk.key("Return")
    assert desk.side is not None
    for tab in ("Rule", "History", "Finding"):
        desk.press(tab)
        assert faults_below(desk.side) == []
        assert not shows_the_image(desk.side)
    assert faults_below(desk.view) == []
    assert not shows_the_image(desk.view)


def test_texts_of_scanners_are_text_whatever_they_look_like(
    theme: Theme, show: Callable[[QWidget], QWidget], tmp_path: Path
) -> None:
    hostile = hostile_text(tmp_path)
    desk = Desk(theme, show, Source(replace(NOTHING, scanned=(hostile_scan(hostile.markup),))))
    desk.press("Findings")
    desk.key("J")
    desk.key("Return")
    assert desk.side is not None
    for tab in ("Rule", "History", "Finding"):
        desk.press(tab)
        assert faults_below(desk.side) == []
        assert not shows_the_image(desk.side)
    assert faults_below(desk.view) == []
    assert not shows_the_image(desk.view)


def hostile_scan(text: str) -> EntityFinding:
    found = SCANNED[0].scanned
    finding = replace(found.finding, rule=text, title=text, place=text, help_address=text)
    report = replace(found.report, what=text, source=text, query=text, counts=((text, text),))
    key = replace(found.key, scan=(text, text, text))
    return EntityFinding(PAYHUB, replace(found, key=key, finding=finding, tool=text, report=report))


def hostile_report(text: str) -> ComplianceReport:
    policy = replace(BROKEN.policy, title=text, owner=text, statement=text)
    entity = replace(PAYHUB, name=text, domain=text, owner=text)
    interval = replace(BROKEN.interval, reason=text)
    changed = replace(BROKEN, policy=policy, entity=entity, interval=interval)
    return replace(REPORT, kind=EntityKind.INTEGRATION, controls=(changed,))


def hostile_finding(text: str) -> ControlReport:
    evidence = replace(EVIDENCE, what=text, source=text, query=text, counts=((text, text),))
    (control,) = hostile_report(text).controls
    return replace(FINDING, control=control, evidence=(evidence,), history=(replace(BROKEN.interval, reason=text),))


def visible_buttons(desk: Desk) -> list[QAbstractButton]:
    assert desk.side is not None
    return [one for one in desk.side.findChildren(QAbstractButton) if one.isVisibleTo(desk.side)]


def test_the_end_of_a_day_is_local_and_aware(desk: Desk) -> None:
    chosen: list[object] = []
    desk.view._bar.day_chosen.connect(chosen.append)
    desk.day.setDate(QDate(2026, 11, 1))
    (at,) = chosen
    assert isinstance(at, datetime)
    assert at.tzinfo is not None

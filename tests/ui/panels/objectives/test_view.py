"""The Objectives panel: a ledger behind every share, other rules beside, corrections, forms, the past, and no data."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QTableView, QWidget

from quarterdeck.domain.health import HealthState
from quarterdeck.services.moments import Moment
from quarterdeck.services.ports import Topic
from quarterdeck.storage.store import SqlStore
from quarterdeck.ui.panels.objectives.presenter import ObjectivesPresenter
from quarterdeck.ui.panels.objectives.strip import LedgerStrip
from quarterdeck.ui.panels.objectives.view import ObjectivesView
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.widgets.choice_button import ChoiceButton
from quarterdeck.ui.widgets.deed_dialog import DeedDialog
from quarterdeck.ui.widgets.filter_line import FilterLine
from tests.support.backgrounds import HeldBackground
from tests.support.markup import faults_below, hostile_text, shows_the_image
from tests.ui.panels.hosting import hosted
from tests.ui.panels.objectives.promised import ALL, AT, LIVE, LOCKED, PAST, Source, desk_over
from tests.unit.objectives.promises import KEY, UP, fill, promise, service

Show = Callable[[QWidget], QWidget]


class Desk:
    """The panel with its controls above it and a real store behind it."""

    def __init__(self, theme: Theme, show: Show, store: SqlStore, *, moment: Moment = LIVE, target: str = "") -> None:
        self.source, self.background = Source(desk_over(store)), HeldBackground()
        self.view = ObjectivesView(theme)
        view = self.view
        self.view.present(
            ObjectivesPresenter(self.source, self.background, view, str, ledgers=view.page, asking=view.asking)
        )
        self.window = show(hosted(self.view))
        if target:
            self.view.show_target(target)
        self.view.show_moment(moment)
        self.settle()

    def settle(self) -> None:
        for _ in range(3):
            self.background.finish()
            QApplication.processEvents()

    def table(self, name: str) -> list[list[str]]:
        found = next(one for one in self.view.findChildren(QTableView) if one.accessibleName() == name)
        model = found.model()
        columns = range(model.columnCount())
        return [[str(model.index(row, column).data()) for column in columns] for row in range(model.rowCount())]

    @property
    def ledger(self) -> list[str]:
        return [row[3] for row in self.table("Entries of the ledger")]

    @property
    def text(self) -> str:
        return "\n".join(label.text() for label in self.view.findChildren(QLabel) if label.isVisible())

    @property
    def dialog(self) -> DeedDialog:
        return self.window.findChildren(DeedDialog)[-1]

    def key(self, key: str) -> None:
        next(action for action in self.view.panel_actions() if action.spec.key == key).run()
        self.settle()

    def choose_rule(self, rule: str) -> None:
        button = self.window.findChildren(ChoiceButton)[0]
        button.set_current(rule)
        button.chosen.emit(rule)
        self.settle()

    def write(self, **values: str) -> None:
        """Fill lines of the dialog by their labels and press its button."""
        lines = {line.accessibleName(): line for line in self.dialog.findChildren(QLineEdit)}
        for label, value in values.items():
            lines[label.replace("_", " ")].setText(value)
        QTest.mouseClick(self.dialog.accept_button, Qt.MouseButton.LeftButton)
        self.settle()


@pytest.fixture
def desk(theme: Theme, show: Show, store: SqlStore) -> Desk:
    promise(store, service(*ALL))
    fill(store)
    return Desk(theme, show, store)


def test_each_objective_has_a_row_and_the_worst_one_its_ledger_below(desk: Desk) -> None:
    rows = {row[1]: row for row in desk.table("Objectives")}
    assert [rows[name][5] for name in ("bad", "ok", "up")] == ["not to be counted", "not met", "not met"]
    assert rows["up"][4] == "83.333%"
    assert "0 of 3 met · 2 not met" in desk.text
    assert "1 cannot be counted" in desk.text
    assert "Ledger: API, up" in desk.text
    assert desk.ledger == ["good", "bad", "good"]
    strip = desk.view.findChildren(LedgerStrip)[0]
    assert "83.333% attained of 99%: not met." in strip.accessibleDescription()


def test_a_definition_that_cannot_be_counted_says_why_in_place_of_its_ledger(desk: Desk) -> None:
    desk.view.show_target(f"{KEY}:bad")
    desk.settle()
    assert "▲ “a / b” is a query that only its own source can answer." in desk.text
    assert desk.view.page.ledger.shown is not None
    assert desk.view.page.ledger.shown.entries == ()
    assert desk.view.page.ledger.shown.why_not_changed.startswith("Its definition says more")


def test_walking_the_objectives_opens_their_ledgers_and_selects_their_entity(desk: Desk) -> None:
    chosen, opened = QSignalSpy(desk.view.entity_selected), QSignalSpy(desk.view.entity_open_requested)
    desk.key("J")
    desk.key("K")
    assert chosen.at(0) == [KEY]
    assert desk.view.page.ledger.shown is not None
    assert desk.view.page.chosen is not None
    assert desk.view.page.ledger.shown.id == desk.view.page.chosen.id
    desk.key("Return")
    assert opened.at(0) == [KEY]
    desk.key("D")
    focused = QApplication.focusWidget()
    assert focused is not None
    assert focused.accessibleName() == "Entries of the ledger"


def test_an_entity_selected_elsewhere_brings_its_ledger(theme: Theme, show: Show, store: SqlStore) -> None:
    promise(store, service(UP), replace(service(UP), key="service/other", name="Other"))
    fill(store)
    desk = Desk(theme, show, store)
    assert "Ledger: API, up" in desk.text
    desk.view.show_selection("service/other")
    desk.settle()
    assert "Ledger: Other, up" in desk.text
    desk.view.show_selection("service/none")
    desk.settle()
    assert "Ledger: Other, up" in desk.text


def test_another_rule_stands_beside_the_usual_one(desk: Desk) -> None:
    desk.view.show_target(f"{KEY}:up")
    desk.choose_rule("corrections=ignored")
    assert "without corrections" in desk.text
    assert "By the usual rule: 83.333% attained" in desk.text
    desk.choose_rule("")
    assert "By the usual rule" not in desk.text


def test_a_correction_is_recorded_and_the_ledger_follows_it(desk: Desk) -> None:
    notices = QSignalSpy(desk.view.notice_raised)
    desk.view.show_target(f"{KEY}:up")
    desk.settle()
    desk.key("C")
    desk.write(From="2026-03-02T12:40Z", To="2026-03-02T12:50Z", Reason="The probe erred", Corrected_by="ada")
    assert notices.at(0) == ["Correction 1 is recorded."]
    assert desk.ledger == ["good", "excluded", "good"]
    assert "Correction 1: " in desk.text
    assert "100% attained of 99%: met." in desk.text


def test_a_correction_that_is_refused_says_so_in_the_dialog_and_keeps_what_was_typed(desk: Desk) -> None:
    desk.key("C")
    desk.write(From="2026-03-02T12:50Z", To="2026-03-02T12:40Z", Reason="Why", Corrected_by="ada")
    assert any("would end before it begins" in label.text() for label in desk.dialog.findChildren(QLabel))
    desk.dialog.reject()
    desk.settle()
    desk.view.asking.show_refused(LOCKED)
    desk.view.asking.show_decided("Done.")


def test_the_dialog_begins_with_the_entry_that_is_selected(desk: Desk) -> None:
    table = next(t for t in desk.view.findChildren(QTableView) if t.accessibleName() == "Entries of the ledger")
    table.setCurrentIndex(table.model().index(1, 0))
    desk.settle()
    desk.key("C")
    lines = {line.accessibleName(): line.text() for line in desk.dialog.findChildren(QLineEdit)}
    assert "40:00" in lines["From"]
    desk.dialog.reject()
    desk.settle()


def test_an_objective_is_made_and_changed_by_the_form(desk: Desk) -> None:
    notices = QSignalSpy(desk.view.notice_raised)
    desk.view.show_selection(KEY)
    desk.key("A")
    desk.write(Name="new-one", Target="95", Over="1h")
    assert notices.count() == 1, [label.text() for label in desk.dialog.findChildren(QLabel)]
    assert "1 changed" in notices.at(0)[0]
    assert {row[1] for row in desk.table("Objectives")} == {"bad", "new-one", "ok", "up"}
    desk.view.show_target(f"{KEY}:new-one")
    desk.settle()
    desk.key("E")
    desk.write(Target="80")
    assert "met" in {row[5] for row in desk.table("Objectives") if row[1] == "new-one"}


def test_nothing_is_decided_about_the_past(theme: Theme, show: Show, store: SqlStore) -> None:
    promise(store, service(UP))
    fill(store)
    desk = Desk(theme, show, store, moment=PAST)
    for key in ("C", "E", "A"):
        desk.key(key)
    assert desk.window.findChildren(DeedDialog) == []
    shown = desk.view.page.ledger
    assert (shown.correct_button.isEnabled(), shown.change_button.isEnabled()) == (False, False)


@pytest.mark.parametrize(
    ("moment", "sentence"),
    [(LIVE, "Nothing is promised yet"), (PAST, "Nothing was promised by then")],
    ids=["live", "past"],
)
def test_without_any_objective_it_says_what_would_be_here(
    theme: Theme, show: Show, store: SqlStore, moment: Moment, sentence: str
) -> None:
    desk = Desk(theme, show, store, moment=moment)
    assert sentence in desk.text
    buttons = [one for one in desk.view.findChildren(QAbstractButton) if one.text() == "New objective…"]
    if moment is LIVE:
        QTest.mouseClick(buttons[-1], Qt.MouseButton.LeftButton)
        desk.settle()
        desk.write(Entity="service/none", Name="up", Target="99", Over="28d")
        assert any("No document declares service/none" in label.text() for label in desk.dialog.findChildren(QLabel))
        desk.dialog.reject()
        desk.settle()


def test_what_promises_nothing_still_opens_how_long_it_was_up(theme: Theme, show: Show, store: SqlStore) -> None:
    promise(store, service())
    fill(store)
    desk = Desk(theme, show, store, target=KEY)
    assert "nothing was promised" in desk.text
    assert desk.ledger == ["unknown", "good", "bad", "good"]
    desk.view.show_target("service/none")
    desk.view.refresh(LIVE, frozenset())
    desk.settle()
    assert "There is no objective service/none then." in desk.text


def test_the_filter_narrows_the_list_and_says_how_many_are_hidden(desk: Desk) -> None:
    desk.key("/")
    line = desk.window.findChildren(FilterLine)[0]
    line.setText("bad")
    QApplication.processEvents()
    assert [row[1] for row in desk.table("Objectives")] == ["bad"]
    assert "hidden from you: 2 by the filter" in desk.text
    QTest.keyClick(line, Qt.Key.Key_Escape)
    QTest.keyClick(line, Qt.Key.Key_Escape)


def test_a_store_that_fails_is_told_and_what_was_shown_stays(desk: Desk) -> None:
    desk.source.fault = LOCKED
    desk.view.refresh(LIVE, frozenset({Topic.STATES}))
    desk.settle()
    assert desk.ledger == ["good", "bad", "good"]
    assert "The store is locked." not in desk.text
    desk.view.show_moment(LIVE)
    desk.settle()
    assert "The store is locked." in desk.text
    desk.source.fault = None
    button = next(one for one in desk.view.findChildren(QAbstractButton) if one.text() == "Try again")
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    desk.settle()
    assert desk.table("Objectives")


def test_only_what_bears_on_objectives_is_read_again(desk: Desk) -> None:
    before = len(desk.background.waiting)
    desk.view.refresh(replace(LIVE, at=AT), frozenset({Topic.CONNECTIONS}))
    assert len(desk.background.waiting) == before


def test_names_and_titles_from_outside_stay_text(theme: Theme, show: Show, store: SqlStore, tmp_path: Path) -> None:
    hostile = hostile_text(tmp_path)
    promise(store, replace(service(replace(UP, title=hostile.markup)), name=hostile.markup))
    fill(store)
    desk = Desk(theme, show, store)
    desk.key("C")
    for root in (desk.window, desk.dialog):
        assert faults_below(root) == []
        assert not shows_the_image(root)
    desk.dialog.reject()
    desk.settle()


def test_a_strip_paints_what_is_bad_over_what_is_calm(theme: Theme, desk: Desk) -> None:
    strip = desk.view.findChildren(LedgerStrip)[0]
    colours = {strip.grab().toImage().pixelColor(x, 4).name() for x in range(0, strip.width(), 3)}
    assert theme.tokens.down in colours
    shown = desk.view.page.ledger.shown
    assert shown is not None
    assert HealthState.DOWN in {part.mark for part in shown.strip}

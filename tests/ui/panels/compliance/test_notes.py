"""Notes on findings from the panel: what is filled in, what becomes of it, and how findings stand by it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QWidget

from quarterdeck.domain.finding_records import FindingStanding
from quarterdeck.domain.health import HealthState
from quarterdeck.services.finding_notes import FindingNote
from quarterdeck.services.moments import Moment
from quarterdeck.ui.panels.compliance.finding_words import finding_state
from quarterdeck.ui.panels.compliance.note_dialog import NoteDialog, note_form_fields
from quarterdeck.ui.panels.compliance.note_presenter import NotePresenter
from quarterdeck.ui.panels.compliance.presenter import read_page
from quarterdeck.ui.panels.compliance.scan_words import scanned_state
from quarterdeck.ui.panels.compliance.state import ComplianceState, ControlLine, FindingState, NoteAnswer
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.theme.tokens import Tone
from tests.support.backgrounds import HeldBackground
from tests.support.markup import faults_below, hostile_text
from tests.ui.panels.compliance.reports import (
    BROKEN,
    FINDING,
    LOCKED,
    REPORT,
    SCANNED,
    WITH_SCANS,
    Notes,
    Source,
    noted,
)
from tests.ui.panels.compliance.test_presenter import Surface
from tests.ui.panels.compliance.test_view import Desk
from tests.ui.panels.overview.reports import LIVE, NOON

ROW = "SEC-01@1 integration/payhub"
DUE_AT = NOON + timedelta(days=3)
NOTE = FindingNote(BROKEN.subject, FindingStanding.IN_PROGRESS, "anna", "payments", DUE_AT, "INC-12", "Asked Northgate")
SET_ASIDE = FindingNote(
    SCANNED[0].subject, FindingStanding.ACCEPTED, "anna", "sec", DUE_AT, comment="Only in the build"
)
ANSWER = NoteAnswer(FindingStanding.IN_PROGRESS, "payments", "", "", "", "anna")


class NoteDesk(Desk):
    """The panel with one control open, and the dialog that it may ask with."""

    def __init__(self, theme: Theme, show: Callable[[QWidget], QWidget], source: Source) -> None:
        super().__init__(theme, show, source)
        self.told: list[str] = []
        self.view.notice_raised.connect(self.told.append)
        self.view.beside.open(ROW)
        self.settle()

    def offered(self) -> QAbstractButton | None:
        assert self.side is not None
        buttons = self.side.findChildren(QAbstractButton)
        return next((one for one in buttons if one.text() == "Note…" and one.isVisibleTo(self.side)), None)

    def ask(self) -> NoteDialog:
        button = self.offered()
        assert button is not None
        button.click()
        QApplication.processEvents()
        return next(one for one in self.window.findChildren(NoteDialog) if one.isVisible())


def line(dialog: NoteDialog, name: str) -> QLineEdit:
    return next(one for one in dialog.findChildren(QLineEdit) if one.accessibleName() == name)


def findings(source: Source) -> tuple[ControlLine, ...]:
    page = read_page(source, LIVE, REPORT.kind, str)
    assert isinstance(page, ComplianceState)
    return page.findings


@pytest.fixture
def desk(theme: Theme, show: Callable[[QWidget], QWidget]) -> NoteDesk:
    return NoteDesk(theme, show, Source(finding=replace(FINDING, notes=(noted(NOTE),))))


def test_a_note_begins_with_how_the_finding_stands_and_is_kept_as_filled_in(desk: NoteDesk) -> None:
    dialog = desk.ask()
    assert line(dialog, "Assigned to").text() == "payments"
    assert line(dialog, "Linked to").text() == "INC-12"
    line(dialog, "Assigned to").setText("northgate")
    line(dialog, "Due").setText("2026-12-01")
    line(dialog, "Noted by").setText("bert")
    dialog.accept_button.click()
    desk.settle()
    (given,) = desk.source.notes.given
    assert (given.subject, given.owner, given.link, given.by) == (BROKEN.subject, "northgate", "INC-12", "bert")
    assert given.due_at == datetime(2026, 12, 1, 23, 59).astimezone()
    assert desk.told == ["The finding stands as: in progress."]
    assert not dialog.isVisible()


def test_nobody_named_keeps_the_dialog_open_and_notes_nothing(desk: NoteDesk) -> None:
    dialog = desk.ask()
    dialog.accept_button.click()
    desk.settle()
    assert desk.source.notes.given == []
    assert "Noted by is needed." in "\n".join(one.text() for one in dialog.findChildren(QLabel))


def test_a_refusal_of_a_note_stands_in_the_dialog(desk: NoteDesk) -> None:
    desk.source.notes.fault = LOCKED
    dialog = desk.ask()
    line(dialog, "Noted by").setText("bert")
    dialog.accept_button.click()
    desk.settle()
    assert "The store is locked." in "\n".join(one.text() for one in dialog.findChildren(QLabel))


def test_of_the_past_no_note_is_offered(desk: NoteDesk) -> None:
    desk.view.show_moment(Moment(LIVE.time_range, NOON - timedelta(days=1), live=False))
    desk.settle()
    assert desk.offered() is None


@pytest.mark.parametrize(
    ("typed", "now", "words"),
    [("someday", NOON, "someday is no day."), ("", None, "The past cannot be decided about.")],
    ids=["no-day", "past"],
)
def test_what_cannot_be_noted_is_refused_in_words(typed: str, now: datetime | None, words: str) -> None:
    notes, surface, background = Notes(), Surface(), HeldBackground()
    presenter = NotePresenter(notes, background, surface, str, now=lambda: now)
    presenter.note(finding_state(FINDING, NOON, str, is_live=True), replace(ANSWER, due=typed))
    background.finish()
    assert surface.told[-1].startswith(f"refused: {words}")
    assert notes.given == []


def test_a_second_note_waits_for_the_first_to_be_told(theme: Theme) -> None:
    notes, surface, background = Notes(), Surface(), HeldBackground()
    presenter = NotePresenter(notes, background, surface, str, now=lambda: NOON)
    state = finding_state(FINDING, NOON, str, is_live=True)
    presenter.note(state, ANSWER)
    presenter.note(state, ANSWER)
    background.finish()
    assert len(notes.given) == 1


def test_a_finding_tells_how_it_stands_since_when_and_what_was_said() -> None:
    overdue = noted(replace(NOTE, due_at=NOON - timedelta(days=2)))
    facts = {
        fact.label: fact for fact in finding_state(replace(FINDING, notes=(overdue, noted(NOTE))), NOON, str).facts
    }
    assert facts["Stands as"].value == "In progress"
    assert (facts["Due"].tone, facts["Due"].value.endswith("2 d ago")) == (Tone.DOWN, True)
    assert facts["Notes"].value.count("Asked Northgate") == 2
    assert facts["Linked to"].value == "INC-12"


def test_a_note_without_a_comment_is_told_by_the_standing() -> None:
    state = scanned_state(replace(SCANNED[0], notes=(noted(replace(SET_ASIDE, comment="")),)), NOON, str, is_live=True)
    facts = {fact.label: fact.value for fact in state.facts}
    assert facts["Notes"].endswith("anna: accepted")
    assert (state.can_note, state.subject) == (True, SCANNED[0].subject)


def test_what_was_set_aside_stands_last_under_its_own_word_and_is_counted_as_hidden() -> None:
    source = Source(replace(WITH_SCANS, notes={SET_ASIDE.subject: noted(SET_ASIDE)}))
    last = findings(source)[-1]
    assert (last.verdict, last.mark, last.is_open, last.owner) == ("Accepted", HealthState.MAINTENANCE, False, "sec")
    page = read_page(source, LIVE, REPORT.kind, str)
    assert isinstance(page, ComplianceState)
    assert page.summary.endswith("2 found by scanners · 1 of them set aside")
    assert next(figure.value for figure in page.figures if figure.key == "broken") == "2"


def test_a_finding_in_the_list_has_the_owner_and_the_due_date_of_its_note() -> None:
    late = noted(replace(NOTE, due_at=NOON - timedelta(hours=1)))
    source = Source(replace(REPORT, notes={NOTE.subject: late}))
    first = findings(source)[0]
    assert (first.owner, first.is_overdue, first.due.endswith("ago")) == ("payments", True, True)
    page = read_page(source, LIVE, REPORT.kind, str)
    assert isinstance(page, ComplianceState)
    assert next(figure.note for figure in page.figures if figure.key == "broken") == "1 overdue"


def test_hostile_words_of_a_note_stay_plain(theme: Theme, show: Callable[[QWidget], QWidget], tmp_path: Path) -> None:
    hostile = noted(replace(NOTE, owner=hostile_text(tmp_path).markup, link=hostile_text(tmp_path).markup))
    state = finding_state(replace(FINDING, notes=(hostile,)), NOON, str, is_live=True)
    host = show(QWidget())
    dialog = NoteDialog(theme, state, host)
    dialog.open()
    QApplication.processEvents()
    assert faults_below(dialog) == []
    dialog.reject()


@pytest.mark.parametrize(
    ("state", "standings"),
    [
        (finding_state(FINDING, NOON, str), ["open", "in progress"]),
        (scanned_state(SCANNED[0], NOON, str), ["open", "in progress", "accepted", "false positive"]),
    ],
    ids=["policy", "scan"],
)
def test_only_what_a_scanner_found_can_be_set_aside(state: FindingState, standings: list[str]) -> None:
    assert [choice.value for choice in note_form_fields(state)[0].choices] == standings

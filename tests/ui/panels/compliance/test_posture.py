"""The posture of the estate under a person's hands: three views, any day, the evidence of each figure, and a file."""

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QTableView, QWidget

from quarterdeck.domain.errors import OperatorError
from quarterdeck.domain.estate import EntityKind
from quarterdeck.domain.health import HealthState
from quarterdeck.domain.policies import EvidenceKind, Verdict
from quarterdeck.services.moments import Moment
from quarterdeck.services.ports import Topic
from quarterdeck.services.posture import EvidenceSubject, Figure, Judgement, PostureRow, PostureTable, PostureView
from quarterdeck.services.posture_reader import FigureEvidence
from quarterdeck.ui.panels.compliance.posture_presenter import PosturePresenter
from quarterdeck.ui.panels.compliance.presenter import CompliancePresenter
from quarterdeck.ui.panels.compliance.view import ComplianceView
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.widgets.choice_button import ChoiceButton
from quarterdeck.ui.widgets.state_stack import StateStack
from tests.support.backgrounds import HeldBackground
from tests.support.markup import faults_below, hostile_text
from tests.ui.panels.compliance.reports import EVIDENCE, LOCKED, Source, written
from tests.ui.panels.hosting import hosted
from tests.ui.panels.overview.reports import LIVE, NOON

PAYHUB = "integration/payhub"
ENDS = Figure(
    "Certificate",
    "ends in 9 d",
    HealthState.DOWN,
    "It ends soon.",
    9.0,
    (Judgement("SEC-01", PAYHUB, Verdict.NOT_SATISFIED),),
    (EvidenceSubject(PAYHUB, EvidenceKind.CERTIFICATE),),
)
KEYS = Figure("Keys", told_by="No day is declared.")
ROW = PostureRow(PAYHUB, PAYHUB, "PayHub", "Bill Pay", (ENDS, KEYS))
YESTERDAY = NOON - timedelta(days=1)


def of(view: PostureView, at: datetime, *rows: PostureRow) -> PostureTable:
    columns = tuple(figure.label for figure in rows[0].figures) if rows else ()
    return PostureTable(view, "Integration", columns, rows, at, "every figure")


@dataclass
class Facts:
    """Answers, or fails; keeps what it was asked."""

    rows: tuple[PostureRow, ...] = (ROW,)
    fault: OperatorError | None = None
    asked: list[tuple[PostureView, datetime, EntityKind]] = field(
        default_factory=list[tuple[PostureView, datetime, EntityKind]]
    )

    def table(self, view: PostureView, moment: Moment, kind: EntityKind) -> PostureTable:
        self.asked.append((view, moment.at, kind))
        if self.fault is not None:
            raise self.fault
        return of(view, moment.at, *self.rows)

    def evidence(self, row: PostureRow, at: datetime) -> tuple[FigureEvidence, ...]:
        if self.fault is not None:
            raise self.fault
        first, *others = row.figures
        told = FigureEvidence(first, (EVIDENCE,), (None,))
        return told, *(FigureEvidence(each, (), ()) for each in others)


class Desk:
    """The panel turned to its posture, and what the shell would be told."""

    def __init__(self, theme: Theme, show: Callable[[QWidget], QWidget], facts: Facts) -> None:
        self.facts, self.background = facts, HeldBackground()
        self.selected: list[str] = []
        self.panels: list[tuple[str, str]] = []
        self.noticed: list[str] = []
        self.side: QWidget | None = None
        self.view = ComplianceView(theme)
        self.view.entity_selected.connect(self.selected.append)
        self.view.panel_requested.connect(lambda panel, key: self.panels.append((panel, key)))
        self.view.side_page_changed.connect(self._take_side)
        self.view.notice_raised.connect(self.noticed.append)
        compliance = CompliancePresenter(
            Source(), self.background, self.view, str, beside=self.view.beside, write=written
        )
        self.posture = PosturePresenter(facts, self.background, self.view.posture, str)
        self.view.present(compliance, self.background, self.posture)
        self.window = show(hosted(self.view))
        self.view.show_moment(LIVE)
        self.settle()

    def settle(self) -> None:
        self.background.finish()
        QApplication.processEvents()

    def press(self, text: str) -> None:
        places = [self.window] if self.side is None else [self.window, self.side]
        buttons = [
            one
            for place in places
            for one in place.findChildren(QAbstractButton)
            if text in {one.accessibleName(), one.text()} and one.isVisibleTo(place)
        ]
        QTest.mouseClick(buttons[0], Qt.MouseButton.LeftButton)
        self.settle()

    def act(self, action_id: str) -> None:
        next(one for one in self.view.panel_actions() if one.spec.id == action_id).run()
        self.settle()

    @property
    def table(self) -> QTableView:
        return next(one for one in self.view.findChildren(QTableView) if one.isVisible())

    def words(self, place: QWidget | None = None) -> list[str]:
        return [one.text() for one in (place or self.view).findChildren(QLabel) if one.isVisibleTo(place or self.view)]

    def _take_side(self, side: QWidget | None) -> None:
        if self.side is not None:
            self.side.setParent(self.view)
        self.side = side
        if side is not None:
            side.setParent(self.window)
            side.show()


@pytest.fixture
def facts() -> Facts:
    return Facts()


@pytest.fixture
def desk(theme: Theme, show: Callable[[QWidget], QWidget], facts: Facts) -> Desk:
    return Desk(theme, show, facts)


def test_nothing_is_read_of_the_posture_before_it_is_looked_at(desk: Desk, facts: Facts) -> None:
    desk.view.refresh(LIVE, frozenset({Topic.COMPLIANCE}))
    desk.settle()
    assert facts.asked == []


def test_each_view_is_read_when_it_is_turned_to(desk: Desk, facts: Facts) -> None:
    for text in ("Posture", "Data", "Partners"):
        desk.press(text)
    assert [view for view, _, _ in facts.asked] == [PostureView.SECURITY, PostureView.DATA, PostureView.PARTNERS]


def test_a_view_can_be_asked_for_by_its_name(desk: Desk, facts: Facts) -> None:
    desk.view.show_target("partners")
    desk.settle()
    assert [view for view, _, _ in facts.asked] == [PostureView.PARTNERS]


def test_what_is_not_known_says_so_and_is_counted(desk: Desk) -> None:
    desk.press("Posture")
    model = desk.table.model()
    cells = [[str(model.index(row, column).data()) for column in range(3)] for row in range(model.rowCount())]
    assert ["PayHub", "ends in 9 d", "not known"] in cells
    assert "1 row · 1 of 2 figures not known" in desk.words()


def test_a_chosen_day_holds_for_the_posture_and_survives_a_refresh(desk: Desk, facts: Facts) -> None:
    desk.press("Posture")
    desk.act("compliance.day_before")
    assert facts.asked[-1][1].date() == YESTERDAY.date()
    asked = len(facts.asked)
    desk.view.refresh(LIVE, frozenset())
    desk.settle()
    assert len(facts.asked) == asked
    assert any(words.startswith("As of ") for words in desk.words())


def test_other_subjects_are_asked_for_their_own_figures(desk: Desk, facts: Facts) -> None:
    desk.press("Posture")
    choice = next(one for one in desk.window.findChildren(ChoiceButton) if "Controls of" in one.accessibleName())
    next(action for action in choice._menu.actions() if action.text() == "Services").trigger()
    desk.settle()
    assert facts.asked[-1][2] is EntityKind.SERVICE


def test_a_row_selects_its_entity_and_opens_every_figure_with_its_evidence(desk: Desk) -> None:
    desk.press("Posture")
    desk.act("compliance.next")
    assert desk.selected == [PAYHUB]
    desk.act("compliance.open")
    assert desk.side is not None
    told = desk.words(desk.side)
    assert {"Certificate", "SEC-01 not satisfied", "none on record", "No day is declared."} <= set(told)
    assert any(words.startswith(f"Evidence {EVIDENCE.id}") for words in told)


def test_an_opened_row_leads_to_its_entity_on_the_map(desk: Desk) -> None:
    desk.press("Posture")
    desk.act("compliance.next")
    desk.act("compliance.open")
    desk.press("Open in Relationships")
    assert desk.panels == [("relationships", PAYHUB)]


def test_turning_to_another_view_closes_what_is_open_beside(desk: Desk) -> None:
    desk.press("Posture")
    desk.act("compliance.next")
    desk.act("compliance.open")
    desk.press("Status")
    assert desk.side is None


def test_a_row_that_is_there_no_more_is_closed(desk: Desk, facts: Facts) -> None:
    desk.press("Posture")
    desk.act("compliance.next")
    desk.act("compliance.open")
    facts.rows = (replace(ROW, id="integration/other"),)
    desk.view.refresh(LIVE, frozenset({Topic.COMPLIANCE}))
    desk.settle()
    assert desk.side is None


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("Security", "Nothing of this kind is declared"),
        ("Data", "No relation is declared or seen"),
        ("Partners", "No partner is declared"),
    ],
)
def test_an_empty_view_says_what_would_be_there(desk: Desk, facts: Facts, text: str, sentence: str) -> None:
    facts.rows = ()
    desk.press("Posture")
    desk.press(text)
    assert sentence in desk.words()


def test_a_first_read_that_fails_offers_to_try_again(desk: Desk, facts: Facts) -> None:
    facts.fault = LOCKED
    desk.press("Posture")
    assert "The store is locked." in desk.words()
    facts.fault = None
    desk.press("Try again")
    assert desk.table.model().rowCount() > 0


def test_a_refresh_that_fails_leaves_what_was_shown_as_old(desk: Desk, facts: Facts) -> None:
    desk.press("Posture")
    facts.fault = LOCKED
    desk.view.refresh(LIVE, frozenset({Topic.COMPLIANCE}))
    desk.settle()
    stacks = desk.view.posture.page.findChildren(StateStack)
    assert [one.accessibleDescription() for one in stacks] == ["The store is locked. Shown as of 12:32"]


def test_the_filter_narrows_the_posture_and_says_what_it_hides(desk: Desk) -> None:
    desk.press("Posture")
    desk.view.posture.page.narrow("nothing like it")
    desk.settle()
    assert any("hidden from you: 1 by the filter" in words for words in desk.words())


def test_what_is_shown_is_written_as_csv_with_its_query(desk: Desk) -> None:
    assert desk.posture.file() is None
    desk.press("Posture")
    file = desk.posture.file()
    assert file is not None
    lines = list(csv.DictReader(io.StringIO(file.write().decode())))
    assert [(line["Figure"], line["Value"]) for line in lines] == [
        ("Certificate", "ends in 9 d"),
        ("Keys", "not known"),
    ]


def test_saving_before_anything_is_shown_says_so(desk: Desk, facts: Facts) -> None:
    facts.fault = LOCKED
    desk.press("Posture")
    desk.act("compliance.export")
    assert desk.noticed == ["Nothing is saved: nothing is shown yet."]


def test_markup_in_what_is_known_stays_plain_text(desk: Desk, facts: Facts, tmp_path: Path) -> None:
    hostile = hostile_text(tmp_path).markup
    figures = tuple(replace(each, words=hostile, told_by=hostile) for each in ROW.figures)
    facts.rows = (replace(ROW, name=hostile, group=hostile, figures=figures),)
    desk.press("Posture")
    desk.act("compliance.next")
    desk.act("compliance.open")
    assert list(faults_below(desk.window)) == []

"""The view of policies: listed with their state, edited with a live check, tried on a bench, and only then enabled."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QTableView, QWidget

from quarterdeck.domain.errors import OperatorError
from quarterdeck.domain.estate import Entity, EntityKind
from quarterdeck.domain.health import HealthState
from quarterdeck.domain.policies import PolicyVersion, Verdict
from quarterdeck.domain.policy_acts import PolicyAct, PolicyDeed
from quarterdeck.services.policy_desk import DeskReport, Enabling
from quarterdeck.services.policy_packs import parse_pack
from quarterdeck.services.policy_shelf import (
    CheckedText,
    PolicyOrigin,
    PolicyText,
    RefusedFile,
    Shelf,
    ShelvedPolicy,
    check_text,
)
from quarterdeck.services.policy_trials import Trial, TrialRow
from quarterdeck.services.ports import Topic
from quarterdeck.ui.panels.compliance.enabling_dialog import EnablingDialog
from quarterdeck.ui.panels.compliance.policy_page import PolicyPage
from quarterdeck.ui.panels.compliance.policy_presenter import PolicyPresenter
from quarterdeck.ui.panels.compliance.policy_words import bench_state, policies_state
from quarterdeck.ui.theme.theme import Theme
from tests.support.backgrounds import HeldBackground
from tests.ui.panels.overview.reports import LIVE, NOON
from tests.unit.policies.malformed import SOUND_PACK

Show = Callable[[QWidget], QWidget]
(POLICY,) = parse_pack(SOUND_PACK.encode(), "own.yaml").policies
OTHER = replace(POLICY, id="SEC-02", title="Another")
PAYHUB = Entity("integration/payhub", EntityKind.INTEGRATION, "PayHub")
CORE = Entity("integration/core", EntityKind.INTEGRATION, "Core accounts")
WRONG = SOUND_PACK.replace("tls.version", "tls.versio")
PAST = replace(LIVE, at=NOON - timedelta(days=1), live=False)
HOLDS, BROKEN = Verdict.SATISFIED, Verdict.NOT_SATISFIED
ACT = PolicyAct(PolicyDeed.ENABLED, "own.yaml", ("SEC-01",), "d", "ada", "", "", NOON - timedelta(days=2), 7)
SHELF = Shelf(
    (
        ShelvedPolicy(POLICY, "own.yaml", PolicyOrigin.OWN, shadows=True),
        ShelvedPolicy(OTHER, "security.yaml", PolicyOrigin.SHIPPED),
    ),
    (RefusedFile("wrong.yaml", ("wrong.yaml, line 3: no.",)),),
)
REPORT = DeskReport(SHELF, {"SEC-01": PolicyVersion(POLICY, 3, NOON - timedelta(days=9))}, (ACT,), NOON)


def trial(version: PolicyVersion | None = None) -> Trial:
    """One entity that would change, and one that would not."""
    standing = {} if version is None else {"SEC-01": version}
    rows = (
        TrialRow("SEC-01", CORE, HOLDS, "", HOLDS, (HOLDS,) * 90, (HOLDS,) * 90),
        TrialRow("SEC-01", PAYHUB, BROKEN, "TLS version: 1.1", HOLDS, (None, *(BROKEN,) * 89), (HOLDS,) * 90),
    )
    return Trial(NOON, (POLICY,), standing, rows, gathered=2)


@dataclass
class FakeDesk:
    """Answers as it is told to, and keeps what was asked for."""

    enabled: list[Enabling] = field(default_factory=list)
    withdrawn: list[Enabling] = field(default_factory=list)
    refusal: OperatorError | None = None
    tried: list[str] = field(default_factory=list)

    def report(self, at: datetime) -> DeskReport:
        return replace(REPORT, at=at)

    def open(self, policy_id: str) -> PolicyText:
        return PolicyText(f"{policy_id.lower()}.yaml", SOUND_PACK, "", PolicyOrigin.SHIPPED)

    def open_file(self, file: str) -> PolicyText:
        return PolicyText(file, WRONG, "digest", PolicyOrigin.OWN)

    def check(self, text: str, file: str) -> CheckedText:
        return check_text(text, file)

    def try_text(self, text: str, file: str, at: datetime) -> Trial:
        self.tried.append(text)
        if self.refusal is not None:
            raise self.refusal
        return trial()

    def enable(self, wanted: Enabling, at: datetime) -> PolicyAct:
        if self.refusal is not None:
            raise self.refusal
        self.enabled.append(wanted)
        return replace(ACT, file=wanted.file)

    def withdraw(self, wanted: Enabling, at: datetime) -> PolicyAct:
        self.withdrawn.append(wanted)
        return replace(ACT, file=wanted.file, deed=PolicyDeed.WITHDRAWN)


class Panel:
    """The page with a presenter over a fake desk."""

    def __init__(self, theme: Theme, show: Show) -> None:
        self.desk, self.background = FakeDesk(), HeldBackground()
        self.noticed: list[str] = []
        self.page = PolicyPage(theme)
        self.page.noticed.connect(self.noticed.append)
        self.presenter = PolicyPresenter(self.desk, self.background, self.page, str, bench=self.page.editor)
        self.page.present(self.presenter)
        self.window = show(self.page)
        self.page.show_moment(LIVE)
        self.settle()

    def settle(self) -> None:
        self.background.finish()
        QApplication.processEvents()

    def open(self, key: str = "SEC-02") -> None:
        self.page.table.row_activated.emit(key)
        self.settle()

    def type(self, text: str) -> None:
        self.page.editor.text.setPlainText(text)
        self.page.editor.take_now()
        self.settle()

    def button(self, text: str) -> QAbstractButton:
        return next(one for one in self.page.findChildren(QAbstractButton) if one.accessibleName() == text)

    def press(self, text: str) -> None:
        self.button(text).click()
        self.settle()

    def rows(self, column: int) -> list[str]:
        table = next(one for one in self.page.findChildren(QTableView) if one.isVisible())
        model = table.model()
        return [str(model.index(row, column).data()) for row in range(model.rowCount()) if model.index(row, 1).data()]

    @property
    def said(self) -> str:
        return self.page.editor._verdict.text()

    @property
    def dialog(self) -> EnablingDialog:
        return self.page.window().findChildren(EnablingDialog)[0]

    def answer(self, **values: str) -> None:
        """Fill in the dialog's fields in their order, and accept."""
        fields = self.dialog.findChildren(QLineEdit)
        for line, value in zip(fields, (values.get("by", ""), values.get("agrees", ""), "why"), strict=False):
            line.setText(value)
        self.dialog.accept()
        self.settle()


@pytest.fixture
def panel(theme: Theme, show: Show) -> Panel:
    return Panel(theme, show)


def test_policies_are_listed_with_their_state_and_refused_files_first(panel: Panel) -> None:
    assert panel.rows(0) == ["wrong.yaml", "SEC-01 TLS to partners", "SEC-02 Another"]
    assert panel.rows(1) == ["Refused", "Enabled", "Waits for the collector"]


def test_the_summary_tells_whose_policies_there_are_and_the_last_change() -> None:
    told = policies_state(REPORT, str).summary
    assert told.startswith("2 policies, 1 of your own · 1 file refused")
    assert "last change: own.yaml enabled by ada" in told


def test_a_policy_opens_in_the_editor_checked_and_tried(panel: Panel) -> None:
    panel.open()
    assert panel.said == "● Holds together: SEC-01"
    assert panel.rows(0) == ["PayHub", "Core accounts"]
    assert panel.rows(1) == ["Not satisfied", "Satisfied"]
    assert panel.button("Enable…").isEnabled()


def test_a_refused_file_opens_with_its_faults_marked_and_cannot_be_enabled(panel: Panel) -> None:
    panel.open("file:wrong.yaml")
    assert panel.said.startswith("◆ Line 9, column 11: There is no fact")
    assert len(panel.page.editor.text.extraSelections()) == 1
    assert not panel.button("Enable…").isEnabled()
    assert panel.desk.tried == []
    panel.press("Next fault")
    assert panel.page.editor.text.textCursor().blockNumber() == 8


def test_what_is_typed_is_checked_and_tried_anew(panel: Panel) -> None:
    panel.open()
    panel.type(WRONG)
    assert not panel.button("Enable…").isEnabled()
    panel.type(SOUND_PACK.replace("1.2", "1.3"))
    assert panel.desk.tried[-1].count("1.3") > 0
    assert panel.button("Enable…").isEnabled()


def test_a_text_is_not_enabled_while_its_trial_is_under_way(panel: Panel) -> None:
    panel.open()
    panel.page.editor.text.setPlainText(SOUND_PACK.replace("1.2", "1.3"))
    panel.page.editor.take_now()
    assert not panel.button("Enable…").isEnabled()
    assert not panel.presenter.can_enable


def test_in_the_past_a_text_is_tried_and_not_enabled(panel: Panel) -> None:
    panel.open()
    panel.page.show_moment(PAST)
    panel.settle()
    assert panel.rows(0) == ["PayHub", "Core accounts"]
    assert not panel.button("Enable…").isEnabled()


def test_a_trial_that_fails_says_why_and_enables_nothing(panel: Panel) -> None:
    panel.desk.refusal = OperatorError("The store is away.", "Try again.")
    panel.open()
    assert panel.page.editor._summary.text() == "The store is away. Try again."
    assert not panel.button("Enable…").isEnabled()


def test_enabling_asks_who_and_leads_back_to_the_list(panel: Panel) -> None:
    panel.open()
    panel.press("Enable…")
    panel.answer(by="ada", agrees="bert")
    (wanted,) = panel.desk.enabled
    assert (wanted.file, wanted.text, wanted.by, wanted.approved_by) == ("sec-02.yaml", SOUND_PACK, "ada", "bert")
    assert panel.noticed[-1].startswith("sec-02.yaml is enabled, on record as 7.")
    assert panel.rows(0)[0] == "wrong.yaml"


def test_a_refusal_is_said_in_the_dialog_and_what_was_typed_stays(panel: Panel) -> None:
    panel.open()
    panel.press("Enable…")
    panel.desk.refusal = OperatorError("SEC-01 asks for a second person.", "Name somebody else.")
    panel.answer(by="ada")
    assert panel.desk.enabled == []
    assert panel.dialog.isVisible()
    panel.dialog.reject()
    assert panel.page.editor.isVisible()


def test_an_own_file_can_be_withdrawn_and_a_shipped_policy_cannot(panel: Panel) -> None:
    panel.open()
    assert not panel.button("Withdraw…").isVisible()
    panel.open("file:wrong.yaml")
    panel.press("Withdraw…")
    panel.answer(by="ada")
    assert [wanted.file for wanted in panel.desk.withdrawn] == ["wrong.yaml"]
    assert "withdrawn, on record as 7" in panel.noticed[-1]


def test_what_was_typed_is_there_again_until_it_is_given_up(panel: Panel) -> None:
    panel.open()
    panel.type(WRONG)
    QTest.keyClick(panel.page.editor.text, Qt.Key.Key_Escape)
    panel.settle()
    assert panel.rows(0)[0] == "wrong.yaml"
    panel.open()
    assert panel.page.editor.text.toPlainText() == WRONG
    panel.press("Start over")
    assert panel.page.editor.text.toPlainText() == SOUND_PACK


def test_a_new_policy_begins_with_a_sound_text_of_a_name_that_is_free(panel: Panel) -> None:
    panel.press("New policy")
    assert panel.said == "● Holds together: SEC-900"
    assert panel.page.editor._title.text() == "own-1.yaml"


def test_more_than_fits_is_told_at_the_foot_of_the_window(panel: Panel) -> None:
    panel.open()
    panel.page.editor.text.overfull.emit()
    assert panel.noticed[-1].startswith("That does not fit")


def test_the_keyboard_walks_and_opens_and_the_filter_narrows(panel: Panel) -> None:
    panel.page.walk(1)
    panel.page.walk(1)
    panel.page.open_selected()
    panel.settle()
    assert panel.page.editor.isVisible()
    panel.page.walk(1)
    panel.page.open_selected()
    panel.page.narrow("PayHub")
    assert panel.rows(0) == ["PayHub"]


def test_a_hidden_page_asks_nothing_and_shows_what_is_new_when_it_is_brought(panel: Panel) -> None:
    panel.page.bring(is_wanted=False)
    panel.page.show_moment(PAST)
    panel.page.refresh(LIVE, frozenset({Topic.COMPLIANCE}))
    assert panel.background.active == []
    panel.page.bring(is_wanted=True, policy_id="SEC-02")
    panel.settle()
    assert panel.page.editor.isVisible()


def test_a_refresh_lists_again_only_what_may_have_changed(panel: Panel) -> None:
    panel.page.refresh(LIVE, frozenset({Topic.SERIES}))
    assert panel.background.active == []
    panel.page.refresh(LIVE, frozenset({Topic.COMPLIANCE}))
    assert [piece.key for piece in panel.background.active] == ["policies"]
    panel.settle()


def test_the_bench_tells_what_would_change_first_and_what_stands_in_force() -> None:
    told = bench_state(trial(PolicyVersion(POLICY, 3, NOON)), str)
    first = told.lines[0]
    assert (first.entity, first.changes, first.other_days, first.mark) == ("PayHub", True, 90, HealthState.DOWN)
    assert "Not satisfied 89 d, not covered 1 d, 90 d other than recorded" in first.strip
    assert "1 would change" in told.summary
    assert "as version 3 in force: the replay beside what was recorded" in told.summary
    changed = replace(POLICY, title="Other")
    assert "keeps what it judged" in bench_state(trial(PolicyVersion(changed, 3, NOON)), str).summary
    assert "is not in force yet" in bench_state(trial(), str).summary

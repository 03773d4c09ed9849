"""Waiving from the panel: what is asked for, what becomes of it, and that nothing is decided about the past."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtWidgets import QAbstractButton, QApplication, QDialog, QLabel, QLineEdit, QWidget

from quarterdeck.domain.policies import Verdict
from quarterdeck.services.moments import Moment
from quarterdeck.ui.panels.compliance.finding_words import finding_state
from quarterdeck.ui.panels.compliance.state import Deed
from quarterdeck.ui.panels.compliance.waiver_dialog import WaiverDialog
from quarterdeck.ui.panels.compliance.words import compliance_state
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.theme.tokens import Tone
from tests.support.markup import faults_below, hostile_text
from tests.ui.panels.compliance.reports import (
    BROKEN,
    CORE,
    FINDING,
    LOCKED,
    PAYHUB,
    REPORT,
    TRUST,
    WAIVER,
    Source,
    control,
)
from tests.ui.panels.compliance.test_view import Desk
from tests.ui.panels.overview.reports import LIVE, NOON

ROW = "SEC-01@1 integration/payhub"
WAIVED = replace(FINDING, control=control(TRUST, CORE, Verdict.WAIVED, "Waived"), waiver=WAIVER)


class WaiverDesk(Desk):
    """The panel with one control open, and the dialog that it may ask with."""

    def __init__(self, theme: Theme, show: Callable[[QWidget], QWidget], source: Source) -> None:
        super().__init__(theme, show, source)
        self.told: list[str] = []
        self.view.notice_raised.connect(self.told.append)
        self.view.beside.open(ROW)
        self.settle()

    def button(self, text: str) -> QAbstractButton | None:
        within = self.side
        assert within is not None
        buttons = within.findChildren(QAbstractButton)
        return next((one for one in buttons if one.text() == text and one.isVisibleTo(within)), None)

    def ask(self, text: str) -> WaiverDialog:
        button = self.button(text)
        assert button is not None
        button.click()
        QApplication.processEvents()
        return self.dialog

    @property
    def dialog(self) -> WaiverDialog:
        return next(one for one in self.window.findChildren(WaiverDialog) if one.isVisible())

    def fill(self, **values: str) -> None:
        for name, text in values.items():
            label = name.replace("_", " ").capitalize()
            line = next(one for one in self.dialog.findChildren(QLineEdit) if one.accessibleName() == label)
            line.setText(text)

    def accept(self) -> None:
        self.dialog.accept_button.click()
        self.settle()

    def words(self) -> str:
        return "\n".join(one.text() for one in self.dialog.findChildren(QLabel) if one.isVisible())


@pytest.fixture
def desk(theme: Theme, show: Callable[[QWidget], QWidget]) -> WaiverDesk:
    return WaiverDesk(theme, show, Source())


@pytest.fixture
def waived(theme: Theme, show: Callable[[QWidget], QWidget]) -> WaiverDesk:
    return WaiverDesk(theme, show, Source(finding=WAIVED))


def test_a_control_that_does_not_hold_is_waived_with_what_was_filled_in(desk: WaiverDesk) -> None:
    desk.ask("Waive…")
    desk.fill(reason="Replaced in May", for_how_long="10 d", asked_by="anna", agreed_by="bert")
    desk.accept()
    (draft,) = desk.source.waivers.drafts
    assert (draft.policy_id, draft.entity_key, draft.reason) == ("SEC-01", PAYHUB.key, "Replaced in May")
    assert (draft.requested_by, draft.approved_by) == ("anna", "bert")
    assert draft.until_at == LIVE.at + timedelta(days=10)
    assert "SEC-01 is waived until" in desk.told[-1]
    assert not [one for one in desk.window.findChildren(QDialog) if one.isVisible()]


def test_what_is_missing_is_said_at_its_field_and_nothing_is_decided(desk: WaiverDesk) -> None:
    desk.ask("Waive…")
    desk.fill(for_how_long="400 d")
    desk.accept()
    assert desk.source.waivers.drafts == []
    for words in ("Reason is needed.", "Asked by is needed.", "366 d"):
        assert words in desk.words()


def test_a_refusal_stands_in_the_dialog_and_what_was_filled_in_stays(desk: WaiverDesk) -> None:
    desk.source.waivers.fault = LOCKED
    desk.ask("Waive…")
    desk.fill(reason="why", asked_by="anna", agreed_by="anna")
    desk.accept()
    assert "The store is locked. End the other program." in desk.words()
    desk.source.waivers.fault = None
    desk.accept()
    assert len(desk.source.waivers.drafts) == 2


def test_a_waiver_that_holds_is_told_and_can_be_withdrawn(waived: WaiverDesk) -> None:
    assert "anna, agreed by bert" in waived.said
    assert waived.button("Waive…") is None
    waived.ask("Withdraw…")
    waived.fill(reason="Replaced", withdrawn_by="carl")
    waived.accept()
    assert waived.source.waivers.withdrawn == [("w", "carl", "Replaced")]
    assert "is withdrawn" in waived.told[-1]


def test_a_refusal_after_the_dialog_was_left_is_told_at_the_foot(waived: WaiverDesk) -> None:
    waived.source.waivers.fault = LOCKED
    dialog = waived.ask("Withdraw…")
    waived.fill(reason="Replaced", withdrawn_by="carl")
    dialog.accept_button.click()
    dialog.reject()
    waived.settle()
    assert waived.told == ["The store is locked. End the other program."]


def test_of_the_past_nothing_is_offered_and_nothing_is_decided(desk: WaiverDesk) -> None:
    dialog = desk.ask("Waive…")
    desk.fill(reason="why", asked_by="anna", agreed_by="bert")
    desk.view.show_moment(Moment(LIVE.time_range, NOON - timedelta(days=1), live=False))
    desk.settle()
    assert desk.button("Waive…") is None
    dialog.accept_button.click()
    desk.settle()
    assert "The past cannot be decided about." in desk.words()
    assert desk.source.waivers.drafts == []


@pytest.mark.parametrize(
    ("verdict", "deed"),
    [
        (Verdict.NOT_SATISFIED, Deed.WAIVE),
        (Verdict.NOT_EVALUABLE, Deed.WAIVE),
        (Verdict.SATISFIED, Deed.NONE),
    ],
)
def test_only_what_does_not_hold_can_be_waived(verdict: Verdict, deed: Deed) -> None:
    report = replace(FINDING, control=control(TRUST, CORE, verdict))
    assert finding_state(report, NOON, str, is_live=True).deed is deed
    assert finding_state(report, NOON, str).deed is Deed.NONE


def test_a_waiver_near_its_end_stands_out() -> None:
    later = replace(WAIVER, until_at=NOON + timedelta(days=30))
    tones = [
        next(
            fact.tone for fact in finding_state(replace(WAIVED, waiver=each), NOON, str).facts if "until" in fact.label
        )
        for each in (WAIVER, later)
    ]
    assert tones == [Tone.DEGRADED, Tone.MAINTENANCE]
    figures = [compliance_state(replace(REPORT, waivers=(each,)), LIVE, str).figures for each in (WAIVER, later)]
    assert [next(one.tone for one in each if one.key == "waived") for each in figures] == [Tone.DEGRADED, Tone.TEXT]


def test_hostile_words_of_a_control_stay_plain_in_the_dialog(
    theme: Theme, show: Callable[[QWidget], QWidget], tmp_path: Path
) -> None:
    policy = replace(BROKEN.policy, title=hostile_text(tmp_path).all[0])
    state = finding_state(replace(FINDING, control=replace(BROKEN, policy=policy)), NOON, str, is_live=True)
    host = show(QWidget())
    dialog = WaiverDialog(theme, state, host)
    dialog.open()
    QApplication.processEvents()
    assert faults_below(dialog) == []
    dialog.reject()

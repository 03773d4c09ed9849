"""Risks under a person's hands: registered from a finding in one step, decided about, or refused."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit, QWidget

from quarterdeck.domain.risks import ControlLink, Treatment
from quarterdeck.services.risks import RiskDecision, RiskDraft
from quarterdeck.ui.panels.compliance.finding_words import finding_state
from quarterdeck.ui.panels.compliance.presenter import read_page
from quarterdeck.ui.panels.compliance.risk_dialog import (
    HandRiskDialog,
    RiskClosingDialog,
    RiskDecisionDialog,
    RiskDialog,
)
from quarterdeck.ui.panels.compliance.risk_presenter import RiskPresenter
from quarterdeck.ui.panels.compliance.scan_words import scanned_state
from quarterdeck.ui.panels.compliance.state import ComplianceState, RiskAnswer
from quarterdeck.ui.theme.theme import Theme
from tests.support.backgrounds import HeldBackground
from tests.ui.panels.compliance.reports import FINDING, LOCKED, PAYHUB, SCANNED, Register, Source
from tests.ui.panels.compliance.test_presenter import Surface
from tests.ui.panels.compliance.test_risks import REPORT
from tests.ui.panels.compliance.test_view import Desk
from tests.ui.panels.overview.reports import LIVE, NOON

ANSWER = RiskAnswer("PayHub outage", 4, 5, "payments", "anna")


def press_below(root: QWidget, text: str) -> None:
    next(one for one in root.findChildren(QAbstractButton) if one.text().replace("&", "") == text).click()


def fill(dialog: QWidget, label: str, text: str) -> None:
    next(one for one in dialog.findChildren(QLineEdit) if one.accessibleName().startswith(label)).setText(text)


def lines(*, live: bool) -> list[bool]:
    page = read_page(Source(risk_report=REPORT), replace(LIVE, live=live), FINDING.control.entity.kind, str)
    assert isinstance(page, ComplianceState)
    return [line.can_decide for line in page.risks.lines]


def test_the_past_is_not_decided_about() -> None:
    surface, register, background = Surface(), Register(), HeldBackground()
    presenter = RiskPresenter(register, background, surface, str, now=lambda: None)
    presenter.register(finding_state(FINDING, NOON, str), ANSWER)
    background.finish()
    assert register.drafts == []
    assert surface.told == ["refused: The past cannot be decided about. Go back to the present."]
    assert (lines(live=False), lines(live=True)) == ([False, False], [True, True])


def test_a_refusal_is_told_and_may_be_tried_again() -> None:
    surface, register, background = Surface(), Register(fault=LOCKED), HeldBackground()
    presenter = RiskPresenter(register, background, surface, str, now=lambda: NOON)
    finding = finding_state(FINDING, NOON, str)
    presenter.register(finding, ANSWER)
    presenter.register(finding, ANSWER)
    background.finish()
    assert (len(register.drafts), surface.told) == (1, ["refused: The store is locked. End the other program."])
    register.fault = None
    presenter.register(finding, ANSWER)
    background.finish()
    assert surface.told[-1] == "decided: risk-12 is registered. See it under Risks."


@pytest.mark.parametrize("is_scanned", [False, True], ids=["policy", "scan"])
def test_a_risk_from_a_finding_names_it_and_the_control_where_there_is_one(*, is_scanned: bool) -> None:
    register, background = Register(), HeldBackground()
    presenter = RiskPresenter(register, background, Surface(), str, now=lambda: NOON)
    found = scanned_state(SCANNED[0], NOON, str) if is_scanned else finding_state(FINDING, NOON, str)
    presenter.register(found, ANSWER)
    background.finish()
    links = () if is_scanned else (ControlLink("SEC-01", PAYHUB.key),)
    assert register.drafts == [
        RiskDraft("PayHub outage", PAYHUB.key, 4, 5, "anna", "payments", None, links, found.subject.what)
    ]


def test_a_finding_is_registered_as_a_risk_in_one_step(theme: Theme, show: Callable[[QWidget], QWidget]) -> None:
    desk = Desk(theme, show, Source())
    desk.press("Findings")
    desk.key("J")
    desk.key("Return")
    assert desk.side is not None
    press_below(desk.side, "Risk…")
    (dialog,) = desk.window.findChildren(RiskDialog)
    fill(dialog, "Registered by", "anna")
    press_below(dialog, "Register")
    desk.settle()
    (draft,) = desk.source.register.drafts
    assert (draft.title, draft.likelihood, draft.impact, draft.by) == ("SEC-01 · TLS to partners", 3, 3, "anna")
    assert desk.noticed[-1] == "risk-12 is registered. See it under Risks."


def test_a_risk_is_decided_about_beside_the_table(theme: Theme, show: Callable[[QWidget], QWidget]) -> None:
    desk = Desk(theme, show, Source(risk_report=REPORT))
    desk.press("Risks")
    desk.key("J")
    desk.key("Return")
    assert desk.side is not None
    desk.source.register.fault = LOCKED
    press_below(desk.side, "Decide…")
    (dialog,) = desk.window.findChildren(RiskDecisionDialog)
    fill(dialog, "Why", "Second provider by May")
    fill(dialog, "Decided by", "bert")
    press_below(dialog, "Decide")
    desk.settle()
    assert any("The store is locked." in one.text() for one in dialog.findChildren(QLabel))
    desk.source.register.fault = None
    press_below(dialog, "Decide")
    desk.settle()
    expected = RiskDecision(
        "risk-3", Treatment.MITIGATE, "bert", "Second provider by May", NOON + timedelta(days=90), owner="payments"
    )
    assert desk.source.register.decisions == [expected, expected]
    assert desk.noticed[-1] == "risk-12 is decided about, on the facts of now."


def test_a_risk_is_closed_beside_the_table_or_the_refusal_is_told(
    theme: Theme, show: Callable[[QWidget], QWidget]
) -> None:
    desk = Desk(theme, show, Source(risk_report=REPORT))
    desk.press("Risks")
    desk.key("J")
    desk.key("Return")
    assert desk.side is not None
    desk.source.register.fault = LOCKED
    press_below(desk.side, "Close…")
    (dialog,) = desk.window.findChildren(RiskClosingDialog)
    fill(dialog, "Why", "PayHub is replaced")
    fill(dialog, "Closed by", "anna")
    press_below(dialog, "Close risk")
    desk.settle()
    assert any("The store is locked." in one.text() for one in dialog.findChildren(QLabel))
    desk.source.register.fault = None
    press_below(dialog, "Close risk")
    desk.settle()
    assert desk.source.register.closings == [("risk-3", "anna", "PayHub is replaced")] * 2
    assert desk.noticed[-1] == "risk-12 is closed, and stays on record."


def test_a_risk_is_registered_by_hand_where_something_is_selected(
    theme: Theme, show: Callable[[QWidget], QWidget]
) -> None:
    desk = Desk(theme, show, Source())
    desk.view.show_selection(PAYHUB.key)
    desk.key("Shift+R")
    (dialog,) = desk.window.findChildren(HandRiskDialog)
    press_below(dialog, "Register")
    assert desk.source.register.drafts == []
    fill(dialog, "Risk", "Key person leaves")
    fill(dialog, "Registered by", "anna")
    press_below(dialog, "Register")
    desk.settle()
    assert desk.source.register.drafts == [RiskDraft("Key person leaves", PAYHUB.key, 3, 3, "anna")]
    assert desk.noticed[-1] == "risk-12 is registered. See it under Risks."

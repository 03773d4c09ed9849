"""The risk register in the panel: the table, the matrix beside it, and one risk with what was decided about it."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from quarterdeck.domain.policies import Verdict
from quarterdeck.domain.risks import (
    Bearing,
    ControlLink,
    Risk,
    RiskAct,
    RiskHistory,
    RiskRecord,
    RiskScale,
    Treatment,
    bearing_of,
    changed_links,
    residual,
)
from quarterdeck.services.risk_trends import RiskDay
from quarterdeck.services.risks import LinkStanding, RisksReport, StandingRisk
from quarterdeck.ui.panels.compliance.risk_matrix import RiskMatrix
from quarterdeck.ui.panels.compliance.risk_words import risks_state
from quarterdeck.ui.theme.scheme import ThemeChoice
from quarterdeck.ui.theme.theme import Theme
from tests.support.markup import faults_below, hostile_text, shows_the_image
from tests.ui.panels.compliance.reports import CORE, PAYHUB, Source
from tests.ui.panels.compliance.test_view import Desk
from tests.ui.panels.overview.reports import LIVE, NOON, before

SCALE = RiskScale()
TLS, FRESH = ControlLink("SEC-01", PAYHUB.key), ControlLink("RES-02", PAYHUB.key, 40)
OUTAGE = Risk("risk-3", "PayHub outage", PAYHUB.key, 4, 5, "payments", before(-60), (TLS, FRESH), "policy SEC-01")
NAMES = {PAYHUB.key: PAYHUB.name, CORE.key: CORE.name}


def standing(risk: Risk, *acts: RiskAct, verdict: Verdict | None = Verdict.SATISFIED) -> StandingRisk:
    """A risk on which these acts were done on a holding SEC-01, of which the verdict is this now."""
    basis = tuple(Bearing.HOLDS if link == TLS else Bearing.UNKNOWN for link in risk.links)
    records = tuple(
        RiskRecord(
            risk,
            act,
            Treatment.MITIGATE if act is RiskAct.DECIDED else None,
            basis,
            "anna",
            before(90 - number),
            "Because",
            number + 3,
        )
        for number, act in enumerate(acts)
    )
    verdicts = {TLS.control: verdict} if verdict is not None else {}
    bearings = {link.control: bearing_of(verdicts.get(link.control)) for link in risk.links}
    history, left = RiskHistory(records), residual(risk, bearings)
    decision = history.decision
    changed = changed_links(decision, bearings) if decision is not None else ()
    since_at = records[0].recorded_at if decision is None else before(5) if changed else None
    return StandingRisk(
        history=history,
        links=tuple(LinkStanding(link, bearings[link.control], verdicts.get(link.control)) for link in risk.links),
        residual=left,
        band=SCALE.band(left.score),
        inherent_band=SCALE.band(left.inherent),
        undecided_since_at=None if history.is_closed else since_at,
        changed=changed,
        is_review_due=risk.review_at is not None and risk.review_at <= NOON,
    )


DECIDED = standing(OUTAGE, RiskAct.ADDED, RiskAct.DECIDED)
KEYS = standing(Risk("risk-9", "Keys are lost", CORE.key, 1, 3, ""), RiskAct.ADDED)
REPORT = RisksReport((DECIDED, KEYS), NAMES, SCALE)


def looking_at(theme: Theme, show: Callable[[QWidget], QWidget], report: RisksReport = REPORT) -> Desk:
    desk = Desk(theme, show, Source(risk_report=report))
    desk.press("Risks")
    return desk


def facts(risk: StandingRisk) -> dict[str, str]:
    (line,) = risks_state(RisksReport((risk,), NAMES, SCALE), NOON, str).lines
    return {fact.label: fact.value for fact in line.facts}


def test_without_risks_the_view_says_so_and_the_matrix_is_empty(
    theme: Theme, show: Callable[[QWidget], QWidget]
) -> None:
    desk = looking_at(theme, show, RisksReport((), {}, SCALE))
    assert desk.table.model().rowCount() == 0
    assert all(cell.count == 0 for cell in risks_state(RisksReport((), {}, SCALE), NOON, str).cells)
    assert risks_state(RisksReport((), {}, SCALE), NOON, str).summary == "No risk is registered"


def test_a_risk_is_a_row_with_what_is_left_and_how_certain_that_is(
    theme: Theme, show: Callable[[QWidget], QWidget]
) -> None:
    desk = looking_at(theme, show)
    assert desk.rows(0) == ["High · 16, at best 10", "Low · 3"]
    assert desk.rows(1) == ["PayHub outage", "Keys are lost"]
    assert desk.rows(2) == ["PayHub", "Core accounts"]
    assert desk.rows(6)[0] == "Fits the facts"
    assert desk.rows(6)[1].startswith("None yet, since ")


def test_a_row_opens_the_risk_with_its_controls_and_every_act(theme: Theme, show: Callable[[QWidget], QWidget]) -> None:
    desk = looking_at(theme, show)
    desk.key("J")
    desk.key("Return")
    assert "Likelihood 4 × impact 5 = 20, critical" in desk.said
    assert "SEC-01 holds, lowers by 20 %\nRES-02 is not known to hold, lowers by 40 %" in desk.said
    assert desk.selected[-1] == PAYHUB.key
    desk.key("J")
    assert "Keys are lost" in desk.said


def test_a_risk_that_is_there_no_more_is_closed_beside_the_table(
    theme: Theme, show: Callable[[QWidget], QWidget]
) -> None:
    desk = looking_at(theme, show)
    desk.key("J")
    desk.key("Return")
    assert desk.side is not None
    desk.source.risk_report = RisksReport((KEYS,), NAMES, SCALE)
    desk.view.show_moment(replace(LIVE, at=before(1)))
    desk.settle()
    assert desk.side is None


def test_a_decision_on_other_facts_is_told_with_what_changed_and_since_when() -> None:
    told = facts(standing(OUTAGE, RiskAct.ADDED, RiskAct.DECIDED, verdict=Verdict.NOT_SATISFIED))
    assert told["Decision"].startswith("Needs a new one since ")
    assert told["Changed"] == "SEC-01"
    assert told["Left"] == "Critical · 20, at best 12"
    assert told["Effect"] == "0 %"


def test_where_nothing_is_known_of_any_control_no_effect_is_told() -> None:
    assert facts(standing(OUTAGE, RiskAct.ADDED, verdict=None))["Effect"] == "not known"
    assert facts(KEYS)["Effect"] == "—"
    assert facts(KEYS)["Controls"] == "none"


def test_the_line_below_counts_what_waits_and_what_is_closed() -> None:
    closed = standing(replace(OUTAGE, id="risk-5"), RiskAct.ADDED, RiskAct.CLOSED)
    due = standing(replace(OUTAGE, id="risk-6", review_at=before(1)), RiskAct.ADDED, RiskAct.DECIDED)
    state = risks_state(RisksReport((DECIDED, due, KEYS, closed), NAMES, SCALE), NOON, str)
    assert state.summary == "3 risks · 1 needs a decision · 1 review due · 1 closed"
    assert [line.id for line in state.lines] == ["risk-3", "risk-6", "risk-9"]
    assert state.lines[1].review.endswith(", due")


def test_the_matrix_counts_risks_where_they_are_and_tells_them_in_words(
    theme: Theme, show: Callable[[QWidget], QWidget]
) -> None:
    desk = looking_at(theme, show)
    (matrix,) = desk.view.findChildren(RiskMatrix)
    described = matrix.accessibleDescription()
    assert "1: likely × severe = 20, critical: PayHub outage" in described
    assert "1: rare × moderate = 3, low: Keys are lost" in described
    desk.press("Findings")
    assert not matrix.isVisible()


def test_a_cell_that_is_clicked_opens_its_risk_and_an_empty_one_nothing(
    theme: Theme, show: Callable[[QWidget], QWidget]
) -> None:
    desk = looking_at(theme, show)
    (matrix,) = desk.view.findChildren(RiskMatrix)
    cells = {(cell.likelihood, cell.impact): matrix._place_of(cell).center().toPoint() for cell in matrix._state.cells}
    QTest.mouseClick(matrix, Qt.MouseButton.LeftButton, pos=cells[1, 1])
    assert desk.side is None
    QTest.mouseClick(matrix, Qt.MouseButton.LeftButton, pos=cells[4, 5])
    desk.settle()
    assert "PayHub outage" in desk.said
    assert matrix.plain_tool_tip_at(cells[1, 1]) == "rare × negligible = 1, low"
    assert matrix.plain_tool_tip_at(QPoint(1, 1)) == ""


def test_the_matrix_is_drawn_in_both_themes(theme: Theme, show: Callable[[QWidget], QWidget]) -> None:
    desk = looking_at(theme, show)
    (matrix,) = desk.view.findChildren(RiskMatrix)
    pictures = []
    for choice in (ThemeChoice.LIGHT, ThemeChoice.DARK):
        theme.choose(choice)
        pictures.append(matrix.grab().toImage())
    assert pictures[0] != pictures[1]


@pytest.mark.parametrize("kind", ["markup", "long_line"])
def test_titles_from_outside_stay_text(
    theme: Theme, show: Callable[[QWidget], QWidget], tmp_path: Path, kind: str
) -> None:
    text: str = getattr(hostile_text(tmp_path), kind)
    risk = standing(replace(OUTAGE, title=text, owner=text), RiskAct.ADDED)
    desk = looking_at(theme, show, RisksReport((risk,), {PAYHUB.key: text}, SCALE))
    desk.key("J")
    desk.key("Return")
    assert (faults_below(desk.window), shows_the_image(desk.window)) == ([], False)


def test_what_was_left_day_by_day_stands_as_a_line_beside_the_risk() -> None:
    days = tuple(RiskDay(NOON, 20, 0.5, score, score, is_registered=True) for score in (10, 20))
    state = risks_state(replace(REPORT, trends={"risk-3": days}), NOON, str)
    assert {line.id: line.trend for line in state.lines}["risk-3"] == (10.0, 20.0)

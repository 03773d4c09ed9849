"""From evidence to the chart of the very time it was measured in, under a person's hands and in words."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QAbstractButton, QWidget

from quarterdeck.domain.instants import TimeRange
from quarterdeck.domain.policies import EvidenceKind
from quarterdeck.services.evidence_charts import ChartFault, EvidenceChart
from quarterdeck.ui.panels.compliance.chart_words import chart_offer
from quarterdeck.ui.panels.compliance.finding_words import finding_state
from quarterdeck.ui.panels.compliance.state import ChartOffer
from quarterdeck.ui.theme.theme import Theme
from tests.support.markup import faults_below, hostile_text, shows_the_image
from tests.ui.panels.compliance.reports import BROKEN, EVIDENCE, FINDING, PAYHUB, Source
from tests.ui.panels.compliance.test_view import Desk
from tests.ui.panels.overview.reports import NOON, before

STATES = replace(EVIDENCE, kind=EvidenceKind.FRESHNESS, query="states of integration/payhub", id=8)
STRETCH = TimeRange(before(90), before(30))
CHART = EvidenceChart(PAYHUB.key, STRETCH, before(30))
CHARTED = replace(FINDING, evidence=(STATES,), charts=(CHART,))


def offered(chart: EvidenceChart) -> ChartOffer:
    found = chart_offer(chart, STATES, NOON, str)
    assert found is not None
    return found


def opened(theme: Theme, show: Callable[[QWidget], QWidget], chart: EvidenceChart = CHART) -> Desk:
    """A desk with the evidence of one control in sight."""
    desk = Desk(theme, show, Source(finding=replace(CHARTED, charts=(chart,))))
    desk.press("Findings")
    desk.key("J")
    desk.key("Return")
    return desk


def chart_buttons(desk: Desk) -> list[str]:
    assert desk.side is not None
    buttons = [one for one in desk.side.findChildren(QAbstractButton) if one.isVisibleTo(desk.side)]
    return [one.accessibleName() for one in buttons if "Evidence 8" in one.accessibleName()]


def test_a_chart_opens_performance_at_that_entity_then_the_very_range_then_the_play_head(
    theme: Theme, show: Callable[[QWidget], QWidget]
) -> None:
    desk = opened(theme, show)
    asked: list[object] = []
    desk.view.panel_requested.connect(lambda panel, target: asked.append((panel, target)))
    desk.view.range_requested.connect(asked.append)
    desk.view.play_head_requested.connect(asked.append)
    desk.press("Chart of this time: Evidence 8 · freshness")
    assert asked == [("performance", PAYHUB.key), STRETCH, before(30)]
    assert desk.noticed[-1].startswith("Evidence 8, freshness, ")
    assert desk.noticed[-1].endswith(": states of integration/payhub.")


def test_what_still_goes_on_leaves_the_play_head_where_it_is(theme: Theme, show: Callable[[QWidget], QWidget]) -> None:
    desk = opened(theme, show, replace(CHART, play_head_at=None))
    moved: list[object] = []
    desk.view.play_head_requested.connect(moved.append)
    desk.press("Chart of this time: Evidence 8 · freshness")
    assert moved == []


def test_what_is_declared_opens_relationships_and_leaves_the_range(
    theme: Theme, show: Callable[[QWidget], QWidget]
) -> None:
    desk = opened(theme, show, EvidenceChart(PAYHUB.key, None))
    ranges: list[object] = []
    desk.view.range_requested.connect(ranges.append)
    desk.press("Open in Relationships: Evidence 8 · freshness")
    assert (desk.panels, ranges) == (["relationships"], [])


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (ChartFault.ENTITY_GONE, "Choose a day on which it was."),
        (ChartFault.NOTHING_KEPT, "The evidence above is what is left of it."),
    ],
)
def test_what_cannot_be_charted_says_why_and_has_no_button(
    theme: Theme, show: Callable[[QWidget], QWidget], fault: ChartFault, words: str
) -> None:
    desk = opened(theme, show, replace(CHART, fault=fault))
    assert chart_buttons(desk) == []
    assert words in desk.said


def test_where_less_is_kept_than_there_was_it_is_said_beside_the_button() -> None:
    note = offered(replace(CHART, kept_from_at=before(80), singles_from_at=before(60))).note
    assert "states are kept from " in note
    assert note.endswith("on, before that their summaries")
    assert ";" not in offered(CHART).note


def test_evidence_that_lapsed_is_shown_as_lapsed_with_its_chart() -> None:
    report = replace(FINDING, control=BROKEN, evidence=(), lapsed=(STATES,), charts=(CHART,))
    (words,) = finding_state(report, NOON, str).evidence
    assert words.title == "Evidence 8 · freshness · lapsed"
    assert words.chart is not None
    assert words.chart.time_range == STRETCH


def test_evidence_without_a_course_offers_no_chart() -> None:
    (words,) = finding_state(replace(FINDING, charts=(None,)), NOON, str).evidence
    assert words.chart is None


@pytest.mark.parametrize("kind", ["markup", "long_line"])
def test_words_from_outside_stay_text_in_the_evidence(
    theme: Theme, show: Callable[[QWidget], QWidget], tmp_path: Path, kind: str
) -> None:
    text: str = getattr(hostile_text(tmp_path), kind)
    told = replace(CHARTED, evidence=(replace(STATES, query=text, what=text),))
    desk = Desk(theme, show, Source(finding=told))
    desk.press("Findings")
    desk.key("J")
    desk.key("Return")
    assert (faults_below(desk.window), shows_the_image(desk.window)) == ([], False)

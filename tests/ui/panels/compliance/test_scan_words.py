"""Findings of scanners in words: among the policies' own, with where, since when, and the very report."""

from dataclasses import replace

from quarterdeck.domain.health import HealthState
from quarterdeck.domain.policies import Severity
from quarterdeck.services.compliance import ComplianceReport, EntityFinding
from quarterdeck.ui.panels.compliance.presenter import read_finding, read_page
from quarterdeck.ui.panels.compliance.scan_words import scanned_line, scanned_state
from quarterdeck.ui.panels.compliance.state import ComplianceState, PageMessage
from tests.ui.panels.compliance.reports import BROKEN, NOTHING, REPORT, SCANNED, WITH_SCANS, Source
from tests.ui.panels.overview.reports import LIVE, NOON


def page(told: ComplianceReport) -> ComplianceState:
    shown = read_page(Source(told), LIVE, told.kind, str)
    assert not isinstance(shown, PageMessage)
    return shown


def with_severity(severity: Severity) -> EntityFinding:
    scanned = SCANNED[0].scanned
    return replace(SCANNED[0], scanned=replace(scanned, finding=replace(scanned.finding, severity=severity)))


def test_what_scanners_found_stands_behind_the_policies_that_do_not_hold_and_before_the_rest() -> None:
    told = [(line.verdict, line.title) for line in page(WITH_SCANS).findings]
    assert told[:4] == [
        ("Not satisfied", "SEC-01 · TLS to partners"),
        ("Found by scan", "B602 · Bandit"),
        ("Found by scan", "B403 · Bandit"),
        ("No evidence", "SEC-02 · Trusted certificates"),
    ]


def test_the_summary_and_the_figure_of_open_findings_count_what_scanners_found() -> None:
    assert page(WITH_SCANS).summary.endswith(" · 2 found by scanners")
    figures = {figure.key: (figure.value, figure.note) for figure in page(WITH_SCANS).figures}
    assert figures["broken"] == ("3", "2 by scans")
    assert {**figures, "broken": None} == {
        **{figure.key: (figure.value, figure.note) for figure in page(REPORT).figures},
        "broken": None,
    }


def test_findings_are_shown_where_no_policy_has_judged_anything_yet() -> None:
    shown = page(replace(NOTHING, scanned=SCANNED))
    assert [line.title for line in shown.findings] == ["B602 · Bandit", "B403 · Bandit"]
    assert shown.lines == ()


def test_a_row_tells_the_place_the_words_and_since_when() -> None:
    line = scanned_line(SCANNED[0], NOON, str)
    assert (line.why, line.since, line.owner) == ("src/app.py:3: A shell is started.", "3 d", "payments-team")
    assert scanned_line(SCANNED[1], NOON, str).why == "Pickle is imported."


def test_critical_and_high_are_marked_as_down_and_the_rest_as_degraded() -> None:
    marks = {severity: scanned_line(with_severity(severity), NOON, str).mark for severity in Severity}
    assert marks == {
        Severity.LOW: HealthState.DEGRADED,
        Severity.MEDIUM: HealthState.DEGRADED,
        Severity.HIGH: HealthState.DOWN,
        Severity.CRITICAL: HealthState.DOWN,
    }


def test_rows_of_two_scans_have_ids_of_their_own() -> None:
    other = replace(SCANNED[0].scanned.key, scan=("code-scans", "Bandit", "ledger"))
    second = replace(SCANNED[0], scanned=replace(SCANNED[0].scanned, key=other))
    assert scanned_line(SCANNED[0], NOON, str).id != scanned_line(second, NOON, str).id


def test_one_finding_is_told_with_when_it_was_seen_and_the_report_by_its_digest() -> None:
    state = read_finding(Source(WITH_SCANS), SCANNED[0].scanned.key, LIVE, str)
    assert state is not None
    facts = {fact.label: fact.value for fact in state.facts}
    assert (facts["Place"], facts["Severity"], facts["Result"]) == ("src/app.py:3", "High", "Found by Bandit")
    assert {"First seen", "Last seen", "Explained at"} <= facts.keys()
    evidence = {fact.label: fact.value for fact in state.evidence[0].facts}
    assert state.evidence[0].title == "Evidence 9 · scan"
    assert evidence["Query"].endswith("SHA-256 c0de")


def test_what_a_scanner_does_not_tell_has_no_line_of_its_own() -> None:
    labels = [fact.label for fact in scanned_state(SCANNED[1], NOON, str).facts]
    assert "Place" not in labels
    assert "Explained at" not in labels


def test_a_finding_that_stands_no_more_is_not_shown() -> None:
    assert read_finding(Source(REPORT), SCANNED[0].scanned.key, LIVE, str) is None
    assert read_finding(Source(WITH_SCANS), BROKEN.key, LIVE, str) is not None

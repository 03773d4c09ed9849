"""Compliance in words: the worst of a cell, nothing rounded up, and all of the evidence."""

from dataclasses import replace

import pytest

from quarterdeck.domain.health import HealthState
from quarterdeck.domain.instants import EPOCH
from quarterdeck.domain.policies import Enforcement, EvidenceKind, EvidenceNeed, Scope, Severity, Verdict
from quarterdeck.services.compliance import ComplianceReport
from quarterdeck.ui.panels.compliance.finding_words import finding_state
from quarterdeck.ui.panels.compliance.state import ComplianceState, Subjects
from quarterdeck.ui.panels.compliance.words import compliance_state, severity_words
from quarterdeck.ui.theme.tokens import Tone
from tests.ui.panels.compliance.reports import CONTROLS, CORE, FINDING, REPORT, SERVICES, TLS, control
from tests.ui.panels.overview.reports import LIVE, NOON


def told(report: ComplianceReport = REPORT) -> ComplianceState:
    return compliance_state(report, LIVE, str)


def facts(**changes: object) -> dict[str, str]:
    """The facts of the finding, with changes of its report."""
    state = finding_state(replace(FINDING, **changes), NOON, str)
    return {fact.label: fact.value for fact in state.facts}


def test_a_cell_is_the_worst_of_its_controls_with_how_many_are_so() -> None:
    payhub = next(line for line in told().lines if line.name == "PayHub")
    assert (payhub.whole.mark, payhub.whole.words) == (HealthState.DOWN, "Not satisfied")
    assert payhub.cells[1].tip.startswith("Not satisfied: 1 of 2\n")
    assert "SEC-02 Trusted certificates: No evidence" in payhub.cells[1].tip


def test_a_pack_that_does_not_apply_is_a_dash_and_no_verdict() -> None:
    payhub = next(line for line in told().lines if line.name == "PayHub")
    assert (payhub.cells[0].mark, payhub.cells[0].words) == (None, "—")


def test_a_waived_control_is_no_satisfied_one() -> None:
    core = next(line for line in told().lines if line.name == "Core accounts")
    assert (core.whole.mark, core.whole.words) == (HealthState.MAINTENANCE, "Waived")
    assert core.cells[0].words == "Satisfied"


def test_the_share_of_satisfied_controls_is_never_rounded_up() -> None:
    many = [control(replace(TLS, id=f"SEC-{n}"), CORE, Verdict.SATISFIED) for n in range(1, 1000)]
    report = replace(REPORT, controls=(*many, CONTROLS[0]))
    figure = told(report).figures[0]
    assert (figure.value, figure.note) == ("99%", "999 of 1000")


def test_figures_tell_findings_missing_evidence_and_the_next_end_of_a_waiver() -> None:
    by_key = {figure.key: figure for figure in told().figures}
    assert (by_key["broken"].value, by_key["broken"].tone) == ("1", Tone.DOWN)
    assert by_key["unknown"].value == "1"
    assert (by_key["waived"].value, by_key["waived"].note) == ("1", "next ends in 6 d")


def test_services_are_told_as_services() -> None:
    assert told(SERVICES).subjects is Subjects.SERVICES


def test_findings_are_all_that_is_not_satisfied() -> None:
    assert [line.verdict for line in told().findings] == ["Not satisfied", "No evidence", "Waived"]


def test_frameworks_count_their_controls_by_verdict() -> None:
    numbers = {f"{line.framework} {line.number}": line for line in told().numbers}
    assert sorted(numbers) == ["NIST SP 800-53 SC-8", "PCI DSS 4 4.2.1"]
    assert numbers["PCI DSS 4 4.2.1"].counts == "1 satisfied, 1 not satisfied, 1 no evidence, 1 waived"
    assert numbers["PCI DSS 4 4.2.1"].cell.words == "Not satisfied"


def test_a_past_moment_is_told_to_be_one() -> None:
    past = compliance_state(REPORT, replace(LIVE, live=False), str)
    assert past.as_of.startswith("As of 2026-11-24")
    assert told().as_of == ""


def test_a_finding_tells_what_was_observed_and_what_was_not() -> None:
    found = facts()
    assert found["Result"] == "Not satisfied since 12:30"
    assert found["Observed"] == "Certificate ends in: 6 d\nTLS version: not known"
    assert found["Maps to"] == "PCI DSS 4 4.2.1 · NIST SP 800-53 SC-8"
    assert found["Owner"] == "payments-team · Security"


def test_a_finding_tells_which_evidence_is_missing() -> None:
    assert facts(missing=(EvidenceNeed(EvidenceKind.FRESHNESS, 60),))["Missing"] == "evidence of freshness"


def test_evidence_is_shown_with_its_query_its_dates_and_its_digest() -> None:
    (evidence,) = finding_state(FINDING, NOON, str).evidence
    shown = {fact.label: fact.value for fact in evidence.facts}
    assert evidence.title == "Evidence 7 · certificate"
    assert shown["Query"] == "newest result of “PayHub probe” of partner/payhub"
    assert shown["Effective"] == "12:22 to now"
    assert shown["Received"].startswith("2026-11-24 12:23:00")
    assert shown["Population"] == "1 · passed 1"
    assert shown["SHA-256"] == "9f2c9f2c9f2c9f2c…"


@pytest.mark.parametrize(
    ("scope", "words"),
    [
        (Scope(), "everything"),
        (TLS.scope, "integration; tier 1, 2; with a partner"),
        (Scope(domains=("bill_pay",), with_partner=False), "Bill Pay; without a partner"),
        (Scope(data_classes=("account", "payment")), "with data of account, payment"),
    ],
    ids=["all", "tiers", "domain", "data"],
)
def test_a_rule_tells_to_whom_it_applies(scope: Scope, words: str) -> None:
    policy = replace(TLS, scope=scope)
    report = replace(FINDING, control=replace(FINDING.control, policy=policy))
    shown = {fact.label: fact.value for fact in finding_state(report, NOON, str).rule_facts}
    assert shown["Applies to"] == words


def test_a_rule_tells_what_follows_when_it_does_not_hold() -> None:
    policy = replace(TLS, actions=tuple(Enforcement))
    report = replace(FINDING, control=replace(FINDING.control, policy=policy))
    shown = {fact.label: fact.value for fact in finding_state(report, NOON, str).rule_facts}
    assert shown["Then"] == "open an incident, tell the owner, block what would break it, ask a second person"
    assert shown["Evidence"] == "certificate, for 24 h"


def test_history_runs_from_the_newest_back() -> None:
    history = finding_state(FINDING, NOON, str).history
    assert [(line.words, line.since) for line in history] == [("Not satisfied", "12:30"), ("Satisfied", "11:02")]


def test_every_severity_has_a_word() -> None:
    assert [severity_words(severity, str) for severity in Severity] == ["Low", "Medium", "High", "Critical"]


def test_a_version_tells_since_when_it_judges() -> None:
    first = replace(FINDING, version=replace(FINDING.version, valid_from_at=EPOCH))
    told = [{fact.label: fact.value for fact in finding_state(each, NOON, str).rule_facts} for each in (first, FINDING)]
    assert told[0]["Version"] == "1, as far back as evidence reaches"
    assert told[1]["Version"] == "1 since 2026-08-26 12:32"

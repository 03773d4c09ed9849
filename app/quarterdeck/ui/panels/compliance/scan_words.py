"""Findings of scanners in words: as rows beside the policies' own, and one by itself with the very report."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from quarterdeck.domain.health import HealthState
from quarterdeck.domain.instants import duration_words
from quarterdeck.domain.policies import Severity, Verdict
from quarterdeck.services.compliance import ComplianceReport, EntityFinding
from quarterdeck.services.wording import moment_words
from quarterdeck.ui.panels.compliance.finding_words import evidence_words
from quarterdeck.ui.panels.compliance.state import ComplianceState, ControlLine, FactWords, FindingState
from quarterdeck.ui.panels.compliance.words import Translate, severity_words
from quarterdeck.ui.theme.tokens import Tone

_MARKS = {
    Severity.CRITICAL: HealthState.DOWN,
    Severity.HIGH: HealthState.DOWN,
    Severity.MEDIUM: HealthState.DEGRADED,
    Severity.LOW: HealthState.DEGRADED,
}


def with_scans(state: ComplianceState, report: ComplianceReport, at: datetime, tr: Translate) -> ComplianceState:
    """The panel with what scanners found, behind the policies that do not hold and before the rest."""
    if not report.scanned:
        return state
    broken = report.count(Verdict.NOT_SATISFIED)
    lines = tuple(scanned_line(found, at, tr) for found in report.scanned)
    told = tr("{count} found by scanners").format(count=len(lines))
    return replace(
        state,
        findings=(*state.findings[:broken], *lines, *state.findings[broken:]),
        summary=f"{state.summary} · {told}",
    )


def scanned_line(found: EntityFinding, at: datetime, tr: Translate) -> ControlLine:
    """One finding of a scanner as a row among the findings."""
    scanned, finding = found.scanned, found.scanned.finding
    age_seconds = (at - scanned.first_seen_at).total_seconds()
    return ControlLine(
        id=f"scan {scanned.key.finding_id} {' '.join(scanned.key.scan)} {scanned.key.entity_key}",
        key=scanned.key,
        entity_name=found.entity.name,
        pack="",
        title=f"{finding.rule} · {scanned.tool}",
        mark=_MARKS[finding.severity],
        verdict=tr("Found by scan"),
        why=f"{finding.place}: {finding.title}" if finding.place else finding.title,
        severity=severity_words(finding.severity, tr),
        severity_rank=tuple(Severity).index(finding.severity),
        owner=found.entity.owner,
        since=duration_words(age_seconds),
        age_seconds=age_seconds,
        is_open=True,
        numbers="",
    )


def scanned_state(found: EntityFinding, at: datetime, tr: Translate) -> FindingState:
    """One finding of a scanner at a moment, ready to be shown."""
    scanned, finding = found.scanned, found.scanned.finding
    facts = (
        FactWords(tr("Subject"), found.entity.name),
        FactWords(tr("Result"), tr("Found by {tool}").format(tool=scanned.tool), _tone(finding.severity)),
        FactWords(tr("Place"), finding.place),
        FactWords(tr("Severity"), severity_words(finding.severity, tr)),
        FactWords(tr("First seen"), moment_words(scanned.first_seen_at, at)),
        FactWords(tr("Last seen"), moment_words(scanned.last_seen_at, at)),
        FactWords(tr("Owner"), found.entity.owner),
        FactWords(tr("Explained at"), finding.help_address),
    )
    return FindingState(
        key=scanned.key,
        mark=_MARKS[finding.severity],
        title=f"{finding.rule} · {scanned.tool}",
        statement=finding.title,
        facts=tuple(fact for fact in facts if fact.value),
        evidence=(evidence_words(scanned.report, at, tr),),
        rule=finding.rule,
        rule_facts=(FactWords(tr("Scan"), " · ".join(part for part in scanned.key.scan if part)),),
        history=(),
    )


def _tone(severity: Severity) -> Tone:
    return Tone.DOWN if _MARKS[severity] is HealthState.DOWN else Tone.SECONDARY

"""Findings of scanners in words: as rows beside the policies' own, and one by itself with the very report."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from quarterdeck.domain.finding_records import FindingRecord
from quarterdeck.domain.health import HealthState
from quarterdeck.domain.instants import duration_words
from quarterdeck.domain.policies import Severity, Verdict
from quarterdeck.services.compliance import ComplianceReport, EntityFinding
from quarterdeck.services.wording import moment_words
from quarterdeck.ui.panels.compliance.finding_words import evidence_words
from quarterdeck.ui.panels.compliance.note_words import note_facts, note_fields, standing_words
from quarterdeck.ui.panels.compliance.state import ComplianceState, ControlLine, FactWords, FindingState
from quarterdeck.ui.panels.compliance.words import Translate, due_words, severity_words
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
    lines = tuple(scanned_line(found, at, tr, report.notes.get(found.subject)) for found in report.scanned)
    still_open = tuple(line for line in lines if line.is_open)
    set_aside = tuple(line for line in lines if not line.is_open)
    told = tr("{count} found by scanners").format(count=len(lines))
    hidden = tr("{count} of them set aside").format(count=len(set_aside)) if set_aside else ""
    return replace(
        state,
        findings=(*state.findings[:broken], *still_open, *state.findings[broken:], *set_aside),
        summary=" · ".join(part for part in (state.summary, told, hidden) if part),
    )


def scanned_line(found: EntityFinding, at: datetime, tr: Translate, note: FindingRecord | None = None) -> ControlLine:
    """One finding of a scanner as a row among the findings, by the last note on it."""
    scanned, finding = found.scanned, found.scanned.finding
    is_set_aside = note is not None and note.is_set_aside(at)
    age_seconds = (at - scanned.first_seen_at).total_seconds()
    return ControlLine(
        id=f"scan {scanned.key.finding_id} {' '.join(scanned.key.scan)} {scanned.key.entity_key}",
        key=scanned.key,
        entity_name=found.entity.name,
        pack="",
        title=f"{finding.rule} · {scanned.tool}",
        mark=HealthState.MAINTENANCE if is_set_aside else _MARKS[finding.severity],
        verdict=standing_words(note.standing, tr) if note is not None and is_set_aside else tr("Found by scan"),
        why=f"{finding.place}: {finding.title}" if finding.place else finding.title,
        severity=severity_words(finding.severity, tr),
        severity_rank=tuple(Severity).index(finding.severity),
        owner=(note.owner if note is not None else "") or found.entity.owner,
        since=duration_words(age_seconds),
        age_seconds=age_seconds,
        is_open=not is_set_aside,
        numbers="",
        due=due_words(note, at, tr) if note is not None else "",
        is_overdue=note is not None and note.is_overdue(at),
    )


def scanned_state(found: EntityFinding, at: datetime, tr: Translate, *, is_live: bool = False) -> FindingState:
    """One finding of a scanner at a moment, ready to be shown; only of the present something can be noted."""
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
        *note_facts(found.notes, at, tr),
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
        note=note_fields(found.notes),
        can_note=is_live,
    )


def _tone(severity: Severity) -> Tone:
    return Tone.DOWN if _MARKS[severity] is HealthState.DOWN else Tone.SECONDARY

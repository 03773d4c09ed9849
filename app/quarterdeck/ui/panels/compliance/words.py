"""Compliance in words: pure functions from an answer of the services to what is drawn."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime

from quarterdeck.domain.estate import EntityKind
from quarterdeck.domain.finding_records import FindingRecord
from quarterdeck.domain.health import HealthState
from quarterdeck.domain.instants import duration_words
from quarterdeck.domain.policies import Framework, Severity, Verdict, worst_verdict
from quarterdeck.domain.waivers import ends_soon
from quarterdeck.services.compliance import ComplianceReport, Control, NumberedControls
from quarterdeck.services.moments import Moment
from quarterdeck.services.wording import NO_VALUE, count_words, domain_words, moment_words
from quarterdeck.ui.panels.compliance.state import (
    ComplianceState,
    ControlLine,
    FigureWords,
    NumberLine,
    SubjectLine,
    Subjects,
    VerdictCell,
)
from quarterdeck.ui.theme.tokens import Tone

Translate = Callable[[str], str]

MARKS = {
    Verdict.SATISFIED: HealthState.HEALTHY,
    Verdict.NOT_SATISFIED: HealthState.DOWN,
    Verdict.NOT_EVALUABLE: HealthState.UNKNOWN,
    Verdict.WAIVED: HealthState.MAINTENANCE,
}
FRAMEWORKS = {
    Framework.NIST_SP_800_53: "NIST SP 800-53",
    Framework.PCI_DSS_4: "PCI DSS 4",
    Framework.ISO_27001: "ISO 27001",
    Framework.SOC_2: "SOC 2",
    Framework.DORA: "DORA",
    Framework.FFIEC: "FFIEC",
}
_SEVERITIES = (Severity.LOW, Severity.MEDIUM, Severity.HIGH, Severity.CRITICAL)
_OPEN = frozenset({Verdict.NOT_SATISFIED, Verdict.NOT_EVALUABLE, Verdict.WAIVED})


def verdict_words(verdict: Verdict, tr: Translate) -> str:
    """A verdict as it stands beside its mark."""
    return {
        Verdict.SATISFIED: tr("Satisfied"),
        Verdict.NOT_SATISFIED: tr("Not satisfied"),
        Verdict.NOT_EVALUABLE: tr("No evidence"),
        Verdict.WAIVED: tr("Waived"),
    }[verdict]


def severity_words(severity: Severity, tr: Translate) -> str:
    """A severity as a person says it."""
    return {
        Severity.LOW: tr("Low"),
        Severity.MEDIUM: tr("Medium"),
        Severity.HIGH: tr("High"),
        Severity.CRITICAL: tr("Critical"),
    }[severity]


def due_words(record: FindingRecord, at: datetime, tr: Translate) -> str:
    """Until when it is to be done, and how long that is; empty where nobody said."""
    if record.due_at is None:
        return ""
    left_seconds = (record.due_at - at).total_seconds()
    time, left = moment_words(record.due_at, at), duration_words(abs(left_seconds))
    words = tr("{time}, in {left}") if left_seconds > 0 else tr("{time}, {left} ago")
    return words.format(time=time, left=left)


def compliance_state(report: ComplianceReport, moment: Moment, tr: Translate) -> ComplianceState:
    """The whole panel as of a moment."""
    lines = tuple(_line(control, moment.at, tr, report.notes.get(control.subject)) for control in report.controls)
    subjects = Subjects.INTEGRATIONS if report.kind is EntityKind.INTEGRATION else Subjects.SERVICES
    return ComplianceState(
        subjects=subjects,
        figures=_figures(report, moment.at, tr),
        packs=tuple(domain_words(pack).capitalize() for pack in report.packs),
        lines=tuple(_subjects(report, lines, tr)),
        findings=tuple(line for line in lines if line.is_open),
        numbers=tuple(_number(numbered, tr) for numbered in report.by_number()),
        summary=_summary(report, tr),
        as_of="" if moment.live else tr("As of {time}").format(time=_instant_words(moment.at)),
    )


def control_id(control: Control) -> str:
    """A control as the id of a row."""
    return f"{control.key.policy_id}@{control.key.version} {control.key.entity_key}"


def _line(control: Control, at: datetime, tr: Translate, note: FindingRecord | None) -> ControlLine:
    policy, age_seconds = control.policy, (at - control.interval.from_at).total_seconds()
    return ControlLine(
        id=control_id(control),
        key=control.key,
        entity_name=control.entity.name,
        pack=policy.pack,
        title=f"{policy.id} · {policy.title}",
        mark=MARKS[control.verdict],
        verdict=verdict_words(control.verdict, tr),
        why=control.interval.reason,
        severity=severity_words(policy.severity, tr),
        severity_rank=_SEVERITIES.index(policy.severity),
        owner=(note.owner if note is not None else "") or control.entity.owner or policy.owner,
        since=duration_words(age_seconds),
        age_seconds=age_seconds,
        is_open=control.verdict in _OPEN,
        numbers=", ".join(f"{FRAMEWORKS[each.framework]} {each.number}" for each in policy.controls),
        due=due_words(note, at, tr) if note is not None and control.verdict in _OPEN else "",
        is_overdue=note is not None and control.verdict is Verdict.NOT_SATISFIED and note.is_overdue(at),
    )


def _subjects(report: ComplianceReport, lines: Sequence[ControlLine], tr: Translate) -> list[SubjectLine]:
    by_entity: dict[str, list[tuple[Control, ControlLine]]] = defaultdict(list)
    for control, line in zip(report.controls, lines, strict=True):
        by_entity[control.entity.key].append((control, line))
    found = [_subject(report, pairs, tr) for pairs in by_entity.values()]
    return sorted(found, key=lambda line: (line.domain, line.name))


def _subject(report: ComplianceReport, pairs: Sequence[tuple[Control, ControlLine]], tr: Translate) -> SubjectLine:
    controls = [control for control, _ in pairs]
    worst = worst_verdict(control.verdict for control in controls)
    ages = [line.age_seconds for control, line in pairs if control.verdict is worst]
    age_seconds = min(ages, default=0.0)
    entity = controls[0].entity
    return SubjectLine(
        entity_key=entity.key,
        name=entity.name,
        domain=domain_words(entity.domain) or tr("No domain"),
        whole=_cell(controls, tr),
        cells=tuple(_cell([each for each in controls if each.policy.pack == pack], tr) for pack in report.packs),
        since=duration_words(age_seconds),
        age_seconds=age_seconds,
        controls=tuple(line for _, line in pairs),
    )


def _cell(controls: Sequence[Control], tr: Translate) -> VerdictCell:
    """The worst of some controls, in the tip how many of them are so: partly satisfied is not satisfied."""
    worst = worst_verdict(control.verdict for control in controls)
    if worst is None:
        return VerdictCell(None, NO_VALUE, tr("No policy of this pack applies"))
    alike = [control for control in controls if control.verdict is worst]
    words = verdict_words(worst, tr)
    counted = tr("{verdict}: {count} of {total}").format(verdict=words, count=len(alike), total=len(controls))
    tips = [f"{control.policy.id} {control.policy.title}: {verdict_words(control.verdict, tr)}" for control in controls]
    return VerdictCell(MARKS[worst], words, "\n".join((counted, *tips)))


def _number(numbered: NumberedControls, tr: Translate) -> NumberLine:
    counts = Counter(control.verdict for control in numbered.controls)
    told = [f"{counts[verdict]} {verdict_words(verdict, tr).lower()}" for verdict in Verdict if counts[verdict]]
    policies = dict.fromkeys(f"{each.policy.id} {each.policy.title}" for each in numbered.controls)
    return NumberLine(
        id=f"{numbered.number.framework.value} {numbered.number.number}",
        framework=FRAMEWORKS[numbered.number.framework],
        number=numbered.number.number,
        policies=", ".join(policies),
        cell=_cell(numbered.controls, tr),
        counts=", ".join(told),
        satisfied_share=counts[Verdict.SATISFIED] / len(numbered.controls),
    )


def _figures(report: ComplianceReport, at: datetime, tr: Translate) -> tuple[FigureWords, ...]:
    total, satisfied = len(report.controls), report.count(Verdict.SATISFIED)
    unknown = report.count(Verdict.NOT_EVALUABLE)
    ends = min((waiver.until_at for waiver in report.waivers), default=None)
    next_end = tr("next ends in {time}").format(time=duration_words((ends - at).total_seconds())) if ends else ""
    # Rounded down: of a thousand controls with one that is not, not all are satisfied.
    share = f"{100 * satisfied // total}%" if total else NO_VALUE
    of_all = tr("{count} of {total}").format(count=satisfied, total=total)
    return (
        FigureWords("satisfied", tr("Controls satisfied"), share, of_all),
        FigureWords(
            "broken",
            tr("Findings open"),
            str(report.open_count),
            _open_words(report, tr),
            Tone.DOWN if report.open_count else Tone.TEXT,
            tr("Controls that are not satisfied, and what scanners found that nobody has set aside"),
        ),
        FigureWords(
            "unknown", tr("Without evidence"), str(unknown), "", Tone.TEXT, tr("Missing, lapsed or not telling")
        ),
        FigureWords(
            "waived",
            tr("Waivers"),
            str(len(report.waivers)),
            next_end,
            Tone.DEGRADED if any(ends_soon(waiver, at) for waiver in report.waivers) else Tone.TEXT,
        ),
        FigureWords("policies", tr("Policies in force"), str(report.policy_count)),
    )


def _open_words(report: ComplianceReport, tr: Translate) -> str:
    """How many of the open findings are overdue, else who found them; empty where there are none."""
    broken, scanned = report.count(Verdict.NOT_SATISFIED), len(report.open_scanned)
    if report.overdue_count:
        return tr("{count} overdue").format(count=report.overdue_count)
    if scanned:
        return tr("{count} by scans").format(count=scanned)
    owners = len({control.entity.key for control in report.controls if control.verdict is Verdict.NOT_SATISFIED})
    return tr("on {count} of them").format(count=owners) if broken else ""


def _summary(report: ComplianceReport, tr: Translate) -> str:
    counts = {
        Verdict.NOT_SATISFIED: tr("{count} not satisfied"),
        Verdict.NOT_EVALUABLE: tr("{count} without evidence"),
        Verdict.WAIVED: tr("{count} waived"),
        Verdict.SATISFIED: tr("{count} satisfied"),
    }
    told = [text.format(count=report.count(verdict)) for verdict, text in counts.items() if report.count(verdict)]
    return " · ".join((count_words(len(report.controls), tr("1 control"), tr("{count} controls")), *told))


def _instant_words(at: datetime) -> str:
    return at.astimezone().strftime("%Y-%m-%d %H:%M")

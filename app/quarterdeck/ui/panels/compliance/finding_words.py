"""One control in words: what was found, what it was held against, and the evidence with its dates and digest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from quarterdeck.domain.enforcements import EnforcementRecord, EnforcementStep
from quarterdeck.domain.evidence_records import EvidenceRecord
from quarterdeck.domain.instants import EPOCH, duration_words
from quarterdeck.domain.policies import Enforcement, Policy, Verdict, VerdictInterval, Waiver
from quarterdeck.domain.waivers import ends_soon
from quarterdeck.services.compliance import ControlReport
from quarterdeck.services.wording import NO_VALUE, domain_words, moment_words
from quarterdeck.ui.panels.compliance.chart_words import chart_offer
from quarterdeck.ui.panels.compliance.note_words import note_facts, note_fields
from quarterdeck.ui.panels.compliance.state import Deed, EvidenceWords, FactWords, FindingState, HistoryLine
from quarterdeck.ui.panels.compliance.words import FRAMEWORKS, MARKS, Translate, severity_words, verdict_words
from quarterdeck.ui.theme.tokens import Tone

_DIGEST_SHOWN = 16
_TONES = {Verdict.NOT_SATISFIED: Tone.DOWN, Verdict.WAIVED: Tone.MAINTENANCE, Verdict.NOT_EVALUABLE: Tone.SECONDARY}


def finding_state(report: ControlReport, at: datetime, tr: Translate, *, is_live: bool = False) -> FindingState:
    """One control at a moment, ready to be shown; only of the present something can be decided."""
    control, policy = report.control, report.control.policy
    return FindingState(
        key=control.key,
        mark=MARKS[control.verdict],
        title=f"{policy.id} · {policy.title}",
        statement=policy.statement,
        facts=tuple(_facts(report, at, tr)),
        evidence=_evidence(report, at, tr),
        rule=policy.rule,
        rule_facts=tuple(_rule_facts(report, tr)),
        history=tuple(_history(report.history, at, tr)),
        deed=_deed(report) if is_live else Deed.NONE,
        waiver_id=report.waiver.id if report.waiver is not None else "",
        note=note_fields(report.notes),
        can_note=is_live and report.control.verdict is not Verdict.SATISFIED,
    )


def _deed(report: ControlReport) -> Deed:
    if report.waiver is not None:
        return Deed.WITHDRAW
    return Deed.NONE if report.control.verdict is Verdict.SATISFIED else Deed.WAIVE


def _waiver_facts(waiver: Waiver, at: datetime, tr: Translate) -> list[FactWords]:
    """Who set it aside, and until when; near the end that is what stands out."""
    left = duration_words((waiver.until_at - at).total_seconds())
    until = tr("{time}, in {left}").format(time=moment_words(waiver.until_at, at), left=left)
    people = tr("{requester}, agreed by {approver}").format(requester=waiver.requested_by, approver=waiver.approved_by)
    return [
        FactWords(tr("Waived until"), until, Tone.DEGRADED if ends_soon(waiver, at) else Tone.MAINTENANCE),
        FactWords(tr("Waived by"), people),
        FactWords(tr("Waived for"), waiver.reason),
    ]


def _facts(report: ControlReport, at: datetime, tr: Translate) -> list[FactWords]:
    control, policy = report.control, report.control.policy
    verdict, since = verdict_words(control.verdict, tr), moment_words(control.interval.from_at, at)
    result = tr("{verdict} since {time}").format(verdict=verdict, time=since)
    observed = [f"{fact.label}: {fact.value or tr('not known')}" for fact in report.observed]
    found = [
        FactWords(tr("Subject"), control.entity.name),
        FactWords(tr("Result"), result, _TONES.get(control.verdict, Tone.TEXT)),
        FactWords(tr("Because"), "" if control.verdict is Verdict.NOT_SATISFIED else control.interval.reason),
        FactWords(tr("Observed"), "\n".join(observed) or NO_VALUE),
    ]
    found += [_missing(need.kind.value, tr) for need in report.missing]
    found += _waiver_facts(report.waiver, at, tr) if report.waiver is not None else []
    found += [
        FactWords(tr("Severity"), severity_words(policy.severity, tr)),
        FactWords(
            tr("Owner"), " · ".join(dict.fromkeys(part for part in (control.entity.owner, policy.owner) if part))
        ),
        FactWords(tr("Maps to"), _numbers(policy)),
    ]
    found += [_done(each, at, tr) for each in report.done]
    found += note_facts(report.notes, at, tr)
    return [fact for fact in found if fact.value]


def _done(record: EnforcementRecord, at: datetime, tr: Translate) -> FactWords:
    """The last step of an action: how far it has come, when, and the incident, the target or what went wrong."""
    labels = {
        Enforcement.OPEN_INCIDENT: tr("Incident"),
        Enforcement.NOTIFY_OWNER: tr("Owner told"),
        Enforcement.BLOCK: tr("Export"),
        Enforcement.SECOND_PERSON: tr("Second person"),
    }
    words = f"{_step_words(record, tr)} {moment_words(record.at, at)}: {record.detail}"
    if record.again_at is not None:
        words += tr("; again from {time} on").format(time=moment_words(record.again_at, at))
    return FactWords(labels[record.action], words, Tone.DEGRADED if record.step in _TROUBLED else Tone.TEXT)


def _step_words(record: EnforcementRecord, tr: Translate) -> str:
    if record.action is Enforcement.OPEN_INCIDENT and record.step is EnforcementStep.DONE:
        return tr("opened")
    return {
        EnforcementStep.BEGUN: tr("begun"),
        EnforcementStep.DONE: tr("done"),
        EnforcementStep.FAILED: tr("failed"),
        EnforcementStep.UNKNOWN: tr("not known"),
        EnforcementStep.NO_TARGET: tr("no target"),
        EnforcementStep.REFUSED: tr("refused"),
        EnforcementStep.RELEASED: tr("released"),
        EnforcementStep.ENDED: tr("ended"),
    }[record.step]


_TROUBLED = frozenset({EnforcementStep.FAILED, EnforcementStep.UNKNOWN, EnforcementStep.NO_TARGET})


def _missing(kind: str, tr: Translate) -> FactWords:
    return FactWords(tr("Missing"), tr("evidence of {kind}").format(kind=kind), Tone.SECONDARY)


def _numbers(policy: Policy) -> str:
    return " · ".join(f"{FRAMEWORKS[each.framework]} {each.number}" for each in policy.controls)


def _rule_facts(report: ControlReport, tr: Translate) -> list[FactWords]:
    policy, scope = report.control.policy, report.control.policy.scope
    needs = [
        tr("{kind}, for {time}").format(kind=need.kind.value, time=duration_words(need.lifetime_seconds))
        for need in policy.evidence
    ]
    parts = (
        ", ".join(kind.value.replace("_", " ") for kind in scope.kinds),
        ", ".join(map(domain_words, scope.domains)),
        tr("tier {tiers}").format(tiers=", ".join(map(str, scope.tiers))) if scope.tiers else "",
        {None: "", True: tr("with a partner"), False: tr("without a partner")}[scope.with_partner],
        tr("with data of {classes}").format(classes=", ".join(scope.data_classes)) if scope.data_classes else "",
    )
    actions = ", ".join(_action_words(action, tr) for action in policy.actions)
    return [
        FactWords(tr("Applies to"), "; ".join(part for part in parts if part) or tr("everything")),
        FactWords(tr("Evidence"), "\n".join(needs)),
        FactWords(tr("Version"), _version_words(report, tr)),
        FactWords(tr("Then"), actions or NO_VALUE),
    ]


def _version_words(report: ControlReport, tr: Translate) -> str:
    version, begun_at = report.version.version, report.version.valid_from_at
    if begun_at <= EPOCH:
        return tr("{version}, as far back as evidence reaches").format(version=version)
    return tr("{version} since {time}").format(version=version, time=begun_at.astimezone().strftime("%Y-%m-%d %H:%M"))


def _action_words(action: Enforcement, tr: Translate) -> str:
    return {
        Enforcement.OPEN_INCIDENT: tr("open an incident"),
        Enforcement.NOTIFY_OWNER: tr("tell the owner"),
        Enforcement.BLOCK: tr("block what would break it"),
        Enforcement.SECOND_PERSON: tr("ask a second person"),
    }[action]


def _evidence(report: ControlReport, at: datetime, tr: Translate) -> tuple[EvidenceWords, ...]:
    """What the verdict rests on, then the last of what has lapsed, each with the way to what it was measured from."""
    charts = dict(zip((*report.evidence, *report.lapsed), report.charts, strict=False))
    speaking = [evidence_words(record, at, tr) for record in report.evidence]
    lapsed = [evidence_words(record, at, tr) for record in report.lapsed]
    told = [*speaking, *(replace(words, title=tr("{title} · lapsed").format(title=words.title)) for words in lapsed)]
    return tuple(
        replace(words, chart=chart_offer(charts.get(record), record, at, tr))
        for words, record in zip(told, (*report.evidence, *report.lapsed), strict=True)
    )


def evidence_words(record: EvidenceRecord, at: datetime, tr: Translate) -> EvidenceWords:
    """One piece of evidence with its dates, its counts and the beginning of its digest."""
    begins = moment_words(record.effective_from_at, at)
    ends = tr("now") if record.effective_to_at is None else moment_words(record.effective_to_at, at)
    counts = ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in record.counts)
    return EvidenceWords(
        title=tr("Evidence {number} · {kind}").format(number=record.id, kind=record.kind.value),
        facts=(
            FactWords(tr("What"), record.what),
            FactWords(tr("Source"), record.source),
            FactWords(tr("Query"), record.query),
            FactWords(tr("Effective"), tr("{begins} to {ends}").format(begins=begins, ends=ends)),
            FactWords(tr("Received"), record.received_at.astimezone().strftime("%Y-%m-%d %H:%M:%S %Z")),
            FactWords(tr("Population"), f"{record.population} · {counts}" if counts else str(record.population)),
            FactWords("SHA-256", f"{record.digest[:_DIGEST_SHOWN]}…"),
        ),
    )


def _history(intervals: Sequence[VerdictInterval], at: datetime, tr: Translate) -> list[HistoryLine]:
    past = [interval for interval in intervals if interval.from_at <= at]
    return [
        HistoryLine(
            id=str(number),
            mark=MARKS[interval.verdict],
            words=verdict_words(interval.verdict, tr),
            since=moment_words(interval.from_at, at),
            why=interval.reason,
        )
        for number, interval in enumerate(past)
    ]

"""Policies and their trials in words: pure functions from an answer of the services to what is drawn."""

from __future__ import annotations

from collections import Counter

from quarterdeck.domain.health import HealthState
from quarterdeck.domain.policies import Policy, Verdict
from quarterdeck.services.policy_desk import DeskReport
from quarterdeck.services.policy_shelf import CheckedText, PolicyOrigin, PolicyText, RefusedFile, ShelvedPolicy
from quarterdeck.services.policy_trials import Trial, TrialRow
from quarterdeck.services.wording import NO_VALUE, count_words, moment_words
from quarterdeck.ui.panels.compliance.policy_state import (
    BenchLine,
    BenchState,
    CheckWords,
    FaultLine,
    OpenedPolicy,
    PoliciesState,
    PolicyLine,
)
from quarterdeck.ui.panels.compliance.words import MARKS, Translate, severity_words, verdict_words
from quarterdeck.ui.theme.tokens import Tone

FILE = "file:"
"""How the ids of lines begin that stand for a file."""

_MOST_FAULTS = 200


def policies_state(report: DeskReport, tr: Translate) -> PoliciesState:
    """Every policy, and every file that is refused."""
    refused = [_refused_line(each, tr) for each in report.shelf.refused]
    lines = [_line(each, report, tr) for each in report.shelf.policies]
    own = sum(each.origin is PolicyOrigin.OWN for each in report.shelf.policies)
    parts = [tr("{count} policies, {own} of your own").format(count=len(lines), own=own)]
    if refused:
        one, several = tr("1 file refused"), tr("{count} files refused")
        told = tr("{files}: the policies of before judge on")
        parts.append(told.format(files=count_words(len(refused), one, several)))
    if report.acts:
        act = report.acts[0]
        told = tr("last change: {file} {deed} by {who}, {time}")
        time = moment_words(act.at, report.at)
        parts.append(told.format(file=act.file, deed=tr(act.deed.value), who=act.by, time=time))
    return PoliciesState((*refused, *lines), " · ".join(parts))


def opened_policy(opened: PolicyText, tr: Translate, *, draft: str | None = None) -> OpenedPolicy:
    """A text as it is opened; with a `draft` as somebody left it."""
    if opened.origin is PolicyOrigin.SHIPPED:
        note = tr("carried by the program, which is never written over: enabled, it becomes {file} of your own")
    elif opened.digest:
        note = tr("{file} of your own")
    else:
        note = tr("new: enabled, it becomes {file} of your own")
    is_draft = draft is not None and draft != opened.text
    told = note.format(file=opened.file) + (tr("; as you left it, not enabled") if is_draft else "")
    text = opened.text if draft is None else draft
    is_own = opened.origin is PolicyOrigin.OWN and bool(opened.digest)
    return OpenedPolicy(opened.file, told, text, can_withdraw=is_own, is_draft=is_draft)


def check_words(checked: CheckedText, tr: Translate) -> CheckWords:
    """Whether a text holds together: the first fault, and how many more there are."""
    if not checked.faults:
        ids = ", ".join(policy.id for policy in checked.policies)
        return CheckWords(tr("Holds together: {ids}").format(ids=ids), Tone.HEALTHY)
    faults = tuple(FaultLine(each.line, each.column, each.words) for each in checked.faults[:_MOST_FAULTS])
    first = faults[0]
    place = tr("Line {line}, column {column}: {words}") if first.column else tr("Line {line}: {words}")
    sentence = place.format(line=first.line, column=first.column, words=first.words)
    more = len(checked.faults) - 1
    also = tr(" And {count} more.").format(count=more) if more else ""
    return CheckWords(f"{sentence}{also}", Tone.DOWN, faults)


def bench_state(trial: Trial, tr: Translate) -> BenchState:
    """A trial with what would change first."""
    ordered = sorted(trial.rows, key=lambda row: (not row.changes_now, -row.changed_days))
    lines = tuple(_bench_line(row, trial, tr) for row in ordered)
    counts = [f"{count} {verdict_words(verdict, tr).lower()}" for verdict, count in trial.counts().items() if count]
    changing = len(trial.changing)
    parts = [
        tr("Now: {counts}").format(counts=", ".join(counts) or tr("nobody is covered")),
        tr("{count} would change").format(count=changing),
        tr("{count} with other days").format(count=sum(row.changed_days > 0 for row in trial.rows)),
        *(_standing_words(policy, trial, tr) for policy in trial.policies[:1]),
    ]
    if trial.gathered:
        parts.append(tr("{count} pieces of evidence read for it").format(count=trial.gathered))
    return BenchState(" · ".join(parts), lines)


def _refused_line(refused: RefusedFile, tr: Translate) -> PolicyLine:
    return PolicyLine(
        id=f"{FILE}{refused.file}",
        name=refused.file,
        pack=tr("Refused files"),
        mark=HealthState.DOWN,
        standing=tr("Refused"),
        why=" ".join(refused.faults),
        severity=NO_VALUE,
        version=NO_VALUE,
        file=refused.file,
        is_file=True,
    )


def _line(shelved: ShelvedPolicy, report: DeskReport, tr: Translate) -> PolicyLine:
    policy, version = shelved.policy, report.standing.get(shelved.policy.id)
    is_in_force = version is not None and version.policy.digest == policy.digest
    origin = tr("of your own") if shelved.origin is PolicyOrigin.OWN else tr("carried by the program")
    if shelved.shadows:
        origin = tr("of your own, in the place of the program's")
    return PolicyLine(
        id=policy.id,
        name=f"{policy.id} {policy.title}",
        pack=policy.pack.replace("_", " ").capitalize(),
        mark=HealthState.HEALTHY if is_in_force else HealthState.UNKNOWN,
        standing=tr("Enabled") if is_in_force else tr("Waits for the collector"),
        why=policy.statement,
        severity=severity_words(policy.severity, tr),
        version=NO_VALUE if version is None else str(version.version),
        file=f"{shelved.file}, {origin}",
    )


def _standing_words(policy: Policy, trial: Trial, tr: Translate) -> str:
    version = trial.standing.get(policy.id)
    if version is None:
        return tr("{policy} is not in force yet").format(policy=policy.id)
    words = tr("as version {version} in force: the replay beside what was recorded")
    if version.policy.digest != policy.digest:
        words = tr("version {version} is in force and keeps what it judged")
    return words.format(version=version.version)


def _bench_line(row: TrialRow, trial: Trial, tr: Translate) -> BenchLine:
    return BenchLine(
        id=f"{row.policy_id} {row.entity.key}",
        entity=row.entity.name,
        policy=row.policy_id if len(trial.policies) > 1 else "",
        mark=None if row.now is None else MARKS[row.now],
        now=_verdict(row.now, tr),
        recorded_mark=None if row.recorded is None else MARKS[row.recorded],
        recorded=_verdict(row.recorded, tr),
        changes=row.changes_now,
        days=tuple(None if day is None else MARKS[day] for day in row.days),
        other=tuple(tried is not was for tried, was in zip(row.days, row.recorded_days, strict=True)),
        strip=_strip_words(row, tr),
        why=row.reason,
    )


def _verdict(verdict: Verdict | None, tr: Translate) -> str:
    return tr("Not covered") if verdict is None else verdict_words(verdict, tr)


def _strip_words(row: TrialRow, tr: Translate) -> str:
    counts = Counter(row.days)
    told = [f"{verdict_words(verdict, tr)} {counts[verdict]} d" for verdict in Verdict if counts[verdict]]
    if counts[None]:
        told.append(tr("not covered {count} d").format(count=counts[None]))
    if row.changed_days:
        told.append(tr("{count} d other than recorded").format(count=row.changed_days))
    return ", ".join(told)

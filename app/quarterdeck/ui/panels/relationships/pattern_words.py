"""A report of patterns as what the Patterns view shows: words, order and marks. Plain Python."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime

from quarterdeck.domain.health import HealthState
from quarterdeck.domain.instants import duration_words
from quarterdeck.domain.patterns import Finding, Standing
from quarterdeck.services.pattern_table import patterns_csv
from quarterdeck.services.patterns import HeldEntity, PatternReport
from quarterdeck.services.wording import count_words, domain_words, moment_words
from quarterdeck.ui.panels.relationships.node_words import Translate
from quarterdeck.ui.panels.relationships.pattern_state import PatternColumns, PatternsState
from quarterdeck.ui.panels.relationships.state import Answer, Inquiry, InquiryLine

MARKS: dict[Standing | None, HealthState | None] = {
    Standing.CONFORMS: HealthState.HEALTHY,
    Standing.DEVIATES: HealthState.DEGRADED,
    Standing.UNKNOWN: HealthState.UNKNOWN,
    None: None,
}
_ORDER = (Standing.DEVIATES, Standing.UNKNOWN, None, Standing.CONFORMS)
_NOT_DATED = float("nan")
_NOTHING = "—"


def patterns_state(report: PatternReport, tr: Translate) -> PatternsState:
    """The table with what deviates first, what stands beside it, and the line below."""
    held = sorted(report.held, key=_urgency)
    columns = PatternColumns(
        ids=tuple(each.entity.key for each in held),
        marks=tuple(MARKS[each.standing] for each in held),
        standings=tuple(_standing(each, tr) for each in held),
        names=tuple(each.entity.name for each in held),
        kinds=tuple(each.entity.kind.value.replace("_", " ") for each in held),
        domains=tuple(domain_words(each.entity.domain) for each in held),
        patterns=tuple(_titles(each) or _NOTHING for each in held),
        sinces=tuple(_age(each.since_at, report.at) or _NOTHING for each in held),
        since_ranks=tuple(each.since_at.timestamp() if each.since_at else _NOT_DATED for each in held),
        firsts=tuple(_first(each, report.at, tr) for each in held),
        tips=tuple("\n".join(_sentences(each, report.at, tr)) for each in held),
    )
    return PatternsState(
        columns,
        tuple(_answer(each, report, tr) for each in held),
        _summary(report, tr),
        name=f"patterns {report.at.astimezone():%Y-%m-%d %H.%M}",
        write=lambda: patterns_csv(report).encode(),
    )


def _urgency(held: HeldEntity) -> tuple[int, int, str, str]:
    """The standing first, then the most critical tier."""
    return _ORDER.index(held.standing), held.entity.tier, held.entity.domain, held.entity.name


def _standing(held: HeldEntity, tr: Translate) -> str:
    if held.standing is Standing.DEVIATES:
        count = len(held.deviations)
        return tr("1 deviation") if count == 1 else tr("{count} deviations").format(count=count)
    words = {
        Standing.CONFORMS: tr("Conforms"),
        Standing.UNKNOWN: tr("Not known"),
        None: tr("No pattern"),
    }
    return words[held.standing]


def _titles(held: HeldEntity) -> str:
    return ", ".join(each.title or each.pattern_id for each in held.verifications)


def _first(held: HeldEntity, at: datetime, tr: Translate) -> str:
    """The first thing to know: what deviates longest, else what is not known."""
    if held.deviations:
        finding = min(held.deviations, key=lambda each: each.since_at or at)
        return tr("{seen}, required: {required}").format(required=finding.required, seen=finding.seen)
    if held.unknowns:
        finding = held.unknowns[0]
        return tr("{seen}, required: {required}").format(required=finding.required, seen=finding.seen)
    return "" if held.verifications else tr("It names none in its facts")


def _answer(held: HeldEntity, report: PatternReport, tr: Translate) -> Answer:
    facts = [(tr("Pattern"), _titles(held))] if held.verifications else []
    demanded = sum(each.demand_count for each in held.verifications)
    if demanded:
        facts.append((tr("Demands"), str(demanded)))
        facts.append((tr("Deviations"), str(len(held.deviations))))
        facts.append((tr("Not known"), str(len(held.unknowns))))
    if held.entity.owner:
        facts.append((tr("Owner"), held.entity.owner))
    return Answer(
        inquiry=Inquiry.NOTHING,
        entity_key=held.entity.key,
        title=tr("{name}: {standing}").format(name=held.entity.name, standing=_standing(held, tr).lower()),
        state=MARKS[held.standing] or HealthState.UNKNOWN,
        sentences=tuple(_sentences(held, report.at, tr)),
        facts=tuple(facts),
        lines=tuple(_lines(held, report, tr)),
    )


def _sentences(held: HeldEntity, at: datetime, tr: Translate) -> Iterator[str]:
    if not held.verifications:
        yield tr("It declares no shape to be held against. An estate document names one in the fact “pattern”.")
    elif held.standing is Standing.CONFORMS:
        yield tr("Everything that its pattern demands is there.")
    for place, (finding, is_known) in enumerate(_findings(held)):
        if place:
            yield ""
        yield tr("Required: {required}.").format(required=finding.required)
        yield _seen(finding, at, tr) if is_known else tr("Not known: {seen}.").format(seen=finding.seen)


def _findings(held: HeldEntity) -> Iterator[tuple[Finding, bool]]:
    """What deviates and what is not known, each with whether it is."""
    yield from ((finding, True) for finding in held.deviations)
    yield from ((finding, False) for finding in held.unknowns)


def _seen(finding: Finding, at: datetime, tr: Translate) -> str:
    if finding.since_at is None:
        return tr("Seen: {seen}.").format(seen=finding.seen)
    since = moment_words(finding.since_at, at)
    words = tr("Seen: {seen}, since {since} ({age}).")
    return words.format(seen=finding.seen, since=since, age=_age(finding.since_at, at))


def _lines(held: HeldEntity, report: PatternReport, tr: Translate) -> Iterator[InquiryLine]:
    """Where to go from here: the entity itself, and whoever else a deviation concerns."""
    yield InquiryLine(held.entity.key, HealthState.UNKNOWN, held.entity.name, tr("on the map"), held.entity.key)
    concerned = dict.fromkeys(key for finding in held.deviations for key in finding.entity_keys)
    for key in concerned:
        yield InquiryLine(key, HealthState.UNKNOWN, report.names.get(key, key), tr("concerned"), key)


def _summary(report: PatternReport, tr: Translate) -> str:
    counts = Counter(each.standing for each in report.held)
    told = (
        (Standing.DEVIATES, tr("1 deviates"), tr("{count} deviate")),
        (Standing.UNKNOWN, tr("1 not known"), tr("{count} not known")),
        (Standing.CONFORMS, tr("1 conforms"), tr("{count} conform")),
        (None, tr("1 without a pattern"), tr("{count} without a pattern")),
    )
    parts = [count_words(counts[standing], one, several) for standing, one, several in told if counts[standing]]
    parts += [tr("left out: {fault}").format(fault=fault) for fault in report.faults]
    return " · ".join(parts) or tr("No integration is declared")


def _age(since_at: datetime | None, at: datetime) -> str:
    return "" if since_at is None else duration_words((at - since_at).total_seconds())

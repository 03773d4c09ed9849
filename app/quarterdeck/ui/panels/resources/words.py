"""Resources in words: pure functions from an answer of the services to what is drawn."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from statistics import median

import numpy as np

from quarterdeck.domain.capacity import SAFE_SHARE, ResourceKind, Size
from quarterdeck.domain.health import HealthState
from quarterdeck.services.capacity import CapacityReport, Resource
from quarterdeck.services.capacity_proposals import Constraint, Plan, Proposal, Standing, Supposition, planned
from quarterdeck.services.moments import Moment
from quarterdeck.services.wording import NO_VALUE, percent, quantity, time_left_words
from quarterdeck.ui.charts.quantities import scale_for, written
from quarterdeck.ui.panels.resources.pace_words import (
    SOON_DAYS,
    Translate,
    change_sentence,
    changed_cell,
    days_left,
    full_cell,
    full_sentence,
    interval_cell,
    method_words,
    trend_cell,
)
from quarterdeck.ui.panels.resources.state import (
    Cell,
    FigureWords,
    ProposedLine,
    ResourceLine,
    ResourcesState,
    Supposed,
)
from quarterdeck.ui.theme.tokens import Tone

_WHOLE = 0.05
SUPPOSITIONS = {
    Supposed.NOTHING: Supposition(),
    Supposed.TENTH_MORE: Supposition(growth=1.1),
    Supposed.QUARTER_MORE: Supposition(growth=1.25),
    Supposed.HALF_MORE: Supposition(growth=1.5),
    Supposed.TWICE: Supposition(growth=2.0),
    Supposed.ONE_OF_TWO: Supposition(nodes=2, lost_nodes=1),
    Supposed.ONE_OF_THREE: Supposition(nodes=3, lost_nodes=1),
}
TIGHT, SPARE, ERROR, NEXT = "used", "spare", "error", "next"


def kind_words(kind: ResourceKind, tr: Translate) -> str:
    """A kind of resource as the panel names it."""
    return {
        ResourceKind.INTEGRATION: tr("Integration resources"),
        ResourceKind.SERVICE: tr("Service capacity"),
        ResourceKind.PROCESSING: tr("Processing"),
        ResourceKind.MEMORY: tr("Memory"),
        ResourceKind.STORAGE: tr("Storage"),
        ResourceKind.QUOTA: tr("Partner quota"),
        ResourceKind.OTHER: tr("Other"),
    }[kind]


def amount_words(amount: float | None, size: Size | None, kind: ResourceKind, tr: Translate) -> str:
    """An amount in the unit of a size: `412 GB`, `5.1 cores`, `940 /s`."""
    if amount is None or size is None:
        return NO_VALUE
    if kind is ResourceKind.PROCESSING and size.unit == "1":
        return tr("{count} cores").format(count=cores_words(amount))
    return quantity(amount, size.unit)


def cores_words(amount: float) -> str:
    """A number of processors: whole, or with one decimal."""
    return f"{amount:.1f}".removesuffix(".0")


def resource_name(resource: Resource) -> str:
    """Whose resource it is, and which part of it."""
    part = resource.key.part
    return f"{resource.entity.name} · {part}" if part else resource.entity.name


def resources_state(
    report: CapacityReport, moment: Moment, tr: Translate, supposed: Supposed = Supposed.NOTHING
) -> ResourcesState:
    """The whole panel as of a moment, its proposals under what is supposed."""
    plan = planned(report.resources, supposed=SUPPOSITIONS[supposed])
    lines = tuple(_line(resource, plan.by_key[resource.key], moment.at, tr) for resource in report.resources)
    kinds = dict.fromkeys(sorted((line.kind_words, line.kind) for line in lines))
    return ResourcesState(
        figures=_figures(report.resources, plan, moment.at, tr),
        lines=lines,
        proposed=proposed_lines(plan, tr),
        constraint=constraint_words(plan.constraint, tr, supposed),
        kinds=tuple((kind, words) for words, kind in kinds),
        summary=_summary(report, plan, tr),
        remarks=report.unreadable,
        as_of="" if moment.live else tr("As of {time}").format(time=moment.at.astimezone().strftime("%Y-%m-%d %H:%M")),
        stale=report.stale,
        is_pending=report.is_pending,
    )


def proposed_lines(plan: Plan, tr: Translate) -> tuple[ProposedLine, ...]:
    """The sizes that are proposed, the largest change in relation to the size first."""
    found = [*plan.of(Standing.GROW), *plan.of(Standing.SHRINK)]
    return tuple(
        ProposedLine(
            proposal.resource.key.id,
            f"{resource_name(proposal.resource)}, {kind_words(proposal.resource.key.kind, tr).lower()}",
            _sizes(proposal, tr),
            _difference(proposal, tr),
            Tone.DEGRADED if proposal.difference > 0 else Tone.HEALTHY,
        )
        for proposal in sorted(found, key=_weight, reverse=True)
    )


def constraint_words(constraint: Constraint, tr: Translate, supposed: Supposed = Supposed.NOTHING) -> str:
    """What proposals keep, in a sentence, with what is supposed in front of it."""
    told = tr("Keeps p99 demand of the last 30 days, grown at its present pace, below {share} for {days} days.")
    kept = told.format(share=percent(constraint.share), days=constraint.days)
    if supposed is Supposed.NOTHING:
        return kept
    return tr("Supposed: {what}.").format(what=supposed_words(supposed, tr).lower()) + f" {kept}"


def supposed_words(supposed: Supposed, tr: Translate) -> str:
    """What is supposed, as it is chosen."""
    return {
        Supposed.NOTHING: tr("As it is"),
        Supposed.TENTH_MORE: tr("10% more demand"),
        Supposed.QUARTER_MORE: tr("25% more demand"),
        Supposed.HALF_MORE: tr("50% more demand"),
        Supposed.TWICE: tr("Twice the demand"),
        Supposed.ONE_OF_TWO: tr("One of two nodes lost"),
        Supposed.ONE_OF_THREE: tr("One of three nodes lost"),
    }[supposed]


def standing_words(proposal: Proposal, tr: Translate) -> str:
    """Why nothing is proposed, or what is."""
    if proposal.proposed is not None:
        return _sizes(proposal, tr)
    return {
        Standing.KEEP: tr("fits"),
        Standing.NO_SIZE: tr("no size is known"),
        Standing.NO_HISTORY: tr("not enough history"),
        Standing.PENDING: tr("…"),
        Standing.OLD: tr("its values are old"),
    }.get(proposal.standing, NO_VALUE)


def _line(resource: Resource, proposal: Proposal, at: datetime, tr: Translate) -> ResourceLine:
    key, size, outlook = resource.key, resource.size, resource.outlook
    mark, mark_words = _mark(resource, at, tr)
    forecast = None if outlook is None else outlook.forecast
    error = None if forecast is None else forecast.relative_error
    demand = None if outlook is None else outlook.demand
    return ResourceLine(
        id=key.id,
        entity_key=key.entity_key,
        name=resource_name(resource),
        kind=key.kind,
        kind_words=kind_words(key.kind, tr),
        mark=mark,
        mark_words=mark_words,
        used=_amount(resource.used, resource, tr),
        allocated=_amount(None if size is None else size.amount, resource, tr),
        share=math.nan if resource.share is None else resource.share,
        share_words=percent(resource.share),
        trend=trend_cell(resource, tr),
        full=full_cell(resource, at, tr),
        interval=interval_cell(resource, at, tr),
        changed=changed_cell(resource, tr),
        demand=Cell(percent(demand), math.nan if demand is None else demand),
        busiest=_busiest(resource, tr),
        verdict=_verdict(proposal, tr),
        work=_work(resource, tr),
        method="" if forecast is None else method_words(forecast.method, tr),
        error=Cell(NO_VALUE if error is None else f"± {percent(error)}", math.nan if error is None else error),
        proposal=Cell(standing_words(proposal, tr), proposal.difference, _proposal_tone(proposal)),
        tip=" ".join(part for part in (full_sentence(resource, at, tr), change_sentence(resource, tr)) if part),
        source=resource,
        planned=proposal,
    )


def _mark(resource: Resource, at: datetime, tr: Translate) -> tuple[HealthState, str]:
    """How a resource stands; what nobody tells is never told as having room."""
    share = resource.share
    days = days_left(resource, at)
    if resource.is_old:
        return HealthState.STALE, tr("old value")
    if share is None:
        return HealthState.UNKNOWN, tr("use not told")
    if resource.is_full:
        return HealthState.DOWN, tr("full")
    if share >= SAFE_SHARE:
        return HealthState.DEGRADED, tr("above {share}").format(share=percent(SAFE_SHARE))
    if days is not None and days < SOON_DAYS:
        return HealthState.DEGRADED, tr("full soon")
    return HealthState.HEALTHY, tr("room left")


def _amount(amount: float | None, resource: Resource, tr: Translate) -> Cell:
    words = amount_words(amount, resource.size, resource.key.kind, tr)
    return Cell(words, math.nan if amount is None else amount)


def _busiest(resource: Resource, tr: Translate) -> str:
    """The hour of the week that is usually the busiest; nothing with less than a week."""
    if resource.outlook is None or not np.isfinite(resource.outlook.usual).all():
        return NO_VALUE
    place = int(np.argmax(resource.outlook.usual))
    return f"{weekday_words(tr)[place // 24]} {place % 24:02}:00"


def weekday_words(tr: Translate) -> tuple[str, ...]:
    """The days of the week from Monday on, short."""
    return tr("Mon"), tr("Tue"), tr("Wed"), tr("Thu"), tr("Fri"), tr("Sat"), tr("Sun")


def _verdict(proposal: Proposal, tr: Translate) -> Cell:
    """Whether a size fits what is used of it."""
    if proposal.is_idle:
        return Cell(tr("idle"), 0.0, Tone.SECONDARY)
    return {
        Standing.GROW: Cell(tr("too small"), 3.0, Tone.DEGRADED),
        Standing.KEEP: Cell(tr("fits"), 2.0, Tone.SECONDARY),
        Standing.SHRINK: Cell(tr("over-allocated"), 1.0, Tone.ACCENT),
    }.get(proposal.standing, Cell(standing_words(proposal, tr), math.nan, Tone.TERTIARY))


def _work(resource: Resource, tr: Translate) -> Cell:
    """Work per unit: requests a second for each core or GB in use."""
    work, kind = resource.work, resource.key.kind
    if work is None or kind not in {ResourceKind.PROCESSING, ResourceKind.MEMORY}:
        return Cell(NO_VALUE, math.nan)
    if kind is ResourceKind.PROCESSING:
        return Cell(tr("{rate} per core").format(rate=quantity(work, "1/s")), work)
    return Cell(tr("{rate} per GB").format(rate=quantity(work * 2**30, "1/s")), work * 2**30)


def _sizes(proposal: Proposal, tr: Translate) -> str:
    """Both sizes on one scale: `480 → 1,200 GB`."""
    size, now, then = proposal.resource.size, proposal.now, proposal.proposed
    if size is None or now is None or then is None:
        return NO_VALUE
    if proposal.resource.key.kind is ResourceKind.PROCESSING and size.unit == "1":
        return tr("{now} → {then} cores").format(now=cores_words(now), then=cores_words(then))
    scale = scale_for(size.unit, now)
    before = written(now, replace(scale, suffix=""), _decimals(now * scale.factor))
    return f"{before} → {written(then, scale, _decimals(then * scale.factor))}"


def _difference(proposal: Proposal, tr: Translate) -> str:
    """How much more or less, on the scale of the size now."""
    size, now = proposal.resource.size, proposal.now
    if size is None or now is None:
        return NO_VALUE
    sign, amount = "+" if proposal.difference > 0 else "−", abs(proposal.difference)
    if proposal.resource.key.kind is ResourceKind.PROCESSING and size.unit == "1":
        return tr("{sign}{count} cores").format(sign=sign, count=cores_words(amount))
    scale = scale_for(size.unit, now)
    return f"{sign}{written(amount, scale, _decimals(amount * scale.factor))}"


def _decimals(scaled: float) -> int:
    return 0 if abs(scaled - round(scaled)) < _WHOLE else 1


def _weight(proposal: Proposal) -> float:
    return abs(proposal.difference) / proposal.now if proposal.now else 0.0


def _proposal_tone(proposal: Proposal) -> Tone:
    if proposal.proposed is None:
        return Tone.TERTIARY
    return Tone.DEGRADED if proposal.difference > 0 else Tone.HEALTHY


def _figures(resources: Sequence[Resource], plan: Plan, at: datetime, tr: Translate) -> tuple[FigureWords, ...]:
    return _next(resources, at, tr), _spare(plan, tr), _used(resources, tr), _error(resources, tr)


def _next(resources: Sequence[Resource], at: datetime, tr: Translate) -> FigureWords:
    dated = [(days, one) for one in resources if (days := days_left(one, at)) is not None]
    label = tr("Next exhaustion")
    if any(one.is_pending for one in resources):
        return FigureWords(NEXT, label, tr("…"), tr("being worked out"))
    if not dated:
        return FigureWords(NEXT, label, NO_VALUE, tr("no date"), tip=tr("Nothing surely grows towards its size"))
    days, first = min(dated, key=lambda pair: pair[0])
    value = tr("full") if days == 0 else time_left_words(days)
    tone = Tone.DOWN if days == 0 else Tone.DEGRADED if days < SOON_DAYS else Tone.TEXT
    return FigureWords(NEXT, label, value, resource_name(first), tone, row_id=first.key.id)


def _spare(plan: Plan, tr: Translate) -> FigureWords:
    spare = plan.of(Standing.SHRINK)
    cores = -sum(one.difference for one in spare if one.resource.key.kind is ResourceKind.PROCESSING)
    note = tr("reclaim {count} cores").format(count=cores_words(cores)) if cores > 0 else ""
    return FigureWords(SPARE, tr("Over-allocated"), str(len(spare)), note, tip=constraint_words(plan.constraint, tr))


def _used(resources: Sequence[Resource], tr: Translate) -> FigureWords:
    sized = [one for one in resources if one.size is not None]
    shares = [one.share for one in sized if one.share is not None and not one.is_old]
    if not shares:
        note = tr("no fresh value") if sized else tr("no sizes known")
        return FigureWords(TIGHT, tr("Used of allocated"), NO_VALUE, note)
    note = tr("median of {count}").format(count=len(shares))
    return FigureWords(TIGHT, tr("Used of allocated"), percent(median(shares)), note)


def _error(resources: Sequence[Resource], tr: Translate) -> FigureWords:
    told = [one.outlook.forecast for one in resources if one.outlook is not None and one.outlook.forecast is not None]
    errors = [error for forecast in told if (error := forecast.relative_error) is not None]
    label = tr("Forecast error, 28 d")
    if not errors:
        return FigureWords(ERROR, label, NO_VALUE, tr("not enough history"))
    tip = tr("How far the peaks of the last 28 days were off, each week foretold from what was before it")
    return FigureWords(
        ERROR, label, percent(median(errors)), tr("median of {count}").format(count=len(errors)), tip=tip
    )


def _summary(report: CapacityReport, plan: Plan, tr: Translate) -> str:
    resources = report.resources
    without = len(plan.of(Standing.NO_SIZE))
    short = sum(one.outlook is not None and one.outlook.growth is None for one in resources)
    parts = [tr("1 resource") if len(resources) == 1 else tr("{count} resources").format(count=len(resources))]
    if without:
        parts.append(tr("{count} without a known size").format(count=without))
    if short:
        parts.append(tr("{count} with too little history for a forecast").format(count=short))
    return " · ".join(parts)

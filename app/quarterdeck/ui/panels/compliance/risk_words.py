"""Risks in words: as rows, as cells of the matrix, and one by itself with its controls and what was decided."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from quarterdeck.domain.health import HealthState
from quarterdeck.domain.risks import Bearing, RiskAct, RiskBand, RiskRecord, RiskScale, Treatment
from quarterdeck.services.risks import RisksReport, StandingRisk
from quarterdeck.services.wording import NO_VALUE, count_words, moment_words
from quarterdeck.ui.panels.compliance.state import FactWords, HistoryLine, RiskCell, RiskLine, RisksState
from quarterdeck.ui.theme.tokens import Tone

Translate = Callable[[str], str]

_MARKS = {
    RiskBand.LOW: HealthState.HEALTHY,
    RiskBand.MEDIUM: HealthState.DEGRADED,
    RiskBand.HIGH: HealthState.DOWN,
    RiskBand.CRITICAL: HealthState.DOWN,
}
_TONES = {
    RiskBand.LOW: Tone.HEALTHY,
    RiskBand.MEDIUM: Tone.DEGRADED,
    RiskBand.HIGH: Tone.DOWN,
    RiskBand.CRITICAL: Tone.DOWN,
}


def risks_state(report: RisksReport, at: datetime, tr: Translate) -> RisksState:
    """The open risks at a moment, in their order."""
    risks, names, scale = report.risks, report.names, report.scale
    still_open = [risk for risk in risks if not risk.history.is_closed]
    waiting = sum(risk.needs_decision for risk in still_open)
    due = sum(risk.is_review_due for risk in still_open)
    parts = (
        [count_words(len(still_open), tr("1 risk"), tr("{count} risks"))]
        if still_open
        else [tr("No risk is registered")]
    )
    parts += [count_words(waiting, tr("1 needs a decision"), tr("{count} need a decision"))] if waiting else []
    parts += [count_words(due, tr("1 review due"), tr("{count} reviews due"))] if due else []
    parts += [tr("{count} closed").format(count=len(risks) - len(still_open))] if len(risks) > len(still_open) else []
    return RisksState(
        lines=tuple(replace(_line(risk, names, at, tr), trend=_trend(report, risk)) for risk in still_open),
        cells=_cells(still_open, scale, tr),
        likelihoods=scale.likelihoods,
        impacts=scale.impacts,
        summary=" · ".join(parts),
    )


def _trend(report: RisksReport, standing: StandingRisk) -> tuple[float, ...]:
    """What was left of a risk day by day, also by the controls of the time before it was registered."""
    return tuple(float(day.score) for day in report.trends.get(standing.risk.id, ()))


def band_words(band: RiskBand, tr: Translate) -> str:
    """How large a risk is, as a person says it."""
    return {
        RiskBand.LOW: tr("Low"),
        RiskBand.MEDIUM: tr("Medium"),
        RiskBand.HIGH: tr("High"),
        RiskBand.CRITICAL: tr("Critical"),
    }[band]


def treatment_words(treatment: Treatment | None, tr: Translate) -> str:
    """What is done about a risk."""
    if treatment is None:
        return NO_VALUE
    return {
        Treatment.ACCEPT: tr("Accept"),
        Treatment.MITIGATE: tr("Mitigate"),
        Treatment.TRANSFER: tr("Transfer"),
        Treatment.AVOID: tr("Avoid"),
    }[treatment]


def _line(standing: StandingRisk, names: Mapping[str, str], at: datetime, tr: Translate) -> RiskLine:
    risk, left = standing.risk, standing.residual
    residual = tr("{band} · {score}").format(band=band_words(standing.band, tr), score=left.score)
    if not left.is_certain:
        residual = tr("{residual}, at best {score}").format(residual=residual, score=left.at_best)
    review = "" if risk.review_at is None else moment_words(risk.review_at, at)
    return RiskLine(
        id=risk.id,
        entity_key=risk.entity_key,
        title=risk.title,
        entity_name=names.get(risk.entity_key, risk.entity_key),
        mark=_MARKS[standing.band],
        residual=residual,
        score=left.score,
        inherent=risk.inherent,
        treatment=treatment_words(standing.history.last.treatment, tr),
        decision=_decision(standing, at, tr),
        needs_decision=standing.needs_decision,
        owner=risk.owner,
        review=tr("{time}, due").format(time=review) if standing.is_review_due else review,
        is_review_due=standing.is_review_due,
        facts=_facts(standing, names, residual, at, tr),
        history=tuple(_act(record, at, tr) for record in reversed(standing.history.records)),
    )


def _decision(standing: StandingRisk, at: datetime, tr: Translate) -> str:
    if standing.undecided_since_at is None:
        return tr("Fits the facts")
    since = moment_words(standing.undecided_since_at, at)
    if standing.history.decision is None:
        return tr("None yet, since {time}").format(time=since)
    return tr("Needs a new one since {time}").format(time=since)


def _facts(
    standing: StandingRisk, names: Mapping[str, str], residual: str, at: datetime, tr: Translate
) -> tuple[FactWords, ...]:
    risk, left = standing.risk, standing.residual
    inherent = tr("Likelihood {likelihood} × impact {impact} = {score}, {band}").format(
        likelihood=risk.likelihood,
        impact=risk.impact,
        score=risk.inherent,
        band=band_words(standing.inherent_band, tr).lower(),
    )
    controls = "\n".join(
        tr("{policy} {bearing}, lowers by {percent} %").format(
            policy=one.link.policy_id, bearing=_bearing(one.bearing, tr), percent=one.link.strength_percent
        )
        for one in standing.links
    )
    effect = tr("not known") if left.effectiveness is None else f"{left.effectiveness * 100:.0f} %"
    found = (
        FactWords(tr("Subject"), names.get(risk.entity_key, risk.entity_key)),
        FactWords(tr("Inherent"), inherent),
        FactWords(tr("Controls"), controls or tr("none")),
        FactWords(tr("Effect"), effect if standing.links else NO_VALUE),
        FactWords(tr("Left"), residual, _TONES[standing.band]),
        FactWords(tr("Treatment"), treatment_words(standing.history.last.treatment, tr)),
        FactWords(tr("Decision"), _decision(standing, at, tr), Tone.DEGRADED if standing.needs_decision else Tone.TEXT),
        FactWords(tr("Changed"), ", ".join(link.policy_id for link in standing.changed)),
        FactWords(tr("Owner"), risk.owner),
        FactWords(tr("Review"), "" if risk.review_at is None else moment_words(risk.review_at, at)),
        FactWords(tr("From"), risk.finding),
    )
    return tuple(fact for fact in found if fact.value)


def _bearing(bearing: Bearing, tr: Translate) -> str:
    return {
        Bearing.HOLDS: tr("holds"),
        Bearing.FAILS: tr("does not hold"),
        Bearing.UNKNOWN: tr("is not known to hold"),
    }[bearing]


def _act(record: RiskRecord, at: datetime, tr: Translate) -> HistoryLine:
    acts = {
        RiskAct.ADDED: tr("Registered by {name}"),
        RiskAct.DECIDED: tr("Decided by {name}: {treatment}"),
        RiskAct.CLOSED: tr("Closed by {name}"),
    }
    words = acts[record.act].format(name=record.recorded_by, treatment=treatment_words(record.treatment, tr))
    return HistoryLine(
        id=str(record.number),
        mark=HealthState.UNKNOWN,
        words=f"{words}. {record.comment}" if record.comment else words,
        since=moment_words(record.recorded_at, at),
        why=record.comment,
    )


def _cells(risks: Sequence[StandingRisk], scale: RiskScale, tr: Translate) -> tuple[RiskCell, ...]:
    """A cell for each likelihood and impact, by what is inherent in a risk; what is left stands in the table."""
    inside: dict[tuple[int, int], list[StandingRisk]] = defaultdict(list)
    for risk in risks:
        inside[risk.risk.likelihood, risk.risk.impact].append(risk)
    return tuple(
        _cell(likelihood, impact, inside[likelihood, impact], scale, tr)
        for impact in range(len(scale.impacts), 0, -1)
        for likelihood in range(1, len(scale.likelihoods) + 1)
    )


def _cell(likelihood: int, impact: int, risks: Sequence[StandingRisk], scale: RiskScale, tr: Translate) -> RiskCell:
    score = likelihood * impact
    band = scale.band(score)
    where = tr("{likelihood} × {impact} = {score}, {band}").format(
        likelihood=scale.likelihoods[likelihood - 1],
        impact=scale.impacts[impact - 1],
        score=score,
        band=band_words(band, tr).lower(),
    )
    titles = "; ".join(risk.risk.title for risk in risks)
    return RiskCell(
        likelihood=likelihood,
        impact=impact,
        count=len(risks),
        tone=_TONES[band],
        is_strong=band is RiskBand.CRITICAL,
        score=score,
        first_id=risks[0].risk.id if risks else "",
        words=f"{where}: {titles}" if titles else where,
    )

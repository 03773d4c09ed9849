"""The facts of the selected resource and its history in words."""

from __future__ import annotations

import math
from datetime import datetime

from quarterdeck.domain.capacity import SizeOrigin
from quarterdeck.services.capacity import Resource
from quarterdeck.services.capacity_proposals import Proposal, Standing
from quarterdeck.services.wording import NO_VALUE, day_words, moment_words, percent
from quarterdeck.ui.panels.resources.pace_words import Translate, changed_cell, method_words, pace
from quarterdeck.ui.panels.resources.state import ResourceLine
from quarterdeck.ui.panels.resources.words import amount_words, standing_words

Pairs = tuple[tuple[str, str], ...]


def fact_pairs(line: ResourceLine, at: datetime, tr: Translate) -> Pairs:
    """What is known of a resource, by its label."""
    resource = line.source
    pairs = [(tr("Used"), _used(resource, line, tr)), (tr("Size"), _size(resource, at, tr))]
    if resource.told_at is not None:
        old = tr("{time}, too old to speak for now") if resource.is_old else "{time}"
        pairs.append((tr("Told"), old.format(time=moment_words(resource.told_at, at))))
    if resource.outlook is not None:
        pairs += _forecast_pairs(line, tr)
    pairs.append((tr("Proposed"), _proposed(line.planned, tr)))
    return tuple(pairs)


def _forecast_pairs(line: ResourceLine, tr: Translate) -> list[tuple[str, str]]:
    resource, outlook = line.source, line.source.outlook
    if outlook is None:
        return []
    forecast, growth = outlook.forecast, outlook.growth
    pairs = [(tr("p99 demand"), tr("{share} over 30 d").format(share=line.demand.words))]
    if growth is not None:
        bounds = tr("{pace} (80% interval {low} to {high})")
        paces = (pace(resource, each) for each in (growth.slope, growth.low, growth.high))
        pairs.append((tr("Pace"), bounds.format(**dict(zip(("pace", "low", "high"), paces, strict=True)))))
        pairs.append((tr("Change"), changed_cell(resource, tr).words))
    if forecast is not None:
        pairs.append(
            (tr("Model"), tr("{method}, chosen by back-test").format(method=method_words(forecast.method, tr)))
        )
        pairs.append((tr("Error"), _error(line, forecast.tested_days, tr)))
    counted = outlook.counted_from
    if counted is not None:
        told = tr("since {day}, when it was cleared")
        pairs.append((tr("Counted"), told.format(day=day_words(resource.day(counted)))))
    pairs.append(
        (tr("History"), tr("{days} of the last {all} days").format(days=outlook.known_days, all=len(outlook.peaks)))
    )
    return pairs


def _used(resource: Resource, line: ResourceLine, tr: Translate) -> str:
    if resource.share is None:
        return tr("not told")
    if resource.size is None:
        return tr("{share} of a size nobody tells").format(share=line.share_words)
    return f"{line.used.words} · {line.share_words}"


def _size(resource: Resource, at: datetime, tr: Translate) -> str:
    size = resource.size
    if size is None:
        return tr("not known")
    words = amount_words(size.amount, size, resource.key.kind, tr)
    if size.origin is SizeOrigin.DECLARED:
        return tr("{amount}, declared as {fact}").format(amount=words, fact=size.fact)
    seen = NO_VALUE if size.observed_at is None else moment_words(size.observed_at, at)
    return tr("{amount}, seen {time}").format(amount=words, time=seen)


def _error(line: ResourceLine, tested_days: int, tr: Translate) -> str:
    if not math.isfinite(line.error.rank):
        return tr("not tested: too little history")
    return tr("{share} of the peak over {days} d it had not seen").format(
        share=percent(line.error.rank), days=tested_days
    )


def _proposed(proposal: Proposal, tr: Translate) -> str:
    if proposal.standing is Standing.KEEP:
        return tr("nothing: the size fits")
    words = standing_words(proposal, tr)
    return words if proposal.proposed is not None else tr("nothing: {why}").format(why=words)

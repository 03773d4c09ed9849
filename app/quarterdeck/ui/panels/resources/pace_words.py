"""Paces and dates in words: how fast a resource fills, since when, and when it is full."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import datetime, timedelta

from quarterdeck.analysis.exhaustion import FURTHEST_SPANS, LEAST_DAYS, Growth
from quarterdeck.analysis.peaks import DemandOutlook, PeakMethod
from quarterdeck.services.capacity import Resource
from quarterdeck.services.wording import NO_VALUE, day_words, percent, quantity, time_left_words
from quarterdeck.ui.panels.resources.state import Cell
from quarterdeck.ui.theme.tokens import Tone

Translate = Callable[[str], str]

SOON_DAYS = 30.0
_YEAR_DAYS = 365.0
_WEEK_DAYS = 7
_FLAT_A_WEEK = 0.01
"""A pace that is surely below this share of the size a week is none to a person."""
_NEARLY_TWICE = (1.8, 2.2)


def method_words(method: PeakMethod, tr: Translate) -> str:
    """How the peaks to come are told."""
    return {
        PeakMethod.LINE: tr("line with at most one change of pace"),
        PeakMethod.LEVEL: tr("steady level of the last two weeks"),
        PeakMethod.LAST_WEEK: tr("the last week again"),
    }[method]


def history_words(resource: Resource, tr: Translate) -> str:
    """Why there is no trend yet, short: how many days there are of those it takes."""
    if resource.is_pending:
        return tr("…")
    if not resource.subject.series:
        return tr("no history")
    return tr("{days} of {least} d").format(days=resource.known_days, least=LEAST_DAYS)


def pace(resource: Resource, slope: float) -> str:
    """A pace in the unit of the size a day, or in shares of the size a week: `+6.1 GB/d`, `+1.8%/wk`."""
    sign = "+" if slope > 0 else "−" if slope < 0 else ""
    size = resource.size
    if size is not None and size.unit == "By":
        return f"{sign}{quantity(abs(slope) * size.amount, 'By')}/d"
    return f"{sign}{percent(abs(slope) * _WEEK_DAYS)}/wk"


def trend_cell(resource: Resource, tr: Translate) -> Cell:
    """The pace that holds now; flat, or no trend, where nothing surely grows."""
    growth = None if resource.outlook is None else resource.outlook.growth
    if growth is None:
        return Cell(history_words(resource, tr), math.nan, Tone.TERTIARY)
    if growth.is_growing:
        return Cell(pace(resource, growth.slope), growth.slope)
    if _WEEK_DAYS * max(abs(growth.low), abs(growth.high)) < _FLAT_A_WEEK:
        return Cell(tr("flat"), growth.slope, Tone.SECONDARY)
    if growth.high < 0:
        return Cell(pace(resource, growth.slope), growth.slope, Tone.SECONDARY)
    return Cell(tr("no trend"), growth.slope, Tone.SECONDARY)


def days_left(resource: Resource, at: datetime) -> float | None:
    """In how many days the size is reached, 0 where it is; None without a date."""
    if resource.is_full:
        return 0.0
    full_at = resource.full_at
    return None if full_at is None else max(0.0, (full_at - at) / timedelta(days=1))


def full_cell(resource: Resource, at: datetime, tr: Translate) -> Cell:
    """When the size is reached: full, in so many days, later than can be told, or no date."""
    if resource.is_full:
        return Cell(tr("full"), 0.0, Tone.DOWN)
    outlook = resource.outlook
    if outlook is None or outlook.growth is None:
        return Cell(tr("…") if resource.is_pending else NO_VALUE, math.nan, Tone.TERTIARY)
    days = days_left(resource, at)
    if days is not None:
        if days > _YEAR_DAYS:
            return Cell(tr("> 1 y"), days)
        return Cell(time_left_words(days), days, Tone.DEGRADED if days < SOON_DAYS else Tone.TEXT)
    is_told = outlook.forecast is not None and outlook.forecast.method is PeakMethod.LINE
    if outlook.growth.is_growing and is_told:
        least = FURTHEST_SPANS * max(0, outlook.known_days - 1)
        words = tr("> 1 y") if least >= _YEAR_DAYS else tr("> {days} d").format(days=int(least))
        return Cell(words, least)
    return Cell(tr("no date"), math.inf, Tone.SECONDARY)


def interval_cell(resource: Resource, at: datetime, tr: Translate) -> Cell:
    """Between which days the date lies in four cases of five."""
    earliest_at, latest_at = resource.earliest_at, resource.latest_at
    if earliest_at is None or resource.is_full:
        return Cell(NO_VALUE, math.nan)
    low = max(0.0, (earliest_at - at) / timedelta(days=1))
    if latest_at is None:
        return Cell(tr("{days} d or later").format(days=int(low)), low)
    high = max(0.0, (latest_at - at) / timedelta(days=1))
    return Cell(f"{int(low)}–{math.ceil(high)} d", low)


def changed_cell(resource: Resource, tr: Translate) -> Cell:
    """Since when another pace holds, and which it was: `4 Nov: +2.9 → +6.1 GB/d`."""
    changed_at = resource.changed_at
    growth = None if resource.outlook is None else resource.outlook.growth
    if changed_at is None or growth is None or growth.earlier is None:
        return Cell(NO_VALUE, math.nan)
    words = tr("{day}: {before} → {now}").format(
        day=day_words(changed_at), before=pace(resource, growth.earlier), now=pace(resource, growth.slope)
    )
    return Cell(words, changed_at.timestamp())


def change_sentence(resource: Resource, tr: Translate) -> str:
    """The change of pace in a sentence; empty where the pace held all along."""
    changed_at = resource.changed_at
    growth = None if resource.outlook is None else resource.outlook.growth
    if changed_at is None or growth is None or growth.earlier is None:
        return ""
    return _change(growth, growth.earlier, tr).format(
        day=day_words(changed_at), before=pace(resource, growth.earlier), now=pace(resource, growth.slope)
    )


def full_sentence(resource: Resource, at: datetime, tr: Translate) -> str:
    """When it is full, with the interval, or why there is no date."""
    outlook = resource.outlook
    if resource.is_full:
        return tr("Full: nothing is left of its size.")
    if resource.is_pending:
        return tr("The forecast is being worked out.")
    if outlook is None:
        return tr("The store holds no history of it, so that nothing is foretold.")
    if outlook.growth is None:
        told = tr("Not enough history to foretell anything: {days} of {least} days.")
        return told.format(days=outlook.known_days, least=LEAST_DAYS)
    return _date_sentence(resource, outlook, at, tr)


def _date_sentence(resource: Resource, outlook: DemandOutlook, at: datetime, tr: Translate) -> str:
    days = days_left(resource, at)
    if days is not None and days <= _YEAR_DAYS:
        told = tr("Full in {time} (80% interval {interval}).")
        return told.format(time=time_left_words(days), interval=interval_cell(resource, at, tr).words)
    if outlook.forecast is not None and outlook.forecast.method is not PeakMethod.LINE:
        return tr("No date: a trend would have foretold the last weeks worse than none.")
    if outlook.growth is not None and outlook.growth.is_growing:
        later = full_cell(resource, at, tr).words
        return tr("It grows, and is full later than can be told: {time}.").format(time=later)
    return tr("No date: it does not surely grow.")


def _change(growth: Growth, earlier: float, tr: Translate) -> str:
    ratio = growth.slope / earlier if earlier > 0 else 0.0
    if _NEARLY_TWICE[0] <= ratio <= _NEARLY_TWICE[1]:
        return tr("Growth doubled on {day}: {before} → {now}.")
    if growth.slope > earlier:
        return tr("It has grown faster since {day}: {before} → {now}.")
    return tr("It has grown slower since {day}: {before} → {now}.")

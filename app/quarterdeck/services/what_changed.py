"""What changed between two ranges in a few sentences, out of figures, changes and failures, no surer than they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from quarterdeck.domain.events import Change
from quarterdeck.domain.instants import duration_words
from quarterdeck.sdk.texts import counted, one_line
from quarterdeck.services.comparison import STEPS, ComparedFigure, Comparison
from quarterdeck.services.error_patterns import ErrorReport, KnownPattern
from quarterdeck.services.figures import figure_words
from quarterdeck.services.wording import moment_words, quantities

_HOUR = timedelta(hours=1)
_MOST_NAMED = 3
_TIMES_MORE = 3
_LEAST_MORE = 5
_LONGEST = 120


@dataclass(frozen=True, slots=True)
class WhatChanged:
    """A title with the time where there is one, and lines of a sentence or two that each stand for themselves."""

    title: str
    sentences: tuple[str, ...]
    entity_key: str = ""


def what_changed(comparison: Comparison, errors: ErrorReport | None, now: datetime) -> WhatChanged:
    """What shifted the furthest and about when, what moved before and after it, which changes and failures there were.

    `errors` are of the later range, None where they are not known.
    """
    moved = comparison.moved
    grown = _grown(errors)
    if not moved:
        told = [_nothing(comparison), *([_error_words(grown, errors)] if grown is not None else [])]
        return WhatChanged("What changed", tuple(told))
    first = moved[0]
    at = first.since_at
    sentences = [
        _main(first, now),
        " ".join(one for one in _others(moved, comparison, now) if one),
        _change_words(comparison.changes, at or comparison.ranges.later.start_at, now),
        _error_words(grown, errors) if grown is not None else "",
        f"{_rest(comparison)} This is what moved and about when, not why.".strip(),
    ]
    title = f"What changed at {moment_words(at, now)}" if at is not None else "What changed"
    return WhatChanged(title, tuple(one for one in sentences if one), first.entity.key)


def figure_name(one: ComparedFigure) -> str:
    """An entity's figure: `PayHub processor p95 response time`."""
    return f"{one.entity.name} {figure_words(one.figure, one.series.identity.statistic, one.part)}"


def _main(one: ComparedFigure, now: datetime) -> str:
    name, unit, step = figure_name(one), one.series.identity.unit, duration_words(one.within_seconds)
    size = f"{abs(one.size):.2g} times its usual spread"
    if one.until_at is not None and one.since_at is not None and one.stretch is not None:
        from_words, to_words = (moment_words(at, now) for at in (one.since_at, one.until_at))
        before, after = quantities(one.stretch.before, one.stretch.after, unit)
        within = f"from about {from_words} to {to_words}, give or take {step}"
        return f"{name} was {after} instead of {before} {within}: {size}."
    if one.shift is None:
        return ""
    verb = "rose" if one.shift.after > one.shift.before else "fell"
    before, after = quantities(one.shift.before, one.shift.after, unit)
    about = f" at about {moment_words(one.since_at, now)}, give or take {step}" if one.since_at is not None else ""
    return f"{name} {verb} from {before} to {after}{about}: {size}."


def _others(moved: Sequence[ComparedFigure], comparison: Comparison, now: datetime) -> list[str]:
    """Those that began before the first one, with it, and after it, as far as a step tells."""
    at = moved[0].since_at
    others = [one for one in moved[1:] if one.entity.key != moved[0].entity.key]
    if at is None:
        return [_named("Also moved", others, now)]
    step = max(_step(comparison), timedelta(seconds=moved[0].within_seconds))
    apart = [(one.since_at - at, one) for one in others if one.since_at is not None]
    before = [one for gap, one in apart if gap < -step]
    beside = [one for gap, one in apart if abs(gap) <= step]
    after = [one for gap, one in apart if gap > step]
    named = (("Before it", before), ("About the same time", beside), ("Later", after))
    return [_named(words, found, now) for words, found in named]


def _named(words: str, found: Sequence[ComparedFigure], now: datetime) -> str:
    if not found:
        return ""
    named = [
        figure_name(one) + (f" ({moment_words(one.since_at, now)})" if one.since_at is not None else "")
        for one in found[:_MOST_NAMED]
    ]
    more = f" and {counted(len(found) - len(named), 'other')}" if len(found) > len(named) else ""
    return f"{words}: {', '.join(named)}{more}."


def _change_words(changes: Sequence[Change], at: datetime, now: datetime) -> str:
    near = [one for one in changes if at - _HOUR <= one.changed_at <= at]
    if not near:
        return "No deploy or other change is known in the hour before."
    told = [f"{one_line(one.summary, _LONGEST)} ({moment_words(one.changed_at, now)})" for one in near[-_MOST_NAMED:]]
    more = f", the last of {len(near)}" if len(near) > len(told) else ""
    return f"Known changes in the hour before{more}: {'; '.join(told)}."


def _grown(errors: ErrorReport | None) -> KnownPattern | None:
    """The pattern of failures that grew the most, if any grew to a multiple."""
    patterns = errors.patterns if errors is not None else ()
    grown = [one for one in patterns if one.now >= max(_LEAST_MORE, _TIMES_MORE * one.before)]
    return max(grown, key=lambda one: one.now - one.before, default=None)


def _error_words(one: KnownPattern, errors: ErrorReport | None) -> str:
    code = f"{one.codes[0][0]} " if one.codes else ""
    said = one_line(f"{code}{one.template}", _LONGEST)
    if errors is None or not errors.is_before_known:
        return f"Most frequent among errors: {said}, {one.now:,} times; how many before is not known."
    return f"Most grown among errors: {said}, {one.now:,} times, {one.before:,} in the equal time just before."


def _rest(comparison: Comparison) -> str:
    still = comparison.tested - len(comparison.moved)
    return f"{counted(still, 'other figure')} did not shift, or not surely." if still else ""


def _nothing(comparison: Comparison) -> str:
    if not comparison.tested:
        return "Too little is kept of either range to compare anything."
    return f"Nothing shifted surely among {counted(comparison.tested, 'figure')}."


def _step(comparison: Comparison) -> timedelta:
    return timedelta(seconds=comparison.ranges.later.seconds / STEPS)

"""Verdicts over time as a strip: what a control was in each of so many days, counted back from an instant."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from quarterdeck.analysis.evidence_timelines import ENDLESS
from quarterdeck.analysis.known_facts import DAY_MS
from quarterdeck.analysis.verdicts import VerdictSpan
from quarterdeck.domain.instants import TimeRange, to_ms
from quarterdeck.domain.policies import VERDICT_SEVERITY, Verdict, VerdictInterval

Days = tuple[Verdict | None, ...]
"""The worst verdict within each day, the oldest first; None where there was none."""


class Stretch(NamedTuple):
    """A verdict over `[from_ms, to_ms)`."""

    from_ms: int
    to_ms: int
    verdict: Verdict
    reason: str


def stretches_of_spans(spans: Iterable[VerdictSpan]) -> list[Stretch]:
    """Judged spans as stretches."""
    return [Stretch(span.from_ms, span.to_ms, span.verdict, span.reason) for span in spans]


def stretches_of_intervals(intervals: Iterable[VerdictInterval]) -> list[Stretch]:
    """Recorded intervals as stretches, in their order."""
    return [
        Stretch(to_ms(each.from_at), ENDLESS if each.to_at is None else to_ms(each.to_at), each.verdict, each.reason)
        for each in intervals
    ]


def last_days(at: datetime, days: int) -> TimeRange:
    """So many times 24 hours, up to and with an instant."""
    end_at = at + timedelta(milliseconds=1)
    return TimeRange(end_at - timedelta(days=days), end_at)


def verdict_days(stretches: Iterable[Stretch], at: datetime, days: int) -> Days:
    """The worst verdict within each of the 24 hours that end with an instant, and of those before."""
    begins_ms = to_ms(last_days(at, days).start_at)
    found: list[Verdict | None] = [None] * days
    for stretch in stretches:
        first = max(0, (stretch.from_ms - begins_ms) // DAY_MS)
        last = min(days, -((begins_ms - stretch.to_ms) // DAY_MS))
        for day in range(first, last):
            held = found[day]
            if held is None or VERDICT_SEVERITY[held] < VERDICT_SEVERITY[stretch.verdict]:
                found[day] = stretch.verdict
    return tuple(found)


def stretch_at(stretches: Iterable[Stretch], at: datetime) -> Stretch | None:
    """The stretch that holds at an instant."""
    at_ms = to_ms(at)
    return next((stretch for stretch in stretches if stretch.from_ms <= at_ms < stretch.to_ms), None)

"""Error patterns in words: of whom they are, and what is missing in their counts."""

from __future__ import annotations

from datetime import datetime

from quarterdeck.sdk.texts import counted
from quarterdeck.services.error_patterns import ErrorReport, KnownPattern
from quarterdeck.services.wording import moment_words


def names_words(one: KnownPattern, report: ErrorReport) -> str:
    """Whom a pattern concerns, the most frequent first: `PayHub processor and 2 others`."""
    if not one.entities:
        return ""
    first = report.names.get(one.entities[0][0], one.entities[0][0])
    others = len(one.entities) - 1
    return f"{first} and {counted(others, 'other')}" if others else first


def incomplete_words(report: ErrorReport, now: datetime) -> tuple[str, str, str, str]:
    """What is missing in the counts now, before, and in the patterns; empty for nothing."""
    shown = before = ""
    if report.complete_from_at > report.time_range.start_at:
        shown = (
            f"There were too many events to read all: counts now begin at {moment_words(report.complete_from_at, now)}."
        )
    if report.before_from_at > report.before.start_at:
        before = f"Counts before begin at {moment_words(report.before_from_at, now)}, for there were too many to read."
    begins = report.events_begin_at
    is_young = begins is not None and begins > report.before.start_at
    young = f"No event is kept from before {moment_words(begins, now)}." if is_young and begins is not None else ""
    rare = f"{counted(report.ungathered, 'failure')} of rare patterns are not listed." if report.ungathered else ""
    return shown, before, young, rare

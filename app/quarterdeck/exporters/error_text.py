"""Error patterns for the terminal and as JSON."""

from __future__ import annotations

import json
from datetime import datetime
from io import StringIO

from rich.console import Console
from rich.table import Table

from quarterdeck.exporters.terminal import plain
from quarterdeck.sdk.texts import counted
from quarterdeck.services.error_patterns import ErrorReport, KnownPattern
from quarterdeck.services.error_words import incomplete_words, names_words
from quarterdeck.services.wording import moment_words

_WIDTH = 150
_LONGEST = 4_000


def errors_text(report: ErrorReport, now: datetime) -> str:
    """A table of the patterns, the most frequent first, and what is missing in its counts."""
    start, end = (moment_words(at, now) for at in (report.time_range.start_at, report.time_range.end_at))
    lines = [f"{counted(report.now, 'failure')} told by events, {start} to {end}, beside the equal time before."]
    lines += [_rendered(report, now)] if report.patterns else ["No event of either time tells a failure."]
    lines += [words for words in incomplete_words(report, now) if words]
    return "\n".join(lines)


def errors_json(report: ErrorReport) -> str:
    """The same for scripts, with every code and entity and the course; instants in ISO 8601, UTC."""
    told = {
        "from": report.time_range.start_at.isoformat(),
        "to": report.time_range.end_at.isoformat(),
        "before_from": report.before.start_at.isoformat(),
        "is_complete": report.is_complete,
        "complete_from": report.complete_from_at.isoformat(),
        "before_complete_from": report.before_from_at.isoformat(),
        "events_begin": report.events_begin_at.isoformat() if report.events_begin_at else None,
        "ungathered": report.ungathered,
        "patterns": [_object(one, report) for one in report.patterns],
    }
    return json.dumps(told, indent=2)


def _object(one: KnownPattern, report: ErrorReport) -> dict[str, object]:
    return {
        "pattern": one.template,
        "example": one.example,
        "now": one.now,
        "before": one.before,
        "first_seen": one.first_at.isoformat(),
        "last_seen": one.last_at.isoformat(),
        "codes": [{"code": code, "count": count} for code, count in one.codes],
        "entities": [{"key": key, "name": report.names.get(key, key), "count": count} for key, count in one.entities],
        "course": list(one.course),
    }


def _rendered(report: ErrorReport, now: datetime) -> str:
    grid = Table(box=None, pad_edge=False, header_style="bold")
    for title in ("Code", "Pattern", "Now", "Before", "First seen", "Last seen", "Of"):
        grid.add_column(title, no_wrap=title not in {"Pattern", "Of"}, justify="right" if title in _RIGHT else "left")
    for one in report.patterns:
        grid.add_row(
            plain(", ".join(code for code, _ in one.codes[:2]), 24),
            plain(one.template, 200),
            f"{one.now:,}",
            f"{one.before:,}",
            moment_words(one.first_at, now),
            moment_words(one.last_at, now),
            plain(names_words(one, report), 80),
        )
    out = StringIO()
    Console(file=out, width=_WIDTH, no_color=True, highlight=False).print(grid, overflow="fold")
    return "\n".join(line.rstrip()[:_LONGEST] for line in out.getvalue().splitlines())


_RIGHT = frozenset({"Now", "Before"})

"""Maintenance for the terminal and as JSON: how windows stand, and every record that was made of one."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from io import StringIO

from rich.console import Console
from rich.table import Table

from quarterdeck.domain.instants import TimeRange
from quarterdeck.domain.maintenance import MaintenanceRecord, MaintenanceWindow
from quarterdeck.exporters.terminal import plain
from quarterdeck.services.maintenance import ListedWindow
from quarterdeck.services.wording import moment_words

_WIDTH = 132
_FEW = 2


def listed_text(listed: Sequence[ListedWindow], now: datetime) -> str:
    """A table of windows, what is under way first."""
    if not listed:
        return "No maintenance is planned. `quarterdeck maintenance add` plans a window."
    grid = _grid("Window", "When", "Repeats", "Covers", "Reason", "Who")
    for each in sorted(listed, key=_urgency):
        window = each.record.window
        grid.add_row(
            plain(window.id, 40),
            when_words(each, now),
            plain(f"{window.rule} ({window.zone})", 48) if window.rule else "",
            plain(_scope_words(window), 60),
            plain(window.reason, 60),
            plain(each.record.recorded_by, 30),
        )
    return _printed(grid)


def listed_json(listed: Sequence[ListedWindow]) -> str:
    """The same for scripts; instants in ISO 8601, UTC."""
    told = [
        _window_object(each.record)
        | {
            "under_way": _range_object(each.current),
            "next": _range_object(each.following),
            "is_over": each.is_over,
            "last": _range_object(each.last),
        }
        for each in listed
    ]
    return json.dumps({"windows": told}, indent=2)


def history_text(records: Sequence[MaintenanceRecord], now: datetime) -> str:
    """A line for each record of a window, the oldest first."""
    grid = _grid("Record", "Told", "Who", "What", "Window", "Repeats", "Covers", "Reason", "Note")
    for record in records:
        window = record.window
        end = f", closed {moment_words(window.closed_at, now)}" if window.closed_at else ""
        grid.add_row(
            str(record.revision),
            moment_words(record.recorded_at, now),
            plain(record.recorded_by, 30),
            record.act.value,
            f"{_span_words(TimeRange(window.start_at, window.end_at), now)}{end}",
            plain(window.rule, 40),
            plain(_scope_words(window), 60),
            plain(window.reason, 60),
            plain(record.note, 60),
        )
    return _printed(grid)


def history_json(records: Sequence[MaintenanceRecord]) -> str:
    """The same for scripts, with the digest of each record."""
    return json.dumps({"records": [_window_object(record) for record in records]}, indent=2)


def record_text(record: MaintenanceRecord, now: datetime) -> str:
    """What was just recorded, in a sentence."""
    window = record.window
    span = _span_words(_first_span(window), now)
    repeats = f", then {plain(window.rule).plain} in {window.zone}" if window.rule else ""
    scope = plain(_scope_words(window), 200).plain
    return f"{plain(window.id).plain} is {record.act.value}: {span}{repeats}, on {scope}."


def taken_text(records: Sequence[MaintenanceRecord], count: int) -> str:
    """What a file of so many windows brought."""
    new = sum(record.revision == 1 for record in records)
    return f"{new} new, {len(records) - new} corrected, {count - len(records)} as they were."


def when_words(listed: ListedWindow, now: datetime) -> str:
    """`under way until 14:00, then 29 Nov 02:00 to 03:00`; `29 Nov 02:00 to 03:00`; `over: 01:00 to 02:00`.

    Of a series that is over it is the last occurrence: `over, last 22 Nov 02:00 to 03:00`.
    """
    if listed.current is not None:
        until = f"under way until {moment_words(listed.current.end_at, now)}"
        return until if listed.following is None else f"{until}, then {_span_words(listed.following, now)}"
    if listed.following is not None:
        return _span_words(listed.following, now)
    window = listed.record.window
    if not window.rule:
        return f"over: {_span_words(_first_span(window), now)}"
    return f"over, last {_span_words(listed.last, now)}" if listed.last else "over, it never came"


def _urgency(listed: ListedWindow) -> tuple[bool, datetime]:
    first = listed.current or listed.following
    return listed.is_over, first.start_at if first else listed.record.window.start_at


def _first_span(window: MaintenanceWindow) -> TimeRange:
    """The first occurrence with its real end: a window may be closed, or an occurrence ended, before it was planned."""
    ends = [cut.end_at for cut in window.cuts if cut.start_at == window.start_at]
    ends += [window.closed_at] if window.closed_at else []
    return TimeRange(window.start_at, max(window.start_at, min([window.end_at, *ends])))


def _span_words(span: TimeRange, now: datetime) -> str:
    return f"{moment_words(span.start_at, now)} to {moment_words(span.end_at, span.start_at)}"


def _scope_words(window: MaintenanceWindow) -> str:
    told = [*window.entity_keys, *(f"all of {name}" for name in window.domains)]
    return ", ".join(told) if len(told) <= _FEW else f"{told[0]} and {len(told) - 1} more"


def _window_object(record: MaintenanceRecord) -> dict[str, object]:
    window = record.window
    return {
        "id": window.id,
        "revision": record.revision,
        "act": record.act.value,
        "recorded_at": record.recorded_at.isoformat(),
        "recorded_by": record.recorded_by,
        "note": record.note,
        "reason": window.reason,
        "entities": list(window.entity_keys),
        "domains": list(window.domains),
        "start_at": window.start_at.isoformat(),
        "end_at": window.end_at.isoformat(),
        "rule": window.rule,
        "zone": window.zone,
        "cuts": [{"start_at": cut.start_at.isoformat(), "end_at": cut.end_at.isoformat()} for cut in window.cuts],
        "closed_at": window.closed_at.isoformat() if window.closed_at else None,
        "digest": record.digest,
    }


def _range_object(span: TimeRange | None) -> dict[str, str] | None:
    return {"start_at": span.start_at.isoformat(), "end_at": span.end_at.isoformat()} if span else None


def _grid(*titles: str) -> Table:
    grid = Table(box=None, pad_edge=False, header_style="bold")
    for title in titles:
        grid.add_column(title, no_wrap=title in {"Window", "When", "Told"})
    return grid


def _printed(grid: Table) -> str:
    page = StringIO()
    Console(file=page, width=_WIDTH, no_color=True, highlight=False).print(grid)
    return "\n".join(line.rstrip() for line in page.getvalue().splitlines())

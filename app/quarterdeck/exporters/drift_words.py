"""Drift for the terminal and as JSON: what disagrees since when, and what cannot be known."""

from __future__ import annotations

import io
import json
from collections import Counter
from datetime import datetime

from rich.console import Console
from rich.table import Table

from quarterdeck.domain.drift import DriftStanding
from quarterdeck.domain.instants import duration_words
from quarterdeck.exporters.terminal import plain
from quarterdeck.services.drift import DriftReport, DriftRow
from quarterdeck.services.drift_table import drift_object
from quarterdeck.services.wording import NO_VALUE

_WIDTH = 160
_STANDINGS = {
    DriftStanding.NOT_SEEN: "declared, not seen",
    DriftStanding.NOT_DECLARED: "seen, not declared",
    DriftStanding.SOURCE_SILENT: "not known: source silent",
    DriftStanding.NO_SOURCE: "not known: no source would see it",
}


def drift_text(report: DriftReport, *, everything: bool) -> str:
    """A table of the drift, the oldest first, and the counts; with `everything` also what cannot be known."""
    rows = report.rows if everything else tuple(row for row in report.rows if row.drift.standing.is_drift)
    lines = [_table(report, rows)] if rows else []
    return "\n".join((*lines, _summary(report)))


def drift_json(report: DriftReport) -> str:
    """The same as one JSON object."""
    document = {
        "at": report.at.isoformat(),
        "drift": report.drift_count,
        "declared_and_seen": report.agreed_count,
        "looking": list(report.looking_names),
        "rows": [drift_object(row, report.at) for row in report.rows],
    }
    return json.dumps(document, indent=2, ensure_ascii=False)


def _table(report: DriftReport, rows: tuple[DriftRow, ...]) -> str:
    grid = Table(box=None, pad_edge=False, header_style="bold")
    for title in ("Stands", "Name", "Key", "Since", "Last seen", "Sources"):
        grid.add_column(title, no_wrap=True, justify="right" if title in {"Since", "Last seen"} else "left")
    for row in rows:
        drift = row.drift
        grid.add_row(
            _STANDINGS[drift.standing],
            plain(row.name, 60),
            plain(drift.key, 120),
            _ago(drift.since_at, report.at),
            _ago(drift.last_seen_at, report.at),
            plain(", ".join(row.source_names) or NO_VALUE, 80),
        )
    out = io.StringIO()
    Console(file=out, width=_WIDTH, no_color=True, highlight=False, markup=False).print(grid)
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines())


def _summary(report: DriftReport) -> str:
    counts = Counter(row.drift.standing for row in report.rows)
    told = [f"{counts[each]:,} {_STANDINGS[each]}" for each in DriftStanding if counts[each]]
    agreed = f"{report.agreed_count:,} declared and seen"
    looking = f"Looking: {', '.join(report.looking_names)}." if report.looking_names else "No source looks."
    return plain(f"{', '.join((*told, agreed))}. {looking}", 1_000).plain


def _ago(then: datetime | None, at: datetime) -> str:
    return NO_VALUE if then is None else duration_words((at - then).total_seconds())

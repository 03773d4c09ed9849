"""Drift as a table for other programs: one row for each entity and relation that stands apart."""

from __future__ import annotations

import csv
import io
from datetime import datetime

from quarterdeck.services.drift import DriftReport, DriftRow

COLUMNS = ("standing", "key", "name", "kind", "since", "first_seen", "last_seen", "sources", "at")
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def drift_csv(report: DriftReport) -> str:
    """Every row, also of what cannot be known; instants in ISO 8601, UTC. No cell begins like a formula."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for row in report.rows:
        told = drift_object(row, report.at)
        writer.writerow([_cell(told[name]) for name in COLUMNS])
    return out.getvalue()


def drift_object(row: DriftRow, at: datetime) -> dict[str, str | list[str] | None]:
    """A row by the names of the columns."""
    drift = row.drift
    return {
        "standing": drift.standing.value,
        "key": drift.key,
        "name": row.name,
        "kind": row.kind,
        "since": _instant(drift.since_at),
        "first_seen": _instant(drift.first_seen_at),
        "last_seen": _instant(drift.last_seen_at),
        "sources": list(drift.sources),
        "at": at.isoformat(),
    }


def _cell(value: str | list[str] | None) -> str:
    text = "; ".join(value) if isinstance(value, list) else value or ""
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def _instant(at: datetime | None) -> str | None:
    return at.isoformat() if at is not None else None

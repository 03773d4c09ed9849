"""Drift as a table for other programs: one row for each entity and relation that stands apart."""

from __future__ import annotations

from datetime import datetime

from quarterdeck.services.csv_text import csv_text
from quarterdeck.services.drift import DriftReport, DriftRow

COLUMNS = ("standing", "key", "name", "kind", "since", "first_seen", "last_seen", "sources", "at")


def drift_csv(report: DriftReport) -> str:
    """Every row, also of what cannot be known; instants in ISO 8601, UTC. No cell begins like a formula."""
    told = (drift_object(row, report.at) for row in report.rows)
    return csv_text(COLUMNS, ([_text(row[name]) for name in COLUMNS] for row in told))


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


def _text(value: str | list[str] | None) -> str:
    return "; ".join(value) if isinstance(value, list) else value or ""


def _instant(at: datetime | None) -> str | None:
    return at.isoformat() if at is not None else None

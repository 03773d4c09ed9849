"""Runs of scanners as their reports tell them: when they were, and what keeps two in one report apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from quarterdeck.domain.scan_reports import ScanReport


def told_apart(reports: Sequence[ScanReport]) -> tuple[ScanReport, ...]:
    """Runs of one report that would pass for the same scan, with their number behind its name."""
    seen: Counter[tuple[str, str]] = Counter()
    told: list[ScanReport] = []
    for report in reports:
        seen[report.tool, report.scan] += 1
        number = seen[report.tool, report.scan]
        told.append(report if number == 1 else replace(report, scan=f"{report.scan} {number}"))
    return tuple(told)


def told_instant(text: str) -> datetime | None:
    """An instant as ISO 8601 writes it, in UTC where no zone is told; None for anything else."""
    try:
        told_at = datetime.fromisoformat(text)
        return told_at.replace(tzinfo=UTC) if told_at.tzinfo is None else told_at.astimezone(UTC)
    except (ValueError, OverflowError):
        return None

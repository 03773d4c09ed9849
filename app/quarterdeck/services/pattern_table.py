"""How everything stands to its patterns as a table for other programs: a row for each finding."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from quarterdeck.domain.patterns import Finding, Standing, Verification
from quarterdeck.services.csv_text import csv_text
from quarterdeck.services.patterns import HeldEntity, PatternReport

COLUMNS = (
    *("standing", "key", "name", "kind", "domain", "owner", "tier", "pattern", "title"),
    *("demand", "required", "seen", "since", "concerned", "at"),
)
NO_PATTERN = "no_pattern"


def patterns_csv(report: PatternReport) -> str:
    """A row for each deviation and each thing that is not known, one for whatever conforms or names no pattern.

    `standing` is that of the row; instants in ISO 8601, UTC. No cell begins like a formula.
    """
    return csv_text(COLUMNS, (row for held in report.held for row in _rows(held, report.at)))


def _rows(held: HeldEntity, at: datetime) -> Iterator[tuple[str, ...]]:
    if not held.verifications:
        yield (NO_PATTERN, *_who(held), "", "", *_finding(None), at.isoformat())
    for verification in held.verifications:
        for standing, finding in _findings(verification):
            pattern = (verification.pattern_id, verification.title)
            yield (standing.value, *_who(held), *pattern, *_finding(finding), at.isoformat())


def _findings(verification: Verification) -> Iterator[tuple[Standing, Finding | None]]:
    yield from ((Standing.DEVIATES, each) for each in verification.deviations)
    yield from ((Standing.UNKNOWN, each) for each in verification.unknowns)
    if verification.standing is Standing.CONFORMS:
        yield Standing.CONFORMS, None


def _who(held: HeldEntity) -> tuple[str, ...]:
    entity = held.entity
    return entity.key, entity.name, entity.kind.value, entity.domain, entity.owner, str(entity.tier)


def _finding(finding: Finding | None) -> tuple[str, ...]:
    if finding is None:
        return ("",) * 5
    since = finding.since_at.isoformat() if finding.since_at is not None else ""
    return finding.demand.value, finding.required, finding.seen, since, "; ".join(finding.entity_keys)

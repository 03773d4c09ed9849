"""What scanners found that is not known to be gone: every finding with when it was first and when last seen."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from quarterdeck.domain.evidence_records import EvidenceRecord
from quarterdeck.domain.policies import EvidenceKind
from quarterdeck.domain.scan_reports import ScanFinding, scan_of
from quarterdeck.services.compliance_ports import ComplianceRecords


@dataclass(frozen=True, slots=True, order=True)
class FindingKey:
    """A finding of one scan of one entity; `scan` is the scan by its source, tool and name."""

    entity_key: str
    scan: tuple[str, str, str]
    finding_id: str


@dataclass(frozen=True, slots=True)
class ScannedFinding:
    """A finding that stands at a moment; `report` is the report in which it was last seen, as evidence."""

    key: FindingKey
    finding: ScanFinding
    tool: str
    first_seen_at: datetime
    last_seen_at: datetime
    report: EvidenceRecord


class ScanShelf:
    """The scan reports of a store, read once each: what was received never changes. Usable from several threads."""

    def __init__(self, records: ComplianceRecords) -> None:
        self._records = records
        self._turn = threading.Lock()
        self._known: tuple[EvidenceRecord, ...] = ()

    def reports(self) -> tuple[EvidenceRecord, ...]:
        """Every report there is now, in the order in which it was received. Raises StoreUnavailable."""
        with self._turn:
            reached = self._known[-1].id if self._known else 0
            self._known += self._records.evidence(after_id=reached, kind=EvidenceKind.SCAN)
            return self._known


def standing_findings(reports: Iterable[EvidenceRecord], at: datetime) -> tuple[ScannedFinding, ...]:
    """What stands at a moment by the reports of the scans that ran up to then, by entity, scan and finding.

    A finding stands from the first report that has it until a later, finished report of the same scan has it no more;
    one that comes back begins anew.
    """
    runs: dict[tuple[str, tuple[str, str, str]], list[EvidenceRecord]] = defaultdict(list)
    for record in reports:
        if record.effective_from_at <= at:
            runs[record.entity_key, scan_key(record)].append(record)
    found = [one for (entity_key, scan), told in runs.items() for one in _standing(entity_key, scan, told)]
    return tuple(sorted(found, key=lambda one: one.key))


def scan_key(record: EvidenceRecord) -> tuple[str, str, str]:
    """Which scan a report is one of: its source, tool and name."""
    told = dict(record.content)
    return record.source, str(told.get("scan.tool", "")), str(told.get("scan.name", ""))


def _standing(entity_key: str, scan: tuple[str, str, str], told: Sequence[EvidenceRecord]) -> Iterable[ScannedFinding]:
    standing: dict[str, ScannedFinding] = {}
    for record in sorted(told, key=lambda each: (each.effective_from_at, each.id)):
        report = scan_of(record)
        seen = {
            finding.id: _seen(standing.get(finding.id), FindingKey(entity_key, scan, finding.id), finding, record)
            for finding in report.findings
        }
        standing = seen if report.is_complete else standing | seen
    return standing.values()


def _seen(
    before: ScannedFinding | None, key: FindingKey, finding: ScanFinding, report: EvidenceRecord
) -> ScannedFinding:
    seen_at = report.effective_from_at
    if before is not None:
        return replace(before, finding=finding, last_seen_at=seen_at, report=report)
    return ScannedFinding(key, finding, key.scan[1], seen_at, seen_at, report)

"""What scanners found that is not known to be gone: every finding with when it was first and when last seen."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

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
    """A finding that stands at a moment; `report` is the evidence in which it was last seen, its content left out."""

    key: FindingKey
    finding: ScanFinding
    tool: str
    first_seen_at: datetime
    last_seen_at: datetime
    report: EvidenceRecord


@dataclass(frozen=True, slots=True)
class KeptReport:
    """A report with which scan of whom it is one of; `record` is its evidence, with the content left out."""

    record: EvidenceRecord
    scan: tuple[str, str, str]
    is_complete: bool
    findings: tuple[ScanFinding, ...]
    undecided: frozenset[str] = frozenset()

    @classmethod
    def of(cls, record: EvidenceRecord) -> KeptReport:
        """From a piece of evidence of kind `scan`."""
        report = scan_of(record)
        scan = (record.source, report.tool, report.scan)
        return cls(replace(record, content=()), scan, report.is_complete, report.findings, frozenset(report.undecided))


class ScanShelf:
    """The scan reports of a store, read once each: what was received never changes. Usable from several threads."""

    def __init__(self, records: ComplianceRecords) -> None:
        self._records = records
        self._turn = threading.Lock()
        self._known: tuple[KeptReport, ...] = ()

    def reports(self) -> tuple[KeptReport, ...]:
        """Every report there is now, in the order in which it was received. Raises StoreUnavailable."""
        with self._turn:
            reached = self._known[-1].record.id if self._known else 0
            news = self._records.evidence(after_id=reached, kind=EvidenceKind.SCAN)
            self._known += tuple(map(KeptReport.of, news))
            return self._known


class _Sighting(NamedTuple):
    """A finding as it was last seen, by which report, and since when it stands; light, for there are many."""

    finding: ScanFinding
    first_seen_at: datetime
    report: EvidenceRecord


def standing_findings(reports: Iterable[KeptReport], at: datetime) -> tuple[ScannedFinding, ...]:
    """What stands at a moment by the reports of the scans that ran up to then, by entity, scan and finding.

    A finding stands from the first report that has it until a later, finished report of the same scan has it no more;
    one that comes back begins anew. What a finished report could not decide stays as it was.
    """
    runs: dict[tuple[str, tuple[str, str, str]], list[KeptReport]] = defaultdict(list)
    for report in reports:
        if report.record.effective_from_at <= at:
            runs[report.record.entity_key, report.scan].append(report)
    found = [
        ScannedFinding(
            key=FindingKey(entity_key, scan, finding_id),
            finding=sighting.finding,
            tool=scan[1],
            first_seen_at=sighting.first_seen_at,
            last_seen_at=sighting.report.effective_from_at,
            report=sighting.report,
        )
        for (entity_key, scan), told in runs.items()
        for finding_id, sighting in _standing(told).items()
    ]
    return tuple(sorted(found, key=lambda one: one.key))


def _standing(told: Sequence[KeptReport]) -> dict[str, _Sighting]:
    standing: dict[str, _Sighting] = {}
    for report in sorted(told, key=lambda each: (each.record.effective_from_at, each.record.id)):
        record, seen_at = report.record, report.record.effective_from_at
        seen = {
            finding.id: _Sighting(
                finding, standing[finding.id].first_seen_at if finding.id in standing else seen_at, record
            )
            for finding in report.findings
        }
        open_still = standing.items() if not report.is_complete else _undecided(standing, report)
        standing = dict(open_still) | seen
    return standing


def _undecided(standing: Mapping[str, _Sighting], report: KeptReport) -> Iterator[tuple[str, _Sighting]]:
    return ((found, sighting) for found, sighting in standing.items() if found in report.undecided)

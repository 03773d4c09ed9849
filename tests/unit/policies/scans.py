"""Made-up reports of scanners, small enough to read."""

from dataclasses import replace
from datetime import datetime

from quarterdeck.domain.evidence_records import EvidenceRecord
from quarterdeck.domain.policies import Severity
from quarterdeck.domain.scan_reports import ReportFile, ScanFinding, ScanReport, scan_evidence

SHELL = ScanFinding("a1", "B602", Severity.HIGH, "A shell is started.", "src/app.py:3", "https://scanner.test/b602")
PICKLE = ScanFinding("b2", "B403", Severity.LOW, "Pickle is imported.", "src/app.py:1")
FILE = ReportFile("bandit.sarif", "code-scans", "c0de" * 16)


def report(
    at: datetime,
    *findings: ScanFinding,
    is_complete: bool = True,
    scan: str = "bandit",
    undecided: tuple[str, ...] = (),
) -> ScanReport:
    counts = (("findings", str(len(findings))),)
    return ScanReport("Bandit", "SARIF 2.1.0", scan, at, is_complete, findings, len(findings), counts, undecided)


def evidence(
    at: datetime,
    *findings: ScanFinding,
    entity_key: str = "integration/payhub",
    number: int = 0,
    is_complete: bool = True,
    scan: str = "bandit",
    tool: str = "Bandit",
) -> EvidenceRecord:
    made = replace(report(at, *findings, is_complete=is_complete, scan=scan), tool=tool)
    return replace(scan_evidence(made, FILE, entity_key, at), id=number)

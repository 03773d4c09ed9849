"""What scanners report of an entity: findings with an identity of their own, and the report as a piece of evidence."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from quarterdeck.domain.evidence_records import Content, EvidenceRecord, FactValue
from quarterdeck.domain.facts import Facts
from quarterdeck.domain.policies import EvidenceKind, Severity


@dataclass(frozen=True, slots=True)
class ScanFinding:
    """One thing that a scanner found.

    `id` is equal in every report of the same scan that finds it again; `rule` is the scanner's own name of what it
    looks for, `place` says where it was found, `help_address` where the scanner explains it. Empty where not told.
    """

    id: str
    rule: str
    severity: Severity
    title: str
    place: str = ""
    help_address: str = ""


@dataclass(frozen=True, slots=True)
class ScanReport:
    """One run of a scanner.

    `scan` says which runs look at the same things: only a later run of the same scan can find that something is gone,
    and only when it `is_complete`. `population` is how many results the scanner told, `counts` how many were what.
    `undecided` are the ids of what a finished run could neither find nor rule out: found before, it still stands.
    """

    tool: str
    format: str
    scan: str
    scanned_at: datetime
    is_complete: bool
    findings: tuple[ScanFinding, ...]
    population: int
    counts: Facts
    undecided: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReportFile:
    """Where a report was read: under which name, by which connection, with which SHA-256 in hexadecimal."""

    name: str
    source: str
    sha256: str


_PARTIAL = "which cannot tell that something is gone"


def scan_evidence(report: ScanReport, file: ReportFile, entity_key: str, received_at: datetime) -> EvidenceRecord:
    """A report about an entity as evidence; a run dated after it was received counts as run when it was."""
    content: dict[str, FactValue] = {
        "scan.complete": report.is_complete,
        "scan.file": file.name,
        "scan.findings": tuple(map(_packed, report.findings)),
        "scan.format": report.format,
        "scan.name": report.scan,
        "scan.sha256": file.sha256,
        "scan.tool": report.tool,
    }
    if report.undecided:
        content["scan.undecided"] = report.undecided
    return EvidenceRecord(
        kind=EvidenceKind.SCAN,
        entity_key=entity_key,
        what=f"Report of {report.tool}." if report.is_complete else f"Report of {report.tool}, {_PARTIAL}.",
        source=file.source,
        query=f"{file.name}, {report.format}, SHA-256 {file.sha256}",
        effective_from_at=min(report.scanned_at, received_at),
        effective_to_at=None,
        received_at=received_at,
        population=report.population,
        counts=report.counts,
        content=tuple(sorted(content.items())),
    )


def scan_of(record: EvidenceRecord) -> ScanReport:
    """The report that a piece of evidence of kind `scan` was made from."""
    told = dict(record.content)
    return ScanReport(
        tool=_text(told, "scan.tool"),
        format=_text(told, "scan.format"),
        scan=_text(told, "scan.name"),
        scanned_at=record.effective_from_at,
        is_complete=told.get("scan.complete") is True,
        findings=findings_in(record.content),
        population=record.population,
        counts=record.counts,
        undecided=_texts(told, "scan.undecided"),
    )


def findings_in(content: Content) -> tuple[ScanFinding, ...]:
    """The findings that the content of a piece of evidence holds."""
    packed = dict(content).get("scan.findings", ())
    return tuple(map(_unpacked, packed)) if isinstance(packed, tuple) else ()


def _packed(finding: ScanFinding) -> str:
    told = (finding.id, finding.rule, finding.severity.value, finding.title, finding.place, finding.help_address)
    return json.dumps(told, separators=(",", ":"))


def _unpacked(text: str) -> ScanFinding:
    found, rule, severity, title, place, help_address = cast("list[str]", json.loads(text))
    return ScanFinding(found, rule, Severity(severity), title, place, help_address)


def _text(told: Mapping[str, FactValue], name: str) -> str:
    return str(told.get(name, ""))


def _texts(told: Mapping[str, FactValue], name: str) -> tuple[str, ...]:
    value = told.get(name, ())
    return value if isinstance(value, tuple) else ()

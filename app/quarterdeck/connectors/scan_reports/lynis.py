"""Lynis' report.dat: lines of `key=value`, with warnings and suggestions as `TEST|text|details|solution|`."""

from __future__ import annotations

from datetime import datetime

from quarterdeck.connectors.scan_reports.identities import FindingNames, plain_finding
from quarterdeck.connectors.scan_reports.runs import told_instant
from quarterdeck.domain.facts import facts_of
from quarterdeck.domain.policies import Severity
from quarterdeck.domain.scan_reports import ScanFinding, ScanReport
from quarterdeck.sdk.errors import UnexpectedReply
from quarterdeck.sdk.texts import one_line

MAX_FINDINGS = 20_000
_HEAD = b"# Lynis Report"
_FIRST_KEY = b"report_version_major="
_SEVERITIES = {"warning[]": Severity.HIGH, "suggestion[]": Severity.LOW}
_HELP = "https://cisofy.com/lynis/controls/"
_PARTS = 3


def is_lynis(data: bytes) -> bool:
    """Whether a report begins as Lynis' does."""
    return data.lstrip(b"\xef\xbb\xbf").startswith((_HEAD, _FIRST_KEY))


def read_lynis(data: bytes, scan: str, written_at: datetime) -> ScanReport:
    """The warnings (high) and suggestions (low) of a report; one without an end did not finish.

    Lynis writes times without a zone: they are taken as UTC. Raises UnexpectedReply when it tells too much.
    """
    lines = [line.partition("=") for line in data.decode("utf-8", "replace").splitlines() if "=" in line]
    told = {key: value.strip() for key, _, value in lines}
    names = FindingNames()
    findings = tuple(_finding(key, value, names) for key, _, value in lines if key in _SEVERITIES)
    if len(findings) > MAX_FINDINGS:
        message = f"A report of Lynis tells more than {MAX_FINDINGS:,} findings."
        raise UnexpectedReply(message, "See whether it is the report of one run.")
    ended_at = told_instant(told.get("report_datetime_end", ""))
    counts = {key.removesuffix("[]") + "s": sum(each == key for each, _, _ in lines) for key in _SEVERITIES}
    return ScanReport(
        tool="Lynis",
        format="Lynis report",
        scan=one_line(told.get("hostid", "") or scan, 100),
        scanned_at=ended_at or told_instant(told.get("report_datetime_start", "")) or written_at,
        is_complete=told.get("finish") == "true",
        findings=findings,
        population=len(findings),
        counts=facts_of(
            {**counts, "hardening_index": told.get("hardening_index"), "version": told.get("lynis_version")}
        ),
    )


def _finding(key: str, value: str, names: FindingNames) -> ScanFinding:
    test, text, details = (*value.split("|"), "", "", "")[:_PARTS]
    return plain_finding(
        names.name((key, test, text, details)),
        test,
        _SEVERITIES[key],
        text,
        place="" if details == "-" else details,
        help_address=f"{_HELP}{test}/" if test.isascii() and test.replace("-", "").isalnum() else "",
    )

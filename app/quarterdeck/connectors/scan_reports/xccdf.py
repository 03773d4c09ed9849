"""From OpenSCAP's results (XCCDF, or ARF around them) to what the console keeps; only a `pass` is one."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from quarterdeck.connectors.scan_reports.documents import KNOWN
from quarterdeck.connectors.scan_reports.identities import FindingNames, plain_finding
from quarterdeck.connectors.scan_reports.runs import told_apart, told_instant
from quarterdeck.connectors.scan_reports.xccdf_elements import RuleResult, TestResult, XccdfListener
from quarterdeck.connectors.scan_reports.xml_elements import hear_elements
from quarterdeck.domain.facts import facts_of
from quarterdeck.domain.policies import Severity
from quarterdeck.domain.scan_reports import ScanFinding, ScanReport
from quarterdeck.sdk.errors import UnexpectedReply
from quarterdeck.sdk.texts import one_line

_ARF = "{http://scap.nist.gov/schema/asset-reporting-format/1.1}asset-report-collection"
_CYCLONE_DX = "{http://cyclonedx.org/schema/bom/"
_SEVERITIES = {"high": Severity.HIGH, "medium": Severity.MEDIUM, "low": Severity.LOW, "info": Severity.LOW}
_COUNTED = {
    "pass": "passed",
    "fail": "failed",
    "error": "error",
    "unknown": "unknown",
    "notapplicable": "not_applicable",
    "notchecked": "not_checked",
    "notselected": "not_selected",
    "informational": "informational",
    "fixed": "fixed",
}
"""The results that the standard knows, and what they are counted as."""

_UNDECIDED = frozenset({"error", "unknown", "notchecked"})
"""What says neither that a rule is kept nor that it is broken."""

_MAX_NAME_CHARS = 100
_MAX_SCAN_CHARS = 240
_NEXT_STEP = "Look into it at that place, or tell the scanner's makers."


def read_xccdf(data: bytes, shown: str, scan: str, written_at: datetime) -> tuple[ScanReport, ...]:
    """Every test's result that a document holds. Raises UnexpectedReply naming the report when there is none."""
    heard = XccdfListener(shown)
    hear_elements(data, heard, shown)
    tests = [test for test in heard.tests if test.results]
    if not tests:
        raise _no_results(heard, shown)
    form = "ARF 1.1 with XCCDF" if heard.root == _ARF else "XCCDF"
    return told_apart([_report(test, heard, form, (shown, scan, written_at)) for test in tests])


def _no_results(heard: XccdfListener, shown: str) -> UnexpectedReply:
    if heard.root.startswith(_CYCLONE_DX):
        message = f"The report {shown} is CycloneDX in XML, which is not read."
        return UnexpectedReply(message, "Let the tool write it as JSON; most have a switch for it.")
    if heard.tests or heard.severities or heard.root == _ARF:
        message = f"The report {shown} tells no results, only what is to be tested."
        return UnexpectedReply(message, "Give the results (oscap's --results or --results-arf), not the content.")
    return UnexpectedReply(f"{shown} is none of the reports that are known.", KNOWN)


def _report(test: TestResult, heard: XccdfListener, form: str, told: tuple[str, str, datetime]) -> ScanReport:
    shown, scan, written_at = told
    names = FindingNames()
    named = [(names.name(_marks(each)), each) for each in test.results]
    counts = Counter(_count_name(each.result, shown) for each in test.results)
    findings = tuple(_finding(name, each, heard, test.target) for name, each in named if each.result == "fail")
    severities = Counter(f"severity_{finding.severity.value}" for finding in findings)
    tool, version = _scanner(test)
    return ScanReport(
        tool=tool,
        format=form,
        scan=_scan(test) or scan,
        scanned_at=told_instant(test.ended) or told_instant(test.started) or written_at,
        is_complete=bool(test.ended),
        findings=findings,
        population=len(test.results),
        counts=facts_of({**counts, **severities, **_scores(test), "version": version}),
        undecided=tuple(name for name, each in named if each.result in _UNDECIDED),
    )


def _marks(each: RuleResult) -> tuple[str, ...]:
    """What a result is known by: its rule, and what it was held against where the rule is tested more than once."""
    return (each.rule, *each.instances, *each.checks)


def _count_name(result: str, shown: str) -> str:
    if result not in _COUNTED:
        message = f"The report {shown} is not XCCDF: {one_line(result, 40) or 'nothing'} is no result of a rule."
        raise UnexpectedReply(message, _NEXT_STEP)
    return _COUNTED[result]


def _finding(name: str, each: RuleResult, heard: XccdfListener, target: str) -> ScanFinding:
    severity = each.severity or heard.severities.get(each.rule, "")
    return plain_finding(
        name,
        _rule_name(each.rule),
        _SEVERITIES.get(severity, Severity.MEDIUM),
        heard.titles.get(each.rule) or _rule_name(each.rule),
        place=", ".join(each.instances) or target,
        help_address="",
    )


def _rule_name(rule: str) -> str:
    """The name in a rule's id, which XCCDF 1.2 builds as `xccdf_<namespace>_rule_<name>`; else the whole id."""
    return rule.partition("_rule_")[2] or rule or "unnamed rule"


def _scores(test: TestResult) -> dict[str, str]:
    """Every score as it was told, by the last part of its model's address, with the whole of it behind."""
    return {
        one_line(f"score_{score.system.rpartition(':')[2] or 'default'}", 60): one_line(
            f"{score.value} of {score.maximum or '100'} by {score.system or 'urn:xccdf:scoring:default'}", 200
        )
        for score in test.scores[:8]
    }


def _scanner(test: TestResult) -> tuple[str, str | None]:
    """The scanner's name and version: as it tells them, else from the CPE it gives itself."""
    parts = [*test.tester.split(":"), "", "", "", "", ""]
    name = test.scanner.get("name") or parts[3] or parts[2]
    version = test.scanner.get("version") or parts[4]
    return one_line(name, _MAX_NAME_CHARS) or "a scanner without a name", one_line(version, 40) or None


def _scan(test: TestResult) -> str:
    """What was tested, and by which profile or benchmark: runs alike in both look at the same things."""
    what = test.profile or test.benchmark
    return one_line(" on ".join(part for part in (what, test.target) if part), _MAX_SCAN_CHARS)

"""From a SARIF report to what the console keeps: findings that are open, and counts that add up to the tool's own."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import ValidationError

from quarterdeck.connectors.scan_reports.documents import fault_words
from quarterdeck.connectors.scan_reports.identities import FindingNames, plain_finding
from quarterdeck.connectors.scan_reports.runs import told_apart, told_instant
from quarterdeck.connectors.scan_reports.sarif_document import Component, Location, Result, Rule, Run, SarifLog
from quarterdeck.domain.facts import facts_of
from quarterdeck.domain.policies import Severity
from quarterdeck.domain.scan_reports import ScanFinding, ScanReport
from quarterdeck.sdk.errors import UnexpectedReply
from quarterdeck.sdk.texts import one_line

VERSION = "2.1.0"
_LEVELS = {"error": Severity.HIGH, "warning": Severity.MEDIUM, "note": Severity.LOW, "none": Severity.LOW}
_DEFAULT_LEVEL = "warning"
_NAMED = {"critical": Severity.CRITICAL, "high": Severity.HIGH, "medium": Severity.MEDIUM, "low": Severity.LOW}
_SCORES = ((9.0, Severity.CRITICAL), (7.0, Severity.HIGH), (4.0, Severity.MEDIUM), (0.0, Severity.LOW))
"""The bounds of CVSS' qualitative ratings, for rules that tell a `security-severity`."""

_OPEN_KINDS = frozenset({"fail", "open", "review"})
_SET_ASIDE = "set_aside"
_ABSENT = "absent"
_PLACEHOLDER = re.compile(r"\{(\d{1,3})\}")
_NOBODY = Rule()
_MAX_NAME_CHARS = 100


def read_sarif(document: Mapping[str, Any], shown: str, scan: str, written_at: datetime) -> tuple[ScanReport, ...]:
    """Every run of a report that looked for results. Raises UnexpectedReply naming the report and the place in it."""
    version = document.get("version")
    if version != VERSION:
        message = f"The report {shown} is SARIF {one_line(version, 20)}, not {VERSION}."
        raise UnexpectedReply(message, f"Let the scanner write SARIF {VERSION}; most have a switch for it.")
    try:
        log = SarifLog.model_validate(document)
    except ValidationError as fault:
        raise UnexpectedReply(f"The report {shown} is not SARIF: {fault_words(fault)}.", _NEXT_STEP) from fault
    runs = [run for run in log.runs if run.results is not None]
    if not runs:
        message = f"The report {shown} tells no results, not even that there are none."
        raise UnexpectedReply(message, "See whether the scanner ended before it looked; let it run again.")
    return told_apart([_report(run, scan, written_at) for run in runs])


_NEXT_STEP = "Look into it at that place, or tell the scanner's makers."


def _report(run: Run, scan: str, written_at: datetime) -> ScanReport:
    driver, results = run.tool.driver, run.results or ()
    names, rules = FindingNames(), _Rules.of(run)
    kinds = [_kind(result) for result in results]
    findings = [
        _finding(result, rules, names) for result, kind in zip(results, kinds, strict=True) if kind in _OPEN_KINDS
    ]
    severities = Counter(f"severity_{finding.severity.value}" for finding in findings)
    category = run.automation_details.id.rpartition("/")[0]
    return ScanReport(
        tool=one_line(driver.name, _MAX_NAME_CHARS) or "a scanner without a name",
        format=f"SARIF {VERSION}",
        scan=one_line(category, _MAX_NAME_CHARS) or scan,
        scanned_at=_ended_at(run) or written_at,
        is_complete=all(invocation.execution_successful for invocation in run.invocations),
        findings=tuple(findings),
        population=len(results),
        counts=facts_of({**Counter(map(_count_name, kinds)), **severities, "version": _version(driver)}),
    )


def _kind(result: Result) -> str:
    """What a result is; one that is set aside or was there only in an earlier run is no finding."""
    if result.baseline_state == _ABSENT:
        return _ABSENT
    if result.suppressions and all(each.status == "accepted" for each in result.suppressions):
        return _SET_ASIDE
    return result.kind


def _count_name(kind: str) -> str:
    known = {"fail": "failed", "pass": "passed", "notApplicable": "not_applicable"}
    return known.get(kind) or one_line(kind, 40)


def _finding(result: Result, rules: _Rules, names: FindingNames) -> ScanFinding:
    rule = rules.rule(result)
    rule_id = result.rule_id or result.rule.id or rule.id or "unnamed rule"
    told = _Told.of(result, rules.run, rule)
    return plain_finding(
        names.name((rule_id, told.uri, *told.marks)),
        rule_id,
        _severity(result, rule),
        told.message or rule.short_description.text or rule.name or rule_id,
        place=told.place,
        help_address=rule.help_uri if rule.help_uri.startswith(("https://", "http://")) else "",
    )


@dataclass(frozen=True, slots=True)
class _Rules:
    """The rules of a run, found at once however many there are."""

    run: Run
    by_id: Mapping[str, Rule]

    @classmethod
    def of(cls, run: Run) -> _Rules:
        """Of the tool and its extensions; of two with the same id the tool's own counts."""
        parts = (*reversed(run.tool.extensions), run.tool.driver)
        return cls(run, {rule.id: rule for part in parts for rule in part.rules})

    def rule(self, result: Result) -> Rule:
        """The rule of a result: by its number in the part of the tool that it names, else by its id."""
        number = max(result.rule_index, result.rule.index)
        part, extensions = result.rule.tool_component.index, self.run.tool.extensions
        rules = extensions[part].rules if 0 <= part < len(extensions) else self.run.tool.driver.rules
        if 0 <= number < len(rules):
            return rules[number]
        return self.by_id.get(result.rule_id or result.rule.id, _NOBODY)


@dataclass(frozen=True, slots=True)
class _Told:
    """What a result says and where; `marks` are what stays when the lines around it move."""

    message: str
    uri: str
    place: str
    marks: tuple[str, ...]

    @classmethod
    def of(cls, result: Result, run: Run, rule: Rule) -> _Told:
        location = result.locations[0] if result.locations else Location()
        uri, region = _uri(location, run), location.physical_location.region
        message = _message(result, rule)
        prints = {**result.partial_fingerprints, **result.fingerprints}
        logical = [each.fully_qualified_name or each.name for each in location.logical_locations]
        marks = tuple(f"{name}={prints[name]}" for name in sorted(prints)) or (message, region.snippet.text, *logical)
        place = f"{uri}:{region.start_line}" if uri and region.start_line else uri or ", ".join(filter(None, logical))
        return cls(message, uri, place, marks)


def _uri(location: Location, run: Run) -> str:
    artifact = location.physical_location.artifact_location
    if artifact.uri or not 0 <= artifact.index < len(run.artifacts):
        return artifact.uri
    return run.artifacts[artifact.index].location.uri


def _message(result: Result, rule: Rule) -> str:
    told = result.message
    text = told.text or (rule.message_strings[told.id].text if told.id in rule.message_strings else "")
    numbers = dict(enumerate(told.arguments))
    return _PLACEHOLDER.sub(lambda found: numbers.get(int(found[1]), found[0]), text)


def _severity(result: Result, rule: Rule) -> Severity:
    """By a score or word of severity where the tool tells one, else by the level of the result, else of its rule."""
    for properties in (result.properties, rule.properties):
        score = _score(properties.get("security-severity"))
        if score is not None:
            return next(severity for bound, severity in _SCORES if score >= bound)
    word = str(result.properties.get("issue_severity", "")).lower()
    level = result.level or rule.default_configuration.level or _DEFAULT_LEVEL
    return _NAMED.get(word) or _LEVELS.get(level, Severity.MEDIUM)


def _score(told: object) -> float | None:
    try:
        score = float(str(told))
    except ValueError:
        return None
    return score if 0.0 <= score <= 10.0 else None  # noqa: PLR2004 - CVSS' scale


def _ended_at(run: Run) -> datetime | None:
    told = [each.end_time_utc or each.start_time_utc for each in run.invocations]
    return max((at for text in told if (at := told_instant(text)) is not None), default=None)


def _version(driver: Component) -> str | None:
    return one_line(driver.semantic_version or driver.version, 40) or None

"""What becomes of CycloneDX: a finding for each component a vulnerability is in, unless somebody judged otherwise."""

import contextlib
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quarterdeck.connectors.scan_reports.cyclonedx import MAX_FINDINGS
from quarterdeck.connectors.scan_reports.formats import read_report
from quarterdeck.domain.facts import fact
from quarterdeck.domain.policies import Severity
from quarterdeck.domain.scan_reports import ScanFinding, ScanReport
from quarterdeck.sdk.errors import UnexpectedReply

WRITTEN_AT = datetime(2026, 11, 24, 12, tzinfo=UTC)
LIBRARY = {"bom-ref": "lib", "name": "lib", "version": "1.0", "purl": "pkg:pypi/lib@1.0"}


def vulnerability(**more: Any) -> dict[str, Any]:
    return {"id": "CVE-2026-1", "affects": [{"ref": "lib"}], **more}


def bom(*vulnerabilities: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "components": [LIBRARY],
        "vulnerabilities": list(vulnerabilities),
        **more,
    }


def read(document: object) -> ScanReport:
    (report,) = read_report(json.dumps(document).encode(), "bom.json", WRITTEN_AT)
    return report


def found(**more: Any) -> ScanFinding:
    (finding,) = read(bom(vulnerability(**more))).findings
    return finding


def test_a_vulnerability_is_a_finding_with_the_component_as_its_place() -> None:
    finding = found(description="Bad.", source={"name": "NVD", "url": "https://nvd.test/1"})
    assert (finding.rule, finding.title, finding.place) == ("CVE-2026-1", "Bad.", "pkg:pypi/lib@1.0")
    assert finding.help_address == "https://nvd.test/1"


def test_an_address_that_is_no_web_page_is_not_offered() -> None:
    assert found(source={"url": "file:///etc/passwd"}).help_address == ""


def test_a_vulnerability_in_two_components_is_two_findings_and_counted_once_as_the_tool_does() -> None:
    report = read(bom(vulnerability(affects=[{"ref": "lib"}, {"ref": "other"}])))
    assert (len(report.findings), report.population, fact(report.counts, "vulnerabilities")) == (2, 2, "1")
    assert fact(report.counts, "open") == "2"


def test_a_vulnerability_that_names_no_component_is_kept_all_the_same() -> None:
    assert found(affects=[]).title == "CVE-2026-1 in this product"


@pytest.mark.parametrize("state", ["resolved", "resolved_with_pedigree", "false_positive", "not_affected"])
def test_what_somebody_judged_away_is_counted_and_no_finding(state: str) -> None:
    report = read(bom(vulnerability(analysis={"state": state})))
    assert (report.findings, report.population, fact(report.counts, state)) == ((), 1, "1")


@pytest.mark.parametrize("state", ["exploitable", "in_triage", "", "unheard of"])
def test_what_is_not_judged_away_stays_a_finding(state: str) -> None:
    assert found(analysis={"state": state})


def test_a_rejected_vulnerability_and_one_of_other_versions_are_no_findings() -> None:
    other = [{"ref": "lib", "versions": [{"version": "2.0", "status": "unaffected"}]}]
    report = read(bom(vulnerability(rejected="2026-01-01T00:00:00Z"), vulnerability(affects=other)))
    assert (report.findings, fact(report.counts, "rejected"), fact(report.counts, "not_affected")) == ((), "1", "1")


def test_a_version_of_which_nothing_is_known_stays_a_finding() -> None:
    versions = [{"status": "unaffected"}, {"status": "unknown"}]
    assert found(affects=[{"ref": "lib", "versions": versions}])


@pytest.mark.parametrize(
    ("ratings", "severity"),
    [
        ([], Severity.MEDIUM),
        ([{"severity": "unknown"}], Severity.MEDIUM),
        ([{"severity": "low"}, {"severity": "critical"}], Severity.CRITICAL),
        ([{"severity": "info"}], Severity.LOW),
        ([{"score": 7.0, "method": "CVSSv31"}], Severity.HIGH),
        ([{"score": 9.9, "method": "OWASP"}], Severity.MEDIUM),
        ([{"score": 99.0, "method": "CVSSv3"}], Severity.MEDIUM),
    ],
    ids=["none", "unknown", "worst", "info", "cvss", "other-method", "off-scale"],
)
def test_the_severity_is_the_worst_that_was_told(ratings: list[dict[str, Any]], severity: Severity) -> None:
    assert found(ratings=ratings).severity is severity


def test_an_upgrade_that_does_not_help_is_the_same_finding() -> None:
    before = found()
    newer = {**LIBRARY, "bom-ref": "lib2", "version": "1.1", "purl": "pkg:pypi/lib@1.1"}
    (then,) = read(bom(vulnerability(affects=[{"ref": "lib2"}]), components=[newer])).findings
    assert (before.id, before.place) != (then.id, then.place)
    assert before.id == then.id


def test_a_component_within_another_is_found_by_its_reference() -> None:
    inner = {"name": "outer", "components": [LIBRARY]}
    (finding,) = read(bom(vulnerability(), components=[inner])).findings
    assert finding.place == "pkg:pypi/lib@1.0"


def test_a_list_of_components_alone_cannot_tell_that_something_is_gone() -> None:
    document = bom()
    del document["vulnerabilities"]
    assert not read(document).is_complete
    assert read(bom()).is_complete


def test_the_scan_is_of_the_product_whatever_its_version() -> None:
    about = {"group": "bank", "name": "payments", "version": "7"}
    assert read(bom(metadata={"component": about})).scan == "bank/payments"
    assert read(bom()).scan == "bom.json"


@pytest.mark.parametrize(
    "tools",
    [[{"vendor": "V", "name": "T", "version": "1"}], {"components": [{"name": "T", "version": "1"}]}],
    ids=["list", "object"],
)
def test_the_tool_is_named_in_either_shape_of_the_standard(tools: object) -> None:
    report = read(bom(metadata={"tools": tools, "timestamp": "2026-11-24T02:00:00Z"}))
    assert (report.tool, fact(report.counts, "version"), report.scanned_at.hour) == ("T", "1", 2)


def nested(depth: int) -> bytes:
    return b'{"bomFormat":"CycloneDX","components":' + b'[{"components":' * depth + b"[]" + b"}]" * depth + b"}"


BAD = {
    "type": (json.dumps(bom(components=7)).encode(), "is not CycloneDX: components"),
    "deep": (nested(300), "is not CycloneDX"),
    "nothing": (b'{"bomFormat": "CycloneDX"}', "tells neither components nor vulnerabilities"),
    "too-many": (
        json.dumps(bom(vulnerability(affects=[{"ref": "lib"}] * (MAX_FINDINGS + 1)))).encode(),
        "more than 20,000",
    ),
}


@pytest.mark.parametrize(("data", "words"), BAD.values(), ids=BAD)
def test_what_is_no_whole_document_is_refused_in_words(data: bytes, words: str) -> None:
    with pytest.raises(UnexpectedReply, match=r"bom\.json") as caught:
        read_report(data, "bom.json", WRITTEN_AT)
    assert words in caught.value.message


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=12,
)
PARTS = st.fixed_dictionaries(
    {}, optional=dict.fromkeys(("id", "source", "ratings", "description", "analysis", "affects", "rejected"), JSON)
)


@settings(max_examples=200, deadline=None)
@given(st.lists(PARTS, max_size=3), JSON)
def test_any_vulnerabilities_end_in_findings_or_in_words(vulnerabilities: list[dict[str, Any]], about: object) -> None:
    with contextlib.suppress(UnexpectedReply):
        report = read(bom(*vulnerabilities, metadata={"component": about}))
        assert report.population >= len(vulnerabilities)

"""What becomes of SARIF: which results are findings, how severe, where, and by which name they are known again."""

import contextlib
import json
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quarterdeck.connectors.scan_reports.formats import read_report, scan_name
from quarterdeck.connectors.scan_reports.sarif_document import MAX_RESULTS, MAX_RULES
from quarterdeck.domain.policies import Severity
from quarterdeck.domain.scan_reports import ScanFinding, ScanReport
from quarterdeck.sdk.errors import UnexpectedReply
from tests.connectors.scan_reports.reports import result, run, sarif

WRITTEN_AT = datetime(2026, 11, 24, 12, tzinfo=UTC)
RECORDED = Path(__file__).parent / "cases" / "success_bandit" / "bandit.sarif"


def read(document: object) -> tuple[ScanReport, ...]:
    return read_report(json.dumps(document).encode(), "a.sarif", WRITTEN_AT)


def only(*results: dict[str, Any], **more: Any) -> ScanReport:
    (report,) = read(sarif(run(*results, **more)))
    return report


def found(told: dict[str, Any], **more: Any) -> ScanFinding:
    (finding,) = only(told, **more).findings
    return finding


def at(uri: str, line: int = 0, snippet: str = "") -> list[dict[str, Any]]:
    region = {"startLine": line, "snippet": {"text": snippet}}
    return [{"physicalLocation": {"artifactLocation": {"uri": uri}, "region": region}}]


def test_bandits_own_severities_are_kept() -> None:
    (report,) = read_report(RECORDED.read_bytes(), "bandit.sarif", WRITTEN_AT)
    told = {(one.rule, one.severity, one.place) for one in report.findings}
    assert {("B403", Severity.LOW, "src/app.py:1"), ("B602", Severity.HIGH, "src/app.py:3")} <= told


def test_results_that_passed_or_were_set_aside_are_counted_and_are_no_findings() -> None:
    report = only(
        result(),
        result(kind="pass"),
        result(kind="notApplicable"),
        result(suppressions=[{"kind": "inSource"}]),
        result(suppressions=[{"kind": "external", "status": "rejected"}]),
        result(baselineState="absent"),
    )
    assert len(report.findings) == 2
    assert dict(report.counts) == {
        "absent": "1", "failed": "2", "not_applicable": "1", "passed": "1", "set_aside": "1", "severity_medium": "2"
    }  # fmt: skip
    assert report.population == 6


@pytest.mark.parametrize(
    ("told", "rule", "severity"),
    [
        ({"level": "error"}, {}, Severity.HIGH),
        ({"level": "note"}, {}, Severity.LOW),
        ({"level": "surprise"}, {}, Severity.MEDIUM),
        ({}, {}, Severity.MEDIUM),
        ({}, {"defaultConfiguration": {"level": "error"}}, Severity.HIGH),
        ({"level": "note"}, {"properties": {"security-severity": "9.8"}}, Severity.CRITICAL),
        ({"properties": {"security-severity": 7.0}}, {}, Severity.HIGH),
        ({"properties": {"security-severity": "nan"}, "level": "note"}, {}, Severity.LOW),
        ({"properties": {"security-severity": "11"}, "level": "note"}, {}, Severity.LOW),
        ({"properties": {"issue_severity": "HIGH"}, "level": "note"}, {}, Severity.HIGH),
    ],
)
def test_a_severity_follows_the_most_exact_word_of_the_tool(
    told: dict[str, Any], rule: dict[str, Any], severity: Severity
) -> None:
    (report,) = read(sarif(run(result("R1", **told), rules=({"id": "R1", **rule},))))
    assert report.findings[0].severity is severity


def test_a_rule_is_found_by_its_number_by_its_id_and_in_an_extension() -> None:
    rules = ({"id": "R0"}, {"id": "R1", "helpUri": "https://scanner.test/r1"})
    by_number, by_id = (run(told, rules=rules) for told in ({**result(), "ruleIndex": 1}, result("R1")))
    extended = run({"message": {"text": "Found."}, "rule": {"index": 0, "toolComponent": {"index": 0}}})
    extended["tool"]["extensions"] = [{"name": "more", "rules": [{"id": "X1", "helpUri": "https://scanner.test/x1"}]}]
    told = [report.findings[0].help_address for report in read(sarif(by_number, by_id, extended))]
    assert told == ["https://scanner.test/r1", "https://scanner.test/r1", "https://scanner.test/x1"]


def test_many_results_of_many_rules_are_read_at_once() -> None:
    rules = tuple({"id": f"R{number}"} for number in range(MAX_RULES))
    data = json.dumps(sarif(run(*[result(f"R{MAX_RULES - 1}")] * MAX_RESULTS, rules=rules))).encode()
    began = time.process_time()
    (report,) = read_report(data, "a.sarif", WRITTEN_AT)
    assert len(report.findings) == MAX_RESULTS
    assert time.process_time() - began < 10


def test_an_address_that_is_no_page_is_not_offered_as_help() -> None:
    (report,) = read(sarif(run(result(), rules=({"id": "R1", "helpUri": "javascript:alert(1)"},))))
    assert report.findings[0].help_address == ""


def test_a_message_is_put_together_from_its_rule_and_its_arguments() -> None:
    rule = {"id": "R1", "messageStrings": {"default": {"text": "{0} reads {1}, {7}."}}}
    told = {"ruleId": "R1", "message": {"id": "default", "arguments": ["main", "secrets"]}}
    (report,) = read(sarif(run(told, rules=(rule,))))
    assert report.findings[0].title == "main reads secrets, {7}."


def test_a_result_without_words_is_called_what_its_rule_is_called() -> None:
    rule = {"id": "R1", "shortDescription": {"text": "A shell is started."}}
    (report,) = read(sarif(run({"ruleId": "R1"}, rules=(rule,))))
    assert report.findings[0].title == "A shell is started."


def test_a_place_is_a_line_of_a_file_or_a_name() -> None:
    artifacts = [{"location": {"uri": "src/b.py"}}]
    by_index = [{"physicalLocation": {"artifactLocation": {"index": 0}}}]
    by_name = [{"logicalLocations": [{"fullyQualifiedName": "libssl3"}]}]
    report = only(
        result(locations=at("src/a.py", 3)), result(locations=by_index), result(locations=by_name), artifacts=artifacts
    )
    assert [one.place for one in report.findings] == ["src/a.py:3", "src/b.py", "libssl3"]


def test_a_finding_whose_lines_moved_keeps_its_name() -> None:
    before, after = (found(result(locations=at("a.py", line, "shell=True"))) for line in (3, 9))
    assert (before.id, before.place) == (after.id, "a.py:3")


def test_two_findings_alike_have_two_names_in_every_report() -> None:
    told = result(locations=at("a.py", 3), fingerprints={"matchBasedId/v1": "requires login"})
    first, second = (only(told, told) for _ in range(2))
    assert [one.id for one in first.findings] == [one.id for one in second.findings]
    assert len({one.id for one in first.findings}) == 2


def test_fingerprints_know_a_finding_again_whatever_its_words_are() -> None:
    one, other = (found(result(text=text, partialFingerprints={"hash/v1": "c0de"})) for text in ("Found.", "Seen."))
    assert one.id == other.id


def test_a_run_that_failed_is_told_as_not_finished() -> None:
    assert not only(result(), invocations=[{"executionSuccessful": False}]).is_complete
    assert only(result()).is_complete


@pytest.mark.parametrize(
    ("invocation", "at_"),
    [
        ({"endTimeUtc": "2026-11-24T02:43:45Z"}, datetime(2026, 11, 24, 2, 43, 45, tzinfo=UTC)),
        ({"startTimeUtc": "2026-11-24T02:43:45"}, datetime(2026, 11, 24, 2, 43, 45, tzinfo=UTC)),
        ({"endTimeUtc": "yesterday"}, WRITTEN_AT),
        ({"endTimeUtc": "0001-01-01T00:00:00+14:00"}, WRITTEN_AT),
        ({}, WRITTEN_AT),
    ],
)
def test_a_run_is_dated_by_its_end_else_by_its_start_else_by_its_file(
    invocation: dict[str, str], at_: datetime
) -> None:
    assert only(result(), invocations=[{"executionSuccessful": True, **invocation}]).scanned_at == at_


def test_runs_of_one_report_are_scans_of_their_own() -> None:
    reports = read(sarif(run(result()), run(result()), run(result(), automationDetails={"id": "nightly/7"})))
    assert [report.scan for report in reports] == ["a.sarif", "a.sarif 2", "nightly"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("bandit-2026-11-24.sarif", "bandit-2026-11-25.sarif"),
        ("scan_20261124T021500Z.json", "scan_20261125T021500Z.json"),
        ("123e4567-e89b-12d3-a456-426614174000.sarif", "00000000-e89b-12d3-a456-426614174000.sarif"),
    ],
)
def test_a_name_without_its_date_or_number_tells_which_scan_it_is(one: str, other: str) -> None:
    assert scan_name(one) == scan_name(other)
    assert scan_name("payments.sarif") != scan_name("ledger.sarif")


def test_what_a_tool_writes_as_null_counts_as_not_told() -> None:
    told = {"ruleId": "R1", "level": None, "message": {"text": "Found.", "id": None}, "locations": None}
    assert found(told).title == "Found."


def test_properties_nested_as_deep_as_json_can_be_read_hurt_nobody() -> None:
    deep = json.loads('{"a": ' * 900 + "1" + "}" * 900)
    assert found(result(properties=deep)).rule == "R1"


def test_hostile_texts_become_plain_and_short() -> None:
    finding = found(result("R\u202e1", "<b>\x00\n" + "x" * 10_000, locations=at("a\ud800.py")))
    assert "\n" not in finding.title
    assert len(finding.title) <= 500
    assert (finding.rule, finding.place) == ("R 1", "a .py")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_a_report_is_read_in_every_unicode_encoding(encoding: str) -> None:
    data = json.dumps(sarif(run(result(text="Größe"))), ensure_ascii=False).encode(encoding)
    (report,) = read_report(data, "a.sarif", WRITTEN_AT)
    assert report.findings[0].title == "Größe"


BAD = {
    "empty": (b" \n", "is empty"),
    "xml": (b"<!DOCTYPE lolz [<!ENTITY lol 'lol'>]><a>&lol;</a>", "none of the reports that are known"),
    "bytes": (bytes(range(256)), "none of the reports that are known"),
    "latin": ('{"version": "2.1.0", "runs": "Größe"}'.encode("latin-1"), "not in UTF-8"),
    "deep": (b'{"runs": ' + b"[" * 200_000, "nested too deep"),
    "number": (b'{"runs": ' + b"9" * 10_000 + b"}", "a number without end"),
    "cut": (b'{"version": "2.1.0", "runs": [{"tool"', "not whole JSON: line 1"),
    "list": (b"[]", "none of the reports that are known"),
    "old": (b'{"version": "1.0.0", "runs": []}', "is SARIF 1.0.0, not 2.1.0"),
    "without-version": (b'{"runs": []}', "is SARIF None, not 2.1.0"),
    "other-type": (b'{"version": "2.1.0", "runs": 7}', "is not SARIF: runs"),
    "without-tool": (b'{"version": "2.1.0", "runs": [{"results": []}]}', "is not SARIF: runs.0.tool"),
    "without-results": (json.dumps(sarif({"tool": {"driver": {"name": "S"}}})).encode(), "tells no results"),
    "too-many": (json.dumps(sarif(run(*[{}] * (MAX_RESULTS + 1)))).encode(), "runs.0.results"),
}


@pytest.mark.parametrize(("data", "words"), BAD.values(), ids=BAD)
def test_what_is_no_whole_report_is_refused_in_words(data: bytes, words: str) -> None:
    with pytest.raises(UnexpectedReply, match=r"a\.sarif") as caught:
        read_report(data, "a.sarif", WRITTEN_AT)
    assert words in caught.value.message
    assert caught.value.next_step


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=12,
)
PARTS = st.fixed_dictionaries(
    {},
    optional=dict.fromkeys(("ruleId", "ruleIndex", "rule", "message", "level", "locations", "properties"), JSON),
)


@settings(max_examples=300, deadline=None)
@given(st.lists(PARTS, max_size=3), JSON)
def test_any_results_end_in_findings_or_in_words(results: list[dict[str, Any]], driver: object) -> None:
    whole = driver if isinstance(driver, dict) else {"name": "Scanner"}
    with contextlib.suppress(UnexpectedReply):
        assert read(sarif({"tool": {"driver": whole}, "results": results}))[0].population == len(results)


@settings(max_examples=100, deadline=None)
@given(st.integers(min_value=0, max_value=RECORDED.stat().st_size - 3))
def test_a_real_report_cut_anywhere_is_refused_in_words(length: int) -> None:
    with pytest.raises(UnexpectedReply):
        read_report(RECORDED.read_bytes()[:length], "bandit.sarif", WRITTEN_AT)

"""What becomes of OpenSCAP's results: counts as the tool has them, and nothing passed that was not found to pass."""

import tracemalloc
from datetime import UTC, datetime
from pathlib import Path

import pytest

from quarterdeck.connectors.scan_reports import xccdf_elements
from quarterdeck.connectors.scan_reports.formats import read_report
from quarterdeck.domain.facts import fact
from quarterdeck.domain.policies import Severity
from quarterdeck.domain.scan_reports import ScanReport
from quarterdeck.sdk.errors import UnexpectedReply

WRITTEN_AT = datetime(2026, 11, 24, 12, tzinfo=UTC)
CASES = Path(__file__).parent / "file_cases"
XCCDF = "http://checklists.nist.gov/xccdf/1.2"
RULE = '<Rule id="R1" severity="high"><title>The <sub>door</sub> is shut</title></Rule>'
MOST_KEPT_BYTES = 3_000_000


def rule_result(result: str, rule: str = "R1", inside: str = "", severity: str = "") -> str:
    told = f' severity="{severity}"' if severity else ""
    return f'<rule-result idref="{rule}"{told}><result>{result}</result>{inside}</rule-result>'


def document(
    *results: str, head: str = RULE, end: str = ' end-time="2026-11-24T02:00:00+01:00"', tail: str = ""
) -> str:
    inside = f'<profile idref="P"/><target>db1</target>{"".join(results)}{tail}'
    return f'<Benchmark xmlns="{XCCDF}">{head}<TestResult{end}>{inside}</TestResult></Benchmark>'


def read(text: str | bytes) -> ScanReport:
    (report,) = read_report(text if isinstance(text, bytes) else text.encode(), "a.xml", WRITTEN_AT)
    return report


def test_a_broken_rule_is_a_finding_with_the_title_and_severity_of_its_rule() -> None:
    (finding,) = read(document(rule_result("fail"), rule_result("pass", "R2"))).findings
    assert (finding.rule, finding.title, finding.severity, finding.place) == (
        "R1",
        "The door is shut",
        Severity.HIGH,
        "db1",
    )


def test_a_rule_without_title_or_severity_is_named_by_its_id_and_counts_as_medium() -> None:
    (finding,) = read(document(rule_result("fail", "R9", severity="unknown"))).findings
    assert (finding.title, finding.severity) == ("R9", Severity.MEDIUM)


def test_a_rule_is_named_by_the_last_part_of_its_id_and_known_by_the_whole() -> None:
    (first,) = read(document(rule_result("fail", "xccdf_org.a_rule_sudo"))).findings
    (second,) = read(document(rule_result("fail", "xccdf_org.b_rule_sudo"))).findings
    assert (first.rule, second.rule) == ("sudo", "sudo")
    assert first.id != second.id
    assert read(document(rule_result("fail", ""))).findings[0].title == "unnamed rule"


@pytest.mark.parametrize(
    "result",
    ["pass", "error", "unknown", "notapplicable", "notchecked", "notselected", "informational", "fixed"],
)
def test_every_result_is_counted_as_itself_and_only_a_failure_is_a_finding(result: str) -> None:
    report = read(document(rule_result(result)))
    told = {name: value for name, value in report.counts if name != "version"}
    assert (len(told), set(told.values()), report.population, report.findings) == (1, {"1"}, 1, ())
    assert ("passed" in told) == (result == "pass")


@pytest.mark.parametrize("result", ["error", "unknown", "notchecked"])
def test_what_could_not_be_checked_is_told_by_the_name_its_failure_has(result: str) -> None:
    (finding,) = read(document(rule_result("fail"))).findings
    assert read(document(rule_result(result))).undecided == (finding.id,)


def test_a_rule_held_against_two_things_gives_two_findings_that_keep_their_names() -> None:
    several = [rule_result("fail", inside=f"<instance>/srv/{name}</instance>") for name in "ab"]
    first, second = read(document(*several)).findings
    assert (first.place, second.place) == ("/srv/a", "/srv/b")
    swapped = read(document(*reversed(several))).findings
    assert {finding.id for finding in swapped} == {first.id, second.id}


def test_a_score_is_told_whole_with_the_model_it_was_reckoned_by() -> None:
    scores = (
        '<score system="urn:xccdf:scoring:default" maximum="100.000000">66.649999</score>'
        '<score system="urn:xccdf:scoring:flat" maximum="12">8</score><score>7</score>'
    )
    counts = read(document(rule_result("pass"), tail=scores)).counts
    assert fact(counts, "score_flat") == "8 of 12 by urn:xccdf:scoring:flat"
    assert fact(counts, "score_default") == "7 of 100 by urn:xccdf:scoring:default"


def test_the_scan_is_the_profile_on_the_target_and_dated_by_its_end() -> None:
    report = read(document(rule_result("pass")))
    assert (report.scan, report.scanned_at.isoformat()) == ("P on db1", "2026-11-24T01:00:00+00:00")


def test_a_run_without_an_end_did_not_finish_and_is_dated_by_its_beginning_or_its_file() -> None:
    begun = read(document(rule_result("pass"), end=' start-time="2026-11-24T01:00:00"'))
    undated = read(document(rule_result("pass"), end=' start-time="soon"'))
    assert (begun.is_complete, begun.scanned_at.hour, undated.scanned_at) == (False, 1, WRITTEN_AT)


@pytest.mark.parametrize(
    ("tester", "tool", "version"),
    [
        ("cpe:/a:redhat:openscap:1.3.7", "openscap", "1.3.7"),
        ("SCC", "a scanner without a name", ""),
        ("", "a scanner without a name", ""),
    ],
)
def test_a_scanner_that_tells_no_name_is_named_by_its_cpe(tester: str, tool: str, version: str) -> None:
    report = read(document(rule_result("pass"), end=f' test-system="{tester}"'))
    assert (report.tool, fact(report.counts, "version")) == (tool, version)


def test_two_runs_in_one_report_are_two_scans_when_they_look_alike() -> None:
    run = f"<TestResult><target>db1</target>{rule_result('fail')}</TestResult>"
    reports = read_report(f'<all xmlns="{XCCDF}">{run}{run}</all>'.encode(), "a.xml", WRITTEN_AT)
    assert [report.scan for report in reports] == ["db1", "db1 2"]


def test_a_run_of_a_benchmark_without_profile_is_named_by_the_benchmark_or_else_by_the_file() -> None:
    run = f'<TestResult xmlns="{XCCDF}"><benchmark href="b.xml"/>{rule_result("pass")}</TestResult>'
    assert read(run).scan == "b.xml"
    assert read(f'<TestResult xmlns="{XCCDF}">{rule_result("pass")}</TestResult>').scan == "a.xml"


def test_results_of_the_elder_version_are_read_as_well() -> None:
    assert len(read(document(rule_result("fail")).replace("xccdf/1.2", "xccdf/1.1")).findings) == 1


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "latin-1"])
def test_a_report_is_read_in_the_encoding_it_tells(encoding: str) -> None:
    told = encoding.removesuffix("-sig")
    head = RULE.replace("door", "Tür")
    text = f'<?xml version="1.0" encoding="{told}"?>{document(rule_result("fail"), head=head)}'
    assert read(text.encode(encoding)).findings[0].title == "The Tür is shut"


def test_a_title_and_a_name_of_megabytes_become_short() -> None:
    head = f'<Rule id="R1"><title>{"x" * 3_000_000}</title></Rule>'
    (finding,) = read(document(rule_result("fail"), head=head)).findings
    assert len(finding.title) == 500


def test_an_override_does_not_change_the_result_that_stands() -> None:
    override = "<override><old-result>fail</old-result><new-result>pass</new-result></override>"
    assert read(document(rule_result("pass", inside=override))).findings == ()


def test_a_large_report_is_read_with_little_more_memory_than_its_own() -> None:
    content = '<x:test xmlns:x="urn:x" id="oval:1"><x:object ref="a"/>text</x:test>' * 250_000
    data = document(rule_result("fail"), head=f"{RULE}{content}").encode()
    assert len(data) > 15_000_000
    tracemalloc.start()
    try:
        report = read(data)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert (len(report.findings), most < MOST_KEPT_BYTES) == (1, True)


BAD = {
    "bomb": ('<!DOCTYPE a [<!ENTITY b "x"><!ENTITY c "&b;&b;">]><a>&c;</a>', "declares a document type"),
    "external": ('<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>', "declares a document type"),
    "foreign-type": ('<!DOCTYPE a SYSTEM "http://h.test/a.dtd"><a/>', "declares a document type"),
    "parameter": ('<!DOCTYPE a [<!ENTITY % b SYSTEM "http://h.test/">%b;]><a/>', "declares a document type"),
    "undeclared": ("<a>&nobody;</a>", "not whole XML: line 1, column 4"),
    "deep": ("<a>" * 100_000, "nested too deep"),
    "cut": (document(rule_result("pass"))[:-20], "not whole XML"),
    "nul": ("<a>\x00</a>", "not whole XML"),
    "page": ("<!doctype html><title>Jobs</title>", "none of the reports that are known"),
    "attributes": ('<r><a b="1" b="2"/></r>', "not whole XML"),
    "encoding": ('<?xml version="1.0" encoding="utf-7"?><a/>', "encoding"),
    "unknown-encoding": ('<?xml version="1.0" encoding="klingon"?><a/>', "encoding"),
    "other": ("<oval_results/>", "none of the reports that are known"),
    "cyclone": ('<bom xmlns="http://cyclonedx.org/schema/bom/1.6"/>', "CycloneDX in XML"),
    "content": (document(head=RULE), "tells no results"),
    "word": (document(rule_result("passed")), "is not XCCDF: passed is no result"),
    "no-word": (document('<rule-result idref="R1"/>'), "is not XCCDF: nothing is no result"),
    "nested": (document(f"<TestResult>{rule_result('pass')}</TestResult>"), "a run stands within another"),
}


@pytest.mark.parametrize(("text", "words"), BAD.values(), ids=BAD)
def test_what_is_hostile_or_no_result_is_refused_in_words(text: str, words: str) -> None:
    with pytest.raises(UnexpectedReply, match=r"a\.xml") as caught:
        read(text)
    assert words in caught.value.message
    assert caught.value.next_step


def test_an_include_of_another_file_is_left_alone(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("secret-words")
    include = f'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="{secret.as_uri()}" parse="text"/>'
    (finding,) = read(document(rule_result("fail"), head=RULE.replace("<sub>", f"{include}<sub>"))).findings
    assert "secret-words" not in finding.title


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (document(*[rule_result("pass")] * (xccdf_elements.MAX_RESULTS + 1)), "20,000 results"),
        (document(head="".join(f'<Rule id="{n}"/>' for n in range(xccdf_elements.MAX_RULES + 1))), "50,000 rules"),
        (f'<a xmlns="{XCCDF}">{"<TestResult/>" * (xccdf_elements.MAX_TESTS + 1)}</a>', "1,000 runs"),
        (f"<a>{'<b/>' * 3_000_000}</a>", "3,000,000 elements"),
    ],
    ids=["results", "rules", "runs", "elements"],
)
def test_a_report_that_tells_without_end_is_refused(text: str, words: str) -> None:
    with pytest.raises(UnexpectedReply, match=words):
        read(text)


@pytest.mark.parametrize("share", range(1, 20))
def test_a_real_report_cut_anywhere_is_refused_as_cut(share: int) -> None:
    data = (CASES / "success_openscap_xccdf" / "results.xml").read_bytes()
    with pytest.raises(UnexpectedReply, match="not whole XML"):
        read(data[: len(data) * share // 20])

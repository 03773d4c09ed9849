"""What becomes of Lynis' report: warnings and suggestions, by test and host, and whether the run came to its end."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from quarterdeck.connectors.scan_reports.formats import read_report
from quarterdeck.connectors.scan_reports.lynis import MAX_FINDINGS
from quarterdeck.domain.policies import Severity
from quarterdeck.domain.scan_reports import ScanReport
from quarterdeck.sdk.errors import UnexpectedReply

WRITTEN_AT = datetime(2026, 11, 24, 12, tzinfo=UTC)
RECORDED = Path(__file__).parent / "file_cases" / "success_lynis" / "lynis-report.dat"
HEAD = "# Lynis Report\nlynis_version=3.0.8\n"


def read(text: str) -> ScanReport:
    (report,) = read_report((HEAD + text).encode(), "lynis-report.dat", WRITTEN_AT)
    return report


def test_a_warning_is_high_and_a_suggestion_low_each_with_where_it_is_explained() -> None:
    warning, suggestion = read(
        "warning[]=LOGG-2138|klogd is not running|-|-|\nsuggestion[]=A-1|Do|x.conf|-|\n"
    ).findings
    assert (warning.severity, warning.title, warning.place) == (Severity.HIGH, "klogd is not running", "")
    assert warning.help_address == "https://cisofy.com/lynis/controls/LOGG-2138/"
    assert (suggestion.severity, suggestion.place) == (Severity.LOW, "x.conf")


def test_the_host_tells_which_scan_it_is() -> None:
    assert (read("hostid=c0de\n").scan, read("").scan) == ("c0de", "lynis-report.dat")


def test_a_newer_version_of_lynis_goes_on_with_the_same_scan() -> None:
    before, then = read("hostid=c0de\n"), read("hostid=c0de\nlynis_version=3.1.0\n")
    assert (before.tool, before.scan) == (then.tool, then.scan)
    assert [dict(each.counts)["version"] for each in (before, then)] == ["3.0.8", "3.1.0"]


def test_only_a_report_that_says_so_is_finished() -> None:
    assert [read(text).is_complete for text in ("", "report_datetime_end=2026-11-24 02:36:09\n", "finish=true\n")] == [
        False,
        False,
        True,
    ]


@pytest.mark.parametrize(
    "line", ["suggestion[]=", "suggestion[]=A", "suggestion[]=A/../b|Do", "suggestion[]=|||||||||"]
)
def test_a_line_that_tells_little_is_kept_all_the_same(line: str) -> None:
    (finding,) = read(f"{line}\n").findings
    assert "/../" not in finding.help_address


def test_a_real_report_cut_off_tells_that_it_did_not_finish() -> None:
    (report,) = read_report(RECORDED.read_bytes()[:20_000], "lynis-report.dat", WRITTEN_AT)
    assert not report.is_complete
    assert report.findings


def test_more_findings_than_one_run_tells_are_refused() -> None:
    with pytest.raises(UnexpectedReply, match="more than 20,000"):
        read("suggestion[]=A|Do|-|-|\n" * (MAX_FINDINGS + 1))

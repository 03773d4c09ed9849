"""What the terminal is told of a store and of the estate, as text and as JSON."""

import json

from quarterdeck.exporters.terminal import check_line, summary_json, summary_text
from quarterdeck.services.connection_tests import ConnectionTest
from quarterdeck.services.ports import StoreSummary

SUMMARY = StoreSummary(
    url="console.db",
    revision="0001",
    size_bytes=4096,
    counts={"entities": 1204, "relations": 1, "samples": 7},
    versions={"entities": 5310, "relations": 1},
)


def test_what_stands_is_counted_apart_from_its_versions() -> None:
    lines = {line.split()[0]: line.split(maxsplit=1)[1] for line in summary_text(SUMMARY).splitlines()}
    assert lines["Entities"] == "1,204 (5,310 versions)"
    assert lines["Relations"] == "1 (1 version)"
    assert lines["Samples"] == "7"


def test_scripts_read_versions_beside_the_counts() -> None:
    told = json.loads(summary_json(SUMMARY))
    assert told["counts"]["entities"] == 1204
    assert told["versions"] == {"entities": 5310, "relations": 1}


def test_a_test_is_told_in_one_line_without_gaps() -> None:
    refused = ConnectionTest(False, "No answer.", "See whether it runs.")
    found = ConnectionTest(True, "Feed 2.1.", remarks=("Its clock is off.",))
    assert check_line("Feed", refused) == "Feed: No answer. See whether it runs."
    assert check_line("Feed", found) == "Feed: Feed 2.1. Its clock is off."

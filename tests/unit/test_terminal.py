"""What the terminal is told of a store and of the estate, as text and as JSON."""

import json
from dataclasses import replace

from quarterdeck.analysis.trends import Trend
from quarterdeck.exporters.store_words import info_json, info_text, policy_text, vacuum_text
from quarterdeck.exporters.terminal import check_line
from quarterdeck.services.connection_tests import ConnectionTest
from quarterdeck.services.ports import StoreSummary
from quarterdeck.services.store_growth import DaysLeft, RetentionPolicy, RoomEnd, StoreGrowth

SUMMARY = StoreSummary(
    url="console.db",
    revision="0001",
    size_bytes=4096,
    counts={"entities": 1204, "relations": 1, "samples": 7},
    versions={"entities": 5310, "relations": 1},
)

GB = 2**30
POLICY = RetentionPolicy(30, 20 * GB, fine_days=400)
GROWTH = StoreGrowth(4096, Trend(GB / 2, GB, 2 * GB), POLICY, 5 * GB, RoomEnd.DISK, DaysLeft(2.5, 5.0, 10.0))
NEW = StoreGrowth(4096, None, RetentionPolicy(), None, None, None)


def told(growth: StoreGrowth) -> dict[str, str]:
    """The lines of a store by their names."""
    return {line[:16].strip(): line[18:] for line in info_text(SUMMARY, growth).splitlines()}


def test_what_stands_is_counted_apart_from_its_versions() -> None:
    lines = told(NEW)
    assert lines["Entities"] == "1,204 (5,310 versions)"
    assert lines["Relations"] == "1 (1 version)"
    assert lines["Samples"] == "7"


def test_scripts_read_versions_beside_the_counts() -> None:
    found = json.loads(info_json(SUMMARY, NEW))
    assert found["counts"]["entities"] == 1204
    assert found["versions"] == {"entities": 5310, "relations": 1}
    assert (found["growth"], found["days_left"], found["room_end"]) == (None, None, None)


def test_a_store_that_grows_is_told_with_its_bounds_and_the_day_its_disk_is_full() -> None:
    lines = told(GROWTH)
    assert lines["Growth"] == "1.0 GB a day (512 MB to 2.0 GB)"
    assert lines["Room"] == "The disk is full in about 5 d (2 d to 10 d) if nothing else fills it"
    assert lines["Free on disk"] == "5.0 GB"
    found = json.loads(info_json(SUMMARY, GROWTH))
    assert found["growth"] == {"bytes_per_day": GB, "low_bytes_per_day": GB / 2, "high_bytes_per_day": 2 * GB}
    assert found["days_left"] == {"earliest": 2.5, "likely": 5.0, "latest": 10.0}


def test_of_a_new_store_nothing_is_foretold() -> None:
    lines = told(NEW)
    assert lines["Growth"].startswith("not known yet")
    assert (lines["Room"], lines["Free on disk"]) == ("not known yet", "—")


def test_a_store_that_does_not_surely_grow_has_no_end_in_sight() -> None:
    lines = told(replace(GROWTH, per_day=Trend(0.0, -GB, GB), days_left=None))
    assert lines["Growth"].startswith("no sure growth")
    assert lines["Room"] == "no end in sight"


def test_each_resolution_is_told_with_its_time() -> None:
    lines = [line.split("  ")[-1].strip() for line in policy_text(POLICY).splitlines()]
    assert lines == ["30 d", "400 d", "forever", "20 GB"]
    assert policy_text(RetentionPolicy()).endswith("none")


def test_room_given_back_is_told_in_sizes() -> None:
    assert vacuum_text(3 * GB, GB) == "The store takes 1.0 GB; it took 3.0 GB."


def test_a_test_is_told_in_one_line_without_gaps() -> None:
    refused = ConnectionTest(False, "No answer.", "See whether it runs.")
    found = ConnectionTest(True, "Feed 2.1.", remarks=("Its clock is off.",))
    assert check_line("Feed", refused) == "Feed: No answer. See whether it runs."
    assert check_line("Feed", found) == "Feed: Feed 2.1. Its clock is off."

"""Windows as they are typed: times in a zone, lengths, corrections, and what nobody could mean."""

from datetime import timedelta
from pathlib import Path

import pytest

from quarterdeck.domain.errors import OperatorError
from quarterdeck.services.maintenance_drafts import (
    WindowWords,
    corrected,
    drafted,
    instant_of,
    reached_instant_of,
    zone_here,
)
from tests.support.stores import NOON, after
from tests.unit.maintenance.windows import HOUR, window

API = ("service/api",)
PLANNED = window(id="w", rule="FREQ=WEEKLY", closed_at=after(60))


def test_a_window_is_planned_in_its_zone() -> None:
    said = WindowWords(API, start="2026-06-07 02:00", end="2026-06-07 03:30", reason="Upgrade")
    draft = drafted(said, NOON, "Europe/Berlin")
    assert (draft.start_at.isoformat(), draft.length) == ("2026-06-07T00:00:00+00:00", timedelta(minutes=90))
    assert (draft.zone, draft.rule, draft.id) == ("Europe/Berlin", "", "")


def test_a_named_zone_goes_before_the_machines() -> None:
    said = WindowWords(API, start="2026-06-07 02:00", end="1h", zone="Asia/Kolkata")
    assert drafted(said, NOON, "UTC").start_at.isoformat() == "2026-06-06T20:30:00+00:00"


@pytest.mark.parametrize(
    ("end", "length"),
    [("90min", timedelta(minutes=90)), ("2 h", timedelta(hours=2)), ("3d", timedelta(days=3))],
    ids=str,
)
def test_an_end_may_be_a_length_and_a_start_is_now(end: str, length: timedelta) -> None:
    draft = drafted(WindowWords(API, end=end), NOON, "UTC")
    assert (draft.start_at, draft.length) == (NOON, length)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (WindowWords(end="1h"), "does not say what it covers"),
        (WindowWords(API), "does not say when it ends"),
        (WindowWords(API, start="2026-06-07 02:00", end="2026-06-07 01:00"), "ends before it begins"),
        (WindowWords(API, end="0h"), "ends before it begins"),
        (WindowWords(API, start="tomorrow", end="1h"), "'tomorrow' is no time"),
        (WindowWords(API, start="2026-03-29 02:30", end="1h"), "does not exist in Europe/Berlin"),
        (WindowWords(API, start="2026-06-07 02:00", end="1h", zone="Mars"), "'Mars' is no time zone"),
        (WindowWords(API, start="0001-01-01T00:00+14:00", end="1h"), "is in no year"),
    ],
    ids=["nothing", "endless", "backwards", "empty", "words", "left-out", "zone", "too-early"],
)
def test_what_nobody_could_mean_is_refused_with_the_next_step(said: WindowWords, words: str) -> None:
    with pytest.raises(OperatorError, match=words) as refused:
        drafted(said, NOON, "Europe/Berlin")
    assert refused.value.next_step


def test_a_time_with_an_offset_needs_no_zone() -> None:
    assert instant_of("2026-06-07T02:00+05:30", "Europe/Berlin").isoformat() == "2026-06-06T20:30:00+00:00"


@pytest.mark.parametrize("text", ["0001-01-01", "1970-12-31 23:59", "3000-01-01", "9999-12-31T23:59Z"])
def test_a_year_that_nobody_could_mean_is_refused(text: str) -> None:
    with pytest.raises(OperatorError, match="is in no year from 1971 to 2999"):
        instant_of(text, "UTC")


def test_a_correction_changes_what_was_said_alone() -> None:
    found = corrected(PLANNED, WindowWords(reason="Move"))
    assert (found.reason, found.length, found.rule, found.closed_at) == (
        "Move",
        timedelta(hours=1),
        "FREQ=WEEKLY",
        after(60),
    )
    assert found.entity_keys == API


def test_a_start_moves_the_window() -> None:
    found = corrected(PLANNED, WindowWords(start=after(HOUR).isoformat()))
    assert (found.start_at, found.end_at) == (after(HOUR), after(2 * HOUR))


def test_an_end_told_anew_takes_back_an_early_one() -> None:
    assert corrected(PLANNED, WindowWords(end="3h")).closed_at is None


def test_a_rule_can_be_taken_away() -> None:
    assert corrected(PLANNED, WindowWords(rule="none")).rule == ""


def test_another_scope_stands_in_the_place_of_the_first() -> None:
    found = corrected(PLANNED, WindowWords(domains=("bill_pay",)))
    assert (found.entity_keys, found.domains) == ((), ("bill_pay",))


def test_the_zone_of_the_machine_is_named(tmp_path: Path) -> None:
    linked = tmp_path / "localtime"
    linked.symlink_to("/usr/share/zoneinfo/Europe/Berlin")
    unlinked = tmp_path / "none"
    assert zone_here("Asia/Kolkata", linked) == "Asia/Kolkata"
    assert zone_here(":Asia/Kolkata", linked) == "Asia/Kolkata"
    assert zone_here(None, linked) in {"Europe/Berlin", "UTC"}
    assert zone_here("Mars", unlinked) == "UTC"


def test_a_time_to_come_is_refused_where_only_what_was_can_be_told() -> None:
    assert reached_instant_of(NOON.isoformat(), "UTC", NOON) == NOON
    with pytest.raises(OperatorError, match="'2999-01-01 00:00' is still to come") as refused:
        reached_instant_of("2999-01-01 00:00", "UTC", NOON)
    assert "Say a time that has passed" in refused.value.next_step

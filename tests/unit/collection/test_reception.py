"""What a connection's time is told to have been: received, late or missing, and never more than came."""

from __future__ import annotations

import itertools
from datetime import timedelta

import pytest

from quarterdeck.domain.connections import Reception, ReceptionKind
from quarterdeck.services.reception import Came, Owed, Poll, owed_after, owed_before, stretches
from tests.unit.collection.fakes import NOON

EVERY = timedelta(seconds=10)
RECEIVED, LATE, MISSING = ReceptionKind.RECEIVED, ReceptionKind.LATE, ReceptionKind.MISSING


def told(poll: Poll, came: Came) -> list[tuple[ReceptionKind, float, float]]:
    return [
        (r.kind, (r.from_at - NOON).total_seconds(), (r.to_at - NOON).total_seconds())
        for r in stretches("payments", poll, came)
    ]


def poll(now: float, *, last: float | None = 0, failed: bool = False, owed: Owed | None = None) -> Poll:
    last_good_at = None if last is None else NOON + timedelta(seconds=last)
    return Poll(NOON + timedelta(seconds=now), EVERY, last_good_at, has_failed_since=failed, owed=owed)


def owing(since: float, *, gone_until: float | None = None) -> Owed:
    gone_until_at = None if gone_until is None else NOON + timedelta(seconds=gone_until)
    return Owed(NOON + timedelta(seconds=since), gone_until_at)


def came(*seconds: float, caught_up: bool = True) -> Came:
    found = Came(caught_up=caught_up)
    for each in seconds:
        found = found.with_instant(NOON + timedelta(seconds=each))
    return found


def test_the_first_poll_tells_of_its_own_interval_only() -> None:
    assert told(poll(100, last=None), came(100)) == [(RECEIVED, 90, 100)]


def test_polls_in_time_follow_each_other_without_a_gap() -> None:
    assert told(poll(10), came(10)) == [(RECEIVED, 0, 10)]


def test_one_poll_left_out_is_no_gap() -> None:
    assert told(poll(21), came(21)) == [(RECEIVED, 0, 21)]


def test_a_poll_that_failed_in_between_is_a_gap_however_short() -> None:
    assert told(poll(20, failed=True), came(20)) == [(MISSING, 0, 10), (RECEIVED, 10, 20)]


def test_what_a_source_still_had_came_late() -> None:
    assert told(poll(3600, failed=True), came(5, 3600)) == [(LATE, 0, 3590), (RECEIVED, 3590, 3600)]


def test_a_source_that_settles_before_it_tells_leaves_no_sliver_of_a_gap() -> None:
    assert told(poll(3600, failed=True), came(5, 3588)) == [(LATE, 0, 3590), (RECEIVED, 3590, 3600)]


def test_of_a_gap_only_what_came_is_told_as_late() -> None:
    expected = [(MISSING, 0, 1800), (LATE, 1800, 3590), (RECEIVED, 3590, 3600)]
    assert told(poll(3600), came(1800, 3600)) == expected


def test_a_source_that_stays_behind_has_not_delivered_what_is_still_to_come() -> None:
    expected = [(LATE, 0, 1200), (MISSING, 1200, 3600)]
    assert told(poll(3600), came(5, 1200, caught_up=False)) == expected


def test_what_was_still_to_come_is_late_once_it_came() -> None:
    owed = owing(1200, gone_until=3600)
    expected = [(LATE, 1200, 3600), (RECEIVED, 3600, 3610)]
    assert told(poll(3610, last=3600, owed=owed), came(1210, 3610)) == expected


def test_a_source_that_begins_behind_has_not_delivered_its_first_interval() -> None:
    assert told(poll(100, last=None), came(caught_up=False)) == [(MISSING, 90, 100)]
    assert owed_after(poll(100, last=None), came(-300, caught_up=False)) == owing(90)


@pytest.mark.parametrize("instants", [(), (95, 104)], ids=["nothing", "events"])
def test_a_source_that_began_behind_leaves_no_gap_once_it_caught_up(instants: tuple[float, ...]) -> None:
    caught_up = poll(110, last=100, owed=owing(90))
    assert told(caught_up, came(*instants)) == [(LATE, 90, 100), (RECEIVED, 100, 110)]


def test_what_a_source_skips_while_it_catches_up_is_quiet_time_and_no_gap() -> None:
    behind = poll(110, last=100, owed=owing(-4000))
    assert told(behind, came(-600, -400, caught_up=False)) == [(LATE, -4000, -400), (MISSING, -400, 110)]


def test_a_source_still_behind_that_told_nothing_newer_owes_what_it_owed() -> None:
    behind, delivered = poll(110, last=100, owed=owing(40)), came(caught_up=False)
    assert told(behind, delivered) == [(MISSING, 40, 110)]
    assert owed_after(behind, delivered) == owing(40)


def test_a_source_that_returns_behind_owes_from_before_it_was_gone() -> None:
    assert owed_after(poll(3600, failed=True), came(caught_up=False)) == owing(0, gone_until=3600)


def test_of_time_a_source_was_gone_only_what_it_delivers_later_is_late() -> None:
    owed = owing(0, gone_until=3600)
    expected = [(MISSING, 0, 3000), (LATE, 3000, 3610), (RECEIVED, 3610, 3620)]
    assert told(poll(3620, last=3610, owed=owed), came(3000, 3615)) == expected


def test_time_a_source_was_gone_stays_a_gap_when_it_catches_up_without_it() -> None:
    owed = owing(0, gone_until=3600)
    expected = [(MISSING, 0, 3600), (LATE, 3600, 3610), (RECEIVED, 3610, 3620)]
    assert told(poll(3620, last=3610, owed=owed), came()) == expected


def test_a_source_that_is_gone_again_while_it_owes_must_show_all_of_it() -> None:
    again = poll(7200, last=3600, failed=True, owed=owing(100))
    expected = [(MISSING, 100, 5000), (LATE, 5000, 7190), (RECEIVED, 7190, 7200)]
    assert told(again, came(5000, 7195)) == expected


def test_a_source_that_caught_up_owes_nothing() -> None:
    assert owed_after(poll(110, last=100, owed=owing(40)), came(105)) is None


def record(*marks: tuple[ReceptionKind, float, float]) -> list[Reception]:
    return [
        Reception("payments", kind, NOON + timedelta(seconds=since), NOON + timedelta(seconds=until))
        for kind, since, until in marks
    ]


@pytest.mark.parametrize(
    ("recorded", "owed"),
    [
        (record((RECEIVED, 0, 50), (MISSING, 50, 100)), owing(50, gone_until=100)),
        (record((MISSING, 50, 130)), owing(50, gone_until=100)),
        (record((MISSING, 0, 90), (RECEIVED, 90, 100)), None),
        (record((RECEIVED, 0, 100), (MISSING, 100, 130)), None),
        ([], None),
    ],
    ids=["behind", "behind and then gone", "gap that is over", "gone", "nothing recorded"],
)
def test_what_was_owed_when_collecting_ended_is_known_from_the_record(
    recorded: list[Reception], owed: Owed | None
) -> None:
    assert owed_before(recorded, NOON + timedelta(seconds=100)) == owed


def test_old_samples_that_a_source_repeats_do_not_make_its_time_late() -> None:
    assert told(poll(10), came(-500, 10)) == [(RECEIVED, 0, 10)]


def test_a_clock_that_was_set_back_tells_of_the_new_interval() -> None:
    assert told(poll(100, last=4000), came(100)) == [(RECEIVED, 90, 100)]


@pytest.mark.parametrize("now", [10, 21, 100, 3600])
@pytest.mark.parametrize("failed", [False, True])
@pytest.mark.parametrize("caught_up", [False, True])
@pytest.mark.parametrize("owed", [None, owing(-30), owing(-30, gone_until=-8)], ids=["nothing", "lately", "gone"])
@pytest.mark.parametrize("instants", [(), (5,), (5, 50), (40, 99)])
def test_stretches_follow_each_other_without_gap_or_overlap(
    now: float, instants: tuple[float, ...], *, failed: bool, caught_up: bool, owed: Owed | None
) -> None:
    found = told(poll(now, failed=failed, owed=owed), came(*instants, caught_up=caught_up))
    assert found[0][1] == (0 if owed is None else -30)
    assert found[-1][2] == now
    assert all(before[2] == following[1] for before, following in itertools.pairwise(found))

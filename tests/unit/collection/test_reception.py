"""What a connection's time is told to have been: received, late or missing, and never more than came."""

from __future__ import annotations

import itertools
from datetime import timedelta

import pytest

from quarterdeck.domain.connections import ReceptionKind
from quarterdeck.services.reception import Came, Poll, stretches
from tests.unit.collection.fakes import NOON

RECEIVED, LATE, MISSING = ReceptionKind.RECEIVED, ReceptionKind.LATE, ReceptionKind.MISSING


def told(poll: Poll, came: Came) -> list[tuple[ReceptionKind, float, float]]:
    return [
        (r.kind, (r.from_at - NOON).total_seconds(), (r.to_at - NOON).total_seconds())
        for r in stretches("payments", poll, came)
    ]


def poll(now: float, *, last: float | None = 0, every: float = 10, failed: bool = False) -> Poll:
    last_good_at = None if last is None else NOON + timedelta(seconds=last)
    return Poll(NOON + timedelta(seconds=now), timedelta(seconds=every), last_good_at, has_failed_since=failed)


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
    owed = Poll(
        NOON + timedelta(seconds=3610), timedelta(seconds=10), NOON + timedelta(seconds=3600), owed_from_at=NOON
    )
    assert told(owed, came(1210, 3610)) == [(LATE, 1210, 3600), (RECEIVED, 3600, 3610)]


def test_old_samples_that_a_source_repeats_do_not_make_its_time_late() -> None:
    assert told(poll(10), came(-500, 10)) == [(RECEIVED, 0, 10)]


def test_a_clock_that_was_set_back_tells_of_the_new_interval() -> None:
    assert told(poll(100, last=4000), came(100)) == [(RECEIVED, 90, 100)]


@pytest.mark.parametrize("now", [10, 21, 100, 3600])
@pytest.mark.parametrize("failed", [False, True])
@pytest.mark.parametrize("instants", [(), (5,), (5, 50), (40, 99)])
def test_stretches_follow_each_other_without_gap_or_overlap(
    now: float, instants: tuple[float, ...], *, failed: bool
) -> None:
    found = told(poll(now, failed=failed), came(*instants))
    assert found[0][1] == 0
    assert found[-1][2] == now
    assert all(before[2] == following[1] for before, following in itertools.pairwise(found))

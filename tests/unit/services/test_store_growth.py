"""How fast a store grows and when its room ends, from notes of its size; which policies make sense."""

from datetime import UTC, datetime, timedelta

import pytest

from quarterdeck.domain.errors import OperatorError
from quarterdeck.services.store_growth import (
    DaysLeft,
    RetentionPolicy,
    RoomEnd,
    SizeNote,
    StoreGrowth,
    growth,
)

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
MB = 10**6
GROWN = [SizeNote(NOW - timedelta(hours=hour), 300 * MB - hour * 100 * MB // 24) for hour in range(48, -1, -1)]
"""A store of 300 MB that grew by 100 MB a day."""
STEADY = [SizeNote(note.at, 300 * MB) for note in GROWN]
AT_ONCE = DaysLeft(0.0, 0.0, 0.0)


def held_to(limit_bytes: int, notes: list[SizeNote] = GROWN, free_bytes: int | None = None) -> StoreGrowth:
    return growth(notes, RetentionPolicy(limit_bytes=limit_bytes), free_bytes)


def days_left(found: StoreGrowth) -> DaysLeft:
    assert found.days_left is not None
    return found.days_left


def test_a_store_that_grows_evenly_meets_its_limit_when_the_line_says() -> None:
    found = held_to(800 * MB)
    left = days_left(found)
    assert left.likely == pytest.approx(5, rel=0.01)
    assert left.earliest <= left.likely <= left.latest
    assert (found.room_end, found.is_warning) == (RoomEnd.LIMIT, True)


def test_a_week_or_less_is_a_warning_and_more_is_none() -> None:
    assert held_to(980 * MB).is_warning
    assert not held_to(1020 * MB).is_warning


def test_the_disk_counts_where_it_is_full_before_the_limit() -> None:
    assert held_to(800 * MB, free_bytes=200 * MB).room_end is RoomEnd.DISK
    assert days_left(held_to(800 * MB, free_bytes=200 * MB)).likely == pytest.approx(2, rel=0.01)
    assert held_to(800 * MB, free_bytes=900 * MB).room_end is RoomEnd.LIMIT
    assert days_left(growth(GROWN, RetentionPolicy(), 300 * MB)).likely == pytest.approx(3, rel=0.01)


def test_growth_is_unknown_until_the_notes_span_some_hours() -> None:
    found = held_to(800 * MB, GROWN[-4:])
    assert (found.per_day, found.days_left, found.is_warning) == (None, None, False)


def test_a_store_at_its_limit_has_no_day_left_however_it_grew() -> None:
    assert days_left(held_to(300 * MB, STEADY)) == AT_ONCE
    assert days_left(held_to(300 * MB, STEADY[-1:])) == AT_ONCE


def test_a_full_disk_leaves_no_day_though_nothing_grows() -> None:
    assert days_left(growth(STEADY, RetentionPolicy(), 0)) == AT_ONCE


def test_a_store_that_thinning_holds_just_below_its_limit_stays_at_it() -> None:
    thinned = [*STEADY[:-1], SizeNote(NOW, 250 * MB)]
    assert days_left(held_to(300 * MB, thinned)) == AT_ONCE
    assert held_to(300 * MB, [*STEADY[:-1], SizeNote(NOW, 100 * MB)]).days_left != AT_ONCE


def test_without_a_limit_or_without_sure_growth_there_is_no_date() -> None:
    assert growth(GROWN, RetentionPolicy()).days_left is None
    assert growth(GROWN, RetentionPolicy()).room_end is None
    assert held_to(800 * MB, STEADY).days_left is None


def test_what_was_weeks_ago_does_not_bend_the_line() -> None:
    found = growth([SizeNote(NOW - timedelta(days=40), 10_000 * MB), *GROWN], RetentionPolicy())
    assert found.per_day is not None
    assert found.per_day.slope == pytest.approx(100 * MB, rel=0.01)


@pytest.mark.parametrize(
    "policy",
    [
        RetentionPolicy(raw_days=0),
        RetentionPolicy(raw_days=float("nan")),
        RetentionPolicy(raw_days=40_000),
        RetentionPolicy(fine_days=30),
        RetentionPolicy(raw_days=30, fine_days=20),
        RetentionPolicy(raw_days=30, fine_days=None, coarse_days=300),
        RetentionPolicy(limit_bytes=1000),
    ],
    ids=["no-day", "no-number", "too-long", "raw-forever", "fine-shorter", "fine-forever", "no-room"],
)
def test_a_policy_that_cannot_be_meant_is_refused(policy: RetentionPolicy) -> None:
    with pytest.raises(OperatorError):
        policy.ensure_sensible()


def test_longer_for_coarser_is_taken() -> None:
    RetentionPolicy(30, 2**30, fine_days=300, coarse_days=3000).ensure_sensible()
    RetentionPolicy().ensure_sensible()

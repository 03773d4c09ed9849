"""What is typed about keeping samples, and what is told of a store's room."""

import pytest

from quarterdeck.analysis.trends import Trend
from quarterdeck.domain.errors import OperatorError
from quarterdeck.services.store_growth import DaysLeft, RetentionPolicy, RoomEnd, StoreGrowth
from quarterdeck.services.store_keeping import (
    RetentionChange,
    change_retention,
    growth_words,
    kept_days,
    kept_words,
    limit_bytes,
    room_words,
)
from quarterdeck.storage.store import SqlStore

MB = 2**20
LIMITED = RetentionPolicy(limit_bytes=100 * MB)


def growing(room_end: RoomEnd | None, left: DaysLeft | None, trend: Trend | None = None) -> StoreGrowth:
    return StoreGrowth(50 * MB, trend, LIMITED, 10**9, room_end, left)


def test_times_and_sizes_are_read_as_people_type_them() -> None:
    assert (kept_days("30d"), kept_days(" Forever "), kept_days("12 h")) == (30, None, 0.5)
    assert (limit_bytes("1.5GB"), limit_bytes("500 mb"), limit_bytes("none")) == (1536 * MB, 500 * MB, None)


@pytest.mark.parametrize("typed", ["a week", "30 days", "", "-3d"])
def test_a_time_that_is_none_is_refused_with_an_example(typed: str) -> None:
    with pytest.raises(OperatorError) as refused:
        kept_days(typed)
    assert "30d" in refused.value.next_step


@pytest.mark.parametrize("typed", ["much", "10", "10 GiB", "-1GB"])
def test_a_size_that_is_none_is_refused_with_an_example(typed: str) -> None:
    with pytest.raises(OperatorError) as refused:
        limit_bytes(typed)
    assert "10GB" in refused.value.next_step


def test_what_is_not_named_stays_as_it_is(store: SqlStore) -> None:
    change_retention(store, RetentionChange(samples="30d", fine="300d", limit="2GB"))
    assert change_retention(store, RetentionChange(samples="20d", limit="none")) == RetentionPolicy(20, fine_days=300)
    assert change_retention(store, RetentionChange()) == store.retention() == RetentionPolicy(20, fine_days=300)


def test_a_senseless_policy_is_refused_and_nothing_changes(store: SqlStore) -> None:
    with pytest.raises(OperatorError, match="coarser"):
        change_retention(store, RetentionChange(fine="10d"))
    assert store.retention() == RetentionPolicy()


def test_how_long_something_is_kept_is_told_in_words() -> None:
    assert (kept_words(None), kept_words(30), kept_words(0.5)) == ("forever", "30 d", "12 h")


def test_growth_that_may_be_none_is_not_called_growth() -> None:
    assert growth_words(growing(None, None, Trend(-MB, 0.0, 2 * MB))).startswith("no sure growth")


@pytest.mark.parametrize(
    ("room_end", "left", "words"),
    [
        (None, None, ""),
        (RoomEnd.DISK, DaysLeft(0, 0, 0), "The disk is full"),
        (RoomEnd.DISK, DaysLeft(0.5, 0.5, 0.5), "The disk is full in about 12 h if nothing else fills it"),
        (RoomEnd.LIMIT, DaysLeft(0, 0, 0), "At its limit of 100 MB: the oldest single samples give way"),
        (RoomEnd.LIMIT, DaysLeft(4, 5, 7), "Reaches its limit of 100 MB in about 5 d (4 d to 7 d)"),
    ],
    ids=["none", "disk-full", "disk-soon", "at-limit", "limit-soon"],
)
def test_the_end_of_the_room_is_told_with_what_happens_then(
    room_end: RoomEnd | None, left: DaysLeft | None, words: str
) -> None:
    assert room_words(growing(room_end, left)).startswith(words)

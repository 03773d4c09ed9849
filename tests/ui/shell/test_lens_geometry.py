"""Where instants lie on the time lens, what the pointer is over, and which times are labelled."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quarterdeck.domain.instants import TimeRange
from quarterdeck.ui.shell.lens_geometry import LensGeometry, LensPart, ticks
from quarterdeck.ui.shell.lens_strip import aligned

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
SIX_HOURS = TimeRange.ending(NOON, 6 * 3600)
LENS = LensGeometry(SIX_HOURS, 16, 1200)
WHOLE = SIX_HOURS


@given(st.floats(16, 1216))
def test_a_pixel_and_its_instant_belong_together(x: float) -> None:
    assert LENS.x_of(LENS.at_of(x)) == pytest.approx(x, abs=0.01)


def test_pixels_beyond_the_strip_are_its_ends() -> None:
    assert LENS.at_of(-50) == SIX_HOURS.start_at
    assert LENS.at_of(5000) == NOON
    assert LENS.x_of(NOON + timedelta(days=1)) == 1216


def test_an_empty_range_has_a_place_all_the_same() -> None:
    assert LensGeometry(TimeRange(NOON, NOON), 16, 1200).x_of(NOON) == 16


def test_the_play_head_is_taken_by_its_handle() -> None:
    at = LENS.at_of(600)
    assert LENS.part_at(604, WHOLE, at) is LensPart.PLAY_HEAD
    assert LENS.part_at(620, WHOLE, at) is LensPart.STRIP


def test_the_edges_of_the_window_can_be_taken() -> None:
    window = TimeRange(LENS.at_of(300), LENS.at_of(900))
    at = LENS.at_of(600)
    assert LENS.part_at(302, window, at) is LensPart.START_EDGE
    assert LENS.part_at(897, window, at) is LensPart.END_EDGE


def test_where_play_head_and_edge_meet_the_handle_above_decides() -> None:
    window = TimeRange(LENS.at_of(300), LENS.at_of(900))
    assert LENS.part_at(900, window, window.end_at, by_handle=True) is LensPart.PLAY_HEAD
    assert LENS.part_at(900, window, window.end_at, by_handle=False) is LensPart.END_EDGE
    assert LENS.part_at(1216, WHOLE, NOON, by_handle=False) is LensPart.PLAY_HEAD


def test_six_hours_are_labelled_every_half_hour() -> None:
    labelled = [tick.at for tick in ticks(LENS, UTC)]
    assert labelled == [SIX_HOURS.start_at + timedelta(minutes=30 * number) for number in range(13)]


def test_ninety_days_are_labelled_by_days() -> None:
    geometry = LensGeometry(TimeRange.ending(NOON, 90 * 86400), 16, 1200)
    found = ticks(geometry, UTC)
    assert all(tick.is_date and tick.at.hour == 0 for tick in found)
    assert 8 <= len(found) <= 14


@pytest.mark.parametrize("seconds", [60, 900, 3600, 21600, 86400, 604800, 2592000, 7776000])
@pytest.mark.parametrize("width", [500, 1000, 2400])
def test_labels_have_room(seconds: int, width: int) -> None:
    geometry = LensGeometry(TimeRange.ending(NOON, seconds), 16, width)
    places = [geometry.x_of(tick.at) for tick in ticks(geometry, UTC)]
    assert all(after - before >= 60 for before, after in pairwise(places))
    assert places


def test_midnight_is_labelled_by_its_day() -> None:
    geometry = LensGeometry(TimeRange(NOON - timedelta(hours=18), NOON), 16, 1200)
    assert [tick.at.hour for tick in ticks(geometry, UTC) if tick.is_date] == [0]


def test_labels_follow_the_local_clock_through_its_change() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    night = TimeRange(datetime(2026, 10, 24, 20, tzinfo=UTC), datetime(2026, 10, 25, 6, tzinfo=UTC))
    hours = [tick.at.astimezone(berlin).hour for tick in ticks(LensGeometry(night, 16, 1000), berlin)]
    assert hours == [22, 23, 0, 1, 2, 3, 4, 5, 6, 7]


def test_bars_stand_still_while_a_live_range_moves_over_them() -> None:
    first, _ = aligned(SIX_HOURS, 200)
    second, _ = aligned(TimeRange.ending(NOON + timedelta(seconds=5), 6 * 3600), 200)
    step = timedelta(seconds=108)
    assert (second.start_at - first.start_at) % step == timedelta(0)


@given(st.integers(10, 90 * 86400), st.integers(1, 400))
def test_whole_bars_cover_the_range(seconds: int, bars: int) -> None:
    extent = TimeRange.ending(NOON, seconds)
    covered, count = aligned(extent, bars)
    assert covered.start_at <= extent.start_at
    assert covered.end_at >= extent.end_at
    assert count <= bars + 1

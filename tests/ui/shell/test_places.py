"""Where the console is, and the rules of moving range, zoom and play-head."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from quarterdeck.domain.instants import TimeRange
from quarterdeck.ui.shell.places import (
    Fixed,
    Place,
    Rolling,
    extent_of,
    live,
    moment_of,
    unzoomed,
    window_of,
    with_play_head,
    with_range,
    zoomed,
)

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
LATER = NOW + timedelta(minutes=10)
HOME = Place("overview")


def hours_ago(hours: float) -> datetime:
    return NOW - timedelta(hours=hours)


def between(from_hours: float, to_hours: float) -> TimeRange:
    return TimeRange(hours_ago(from_hours), hours_ago(to_hours))


def test_a_live_place_rolls_with_the_clock() -> None:
    assert extent_of(HOME, NOW) == between(6, 0)
    assert moment_of(HOME, LATER).at == LATER
    assert moment_of(HOME, LATER).time_range.end_at == LATER
    assert moment_of(HOME, LATER).live


def test_leaving_live_stops_everything_where_it_was() -> None:
    past = with_play_head(HOME, hours_ago(2), NOW)
    assert moment_of(past, LATER) == moment_of(past, NOW)
    assert not moment_of(past, LATER).live
    assert moment_of(past, LATER).at == hours_ago(2)


def test_the_play_head_stays_inside_the_range() -> None:
    assert with_play_head(HOME, hours_ago(9), NOW).at == hours_ago(6)
    assert with_play_head(HOME, LATER, NOW).at == NOW


def test_going_live_puts_the_play_head_back_on_the_present() -> None:
    back = live(with_play_head(HOME, hours_ago(2), NOW), LATER)
    assert back == HOME


def test_a_fixed_range_leaves_live_at_its_end() -> None:
    place = with_range(HOME, Fixed(between(30, 24)), NOW)
    assert moment_of(place, NOW).at == hours_ago(24)
    assert not place.is_live


def test_going_live_from_a_fixed_range_keeps_its_length() -> None:
    place = live(with_range(HOME, Fixed(between(30, 24)), NOW), NOW)
    assert extent_of(place, NOW) == between(6, 0)


def test_a_live_zoom_that_ends_now_stays_live() -> None:
    place = zoomed(HOME, between(1, 0), NOW)
    assert place.is_live
    assert window_of(place, LATER) == TimeRange(LATER - timedelta(hours=1), LATER)
    assert extent_of(place, NOW) == between(6, 0)


def test_a_zoom_into_the_past_takes_the_play_head_along() -> None:
    place = zoomed(HOME, between(4, 3), NOW)
    assert window_of(place, LATER) == between(4, 3)
    assert place.at == hours_ago(3)


def test_zooming_back_returns_window_and_play_head() -> None:
    once = zoomed(HOME, between(4, 2), NOW)
    twice = zoomed(once, between(3, 2.5), NOW)
    assert unzoomed(twice) == once
    assert unzoomed(unzoomed(twice)) == HOME
    assert unzoomed(HOME) == HOME


def test_a_zoom_over_the_whole_range_is_no_zoom() -> None:
    assert zoomed(HOME, between(6, 0), NOW) == HOME


def test_zooming_out_beyond_the_range_makes_the_range_longer() -> None:
    place = zoomed(HOME, between(12, 0), NOW)
    assert place.is_live
    assert extent_of(place, NOW) == between(12, 0)


def test_panning_beyond_the_range_makes_it_reach_there() -> None:
    place = zoomed(zoomed(HOME, between(4, 3), NOW), between(8, 7), NOW)
    assert window_of(place, NOW) == between(8, 7)
    assert extent_of(place, NOW) == between(8, 0)


def test_a_zoomed_window_moves_along_with_the_play_head() -> None:
    place = with_play_head(zoomed(HOME, between(4, 3), NOW), hours_ago(5), NOW)
    assert window_of(place, NOW) == between(5, 4)


def test_a_play_head_inside_the_window_leaves_the_window_alone() -> None:
    place = with_play_head(zoomed(HOME, between(4, 3), NOW), hours_ago(3.5), NOW)
    assert window_of(place, NOW) == between(4, 3)


def test_no_zoom_ends_in_the_future() -> None:
    place = zoomed(HOME, TimeRange(hours_ago(1), NOW + timedelta(hours=1)), NOW)
    assert window_of(place, NOW) == between(2, 0)


def test_a_window_is_never_shorter_than_ten_seconds() -> None:
    place = zoomed(HOME, TimeRange(hours_ago(2), hours_ago(2)), NOW)
    assert window_of(place, NOW).seconds == 10


MOVES = st.lists(
    st.tuples(st.sampled_from(["head", "zoom", "range", "live", "back"]), st.floats(-1, 40), st.floats(0.001, 40)),
    max_size=12,
)


@given(MOVES)
def test_the_play_head_is_always_inside_the_window_and_the_window_inside_the_range(
    moves: list[tuple[str, float, float]],
) -> None:
    place, now = HOME, NOW
    for number, (kind, start, length) in enumerate(moves):
        now = NOW + timedelta(seconds=number)
        span = TimeRange(hours_ago(start + length), hours_ago(start))
        match kind:
            case "head":
                place = with_play_head(place, hours_ago(start), now)
            case "zoom":
                place = zoomed(place, span, now)
            case "range":
                place = with_range(place, Fixed(span) if length > 20 else Rolling(length * 3600), now)
            case "live":
                place = live(place, now)
            case _:
                place = unzoomed(place)
        window, extent, moment = window_of(place, now), extent_of(place, now), moment_of(place, now)
        slack = timedelta(seconds=max(1.0, extent.seconds * 0.02) + len(moves))
        assert window.start_at - slack <= moment.at <= window.end_at + slack
        assert extent.start_at - slack <= window.start_at
        assert window.end_at <= extent.end_at + slack

"""Which earlier range a range is compared with: wholly before it, and by the clock on the wall."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from quarterdeck.domain.instants import TimeRange
from quarterdeck.services.compared_ranges import Against, RangePair, earlier_range

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("against", "hours", "back_hours"),
    [
        (Against.BEFORE, 6, 6),
        (Against.HOUR, 0.5, 1),
        (Against.HOUR, 1, 1),
        (Against.HOUR, 6, 6),
        (Against.DAY, 6, 24),
        (Against.DAY, 30, 48),
        (Against.WEEK, 6, 168),
        (Against.WEEK, 200, 336),
    ],
)
def test_the_earlier_range_lies_whole_units_before_the_shown_one(
    against: Against, hours: float, back_hours: float
) -> None:
    shown = TimeRange.ending(NOON, hours * 3600)
    earlier = earlier_range(shown, against, UTC)
    assert shown.end_at - earlier.end_at == timedelta(hours=back_hours)
    assert earlier.seconds == shown.seconds
    assert not RangePair(earlier, shown).overlap


def test_a_day_earlier_is_the_same_hour_on_the_wall_where_clocks_were_changed() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    morning = datetime(2026, 10, 25, 9, 0, tzinfo=berlin)
    earlier = earlier_range(TimeRange.ending(morning, 3600), Against.DAY, berlin)
    assert morning.astimezone(UTC) - earlier.end_at.astimezone(UTC) == timedelta(hours=25)


def test_marked_ranges_are_told_by_nobody_but_whoever_marked_them() -> None:
    with pytest.raises(ValueError, match="marked"):
        earlier_range(TimeRange.ending(NOON, 60), Against.MARKED)


def test_marked_ranges_are_ordered_by_their_beginning_and_may_overlap() -> None:
    one, other = TimeRange.ending(NOON, 600), TimeRange.ending(NOON - timedelta(minutes=5), 600)
    assert RangePair.ordered(one, other) == RangePair(other, one)
    assert RangePair.ordered(one, other).overlap

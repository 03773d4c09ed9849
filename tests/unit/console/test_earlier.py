"""The same time an earlier week: by the clock on the wall, out of the store's own columns, honest about gaps."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from quarterdeck.domain.instants import TimeRange, to_ms
from quarterdeck.domain.series import SeriesIdentity
from quarterdeck.sdk.records import Batch, Samples
from quarterdeck.services.earlier import EarlierPeriod, EarlierReader
from quarterdeck.services.moments import Moment
from quarterdeck.services.ports import Envelope, Precision, SeriesQuery
from quarterdeck.storage.store import SqlStore
from tests.support.stores import take_in

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
VIENNA = ZoneInfo("Europe/Vienna")
LOAD = SeriesIdentity("component/host", "load")


@pytest.mark.parametrize(("hours", "weeks"), [(1, 1), (24, 1), (7 * 24, 1), (7 * 24 + 1, 2), (30 * 24, 5)])
def test_the_nearest_whole_weeks_before_a_range_share_nothing_with_it(hours: int, weeks: int) -> None:
    shown = TimeRange.ending(NOON, hours * 3600)
    period = EarlierPeriod.before(shown, UTC)
    assert period.weeks == weeks
    assert period.time_range.end_at <= shown.start_at
    assert period.time_range.seconds == shown.seconds
    assert shown.end_at - period.time_range.end_at == timedelta(weeks=weeks)


@pytest.mark.parametrize(
    ("end_at", "hours_more"),
    [
        (datetime(2026, 10, 28, 12, 0, tzinfo=VIENNA), 1),
        (datetime(2026, 4, 1, 12, 0, tzinfo=VIENNA), -1),
        (datetime(2026, 11, 24, 12, 0, tzinfo=VIENNA), 0),
    ],
)
def test_clocks_that_were_changed_meanwhile_show_the_same_hour(end_at: datetime, hours_more: int) -> None:
    shown = TimeRange.ending(end_at.astimezone(UTC), 3600)
    period = EarlierPeriod.before(shown, VIENNA)
    assert period.time_range.end_at.astimezone(VIENNA).hour == 12
    assert shown.end_at - period.time_range.end_at == timedelta(weeks=1, hours=hours_more)


@pytest.fixture
def weeks(store: SqlStore) -> SqlStore:
    """A fortnight by the minute, each minute its own value."""
    times = np.arange(to_ms(NOON - timedelta(days=14)), to_ms(NOON), 60_000)
    take_in(store, Batch(samples=Samples.of_series(LOAD, times, np.arange(len(times), dtype=np.float64))))
    return store


def test_an_earlier_course_is_that_of_the_samples_a_week_before(weeks: SqlStore) -> None:
    infos = weeks.find(SeriesQuery())
    shown = Moment(TimeRange.ending(NOON, 6 * 3600), NOON)
    found = EarlierReader(weeks, weeks, UTC).earlier(infos, shown, 2000)
    (one,) = found.courses
    inside = (one.course.times_ms >= shown.time_range.start_ms) & (one.course.times_ms <= shown.time_range.end_ms)
    kept = weeks.samples(infos[0].id, found.period.time_range)
    assert one.course.mean[inside][-len(kept.values) :].tolist() == kept.values.tolist()
    assert one.series == infos[0]


def test_where_nothing_was_kept_a_week_before_there_is_no_course(weeks: SqlStore) -> None:
    infos = weeks.find(SeriesQuery())
    past = Moment(TimeRange.ending(NOON - timedelta(days=10), 3600), NOON - timedelta(days=10), live=False)
    (one,) = EarlierReader(weeks, weeks, UTC).earlier(infos, past, 500).courses
    assert len(one.course.times_ms) == 0


def test_a_source_that_does_not_answer_lays_no_line_behind(weeks: SqlStore) -> None:
    class Silent:
        """Series that stay in a source that is gone."""

        def envelope(
            self, series_ids: Sequence[int], time_range: TimeRange, pixels: int, precision: Precision = Precision.EXACT
        ) -> tuple[Envelope, ...]:
            found = weeks.envelope(series_ids, time_range, pixels, precision)
            return tuple(replace(one, failure="The source does not answer.") for one in found)

    infos = weeks.find(SeriesQuery())
    found = EarlierReader(weeks, Silent(), UTC).earlier(infos, Moment(TimeRange.ending(NOON, 3600), NOON), 500)
    assert found.courses == ()

"""The Performance panel's answers over a real store."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from quarterdeck.domain.estate import EntityKind
from quarterdeck.domain.events import Change
from quarterdeck.domain.health import HealthState
from quarterdeck.domain.instants import TimeRange, from_ms
from quarterdeck.domain.series import Meaning
from quarterdeck.sdk.records import Batch
from quarterdeck.services.moments import Moment
from quarterdeck.services.performance import ChartLine, PerformanceReader, PerformanceReport, Sharpness
from quarterdeck.services.ports import Envelope, Precision
from quarterdeck.storage.store import SqlStore
from tests.support.pictured_bank import NOON, build_bank
from tests.support.stores import take_in

LIVE = Moment(TimeRange.ending(NOON, 6 * 3600), NOON)
PAYHUB = "integration/payhub-processor"
PUSH = "integration/push"
FILES = "integration/settlement-files"


class Refusing:
    """Envelopes of a store, with those of one entity left to a source that does not answer."""

    def __init__(self, store: SqlStore, entity_key: str) -> None:
        self._store, self._entity_key = store, entity_key

    def envelope(
        self, series_ids: Sequence[int], time_range: TimeRange, pixels: int, precision: Precision = Precision.EXACT
    ) -> tuple[Envelope, ...]:
        return tuple(
            replace(one, failure="The source did not answer in time.")
            if one.series.identity.entity_key == self._entity_key
            else one
            for one in self._store.envelope(series_ids, time_range, pixels, precision)
        )


def report(store: SqlStore, *wanted: str, moment: Moment = LIVE, pixels: int = 1100) -> PerformanceReport:
    return PerformanceReader(store, store).performance(EntityKind.INTEGRATION, wanted, moment, pixels=pixels)


def line(found: PerformanceReport, meaning: Meaning, entity_key: str) -> ChartLine:
    charts = {chart.figure.value: chart for chart in found.charts}
    return next(one for one in charts[meaning].lines if one.entity_key == entity_key)


def test_the_most_urgent_integrations_are_shown_when_none_is_chosen(bank: SqlStore) -> None:
    assert report(bank).shown == (PAYHUB, "integration/notification-dispatcher", "integration/account-aggregation")


def test_a_choice_is_shown_in_its_order(bank: SqlStore) -> None:
    found = report(bank, "integration/core-accounts", PAYHUB, "integration/nowhere")
    assert found.shown == ("integration/core-accounts", PAYHUB)
    assert [one.label for one in found.charts[0].lines] == ["Core accounts", "PayHub processor"]


def test_samples_every_half_minute_are_a_line_without_gaps(bank: SqlStore) -> None:
    found = line(report(bank, PAYHUB), Meaning.RESPONSE_TIME, PAYHUB)
    assert np.isfinite(found.course.mean).all()
    assert found.silent_since_at is None


@pytest.mark.parametrize("meaning", [Meaning.RESPONSE_TIME, Meaning.THROUGHPUT, Meaning.ERROR_RATE])
def test_where_a_column_holds_one_sample_a_line_has_its_value_to_the_last_digit(
    bank: SqlStore, meaning: Meaning
) -> None:
    quarter = Moment(TimeRange.ending(NOON, 900), NOON, live=False)
    found = line(report(bank, PAYHUB, moment=quarter), meaning, PAYHUB)
    stored = bank.samples(found.series.id, quarter.time_range)
    inside = found.course.times_ms >= quarter.time_range.start_ms
    told = {
        round(at): value for at, value in zip(found.course.times_ms[inside], found.course.mean[inside], strict=True)
    }
    column_ms = 1000 * quarter.time_range.seconds / 1100
    assert len(stored.times_ms) == len(told) == 30
    for at_ms, value in zip(stored.times_ms.tolist(), stored.values.tolist(), strict=True):
        nearest = min(told, key=lambda each: abs(each - at_ms))
        assert abs(nearest - at_ms) <= column_ms
        assert told[nearest] == value


def test_a_line_of_wide_columns_has_the_lowest_the_highest_and_the_mean_of_their_samples(bank: SqlStore) -> None:
    hours = Moment(TimeRange.ending(NOON, 4 * 3600), NOON, live=False)
    found = line(report(bank, PAYHUB, moment=hours, pixels=48), Meaning.RESPONSE_TIME, PAYHUB)
    width_ms = 4 * 3600_000 // 48
    for at_ms, low, high, mean in zip(
        found.course.times_ms, found.course.low, found.course.high, found.course.mean, strict=True
    ):
        if at_ms < hours.time_range.start_ms:
            continue
        start_at = from_ms(int(at_ms - width_ms / 2))
        values = bank.samples(found.series.id, TimeRange(start_at, start_at + timedelta(milliseconds=width_ms))).values
        assert (low, high) == (values.min(), values.max())
        assert mean == pytest.approx(float(values.mean()), rel=1e-14)


def test_a_line_enters_from_the_left_edge(bank: SqlStore) -> None:
    quarter = Moment(TimeRange.ending(NOON, 900), NOON)
    found = line(report(bank, PAYHUB, moment=quarter), Meaning.RESPONSE_TIME, PAYHUB)
    before = found.course.times_ms < quarter.time_range.start_ms
    assert 1 <= np.count_nonzero(before) <= 4
    assert np.isfinite(found.course.mean[: np.count_nonzero(before) + 1]).all()


def test_two_live_moments_share_the_columns_that_both_tell_of(bank: SqlStore) -> None:
    later = Moment(TimeRange.ending(NOON + timedelta(seconds=71), 6 * 3600), NOON + timedelta(seconds=71))
    first, second = (
        line(report(bank, PAYHUB, moment=moment), Meaning.RESPONSE_TIME, PAYHUB).course for moment in (LIVE, later)
    )
    shared = first.times_ms[first.times_ms >= second.times_ms[0]]
    assert len(shared) > 600
    assert np.array_equal(shared[:-1], second.times_ms[: len(shared) - 1])
    assert np.array_equal(first.high[-len(shared) : -1], second.high[: len(shared) - 1])


def test_an_integration_without_fresh_data_is_silent_since_its_last_sample(bank: SqlStore) -> None:
    found = line(report(bank, PUSH), Meaning.THROUGHPUT, PUSH)
    assert found.silent_since_at == found.series.last_at == NOON - timedelta(minutes=22)


def test_nothing_in_a_range_is_silent_since_before_it(bank: SqlStore) -> None:
    late = Moment(TimeRange.ending(NOON, 600), NOON)
    found = line(report(bank, PUSH, moment=late), Meaning.THROUGHPUT, PUSH)
    assert len(found.course.times_ms) == 0
    assert found.silent_since_at == NOON - timedelta(minutes=22)


def test_a_past_range_is_not_silent_because_the_store_goes_on(bank: SqlStore) -> None:
    at = NOON - timedelta(hours=3)
    past = Moment(TimeRange.ending(at, 3600), at, live=False)
    assert line(report(bank, PAYHUB, moment=past), Meaning.THROUGHPUT, PAYHUB).silent_since_at is None


def test_trouble_and_maintenance_of_what_is_shown_are_marked(bank: SqlStore) -> None:
    marked = report(bank, PAYHUB, FILES, PUSH).marked
    assert [(one.entity_key, one.state) for one in marked] == [
        (PAYHUB, HealthState.DOWN),
        (FILES, HealthState.MAINTENANCE),
    ]


def test_one_source_that_fails_leaves_the_other_lines(bank: SqlStore) -> None:
    reader = PerformanceReader(bank, Refusing(bank, PUSH))
    found = reader.performance(EntityKind.INTEGRATION, (PUSH, PAYHUB), LIVE, pixels=300)
    assert line(found, Meaning.ERROR_RATE, PUSH).failure == "The source did not answer in time."
    assert np.isfinite(line(found, Meaning.ERROR_RATE, PAYHUB).course.mean).any()


@pytest.mark.parametrize(
    ("entity_key", "shown"),
    [("", 1), (PAYHUB, 1), ("partner/payhub", 1), ("service/current-account", 0)],
)
def test_changes_are_marked_where_they_concern_what_is_shown(store: SqlStore, entity_key: str, shown: int) -> None:
    build_bank(store)
    change = Change("c1", "deploy", NOON - timedelta(hours=1), "4.18.2 deployed", entity_key)
    take_in(store, Batch(changes=(change,)), received_at=NOON)
    assert len(report(store, PAYHUB).changes) == shown


def test_lines_that_nobody_waits_for_any_more_are_not_read(bank: SqlStore) -> None:
    answers = iter([True, True, False])
    sharply = Sharpness(Precision.REFINED, lambda: next(answers, False))
    found = PerformanceReader(bank, bank).performance(EntityKind.INTEGRATION, (), LIVE, pixels=1100, sharpness=sharply)
    assert [len(chart.lines) for chart in found.charts] == [2, 0, 0, 0]

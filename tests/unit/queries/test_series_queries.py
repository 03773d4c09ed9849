"""Questions about many series, over a real store and a source that keeps its own."""

from collections.abc import Sequence
from datetime import timedelta

import numpy as np
import pytest

from quarterdeck.analysis.aggregation import Aggregation
from quarterdeck.domain.errors import OperatorError
from quarterdeck.domain.facts import facts_of
from quarterdeck.domain.instants import TimeRange, to_ms
from quarterdeck.domain.series import SeriesIdentity, SeriesInfo, SeriesKind
from quarterdeck.services.series_queries import GridQuery, Reading, SeriesQueries, Split
from quarterdeck.storage.store import SqlStore
from tests.support.stores import NOON
from tests.unit.queries.sources import Estate, fault

NOON_MS = to_ms(NOON)
NAN = float("nan")
TIMES = NOON_MS + np.arange(-120_000, 121_000, 10_000)
TWO_MINUTES = TimeRange(NOON, NOON + timedelta(minutes=2))
EACH_MINUTE = GridQuery(TWO_MINUTES, 60)
RATES = GridQuery(TWO_MINUTES, 60, Reading.RATE, window_seconds=60)


def gauge(name: str, unit: str = "1", statistic: str = "", **labels: str) -> SeriesIdentity:
    return SeriesIdentity("service/shop", name, unit=unit, statistic=statistic, labels=facts_of(labels))


def counter(name: str, unit: str = "1", **labels: str) -> SeriesIdentity:
    return SeriesIdentity("service/shop", name, unit=unit, labels=facts_of(labels), kind=SeriesKind.COUNTER)


@pytest.fixture
def estate(store: SqlStore) -> Estate:
    made = Estate(store)
    made.connect("engine")
    return made


@pytest.fixture
def queries(estate: Estate) -> SeriesQueries:
    return SeriesQueries(estate.samples)


def level(estate: Estate, identity: SeriesIdentity, value: float, times: np.ndarray = TIMES) -> SeriesInfo:
    return estate.local(identity, times, np.full(len(times), value))


def growing(estate: Estate, identity: SeriesIdentity, per_second: float) -> SeriesInfo:
    return estate.local(identity, TIMES, 1000.0 + (TIMES - TIMES[0]) / 1000 * per_second)


def test_series_here_and_there_stand_side_by_side_at_the_same_instants(estate: Estate, queries: SeriesQueries) -> None:
    series = level(estate, gauge("load"), 3.0), estate.remote(gauge("queue"), "7")
    found = queries.aligned(series, EACH_MINUTE)
    assert list(found.instants_ms) == [NOON_MS, NOON_MS + 60_000]
    np.testing.assert_array_equal(found.values, [[3.0, 3.0], [7.0, 7.0]])
    assert found.failures == ("", "")


def test_a_gap_stays_a_gap_here_and_there(estate: Estate, queries: SeriesQueries) -> None:
    estate.engine.answer = lambda series, instants: (instants[:1], np.full(1, float(series.query)))
    short = GridQuery(TWO_MINUTES, 60, look_back_seconds=30)
    series = level(estate, gauge("load"), 3.0, TIMES[TIMES <= NOON_MS + 20_000]), estate.remote(gauge("queue"), "7")
    found = queries.aligned(series, short)
    assert np.isnan(found.values[0]).tolist() == [False, True]
    assert np.isnan(queries.aligned(series, EACH_MINUTE).values[1]).all()


def test_a_sum_says_how_many_of_its_series_spoke(estate: Estate, queries: SeriesQueries) -> None:
    early = TIMES[TIMES <= NOON_MS]
    series = level(estate, gauge("load", pod="1"), 3.0), level(estate, gauge("load", pod="2"), 4.0, early)
    short = GridQuery(TWO_MINUTES, 60, look_back_seconds=30)
    found = queries.aggregated(series, short, Aggregation.SUM)
    np.testing.assert_array_equal(found.values, [[7.0, 3.0]])
    assert found.spoke.tolist() == [[2, 1]]
    assert found.sizes.tolist() == [2]


def test_a_source_that_fails_is_told_and_left_out_of_the_sum(estate: Estate, queries: SeriesQueries) -> None:
    estate.engine.fault = fault()
    remote = estate.remote(gauge("load", pod="2"))
    found = queries.aggregated([level(estate, gauge("load", pod="1"), 3.0), remote], EACH_MINUTE, Aggregation.SUM)
    np.testing.assert_array_equal(found.values, [[3.0, 3.0]])
    assert (found.spoke.tolist(), found.sizes.tolist()) == ([[1, 1]], [2])
    assert found.failures == ((remote, "The server is not there. Start it."),)


@pytest.mark.parametrize(
    ("split", "labels"),
    [
        (Split(), ((),)),
        (Split(by=("route",)), ((("route", "a"),), (("route", "b"),))),
        (Split(by=("entity",)), ((("entity", "service/shop"),),)),
        (Split(without=("pod", "entity")), ((("route", "a"),), (("route", "b"),))),
    ],
    ids=["all", "by", "entity", "without"],
)
def test_groups_are_told_by_their_labels(
    estate: Estate, queries: SeriesQueries, split: Split, labels: tuple[object, ...]
) -> None:
    series = [level(estate, gauge("load", pod=pod, route=route), 1.0) for pod, route in ("1a", "2a", "3b")]
    assert queries.aggregated(series, EACH_MINUTE, Aggregation.MAX, split).labels == labels


def test_a_label_called_entity_of_a_series_own_is_kept(estate: Estate, queries: SeriesQueries) -> None:
    series = [level(estate, gauge("load", entity="mine"), 1.0)]
    found = queries.aggregated(series, EACH_MINUTE, Aggregation.MIN, Split(by=("entity",)))
    assert found.labels == ((("entity", "mine"),),)


def test_a_quantile_over_series_lies_between_them(estate: Estate, queries: SeriesQueries) -> None:
    series = [level(estate, gauge("load", pod=str(pod)), float(pod)) for pod in range(5)]
    np.testing.assert_allclose(queries.quantiles(series, EACH_MINUTE, 0.9).values, [[3.6, 3.6]])


@pytest.mark.parametrize(
    ("reading", "value", "unit"),
    [
        (Reading.RATE, 2.0, "1/s"),
        (Reading.INCREASE, 120.0, "1"),
        (Reading.EXACT_INCREASE, 120.0, "1"),
        (Reading.DELTA, 120.0, "1"),
        (Reading.VALUE, 1240.0, "1"),
    ],
)
def test_a_counter_is_read_as_it_is_asked(
    estate: Estate, queries: SeriesQueries, reading: Reading, value: float, unit: str
) -> None:
    found = queries.aligned([growing(estate, counter("requests"), 2.0)], GridQuery(TWO_MINUTES, 60, reading, 60))
    assert found.values[0, 0] == pytest.approx(value)
    assert found.units == (unit,)


@pytest.mark.parametrize(("unit", "rated"), [("By", "By/s"), ("s", "ratio"), ("{order}", "{order}/s")])
def test_the_unit_of_a_rate_is_per_second(estate: Estate, queries: SeriesQueries, unit: str, rated: str) -> None:
    assert queries.aligned([growing(estate, counter("work", unit), 1.0)], RATES).units == (rated,)


def test_a_source_is_asked_densely_enough_for_a_window(estate: Estate, queries: SeriesQueries) -> None:
    estate.engine.answer = lambda series, instants: (instants, (instants - NOON_MS) / 1000 * float(series.query))
    found = queries.aligned([estate.remote(counter("requests"), "3")], RATES)
    np.testing.assert_allclose(found.values, [[3.0, 3.0]])
    assert estate.engine.asked[0][2] == 12


def buckets(estate: Estate, *counts: tuple[str, float], name: str = "took_bucket") -> list[SeriesInfo]:
    return [growing(estate, counter(name, le=bound), per_second) for bound, per_second in counts]


def test_a_quantile_comes_from_the_rates_of_buckets(estate: Estate, queries: SeriesQueries) -> None:
    series = buckets(estate, ("+Inf", 4.0), ("0.1", 1.0), ("0.5", 3.0))
    found = queries.histogram_quantiles(series, RATES, 0.5, Split())
    np.testing.assert_allclose(found.values, [[0.3, 0.3]])
    assert (found.labels, found.sizes.tolist(), found.spoke.tolist()) == (((),), [3], [[3, 3]])


def test_histograms_are_apart_by_their_other_labels_unless_split_otherwise(
    estate: Estate, queries: SeriesQueries
) -> None:
    series = [
        growing(estate, counter("took_bucket", le=bound, pod=pod), per_second)
        for pod, per_second in (("1", 1.0), ("2", 2.0))
        for bound in ("1", "+Inf")
    ]
    found = queries.histogram_quantiles(series, RATES, 0.5)
    assert [dict(labels)["pod"] for labels in found.labels] == ["1", "2"]
    joined = queries.histogram_quantiles(series, RATES, 0.5, Split(without=("pod", "le")))
    assert (joined.labels, joined.sizes.tolist()) == (((("entity", "service/shop"),),), [4])


def refused(queries: SeriesQueries, series: Sequence[SeriesInfo], query: GridQuery = EACH_MINUTE) -> str:
    with pytest.raises(OperatorError) as caught:
        queries.aggregated(series, query, Aggregation.SUM)
    return caught.value.message


def test_different_units_are_refused_in_words_but_counted(estate: Estate, queries: SeriesQueries) -> None:
    series = [level(estate, gauge("load", "s"), 1.0), level(estate, gauge("load", "By"), 1.0)]
    assert refused(queries, series) == "Series in different units cannot be made one: By, s."
    counted = queries.aggregated(series, EACH_MINUTE, Aggregation.COUNT)
    np.testing.assert_array_equal(counted.values, [[2.0, 2.0]])
    assert counted.unit == "1"


def test_different_statistics_are_refused_in_words(estate: Estate, queries: SeriesQueries) -> None:
    series = [level(estate, gauge("load", "s", "p95"), 1.0), level(estate, gauge("load", "s"), 1.0)]
    assert refused(queries, series) == "Different statistics cannot be made one: p95, the value itself."


def test_the_rate_of_a_gauge_is_refused_by_name(estate: Estate, queries: SeriesQueries) -> None:
    series = [level(estate, gauge(name), 1.0) for name in ("a", "b", "c", "d", "e")]
    words = "Only counters have a rate or an increase, and these are none: a, b, c and 2 more."
    assert refused(queries, series, RATES) == words


def test_more_than_fits_at_once_is_refused(estate: Estate, queries: SeriesQueries) -> None:
    series = [level(estate, gauge("load"), 1.0)]
    year = TimeRange(NOON - timedelta(days=365), NOON)
    assert refused(queries, series, GridQuery(year, 1)) == "1 series at 31,536,000 instants are too much at once."


def test_series_that_are_no_buckets_are_refused_by_name(estate: Estate, queries: SeriesQueries) -> None:
    with pytest.raises(OperatorError, match="None of these series is a bucket of a histogram: requests"):
        queries.histogram_quantiles([growing(estate, counter("requests"), 1.0)], RATES, 0.5)


def test_nothing_asked_is_nothing_answered(estate: Estate, queries: SeriesQueries) -> None:
    assert queries.aligned([], EACH_MINUTE).values.shape == (0, 2)
    assert queries.histogram_quantiles([], RATES, 0.5).values.shape == (0, 2)
    moment = GridQuery(TimeRange(NOON, NOON), 60)
    found = queries.aligned([level(estate, gauge("load"), 1.0)], moment)
    assert (found.values.shape, found.failures) == ((1, 0), ("",))

"""Quantiles of buckets, compared with PromQL's own steps taken one instant at a time."""

import bisect
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from quarterdeck.analysis.histograms import bucket_rows, histogram_quantile
from quarterdeck.connectors.openmetrics.quantiles import quantile as scraped_quantile
from quarterdeck.domain.facts import facts_of

NAN, INF = float("nan"), float("inf")
ONCE = (-1.0, 0.5, 1.0, 2.5, INF)
BOUNDS = (-1.0, 0.0, 0.5, 0.5, 1.0, 2.5, INF)
tables = arrays.arrays(
    np.float64,
    st.tuples(st.just(len(BOUNDS)), st.integers(0, 6)),
    elements=st.one_of(st.floats(0, 1e5), st.integers(0, 5).map(float), st.just(NAN)),
)


def bucket_quantile(share: float, buckets: list[tuple[float, float]]) -> float:
    """`bucketQuantile` of promql/quantile.go, line by line."""
    joined: dict[float, float] = {}
    for bound, count in buckets:
        joined[bound] = joined.get(bound, 0.0) + count
    bounds, counts = list(joined), list(joined.values())
    if len(bounds) < 2 or bounds[-1] != INF:
        return NAN
    for place in range(1, len(counts)):
        before, count = counts[place - 1], counts[place]
        if count < before or abs(count - before) < 1e-12 * (count + before):
            counts[place] = before
    if counts[-1] == 0:
        return NAN
    rank = share * counts[-1]
    place = bisect.bisect_left(counts[:-1], rank)
    if place == len(bounds) - 1:
        return bounds[-2]
    if place == 0 and bounds[0] <= 0:
        return bounds[0]
    start, below = (bounds[place - 1], counts[place - 1]) if place else (0.0, 0.0)
    inside = counts[place] - below
    return start + (bounds[place] - start) * ((rank - below) / inside) if inside else NAN


@given(tables, st.floats(0, 1), st.integers(0, len(BOUNDS) - 1))
def test_a_quantile_of_buckets_is_that_of_promql_at_every_instant(table: np.ndarray, share: float, first: int) -> None:
    bounds, counts = BOUNDS[first:], table[first:]
    found = histogram_quantile(share, np.array(bounds), counts)
    for instant in range(table.shape[1]):
        spoken = [pair for pair in zip(bounds, counts[:, instant], strict=True) if not math.isnan(pair[1])]
        np.testing.assert_allclose(found[instant], bucket_quantile(share, spoken), rtol=1e-9, atol=1e-9)


@given(st.lists(st.integers(0, 9), min_size=len(ONCE), max_size=len(ONCE)), st.floats(0.01, 1))
def test_a_scrape_and_a_question_over_series_tell_the_same_quantile(counts: list[int], share: float) -> None:
    found = histogram_quantile(share, np.array(ONCE), np.array(counts, np.float64)[:, np.newaxis])[0]
    scraped = scraped_quantile(dict(zip(ONCE, map(float, counts), strict=True)), share)
    np.testing.assert_allclose(found, NAN if scraped is None else scraped, rtol=1e-9)


def quantiles(share: float, *counts: float, bounds: tuple[float, ...] = (1.0, 2.0, INF)) -> float:
    return float(histogram_quantile(share, np.array(bounds), np.array(counts)[:, np.newaxis])[0])


def test_a_quantile_in_the_open_bucket_is_told_as_its_lower_bound() -> None:
    assert quantiles(0.99, 1, 2, 100) == 2.0


def test_a_count_below_that_of_the_bucket_before_is_raised_to_it() -> None:
    assert quantiles(0.5, 10, 7, 10) == quantiles(0.5, 10, 10, 10) == 0.5


def test_without_the_open_bucket_nothing_is_told() -> None:
    assert math.isnan(quantiles(0.5, 1, 2, bounds=(1.0, 2.0)))
    assert math.isnan(quantiles(0.5, 1, 2, NAN))


def test_without_observations_nothing_is_told() -> None:
    assert math.isnan(quantiles(0.5, 0, 0, 0))


def test_the_open_bucket_alone_tells_nothing() -> None:
    assert math.isnan(quantiles(0.5, 7, bounds=(INF,)))


def test_a_share_above_one_is_refused() -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        quantiles(1.1, 1, 2, 3)


def test_buckets_are_put_together_by_their_other_labels_in_the_order_of_their_bounds() -> None:
    labels = [
        facts_of({"le": "+Inf", "route": "a"}),
        facts_of({"le": "1e1", "route": "b"}),
        facts_of({"le": "0.5", "route": "a"}),
        facts_of({"le": "many", "route": "a"}),
        facts_of({"route": "a"}),
    ]
    first, second = bucket_rows(labels)
    assert (first.labels, list(first.bounds), first.rows) == ((("route", "a"),), [0.5, INF], (2, 0))
    assert (second.labels, list(second.bounds), second.rows) == ((("route", "b"),), [10.0], (1,))

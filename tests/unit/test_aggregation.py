"""Many series made one, compared with going through the members of every group at every instant."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from quarterdeck.analysis.aggregation import Aggregation, Groups, aggregated, grouped, quantile_over
from quarterdeck.domain.facts import Facts, facts_of

NAN = float("nan")
tables = arrays.arrays(
    np.float64,
    st.tuples(st.integers(1, 7), st.integers(0, 5)),
    elements=st.one_of(st.floats(-1e6, 1e6), st.just(NAN), st.just(math.inf)),
)
PLAIN = {
    Aggregation.SUM: sum,
    Aggregation.MEAN: lambda values: sum(values) / len(values),
    Aggregation.MIN: min,
    Aggregation.MAX: max,
    Aggregation.COUNT: len,
}
ROUTES = (
    facts_of({"route": "a", "pod": "1"}),
    facts_of({"route": "b", "pod": "1"}),
    facts_of({"route": "a", "pod": "2"}),
    facts_of({"pod": "3", "route": ""}),
)


def drawn(count: int, seed: int) -> Groups:
    labels = [facts_of({"of": str(number)}) for number in np.random.default_rng(seed).integers(0, 3, count)]
    return grouped(labels, by=("of",))


def spoken(table: np.ndarray, groups: Groups, group: int, instant: int) -> list[float]:
    rows = [row for row in range(len(table)) if groups.members[row] == group]
    return [float(table[row, instant]) for row in rows if not math.isnan(table[row, instant])]


def ranked(values: list[float], share: float) -> float:
    """`quantile` of promql/quantile.go, line by line."""
    values = sorted(values)
    rank = share * (len(values) - 1)
    lower = int(max(0, math.floor(rank)))
    upper = int(min(len(values) - 1, lower + 1))
    weight = rank - math.floor(rank)
    return values[lower] * (1 - weight) + values[upper] * weight


@given(tables, st.integers(0, 9), st.sampled_from(Aggregation))
def test_each_value_is_that_of_the_series_that_spoke_and_says_how_many(
    table: np.ndarray, seed: int, how: Aggregation
) -> None:
    groups = drawn(len(table), seed)
    found = aggregated(table, groups, how)
    for group in range(len(groups.labels)):
        for instant in range(table.shape[1]):
            values = spoken(table, groups, group, instant)
            assert found.spoke[group, instant] == len(values)
            wanted = PLAIN[how](values) if values else NAN
            np.testing.assert_allclose(found.values[group, instant], wanted, rtol=1e-9, atol=1e-6)


@given(tables, st.integers(0, 9), st.floats(0, 1))
def test_a_quantile_over_series_lies_between_two_ranks_as_in_promql(table: np.ndarray, seed: int, share: float) -> None:
    groups = drawn(len(table), seed)
    found = quantile_over(table, groups, share)
    for group in range(len(groups.labels)):
        for instant in range(table.shape[1]):
            values = spoken(table, groups, group, instant)
            wanted = ranked(values, share) if values else NAN
            np.testing.assert_allclose(found.values[group, instant], wanted, rtol=1e-9, atol=1e-6)


@pytest.mark.parametrize(
    ("by", "without", "labels", "members"),
    [
        ((), None, ((),), [0, 0, 0, 0]),
        (("route",), None, ((("route", "a"),), (("route", "b"),), ()), [0, 1, 0, 2]),
        ((), ("pod",), ((("route", "a"),), (("route", "b"),), ()), [0, 1, 0, 2]),
        ((), ("route",), ((("pod", "1"),), (("pod", "2"),), (("pod", "3"),)), [0, 0, 1, 2]),
    ],
    ids=["nothing", "by", "without", "without another"],
)
def test_series_are_grouped_by_labels_or_without_them(
    by: tuple[str, ...], without: tuple[str, ...] | None, labels: tuple[Facts, ...], members: list[int]
) -> None:
    found = grouped(ROUTES, by=by, without=without)
    assert found.labels == labels
    assert list(found.members) == members


def test_no_series_make_no_groups() -> None:
    groups = grouped([])
    nothing = np.empty((0, 4))
    assert aggregated(nothing, groups, Aggregation.SUM).values.shape == (0, 4)
    assert quantile_over(nothing, groups, 0.5).spoke.shape == (0, 4)


def test_a_share_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        quantile_over(np.ones((1, 1)), grouped([()]), 1.5)

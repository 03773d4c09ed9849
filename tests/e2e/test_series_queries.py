"""The same samples here and in a real Prometheus and VictoriaMetrics: the same answers to the same questions."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from quarterdeck.analysis.aggregation import Aggregation
from quarterdeck.analysis.alignment import Edition
from quarterdeck.domain.connections import Connection
from quarterdeck.domain.facts import Facts
from quarterdeck.domain.instants import TimeRange
from quarterdeck.domain.series import SeriesInfo
from quarterdeck.sdk.connector import ConnectorContext, RemoteSeries
from quarterdeck.sdk.records import Batch
from quarterdeck.sdk.registry import EntryPointRegistry
from quarterdeck.services.ports import Cursors, Ingest, SeriesQuery
from quarterdeck.services.readthrough import CombinedSamples
from quarterdeck.services.series_queries import AlignedSeries, CombinedSeries, GridQuery, Reading, SeriesQueries, Split
from quarterdeck.storage.opening import open_store
from quarterdeck.storage.store import SqlStore
from tests.connectors.prometheus.asking import context_of
from tests.support.imported_series import (
    BEGIN,
    END,
    Imported,
    imported,
    prometheus_with,
    samples_of,
    victoria_metrics_with,
)
from tests.support.prometheus_peer import MetricsServer
from tests.support.stores import PATIENCE_SECONDS, take_in

pytestmark = pytest.mark.slow

STEP = 30
PAST_THE_END = TimeRange(BEGIN - timedelta(minutes=3), END + timedelta(minutes=10))
INSIDE = TimeRange(BEGIN + timedelta(minutes=10), END - timedelta(minutes=1))
SERIES = imported()
Answers = dict[Facts, dict[int, float]]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqlStore]:
    opened = open_store(str(tmp_path_factory.mktemp("store") / "console.db"))
    take_in(opened, Batch(samples=samples_of(SERIES)), received_at=END)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def prometheus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MetricsServer]:
    with prometheus_with(SERIES, tmp_path_factory.mktemp("prometheus")) as server:
        yield server


@pytest.fixture(scope="module")
def victoria_metrics(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MetricsServer]:
    with victoria_metrics_with(SERIES, tmp_path_factory.mktemp("victoria")) as server:
        yield server


class Asking:
    """The questions put to the console, as Prometheus 2.42 would take them unless told otherwise."""

    def __init__(self, store: SqlStore, time_range: TimeRange, edition: Edition = Edition.PROMETHEUS_2) -> None:
        self.queries = SeriesQueries(CombinedSamples(store, EntryPointRegistry(), context))
        self._store = store
        self.grid = GridQuery(time_range, STEP, edition=edition)

    def series(self, name: str) -> list[SeriesInfo]:
        return [info for info in self._store.find(SeriesQuery()) if info.identity.name == name]

    def each(self, name: str, reading: Reading = Reading.VALUE) -> Answers:
        return of_each(self.queries.aligned(self.series(name), self.reading(reading)))

    def reading(self, reading: Reading) -> GridQuery:
        return replace(self.grid, reading=reading)


def of_each(found: AlignedSeries) -> Answers:
    labels = tuple(info.identity.labels for info in found.series)
    return told(labels, found.instants_ms, found.values)


def of_groups(found: CombinedSeries) -> Answers:
    labels = tuple(tuple(pair for pair in one if pair[0] != "entity") for one in found.labels)
    return told(labels, found.instants_ms, found.values)


def told(labels: tuple[Facts, ...], instants: np.ndarray, values: np.ndarray) -> Answers:
    rows = {
        facts: {int(at): float(value) for at, value in zip(instants, row, strict=True) if not np.isnan(value)}
        for facts, row in zip(labels, values, strict=True)
    }
    return {facts: row for facts, row in rows.items() if row}


def asked(server: MetricsServer, query: str, time_range: TimeRange) -> Answers:
    """The server's own answer, past every line of the program under test."""
    first, last = (-(-at // (STEP * 1000)) * STEP for at in (time_range.start_ms, time_range.end_ms))
    data = server.json("query_range", query=query, start=str(first), end=str(last - STEP), step=str(STEP), nocache="1")
    assert isinstance(data, dict)
    rows = {labels_of(row["metric"]): values_of(row["values"]) for row in data["result"]}
    return {facts: row for facts, row in rows.items() if row}


def labels_of(metric: Mapping[str, str]) -> Facts:
    return tuple(sorted((name, value) for name, value in metric.items() if name != "__name__"))


def values_of(pairs: list[tuple[float, str]]) -> dict[int, float]:
    return {round(at * 1000): float(value) for at, value in pairs if value != "NaN"}


def agree(ours: Answers, theirs: Answers, *, least: int = 300) -> None:
    """The same series, the same instants, the same numbers but for rounding."""
    assert ours.keys() == theirs.keys()
    assert sum(len(row) for row in theirs.values()) >= least
    for facts, row in theirs.items():
        assert ours[facts].keys() == row.keys(), facts
        np.testing.assert_allclose([ours[facts][at] for at in row], list(row.values()), rtol=1e-9, atol=1e-9)


def test_values_at_shared_instants_equal_those_of_prometheus(store: SqlStore, prometheus: MetricsServer) -> None:
    agree(Asking(store, PAST_THE_END).each("load"), asked(prometheus, "load", PAST_THE_END), least=1500)


@pytest.mark.parametrize("name", ["requests", "took_bucket"])
@pytest.mark.parametrize("reading", [Reading.RATE, Reading.INCREASE])
def test_rates_and_increases_equal_those_of_prometheus(
    store: SqlStore, prometheus: MetricsServer, reading: Reading, name: str
) -> None:
    theirs = asked(prometheus, f"{reading}({name}[5m])", PAST_THE_END)
    agree(Asking(store, PAST_THE_END).each(name, reading), theirs, least=1500)


def test_deltas_of_gauges_equal_those_of_prometheus(store: SqlStore, prometheus: MetricsServer) -> None:
    theirs = asked(prometheus, "delta(load[5m])", PAST_THE_END)
    agree(Asking(store, PAST_THE_END).each("load", Reading.DELTA), theirs, least=1500)


@pytest.mark.parametrize("grouping", ["by (route)", "by (nothing)", "without (pod)"])
@pytest.mark.parametrize("how", Aggregation)
def test_aggregates_equal_those_of_prometheus(
    store: SqlStore, prometheus: MetricsServer, how: Aggregation, grouping: str
) -> None:
    asking, word = Asking(store, PAST_THE_END), {Aggregation.MEAN: "avg"}.get(how, how.value)
    split = {"by (route)": Split(by=("route",)), "by (nothing)": Split()}.get(grouping, Split(without=("pod",)))
    found = asking.queries.aggregated(asking.series("requests"), asking.reading(Reading.RATE), how, split)
    agree(of_groups(found), asked(prometheus, f"{word} {grouping} (rate(requests[5m]))", PAST_THE_END), least=200)


@pytest.mark.parametrize("share", [0, 0.25, 0.9, 1])
def test_quantiles_over_series_equal_those_of_prometheus(
    store: SqlStore, prometheus: MetricsServer, share: float
) -> None:
    asking = Asking(store, PAST_THE_END)
    found = asking.queries.quantiles(asking.series("load"), asking.grid, share, Split(by=("route",)))
    agree(of_groups(found), asked(prometheus, f"quantile by (route) ({share}, load)", PAST_THE_END))


@pytest.mark.parametrize("share", [0, 0.5, 0.95, 1])
def test_histogram_quantiles_equal_those_of_prometheus(
    store: SqlStore, prometheus: MetricsServer, share: float
) -> None:
    asking = Asking(store, PAST_THE_END)
    series, rates = asking.series("took_bucket"), asking.reading(Reading.RATE)
    each = asking.queries.histogram_quantiles(series, rates, share)
    agree(of_groups(each), asked(prometheus, f"histogram_quantile({share}, rate(took_bucket[5m]))", PAST_THE_END))
    joined = asking.queries.histogram_quantiles(series, rates, share, Split(by=("route",)))
    query = f"histogram_quantile({share}, sum by (le, route) (rate(took_bucket[5m])))"
    agree(of_groups(joined), asked(prometheus, query, PAST_THE_END))


def test_half_the_series_here_and_half_read_through_add_up_as_in_prometheus(
    tmp_path: Path, prometheus: MetricsServer
) -> None:
    loads = [one for one in SERIES if one.name == "load"]
    store = open_store(str(tmp_path / "console.db"))
    connection = Connection("engine", "prometheus", "Engine", (("address", prometheus.address),))
    store.writer.put_connection(connection).result(PATIENCE_SECONDS)
    take_in(store, Batch(samples=samples_of(loads[::2])), received_at=END)
    remote = tuple(RemoteSeries(one.identity, query_of(one)) for one in loads[1::2])
    ingest = Ingest(connection.id, Batch(), END, Cursors(), remote_series=remote)
    store.writer.ingest(ingest).result(PATIENCE_SECONDS)
    asking = Asking(store, PAST_THE_END)
    series = asking.series("load")
    assert sum(info.read_through for info in series) == len(series) / 2
    found = asking.queries.aggregated(series, asking.grid, Aggregation.SUM)
    store.close()
    assert found.failures == ()
    assert found.spoke.max() == len(series)
    agree(of_groups(found), asked(prometheus, "sum(load)", PAST_THE_END), least=200)


def query_of(one: Imported) -> str:
    return one.name + "{" + ",".join(f'{name}="{value}"' for name, value in one.labels) + "}"


def context(connection: Connection) -> ConnectorContext:
    """How the program would reach it."""
    read_through = {"selector": '{__name__="load"}', "mode": "read_through", "entity": "service/shop"}
    return context_of(dict(connection.settings) | read_through)


def test_exact_increases_equal_those_of_victoria_metrics(store: SqlStore, victoria_metrics: MetricsServer) -> None:
    asking = Asking(store, INSIDE, Edition.PROMETHEUS_3)
    theirs = asked(victoria_metrics, "increase(dense_requests[5m])", INSIDE)
    agree(asking.each("dense_requests", Reading.EXACT_INCREASE), theirs, least=1500)


def test_aggregates_of_exact_increases_equal_those_of_victoria_metrics(
    store: SqlStore, victoria_metrics: MetricsServer
) -> None:
    asking = Asking(store, INSIDE, Edition.PROMETHEUS_3)
    series, exact = asking.series("dense_requests"), asking.reading(Reading.EXACT_INCREASE)
    for word, how in (("sum", Aggregation.SUM), ("avg", Aggregation.MEAN), ("max", Aggregation.MAX)):
        found = asking.queries.aggregated(series, exact, how, Split(by=("route",)))
        agree(of_groups(found), asked(victoria_metrics, f"{word} by (route) (increase(dense_requests[5m]))", INSIDE))
    found = asking.queries.quantiles(series, exact, 0.9, Split(by=("route",)))
    query = "quantile by (route) (0.9, increase(dense_requests[5m]))"
    agree(of_groups(found), asked(victoria_metrics, query, INSIDE))


def test_histogram_quantiles_of_exact_increases_equal_those_of_victoria_metrics(
    store: SqlStore, victoria_metrics: MetricsServer
) -> None:
    asking = Asking(store, INSIDE, Edition.PROMETHEUS_3)
    exact = asking.reading(Reading.EXACT_INCREASE)
    found = asking.queries.histogram_quantiles(asking.series("dense_took_bucket"), exact, 0.95, Split(by=("route",)))
    query = "histogram_quantile(0.95, sum by (le, route) (increase(dense_took_bucket[5m])))"
    agree(of_groups(found), asked(victoria_metrics, query, INSIDE))


def test_values_at_shared_instants_equal_those_of_victoria_metrics(
    store: SqlStore, victoria_metrics: MetricsServer
) -> None:
    asking = Asking(store, INSIDE, Edition.PROMETHEUS_3)
    agree(asking.each("dense_load"), asked(victoria_metrics, "dense_load", INSIDE), least=1500)

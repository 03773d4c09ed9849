"""Against the real Prometheus and VictoriaMetrics with a real node exporter: the same numbers as they give anyone."""

from collections.abc import Mapping
from datetime import timedelta

import pytest

from quarterdeck.connectors.prometheus.source import Source
from quarterdeck.domain.connections import SettingValue
from quarterdeck.domain.instants import TimeRange, from_ms
from quarterdeck.domain.series import Meaning
from quarterdeck.sdk.connector import ConnectorContext, Purpose, Window
from quarterdeck.sdk.errors import Misconfigured
from quarterdeck.sdk.testing import StandingClock, collect_all, judge_batches
from tests.connectors.prometheus.asking import Points, all_samples, context_of, points_of, present, same, since
from tests.support.prometheus_peer import MetricsServer

pytestmark = pytest.mark.slow

SELECTOR = '{job="node"}'
COPIED = {
    "node_load1": 'node_load1{job="node"}',
    "node_cpu_seconds_total": 'rate(node_cpu_seconds_total{job="node"}[10s])',
    "node_network_receive_bytes_total": 'rate(node_network_receive_bytes_total{job="node"}[10s])',
    "node_filesystem_size_bytes": 'node_filesystem_size_bytes{job="node"}',
    "memory_used_share": '1 - node_memory_MemAvailable_bytes{job="node"} / node_memory_MemTotal_bytes{job="node"}',
    "processors_busy": '1 - avg without (cpu, mode) (rate(node_cpu_seconds_total{job="node",mode="idle"}[10s]))',
}


def asking(server: MetricsServer, **settings: SettingValue) -> ConnectorContext:
    values: dict[str, SettingValue] = {"selector": SELECTOR, "step_seconds": 2, "rate_window_seconds": 10}
    return context_of(values | {"address": server.address} | settings, StandingClock(present()))


def raw(server: MetricsServer, query: str, instants: list[int], step: int) -> dict[tuple[tuple[str, str], ...], Points]:
    """The server's own answer, by labels, asked past the program under test."""
    grid = {"start": f"{instants[0] / 1000}", "end": f"{instants[-1] / 1000}", "step": str(step)}
    data = server.json("query_range", query=query, **grid)
    assert isinstance(data, dict)
    return {
        labels_of(row["metric"]): {round(at * 1000): float(value) for at, value in row["values"]}
        for row in data["result"]
    }


def labels_of(metric: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((name, value) for name, value in metric.items() if name not in {"__name__", "job"}))


async def agrees(server: MetricsServer, made: ConnectorContext, window: Window, step: int) -> None:
    collected = await collect_all(Source(), made, window=window)
    assert judge_batches(collected.batches) == ()
    points = points_of(all_samples(collected))
    instants = sorted({at for course in points.values() for at in course})
    for name, query in COPIED.items():
        wanted = raw(server, query, instants, step)
        got = {one.labels: course for one, course in points.items() if one.name == name}
        assert wanted, name
        assert got.keys() == wanted.keys(), name
        assert [labels for labels in wanted if not same(got[labels], wanted[labels])] == [], name


async def test_samples_copied_live_equal_prometheus_own_answers(prometheus: MetricsServer) -> None:
    await agrees(prometheus, asking(prometheus), since(20, present()), 2)


async def test_samples_copied_live_equal_victoria_metrics_own_answers(victoria_metrics: MetricsServer) -> None:
    made = asking(victoria_metrics, settle_seconds=4)
    await agrees(victoria_metrics, made, since(20, present()), 2)


async def test_back_filled_samples_equal_prometheus_own_answers(prometheus: MetricsServer) -> None:
    made = asking(prometheus, history_step_seconds=4)
    await agrees(prometheus, made, since(3600, present(), Purpose.BACKFILL), 4)


async def test_a_second_poll_goes_on_where_the_first_ended(prometheus: MetricsServer) -> None:
    made = asking(prometheus)
    clock = StandingClock(made.now() - timedelta(seconds=4))
    given: dict[str, SettingValue] = {"address": prometheus.address, "selector": SELECTOR, "step_seconds": 2}
    before = context_of(given, clock)
    early = await collect_all(Source(), before, window=since(20, clock.now()))
    clock.advance(4)
    second = await collect_all(Source(), before, window=since(20, clock.now()), cursor=early.cursor)
    assert int(all_samples(second).times_ms.min()) == int(all_samples(early).times_ms.max()) + 2000


async def test_more_points_than_the_server_allows_are_asked_in_pages(prometheus: MetricsServer) -> None:
    made = asking(prometheus, selector="", queries="other = vector(7)", entity="component/x", history_step_seconds=1)
    collected = await collect_all(Source(), made, window=since(12 * 3600, made.now(), Purpose.BACKFILL))
    (course,) = points_of(all_samples(collected)).values()
    assert len(course) > 11_000
    assert max(course) - min(course) == (len(course) - 1) * 1000


async def test_the_exporter_is_discovered_and_previewed(prometheus: MetricsServer) -> None:
    made = asking(prometheus, entity_kind="component")
    report = await Source().check(made)
    assert report.words.startswith("Prometheus 2.")
    assert report.words.endswith("this connection only reads.")
    assert {row.name: row.meaning for row in report.preview}["node_network_receive_bytes_total"] == "network"
    assert "series match; the limit is 5,000" in report.remarks[0]
    found = await Source().discover(made)
    assert [(entity.key, entity.name) for entity in found.entities] == [("component/node", "node")]


async def test_victoria_metrics_is_told_by_name(victoria_metrics: MetricsServer) -> None:
    report = await Source().check(asking(victoria_metrics))
    assert report.words.startswith("VictoriaMetrics, clock ")


async def test_a_histogram_becomes_the_quantiles_prometheus_computes(prometheus: MetricsServer) -> None:
    made = asking(prometheus, selector='{job="prometheus",__name__=~"prometheus_http_request_duration_seconds.*"}')
    points = points_of(all_samples(await collect_all(Source(), made, window=since(10, made.now()))))
    name = "prometheus_http_request_duration_seconds"
    p95 = next(course for one, course in points.items() if one.name == name and one.statistic == "p95")
    query = f'histogram_quantile(0.95, sum by (le) (rate({name}_bucket{{job="prometheus"}}[10s])))'
    assert same(p95, raw(prometheus, query, sorted(p95), 2)[()])
    assert {one.statistic for one in points if one.name == name} == {"p50", "p95", "p99", "mean"}


async def refuses_in_words(server: MetricsServer) -> None:
    query = "nosuchfunction(up)"
    made = asking(server, selector="", queries=f"other = {query}", entity="component/x")
    polled = await collect_all(Source(), made, window=since(60, made.now()))
    assert isinstance(polled.fault, Misconfigured)
    assert query in polled.fault.message
    with pytest.raises(Misconfigured, match="nosuchfunction"):
        await Source().check(made)


async def test_a_query_prometheus_refuses_is_named_with_its_words(prometheus: MetricsServer) -> None:
    await refuses_in_words(prometheus)


async def test_a_query_victoria_metrics_refuses_is_named_with_its_words(victoria_metrics: MetricsServer) -> None:
    await refuses_in_words(victoria_metrics)


async def test_series_read_through_equal_prometheus_own_answers(prometheus: MetricsServer) -> None:
    made = asking(prometheus, mode="read_through")
    remote = await Source().remote_series(made)
    chosen = tuple(one for one in remote if one.identity.name in {"node_cpu_seconds_total", "node_load1", "up"})
    assert {one.identity.meaning for one in chosen} == {Meaning.OTHER, Meaning.AVAILABILITY}
    end = made.now()
    span = TimeRange(from_ms(int(end.timestamp() * 1000) - 12_000), end)
    read = points_of(await Source().read(made, chosen, span, 3.0))
    assert read.keys() == {one.identity for one in chosen}
    for one in chosen:
        (course,) = raw(prometheus, one.query, sorted(read[one.identity]), 3).values()
        assert same(read[one.identity], course)


async def test_read_through_copies_no_sample(prometheus: MetricsServer) -> None:
    made = asking(prometheus, mode="read_through")
    for purpose in Purpose:
        polled = await collect_all(Source(), made, window=since(60, made.now(), purpose))
        assert polled.fault is None
        assert sum(len(batch.samples) for batch in polled.batches) == 0


async def test_a_connection_that_copies_names_no_remote_series(prometheus: MetricsServer) -> None:
    assert await Source().remote_series(asking(prometheus)) == ()

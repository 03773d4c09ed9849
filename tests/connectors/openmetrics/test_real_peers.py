"""Real exporters: one that runs for the test, and recorded pages of all that could be had."""

import pytest

from quarterdeck.connectors.openmetrics.source import Source
from quarterdeck.sdk.testing import StandingClock, collect_all, context_for, judge_batches, settings_for
from tests.connectors.openmetrics.scraping import ENTITY, MANIFEST, OPENMETRICS, PLAIN, polled_with, value
from tests.connectors.running import node_exporter
from tests.support.data import data_path

PAGES = (
    ("exporters/openmetrics_exemplars.txt", 2),
    ("exporters/pgexp.txt", 400),
    ("exporters/procexp.txt", 1500),
    ("exporters/redisexp.txt", 200),
    ("node_exporter/metrics.txt", 450),
    ("node_exporter/metrics_openmetrics.txt", 450),
    ("rabbitmq/prometheus_metrics.txt", 600),
    ("rabbitmq/prometheus_per_object.txt", 600),
    ("haproxy/metrics.txt", 300),
    ("etcd/metrics.txt", 700),
    ("pushgateway/metrics.txt", 40),
    ("prometheus/metrics.txt", 300),
    ("prometheus/federate.txt", 300),
    ("netdata/allmetrics_format_prometheus.txt", 900),
    ("blackbox_exporter/probe_ok.txt", 15),
    ("blackbox_exporter/probe_tcp.txt", 5),
    ("collectd/write_prometheus.txt", 20),
)


async def test_a_running_node_exporter_is_read_in_full() -> None:
    async with node_exporter() as address:
        given = settings_for(MANIFEST, {"address": address, "entity": ENTITY})
        clock = StandingClock()
        context = context_for(given, clock=clock)
        report = await Source().check(context)
        first = await collect_all(Source(), context)
        clock.advance(1)
        second = await collect_all(Source(), context, cursor=first.cursor)
    assert report.words.startswith("node_exporter ")
    assert judge_batches((first.only, second.only)) == ()
    assert len(second.only.samples) > len(first.only.samples) > 100
    assert 0 < (value(second.only, "memory_used") or 0) < 1
    assert (value(second.only, "promhttp_metric_handler_requests_total", code="200") or 0) >= 1


@pytest.mark.parametrize(("page", "at_least"), PAGES, ids=[page for page, _ in PAGES])
async def test_a_recorded_page_of_a_real_program_is_read(page: str, at_least: int) -> None:
    body = data_path(f"samples/{page}").read_bytes()
    content_type = OPENMETRICS if body.rstrip().endswith(b"# EOF") else PLAIN
    polled = await polled_with([body, body], content_type=content_type)
    assert judge_batches(polled.batches) == ()
    assert len(polled.only.samples) >= at_least

"""From the server's list of series to the queries that are asked."""

from quarterdeck.connectors.prometheus.bundles import MARK, bundled
from quarterdeck.connectors.prometheus.catalogue import Catalogue, Form, Metric, catalogue_of
from quarterdeck.connectors.prometheus.plan import Phrasing, PlannedQuery, plan_of
from quarterdeck.connectors.prometheus.promql import Selector, syntax_fault
from quarterdeck.connectors.prometheus.queries import read_queries
from quarterdeck.connectors.prometheus.recipes import RECIPES
from quarterdeck.domain.series import Meaning

PHRASING = Phrasing(Selector('{job="shop"}', ('job="shop"',)), "entity", 300)


def series(name: str, **labels: str) -> dict[str, str]:
    return {"__name__": name, "job": "shop"} | labels


HISTOGRAM = [
    series("http_request_duration_seconds_bucket", le="0.1", code="200"),
    series("http_request_duration_seconds_bucket", le="+Inf", code="200"),
    series("http_request_duration_seconds_sum", code="200"),
    series("http_request_duration_seconds_count", code="200"),
]


def asked(*metrics: Metric) -> dict[tuple[str, Meaning, str], str]:
    plan = plan_of(Catalogue(metrics), ())
    return {
        (output.name, output.meaning, output.statistic): PHRASING.of(query)
        for query in plan
        for _, output in query.outputs
    }


def test_buckets_sum_and_count_are_one_histogram() -> None:
    catalogue = catalogue_of(HISTOGRAM, {}, 100)
    assert catalogue.metrics == (Metric("http_request_duration_seconds", Form.HISTOGRAM, 4, "code", is_summed=True),)


def test_a_quantile_label_makes_a_summary() -> None:
    found = catalogue_of([series("gc_seconds", quantile="0.5"), series("gc_seconds_count")], {}, 100)
    assert found.metrics == (Metric("gc_seconds", Form.SUMMARY, 2),)


def test_the_server_says_what_is_a_counter_where_the_name_does_not() -> None:
    found = catalogue_of([series("hits"), series("misses")], {"hits": "counter"}, 100)
    assert [metric.form for metric in found.metrics] == [Form.COUNTER, Form.GAUGE]


def test_a_count_without_a_distribution_stays_a_metric_of_its_own() -> None:
    found = catalogue_of([series("worker_count"), series("words_bucket")], {}, 100)
    assert [(metric.name, metric.form) for metric in found.metrics] == [
        ("words_bucket", Form.GAUGE),
        ("worker_count", Form.GAUGE),
    ]


def test_whole_metrics_are_left_out_beyond_the_limit_and_counted() -> None:
    many = [series("b_large", path=str(number)) for number in range(10)]
    found = catalogue_of([*many, series("a_small"), series("c_small")], {}, 5)
    assert [metric.name for metric in found.metrics] == ["a_small", "c_small"]
    assert (found.series_count, found.left_out) == (2, 10)


def test_a_counter_becomes_a_rate_with_all_its_labels() -> None:
    queries = asked(Metric("disk_read_bytes_total", Form.COUNTER, 3))
    assert list(queries.values()) == ['rate(disk_read_bytes_total{job="shop"}[300s])']


def test_work_is_totalled_by_the_entitys_label_and_its_failed_share_told() -> None:
    queries = asked(Metric("http_requests_total", Form.COUNTER, 9, "code"))
    total = 'sum by (entity) (rate(http_requests_total{job="shop"}[300s]))'
    failed = 'sum by (entity) (rate(http_requests_total{job="shop",code=~"5.."}[300s]))'
    assert queries == {
        ("http_requests_total", Meaning.THROUGHPUT, ""): total,
        ("http_requests_total", Meaning.ERROR_RATE, ""): f"({failed} or {total} * 0) / {total}",
    }


def test_a_histogram_becomes_quantiles_mean_throughput_and_failed_share() -> None:
    queries = asked(*catalogue_of(HISTOGRAM, {}, 100).metrics)
    name = "http_request_duration_seconds"
    assert queries[name, Meaning.RESPONSE_TIME, "p95"] == (
        f'histogram_quantile(0.95, sum by (le, entity) (rate({name}_bucket{{job="shop"}}[300s])))'
    )
    assert {statistic for _, _, statistic in queries} == {"p50", "p95", "p99", "mean", ""}
    assert (f"{name}_count", Meaning.THROUGHPUT, "") in queries
    assert (f"{name}_count", Meaning.ERROR_RATE, "") in queries


def test_milliseconds_become_seconds_at_the_server() -> None:
    queries = asked(Metric("rpc_latency_ms", Form.HISTOGRAM, 5))
    query = queries["rpc_latency_ms", Meaning.RESPONSE_TIME, "p50"]
    assert query.startswith("histogram_quantile(0.5, ")
    assert query.endswith(" / 1000")


def test_gauges_are_asked_many_at_once() -> None:
    plan = plan_of(Catalogue(tuple(Metric(f"g{number:02}", Form.GAUGE, 1) for number in range(30))), ())
    assert len(plan) == 2
    assert PHRASING.of(plan[1]).startswith('{__name__=~"g20|g21|')


def test_reachability_is_told_once_as_the_share_of_targets_that_answer() -> None:
    assert asked(Metric("up", Form.GAUGE, 3)) == {("up", Meaning.AVAILABILITY, ""): 'avg by (entity) (up{job="shop"})'}


def test_without_a_label_everything_is_summed() -> None:
    plan = plan_of(Catalogue((Metric("http_requests_total", Form.COUNTER, 1),)), ())
    bare = Phrasing(PHRASING.selector, "", 60)
    assert bare.of(plan[0]) == 'sum  (rate(http_requests_total{job="shop"}[60s]))'


def test_own_queries_are_asked_as_they_are_written() -> None:
    text = 'rate(x{a=~"{0}"}[$window])'
    own = read_queries("other = sum(x)")[0]
    query = PlannedQuery(text, (), 1)
    assert PHRASING.of(query) == text
    assert PHRASING.of(plan_of(Catalogue(), own)[0]) == "sum(x)"


def test_a_selector_that_looks_like_a_placeholder_is_left_alone() -> None:
    phrasing = Phrasing(Selector("", ('path=~"{1}$by"',)), "entity", 60)
    plan = plan_of(Catalogue((Metric("disk_bytes_total", Form.COUNTER, 1),)), ())
    assert phrasing.of(plan[0]) == 'rate(disk_bytes_total{path=~"{1}$by"}[60s])'


def test_every_planned_query_is_well_formed() -> None:
    metrics = (
        *catalogue_of(HISTOGRAM, {}, 100).metrics,
        Metric("http_errors_total", Form.COUNTER, 1),
        Metric("http_requests_total", Form.COUNTER, 1, "code"),
        Metric("node_cpu_seconds_total", Form.COUNTER, 1),
        Metric("node_filesystem_avail_bytes", Form.GAUGE, 1),
        Metric("node_filesystem_size_bytes", Form.GAUGE, 1),
        Metric("probe_ssl_earliest_cert_expiry", Form.GAUGE, 1),
        Metric("size_bytes", Form.SUMMARY, 1, is_summed=True),
        Metric("weird.name", Form.GAUGE, 1),
    )
    plan = plan_of(Catalogue(metrics), ())
    for phrasing in (PHRASING, Phrasing(PHRASING.selector, "", 60)):
        texts = [phrasing.of(query) for query in plan] + [bundle.expression(phrasing) for bundle in bundled(plan)]
        assert [text for text in texts if syntax_fault(text)] == []


def test_several_queries_are_asked_as_one_and_their_rows_dealt_out_again() -> None:
    metrics = tuple(Metric(f"disk_{name}_bytes_total", Form.COUNTER, 1) for name in ("read", "write"))
    (bundle,) = bundled(plan_of(Catalogue(metrics), ()))
    expression = bundle.expression(PHRASING)
    assert expression.count("label_replace(") == 2
    second = bundle.query_of({MARK: "1"})
    assert second is not None
    assert second.outputs[0][1].name == "disk_write_bytes_total"
    assert bundle.query_of({MARK: "7"}) is None
    assert bundle.query_of({MARK: "x"}) is None


def test_own_queries_and_gauges_stay_alone_in_their_request() -> None:
    own = read_queries("other = sum(x)\nthroughput = y")[0]
    plan = plan_of(Catalogue((Metric("a", Form.GAUGE, 1), Metric("b", Form.GAUGE, 1))), own)
    assert [len(bundle.queries) for bundle in bundled(plan)] == [1, 1, 1]


def test_what_is_derived_from_a_process_s_own_metrics_is_named_as_its_own() -> None:
    own = [recipe for recipe in RECIPES if all(name.startswith("process_") for name in recipe.names)]
    assert [recipe.name for recipe in own] == ["process_file_descriptors_used_share"]

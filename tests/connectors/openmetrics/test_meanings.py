"""What becomes of a page: rates, quantiles, and the meanings that names and rules give."""

import math

import pytest

from quarterdeck.connectors.openmetrics.growth import Growth
from quarterdeck.connectors.openmetrics.memory import Memory, unpacked
from quarterdeck.connectors.openmetrics.parse import Reading
from quarterdeck.connectors.openmetrics.quantiles import quantile
from quarterdeck.connectors.openmetrics.rules import parse_rules
from quarterdeck.connectors.openmetrics.units import unit_of
from tests.connectors.openmetrics.scraping import (
    OPENMETRICS,
    meanings_of,
    scraped,
    value,
    values_of,
)

INF = math.inf


def counter(number: float, name: str = "jobs_total") -> str:
    return f"# TYPE {name} counter\n{name} {number}\n"


def histogram(*counts: float, total: float = 0.0, labels: str = "") -> str:
    bounds = ("0.1", "0.5", "1", "+Inf")
    lines = [f'pay_seconds_bucket{{{labels}le="{bound}"}} {count}' for bound, count in zip(bounds, counts, strict=True)]
    bare = f"{{{labels.rstrip(',')}}}" if labels else ""
    return "\n".join([*lines, f"pay_seconds_sum{bare} {total}", f"pay_seconds_count{bare} {counts[-1]}", ""])


HEAD = "# TYPE pay_seconds histogram\n"


async def test_the_first_scrape_knows_no_rate() -> None:
    assert value(await scraped([counter(100)]), "jobs_total") is None


async def test_a_counter_becomes_a_rate_a_second() -> None:
    assert value(await scraped([counter(100), counter(130)]), "jobs_total") == 2.0


async def test_after_a_reset_only_what_was_counted_since_is_known() -> None:
    assert value(await scraped([counter(1000), counter(30)]), "jobs_total") == 2.0


async def test_a_rate_is_not_told_over_a_long_gap() -> None:
    batch = await scraped([counter(100), counter(130)], step_seconds=901)
    assert value(batch, "jobs_total") is None


async def test_a_counter_created_between_two_scrapes_began_at_nought() -> None:
    born = "# TYPE jobs counter\njobs_total 30\njobs_created 1795521605\n# EOF\n"
    before = "# TYPE other counter\nother_total 1\n# EOF\n"
    assert value(await scraped([before, born], content_type=OPENMETRICS), "jobs_total") == 2.0


async def test_a_counter_first_seen_without_a_time_of_creation_is_awaited_once_more() -> None:
    before = "# TYPE other counter\nother_total 1\n# EOF\n"
    born = "# TYPE jobs counter\njobs_total 30\n# EOF\n"
    assert value(await scraped([before, born], content_type=OPENMETRICS), "jobs_total") is None


async def test_times_of_the_source_itself_make_the_rate_and_date_the_sample() -> None:
    def at(number: float, ms: int) -> str:
        return f"# TYPE jobs_total counter\njobs_total {number} {ms}\n"

    batch = await scraped([at(100, 1795521590000), at(150, 1795521600000)])
    assert value(batch, "jobs_total") == 5.0
    assert batch.samples.times_ms.tolist() == [1795521600000]


async def test_a_counter_of_seconds_and_one_of_bytes_keep_their_units() -> None:
    first = counter(0, "cpu_seconds_total") + counter(0, "sent_bytes_total")
    second = counter(30, "cpu_seconds_total") + counter(150, "sent_bytes_total")
    units = {identity.name: identity.unit for identity in values_of(await scraped([first, second]))}
    assert units == {"cpu_seconds_total": "1", "sent_bytes_total": "By/s"}


async def test_a_histogram_becomes_quantiles_of_what_happened_in_between() -> None:
    pages = [HEAD + histogram(100, 100, 100, 100, total=5), HEAD + histogram(150, 190, 200, 200, total=35)]
    batch = await scraped(pages)
    assert value(batch, "pay_seconds", "p50") == pytest.approx(0.1)
    assert value(batch, "pay_seconds", "p95") == pytest.approx(0.75)
    assert value(batch, "pay_seconds", "mean") == pytest.approx(0.3)
    assert value(batch, "pay_seconds_count") == pytest.approx(100 / 15)


async def test_a_histogram_in_which_nothing_happened_has_a_rate_of_nought_and_no_quantile() -> None:
    page = HEAD + histogram(100, 100, 100, 100, total=5)
    batch = await scraped([page, page])
    assert value(batch, "pay_seconds_count") == 0.0
    assert value(batch, "pay_seconds", "p95") is None
    assert value(batch, "pay_seconds", "mean") is None


async def test_a_histogram_that_began_again_is_read_as_a_whole_since_then() -> None:
    pages = [HEAD + histogram(100, 500, 500, 500, total=100), HEAD + histogram(0, 10, 10, 10, total=3)]
    batch = await scraped(pages)
    assert value(batch, "pay_seconds", "p50") == pytest.approx(0.3)
    assert value(batch, "pay_seconds", "mean") == pytest.approx(0.3)


async def test_histograms_of_one_service_are_added_before_quantiles_are_taken() -> None:
    def page(quick: float, slow: float) -> str:
        return (
            "# TYPE http_request_duration_seconds histogram\n"
            + histogram(quick, quick, quick, quick, total=0, labels='route="/a",')
            + histogram(0, 0, slow, slow, total=0, labels='route="/b",')
        ).replace("pay_seconds", "http_request_duration_seconds")

    batch = await scraped([page(0, 0), page(90, 10)])
    assert value(batch, "http_request_duration_seconds", "p95") == pytest.approx(0.75)
    assert meanings_of(batch)["http_request_duration_seconds_count"] == "throughput"


async def test_a_summary_tells_its_own_quantiles_and_the_mean_in_between() -> None:
    def page(total: float, count: float) -> str:
        return (
            "# TYPE rpc_seconds summary\n"
            'rpc_seconds{quantile="0.5"} 0.2\nrpc_seconds{quantile="0.95"} 0.9\nrpc_seconds{quantile="0.99"} NaN\n'
            f"rpc_seconds_sum {total}\nrpc_seconds_count {count}\n"
        )

    batch = await scraped([page(10, 100), page(25, 130)])
    assert value(batch, "rpc_seconds", "p50") == 0.2
    assert value(batch, "rpc_seconds", "p95") == 0.9
    assert value(batch, "rpc_seconds", "p99") is None
    assert value(batch, "rpc_seconds", "mean") == 0.5
    assert value(batch, "rpc_seconds_count") == 2.0


async def test_the_share_of_failed_requests_is_told_where_a_label_tells_the_status() -> None:
    def page(good: float, bad: float) -> str:
        name = "http_requests_total"
        return f'# TYPE {name} counter\n{name}{{code="200"}} {good}\n{name}{{code="503"}} {bad}\n'

    batch = await scraped([page(0, 0), page(90, 10)])
    assert value(batch, "http_requests_failed_ratio") == pytest.approx(0.1)
    assert meanings_of(batch) == {"http_requests_total": "throughput", "http_requests_failed_ratio": "error_rate"}
    assert value(batch, "http_requests_total", code="503") == pytest.approx(10 / 15)


async def test_a_known_pattern_does_not_take_the_exporters_own_machinery_for_the_entity() -> None:
    name = "promhttp_metric_handler_requests_total"
    batch = await scraped([counter(0, name), counter(15, name)])
    assert meanings_of(batch) == {}
    assert value(batch, name) == 1.0


async def test_gauges_of_several_labels_stay_apart() -> None:
    batch = await scraped(['queue_depth{queue="a"} 3\nqueue_depth{queue="b"} 5\n'])
    assert (value(batch, "queue_depth", queue="a"), value(batch, "queue_depth", queue="b")) == (3.0, 5.0)


async def test_percentages_and_milliseconds_come_in_the_consoles_units() -> None:
    batch = await scraped(["cpu_percent 42\nwait_ms 250\nlost NaN\nendless +Inf\n"])
    assert value(batch, "cpu_percent") == pytest.approx(0.42)
    assert value(batch, "wait_ms") == pytest.approx(0.25)
    assert math.isnan(value(batch, "lost") or 0.0)
    assert value(batch, "endless") is None


async def test_a_constant_that_only_informs_is_no_series() -> None:
    batch = await scraped(['build_info{version="1"} 1\n# TYPE x_info gauge\nx_info{a="b"} 1\nkept_info 2\n'])
    assert [identity.name for identity in batch.samples.identities] == ["kept_info"]


async def test_an_own_rule_goes_before_what_is_known() -> None:
    page = "saturation_ratio 0.9\nworkers_busy 3\nworkers_total_count 4\n"
    batch = await scraped([page], meanings="workers_busy / workers_total_count => saturation as workers")
    assert value(batch, "workers") == 0.75
    assert meanings_of(batch) == {"workers": "saturation"}


async def test_own_rules_select_by_label_group_and_name_another_entity() -> None:
    page = (
        'pool_used{pool="a",host="1"} 3\npool_used{pool="a",host="2"} 1\npool_used{pool="b",host="1"} 1\n'
        'pool_size{pool="a",host="1"} 4\npool_size{pool="a",host="2"} 4\npool_size{pool="b",host="1"} 4\n'
        'lag_seconds{topic="pay"} 2\nlag_seconds{topic="log"} 9\n'
    )
    own = (
        "pool_used / pool_size => saturation by pool as pool_share\n"
        'lag_seconds{topic!="l*"} => freshness for service/pay'
    )
    found = {
        (one.entity_key, one.name, one.labels): v for one, v in values_of(await scraped([page], meanings=own)).items()
    }
    assert found["component/ledger-node", "pool_share", (("pool", "a"),)] == 0.5
    assert found["component/ledger-node", "pool_share", (("pool", "b"),)] == 0.25
    assert found["service/pay", "lag_seconds", (("topic", "pay"),)] == 2.0


async def test_own_rules_reckon_with_time_and_factors() -> None:
    page = "certificate_end_seconds 1796385600\nlast_run_seconds 1795521540\nsize_pages 10\n"
    own = (
        "days_until(certificate_end_seconds) => expiry\nage(last_run_seconds) => freshness\nsize_pages * 4096 => memory"
    )
    batch = await scraped([page], meanings=own)
    assert value(batch, "certificate_end_seconds") == 10.0
    assert value(batch, "last_run_seconds") == 60.0
    assert value(batch, "size_pages") == 40960.0


async def test_an_own_rule_takes_one_statistic_of_a_histogram_or_its_rate() -> None:
    pages = [HEAD + histogram(0, 0, 0, 0), HEAD + histogram(50, 90, 100, 100, total=30)]
    own = "pay_seconds => response_time:p95 as pay\npay_seconds => throughput as pays"
    batch = await scraped(pages, meanings=own)
    assert value(batch, "pay", "p95") == pytest.approx(0.75)
    assert value(batch, "pay", "p50") is None
    assert value(batch, "pays_count") == pytest.approx(100 / 15)


async def test_a_share_of_nothing_is_not_told() -> None:
    own = "used / size => saturation\nmissing / size => storage"
    batch = await scraped(["used 0\nsize 0\n"], meanings=own)
    assert meanings_of(batch) == {}


@pytest.mark.parametrize(
    ("rule", "fault"),
    [
        ("a", "write it as"),
        ("a => ", "after => stand"),
        ("a => nonsense", "is not a meaning"),
        ("a => response_time:p42", "is not a meaning"),
        ("a => queue_depth near x", "is not one of by, for, as"),
        ("a => queue_depth for nobody", "is not an entity"),
        ("1 - a => saturation", "goes with a division"),
        ("a{b=c} => queue_depth", "in braces stand"),
        ("a b => queue_depth", "write it as"),
    ],
)
def test_a_rule_that_cannot_be_read_says_why(rule: str, fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        parse_rules(rule)


@pytest.mark.parametrize(
    ("growth", "share", "expected"),
    [
        ({0.1: 50, 0.5: 90, INF: 100}, 0.5, 0.1),
        ({0.1: 50, 0.5: 90, INF: 100}, 0.9, 0.5),
        ({0.1: 50, 0.5: 90, INF: 100}, 0.99, 0.5),
        ({0.1: 0, 0.5: 0, INF: 10}, 0.5, 0.5),
        ({-1.0: 10, 1.0: 10, INF: 10}, 0.5, -1.0),
        ({0.1: 0, INF: 0}, 0.5, None),
        ({0.1: 5}, 0.5, None),
        ({INF: 5}, 0.5, None),
        ({}, 0.5, None),
        ({0.1: 10, 0.5: 8, INF: 10}, 0.5, 0.05),
    ],
)
def test_quantiles_are_those_of_promql(growth: dict[float, float], share: float, expected: float | None) -> None:
    assert quantile(growth, share) == (None if expected is None else pytest.approx(expected))


def test_a_memory_survives_its_cursor() -> None:
    growth = Growth(Memory(), 1_795_521_600_000)
    for number in range(3):
        growth.step(Reading(f"c{number}_total", (("a", "ü\n"),), number * 1.5, None if number else 1_795_521_599_000))
    kept = growth.remembered()
    assert unpacked(kept.packed(1_795_521_600_000)).counters == kept.counters


@pytest.mark.parametrize("cursor", [None, "", "other:abc", "om1:", "om1:zzzz", "om1:" + "0" * 100, "om1:ü"])
def test_a_cursor_that_cannot_be_read_is_as_good_as_none(cursor: str | None) -> None:
    assert unpacked(cursor) == Memory()


@pytest.mark.parametrize(
    ("name", "declared", "unit", "factor"),
    [
        ("a_seconds", "", "s", 1.0),
        ("a", "seconds", "s", 1.0),
        ("a_seconds_total", "", "s", 1.0),
        ("a_milliseconds", "", "s", 0.001),
        ("atoms", "", "1", 1.0),
        ("a_bytes_per_second", "", "By/s", 1.0),
    ],
)
def test_a_unit_is_read_off_the_name_or_the_page(name: str, declared: str, unit: str, factor: float) -> None:
    found = unit_of(name, declared)
    assert (found.name, found.factor) == (unit, factor)

"""What a test of a connection says, and what reading through names and reads."""

from collections.abc import Mapping
from datetime import timedelta

import httpx
import pytest

from quarterdeck.connectors.prometheus.checking import clock_words
from quarterdeck.connectors.prometheus.source import Source
from quarterdeck.domain.instants import TimeRange
from quarterdeck.sdk.connector import PreviewRow
from quarterdeck.sdk.testing import MOMENT
from tests.connectors.prometheus.asking import context, points_of, server

SERIES = [
    *({"__name__": "http_requests_total", "job": "shop", "code": code} for code in ("200", "503")),
    *({"__name__": "queue_depth", "job": "shop", "queue": queue} for queue in ("in", "out", "dead")),
    {"__name__": "build_info", "job": "shop"},
    {"__name__": "go_threads", "job": "shop"},
]


@pytest.mark.parametrize(
    ("ahead", "words"),
    [
        (0.04, "clock in step"),
        (-0.3, "clock 0.3 s behind"),
        (2.0, "clock 2.0 s ahead"),
        (-3600.0, "clock 60 min behind"),
    ],
)
def test_the_servers_clock_is_told_against_ours(ahead: float, words: str) -> None:
    assert clock_words(ahead) == words


async def test_what_would_come_is_told_by_metric_with_its_meaning_and_count() -> None:
    report = await Source().check(context(server(SERIES, ahead=-0.3)))
    assert report.words == "Prometheus 2.42, clock 0.3 s behind, this connection only reads."
    assert report.preview == (
        PreviewRow("queue_depth", "queue depth", 3),
        PreviewRow("http_requests_total", "throughput", 2),
        PreviewRow("go_threads", "as it is", 1),
    )
    assert report.remarks == ("6 series match; the limit is 5,000.",)


async def test_the_history_is_estimated_in_samples_size_and_time() -> None:
    many = [{"__name__": "queue_depth", "job": "shop", "queue": str(number)} for number in range(1196)]
    report = await Source().check(context(server(many), history_days=90))
    assert report.estimate == "About 31 M samples, 16 MB, 3 min in the background."


async def test_no_history_and_no_copy_are_told_instead_of_an_estimate() -> None:
    none = await Source().check(context(server(SERIES), history_days=0))
    assert none.estimate == "No history is fetched."
    through = await Source().check(context(server(SERIES), mode="read_through"))
    assert through.estimate == "Nothing is copied; charts ask the server."


async def test_a_selector_that_matches_nothing_is_told_in_words() -> None:
    report = await Source().check(context(server([])))
    assert report.remarks == ('No series matches {job="shop"} in the last ten minutes.',)


async def test_what_others_can_do_at_the_address_is_told() -> None:
    flags = {"web.enable-admin-api": "true", "web.enable-lifecycle": "false"}
    report = await Source().check(context(server(SERIES, status_flags=lambda _: flags)))
    assert "Its admin API is on: whoever reaches this address can delete data there." in report.remarks
    assert len(report.remarks) == 2


async def test_mimir_is_told_by_the_name_it_gives_itself() -> None:
    build = {"application": "Grafana Mimir", "version": "2.14.0"}
    report = await Source().check(context(server(SERIES, status_buildinfo=lambda _: build)))
    assert report.words.startswith("Grafana Mimir 2.14, ")


async def test_a_server_that_tells_nothing_of_itself_is_fine() -> None:
    def nothing(_: Mapping[str, str]) -> httpx.Response:
        return httpx.Response(404, text="404 page not found")

    report = await Source().check(context(server(SERIES, status_buildinfo=nothing)))
    assert report.words.startswith("A query API, clock ")


async def test_a_clock_in_whole_seconds_is_taken_when_the_servers_time_lies_in_its_past() -> None:
    def query(_: Mapping[str, str]) -> httpx.Response:
        past = MOMENT.timestamp() - 30
        data = {"resultType": "vector", "result": [{"metric": {}, "value": [past, f"{past:.3f}"]}]}
        headers = {"date": "Tue, 24 Nov 2026 12:00:00 GMT", "x-server-hostname": "metrics"}
        return httpx.Response(200, json={"status": "success", "data": data}, headers=headers)

    report = await Source().check(context(server(SERIES, query=query)))
    assert report.words == "VictoriaMetrics, clock in step, this connection only reads."


async def test_an_own_query_that_yields_nothing_is_told() -> None:
    def query(params: Mapping[str, str]) -> object:
        if params["query"] == "time()":
            return {"resultType": "scalar", "result": [MOMENT.timestamp(), f"{MOMENT.timestamp()}"]}
        return {"resultType": "vector", "result": []}

    made = context(server([], query=query), queries="throughput as payments = sum(x)")
    report = await Source().check(made)
    assert report.preview == (PreviewRow("payments", "throughput", 0),)
    assert "The query payments yields nothing just now." in report.remarks


async def test_a_remote_series_is_asked_by_a_query_narrowed_to_it() -> None:
    answers = server(SERIES[2:5])
    made = context(answers, mode="read_through")
    series = await Source().remote_series(made)
    assert [one.query for one in series] == [
        f'queue_depth{{job="shop",queue="{queue}"}}' for queue in ("in", "out", "dead")
    ]
    span = TimeRange(MOMENT - timedelta(minutes=10), MOMENT)
    read = points_of(await Source().read(made, series[1:2], span, 59.6))
    assert [identity.labels for identity in read] == [(("queue", "out"),)]
    assert [params["step"] for path, params in answers.asked if path == "query_range"] == ["60"]

import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import numpy as np
import pytest
from starlette.applications import Starlette

from quarterdeck.demo.metrics import labelled_series
from quarterdeck.demo.prometheus_api import PrometheusApi
from quarterdeck.domain.series import Meaning
from tests.demo.worlds import DAY_MS, MINUTE_MS, OPENED_MS, PaperBank, paper_bank
from tests.support.data import data_path

NOW = OPENED_MS // 1000
PAYHUB_P95 = 'bank_response_time_seconds{entity="integration/payhub-processor",quantile="0.95"}'


@pytest.fixture
def bank() -> PaperBank:
    return paper_bank()


@pytest.fixture
async def client(bank: PaperBank) -> AsyncIterator[httpx.AsyncClient]:
    api = PrometheusApi(labelled_series(bank.model), bank.frames, bank.clock.now_ms)
    transport = httpx.ASGITransport(Starlette(routes=api.routes()))
    async with httpx.AsyncClient(transport=transport, base_url="http://bank") as client:
        yield client


async def ask(client: httpx.AsyncClient, path: str, **parameters: str | int | list[str]) -> Any:
    reply = await client.get(f"/api/v1/{path}", params=parameters)
    return reply.json()


def sample(name: str) -> Any:
    return json.loads(data_path(f"samples/prometheus/{name}.json").read_text("utf-8"))


def shape(value: Any) -> Any:
    """The form of a reply: keys and types, of a list its first element's; labels and names are left open."""
    if isinstance(value, dict):
        return {key: "labels" if key == "metric" else shape(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return (
            [shape(inner) for inner in value[:1]]
            if value and isinstance(value[0], dict)
            else [_kind(inner) for inner in value]
        )
    return _kind(value)


def _kind(value: Any) -> str:
    """JSON knows one kind of number."""
    return "number" if isinstance(value, int | float) else type(value).__name__


async def test_an_instant_vector_has_the_shape_of_a_real_one(client: httpx.AsyncClient) -> None:
    reply = await ask(client, "query", query=PAYHUB_P95)
    assert shape(reply) == shape(sample("query_up"))
    assert len(reply["data"]["result"]) == 1


async def test_a_range_has_the_shape_of_a_real_one(client: httpx.AsyncClient) -> None:
    reply = await ask(client, "query_range", query=PAYHUB_P95, start=NOW - 600, end=NOW, step=60)
    real = sample("query_range_up")["data"]["result"][0]
    row = reply["data"]["result"][0]
    assert reply["data"]["resultType"] == "matrix"
    assert row.keys() == real.keys()
    assert shape(row["values"][0]) == shape(real["values"][0])
    assert [point[0] for point in row["values"]] == list(range(NOW - 600, NOW + 1, 60))


async def test_scalars_strings_and_raw_samples_have_the_shapes_of_real_ones(client: httpx.AsyncClient) -> None:
    scalar = await ask(client, "query", query="time()", time=NOW)
    assert scalar["data"] == {"resultType": "scalar", "result": [NOW, str(NOW)]}
    assert shape((await ask(client, "query", query='"hello"'))["data"]) == shape(sample("query_string")["data"])
    raw = (await ask(client, "query", query=f"{PAYHUB_P95}[1m]"))["data"]
    assert raw["resultType"] == sample("query_matrix_instant")["data"]["resultType"]
    assert all(stamp % 15 == 0 for stamp, _ in raw["result"][0]["values"])


async def test_lists_of_series_labels_and_metadata_have_the_shapes_of_real_ones(client: httpx.AsyncClient) -> None:
    series = await ask(client, "series", **{"match[]": "bank_queue_depth"})
    assert shape(series)["status"] == shape(sample("series_up"))["status"]
    assert series["data"][0]["__name__"] == "bank_queue_depth"
    assert (await ask(client, "labels"))["data"] == ["__name__", "entity", "quantile"]
    assert (await ask(client, "label/quantile/values"))["data"] == ["0.5", "0.95", "0.99"]
    metadata = (await ask(client, "metadata"))["data"]
    assert metadata["bank_queue_depth"][0].keys() == next(iter(sample("metadata")["data"].values()))[0].keys()
    assert (await ask(client, "status/buildinfo"))["data"].keys() == sample("buildinfo")["data"].keys()


async def test_a_range_of_too_many_points_is_refused_as_prometheus_does(client: httpx.AsyncClient) -> None:
    at_the_limit = {"query": "1", "start": NOW - 11_000, "end": NOW, "step": 1}
    assert (await client.get("/api/v1/query_range", params=at_the_limit)).status_code == 200
    reply = await client.get("/api/v1/query_range", params={**at_the_limit, "start": NOW - 11_001})
    assert reply.status_code == 400
    assert reply.json() == sample("query_timeout_err")


async def test_a_malformed_query_is_refused_with_the_shape_of_a_real_refusal(client: httpx.AsyncClient) -> None:
    reply = await client.get("/api/v1/query", params={"query": "up{"})
    assert reply.status_code == 400
    assert reply.json()["errorType"] == sample("query_error_400")["errorType"]
    assert reply.json()["error"].endswith("unexpected end of input inside braces")


@pytest.mark.parametrize(
    "parameters",
    [
        {"query": "up", "start": "1", "end": "2", "step": "0"},
        {"query": "up", "start": "2", "end": "1", "step": "1"},
        {"query": "up", "start": "x", "end": "1", "step": "1"},
        {"query": "up", "start": "1", "end": "2", "step": "y"},
        {"query": "up[5m]", "start": "1", "end": "2", "step": "1"},
        {"query": '{entity=~"("}', "start": "1", "end": "2", "step": "1"},
    ],
)
async def test_bad_parameters_are_refused_as_bad_data(client: httpx.AsyncClient, parameters: dict[str, str]) -> None:
    reply = await client.get("/api/v1/query_range", params=parameters)
    assert reply.status_code == 400
    assert reply.json()["errorType"] == "bad_data"


@pytest.mark.parametrize(
    "query", ["rate(bank_queue_depth[5m])", "bank_queue_depth offset 5m", "topk(3, bank_queue_depth)"]
)
async def test_what_the_server_cannot_execute_it_refuses_rather_than_guesses(
    client: httpx.AsyncClient, query: str
) -> None:
    reply = await client.get("/api/v1/query", params={"query": query})
    assert reply.status_code == 422
    assert reply.json()["errorType"] == "execution"


async def test_series_without_match_are_refused(client: httpx.AsyncClient) -> None:
    reply = await client.get("/api/v1/series")
    assert reply.status_code == 400
    assert reply.json()["error"] == "no match[] parameter provided"


async def test_matchers_select_by_equality_and_anchored_patterns(client: httpx.AsyncClient) -> None:
    async def entities(selector: str) -> set[str]:
        return {one["entity"] for one in (await ask(client, "series", **{"match[]": selector}))["data"]}

    assert await entities('bank_queue_depth{entity!="component/payment-queue"}') == {
        "component/notification-queue",
        "component/settlement-queue",
    }
    assert await entities('{__name__=~"bank_queue.+",entity=~"component/pay.*"}') == {"component/payment-queue"}
    assert await entities('bank_queue_depth{entity=~"queue"}') == set()
    assert await entities('bank_errors_ratio{entity!~"service/.*|integration/.*"}') == {
        "channel/sms",
        "channel/email",
        "channel/push",
    }


async def test_a_missing_label_matches_as_empty(client: httpx.AsyncClient) -> None:
    with_quantile = (await ask(client, "series", **{"match[]": '{__name__=~"bank_.+",quantile!=""}'}))["data"]
    without = (await ask(client, "series", **{"match[]": '{__name__=~"bank_.+",quantile=""}'}))["data"]
    assert {one["__name__"] for one in with_quantile} == {"bank_response_time_seconds"}
    assert "bank_response_time_seconds" not in {one["__name__"] for one in without}


async def test_aggregations_group_as_asked(client: httpx.AsyncClient, bank: PaperBank) -> None:
    grouped = (await ask(client, "query", query='sum by (entity) (bank_requests_per_second{entity=~"channel/.*"})'))[
        "data"
    ]
    assert {row["metric"]["entity"] for row in grouped["result"]} == {"channel/sms", "channel/email", "channel/push"}
    total = (await ask(client, "query", query='sum(bank_requests_per_second{entity=~"channel/.*"})'))["data"]["result"]
    parts = [bank.value(f"channel/{name}", Meaning.THROUGHPUT) for name in ("sms", "email", "push")]
    assert float(total[0]["value"][1]) == pytest.approx(sum(parts))
    counted = (await ask(client, "query", query="count without (entity, quantile) (bank_queue_depth)"))["data"][
        "result"
    ]
    assert counted == [{"metric": {}, "value": [OPENED_MS / 1000, "3"]}]


async def test_history_and_live_answers_agree_with_the_model(client: httpx.AsyncClient, bank: PaperBank) -> None:
    live = (await ask(client, "query", query=PAYHUB_P95, time=NOW - 300))["data"]["result"][0]["value"]
    ranged = (await ask(client, "query_range", query=PAYHUB_P95, start=NOW - 3600, end=NOW, step=300))["data"]["result"]
    expected = bank.values(
        "integration/payhub-processor", Meaning.RESPONSE_TIME, "p95", np.array([(NOW - 300) * 1000], np.int64)
    )
    assert float(live[1]) == float(expected[0])
    assert live in ranged[0]["values"]


async def test_nothing_is_told_of_the_future_or_of_more_than_ninety_days_ago(client: httpx.AsyncClient) -> None:
    future = await ask(client, "query_range", query=PAYHUB_P95, start=NOW - 60, end=NOW + 60, step=30)
    assert [stamp for stamp, _ in future["data"]["result"][0]["values"]] == [NOW - 60, NOW - 30, NOW]
    start = NOW - 91 * DAY_MS // 1000
    old = await ask(client, "query_range", query=PAYHUB_P95, start=start, end=start + 3600, step=60)
    assert old["data"] == sample("range_empty")["data"]


async def test_a_fault_stays_in_the_answers_after_its_end(client: httpx.AsyncClient, bank: PaperBank) -> None:
    query = 'bank_errors_ratio{entity="integration/payhub-processor"}'
    bank.faults.start("payhub_outage", bank.clock.ms)
    bank.clock.ms += 10 * MINUTE_MS
    bank.faults.end("payhub_outage", bank.clock.ms)
    bank.clock.ms += 10 * MINUTE_MS
    values = (await ask(client, "query_range", query=query, start=NOW, end=NOW + 1200, step=300))["data"]["result"][0]
    errors = [float(value) for _, value in values["values"]]
    assert errors[0] < 0.02
    assert errors[1] > 0.25
    assert errors[-1] < 0.02


async def test_a_silent_series_is_absent_rather_than_zero(client: httpx.AsyncClient, bank: PaperBank) -> None:
    query = 'bank_requests_per_second{entity="integration/push"}'
    bank.faults.start("push_silent", bank.clock.ms)
    bank.clock.ms += 5 * MINUTE_MS
    assert (await ask(client, "query", query=query))["data"]["result"] == []
    ranged = await ask(client, "query_range", query=query, start=NOW - 60, end=NOW + 300, step=30)
    assert ranged["data"]["result"][0]["values"][-1][0] <= NOW + 1


async def test_a_posted_form_is_answered_like_an_address(client: httpx.AsyncClient) -> None:
    posted = await client.post("/api/v1/query", data={"query": PAYHUB_P95, "time": str(NOW)})
    assert posted.json() == await ask(client, "query", query=PAYHUB_P95, time=NOW)


async def test_times_and_steps_may_be_written_as_prometheus_writes_them(client: httpx.AsyncClient) -> None:
    stamps = {"start": "2026-11-24T12:00:00Z", "end": "2026-11-24T12:30:00Z"}
    reply = await ask(client, "query_range", query=PAYHUB_P95, step="5m", **stamps)
    assert len(reply["data"]["result"][0]["values"]) == 7

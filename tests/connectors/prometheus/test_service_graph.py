"""Counters of calls become relations that were seen, in the direction in which a failure goes."""

from collections.abc import Mapping

import httpx
import pytest

from quarterdeck.connectors.prometheus.source import Source
from quarterdeck.domain.connections import SettingValue
from quarterdeck.domain.estate import EntityKind
from quarterdeck.sdk.connector import ConnectionSettings, Discovery
from quarterdeck.sdk.errors import ConnectorError, UnexpectedReply
from quarterdeck.sdk.testing import StandingClock
from tests.connectors.prometheus.asking import context, context_of, present, server
from tests.support.prometheus_peer import MetricsServer

CALLS = "traces_service_graph_request_total"


def told(pairs: list[tuple[str, str]], caller: str, called: str) -> list[dict[str, object]]:
    return [{"metric": {caller: one, called: other}, "value": [0, "3"]} for one, other in pairs]


async def discovered(pairs: list[tuple[str, str]], labels: str = "client, server") -> tuple[Discovery, list[str]]:
    caller, called = labels.split(", ")

    def query(params: Mapping[str, str]) -> object:
        if params["query"].startswith("sum by"):
            return {"resultType": "vector", "result": told(pairs, caller, called)}
        return {"resultType": "scalar", "result": [0, "0"]}

    answers = server([{"__name__": "up", "job": "shop"}], query=query)
    found = await Source().discover(context(answers, link_selector=CALLS, link_labels=labels))
    return found, answers.queries("query")


def keys(found: Discovery) -> list[str]:
    return [relation.key for relation in found.relations]


async def test_calls_between_services_and_components_lead_from_caller_to_called() -> None:
    found, queries = await discovered([("orders", "component/orders-db"), ("web", "orders")])
    assert keys(found) == [
        "service_component:service/orders>component/orders-db",
        "service_component:service/web>service/orders",
    ]
    assert [(entity.key, entity.kind, entity.name) for entity in found.entities] == [
        ("component/orders-db", EntityKind.COMPONENT, "orders-db"),
        ("service/orders", EntityKind.SERVICE, "orders"),
        ("service/shop", EntityKind.SERVICE, "shop"),
        ("service/web", EntityKind.SERVICE, "web"),
    ]
    assert f"sum by (client, server) (increase({CALLS}[15m])) > 0" in queries


async def test_calls_to_the_outside_lead_inward_whoever_began_them() -> None:
    found, _ = await discovered(
        [
            ("orders", "partner/payhub"),
            ("partner/hub", "integration/inbound"),
            ("service/a", "integration/out"),
        ]
    )
    assert keys(found) == [
        "external_internal:integration/out>service/a",
        "external_internal:partner/hub>integration/inbound",
        "external_internal:partner/payhub>service/orders",
    ]


async def test_pairs_that_no_relation_can_join_and_empty_names_are_left_out() -> None:
    found, _ = await discovered(
        [
            ("a", "a"),
            ("", "b"),
            ("b", ""),
            ("channel/sms", "b"),
            ("partner/a", "partner/b"),
            ("component/x", "partner/a"),
        ]
    )
    assert found.relations == ()
    assert [entity.key for entity in found.entities] == ["service/shop"]


async def test_a_mesh_names_its_labels_otherwise() -> None:
    found, queries = await discovered([("a", "b")], "source_workload, destination_workload")
    assert keys(found) == ["service_component:service/a>service/b"]
    assert any(query.startswith("sum by (source_workload, destination_workload)") for query in queries)


async def test_counters_that_count_no_call_at_all_prove_no_absence() -> None:
    with pytest.raises(UnexpectedReply, match="counted no call in the last 15m"):
        await discovered([])


async def test_without_counters_nothing_is_asked_of_calls() -> None:
    answers = server([{"__name__": "up", "job": "shop"}])
    found = await Source().discover(context(answers))
    assert found.relations == ()
    assert not any(query.startswith("sum by") for query in answers.queries("query"))


async def test_a_refused_query_of_calls_is_told_as_the_sources_fault() -> None:
    def query(params: Mapping[str, str]) -> object:
        if params["query"].startswith("sum by"):
            return httpx.Response(422, json={"status": "error", "errorType": "execution", "error": "too many samples"})
        return {"resultType": "scalar", "result": [0, "0"]}

    with pytest.raises(ConnectorError):
        await Source().discover(context(server([], query=query), link_selector=CALLS))


@pytest.mark.parametrize(
    ("given", "key", "words"),
    [
        ({"link_selector": "calls{"}, "link_selector", "At the end"),
        ({"link_labels": "client"}, "link_labels", "Name two labels"),
        ({"link_labels": "a b, c"}, "link_labels", "Name two labels"),
    ],
    ids=["selector", "one label", "odd label"],
)
def test_counters_that_cannot_stand_are_told_at_their_place(
    given: dict[str, SettingValue], key: str, words: str
) -> None:
    values: dict[str, SettingValue] = {"address": "http://metrics.test", "selector": "up"} | given
    problems = Source().validate(ConnectionSettings(values))
    assert [problem.words for problem in problems if problem.key == key and words in problem.words]


@pytest.mark.slow
async def test_a_real_server_counts_pairs_as_the_query_says(prometheus: MetricsServer) -> None:
    # No tracing pipeline runs here; any counter with two labels stands for one of calls.
    given: dict[str, SettingValue] = {
        "address": prometheus.address,
        "selector": '{job="node"}',
        "link_selector": 'node_cpu_seconds_total{mode="idle"}',
        "link_labels": "job, mode",
    }
    found = await Source().discover(context_of(given, StandingClock(present())))
    assert keys(found) == ["service_component:service/node>service/idle"]

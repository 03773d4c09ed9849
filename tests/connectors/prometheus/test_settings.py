"""Its settings judged, addresses as people copy them, and secrets that no message tells."""

import httpx
import pytest

from quarterdeck.connectors.prometheus.source import Source
from quarterdeck.domain.connections import SettingValue
from quarterdeck.sdk.connector import ConnectionSettings, Connector, Discovering, ReadingThrough
from tests.connectors.prometheus.asking import context, poll, server


def test_it_is_a_connector_that_discovers_and_reads_through() -> None:
    source: Connector = Source()
    assert isinstance(source, Discovering)
    assert isinstance(source, ReadingThrough)


@pytest.mark.parametrize("status", [401, 403, 404, 500, 503])
async def test_no_secret_is_part_of_any_message(status: int) -> None:
    secret = "hush-7f3a"
    answers = server([], query=lambda _: httpx.Response(status, text="no"))
    made = context(answers, secrets={"token": secret})
    polled = await poll(made)
    assert polled.fault is not None
    assert secret not in f"{polled.fault} {polled.batches} {made.settings!r}"


@pytest.mark.parametrize(
    ("given", "key", "words"),
    [
        ({"address": ""}, "address", "needed"),
        ({"address": "metrics.bank"}, "address", "http://"),
        ({"address": "https://me:secret@metrics.bank"}, "address", "password"),
        ({"selector": ""}, "selector", "Say which series to take"),
        ({"selector": '{job="a"'}, "selector", "At the end"),
        ({"queries": "other = sum("}, "queries", "Line 1"),
        ({"entity": "bank"}, "entity", "partner/payhub"),
        ({"entity_label": "two words"}, "entity_label", "one word"),
        ({"entity_kind": "planet"}, "entity_kind", "one of"),
        ({"mode": "both"}, "mode", "one of"),
        ({"step_seconds": "soon"}, "step_seconds", "number"),
        ({"step_seconds": 0}, "step_seconds", "between"),
        ({"username": "me"}, "token", "not both"),
        ({"tenant": "a\nb"}, "tenant", "cannot be sent"),
    ],
)
def test_a_setting_that_cannot_stand_is_told_at_its_place(given: dict[str, SettingValue], key: str, words: str) -> None:
    values: dict[str, SettingValue] = {"address": "http://metrics.test", "selector": "up"} | given
    problems = Source().validate(ConnectionSettings(values, {"token": "x"}))
    assert [problem.words for problem in problems if problem.key == key and words in problem.words]


@pytest.mark.parametrize("page", ["", "/", "/graph", "/graph?g0.expr=up", "/api/v1", "/vmui/#/?x=1"])
async def test_the_page_copied_along_with_the_address_is_left_out(page: str) -> None:
    answers = server([])
    made = context(answers, address=f"http://metrics.test/prometheus{page}")
    await poll(made)
    assert {url.path.rpartition("/api/v1/")[0] for url in answers.urls} == {"/prometheus"}

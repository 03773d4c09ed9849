"""The status page as a connector: its form, and what it makes of a page."""

import json
from collections.abc import Mapping
from importlib.resources import files

import httpx
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from quarterdeck.connectors.status_page.source import Source
from quarterdeck.domain.connections import SettingValue
from quarterdeck.sdk.errors import ConnectorError
from quarterdeck.sdk.manifest import load_manifest
from quarterdeck.sdk.records import Batch
from quarterdeck.sdk.testing import Collected, collect_all, context_for, judge_batches, settings_for
from quarterdeck.sdk.testing.servers import answering, http_server

MANIFEST = load_manifest(files("quarterdeck.connectors.status_page") / "manifest.toml")
ENTITY = "partner/payhub"
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=12,
)
NOTICE = st.fixed_dictionaries(
    {}, optional=dict.fromkeys(("id", "name", "status", "created_at", "scheduled_for", "incident_updates"), JSON)
)
PAGE = st.fixed_dictionaries(
    {},
    optional={
        "page": JSON,
        "status": JSON | st.fixed_dictionaries({"indicator": JSON, "description": JSON}),
        "components": JSON | st.lists(st.fixed_dictionaries({}, optional={"name": JSON, "status": JSON})),
        "incidents": JSON | st.lists(NOTICE, max_size=3),
        "scheduled_maintenances": JSON | st.lists(NOTICE, max_size=3),
    },
)


async def looked(page: object, *, cursor: str | None = None, **given_settings: str) -> Collected:
    """One poll of a page that answers with this JSON."""
    values = settings_for(MANIFEST, {"address": "http://127.0.0.1:8300/", "entity": ENTITY, **given_settings})
    answer = httpx.Response(200, content=json.dumps(page).encode("ascii"))
    transport = httpx.MockTransport(lambda _request: answer)
    return await collect_all(Source(), context_for(values, transport=transport), cursor=cursor)


async def batch_of(page: Mapping[str, object], **given_settings: str) -> Batch:
    calm = {"status": {"indicator": "none", "description": "Fine"}}
    return (await looked({**calm, **page}, **given_settings)).only


def faults(**changed: SettingValue) -> list[str]:
    good: dict[str, SettingValue] = {"address": "https://status.payhub.test", "entity": ENTITY}
    return [problem.key for problem in Source().validate(settings_for(MANIFEST, good | changed))]


@pytest.mark.parametrize(
    ("changed", "key"),
    [
        ({"address": "status.payhub.test"}, "address"),
        ({"entity": ""}, "entity"),
        ({"entity": "PayHub"}, "entity"),
        ({"components": "Payments API"}, "components"),
        ({"components": "Payments API => payhub"}, "components"),
        ({"components": "=> partner/payhub"}, "components"),
        ({"timeout_seconds": 900}, "timeout_seconds"),
    ],
)
def test_a_mistake_is_told_at_its_setting(changed: dict[str, SettingValue], key: str) -> None:
    assert faults(**changed) == [key]


@pytest.mark.parametrize(
    ("path", "asked"),
    [
        ("", "/api/v2/summary.json"),
        ("/payhub", "/payhub/api/v2/summary.json"),
        ("/payhub/", "/payhub/api/v2/summary.json"),
        ("/payhub/api/v2/status.json", "/payhub/api/v2/status.json"),
        ("/api/v2/", "/api/v2/summary.json"),
    ],
)
async def test_the_summary_is_asked_for_below_the_address_of_the_page(path: str, asked: str) -> None:
    page = b'{"status": {"indicator": "none"}}'
    async with http_server(answering(page)) as server:
        values = settings_for(MANIFEST, {"address": server.url(path), "entity": ENTITY}, {"token": "s3cret"})
        polled = await collect_all(Source(), context_for(values))
    assert polled.only.claimed[0].state == "healthy"
    assert server.requests[0].target == asked
    assert server.requests[0].headers["authorization"] == "Bearer s3cret"
    assert "s3cret" not in repr(polled)


@pytest.mark.parametrize(
    ("indicator", "state"),
    [
        ("none", "healthy"),
        ("minor", "degraded"),
        ("major", "degraded"),
        ("critical", "down"),
        ("maintenance", "maintenance"),
        ("Critical", "down"),
        ("fine", "unknown"),
    ],
)
async def test_an_indicator_becomes_a_state_and_an_unknown_one_never_healthy(indicator: str, state: str) -> None:
    batch = await batch_of({"status": {"indicator": indicator, "description": "x"}})
    assert [claim.state for claim in batch.claimed] == [state]


async def test_several_components_of_one_entity_claim_the_worst_of_them() -> None:
    shown = [
        {"name": "API Europe", "status": "operational"},
        {"name": "API America", "status": "major_outage"},
        {"name": "Website", "status": "degraded_performance"},
    ]
    batch = await batch_of({"components": shown}, components=f"api * => {ENTITY}")
    assert [(claim.entity_key, claim.state, claim.words) for claim in batch.claimed] == [
        (ENTITY, "down", "API America: major outage")
    ]


async def test_notices_keep_their_ids_from_poll_to_poll() -> None:
    notice = {"id": "i", "name": "Slow", "status": "monitoring", "incident_updates": [{"status": "monitoring"}]}
    first, second = await batch_of({"incidents": [notice]}), await batch_of({"incidents": [notice]})
    assert [change.change_id for change in first.changes] == [change.change_id for change in second.changes]


async def test_markup_and_control_characters_of_a_page_stay_plain_text() -> None:
    hostile = "<img src=x>\u202e\x00" + "y" * 9000
    batch = await batch_of(
        {
            "status": {"indicator": "minor", "description": hostile},
            "components": [{"name": hostile, "status": hostile}],
            "incidents": [{"id": hostile, "name": hostile, "incident_updates": [{"body": hostile}]}],
        }
    )
    assert judge_batches((batch,)) == ()
    told = [batch.claimed[0].words, batch.changes[0].summary, *(value for _, value in batch.claimed[0].facts)]
    assert all(len(text) <= 400 and "\x00" not in text and "\u202e" not in text for text in told)


async def test_only_so_many_notices_and_components_are_taken() -> None:
    page = {
        "components": [{"name": f"c{number}", "status": "operational"} for number in range(2000)],
        "incidents": [{"id": f"i{number}", "name": "x", "status": "y"} for number in range(2000)],
    }
    batch = await batch_of(page)
    assert len(batch.changes) == 100
    assert len(batch.claimed[0].facts) < 60


@given(JSON | PAGE, st.none() | st.text(max_size=30))
@hypothesis_settings(max_examples=200, deadline=None)
async def test_any_json_ends_in_records_or_in_words(page: object, cursor: str | None) -> None:
    found = await looked(page, cursor=cursor)
    assert found.fault is None or isinstance(found.fault, ConnectorError)
    assert judge_batches(found.batches) == ()

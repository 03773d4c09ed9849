"""The feed as a connector: its form, its token and its limits."""

import pytest

from quarterdeck.connectors.event_feed.source import Source
from quarterdeck.domain.connections import SettingValue
from quarterdeck.sdk.errors import UnexpectedReply
from quarterdeck.sdk.testing import collect_all, context_for, judge_batches, settings_for
from quarterdeck.sdk.testing.servers import answering, http_server
from tests.connectors.event_feed.feeding import ADDRESS, MANIFEST, batch_of, login


def faults(**changed: SettingValue) -> list[str]:
    return [problem.key for problem in Source().validate(settings_for(MANIFEST, {"address": ADDRESS, **changed}))]


@pytest.mark.parametrize(
    ("changed", "keys"),
    [
        ({"address": "bus.test/events"}, ["address"]),
        ({"address": "https://user:secret@bus.test/"}, ["address"]),
        ({"paging": "sometimes"}, ["paging"]),
        ({"paging": "field"}, ["cursor_parameter", "cursor_field"]),
        ({"paging": "last_id"}, ["cursor_parameter"]),
        ({"paging": "header", "cursor_parameter": "a&b", "cursor_field": "X-Next"}, ["cursor_parameter"]),
        ({"entity": "payments"}, ["entity"]),
        ({"time_field": "a..b"}, ["time_field"]),
        ({"page_size": 0}, ["page_size"]),
        ({"token_header": "a:b"}, ["token_header"]),
    ],
)
def test_a_mistake_is_told_at_its_setting(changed: dict[str, SettingValue], keys: list[str]) -> None:
    assert faults(**changed) == keys


async def test_the_token_is_sent_and_never_told() -> None:
    async with http_server(answering(b"[]")) as server:
        given = settings_for(
            MANIFEST, {"address": server.url("/events"), "token_header": "X-Api-Key"}, {"token": "s3cret"}
        )
        polled = await collect_all(Source(), context_for(given))
    assert server.requests[0].headers["x-api-key"] == "s3cret"
    assert "cloudevents-batch+json" in server.requests[0].headers["accept"]
    assert "s3cret" not in repr(polled)


async def test_more_events_than_a_page_may_hold_are_refused() -> None:
    with pytest.raises(UnexpectedReply, match="more than 20,000 events at once"):
        await batch_of([{}] * 20_001)


async def test_an_empty_answer_is_no_failure() -> None:
    async with http_server(answering(b"", status=204)) as server:
        polled = await collect_all(Source(), context_for(settings_for(MANIFEST, {"address": server.url("/events")})))
    assert polled.only.events == ()
    assert polled.only.note == ""


async def test_hostile_texts_become_plain_and_short() -> None:
    hostile = login(1, note="<img src=x>\x00\u202e" + "y" * 5000, lone="\ud800", entity="<>")
    batch = await batch_of([hostile])
    (event,) = batch.events
    facts = dict(event.facts)
    assert facts["note"].startswith("<img src=x>  y")
    assert len(facts["note"]) == 500
    assert facts["lone"] == ""
    assert event.entity_key == ""
    assert judge_batches((batch,)) == ()


async def test_an_event_nested_without_end_does_not_harm_the_others() -> None:
    deep: object = "x"
    for _ in range(300):
        deep = {"a": deep}
    batch = await batch_of([login(1), login(2, inner=deep), {"type": "login", "time": 1795521000, "inner": deep}])
    assert len(batch.events) == 3
    assert all(len(event.facts) <= 48 for event in batch.events)

"""The feed as a connector: its form, its recorded cases, its limits, and what it never does."""

from pathlib import Path

import pytest

from quarterdeck.connectors.event_feed import instants, paging, parse, reading, settings, source
from quarterdeck.connectors.event_feed.source import Source
from quarterdeck.domain.connections import SettingValue
from quarterdeck.sdk.connector import Purpose, Window
from quarterdeck.sdk.errors import Misconfigured, UnexpectedReply
from quarterdeck.sdk.testing import (
    RecordedCase,
    collect_all,
    context_for,
    judge_bad_days,
    judge_batches,
    judge_cancellation,
    judge_manifest,
    judge_module_state,
    judge_quality,
    judge_refusal,
    judge_validation,
    live_window,
    load_cases,
    run_case,
    settings_for,
)
from quarterdeck.sdk.testing.servers import LocalServer, answering, http_server
from tests.connectors.event_feed.feeding import ADDRESS, FOLDER, MANIFEST, batch_of, login

CASES = load_cases(Path(__file__).parent / "cases")
REPOSITORY = Path(__file__).resolve().parents[3]
MODULES = (instants, paging, parse, reading, settings, source)


def events_of(server: LocalServer) -> dict[str, SettingValue]:
    return {"address": server.url("/events"), "timeout_seconds": 0.5, "max_megabytes": 1}


def faults(**changed: SettingValue) -> list[str]:
    return [problem.key for problem in Source().validate(settings_for(MANIFEST, {"address": ADDRESS, **changed}))]


@pytest.mark.parametrize("recorded", CASES, ids=lambda recorded: recorded.name)
async def test_a_recorded_case_comes_out_as_it_was_recorded(recorded: RecordedCase) -> None:
    assert await run_case(Source(), MANIFEST, recorded) == ()


def test_its_form_explains_itself() -> None:
    assert judge_manifest(MANIFEST) == ()


def test_its_quality_claims_have_their_evidence() -> None:
    assert judge_quality(FOLDER, REPOSITORY) == ()


def test_its_modules_hold_no_state() -> None:
    assert judge_module_state(MODULES) == ()


async def test_judging_settings_connects_to_nothing() -> None:
    assert await judge_validation(Source(), MANIFEST, events_of) == ()


async def test_every_bad_day_of_a_source_is_told_in_words() -> None:
    assert await judge_bad_days(Source(), MANIFEST, events_of) == ()


async def test_nothing_listening_is_unreachable() -> None:
    assert await judge_refusal(Source(), MANIFEST, events_of) == ()


async def test_a_cancelled_poll_ends_at_once_and_closes_its_connection() -> None:
    patient = {"timeout_seconds": 30.0}
    assert await judge_cancellation(Source(), MANIFEST, lambda server: events_of(server) | patient) == ()


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


async def test_settings_that_cannot_work_raise_when_polled_all_the_same() -> None:
    given = settings_for(MANIFEST, {"address": "nonsense"})
    assert isinstance((await collect_all(Source(), context_for(given))).fault, Misconfigured)


async def test_the_past_is_not_asked_for() -> None:
    context = context_for(settings_for(MANIFEST, {"address": ADDRESS}))
    window = Window(live_window(context).time_range, Purpose.BACKFILL)
    assert (await collect_all(Source(), context, window=window)).batches == ()


async def test_the_token_is_sent_and_never_told() -> None:
    async with http_server(answering(b"[]")) as server:
        given = settings_for(MANIFEST, events_of(server) | {"token_header": "X-Api-Key"}, {"token": "s3cret"})
        polled = await collect_all(Source(), context_for(given))
    assert server.requests[0].headers["x-api-key"] == "s3cret"
    assert "cloudevents-batch+json" in server.requests[0].headers["accept"]
    assert "s3cret" not in repr(polled)


async def test_more_events_than_a_page_may_hold_are_refused() -> None:
    with pytest.raises(UnexpectedReply, match="more than 20,000 events at once"):
        await batch_of([{}] * 20_001)


async def test_an_empty_answer_is_no_failure() -> None:
    async with http_server(answering(b"", status=204)) as server:
        polled = await collect_all(Source(), context_for(settings_for(MANIFEST, events_of(server))))
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

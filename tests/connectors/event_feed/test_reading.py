"""How an answer becomes events: forms, fields, times, ids, entities, changes; and how pages follow each other."""

from datetime import UTC, datetime

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quarterdeck.connectors.event_feed.instants import read_instant
from quarterdeck.connectors.event_feed.source import Source
from quarterdeck.domain.events import Event
from quarterdeck.sdk.errors import ConnectorError, UnexpectedReply
from quarterdeck.sdk.testing import judge_batches
from tests.connectors.event_feed.feeding import batch_of, context_with, json_answer, login, polled

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=20,
)
EVENTISH = st.fixed_dictionaries({}, optional={"id": JSON, "type": JSON, "time": JSON, "entity": JSON, "data": JSON})


async def event_of(raw: dict[str, object], **choices: str) -> Event:
    (event,) = (await batch_of([raw], **choices)).events
    return event


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2026-11-24T12:00:00Z", (2026, 11, 24, 12, 0, 0, 0)),
        ("2026-11-24T14:00:00.123456789+02:00", (2026, 11, 24, 12, 0, 0, 123456)),
        ("2026-11-24 12:00:00", (2026, 11, 24, 12, 0, 0, 0)),
        (1795521600, (2026, 11, 24, 12, 0, 0, 0)),
        ("1795521600.25", (2026, 11, 24, 12, 0, 0, 250000)),
        (1795521600250, (2026, 11, 24, 12, 0, 0, 250000)),
        (1795521600250000, (2026, 11, 24, 12, 0, 0, 250000)),
        (1795521600250000000, (2026, 11, 24, 12, 0, 0, 250000)),
    ],
)
def test_an_instant_is_read_however_it_is_written(written: object, meant: tuple[int, ...]) -> None:
    year, month, day, *rest = meant
    assert read_instant(written) == datetime(year, month, day, *rest, tzinfo=UTC)


@pytest.mark.parametrize(
    "written",
    [
        None,
        True,
        "",
        "soon",
        "1999-12-31",
        0,
        -5,
        "nan",
        "inf",
        1e300,
        10**400,
        [],
        "2300-01-01",
        "9" * 90,
        "0001-01-01T00:00:00+23:59",
    ],
)
def test_what_is_no_instant_of_this_era_is_none(written: object) -> None:
    assert read_instant(written) is None


async def test_an_event_without_an_id_is_known_by_its_content() -> None:
    one = await event_of({"type": "login", "time": 1795521000, "who": {"b": 1, "a": "ü"}})
    same = await event_of({"who": {"a": "ü", "b": 1}, "time": 1795521000, "type": "login"})
    other = await event_of({"type": "login", "time": 1795521000, "who": {"a": "ü", "b": 2}})
    assert one.event_id.startswith("sha256:")
    assert one.event_id == same.event_id != other.event_id


async def test_an_id_too_long_to_keep_is_replaced_by_one_of_the_content() -> None:
    first, second = await event_of(login(1, id="x" * 500 + "1")), await event_of(login(1, id="x" * 500 + "2"))
    assert first.event_id != second.event_id
    assert len(first.event_id) < 60


async def test_own_fields_are_found_by_their_paths() -> None:
    raw: dict[str, object] = {
        "meta": {"key": 7, "what": "order.paid", "when": "2026-11-24T11:00:00Z"},
        "order": {"no": "A-1", "shop": "Corner Shop"},
    }
    event = await event_of(
        raw,
        id_field="meta.key",
        type_field="meta.what",
        time_field="meta.when",
        correlation_field="order.no",
        entity_field="order.shop",
        entity_kind="partner",
    )
    assert (event.event_id, event.type, event.correlation_key) == ("7", "order.paid", "A-1")
    assert event.entity_key == "partner/corner-shop"
    assert event.facts == (("order.no", "A-1"), ("order.shop", "Corner Shop"))


async def test_an_event_that_names_no_entity_belongs_to_the_fixed_one() -> None:
    assert (await event_of(login(1), entity="service/login")).entity_key == "service/login"


async def test_an_event_sent_twice_on_one_page_comes_once() -> None:
    assert len((await batch_of([login(1), login(2), login(1)])).events) == 2


async def test_events_keep_their_own_source_only_as_cloudevents() -> None:
    plain = await event_of(login(1, source="/elsewhere"))
    cloud = await event_of(login(1, source="/elsewhere", specversion="1.0", data={"a": 1}))
    assert (plain.source, cloud.source) == ("tested", "/elsewhere")
    assert ("a", "1") in cloud.facts


async def test_only_types_that_are_changes_become_changes() -> None:
    page = [login(1), login(2, type="deploy.finished", title="v2"), login(3, type="redeploy.x")]
    batch = await batch_of(page)
    assert [(change.kind, change.summary) for change in batch.changes] == [("deploy", "v2")]
    assert (await batch_of(page, change_types="")).changes == batch.changes
    assert len((await batch_of(page, change_types="*deploy.*")).changes) == 2


async def test_an_event_far_in_the_future_does_not_carry_the_cursor_away() -> None:
    page = [login(1), login(2, "2031-01-01T00:00:00Z")]
    first = await polled(lambda _r: json_answer(page), paging="last_time", cursor_parameter="since")
    assert "2026-11-24T11:59:00" in (first.cursor or "")
    assert "in the future left out" in first.only.note


async def test_paging_by_the_newest_id_goes_on_while_pages_are_full() -> None:
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        after = int(request.url.params.get("after", "e0")[1:])
        asked.append(str(request.url.query.decode()))
        return json_answer([login(number) for number in range(after + 1, min(after + 3, 8))])

    choices = {"paging": "last_id", "cursor_parameter": "after", "page_size_parameter": "limit"}
    found = await polled(answer, page_size=2, **choices)
    assert asked == ["limit=2", "limit=2&after=e2", "limit=2&after=e4", "limit=2&after=e6"]
    assert [event.event_id for batch in found.batches for event in batch.events] == [f"e{n}" for n in range(1, 8)]
    assert [batch.caught_up for batch in found.batches] == [False, False, False, True]
    asked.clear()
    await polled(answer, page_size=2, cursor=found.cursor, **choices)
    assert asked == ["limit=2&after=e7"]


async def test_a_poll_reads_only_so_many_pages_and_says_that_there_is_more() -> None:
    def endless(request: httpx.Request) -> httpx.Response:
        number = int(request.url.params.get("cursor", "0")) + 1
        return json_answer({"events": [login(number)], "cursor": number, "has_more": True})

    choices = {"paging": "field", "cursor_parameter": "cursor", "cursor_field": "cursor"}
    found = await polled(endless, pages_per_poll=3, **choices)
    assert len(found.batches) == 3
    assert found.batches[-1].caught_up is False
    assert found.batches[-1].note == "Catching up: events are read up to 1 min ago."
    again = await polled(endless, pages_per_poll=1, cursor=found.cursor, **choices)
    assert again.only.events[0].event_id == "e4"


async def test_a_cursor_that_does_not_move_ends_the_poll_and_is_told() -> None:
    stuck = {"events": [login(1)], "cursor": "same", "has_more": True}
    choices = {"paging": "field", "cursor_parameter": "cursor", "cursor_field": "cursor"}
    first = await polled(lambda _request: json_answer(stuck), **choices)
    assert len(first.batches) == 2
    assert first.batches[0].caught_up is False
    assert first.batches[-1].note == "There seems to be more, but the cursor does not move."


async def test_a_cursor_made_under_other_settings_is_not_sent() -> None:
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.query.decode())
        return json_answer([login(1)])

    first = await polled(answer, paging="last_id", cursor_parameter="after")
    await polled(answer, paging="last_id", cursor_parameter="since", cursor=first.cursor)
    await polled(answer, paging="last_id", cursor_parameter="after", cursor="damaged")
    assert asked == ["", "", ""]


async def test_the_first_poll_says_how_far_back_to_begin() -> None:
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.params.get("since", ""))
        return json_answer([login(1)])

    choices = {"paging": "last_time", "cursor_parameter": "since", "since_parameter": "since"}
    first = await polled(answer, first_hours=6, **choices)
    await polled(answer, first_hours=6, cursor=first.cursor, **choices)
    assert asked == ["2026-11-24T06:00:00+00:00", "2026-11-24T11:59:00+00:00"]


async def test_events_read_before_a_page_fails_are_kept_with_their_cursor() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.params.get("cursor"):
            return httpx.Response(500)
        return json_answer({"events": [login(1)], "cursor": "two", "has_more": True})

    found = await polled(answer, paging="field", cursor_parameter="cursor", cursor_field="cursor")
    assert isinstance(found.fault, UnexpectedReply)
    assert len(found.batches) == 1
    assert "two" in (found.cursor or "")


async def test_a_check_tells_types_and_span_and_stores_nothing() -> None:
    page = [login(1, "2026-11-24T10:00:00Z"), login(2), login(3, type="payment")]
    report = await Source().check(context_with(lambda _request: json_answer(page), {}))
    assert report.words == "A JSON list: 3 events of 2 types, from 2 h to 1 min ago."
    assert [(row.name, row.count) for row in report.preview] == [("login", 2), ("payment", 1)]


@pytest.mark.parametrize(
    ("times", "words"),
    [
        (("2026-11-24T07:00:00Z",), "A JSON list: 1 event of 1 type, 5 h ago."),
        (("2026-11-24T06:40:00Z", "2026-11-24T07:00:00Z"), "A JSON list: 2 events of 1 type, all about 5 h ago."),
    ],
)
async def test_a_span_too_short_to_be_told_is_one_age(times: tuple[str, ...], words: str) -> None:
    page = [login(number, time) for number, time in enumerate(times)]
    report = await Source().check(context_with(lambda _request: json_answer(page), {}))
    assert report.words == words


@given(JSON | st.lists(EVENTISH, max_size=5), st.sampled_from(["none", "last_id", "last_time", "next_link"]))
@settings(max_examples=200, deadline=None)
async def test_any_json_ends_in_records_or_in_words(document: object, paging: str) -> None:
    found = await polled(lambda _r: json_answer(document), paging=paging, cursor_parameter="c", pages_per_poll=2)
    assert found.fault is None or isinstance(found.fault, ConnectorError)
    assert judge_batches(found.batches) == ()

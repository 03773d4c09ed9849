"""How a connection goes about collecting: on the grid, from where it ended, in pages, past faults, never twice."""

import base64
import zlib
from collections.abc import Mapping
from itertools import pairwise

import httpx
import pytest

from quarterdeck.connectors.prometheus.grid import Grid
from quarterdeck.domain.series import Meaning
from quarterdeck.sdk.connector import Purpose
from quarterdeck.sdk.errors import Denied, Misconfigured, UnexpectedReply, Unreachable
from quarterdeck.sdk.testing import MOMENT, StandingClock, judge_batches
from tests.connectors.prometheus.asking import (
    Answers,
    all_samples,
    context,
    error,
    points_of,
    poll,
    server,
    since,
)

NOW = int(MOMENT.timestamp())
DEPTH = [{"__name__": "queue_depth", "job": "shop"}]
DAY = 86_400


def bomb(content: bytes) -> str:
    return base64.b85encode(zlib.compress(content)).decode("ascii")


def asked_grids(answers: Answers) -> list[Grid]:
    return [
        Grid(int(params["start"]), int(params["end"]), int(params["step"]))
        for path, params in answers.asked
        if path == "query_range"
    ]


async def test_the_first_poll_asks_on_the_grid_up_to_the_newest_settled_instant() -> None:
    answers = server(DEPTH)
    collected = await poll(context(answers), since(60))
    assert judge_batches(collected.batches) == ()
    assert asked_grids(answers) == [Grid(NOW - 45, NOW - 15, 15)]
    (series,) = points_of(all_samples(collected))
    assert (series.entity_key, series.name, series.meaning) == ("service/shop", "queue_depth", Meaning.QUEUE_DEPTH)


async def test_the_next_poll_goes_on_behind_the_last_instant() -> None:
    clock = StandingClock()
    answers = server(DEPTH, clock=clock)
    first = await poll(context(answers, clock), since(60))
    clock.advance(15)
    await poll(context(answers, clock), since(15, clock.now()), first.cursor)
    assert asked_grids(answers)[1] == Grid(NOW, NOW, 15)


async def test_a_poll_with_nothing_new_asks_for_nothing() -> None:
    answers = server(DEPTH)
    first = await poll(context(answers), since(60))
    second = await poll(context(answers), since(60), first.cursor)
    assert second.fault is None
    assert len(asked_grids(answers)) == 1


async def test_a_gap_is_filled_from_the_source_however_long_the_console_was_away() -> None:
    clock = StandingClock()
    answers = server(DEPTH, clock=clock)
    first = await poll(context(answers, clock), since(60))
    clock.advance(7200)
    second = await poll(context(answers, clock), since(15, clock.now()), first.cursor)
    times = [at // 1000 for course in points_of(all_samples(second)).values() for at in course]
    assert sorted(times) == list(range(NOW, NOW + 7200 - 5, 15))
    assert second.batches[-1].caught_up


async def test_a_gap_too_long_for_one_poll_is_filled_oldest_first_over_several() -> None:
    clock = StandingClock()
    answers = server(DEPTH, clock=clock)
    first = await poll(context(answers, clock), since(60))
    clock.advance(2 * DAY)
    seen: list[int] = []
    cursor, caught_up = first.cursor, False
    while not caught_up:
        polled = await poll(context(answers, clock), since(15, clock.now()), cursor)
        seen += [at // 1000 for course in points_of(all_samples(polled)).values() for at in course]
        cursor, caught_up = polled.cursor, polled.batches[-1].caught_up
    assert len(seen) == len(set(seen))
    assert seen == sorted(seen)
    dense = [at for at in seen if at > NOW + 2 * DAY - 6 * 3600]
    assert dense == list(range(dense[0], NOW + 2 * DAY - 5, 15))
    assert {later - earlier for earlier, later in pairwise(seen) if later <= dense[0]} <= {15, 300}


async def test_a_gap_is_not_filled_further_back_than_the_history_asked_for() -> None:
    clock = StandingClock()
    answers = server(DEPTH, clock=clock)
    first = await poll(context(answers, clock), since(60))
    clock.advance(30 * DAY)
    await poll(context(answers, clock, history_days=2), since(15, clock.now()), first.cursor)
    oldest = NOW + 28 * DAY
    assert 0 < asked_grids(answers)[1].start - oldest <= 300


@pytest.mark.parametrize("cursor", ['{"until": "soon"}', "x", "c$_^O!!", "\u00e9", bomb(b" " * 40_000_000), bomb(b"[")])
async def test_a_cursor_that_cannot_be_read_counts_as_none(cursor: str) -> None:
    answers = server(DEPTH)
    collected = await poll(context(answers), since(60), cursor)
    assert len(all_samples(collected)) == 3


@pytest.mark.parametrize("ahead", [-40.0, 40.0])
async def test_a_poll_asks_up_to_the_servers_present_not_ours(ahead: float) -> None:
    answers = server(DEPTH, ahead=ahead)
    await poll(context(answers), since(120))
    assert asked_grids(answers)[0].end == int((NOW + ahead - 5) // 15) * 15


async def test_an_instant_the_server_has_no_sample_for_stays_empty() -> None:
    answers = server(DEPTH, value=lambda at: None if NOW - 60 <= at < NOW - 30 else "1")
    (course,) = points_of(all_samples(await poll(context(answers), since(120)))).values()
    assert [at // 1000 - NOW for at in sorted(course)] == [-105, -90, -75, -30, -15]


async def test_back_fill_asks_for_exactly_its_window_at_the_step_of_the_history() -> None:
    answers = server(DEPTH)
    collected = await poll(context(answers), since(3600, purpose=Purpose.BACKFILL))
    assert asked_grids(answers) == [Grid(NOW - 3600, NOW - 300, 300)]
    assert collected.cursor is None


async def test_rates_of_the_history_cover_its_whole_step() -> None:
    answers = server([{"__name__": "bytes_sent_bytes_total", "job": "shop"}])
    made = context(answers, history_step_seconds=900)
    await poll(made, since(3600, purpose=Purpose.BACKFILL))
    await poll(made, since(60))
    windows = [query.rpartition("[")[2] for query in answers.queries()]
    assert windows == ["900s])", "300s])"]


async def test_a_query_too_large_for_the_server_is_halved_until_it_fits() -> None:
    def query_range(params: Mapping[str, str]) -> object:
        count = (int(params["end"]) - int(params["start"])) // int(params["step"]) + 1
        if count > 3:
            return error(422, "execution", "query processing would load too many samples into memory")
        times = range(int(params["start"]), int(params["end"]) + 1, int(params["step"]))
        return {"resultType": "matrix", "result": [{"metric": DEPTH[0], "values": [[at, "1"] for at in times]}]}

    collected = await poll(context(server(DEPTH, query_range=query_range)), since(300))
    (course,) = points_of(all_samples(collected)).values()
    assert [at // 1000 for at in sorted(course)] == list(range(NOW - 285, NOW - 5, 15))


async def test_a_query_too_large_even_for_one_instant_is_told_and_the_others_are_kept() -> None:
    def query_range(params: Mapping[str, str]) -> object:
        if "huge" in params["query"]:
            return error(503, "timeout", "query timed out in expression evaluation")
        return {"resultType": "matrix", "result": [{"metric": DEPTH[0], "values": [[NOW - 15, "1"]]}]}

    made = context(server(DEPTH, query_range=query_range), queries="other = huge")
    collected = await poll(made, since(20))
    assert len(all_samples(collected)) == 1
    assert "The query huge is too much for the server at once" in collected.batches[-1].note


async def test_one_refused_query_is_a_note_beside_the_samples_of_the_others() -> None:
    def query_range(params: Mapping[str, str]) -> object:
        if "broken" in params["query"]:
            return error(422, "execution", "many-to-many matching not allowed")
        return {"resultType": "matrix", "result": [{"metric": DEPTH[0], "values": [[NOW - 15, "1"]]}]}

    made = context(server(DEPTH, query_range=query_range), queries="other = broken")
    collected = await poll(made, since(20))
    assert len(all_samples(collected)) == 1
    assert collected.batches[-1].note == "The server refuses the query broken: many-to-many matching not allowed."
    assert collected.cursor is not None


async def test_queries_refused_together_are_asked_singly() -> None:
    series = [{"__name__": f"disk_{name}_bytes_total", "job": "shop"} for name in ("read", "write")]

    def query_range(params: Mapping[str, str]) -> object:
        if "label_replace" in params["query"]:
            return error(422, "execution", "this server does not know label_replace")
        return {"resultType": "matrix", "result": [{"metric": {"job": "shop"}, "values": [[NOW - 15, "1"]]}]}

    collected = await poll(context(server(series, query_range=query_range)), since(20))
    assert {one.name for one in points_of(all_samples(collected))} == {labels["__name__"] for labels in series}
    assert collected.batches[-1].note == ""


async def test_when_every_query_is_refused_the_poll_says_so_and_the_cursor_stays() -> None:
    answers = server(DEPTH, query_range=lambda _: error(400, "bad_data", "no such thing"))
    first = await poll(context(answers), since(60))
    assert isinstance(first.fault, Misconfigured)
    assert "no such thing" in first.fault.message
    second = await poll(context(server(DEPTH)), since(15), first.cursor)
    assert len(all_samples(second)) == 3


async def test_a_partial_answer_is_told_with_the_servers_warning() -> None:
    def query_range(_: Mapping[str, str]) -> httpx.Response:
        data = {"resultType": "matrix", "result": [{"metric": DEPTH[0], "values": [[NOW - 15, "1"]]}]}
        warnings = ["No StoreAPIs matched for this query\n<b>bold</b>"]
        return httpx.Response(200, json={"status": "success", "data": data, "warnings": warnings})

    collected = await poll(context(server(DEPTH, query_range=query_range)), since(20))
    note = "The server warns: No StoreAPIs matched for this query <b>bold</b>."
    assert collected.batches[-1].note == note


async def test_series_beyond_the_limit_are_left_out_and_counted() -> None:
    many = [{"__name__": "queue_depth", "job": "shop", "queue": str(number)} for number in range(9)]
    few = [{"__name__": "saturation_ratio", "job": "shop"}]
    answers = server([*many, *few])
    collected = await poll(context(answers, series_limit=5), since(60))
    assert collected.batches[-1].note.startswith("9 series beyond the limit were left out.")
    assert not any("queue_depth" in query for query in answers.queries())


async def test_series_that_name_no_entity_are_left_out_and_counted() -> None:
    answers = server([{"__name__": "queue_depth", "job": "shop"}, {"__name__": "queue_depth", "team": "payments"}])
    collected = await poll(context(answers, entity_label="team"), since(60))
    assert {one.entity_key for one in points_of(all_samples(collected))} == {"service/payments"}
    assert collected.batches[-1].note == "1 series name no entity and were left out."


async def test_the_fixed_entity_takes_what_the_label_does_not_place() -> None:
    answers = server(
        [
            {"__name__": "queue_depth", "entity": "integration/payhub"},
            {"__name__": "queue_depth", "entity": "Card Switch"},
            {"__name__": "queue_depth", "host": "a"},
        ]
    )
    made = context(answers, entity_label="entity", entity="partner/rest", entity_kind="component")
    found = points_of(all_samples(await poll(made, since(60))))
    keys = {"integration/payhub", "component/card-switch", "partner/rest"}
    assert {one.entity_key for one in found} == keys
    assert {one.labels for one in found} == {(), (("host", "a"),)}


async def test_the_server_is_looked_around_again_only_after_a_while() -> None:
    clock = StandingClock()
    answers = server(DEPTH, clock=clock)
    polled = await poll(context(answers, clock), since(60))
    for _ in range(2):
        clock.advance(15)
        polled = await poll(context(answers, clock), since(15, clock.now()), polled.cursor or None)
    assert [path for path, _ in answers.asked].count("series") == 1
    clock.advance(600)
    await poll(context(answers, clock), since(15, clock.now()), polled.cursor)
    assert [path for path, _ in answers.asked].count("series") == 2


async def test_another_selector_makes_it_look_around_at_once() -> None:
    answers = server(DEPTH)
    first = await poll(context(answers), since(60))
    await poll(context(answers, selector='{job="other"}'), since(60), first.cursor)
    assert [params["match[]"] for path, params in answers.asked if path == "series"] == [
        '{job="shop"}',
        '{job="other"}',
    ]


async def test_the_quantiles_of_a_summary_become_statistics() -> None:
    quantiles = ["0.5", "0.95", "0.99", "0.9"]
    answers = server([{"__name__": "request_latency_seconds", "job": "shop", "quantile": one} for one in quantiles])
    found = points_of(all_samples(await poll(context(answers), since(20))))
    assert {(one.statistic, one.meaning) for one in found} == {
        ("p50", Meaning.RESPONSE_TIME),
        ("p95", Meaning.RESPONSE_TIME),
        ("p99", Meaning.RESPONSE_TIME),
        ("", Meaning.OTHER),
    }


async def test_the_token_and_the_tenant_travel_as_headers() -> None:
    answers = server(DEPTH)
    await poll(context(answers, secrets={"token": "hush"}, tenant="bank"), since(60))
    assert {headers["authorization"] for headers in answers.headers} == {"Bearer hush"}
    assert {headers["x-scope-orgid"] for headers in answers.headers} == {"bank"}


async def test_a_long_query_goes_as_a_form() -> None:
    text = " + ".join(["x"] * 600)
    answers = server(DEPTH)
    made = context(answers, selector="", queries=f"other = {text}", entity="component/x")
    assert len(all_samples(await poll(made, since(20)))) == 1
    assert answers.queries() == [text]


@pytest.mark.parametrize(
    ("reply", "kind", "words"),
    [
        (httpx.Response(401, text="no"), Denied, "does not accept this login"),
        (httpx.Response(403, json={"status": "error"}), Denied, "does not let it read"),
        (httpx.Response(200, text="<!doctype html><html>Log in"), UnexpectedReply, "answers with a web page"),
        (httpx.Response(404, text="404 page not found"), UnexpectedReply, "answers with HTTP 404"),
        (httpx.Response(503, text="Service Unavailable"), Unreachable, "it is not ready"),
        (httpx.Response(429, text="slow down"), UnexpectedReply, "asked too often"),
        (httpx.Response(200, text='{"status":"succ'), UnexpectedReply, "cut off"),
        (error(500, "internal", "out of cheese"), UnexpectedReply, "out of cheese"),
        (error(503, "unavailable", "still replaying"), Unreachable, "still replaying"),
    ],
)
async def test_what_the_server_answers_instead_is_told_in_words(
    reply: httpx.Response, kind: type[Exception], words: str
) -> None:
    polled = await poll(context(server(DEPTH, query=lambda _: reply)), since(60))
    assert polled.fault is not None
    assert type(polled.fault) is kind
    assert words in polled.fault.message
    assert polled.fault.next_step


async def test_a_server_that_keeps_no_metadata_is_fine() -> None:
    answers = server(DEPTH, metadata=lambda _: httpx.Response(404, text="404 page not found"))
    assert len(all_samples(await poll(context(answers), since(60)))) == 3

"""The exporter as a connector: its form, its recorded cases, its limits, and what it never does."""

from pathlib import Path

import pytest

from quarterdeck.connectors.openmetrics import (
    applying,
    growth,
    known,
    memory,
    parse,
    quantiles,
    rules,
    scene,
    settings,
    source,
    summaries,
    units,
)
from quarterdeck.connectors.openmetrics.parse import PageLimits, read_page
from quarterdeck.connectors.openmetrics.source import Source
from quarterdeck.domain.connections import SettingValue
from quarterdeck.sdk.connector import Purpose, Window
from quarterdeck.sdk.errors import Misconfigured, UnexpectedReply
from quarterdeck.sdk.http import HttpReply
from quarterdeck.sdk.testing import (
    RecordedCase,
    StandingClock,
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
from tests.connectors.openmetrics.scraping import (
    ENTITY,
    FOLDER,
    MANIFEST,
    OPENMETRICS,
    PLAIN,
    context_with,
    polled_with,
    scraped,
    value,
)

CASES = load_cases(Path(__file__).parent / "cases")
REPOSITORY = Path(__file__).resolve().parents[3]
MODULES = (
    applying,
    growth,
    known,
    memory,
    parse,
    quantiles,
    rules,
    scene,
    settings,
    source,
    summaries,
    units,
)


def metrics_of(server: LocalServer) -> dict[str, SettingValue]:
    return {"address": server.url("/metrics"), "entity": ENTITY, "timeout_seconds": 0.5, "max_megabytes": 1}


def faults(**changed: SettingValue) -> list[str]:
    good: dict[str, SettingValue] = {"address": "http://127.0.0.1:9100/metrics", "entity": ENTITY}
    return [problem.key for problem in Source().validate(settings_for(MANIFEST, good | changed))]


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
    assert await judge_validation(Source(), MANIFEST, metrics_of) == ()


async def test_every_bad_day_of_a_source_is_told_in_words() -> None:
    assert await judge_bad_days(Source(), MANIFEST, metrics_of) == ()


async def test_nothing_listening_is_unreachable() -> None:
    assert await judge_refusal(Source(), MANIFEST, metrics_of) == ()


async def test_a_cancelled_poll_ends_at_once_and_closes_its_connection() -> None:
    patient = {"timeout_seconds": 30.0}
    assert await judge_cancellation(Source(), MANIFEST, lambda server: metrics_of(server) | patient) == ()


@pytest.mark.parametrize(
    ("changed", "key"),
    [
        ({"address": "127.0.0.1:9100"}, "address"),
        ({"entity": ""}, "entity"),
        ({"entity": "ledger"}, "entity"),
        ({"entity_label": "two words"}, "entity_label"),
        ({"include": "http_{x}"}, "include"),
        ({"exclude": "go_.+"}, "exclude"),
        ({"meanings": "orders_open"}, "meanings"),
        ({"meanings": "orders_open => quietness"}, "meanings"),
        ({"series_limit": 0}, "series_limit"),
        ({"take_rst": False}, "take_rst"),
    ],
)
def test_a_mistake_is_told_at_its_setting(changed: dict[str, SettingValue], key: str) -> None:
    assert faults(**changed) == [key]


def test_a_mistake_in_a_meaning_names_its_line() -> None:
    given = settings_for(
        MANIFEST, {"address": "http://a.test/", "entity": ENTITY, "meanings": "a => queue_depth\n\nb => queue_depth by"}
    )
    (problem,) = Source().validate(given)
    assert problem.words.startswith("Line 3: after => stand a meaning")


async def test_settings_that_cannot_work_raise_when_polled_all_the_same() -> None:
    given = settings_for(MANIFEST, {"address": "nonsense", "entity": ENTITY})
    assert isinstance((await collect_all(Source(), context_for(given))).fault, Misconfigured)


async def test_the_past_is_not_scraped() -> None:
    context = context_for(settings_for(MANIFEST, {"address": "http://127.0.0.1:1/", "entity": ENTITY}))
    window = Window(live_window(context).time_range, Purpose.BACKFILL)
    assert (await collect_all(Source(), context, window=window)).batches == ()


async def test_openmetrics_is_asked_for_and_the_token_goes_with_it() -> None:
    async with http_server(answering(b"up 1\n", content_type=PLAIN)) as server:
        given = settings_for(MANIFEST, metrics_of(server), {"token": "t0ken"})
        polled = await collect_all(Source(), context_for(given))
    assert polled.fault is None
    headers = server.requests[0].headers
    assert headers["accept"].startswith("application/openmetrics-text;version=1.0.0,text/plain")
    assert headers["authorization"] == "Bearer t0ken"
    assert "t0ken" not in repr(polled)


async def test_more_series_than_the_limit_are_left_out_and_told_those_with_a_meaning_last() -> None:
    page = "".join(f"plain_{number} 1\n" for number in range(50)) + "saturation_ratio 0.5\n"
    batch = await scraped([page], series_limit=10)
    assert len(batch.samples) == 10
    assert value(batch, "saturation_ratio") == 0.5
    assert batch.note == "More than 10 series; 41 were left out."


def test_a_page_without_end_is_refused() -> None:
    page = b"".join(b"m%d 1\n" % number for number in range(2_002))
    with pytest.raises(UnexpectedReply, match="It offers more than 2,000 series"):
        read_page(HttpReply(200, {"content-type": "text/plain"}, page, ""), limits=PageLimits(readings=2_000))


def test_a_page_that_takes_too_long_to_read_is_refused() -> None:
    with pytest.raises(UnexpectedReply, match="Its answer takes longer than 0 s to read"):
        read_page(HttpReply(200, {"content-type": "text/plain"}, b"m 1\n", ""), limits=PageLimits(seconds=0.0))


async def test_a_line_without_end_is_refused_before_it_is_parsed() -> None:
    polled = await polled_with([b'ok 1\nm{a="' + b"\\\\" * 50_000 + b'"} 1\n'])
    assert polled.fault is not None
    assert "Line 2 of its answer is longer than 16,384 characters." in polled.fault.message


async def test_an_empty_page_is_told_and_is_no_failure() -> None:
    batch = await scraped(["# nothing here\n"])
    assert (len(batch.samples), batch.note) == (0, "Its page holds no metric.")


async def test_only_what_is_included_and_not_excluded_is_taken() -> None:
    page = "http_a 1\nhttp_b 2\ngo_c 3\nother 4\n# TYPE http_x_total counter\nhttp_x_total 5\n"
    batch = await scraped([page, page], include="http_*, go_*", exclude="go_* http_b")
    assert [identity.name for identity in batch.samples.identities] == ["http_a", "http_x_total"]


async def test_the_rest_can_be_left_out() -> None:
    batch = await scraped(["saturation_ratio 0.4\nanything 5\n"], take_rest=False)
    assert [identity.name for identity in batch.samples.identities] == ["saturation_ratio"]


async def test_markup_and_control_characters_in_labels_stay_plain_text() -> None:
    batch = await scraped(['queue_depth{name="<img src=x>\\n\u202egnp"} 1\n'])
    (identity,) = batch.samples.identities
    assert identity.labels == (("name", "<img src=x>\n gnp"),)
    assert judge_batches((batch,)) == ()


async def test_what_no_label_places_goes_to_the_fixed_entity_or_nowhere() -> None:
    page = 'saturation_ratio{service="Payments API"} 0.5\nsaturation_ratio{service="component/x"} 0.7\nqueue_depth 1\n'
    placed = await scraped([page], entity_label="service")
    assert sorted({identity.entity_key for identity in placed.samples.identities}) == [
        ENTITY,
        "component/x",
        "service/payments-api",
    ]
    assert all(identity.labels == () for identity in placed.samples.identities)
    lost = await scraped([page], entity_label="service", entity="")
    assert lost.note == "1 reading without the label service were left out."


async def test_the_entities_its_label_names_are_discovered() -> None:
    page = b'saturation_ratio{service="payments-api"} 0.5\nqueue_depth 1\n'
    found = await Source().discover(context_with(page, StandingClock(), {"entity_label": "service"}, PLAIN))
    assert [(entity.key, entity.name) for entity in found.entities] == [("service/payments-api", "payments-api")]
    none = await Source().discover(context_with(page, StandingClock(), {}, PLAIN))
    assert none.entities == ()


async def test_a_check_shows_what_would_come_with_its_meaning() -> None:
    page = b"# TYPE http_requests counter\nhttp_requests_total 5\n# TYPE saturation gauge\nsaturation_ratio 1\n# EOF\n"
    report = await Source().check(context_with(page, StandingClock(), {}, OPENMETRICS))
    assert [(row.name, row.meaning, row.count) for row in report.preview] == [
        ("saturation_ratio", "saturation", 1),
        ("http_requests", "rate", 1),
    ]

"""The exporter as a connector: its form, its limits, and what it takes of a page."""

import pytest

from quarterdeck.connectors.openmetrics.parse import PageLimits, read_page
from quarterdeck.connectors.openmetrics.source import Source
from quarterdeck.domain.connections import SettingValue
from quarterdeck.sdk.errors import UnexpectedReply
from quarterdeck.sdk.http import HttpReply
from quarterdeck.sdk.testing import StandingClock, collect_all, context_for, judge_batches, settings_for
from quarterdeck.sdk.testing.servers import answering, http_server
from tests.connectors.openmetrics.scraping import (
    ENTITY,
    MANIFEST,
    OPENMETRICS,
    PLAIN,
    context_with,
    polled_with,
    scraped,
    value,
)


def faults(**changed: SettingValue) -> list[str]:
    good: dict[str, SettingValue] = {"address": "http://127.0.0.1:9100/metrics", "entity": ENTITY}
    return [problem.key for problem in Source().validate(settings_for(MANIFEST, good | changed))]


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


async def test_openmetrics_is_asked_for_and_the_token_goes_with_it() -> None:
    async with http_server(answering(b"up 1\n", content_type=PLAIN)) as server:
        given = settings_for(MANIFEST, {"address": server.url("/metrics"), "entity": ENTITY}, {"token": "t0ken"})
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

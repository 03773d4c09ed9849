"""The demo bank's metrics server through the ordinary connection: every signal arrives under its meaning."""

import httpx
import numpy as np
import pytest
from starlette.applications import Starlette

from quarterdeck.connectors.prometheus.source import Source
from quarterdeck.demo.metrics import labelled_series
from quarterdeck.demo.prometheus_api import PrometheusApi
from quarterdeck.domain.instants import TimeRange, from_ms
from quarterdeck.sdk.connector import ConnectorContext, Purpose, Window
from quarterdeck.sdk.testing import StandingClock, collect_all, judge_batches
from tests.connectors.prometheus.asking import all_samples, context_of, points_of, since
from tests.demo.worlds import DAY_MS, OPENED_MS, PaperBank, paper_bank


@pytest.fixture
def bank() -> PaperBank:
    return paper_bank()


def asking(bank: PaperBank) -> ConnectorContext:
    api = PrometheusApi(labelled_series(bank.model), bank.frames, bank.clock.now_ms)
    settings = {"address": "http://bank", "selector": '{__name__=~"bank_.+"}', "entity_label": "entity"}
    transport = httpx.ASGITransport(Starlette(routes=api.routes()))
    return context_of(settings, StandingClock(bank.clock.now()), transport)


async def test_every_signal_of_the_bank_arrives_under_its_own_meaning(bank: PaperBank) -> None:
    made = asking(bank)
    collected = await collect_all(Source(), made, window=since(120, made.now()))
    assert judge_batches(collected.batches) == ()
    points = points_of(all_samples(collected))
    found = {(one.entity_key, one.meaning, one.statistic) for one in points}
    served = {dict(one.labels)["entity"] for one in labelled_series(bank.model)}
    wanted = {(one.entity_key, one.meaning, one.statistic) for one in bank.model.series if one.entity_key in served}
    assert found == wanted
    assert [batch.note for batch in collected.batches if batch.note] == []


async def test_a_day_of_the_banks_history_is_fetched_as_the_server_tells_it(bank: PaperBank) -> None:
    made = asking(bank)
    day = TimeRange(from_ms(OPENED_MS - 31 * DAY_MS), from_ms(OPENED_MS - 30 * DAY_MS))
    points = points_of(all_samples(await collect_all(Source(), made, window=Window(day, Purpose.BACKFILL))))
    course = next(
        course
        for one, course in points.items()
        if (one.entity_key, one.statistic) == ("integration/payhub-processor", "p95")
    )
    times = np.array(sorted(course), np.int64)
    frame = await bank.frames.at(times)
    row = next(
        one.row
        for one in labelled_series(bank.model)
        if one.label("entity") == "integration/payhub-processor" and one.label("quantile") == "0.95"
    )
    assert len(times) == 288
    assert np.allclose([course[int(at)] for at in times], frame[row])


async def test_the_bank_is_previewed_like_any_server(bank: PaperBank) -> None:
    report = await Source().check(asking(bank))
    assert report.words.startswith("Prometheus 2.42, clock ")
    assert {row.name: row.meaning for row in report.preview}["bank_queue_depth"] == "queue depth"

"""A real Prometheus with hours of history is connected: what is stored up to now has no hole but the server's own."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from quarterdeck.analysis.courses import course_of
from quarterdeck.domain.connections import Connection
from quarterdeck.domain.instants import TimeRange, to_ms
from quarterdeck.sdk.connector import ConnectionSettings, ConnectorContext
from quarterdeck.sdk.http import HttpClients
from quarterdeck.sdk.registry import EntryPointRegistry
from quarterdeck.sdk.validation import with_defaults
from quarterdeck.services.coordinator import Coordinator
from quarterdeck.services.intake import CollectionTools
from quarterdeck.services.ports import SeriesQuery
from quarterdeck.storage.store import SqlStore
from tests.connectors.prometheus.asking import present
from tests.support.imported_series import Imported, prometheus_with
from tests.support.prometheus_peer import MetricsServer
from tests.support.stores import PATIENCE_SECONDS
from tests.unit.collection.fakes import Noticed, until

pytestmark = pytest.mark.slow

HOLE = timedelta(hours=2), timedelta(minutes=90)
"""How long before now the server itself has nothing."""
SCRAPE_MS = 15_000
LOOK_BACK_SECONDS = 300
"""How long Prometheus repeats the last sample of a series."""


class MachineClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[MetricsServer]:
    """A Prometheus with three hours of a gauge up to now, and half an hour of it missing."""
    now = to_ms(present())
    times = np.arange(now - 3 * 3_600_000, now, SCRAPE_MS)
    missing = (times >= now - HOLE[0] // timedelta(milliseconds=1)) & (
        times < now - HOLE[1] // timedelta(milliseconds=1)
    )
    times = times[~missing]
    gauge = Imported("queue_depth", (("job", "shop"),), False, times, 50 + 20 * np.sin(times / 600_000))
    with prometheus_with([gauge], tmp_path) as serving:
        yield serving


async def connect(store: SqlStore, server: MetricsServer) -> None:
    """Collect from a first connect until its history is there."""
    settings = (("address", server.address), ("selector", '{job="shop"}'), ("history_days", 1))
    connection = Connection("metrics", "prometheus", "Metrics", settings=settings, poll_seconds=15.0)
    store.writer.put_connection(connection).result(PATIENCE_SECONDS)
    registry, clock, http = EntryPointRegistry(), MachineClock(), HttpClients()
    manifest = registry.manifest("prometheus")

    def context_for(connection: Connection) -> ConnectorContext:
        given = with_defaults(manifest, ConnectionSettings.of(connection.settings))
        return ConnectorContext(connection.id, connection.name, given, clock.now, http)

    tools = CollectionTools(
        store=store,
        writer=store.writer,
        registry=registry,
        clock=clock,
        context_for=context_for,
        on_stored=Noticed(),
        apply_declared=lambda _: None,
    )
    coordinator = Coordinator(connection, tools)
    running = asyncio.create_task(coordinator.run())
    await until(lambda: coordinator.health.backfill is not None and coordinator.health.backfill.finished)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_the_only_hole_after_the_first_connect_is_that_of_the_server(
    server: MetricsServer, store: SqlStore
) -> None:
    await connect(store, server)
    now = present()
    (series,) = store.find(SeriesQuery())
    seconds = (store.samples(series.id, TimeRange(now - timedelta(hours=4), now)).times_ms / 1000).tolist()
    holes = [(before, after) for before, after in pairwise(seconds) if after - before > 300]
    (hole,) = holes
    assert now.timestamp() - hole[0] == pytest.approx(HOLE[0].total_seconds() - LOOK_BACK_SECONDS, abs=330)
    assert now.timestamp() - hole[1] == pytest.approx(HOLE[1].total_seconds(), abs=330)
    assert {after - before for before, after in pairwise(seconds)} - {hole[1] - hole[0]} == {15.0, 300.0}
    assert now.timestamp() - seconds[-1] < 30
    assert now.timestamp() - seconds[0] > 3 * 3600 - 330


@pytest.mark.parametrize("minutes", [30, 60, 80])
async def test_a_chart_of_the_time_after_the_hole_is_one_unbroken_line(
    server: MetricsServer, store: SqlStore, minutes: int
) -> None:
    await connect(store, server)
    now = present()
    (series,) = store.find(SeriesQuery())
    (envelope,) = store.envelope([series.id], TimeRange(now - timedelta(minutes=minutes), now), 1000)
    course = course_of(envelope.edges_ms, (envelope.low, envelope.high, envelope.mean), patience_ms=90_000)
    assert not np.isnan(course.mean).any()
    assert course.silent_from_ms is None

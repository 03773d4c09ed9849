"""The query API of Prometheus and its kin as a source: copies series, fills gaps, fetches history, or reads through."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager

from quarterdeck.connectors.prometheus.api import QueryApi
from quarterdeck.connectors.prometheus.checking import examine
from quarterdeck.connectors.prometheus.collection import LOOK_BACK_SECONDS, Collection, taken_of
from quarterdeck.connectors.prometheus.placing import entities_of
from quarterdeck.connectors.prometheus.reading import RemoteReader
from quarterdeck.connectors.prometheus.remembered import remembered_from
from quarterdeck.connectors.prometheus.service_graph import joined, seen_links
from quarterdeck.connectors.prometheus.settings import PrometheusSettings, problems_of, settings_of
from quarterdeck.domain.instants import TimeRange
from quarterdeck.sdk.access import open_http
from quarterdeck.sdk.connector import (
    CheckReport,
    ConnectionSettings,
    ConnectorContext,
    Discovery,
    Purpose,
    RemoteSeries,
    SettingProblem,
    Window,
)
from quarterdeck.sdk.records import Batch, Samples


class Source:
    """Connector for the Prometheus query API."""

    def validate(self, settings: ConnectionSettings) -> tuple[SettingProblem, ...]:
        """Judge settings without connecting anywhere; PromQL is parsed here."""
        return problems_of(settings)

    async def check(self, context: ConnectorContext) -> CheckReport:
        """Say which server answers, how its clock stands, and what would come. Raises ConnectorError."""
        async with _asking(context) as (api, settings):
            return await examine(api, settings, context.now().timestamp())

    async def collect(self, context: ConnectorContext, window: Window, cursor: str | None) -> AsyncIterator[Batch]:
        """Batches of samples: since the cursor for live, exactly the window for back-fill. Raises ConnectorError."""
        async with _asking(context) as (api, settings):
            collection = Collection(api, settings, context.now().timestamp())
            if window.purpose is Purpose.BACKFILL:
                batches = collection.past(window.time_range)
            else:
                batches = collection.live(window, remembered_from(cursor))
            async with aclosing(batches):
                async for batch in batches:
                    yield batch

    async def discover(self, context: ConnectorContext) -> Discovery:
        """The entities that the label of the settings names, and who calls whom. Raises ConnectorError."""
        async with _asking(context) as (api, settings):
            now = context.now().timestamp()
            sight = await Collection(api, settings, now).look_around(now - LOOK_BACK_SECONDS, now)
            placed = Discovery(entities=entities_of(taken_of(sight), settings.placing))
            if settings.links is None:
                return placed
            told = await api.at(settings.links.query)
            return joined(placed, seen_links(told.rows, settings.links, settings.placing.kind))

    async def remote_series(self, context: ConnectorContext) -> tuple[RemoteSeries, ...]:
        """The series that stay at the server; none when the connection copies. Raises ConnectorError."""
        async with _asking(context) as (api, settings):
            if not settings.read_through:
                return ()
            return await RemoteReader(api, settings).names(context.now().timestamp())

    async def read(
        self, context: ConnectorContext, series: tuple[RemoteSeries, ...], time_range: TimeRange, step_seconds: float
    ) -> Samples:
        """Samples at whole multiples of a step: the value at each instant, not the extremes between two of them."""
        async with _asking(context) as (api, settings):
            return await RemoteReader(api, settings).samples(series, time_range, step_seconds)


@asynccontextmanager
async def _asking(context: ConnectorContext) -> AsyncGenerator[tuple[QueryApi, PrometheusSettings]]:
    settings = settings_of(context.settings)
    async with open_http(context, context.settings) as http:
        yield QueryApi(http, settings, context), settings

"""Series that stay at the server: naming them with a query each, and reading them when a chart is drawn."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from quarterdeck.connectors.prometheus.api import QueryApi
from quarterdeck.connectors.prometheus.bundles import MARK, Bundle, bundled
from quarterdeck.connectors.prometheus.collection import LOOK_BACK_SECONDS, Collection
from quarterdeck.connectors.prometheus.fetching import MOST_POINTS
from quarterdeck.connectors.prometheus.grid import Grid, grid_within
from quarterdeck.connectors.prometheus.parse import Row
from quarterdeck.connectors.prometheus.placing import Placed, identity_of, placed
from quarterdeck.connectors.prometheus.plan import Phrasing, PlannedQuery, plan_of
from quarterdeck.connectors.prometheus.promql import METRIC_NAME, matcher
from quarterdeck.connectors.prometheus.settings import PrometheusSettings
from quarterdeck.domain.instants import TimeRange
from quarterdeck.domain.series import SeriesIdentity
from quarterdeck.sdk.connector import RemoteSeries
from quarterdeck.sdk.errors import Misconfigured
from quarterdeck.sdk.records import Samples

_A_MOMENT = 0.001


class RemoteReader:
    """Names and reads the series of one server that are not copied."""

    def __init__(self, api: QueryApi, settings: PrometheusSettings) -> None:
        self._api = api
        self._settings = settings
        window = settings.sampling.rate_window_seconds
        self._phrasing = Phrasing(settings.selector, settings.placing.label, window)
        self._own = {query.expression: query for query in settings.queries}

    async def names(self, now: float) -> tuple[RemoteSeries, ...]:
        """Every series there is just now, each with a query narrowed to it. Raises ConnectorError."""
        sight = await Collection(self._api, self._settings, now).look_around(now - LOOK_BACK_SECONDS, now)
        at = now + sight.surroundings.clock_ahead_seconds - sight.surroundings.settle_seconds
        found: dict[SeriesIdentity, RemoteSeries] = {}
        for bundle in bundled(plan_of(sight.surroundings.catalogue, self._settings.queries)):
            for series in await self._named_by(bundle, at):
                found.setdefault(series.identity, series)
        return tuple(found.values())

    async def _named_by(self, bundle: Bundle, at: float) -> list[RemoteSeries]:
        try:
            rows = (await self._api.at(bundle.expression(self._phrasing), at)).rows
        except Misconfigured:
            if len(bundle.queries) == 1:
                return []
            return [series for single in bundle.singly() for series in await self._named_by(single, at)]
        named = (self._named(bundle.query_of(row.labels), row) for row in rows)
        return [series for series in named if series is not None]

    def _named(self, query: PlannedQuery | None, row: Row) -> RemoteSeries | None:
        name = row.labels.get(METRIC_NAME, "")
        output = query.output(name) if query else None
        identity = identity_of(row.labels, output, self._settings.placing) if output else None
        if query is None or identity is None:
            return None
        labels = sorted(row.labels.items())
        matchers = tuple(matcher(label, value) for label, value in labels if label not in {METRIC_NAME, MARK})
        return RemoteSeries(identity, self._phrasing.of(query.narrowed(name, matchers)))

    async def samples(self, series: Sequence[RemoteSeries], time_range: TimeRange, step_seconds: float) -> Samples:
        """Their samples over a range, evaluated at whole multiples of the step (in seconds, at least 1)."""
        start, end = time_range.start_at.timestamp(), time_range.end_at.timestamp()
        grid = grid_within(start - _A_MOMENT, end - _A_MOMENT, max(1, round(step_seconds)))
        wanted: dict[str, list[SeriesIdentity]] = defaultdict(list)
        for each in series:
            wanted[each.query].append(each.identity)
        parts: list[Samples] = []
        for query, identities in wanted.items():
            parts += await self._read(query, identities, grid)
        return Samples.joined(parts)

    async def _read(self, query: str, identities: Sequence[SeriesIdentity], grid: Grid) -> list[Samples]:
        parts: list[Samples] = []
        for page in grid.pages(MOST_POINTS):
            for row in (await self._api.over(query, page)).rows:
                identity = self._whose(query, row.labels, identities)
                if identity is not None:
                    parts.append(Samples.of_series(identity, row.times_ms, row.values))
        return parts

    def _whose(
        self, query: str, labels: Mapping[str, str], identities: Sequence[SeriesIdentity]
    ) -> SeriesIdentity | None:
        found = placed(labels, self._settings.placing)
        own = self._own.get(query)
        entity_key = (own.entity_key if own else "") or found.entity_key
        return next((each for each in identities if _matches(each, found, entity_key)), None)


def _matches(identity: SeriesIdentity, found: Placed, entity_key: str) -> bool:
    same_statistic = not found.statistic or found.statistic == identity.statistic
    return same_statistic and identity.labels == found.labels and identity.entity_key == entity_key

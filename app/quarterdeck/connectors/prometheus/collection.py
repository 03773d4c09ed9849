"""One collection: from where the last one ended to the newest settled instant, or a page of the past."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, replace

from quarterdeck.connectors.prometheus.api import QueryApi
from quarterdeck.connectors.prometheus.catalogue import Catalogue, Labels, catalogue_of
from quarterdeck.connectors.prometheus.fetching import Fetcher
from quarterdeck.connectors.prometheus.grid import CatchUp, Grid, grid_before
from quarterdeck.connectors.prometheus.plan import Phrasing, plan_of
from quarterdeck.connectors.prometheus.promql import METRIC_NAME
from quarterdeck.connectors.prometheus.remembered import Remembered, Surroundings, cursor_of, key_of
from quarterdeck.connectors.prometheus.settings import PrometheusSettings
from quarterdeck.domain.instants import TimeRange
from quarterdeck.sdk.connector import Window
from quarterdeck.sdk.records import Batch, Samples

LOOK_BACK_SECONDS = 600
DENSE_SECONDS = 6 * 3600
POINTS_PER_PAGE = 240
PAGES_PER_POLL = 4
SETTLE_SECONDS = 5
SETTLE_SECONDS_VICTORIA = 30
_LEAST_DAYS_OF_CATCHING_UP = 1
_DAY_SECONDS = 86400
_SERIES_PER_LIMIT = 4


@dataclass(frozen=True, slots=True)
class Sight:
    """What looking around a server showed: the series as they are, and what is remembered of them."""

    series: tuple[Labels, ...]
    surroundings: Surroundings


class Collection:
    """Collects from one server for the length of one call."""

    def __init__(self, api: QueryApi, settings: PrometheusSettings, now: float) -> None:
        self._api = api
        self._settings = settings
        self._now = now

    async def live(self, window: Window, remembered: Remembered) -> AsyncGenerator[Batch]:
        """Batches up to the newest settled instant; the last batch of each page carries the cursor."""
        surroundings, after = remembered.surroundings, remembered.until
        if surroundings is None or not surroundings.holds(key_of(self._settings), self._now):
            sight = await self.look_around(self._now - LOOK_BACK_SECONDS, self._now)
            surroundings = sight.surroundings
            after = self._beginning(window, surroundings) if after is None else after
            yield Batch(cursor=cursor_of(after, surroundings))
        after = self._beginning(window, surroundings) if after is None else after
        until = self._newest(surroundings)
        if self._settings.read_through:
            await self._api.at("1")
            yield Batch(cursor=cursor_of(until, surroundings), note=_taken_words(surroundings))
            return
        pages = self._pages(max(after, self._oldest()), until)
        fetcher = self._fetcher(self._settings.sampling.rate_window_seconds)
        for number, page in enumerate(pages[:PAGES_PER_POLL], 1):
            cursor = cursor_of(page.end, surroundings)
            async with aclosing(self._page(fetcher, surroundings, page, cursor)) as batches:
                async for batch in batches:
                    yield replace(batch, caught_up=number == len(pages))

    async def past(self, time_range: TimeRange) -> AsyncGenerator[Batch]:
        """Batches of a window of the past, at the history's step."""
        if self._settings.read_through:
            return
        sampling = self._settings.sampling
        start, end = time_range.start_at.timestamp(), time_range.end_at.timestamp()
        sight = await self.look_around(start, end)
        step = sampling.history_step_seconds
        grid = grid_before(start, min(end, self._newest(sight.surroundings)), step)
        fetcher = self._fetcher(max(sampling.rate_window_seconds, step))
        async with aclosing(self._page(fetcher, sight.surroundings, grid, None)) as batches:
            async for batch in batches:
                yield batch

    async def look_around(self, start: float, end: float) -> Sight:
        """Ask the server for its clock and for what the selector matches in a stretch of time."""
        ahead, is_victoria = await self._api.clock_ahead()
        limit = self._settings.series_limit
        series: tuple[Labels, ...] = ()
        catalogue = Catalogue()
        if self._settings.selector is not None:
            text = self._settings.selector.text
            series = await self._api.series(text, start + ahead, end + ahead, limit * _SERIES_PER_LIMIT)
            catalogue = catalogue_of(series, await self._api.types(), limit)
        settle = self._settings.sampling.settle_seconds
        settle = settle or (SETTLE_SECONDS_VICTORIA if is_victoria else SETTLE_SECONDS)
        return Sight(series, Surroundings(key_of(self._settings), self._now, catalogue, ahead, settle))

    def _beginning(self, window: Window, surroundings: Surroundings) -> float:
        """After which instant the first poll begins: where the history that ends with its window has its last one."""
        sampling = self._settings.sampling
        start = min(window.time_range.start_at.timestamp(), self._newest(surroundings))
        if not self._settings.history_days:
            return start
        last = grid_before(start - sampling.history_step_seconds, start, sampling.history_step_seconds).end
        return max(last, start - POINTS_PER_PAGE * sampling.step_seconds)

    def _newest(self, surroundings: Surroundings) -> float:
        return self._now + surroundings.clock_ahead_seconds - surroundings.settle_seconds

    def _oldest(self) -> float:
        return self._now - max(_LEAST_DAYS_OF_CATCHING_UP, self._settings.history_days) * _DAY_SECONDS

    def _pages(self, after: float, until: float) -> list[Grid]:
        sampling = self._settings.sampling
        catch_up = CatchUp(sampling.step_seconds, sampling.history_step_seconds, DENSE_SECONDS)
        return [page for grid in catch_up.grids(after, until) for page in grid.pages(POINTS_PER_PAGE)]

    def _fetcher(self, window_seconds: int) -> Fetcher:
        placing = self._settings.placing
        return Fetcher(self._api, Phrasing(self._settings.selector, placing.label, window_seconds), placing)

    async def _page(
        self, fetcher: Fetcher, surroundings: Surroundings, grid: Grid, cursor: str | None
    ) -> AsyncGenerator[Batch]:
        """The samples over a grid; the last batch carries the cursor and what there is to tell."""
        held = Samples()
        if grid.count:
            queries = plan_of(surroundings.catalogue, self._settings.queries)
            async with aclosing(fetcher.samples(queries, grid)) as portions:
                async for samples in portions:
                    if len(held):
                        yield Batch(samples=held)
                    held = samples
        fetcher.findings.raise_if_nothing_answered()
        note = f"{_taken_words(surroundings)} {fetcher.findings.note()}".strip()
        yield Batch(samples=held, cursor=cursor, note=note)


def taken_of(sight: Sight) -> tuple[Labels, ...]:
    """The series that are taken, without those beyond the limit."""
    if not sight.surroundings.catalogue.left_out:
        return sight.series
    names = {metric.name for metric in sight.surroundings.catalogue.metrics}
    return tuple(labels for labels in sight.series if labels.get(METRIC_NAME, "") in names)


def _taken_words(surroundings: Surroundings) -> str:
    left_out = surroundings.catalogue.left_out
    return f"{left_out:,} series beyond the limit were left out." if left_out else ""

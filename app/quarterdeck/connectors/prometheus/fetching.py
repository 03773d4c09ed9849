"""Asking planned queries over a grid: in pages the server can bear, a few at a time, one fault not ending the rest."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, field

import numpy as np

from quarterdeck.connectors.prometheus.api import QueryApi, Result
from quarterdeck.connectors.prometheus.bundles import Bundle, bundled
from quarterdeck.connectors.prometheus.grid import Grid
from quarterdeck.connectors.prometheus.parse import Row, TooMuch
from quarterdeck.connectors.prometheus.placing import identity_of
from quarterdeck.connectors.prometheus.plan import Phrasing, PlannedQuery
from quarterdeck.connectors.prometheus.promql import METRIC_NAME
from quarterdeck.connectors.prometheus.settings import Placing
from quarterdeck.domain.series import SeriesIdentity
from quarterdeck.sdk.errors import ConnectorError, Misconfigured
from quarterdeck.sdk.records import Samples

MOST_POINTS = 10_000
"""Per series and query; Prometheus refuses more than 11,000."""
MOST_SAMPLES = 60_000
AT_ONCE = 4
BATCH_SAMPLES = 50_000
_MAX_NOTES = 5


@dataclass(slots=True)
class Findings:
    """What one collection has to tell besides its samples: warnings, refused queries, series without an entity."""

    warnings: set[str] = field(default_factory=set[str])
    refused: list[ConnectorError] = field(default_factory=list[ConnectorError])
    answered: int = 0
    nobodys: set[frozenset[tuple[str, str]]] = field(default_factory=set[frozenset[tuple[str, str]]])

    def refuse(self, fault: ConnectorError) -> None:
        """Remember a refused query, once however often it is asked."""
        if all(known.message != fault.message for known in self.refused):
            self.refused.append(fault)

    def note(self) -> str:
        """All of it in words, empty when there is nothing to tell."""
        parts = [f"The server warns: {warning}." for warning in sorted(self.warnings)[:_MAX_NOTES]]
        parts += [fault.message for fault in self.refused[:_MAX_NOTES]]
        if self.nobodys:
            parts.append(f"{len(self.nobodys)} series name no entity and were left out.")
        return " ".join(parts)

    def raise_if_nothing_answered(self) -> None:
        """A single refused query is a note; when every one is refused, that is the connection's state."""
        if self.refused and not self.answered:
            raise self.refused[0]


class Fetcher:
    """Asks planned queries and turns their rows into samples."""

    def __init__(self, api: QueryApi, phrasing: Phrasing, placing: Placing) -> None:
        self._api = api
        self._phrasing = phrasing
        self._placing = placing
        self.findings = Findings()

    async def samples(self, queries: Sequence[PlannedQuery], grid: Grid) -> AsyncGenerator[Samples]:
        """The samples of all queries over a grid, in portions. Raises ConnectorError when nothing can be had."""
        waiting: list[Samples] = []
        bundles = list(bundled(queries))
        for first in range(0, len(bundles), AT_ONCE):
            some = bundles[first : first + AT_ONCE]
            answers = await asyncio.gather(*(self._asked(bundle, grid) for bundle in some), return_exceptions=True)
            for answer in answers:
                if isinstance(answer, BaseException):
                    raise answer
                waiting += answer
            if sum(len(part) for part in waiting) >= BATCH_SAMPLES:
                yield Samples.joined(waiting)
                waiting = []
        if waiting:
            yield Samples.joined(waiting)

    async def _asked(self, bundle: Bundle, grid: Grid) -> list[Samples]:
        """The samples of a bundle; one that is refused as a whole is asked query by query."""
        try:
            results = await self._paged(bundle, grid)
        except (Misconfigured, TooMuch) as fault:
            if len(bundle.queries) > 1:
                return [part for single in bundle.singly() for part in await self._asked(single, grid)]
            self.findings.refuse(fault)
            return []
        self.findings.answered += 1
        parts: dict[SeriesIdentity, list[Row]] = {}
        for result in results:
            self.findings.warnings.update(result.warnings)
            for row in result.rows:
                identity = self._identity(bundle, row)
                if identity is None:
                    self.findings.nobodys.add(frozenset(row.labels.items()))
                else:
                    parts.setdefault(identity, []).append(row)
        return [_samples(identity, rows) for identity, rows in parts.items()]

    def _identity(self, bundle: Bundle, row: Row) -> SeriesIdentity | None:
        query = bundle.query_of(row.labels)
        output = query.output(row.labels.get(METRIC_NAME, "")) if query else None
        return identity_of(row.labels, output, self._placing) if output else None

    async def _paged(self, bundle: Bundle, grid: Grid) -> list[Result]:
        most = min(MOST_POINTS, max(1, MOST_SAMPLES // max(1, bundle.series_count)))
        expression = bundle.expression(self._phrasing)
        results: list[Result] = []
        for page in grid.pages(most):
            results += await self._bisected(expression, page)
        return results

    async def _bisected(self, expression: str, grid: Grid) -> list[Result]:
        """The results over a grid, asked in halves for as long as the server says that it is too much."""
        try:
            return [await self._api.over(expression, grid)]
        except TooMuch:
            if grid.count == 1:
                raise
        older, newer = grid.halves()
        return [*await self._bisected(expression, older), *await self._bisected(expression, newer)]


def _samples(identity: SeriesIdentity, rows: Sequence[Row]) -> Samples:
    return Samples.of_series(
        identity, np.concatenate([row.times_ms for row in rows]), np.concatenate([row.values for row in rows])
    )

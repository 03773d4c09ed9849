"""The query API over HTTP: what is asked and how, nothing of what it means."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

from quarterdeck.connectors.prometheus.grid import Grid
from quarterdeck.connectors.prometheus.parse import (
    Answer,
    Row,
    answer_of,
    label_sets_of,
    rows_of,
    texts_of,
    types_of,
)
from quarterdeck.connectors.prometheus.settings import PrometheusSettings
from quarterdeck.sdk.connector import ConnectorContext
from quarterdeck.sdk.errors import ConnectorError, Denied, Unreachable
from quarterdeck.sdk.http import BoundedHttp, HttpReply

LONG_QUERY = 1500
SERVER_TIMEOUT_SHARE = 0.8
_MAX_ASKED = 120


@dataclass(frozen=True, slots=True, eq=False)
class Result:
    """The rows of a query and what the server warns about."""

    rows: tuple[Row, ...]
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ServerFacts:
    """What a server says of itself, empty where it says nothing: its name, version, and start-up flags."""

    name: str
    version: str
    flags: Mapping[str, str]


class QueryApi:
    """One server's query API, for the length of one call of the connector."""

    def __init__(self, http: BoundedHttp, settings: PrometheusSettings, context: ConnectorContext) -> None:
        self._http = http
        self._root = f"{settings.address}/api/v1"
        self._headers = dict(settings.headers)
        self._limits = settings.limits
        self._now = context.now

    async def over(self, expression: str, grid: Grid) -> Result:
        """Evaluate a query at every instant of a grid. Raises ConnectorError, TooMuch where less would do."""
        params = {"query": expression, "start": str(grid.start), "end": str(grid.end), "step": str(grid.step)}
        return await self._result("query_range", params, expression)

    async def at(self, expression: str, instant: float | None = None) -> Result:
        """Evaluate a query at one instant, or at the server's present."""
        params = {"query": expression}
        if instant is not None:
            params["time"] = f"{instant:.3f}"
        return await self._result("query", params, expression)

    async def series(self, selector: str, start: float, end: float, limit: int) -> tuple[dict[str, str], ...]:
        """The label sets of all series a selector matches in a stretch of time. Servers of old ignore the limit."""
        params = {"match[]": selector, "start": f"{start:.0f}", "end": f"{end:.0f}", "limit": str(limit)}
        reply = await self._send("series", params)
        answer = await asyncio.to_thread(answer_of, reply, f"the selector {selector[:_MAX_ASKED]}")
        return await asyncio.to_thread(label_sets_of, answer.data)

    async def types(self) -> dict[str, str]:
        """Each metric's form in the server's words; empty where the server keeps none."""
        answer = await self._optional("metadata")
        return types_of(answer.data) if answer else {}

    async def facts(self) -> ServerFacts:
        """What the server says of itself."""
        build = await self._optional("status/buildinfo")
        flags = await self._optional("status/flags")
        texts = texts_of(build.data) if build else {}
        return ServerFacts(
            texts.get("application", ""), texts.get("version", ""), texts_of(flags.data) if flags else {}
        )

    async def clock_ahead(self) -> tuple[float, bool]:
        """By how many seconds the server's clock is ahead of ours, and whether it is a VictoriaMetrics.

        The server's `time()` tells it to the millisecond; one that answers from its past is caught by the reply's Date,
        which tells whole seconds only.
        """
        before = self._now().timestamp()
        reply = await self._send("query", {"query": "time()"})
        after = self._now().timestamp()
        rows = rows_of(answer_of(reply, "the query time()").data)
        ours = (before + after) / 2
        told = float(rows[0].values[-1]) if rows and len(rows[0].values) else ours
        dated = _date_of(reply)
        if dated is not None and abs(dated + 0.5 - told) > 1.0 + (after - before):
            told = dated + 0.5 if abs(dated + 0.5 - ours) > 1.0 else ours
        return told - ours, "x-server-hostname" in reply.headers

    async def _result(self, path: str, params: Mapping[str, str], expression: str) -> Result:
        timeout = max(1, round(self._limits.deadline_seconds * SERVER_TIMEOUT_SHARE))
        reply = await self._send(path, {**params, "timeout": f"{timeout}s"})
        return await asyncio.to_thread(_read_result, reply, expression)

    async def _optional(self, path: str) -> Answer | None:
        try:
            return answer_of(await self._send(path, {}), path)
        except (Unreachable, Denied):
            raise
        except ConnectorError:
            return None

    async def _send(self, path: str, params: Mapping[str, str]) -> HttpReply:
        url = f"{self._root}/{path}"
        if len(params.get("query", "")) > LONG_QUERY:
            return await self._http.send("POST", url, form=params, headers=self._headers, limits=self._limits)
        return await self._http.get(url, params=params, headers=self._headers, limits=self._limits)


def _read_result(reply: HttpReply, expression: str) -> Result:
    asked = expression if len(expression) <= _MAX_ASKED else f"{expression[:_MAX_ASKED]}…"
    answer = answer_of(reply, f"the query {asked}")
    return Result(rows_of(answer.data), answer.warnings)


def _date_of(reply: HttpReply) -> float | None:
    try:
        return parsedate_to_datetime(reply.headers.get("date", "")).timestamp()
    except (ValueError, TypeError, OverflowError):
        return None

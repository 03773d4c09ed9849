"""The bank's metrics server: the query API of Prometheus over the model, with its limits and its ways to refuse."""

from __future__ import annotations

import asyncio
import json
import math
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import parse_qsl

import numpy as np
import promql_parser as ast
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from quarterdeck.demo.metrics import FAMILIES, Frames, LabelledSeries
from quarterdeck.demo.noise import Millis
from quarterdeck.demo.promql import Columns, Evaluation, QueryRefused, matching, parse

MAX_POINTS = 11_000
SCRAPE_SECONDS = 15
_ROWS_AT_ONCE = 40
_LONGEST_FORM_BYTES = 64 * 1024
_BUILD = {
    "version": "2.42.0",
    "revision": "demo-bank",
    "branch": "HEAD",
    "buildUser": "demo-bank",
    "buildDate": "20260101-00:00:00",
    "goVersion": "none",
}

_Handler = Callable[["_Parameters"], Awaitable[str]]


@dataclass(frozen=True, slots=True)
class _Parameters:
    """A request's parameters from address and form, and what its path names."""

    pairs: tuple[tuple[str, str], ...]
    path: Mapping[str, str]

    def all(self, name: str) -> list[str]:
        return [value for key, value in self.pairs if key == name]

    def one(self, name: str) -> str:
        return next((value for key, value in self.pairs if key == name), "")


class PrometheusApi:
    """Answers the query API. `now_ms` is the clock; `frames` are the values."""

    def __init__(self, series: Sequence[LabelledSeries], frames: Frames, now_ms: Callable[[], int]) -> None:
        self._series = series
        self._frames = frames
        self._now_ms = now_ms

    def routes(self) -> list[Route]:
        """The paths of the API."""
        both = ["GET", "POST"]
        return [
            Route("/api/v1/query", _answering(self._query), methods=both),
            Route("/api/v1/query_range", _answering(self._query_range), methods=both),
            Route("/api/v1/series", _answering(self._series_list), methods=both),
            Route("/api/v1/labels", _answering(self._label_names), methods=both),
            Route("/api/v1/label/{name}/values", _answering(self._label_values)),
            Route("/api/v1/metadata", _answering(self._metadata)),
            Route("/api/v1/status/buildinfo", _answering(self._build)),
            Route("/-/healthy", _plain("Prometheus Server is Healthy.\n")),
            Route("/-/ready", _plain("Prometheus Server is Ready.\n")),
        ]

    async def _query(self, parameters: _Parameters) -> str:
        time_ms = _instant(parameters, "time", self._now_ms())
        expression = parse(parameters.one("query"))
        if isinstance(expression, ast.MatrixSelector):
            return await self._raw_samples(expression, time_ms)
        if isinstance(expression, ast.StringLiteral):
            return f'{{"resultType":"string","result":[{_stamp(time_ms)},{json.dumps(expression.val)}]}}'
        columns = await self._columns(expression, np.array([time_ms], np.int64))
        if columns.is_scalar:
            return f'{{"resultType":"scalar","result":{_point(time_ms, float(columns.values[0, 0]))}}}'
        rows = [
            f'{{"metric":{_metric(labels)},"value":{_point(time_ms, float(value))}}}'
            for labels, value in zip(columns.labels, columns.values[:, 0], strict=True)
            if not math.isnan(value)
        ]
        return f'{{"resultType":"vector","result":[{",".join(rows)}]}}'

    async def _raw_samples(self, expression: ast.MatrixSelector, time_ms: int) -> str:
        """The samples inside a range selector, at the instants at which the server scraped."""
        step_ms = SCRAPE_SECONDS * 1000
        first_ms = time_ms - int(expression.range.total_seconds() * 1000)
        times_ms = np.arange(-(-first_ms // step_ms) * step_ms, time_ms + 1, step_ms, dtype=np.int64)
        _refuse_too_many(len(times_ms))
        if not len(times_ms):
            return '{"resultType":"matrix","result":[]}'
        return await _matrix(await self._columns(expression.vector_selector, times_ms), times_ms)

    async def _query_range(self, parameters: _Parameters) -> str:
        start_ms, end_ms = _instant(parameters, "start"), _instant(parameters, "end")
        step_ms = _step_ms(parameters)
        if end_ms < start_ms:
            raise QueryRefused('invalid parameter "end": end timestamp must not be before start time')
        if step_ms <= 0:
            message = "zero or negative query resolution step widths are not accepted. Try a positive integer"
            raise QueryRefused(f'invalid parameter "step": {message}')
        _refuse_too_many((end_ms - start_ms) // step_ms)
        expression = parse(parameters.one("query"))
        if isinstance(expression, ast.MatrixSelector | ast.StringLiteral):
            kind = "range vector" if isinstance(expression, ast.MatrixSelector) else "string"
            message = f'invalid expression type "{kind}" for range query, must be Scalar or instant Vector'
            raise QueryRefused(f'invalid parameter "query": {message}')
        times_ms = np.arange(start_ms, end_ms + 1, step_ms, dtype=np.int64)
        return await _matrix(await self._columns(expression, times_ms), times_ms)

    async def _columns(self, expression: ast.Expr, times_ms: Millis) -> Columns:
        return Evaluation(self._series, times_ms, await self._frames.at(times_ms)).value(expression)

    async def _series_list(self, parameters: _Parameters) -> str:
        if not parameters.all("match[]"):
            raise QueryRefused("no match[] parameter provided")
        return "[" + ",".join(_metric(one.labels) for one in self._matched(parameters)) + "]"

    async def _label_names(self, parameters: _Parameters) -> str:
        return json.dumps(sorted({name for one in self._matched(parameters) for name, _ in one.labels}))

    async def _label_values(self, parameters: _Parameters) -> str:
        values = {one.label(parameters.path["name"]) for one in self._matched(parameters)}
        return json.dumps(sorted(values - {""}))

    async def _metadata(self, parameters: _Parameters) -> str:
        wanted = parameters.one("metric")
        families = [family for family in FAMILIES.values() if wanted in {"", family.name}]
        return json.dumps(
            {family.name: [{"type": "gauge", "help": family.help, "unit": family.unit}] for family in families}
        )

    async def _build(self, _parameters: _Parameters) -> str:
        return json.dumps(_BUILD)

    def _matched(self, parameters: _Parameters) -> list[LabelledSeries]:
        texts = parameters.all("match[]")
        if not texts:
            return list(self._series)
        selectors = [parse(text) for text in texts]
        if not all(isinstance(selector, ast.VectorSelector) for selector in selectors):
            raise QueryRefused('invalid parameter "match[]": not a series selector')
        found = {
            one
            for selector in selectors
            if isinstance(selector, ast.VectorSelector)
            for one in matching(selector, self._series)
        }
        return [one for one in self._series if one in found]


def _answering(handler: _Handler) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        try:
            data = await handler(await _parameters(request))
        except QueryRefused as refusal:
            body = {"status": "error", "errorType": refusal.error_type, "error": refusal.message}
            return Response(json.dumps(body), status_code=refusal.status, media_type="application/json")
        return Response(f'{{"status":"success","data":{data}}}', media_type="application/json")

    return answer


def _plain(text: str) -> Callable[[Request], Awaitable[Response]]:
    async def answer(_request: Request) -> Response:
        return PlainTextResponse(text)

    return answer


async def _parameters(request: Request) -> _Parameters:
    pairs = list(request.query_params.multi_items())
    if request.method == "POST":
        body = await request.body()
        if len(body) > _LONGEST_FORM_BYTES:
            raise QueryRefused("http: request body too large")
        pairs = [*parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True), *pairs]
    return _Parameters(tuple(pairs), {name: str(value) for name, value in request.path_params.items()})


def _instant(parameters: _Parameters, name: str, default_ms: int | None = None) -> int:
    text = parameters.one(name)
    if not text and default_ms is not None:
        return default_ms
    try:
        return round(float(text) * 1000)
    except (ValueError, OverflowError):
        pass
    try:
        return round(datetime.fromisoformat(text).timestamp() * 1000)
    except (ValueError, OverflowError) as fault:
        message = f'invalid parameter "{name}": cannot parse "{text}" to a valid timestamp'
        raise QueryRefused(message) from fault


def _step_ms(parameters: _Parameters) -> int:
    text = parameters.one("step")
    try:
        return round(float(text) * 1000)
    except (ValueError, OverflowError):
        pass
    try:
        return round(ast.parse_duration(text).total_seconds() * 1000)
    except ValueError as fault:
        message = f'invalid parameter "step": cannot parse "{text}" to a valid duration'
        raise QueryRefused(message) from fault


def _refuse_too_many(points: int) -> None:
    if points > MAX_POINTS:
        message = "exceeded maximum resolution of 11,000 points per timeseries."
        raise QueryRefused(f"{message} Try decreasing the query resolution (?step=XX)")


async def _matrix(columns: Columns, times_ms: Millis) -> str:
    """Rows as a matrix, values as strings; long answers let others have their turn."""
    stamps = [_stamp(time_ms) for time_ms in times_ms.tolist()]
    rows: list[str] = []
    for number, (labels, values) in enumerate(zip(columns.labels, columns.values.tolist(), strict=True), 1):
        points = ",".join(
            f'[{stamp},"{value:.12g}"]' for stamp, value in zip(stamps, values, strict=True) if not math.isnan(value)
        )
        if points:
            rows.append(f'{{"metric":{_metric(labels)},"values":[{points}]}}')
        if number % _ROWS_AT_ONCE == 0:
            await asyncio.sleep(0)
    return f'{{"resultType":"matrix","result":[{",".join(rows)}]}}'


def _metric(labels: tuple[tuple[str, str], ...]) -> str:
    return json.dumps(dict(labels), separators=(",", ":"))


def _point(time_ms: int, value: float) -> str:
    return f'[{_stamp(time_ms)},"{value:.12g}"]'


def _stamp(time_ms: int) -> str:
    """Seconds since the epoch, without a fraction where there is none."""
    return str(time_ms // 1000) if time_ms % 1000 == 0 else f"{time_ms / 1000:.3f}".rstrip("0")

"""What tests of this connector share: its manifest, settings, and a server made of answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from importlib.resources import files

import httpx
import numpy as np
from typing_extensions import override

from quarterdeck.connectors.prometheus.source import Source
from quarterdeck.domain.connections import SettingValue
from quarterdeck.domain.instants import TimeRange
from quarterdeck.domain.series import SeriesIdentity
from quarterdeck.sdk.connector import ConnectorContext, Purpose, Window
from quarterdeck.sdk.manifest import load_manifest
from quarterdeck.sdk.records import Samples
from quarterdeck.sdk.testing import MOMENT, Collected, StandingClock, collect_all, context_for, settings_for

MANIFEST = load_manifest(files("quarterdeck.connectors.prometheus") / "manifest.toml")
Points = dict[int, float]


def context(
    transport: httpx.AsyncBaseTransport | None = None,
    clock: StandingClock | None = None,
    secrets: Mapping[str, str] | None = None,
    **settings: SettingValue,
) -> ConnectorContext:
    """A context for these settings; a selector, an address and no history are given unless the test gives its own."""
    values: dict[str, SettingValue] = {"address": "http://metrics.test", "selector": '{job="shop"}', "history_days": 0}
    return context_of(values | settings, clock, transport, secrets)


def context_of(
    settings: Mapping[str, SettingValue],
    clock: StandingClock | None = None,
    transport: httpx.AsyncBaseTransport | None = None,
    secrets: Mapping[str, str] | None = None,
) -> ConnectorContext:
    """A context for exactly these settings and the manifest's defaults."""
    return context_for(settings_for(MANIFEST, settings, secrets), clock=clock, transport=transport)


def since(seconds: float, now: datetime = MOMENT, purpose: Purpose = Purpose.LIVE) -> Window:
    """The window of the last seconds."""
    return Window(TimeRange(now - timedelta(seconds=seconds), now), purpose)


def present() -> datetime:
    """The real time, for tests against real servers."""
    return datetime.now(UTC)


def all_samples(collected: Collected) -> Samples:
    """The samples of a poll that went well."""
    if collected.fault:
        raise collected.fault
    return Samples.joined([batch.samples for batch in collected.batches])


def points_of(samples: Samples) -> dict[SeriesIdentity, Points]:
    """Values by instant (ms) for each series."""
    found: dict[SeriesIdentity, Points] = {}
    for number, identity in enumerate(samples.identities):
        chosen = samples.series_index == number
        found[identity] = dict(zip(samples.times_ms[chosen].tolist(), samples.values[chosen].tolist(), strict=True))
    return found


def same(one: Points, other: Points) -> bool:
    """Whether two courses agree, not-a-number included."""
    return one.keys() == other.keys() and all(np.array_equal(one[at], other[at], equal_nan=True) for at in one)


class Answers(httpx.AsyncBaseTransport):
    """A server that answers each path below /api/v1 by a function of the parameters; keeps what it was asked."""

    def __init__(self, **answers: Callable[[Mapping[str, str]], object]) -> None:
        self._answers = answers
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.headers: list[httpx.Headers] = []
        self.urls: list[httpx.URL] = []

    @override
    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """The answer of the path; a value that is not a response is the data of a success."""
        path = request.url.path.rpartition("/api/v1/")[2].replace("/", "_")
        body = (await request.aread()).decode()
        params = dict(request.url.params) | dict(httpx.QueryParams(body))
        self.asked.append((path, params))
        self.headers.append(request.headers)
        self.urls.append(request.url)
        answer = self._answers.get(path, _nothing)(params)
        if isinstance(answer, httpx.Response):
            return httpx.Response(answer.status_code, headers=answer.headers, stream=httpx.ByteStream(answer.content))
        content = httpx.Response(200, json={"status": "success", "data": answer}).content
        return httpx.Response(200, stream=httpx.ByteStream(content))

    def queries(self, path: str = "query_range") -> list[str]:
        """The queries asked of a path, in order."""
        return [params["query"] for asked, params in self.asked if asked == path]


def _nothing(params: Mapping[str, str]) -> object:
    return httpx.Response(404, text="404 page not found")


def server(
    series: list[dict[str, str]],
    *,
    clock: StandingClock | None = None,
    ahead: float = 0.0,
    value: Callable[[int], str | None] = str,
    **more: Callable[[Mapping[str, str]], object],
) -> Answers:
    """A server with these series, all of whose queries yield one row per series: the value at each instant."""
    standing = clock or StandingClock()

    def query(params: Mapping[str, str]) -> object:
        now = standing.now().timestamp() + ahead
        if params["query"] == "time()":
            return {"resultType": "scalar", "result": [now, f"{now:.3f}"]}
        return {"resultType": "vector", "result": [{"metric": labels, "value": [now, "1"]} for labels in series]}

    def query_range(params: Mapping[str, str]) -> object:
        grid = range(int(params["start"]), int(params["end"]) + 1, int(params["step"]))
        values = [[at, text] for at in grid if (text := value(at)) is not None]
        return {"resultType": "matrix", "result": [{"metric": labels, "values": values} for labels in series]}

    answers: dict[str, Callable[[Mapping[str, str]], object]] = {
        "query": query,
        "query_range": query_range,
        "series": lambda _: series,
        "metadata": lambda _: {},
        "status_buildinfo": lambda _: {"version": "2.42.0"},
    }
    return Answers(**(answers | more))


def error(status: int, kind: str, words: str) -> httpx.Response:
    """A refusal in the API's form."""
    return httpx.Response(status, json={"status": "error", "errorType": kind, "error": words})


async def poll(context: ConnectorContext, window: Window | None = None, cursor: str | None = None) -> Collected:
    """One whole poll of this connector."""
    return await collect_all(Source(), context, window=window, cursor=cursor)

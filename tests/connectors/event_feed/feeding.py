"""What the tests of the feed share: polls against answers that a function gives."""

import json
from collections.abc import Callable, Mapping
from importlib.resources import files

import httpx

from quarterdeck.connectors.event_feed.source import Source
from quarterdeck.domain.connections import SettingValue
from quarterdeck.sdk.connector import ConnectorContext
from quarterdeck.sdk.manifest import load_manifest
from quarterdeck.sdk.records import Batch
from quarterdeck.sdk.testing import Collected, collect_all, context_for, settings_for

MANIFEST = load_manifest(files("quarterdeck.connectors.event_feed") / "manifest.toml")
ADDRESS = "http://127.0.0.1:8200/events"

Answer = Callable[[httpx.Request], httpx.Response]


def json_answer(document: object, **headers: str) -> httpx.Response:
    """A good answer in JSON."""
    return httpx.Response(200, content=json.dumps(document).encode("ascii"), headers=headers)


def context_with(answer: Answer, settings: Mapping[str, SettingValue]) -> ConnectorContext:
    """A context in which the source answers like this."""
    given = settings_for(MANIFEST, {"address": ADDRESS, **settings})
    assert Source().validate(given) == ()
    return context_for(given, transport=httpx.MockTransport(answer))


async def polled(answer: Answer, *, cursor: str | None = None, **settings: SettingValue) -> Collected:
    """One poll."""
    return await collect_all(Source(), context_with(answer, settings), cursor=cursor)


async def batch_of(document: object, **settings: str) -> Batch:
    """The batch of a poll that a document answers."""
    return (await polled(lambda _request: json_answer(document), **settings)).only


def login(number: int, time: str = "2026-11-24T11:59:00Z", **more: object) -> dict[str, object]:
    """A small event."""
    return {"id": f"e{number}", "type": "login", "time": time, **more}

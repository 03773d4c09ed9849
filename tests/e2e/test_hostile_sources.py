"""Sources that refuse, hang, flood, babble or change their mind, beside a good one, through the real connectors."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from quarterdeck import bootstrap, composition
from quarterdeck.domain.connections import Connection, ConnectionHealth, ConnectionState, SettingValue
from quarterdeck.sdk.testing.servers import (
    Respond,
    ServedRequest,
    answering,
    babbling,
    cutting_off,
    flooding,
    hanging_up,
    http_server,
    silent,
    write_reply,
)
from quarterdeck.services.ports import EstateChange, Store
from quarterdeck.services.workspace import open_workspace
from tests.support.waiting import wait_until

CONNECTORS = ("openmetrics", "status_page", "event_feed", "prometheus")
METRICS = b"# TYPE up gauge\nup 1\n"
HOSTILE: dict[str, Respond] = {
    "hangs": silent,
    "floods": flooding,
    "babbles": babbling,
    "hangs up": hanging_up,
    "cuts off": cutting_off,
    "answers a page": answering(b"<html><b>Welcome</b></html>", content_type="text/html"),
    "fails": answering(b"no", status=500, content_type="text/plain"),
}


@asynccontextmanager
async def collecting(store: Store, workspace_store: str) -> AsyncIterator[None]:
    stop = asyncio.Event()
    collector = bootstrap.build_collector(store, open_workspace(store_url=workspace_store))
    running = asyncio.create_task(collector.run(stop))
    try:
        yield
    finally:
        stop.set()
        await running


async def until(condition: Callable[[], bool], what: str, seconds: float = 60) -> None:
    await asyncio.to_thread(wait_until, condition, what, within_seconds=seconds)


def declare(store: Store, *connections: Connection) -> None:
    store.writer.change_estate(EstateChange(datetime.now(UTC), "test", put_connections=connections)).result(5)


def source(connection_id: str, connector_id: str, address: str) -> Connection:
    settings: dict[str, SettingValue] = {"address": address, "entity": "partner/payhub", "timeout_seconds": 2}
    if connector_id == "prometheus":
        settings["selector"] = "up"
    return Connection(connection_id, connector_id, connection_id, tuple(settings.items()), poll_seconds=1.0)


@pytest.mark.parametrize("connector_id", CONNECTORS)
async def test_hostile_sources_are_told_in_words_while_a_good_one_goes_on(connector_id: str, tmp_path: Path) -> None:
    path = str(tmp_path / "store.db")
    store = composition.open_workspace_store(open_workspace(store_url=path))
    try:
        async with AsyncExitStack() as servers:
            good = await servers.enter_async_context(http_server(answering(METRICS, content_type="text/plain")))
            connections = [source("good", "openmetrics", good.url("/metrics"))]
            for name, respond in HOSTILE.items():
                server = await servers.enter_async_context(http_server(respond))
                connections.append(source(name, connector_id, server.url("/")))
            connections.append(source("refuses", connector_id, "http://127.0.0.1:9/"))
            declare(store, *connections)
            names = [connection.id for connection in connections[1:]]
            async with collecting(store, path):
                await until(lambda: all(is_told(store.health().get(name)) for name in names), "all are told in words")
                polls_before = len(good.requests)
                await until(lambda: len(good.requests) > polls_before + 2, "the good one goes on")
            health = store.health()
        assert health["good"].state is ConnectionState.GOOD
        assert "refused" in health["refuses"].words
        assert not any("<b>" in told.words and "Traceback" in told.words for told in health.values())
    finally:
        store.close()


def is_told(health: ConnectionHealth | None) -> bool:
    wrong = {ConnectionState.FAILING, ConnectionState.SILENT}
    return health is not None and health.state in wrong and bool(health.words) and bool(health.next_step)


async def test_a_source_that_changes_its_mind_is_told_and_recovers(tmp_path: Path) -> None:
    answers = {"body": METRICS, "type": "text/plain"}

    async def moody(_request: ServedRequest, writer: asyncio.StreamWriter) -> None:
        await write_reply(writer, 200, {"content-type": str(answers["type"])}, bytes(answers["body"]))

    path = str(tmp_path / "store.db")
    store = composition.open_workspace_store(open_workspace(store_url=path))

    def state() -> ConnectionState | None:
        health = store.health().get("moody")
        return health.state if health else None

    try:
        async with http_server(moody) as server:
            declare(store, source("moody", "openmetrics", server.url("/metrics")))
            async with collecting(store, path):
                await until(lambda: state() is ConnectionState.GOOD, "good at first")
                answers.update(body=b"\x00\x01 not metrics {{{", type="text/plain")
                await until(lambda: state() is ConnectionState.FAILING, "told in words")
                answers.update(body=METRICS)
                await until(lambda: state() is ConnectionState.GOOD, "good again")
    finally:
        store.close()

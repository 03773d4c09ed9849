"""How evenly the window answers while hostile sources are collected: `python -m tests.bench.heartbeat [--quick]`.

The demo bank, a collector and sources that refuse, hang, flood, babble, cut off and fail run as their own processes.
Beside them run two windows: the console, whose panels, ranges, selection and play-head change all the time, and an
empty window. Each beats every few milliseconds and notes how late the beat came and how much processor time its GUI
thread spent since the one before. Lateness is also the machine's; the spent time is the window's own, and the longest
of it is what the window blocked for. The last line is one JSON object.
"""

import argparse
import asyncio
import json
import os
import subprocess
import sys
import tempfile
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path

from quarterdeck import bootstrap
from quarterdeck.domain.connections import Connection, SettingValue
from quarterdeck.sdk.testing.servers import answering, babbling, cutting_off, flooding, hanging_up, http_server, silent
from quarterdeck.services.ports import EstateChange
from quarterdeck.services.workspace import Workspace, open_workspace
from tests.bench.heartbeat_window import LIMIT_MS
from tests.bench.idle import core_had, wait_for_history

SECONDS = 120.0
QUICK_SECONDS = 30.0
LEAVE_SECONDS = 120.0
SOURCES = {
    "hangs": silent,
    "floods": flooding,
    "babbles": babbling,
    "hangs up": hanging_up,
    "cuts off": cutting_off,
    "answers a page": answering(b"<html><b>Welcome</b></html>", content_type="text/html"),
    "fails": answering(b"no", status=500, content_type="text/plain"),
}
REFUSES = "http://127.0.0.1:9/"


def main() -> None:
    """Measure, print the table, print the figures."""
    parser = argparse.ArgumentParser(description="Heartbeat of the console beside that of an empty window.")
    parser.add_argument("--quick", action="store_true", help=f"{QUICK_SECONDS:.0f} s instead of {SECONDS:.0f} s")
    seconds = QUICK_SECONDS if parser.parse_args().quick else SECONDS
    with tempfile.TemporaryDirectory(prefix="quarterdeck-bench-") as folder:
        os.environ.update(HOME=folder, XDG_RUNTIME_DIR=folder)
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
        for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"):
            os.environ.pop(name, None)
        workspace = open_workspace(store_url=str(Path(folder) / "store.db"), profile="demo")
        figures = asyncio.run(measure(workspace, seconds))
    for name, value in figures.items():
        print(f"{name:34} {value:9.2f}")
    print(json.dumps(figures))


async def measure(workspace: Workspace, seconds: float) -> dict[str, float]:
    """Milliseconds of both windows, each over the same while."""
    bank = bootstrap.start_bank(bootstrap.DemoPlan(workspace, seed=7, speed=1.0))
    collector = bootstrap.start_collector(workspace)
    try:
        await asyncio.to_thread(wait_for_history, workspace)
        async with AsyncExitStack() as servers:
            addresses = {"refuses": REFUSES}
            for name, respond in SOURCES.items():
                addresses[name] = (await servers.enter_async_context(http_server(respond))).url("/")
            await asyncio.to_thread(declare, workspace, addresses)
            console, empty = await asyncio.gather(
                beat("console", workspace.arguments, seconds), beat("empty", (), seconds)
            )
    finally:
        collector.stop()
        bank.stop()
    return {**console, **empty, "limit_ms": LIMIT_MS, "core_had_percent": round(core_had() * 100, 1)}


def declare(workspace: Workspace, addresses: dict[str, str]) -> None:
    """Add the hostile sources to the store, each polled every second."""
    connections: list[Connection] = []
    for name, address in addresses.items():
        settings: dict[str, SettingValue] = {"address": address, "entity": "partner/payhub", "timeout_seconds": 2}
        connections.append(Connection(name, "openmetrics", name, tuple(settings.items()), poll_seconds=1.0))
    store = bootstrap.open_workspace_store(workspace)
    try:
        change = EstateChange(datetime.now(UTC), "bench", put_connections=tuple(connections))
        store.writer.change_estate(change).result(timeout=10)
    finally:
        store.close()


async def beat(kind: str, arguments: tuple[str, ...], seconds: float) -> dict[str, float]:
    """What one window in a process of its own measured."""
    command = [sys.executable, "-m", "tests.bench.heartbeat_window", kind, str(seconds), *arguments]
    process = await asyncio.create_subprocess_exec(*command, stdout=subprocess.PIPE)
    try:
        out, _ = await asyncio.wait_for(process.communicate(), seconds + LEAVE_SECONDS)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    return {f"{kind}_{name}": value for name, value in json.loads(out.splitlines()[-1]).items()}


if __name__ == "__main__":
    main()

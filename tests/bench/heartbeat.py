"""How evenly the window answers while hostile sources are collected: `python -m tests.bench.heartbeat [--quick]`.

The demo bank and a collector run as their own processes; the collector polls, every second, sources that refuse, hang,
drip, send a gigabyte, answer garbage, fail, and change their mind in the middle of a reply. Beside them run two
windows: the console, whose panels, ranges, selection and play-head change all the time, and an empty window. Each beats
every few milliseconds and notes how late the beat came and how much processor time its GUI thread spent since the one
before. Lateness is also the machine's, so it is told as a ratio to that of the empty window too; the spent time is the
window's own, and the longest of it is what the window blocked for. `asked_least` is how often the source that was
asked least was asked meanwhile. The last line is one JSON object.
"""

import argparse
import asyncio
import json
import os
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from quarterdeck import bootstrap, composition
from quarterdeck.domain.connections import Connection, SettingValue
from quarterdeck.services.ports import EstateChange
from quarterdeck.services.workspace import Workspace, open_workspace
from tests.bench.heartbeat_window import LIMIT_MS
from tests.bench.hostile_sources import hostile_sources
from tests.bench.idle import core_had, wait_for_history

SECONDS = 120.0
QUICK_SECONDS = 30.0
LEAVE_SECONDS = 120.0
LEAST_MS = 0.01


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
    collector = composition.start_collector(workspace)
    try:
        await asyncio.to_thread(wait_for_history, workspace)
        async with hostile_sources() as sources:
            await asyncio.to_thread(declare, workspace, sources.addresses)
            console, empty = await asyncio.gather(
                beat("console", workspace.arguments, seconds), beat("empty", (), seconds)
            )
            asked = sources.asked
    finally:
        collector.stop()
        bank.stop()
    print(*(f"asked {count} times: {name}" for name, count in asked.items()), sep="\n")
    return {
        **console,
        **empty,
        **{f"{name}_ratio": ratio(console, empty, name) for name in ("late_p99", "late_max")},
        "asked_least": min(asked.values()),
        "limit_ms": LIMIT_MS,
        "core_had_percent": round(core_had() * 100, 1),
    }


def ratio(console: dict[str, float], empty: dict[str, float], name: str) -> float:
    """How many times the console's lateness is that of the empty window in the same while."""
    return round(console[f"console_{name}_ms"] / max(empty[f"empty_{name}_ms"], LEAST_MS), 2)


def declare(workspace: Workspace, addresses: dict[str, str]) -> None:
    """Add the hostile sources to the store, each polled every second."""
    connections: list[Connection] = []
    for name, address in addresses.items():
        settings: dict[str, SettingValue] = {"address": address, "entity": "partner/payhub", "timeout_seconds": 2}
        connections.append(Connection(name, "openmetrics", name, tuple(settings.items()), poll_seconds=1.0))
    store = composition.open_workspace_store(workspace)
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

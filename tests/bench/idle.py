"""What the console and its collector cost at rest: `python -m tests.bench.idle [--quick]`.

The demo bank, a collector and a window run as their own processes until the ninety days of history are there; then
their processor time is read over a while in which nobody touches anything. The share of one core is the figure; a
busy-loop of known length beside them tells how much of a core there was to be had. The last line is one JSON object.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import psutil

from quarterdeck import bootstrap, composition
from quarterdeck.services.workspace import Workspace, open_workspace

SECONDS = 120
QUICK_SECONDS = 30
HISTORY_SECONDS = 300
SETTLE_SECONDS = 15
PERCENT = 100.0


def main() -> None:
    """Measure, print the table, print the figures."""
    parser = argparse.ArgumentParser(description="Processor time of console and collector at rest.")
    parser.add_argument("--quick", action="store_true", help=f"{QUICK_SECONDS} s instead of {SECONDS} s")
    seconds = QUICK_SECONDS if parser.parse_args().quick else SECONDS
    with tempfile.TemporaryDirectory(prefix="quarterdeck-bench-") as folder:
        os.environ.update(HOME=folder, XDG_RUNTIME_DIR=folder, QT_QPA_PLATFORM="offscreen")
        for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"):
            os.environ.pop(name, None)
        figures = measure(open_workspace(store_url=str(Path(folder) / "store.db"), profile="demo"), seconds)
    for name, value in figures.items():
        print(f"{name:32} {value:8.2f}")
    print(json.dumps(figures))


def measure(workspace: Workspace, seconds: float) -> dict[str, float]:
    """Percent of one core of each process, at rest."""
    bank = bootstrap.start_bank(bootstrap.DemoPlan(workspace, seed=7, speed=1.0))
    collector = composition.start_collector(workspace)
    window = subprocess.Popen([sys.executable, "-m", "quarterdeck", *workspace.arguments])
    try:
        waited = wait_for_history(workspace)
        let_pass(SETTLE_SECONDS)
        processes = {"console": window.pid, "collector": collector.pid, "demo bank": bank.pid}
        before = {name: spent(pid) for name, pid in processes.items()}
        let_pass(seconds)
        shares = {name: (spent(pid) - before[name]) / seconds * PERCENT for name, pid in processes.items()}
    finally:
        window.terminate()
        window.wait()
        collector.stop()
        bank.stop()
    return {
        "idle_core_percent": round(shares["console"] + shares["collector"], 2),
        "console_core_percent": round(shares["console"], 2),
        "collector_core_percent": round(shares["collector"], 2),
        "demo_bank_core_percent": round(shares["demo bank"], 2),
        "history_seconds": round(waited, 1),
        "core_had_percent": round(core_had() * PERCENT, 1),
    }


def wait_for_history(workspace: Workspace) -> float:
    """Seconds until the ninety days are there."""
    started = time.monotonic()
    store = composition.open_workspace_store(workspace, read_only=True)
    try:
        while time.monotonic() - started < HISTORY_SECONDS:
            progress = [health.backfill for health in store.health().values() if health.backfill]
            if progress and all(one.finished for one in progress):
                return time.monotonic() - started
            let_pass(1)
    finally:
        store.close()
    message = f"the history was not there after {HISTORY_SECONDS} s"
    raise SystemExit(message)


def let_pass(seconds: float) -> None:
    """Leave the machine to the others for a while."""
    threading.Event().wait(seconds)


def spent(pid: int) -> float:
    """Processor seconds of a process and its children so far."""
    process = psutil.Process(pid)
    times = [process.cpu_times(), *(child.cpu_times() for child in process.children(recursive=True))]
    return sum(one.user + one.system for one in times)


def core_had() -> float:
    """How much of a core a busy loop gets here and now, 1 for a whole one."""
    wall, used = time.monotonic(), time.process_time()
    while time.monotonic() - wall < 1:
        pass
    return (time.process_time() - used) / (time.monotonic() - wall)


if __name__ == "__main__":
    main()

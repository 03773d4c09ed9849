"""What a step of the play-head through ninety days costs: `python -m tests.bench.play_head [--quick]`.

The demo bank is collected until its ninety days of history are in the store, and stopped. Then the program's own window
on that store, offscreen, moves its play-head through those days, in equal steps and each day at another hour, with one
panel in sight after the other. A step is over once every worker has answered and the window is painted; told are its
wall time, and the longest turn of the GUI thread in processor time. Beside it each panel is told the wall time of the
same steps gone through once more, when nothing has to be read for the first time. The last line is one JSON object.
"""

import argparse
import json
import os
import statistics
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QCoreApplication, QEventLoop

from quarterdeck import bootstrap, composition, desktop
from quarterdeck.services.workspace import Workspace, open_workspace
from quarterdeck.ui.shell.panels import PANELS
from quarterdeck.ui.shell.places import Rolling
from quarterdeck.ui.theme.theme import Theme
from tests.bench.idle import core_had, wait_for_history

PANELS_SEEN = ("relationships", "integrations", "overview", "performance", "compliance")
STEPS, QUICK_STEPS = 89, 15
DAYS = 89
HOURS_ON = 7
LIMIT_MS = 100.0
SIZE = (1440, 900)
SHARE = 0.95


def main() -> None:
    """Measure, print the table, print the figures."""
    parser = argparse.ArgumentParser(description="Steps of the play-head through ninety days of the demo bank.")
    parser.add_argument("--quick", action="store_true", help=f"{QUICK_STEPS} steps instead of {STEPS}")
    steps = QUICK_STEPS if parser.parse_args().quick else STEPS
    with tempfile.TemporaryDirectory(prefix="quarterdeck-bench-") as folder:
        os.environ.update(HOME=folder, XDG_RUNTIME_DIR=folder)
        for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"):
            os.environ.pop(name, None)
        workspace = open_workspace(store_url=str(Path(folder) / "store.db"), profile="demo")
        collect(workspace)
        figures = measure(workspace, moments(datetime.now(UTC), steps))
    figures["limit_ms"] = LIMIT_MS
    figures["core_had_percent"] = round(core_had() * 100, 1)
    for name, value in figures.items():
        print(f"{name:40} {value:9.1f}")
    print(json.dumps(figures))


def collect(workspace: Workspace) -> None:
    """Fill the store with the bank's past."""
    bank = bootstrap.start_bank(bootstrap.DemoPlan(workspace, seed=7, speed=1.0))
    collector = composition.start_collector(workspace)
    try:
        wait_for_history(workspace)
    finally:
        collector.stop()
        bank.stop()


def moments(now: datetime, steps: int) -> list[datetime]:
    """From the oldest day to the present one, each at another hour."""
    begin_at = now - timedelta(days=DAYS)
    return [begin_at + timedelta(days=DAYS * at / steps, hours=HOURS_ON * at % 24) for at in range(steps)]


def measure(workspace: Workspace, through: Sequence[datetime]) -> dict[str, float]:
    """Milliseconds a step by panel."""
    theme = Theme(desktop._application())
    figures: dict[str, float] = {}
    with desktop._crash_reports(theme) as reporter:
        desk = desktop.Desk(desktop.launch_of(workspace), theme, reporter)
        desk.console.start()
        desk.console.window.resize(*SIZE)
        desk.wait_until(lambda: desk.is_open and desk.is_idle)
        desk.console.conductor.choose_range(Rolling((DAYS + 1) * 86_400.0))
        for panel in [spec.id for spec in PANELS if spec.id in PANELS_SEEN]:
            desk.console.conductor.open_panel(panel)
            desk.wait_until(lambda: desk.is_idle)
            first = [step(desk, at) for at in through]
            again = [step(desk, at) for at in through]
            figures |= told(panel, first) | {f"{panel}_again_ms": middle([wall for wall, _ in again])}
            desk.console.conductor.go_live()
        desk.close()
    figures["worst_median_ms"] = max(value for name, value in figures.items() if name.endswith("_median_ms"))
    return figures


def step(desk: desktop.Desk, at: datetime) -> tuple[float, float]:
    """Wall time of one step, and the longest turn of the GUI thread in it in processor time, in milliseconds."""
    began, longest = time.perf_counter(), 0.0
    spent = time.thread_time()
    desk.console.conductor._move_play_head(at)
    assert desk.console.conductor.place.at == at
    while True:
        longest, spent = max(longest, time.thread_time() - spent), time.thread_time()
        is_over = desk.is_idle
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 1)
        if is_over and desk.is_idle:
            longest = max(longest, time.thread_time() - spent)
            return (time.perf_counter() - began) * 1000, longest * 1000


def told(panel: str, steps: Sequence[tuple[float, float]]) -> dict[str, float]:
    """The middle and the far end of the steps, and the longest turn."""
    walls = sorted(wall for wall, _ in steps)
    return {
        f"{panel}_median_ms": middle(walls),
        f"{panel}_p95_ms": round(walls[min(len(walls) - 1, int(SHARE * len(walls)))], 1),
        f"{panel}_longest_turn_ms": round(max(turn for _, turn in steps), 1),
    }


def middle(values: Sequence[float]) -> float:
    """The median, to a tenth."""
    return round(statistics.median(values), 1)


if __name__ == "__main__":
    main()

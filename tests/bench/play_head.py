"""What a step of the play-head through ninety days costs: `python -m tests.bench.play_head [--quick]`.

The demo bank is collected until its ninety days of history are in the store, and stopped. Then the program's own window
on that store, offscreen, moves its play-head through those days, in equal steps and each day at another hour, with one
panel in sight after the other. Told are, in wall time, when the panel in sight has been read and painted anew
(`median`, `p95`), and when the counts of the frame are there too (`whole`), and the longest turn of the GUI thread in
processor time; `again` is the median of the same steps gone through once more. The window turns its own event loop and
collects its own garbage as it does when a person uses it. The last line is one JSON object.
"""

import argparse
import json
import os
import statistics
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QAbstractEventDispatcher, QCoreApplication, QEvent, QEventLoop, QObject, QTimer

from quarterdeck import bootstrap, composition, launching
from quarterdeck.desk import Desk, crash_reports
from quarterdeck.services.workspace import Workspace, open_workspace
from quarterdeck.ui.shell.panels import PANELS
from quarterdeck.ui.shell.places import Rolling
from quarterdeck.ui.tasks.garbage import GuiGarbage
from quarterdeck.ui.theme.theme import Theme
from tests.bench.idle import core_had, wait_for_history

PANELS_SEEN = ("relationships", "integrations", "overview", "performance", "compliance")
STEPS, QUICK_STEPS = 89, 15
DAYS = 89
HOURS_ON = 7
LIMIT_MS = 100.0
SIZE = (1440, 900)
SHARE = 0.95


@dataclass(slots=True)
class Step:
    """What one step took, in milliseconds: until the panel was painted anew, until all was at rest, at a stretch."""

    shown_ms: float = 0.0
    whole_ms: float = 0.0
    longest_turn_ms: float = 0.0


class Turns(QObject):
    """Notes the longest turn of the GUI thread's event loop, in milliseconds of its processor time.

    From one time that it goes to wait to the next: what dispatches events tells of their end before or after that.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.longest_ms = 0.0
        self._spent = time.thread_time()
        QAbstractEventDispatcher.instance().aboutToBlock.connect(self._note)

    def _note(self) -> None:
        before, self._spent = self._spent, time.thread_time()
        self.longest_ms = max(self.longest_ms, (self._spent - before) * 1000)


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
    app = launching.application()
    theme, garbage = Theme(app), GuiGarbage(app)
    figures: dict[str, float] = {}
    with crash_reports(theme) as reporter:
        desk = Desk(launching.launch_of(workspace), theme, reporter)
        desk.console.start()
        desk.console.window.resize(*SIZE)
        desk.wait_until(lambda: desk.is_open and desk.is_idle)
        garbage.start()
        desk.console.conductor.choose_range(Rolling((DAYS + 1) * 86_400.0))
        for panel in [spec.id for spec in PANELS if spec.id in PANELS_SEEN]:
            desk.console.conductor.open_panel(panel)
            desk.wait_until(lambda: desk.is_idle)
            first = [step(desk, at) for at in through]
            again = [step(desk, at) for at in through]
            figures |= told(panel, first) | {f"{panel}_again_ms": middle([one.shown_ms for one in again])}
            desk.console.conductor.go_live()
        desk.close()
        garbage.stop()
    figures["worst_median_ms"] = max(value for name, value in figures.items() if name.endswith("_median_ms"))
    return figures


def step(desk: Desk, at: datetime) -> Step:
    """Move the play-head and turn the event loop, as the program does, until nothing is left to do."""
    loop, told = QEventLoop(), Step()
    turns = Turns(loop)
    watch = QTimer(loop)
    watch.timeout.connect(lambda: loop.quit() if desk.is_idle and told.shown_ms else None)
    began = time.perf_counter()

    def shown() -> None:
        """What is in sight has been read and handed over: paint it now, and look at the clock."""
        QCoreApplication.sendPostedEvents(None, QEvent.Type.UpdateRequest.value)
        told.shown_ms = (time.perf_counter() - began) * 1000

    # Asked for before the move, it is called before what the frame puts off until the panel has been read.
    desk._runner.when_calm(shown, owner=loop)
    desk.console.conductor._move_play_head(at)
    assert desk.console.conductor.place.at == at
    watch.start(1)
    loop.exec()
    told.whole_ms = (time.perf_counter() - began) * 1000
    told.longest_turn_ms = turns.longest_ms
    return told


def told(panel: str, steps: Sequence[Step]) -> dict[str, float]:
    """The middle and the far end of the steps, and the longest turn."""
    shown = sorted(one.shown_ms for one in steps)
    return {
        f"{panel}_median_ms": middle(shown),
        f"{panel}_p95_ms": round(shown[min(len(shown) - 1, int(SHARE * len(shown)))], 1),
        f"{panel}_whole_ms": middle([one.whole_ms for one in steps]),
        f"{panel}_longest_turn_ms": round(max(one.longest_turn_ms for one in steps), 1),
    }


def middle(values: Sequence[float]) -> float:
    """The median, to a tenth."""
    return round(statistics.median(values), 1)


if __name__ == "__main__":
    main()

"""One window in one process that notes its own heartbeat: `python -m tests.bench.heartbeat_window KIND SECONDS ...`.

KIND is `console`, with the program's own options for its workspace behind, or `empty`.
"""

import itertools
import json
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import numpy as np
from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication, QMainWindow

from quarterdeck.desk import Desk
from quarterdeck.desktop import run_window
from quarterdeck.launching import launch_of
from quarterdeck.services.workspace import Workspace, open_workspace
from quarterdeck.ui.shell.panels import PANELS
from quarterdeck.ui.shell.places import Rolling

LIMIT_MS = 50.0
_BEAT_MS = 5
_DEED_MS = 700
_SIZE = (1440, 900)
_ENTITIES = ("integration/payhub-processor", "partner/payhub", "service/payment-order-initiation")
_RANGE_HOURS = (1, 24, 24 * 90, 6)


class Heart(QObject):
    """Beats on a timer of the GUI thread; notes lateness and the thread's processor time between beats, in ms."""

    def __init__(self) -> None:
        super().__init__()
        self._late_ms: list[float] = []
        self._spent_ms: list[float] = []
        self._marks: list[str] = []
        self.doing = "start"
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(_BEAT_MS)
        self._timer.timeout.connect(self._beat)
        self._at = time.perf_counter()
        self._spent = time.thread_time()

    def start(self) -> None:
        """Begin to beat."""
        self._at, self._spent = time.perf_counter(), time.thread_time()
        self._timer.start()

    def figures(self) -> dict[str, float]:
        """The beats told in numbers; `over_limit` counts those that were late, or busy, longer than the window may."""
        late, spent = np.array(self._late_ms), np.array(self._spent_ms)
        figures: dict[str, float] = {"beats": len(late)}
        for name, values in (("late", late), ("busy", spent)):
            for share in (50, 99):
                figures[f"{name}_p{share}_ms"] = round(float(np.percentile(values, share)), 2)
            figures[f"{name}_max_ms"] = round(float(values.max()), 2)
            figures[f"{name}_over_limit"] = int((values > LIMIT_MS).sum())
        return figures

    def longest(self, count: int = 8) -> dict[str, list[tuple[float, str]]]:
        """The latest beats and the longest busy stretches, and what was being done then."""
        kinds = {"busy": self._spent_ms, "late": self._late_ms}
        return {name: sorted(zip(ms, self._marks, strict=True), reverse=True)[:count] for name, ms in kinds.items()}

    def _beat(self) -> None:
        at, spent = time.perf_counter(), time.thread_time()
        self._late_ms.append(max(0.0, (at - self._at) * 1000 - _BEAT_MS))
        self._spent_ms.append((spent - self._spent) * 1000)
        self._marks.append(self.doing)
        self._at, self._spent = time.perf_counter(), time.thread_time()


class Hands(QObject):
    """Does what a restless person does, one deed at a time, once the store is open."""

    def __init__(self, desk: Desk, heart: Heart) -> None:
        super().__init__()
        self._desk = desk
        self._heart = heart
        self._deeds = itertools.cycle(self._all_deeds())
        self._timer = QTimer(self)
        self._timer.setInterval(_DEED_MS)
        self._timer.timeout.connect(self._do_next)

    def start(self) -> None:
        """Begin."""
        self._timer.start()

    def _do_next(self) -> None:
        if self._desk.is_open:
            self._heart.doing, deed = next(self._deeds)
            deed()

    def _all_deeds(self) -> Iterator[tuple[str, Callable[[], object]]]:
        conductor, lens = self._desk.console.conductor, self._desk.console.window.lens
        for spec in PANELS:
            yield f"open {spec.id}", lambda spec=spec: conductor.open_panel(spec.id)
            for key in _ENTITIES:
                yield f"select {key} in {spec.id}", lambda key=key: conductor.select(key)
            for hours in _RANGE_HOURS:
                choice = Rolling(hours * 3600.0)
                yield f"last {hours} h in {spec.id}", lambda choice=choice: conductor.choose_range(choice)
            for hours in (1, 30):
                yield (
                    f"{hours} h ago in {spec.id}",
                    lambda hours=hours: lens.play_head_moved.emit(datetime.now(UTC) - timedelta(hours=hours)),
                )
            yield f"live in {spec.id}", conductor.go_live


def empty_window(seconds: float) -> Heart:
    """The heart of a window with nothing in it."""
    app = QApplication([])
    window = QMainWindow()
    window.resize(*_SIZE)
    window.show()
    heart = Heart()
    heart.start()
    QTimer.singleShot(int(seconds * 1000), app.quit)
    app.exec()
    return heart


def console_window(workspace: Workspace, seconds: float) -> Heart:
    """The heart of the console, from before its first picture on."""
    heart = Heart()
    kept: list[QObject] = [heart]

    def begin(desk: Desk) -> None:
        desk.console.window.resize(*_SIZE)
        hands = Hands(desk, heart)
        kept.append(hands)
        desk.console.window.painted.connect(heart.start)
        hands.start()
        QTimer.singleShot(int(seconds * 1000), desk.console.quit_requested.emit)

    run_window(launch_of(workspace), on_made=begin)
    return heart


def main() -> None:
    """Show the window for a while and print what its heart noted."""
    kind, seconds, *arguments = sys.argv[1:]
    heart = empty_window(float(seconds)) if kind == "empty" else console_window(_workspace(arguments), float(seconds))
    for name, beats in heart.longest().items():
        for took_ms, doing in beats:
            print(f"{kind}: {name} {took_ms:.1f} ms: {doing}", file=sys.stderr)
    print(json.dumps(heart.figures()))


def _workspace(arguments: list[str]) -> Workspace:
    options = dict(zip(arguments[::2], arguments[1::2], strict=True))
    return open_workspace(store_url=options["--store"], profile=options["--profile"])


if __name__ == "__main__":
    main()

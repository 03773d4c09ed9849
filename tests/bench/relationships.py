"""How a map of two thousand entities is laid out, moved and zoomed: `python -m tests.bench.relationships [--nodes N]`.

The panel runs offscreen over a made-up estate in its own window. First the layout: from the demand until the map
stands, with the layout itself done in a worker. Then the map is dragged and zoomed step by step; a frame is one step
with everything it causes until the window is painted, told as wall time and as processor time of the GUI thread (the
wall time is also that of whatever else the machine does, which `core_had_percent` tells). All the while the processor
time of each turn of the GUI thread's event loop is noted. Nodes are all open, none collapsed. The last line is one
JSON object.
"""

import argparse
import json
import os
import sys
import time
from collections.abc import Callable
from dataclasses import replace

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, QObject, QPointF, Qt, QTimer
from PySide6.QtWidgets import QApplication
from typing_extensions import override

from quarterdeck.domain.errors import OperatorError
from quarterdeck.domain.health import HealthState
from quarterdeck.domain.instants import TimeRange
from quarterdeck.services.moments import Moment
from quarterdeck.services.ports import Topic
from quarterdeck.services.relationships import EstateFacts, RelationshipReport
from quarterdeck.ui.panels.relationships.presenter import RelationshipsPresenter
from quarterdeck.ui.panels.relationships.state import Wish
from quarterdeck.ui.panels.relationships.view import RelationshipsView
from quarterdeck.ui.tasks.owned import OwnedBackground
from quarterdeck.ui.tasks.runner import TaskRunner
from quarterdeck.ui.theme.scheme import ThemeChoice
from quarterdeck.ui.theme.theme import Theme
from tests.bench.idle import core_had
from tests.support.graphs import crowd
from tests.support.pictured_bank import NOON

NODES = 2000
SIZE = (1200, 760)
STEPS = 240
FRAME_MS = 16
PATIENCE_SECONDS = 60.0
MOMENT = Moment(TimeRange.ending(NOON, 6 * 3600), NOON)
OPEN = Wish(collapsed=frozenset())


class Estate:
    """A source that has its answer ready, so that the panel alone is measured; states differ from one to the next."""

    def __init__(self, count: int) -> None:
        self._told = crowd(count)
        self._number = 0

    def relationships(self, moment: Moment, facts: EstateFacts | None = None) -> RelationshipReport:
        self._number += 1
        changed = [
            replace(one, state=HealthState.DOWN) if (at + self._number) % 50 == 0 else one
            for at, one in enumerate(self._told.entities)
        ]
        return replace(self._told, entities=tuple(changed))


class TimedApplication(QApplication):
    """Notes how much processor time each turn of the event loop takes the GUI thread, in ms, and what was done."""

    def __init__(self, arguments: list[str]) -> None:
        super().__init__(arguments)
        self.doing = "start"
        self.turns: list[tuple[float, str]] = []
        self._depth = 0

    @override
    def notify(self, receiver: QObject, event: QEvent, /) -> bool:
        before = time.thread_time()
        self._depth += 1
        try:
            return super().notify(receiver, event)
        finally:
            self._depth -= 1
            if self._depth == 0:
                self.turns.append(((time.thread_time() - before) * 1000, self.doing))


class Bench:
    """The panel in a window, with a heart beside it."""

    def __init__(self, count: int) -> None:
        self.app = TimedApplication(sys.argv[:1])
        self.runner = TaskRunner(on_bug=fail, on_unheard=fail)
        self.view = RelationshipsView(Theme(self.app, choice=ThemeChoice.DARK))
        background = OwnedBackground(self.runner, self.view)
        self.presenter = RelationshipsPresenter(Estate(count), background, self.view, str)
        self.view.present(self.presenter, background)
        self.view.resize(*SIZE)
        self.view.show()
        self.map = self.view._page.map

    def until(self, condition: Callable[[], bool]) -> None:
        """Turn the event loop until a condition holds."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not condition():
            if time.monotonic() > deadline:
                message = "the map did not come to rest"
                raise SystemExit(message)
            QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 5)

    @property
    def is_at_rest(self) -> bool:
        """Whether nothing is under way in the workers or on the picture."""
        return self.runner.is_idle and not self.map.view.sight._picture.is_painting

    def lay_out(self) -> dict[str, float]:
        """From the demand for a moment until the whole map stands."""
        self.app.doing = "first layout"
        self.app.turns.clear()
        self.presenter.ask(OPEN)
        began = time.perf_counter()
        self.presenter.show_moment(MOMENT)
        self.until(lambda: bool(self.map.view.rows.scene.nodes))
        stands = time.perf_counter()
        self.until(lambda: self.is_at_rest)
        return {"layout_seconds": stands - began, "first_picture_seconds": time.perf_counter() - began}

    def refresh(self) -> dict[str, float]:
        """From news of states until they are on the map."""
        self.app.doing = "refresh"
        began = time.perf_counter()
        for _ in range(3):
            self.presenter.refresh(MOMENT, frozenset({Topic.STATES}))
            self.until(lambda: self.is_at_rest)
        return {"refresh_seconds": (time.perf_counter() - began) / 3}

    def frames(self, doing: str, step: Callable[[int], None]) -> dict[str, float]:
        """The frames of a movement, one every sixtieth of a second: wall time, and processor time of the GUI thread."""
        self.app.doing = doing
        wall: list[float] = []
        spent: list[float] = []

        def frame() -> None:
            began, before = time.perf_counter(), time.thread_time()
            step(len(wall))
            self.map.view.viewport().repaint()
            wall.append((time.perf_counter() - began) * 1000)
            spent.append((time.thread_time() - before) * 1000)

        timer = QTimer()
        timer.setTimerType(Qt.TimerType.PreciseTimer)
        timer.timeout.connect(frame)
        timer.start(FRAME_MS)
        self.until(lambda: len(wall) >= STEPS)
        timer.stop()
        self.until(lambda: self.is_at_rest)
        return {
            f"{doing}_p50_ms": float(np.percentile(wall, 50)),
            f"{doing}_p95_ms": float(np.percentile(wall, 95)),
            f"{doing}_cpu_p95_ms": float(np.percentile(spent, 95)),
            f"{doing}_cpu_max_ms": max(spent),
        }

    def pan(self, number: int) -> None:
        """One step of a drag that goes round."""
        angle = number / 20
        sight = self.map.view.sight
        sight.look(sight.camera.moved(28 * np.cos(angle), 28 * np.sin(angle)))

    def zoom(self, number: int) -> None:
        """One notch of the wheel, in and out again."""
        sight = self.map.view.sight
        factor = 1.06 if number % 80 < 40 else 1 / 1.06
        sight.look(sight.camera.zoomed(factor, QPointF(SIZE[0] / 2, SIZE[1] / 2)))

    def point(self, number: int) -> None:
        """The pointer over the map: what it is on is looked up and lit."""
        view = self.map.view
        view.pointed = view.sight.under(QPointF(40 + number * 4.6, 60 + number * 2.7))


def fail(error: BaseException | OperatorError) -> None:
    """A bug ends the measurement."""
    raise error


def main() -> None:
    """Measure, print the table, print the figures."""
    parser = argparse.ArgumentParser(description="Layout, pan and zoom of a large map.")
    parser.add_argument("--nodes", type=int, default=NODES)
    bench = Bench(parser.parse_args().nodes)
    figures: dict[str, float] = bench.lay_out()
    scene = bench.map.view.rows.scene
    figures |= {"nodes": len(scene.nodes), "edges": len(scene.edges)}
    figures |= bench.refresh()
    figures |= bench.frames("pan_whole", bench.pan)
    figures |= bench.frames("point", bench.point)
    figures |= bench.frames("zoom", bench.zoom)
    bench.map.view.sight.look(bench.map.view.sight.camera.zoomed(0.9 / bench.map.view.sight.camera.scale, QPointF()))
    figures |= bench.frames("pan_near", bench.pan)
    turns = [spent for spent, _ in bench.app.turns]
    figures |= {"turn_max_ms": max(turns), "turn_p99_ms": float(np.percentile(turns, 99))}
    for spent_ms, doing in sorted(bench.app.turns, reverse=True)[:6]:
        print(f"turn of {spent_ms:.1f} ms: {doing}", file=sys.stderr)
    figures["core_had_percent"] = round(core_had() * 100, 1)
    bench.runner.join()
    for name, value in figures.items():
        print(f"{name:24} {value:9.2f}")
    print(json.dumps({name: round(value, 3) for name, value in figures.items()}))


if __name__ == "__main__":
    main()

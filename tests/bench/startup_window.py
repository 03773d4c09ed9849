"""One window in one fresh process: says as JSON how many milliseconds after the process began it was painted."""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

NAMES = {"empty": "empty window", "pyqtgraph": "empty window with pyqtgraph"}
PAINTED = "console painted"
FRAMED = "console with its parts"
FILLED = "console with its Overview"
PATIENCE_MS = 30_000


def age_ms() -> float:
    """How long this process has lived."""
    after_name = Path("/proc/self/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    import os

    started = int(after_name[19]) / os.sysconf("SC_CLK_TCK")
    return (time.clock_gettime(time.CLOCK_BOOTTIME) - started) * 1000


def note_first_picture(window: Any, note: Callable[[], object]) -> None:
    """Call `note` once, in the turn of the loop after a widget was first painted."""
    from PySide6.QtCore import QEvent, QObject, QTimer
    from typing_extensions import override

    class Watcher(QObject):
        has_seen = False

        @override
        def eventFilter(self, watched: QObject, event: QEvent, /) -> bool:
            if event.type() is QEvent.Type.Paint and not self.has_seen:
                self.has_seen = True
                QTimer.singleShot(0, note)
            return False

    window.installEventFilter(Watcher(window))


def bare_window(kind: str) -> dict[str, float]:
    """A QMainWindow, with a pyqtgraph plot in it where that is asked for."""
    from PySide6.QtWidgets import QApplication, QMainWindow, QWidget

    app = QApplication([])
    window = QMainWindow()
    watched: QWidget = window
    if kind == "pyqtgraph":
        from pyqtgraph.widgets.PlotWidget import PlotWidget

        plot = PlotWidget()
        window.setCentralWidget(plot)
        watched = plot.viewport()
    found: dict[str, float] = {}

    def note() -> None:
        found[NAMES[kind]] = age_ms()
        app.quit()

    note_first_picture(watched, note)
    window.resize(1440, 900)
    window.show()
    app.exec()
    return found


def console(store: str) -> dict[str, float]:
    """The program's own window on a store, by the way the command opens it, without a collector."""
    from quarterdeck import desktop, launching

    found: dict[str, float] = {}
    workspace = _workspace(store)
    launch = launching.launch_of(workspace)
    desktop.run_window(
        launch,
        on_shown=lambda window: note_first_picture(window, lambda: found.setdefault(PAINTED, age_ms())),
        on_made=lambda desk: _watch(desk, found),
    )
    return found


def _workspace(store: str) -> Any:
    from quarterdeck.services.workspace import open_workspace

    return open_workspace(store_url=store, profile="bench")


def _watch(desk: Any, found: dict[str, float]) -> None:
    from PySide6.QtCore import QCoreApplication, QTimer

    application = QCoreApplication.instance()
    assert application is not None
    window = desk.console.window
    window.painted.connect(lambda: found.setdefault(FRAMED, age_ms()))
    timer = QTimer(application)
    end: Callable[[], None] = application.quit

    def note_filled() -> None:
        found[FILLED] = age_ms()
        end()

    def look() -> None:
        if _shows_data(window):
            timer.stop()
            # Its picture is painted in the turn that begins now.
            QTimer.singleShot(0, lambda: QTimer.singleShot(0, note_filled))

    timer.timeout.connect(look)
    timer.start(1)
    QTimer.singleShot(PATIENCE_MS, end)


def _shows_data(window: Any) -> bool:
    """Whether a panel shows what was read from the store."""
    from quarterdeck.ui.widgets.state_stack import Freshness, StateStack

    stacks = window.area.findChildren(StateStack)
    return any(stack.isVisible() and stack.freshness is Freshness.FRESH for stack in stacks)


if __name__ == "__main__":
    kind, path = sys.argv[1], sys.argv[2]
    print(json.dumps(console(path) if kind == "console" else bare_window(kind)))

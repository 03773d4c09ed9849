"""The window's composition root: one application, one window on one store, and everything let go of at the end.

The bare window stands before anything else is loaded; the rest is loaded in a worker and put together in turns, so that
the window answers meanwhile.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from importlib import import_module
from types import FrameType, TracebackType
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication

from quarterdeck.domain.errors import OperatorError
from quarterdeck.launching import WindowLaunch, application, first_frame, launch_of
from quarterdeck.ui.shell.next_turn import next_turn
from quarterdeck.ui.shell.single_instance import SingleInstance, instance_name
from quarterdeck.ui.shell.window import ConsoleWindow

if TYPE_CHECKING:
    from quarterdeck.bootstrap import DemoPlan
    from quarterdeck.desk import Desk
    from quarterdeck.services.supervision import ChildHandle, ChildPlan
    from quarterdeck.services.workspace import Workspace
    from quarterdeck.ui.shell.crash_reporter import CrashReporter
    from quarterdeck.ui.tasks.runner import TaskRunner

_DISPLAYS: Final = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")


def open_console(workspace: Workspace, tell: Callable[[str], None]) -> int:
    """Open the window of a workspace, and its collector where none runs; the exit code. `tell` is for the terminal."""
    return run_window(launch_of(workspace, (_collector_plan(workspace),)), tell=tell)


def open_demo(plan: DemoPlan, tell: Callable[[str], None]) -> int:
    """Open the window of the demo bank; the bank and its collector end with it. `tell` is for the terminal.

    The collector waits for the bank, whose estate it collects for; afterwards each is started again by itself.
    """
    from quarterdeck.services.supervision import ChildKind, ChildPlan

    def start() -> ChildHandle:
        from quarterdeck.bootstrap import start_bank

        return start_bank(plan)

    bank, collector = ChildPlan(ChildKind.BANK, start), _collector_plan(plan.workspace)
    return run_window(launch_of(plan.workspace, (bank, replace(collector, after=ChildKind.BANK))), tell=tell)


def run_window(
    launch: WindowLaunch,
    *,
    on_shown: Callable[[ConsoleWindow], None] = lambda _: None,
    on_made: Callable[[Desk], None] = lambda _: None,
    tell: Callable[[str], None] = lambda _: None,
) -> int:
    """Open the window and return its exit code; 0 at once when this store's window is open already, and `tell` says so.

    `on_shown` hears of the bare window before it is painted, `on_made` of the desk before the parts are shown. Raises
    OperatorError where no window can be shown.
    """
    if sys.platform == "linux" and not any(os.environ.get(name) for name in _DISPLAYS):
        raise OperatorError(
            "There is no display to open a window on.",
            "Run it in a desktop session; `quarterdeck status` prints the health table in this terminal.",
        )
    app = application()
    instance = SingleInstance(instance_name(launch.store_id))
    if not instance.claim():
        tell("The window is open already; it was brought to the front.")
        return 0
    try:
        opening = _Opening(app, launch, instance, on_made)
        on_shown(opening.window)
        return opening.run()
    finally:
        instance.release()


class _Opening(QObject):
    """Shows a bare window, loads what belongs into it, puts it together in turns, and runs it to its end."""

    def __init__(
        self, app: QApplication, launch: WindowLaunch, instance: SingleInstance, on_made: Callable[[Desk], None]
    ) -> None:
        super().__init__()
        self._app, self._launch, self._instance, self._on_made = app, launch, instance, on_made
        self._stack = ExitStack()
        self._fault: BaseException | None = None
        self._runner: TaskRunner | None = None
        self._reporter: CrashReporter | None = None
        self._desk: Desk | None = None
        self._is_whole = False
        self._furnishing = next_turn(self, self._furnish)
        self.window = ConsoleWindow(first_frame(app, launch))
        self.window.appeared.connect(self._load)
        self.window.close_requested.connect(self._leave)

    def run(self) -> int:
        """Turn the event loop until the window ends; the exit code. Raises what kept it from being put together."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._leave_by_signal)
        with self._stack:
            self._stack.callback(setattr, sys, "excepthook", sys.excepthook)
            self._stack.callback(self._put_away)
            sys.excepthook = self._take_uncaught
            self.window.show()
            code = self._app.exec()
        if self._fault is not None:
            raise self._fault
        return code

    def _load(self) -> None:
        """The bare window is on the screen: load the rest in a worker, so that it answers meanwhile."""
        from quarterdeck.ui.tasks.runner import TaskRunner

        self._runner = TaskRunner(on_bug=self._take_fault, on_unheard=self._take_fault)
        self._runner.run_query(_load_the_rest, on_result=lambda _: self._dress(), on_error=self._take_fault, owner=self)

    def _dress(self) -> None:
        from quarterdeck.desk import dressed
        from quarterdeck.ui.shell.crash_reporter import CrashReporter

        self._reporter = CrashReporter(dressed(self._app))
        self._furnishing.start()

    def _furnish(self) -> None:
        from quarterdeck.desk import Desk, Standing, reporting
        from quarterdeck.ui.tasks.garbage import GuiGarbage

        if self._reporter is None or self._runner is None:
            return
        standing = Standing(self.window, self._runner)
        desk = self._desk = Desk(self._launch, self._reporter.theme, self._reporter, standing)
        self._stack.callback(desk.close)
        garbage = GuiGarbage(self._app)
        self._stack.callback(garbage.stop)
        self.window.painted.connect(garbage.start)
        self.window.close_requested.disconnect(self._leave)
        # Quitting closes every window before it ends, and a torn-off panel would be remembered as closed.
        desk.console.quit_requested.connect(self._leave)
        self._instance.raise_requested.connect(desk.console.come_to_front)
        self._on_made(desk)
        desk.console.start()
        self._stack.enter_context(reporting(self._reporter))
        self._is_whole = True

    def _leave(self) -> None:
        self._app.exit()

    def _leave_by_signal(self, _number: int, _frame: FrameType | None) -> None:
        self._leave()

    def _take_uncaught(self, _kind: type[BaseException], fault: BaseException, _trace: TracebackType | None) -> None:
        self._take_fault(fault)

    def _take_fault(self, fault: BaseException) -> None:
        """Told as a bug once the window is whole; without its parts it is of no use, and the program ends."""
        if self._is_whole and self._reporter is not None:
            self._reporter.report(fault)
            return
        self._fault = fault
        self._app.exit(1)

    def _put_away(self) -> None:
        """Close a window that was never put together; the desk has closed one that was."""
        if self._desk is None:
            self.window.close_for_good()
            if self._runner is not None:
                self._runner.join()


def _load_the_rest() -> None:
    import_module("quarterdeck.desk")


def _collector_plan(workspace: Workspace) -> ChildPlan:
    from quarterdeck.services.supervision import ChildKind, ChildPlan

    def start() -> ChildHandle:
        from quarterdeck.composition import start_collector

        return start_collector(workspace)

    return ChildPlan(ChildKind.COLLECTOR, start)

"""The window's composition root: one application, one window on one store, and everything let go of at the end.

Nothing heavy is imported before the first picture: the store, the connectors and the panels come in workers afterwards.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QCoreApplication, QEventLoop
from PySide6.QtWidgets import QApplication

from quarterdeck.domain.errors import OperatorError
from quarterdeck.services.preferences import PreferenceStore, ThemePreference, TomlPreferences, UiPreferences
from quarterdeck.services.supervision import ChildHandle, ChildKind, ChildPlan
from quarterdeck.ui.shell.console import Console
from quarterdeck.ui.shell.crash_reporter import CrashReporter
from quarterdeck.ui.shell.keeper import Keeper
from quarterdeck.ui.shell.kept_place import kept_place
from quarterdeck.ui.shell.memory_file import MemoryFile
from quarterdeck.ui.shell.panels import PANELS
from quarterdeck.ui.shell.single_instance import SingleInstance, instance_name
from quarterdeck.ui.shell.store_session import StoreSession
from quarterdeck.ui.shell.upkeep import Upkeep
from quarterdeck.ui.shell.window import WindowSetup
from quarterdeck.ui.shell.window_memory import MemoryStore
from quarterdeck.ui.tasks.garbage import GuiGarbage
from quarterdeck.ui.tasks.none_count import check_none_refcount
from quarterdeck.ui.tasks.runner import TaskRunner
from quarterdeck.ui.theme.theme import Theme, ThemeChoice
from quarterdeck.ui.widgets.tool_tips import PlainToolTips

if TYPE_CHECKING:
    from quarterdeck.bootstrap import DemoPlan
    from quarterdeck.services.console import ConsoleServices
    from quarterdeck.services.workspace import Workspace

WINDOW_FILE: Final = "window.json"
_JOIN_SECONDS: Final = 10.0
_PATIENCE_SECONDS: Final = 30.0
_TURN_MS: Final = 20
_PICTURE_SIZE: Final = (1440, 900)
_DISPLAYS: Final = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowLaunch:
    """How to open a window. `open_services` and the starts of `children` run in workers after the first picture.

    `store_id` names the store for the one window there is of it; `theme` and `reduced_motion` override the
    preferences where they are given.
    """

    title: str
    subtitle: str
    store_id: str
    open_services: Callable[[], ConsoleServices]
    children: tuple[ChildPlan, ...]
    preferences: PreferenceStore
    memory: MemoryStore
    initial_panel: str = ""
    theme: ThemePreference | None = None
    reduced_motion: bool | None = None
    now: Callable[[], datetime] = lambda: datetime.now(UTC)


def open_console(workspace: Workspace, tell: Callable[[str], None]) -> int:
    """Open the window of a workspace, and its collector where none runs; the exit code. `tell` is for the terminal."""
    return run_window(launch_of(workspace, (_collector_plan(workspace),)), tell=tell)


def open_demo(plan: DemoPlan, tell: Callable[[str], None]) -> int:
    """Open the window of the demo bank; the bank and its collector end with it. `tell` is for the terminal.

    The collector waits for the bank, whose estate it collects for; afterwards each is started again by itself.
    """

    def start() -> ChildHandle:
        from quarterdeck.bootstrap import start_bank

        return start_bank(plan)

    bank, collector = ChildPlan(ChildKind.BANK, start), _collector_plan(plan.workspace)
    return run_window(launch_of(plan.workspace, (bank, replace(collector, after=ChildKind.BANK))), tell=tell)


def launch_of(workspace: Workspace, children: tuple[ChildPlan, ...] = ()) -> WindowLaunch:
    """A workspace's window, with everything of it in the workspace's own folders."""

    def open_services() -> ConsoleServices:
        from quarterdeck.composition import console_services

        return console_services(workspace)

    return WindowLaunch(
        title=workspace.title,
        subtitle=workspace.subtitle,
        store_id=workspace.store_url,
        open_services=open_services,
        children=children,
        preferences=TomlPreferences(workspace.preferences_file),
        memory=MemoryFile(workspace.preferences_file.with_name(WINDOW_FILE)),
    )


def draw_pictures(workspace: Workspace, folder: Path) -> tuple[Path, ...]:
    """Draw every panel of a workspace in both themes into a folder, without a display; the files."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    folder.mkdir(parents=True, exist_ok=True)
    theme = Theme(_application())
    drawn: list[Path] = []
    with _crash_reports(theme) as reporter:
        for look in (ThemePreference.DARK, ThemePreference.LIGHT):
            launch = replace(launch_of(workspace), theme=look)
            desk = Desk(launch, theme, reporter)
            desk.console.start()
            desk.console.window.resize(*_PICTURE_SIZE)
            desk.wait_until(lambda desk=desk: desk.is_open)
            for spec in PANELS:
                desk.console.conductor.open_panel(spec.id)
                desk.wait_until(lambda desk=desk: desk.is_idle)
                drawn.append(folder / f"{spec.id}-{look.value}.png")
                desk.console.window.grab().save(str(drawn[-1]))
            desk.close()
    return tuple(drawn)


def run_window(
    launch: WindowLaunch,
    *,
    on_made: Callable[[Desk], None] = lambda _: None,
    tell: Callable[[str], None] = lambda _: None,
) -> int:
    """Open the window and return its exit code; 0 at once when this store's window is open already, and `tell` says so.

    `on_made` hears of the desk before anything is shown. Raises OperatorError where no window can be shown.
    """
    if sys.platform == "linux" and not any(os.environ.get(name) for name in _DISPLAYS):
        raise OperatorError(
            "There is no display to open a window on.",
            "Run it in a desktop session; `quarterdeck status` prints the health table in this terminal.",
        )
    app = _application()
    instance = SingleInstance(instance_name(launch.store_id))
    if not instance.claim():
        tell("The window is open already; it was brought to the front.")
        return 0
    theme = Theme(app)
    with _crash_reports(theme) as reporter:
        desk = Desk(launch, theme, reporter)
        instance.raise_requested.connect(desk.console.come_to_front)
        on_made(desk)
        try:
            return desk.run(app)
        finally:
            instance.release()


class Desk:
    """One window with its workers and its store, from the first picture to the last thread."""

    def __init__(self, launch: WindowLaunch, theme: Theme, reporter: CrashReporter) -> None:
        self._runner = TaskRunner(on_bug=reporter.report, on_unheard=reporter.report)
        self._session = StoreSession(self._runner, launch.open_services, self._runner)
        self._upkeep = Upkeep(self._runner, launch.children, now=launch.now)
        keeper = Keeper(
            launch.preferences, launch.memory, self._runner, for_now=lambda known: _overridden(known, launch)
        )
        theme.reduced_motion = keeper.preferences.reduced_motion
        theme.choose(ThemeChoice(keeper.preferences.theme.value))
        self.console = Console(
            WindowSetup(
                theme=theme,
                runner=self._runner,
                session=self._session,
                upkeep=self._upkeep,
                keeper=keeper,
                panels=PANELS,
                now=launch.now,
                title=launch.title,
                subtitle=launch.subtitle,
                first_place=kept_place(
                    keeper.memory, [spec.id for spec in PANELS], launch.now(), wanted_panel=launch.initial_panel
                ),
            )
        )
        reporter.belong_to(self.console.window)
        reporter.quit_requested.connect(self.console.quit_requested)

    @property
    def is_open(self) -> bool:
        """Whether the store is open."""
        return self._session.is_open

    @property
    def is_idle(self) -> bool:
        """Whether nothing is under way."""
        return self._runner.is_idle and self.console.is_settled

    def wait_until(self, condition: Callable[[], bool]) -> None:
        """Turn the event loop until a condition holds, for pictures without an event loop of their own.

        Raises OperatorError after half a minute.
        """
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while not condition():
            if time.monotonic() > deadline:
                raise OperatorError("The panels did not come to rest.", "Try again when this machine is less busy.")
            QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, _TURN_MS)

    def run(self, app: QApplication) -> int:
        """Show the window and turn the event loop until it ends."""
        garbage = GuiGarbage(app)

        def end() -> None:
            # Quitting closes every window before it ends, and a torn-off panel would be remembered as closed.
            app.exit()

        self.console.quit_requested.connect(end)
        self.console.window.painted.connect(garbage.start)

        def leave(_number: int, _frame: FrameType | None) -> None:
            end()

        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, leave)
        self.console.start()
        try:
            return app.exec()
        finally:
            garbage.stop()
            self.close()

    def close(self) -> None:
        """Close the window, finish what was accepted, end the processes beside it, let go of the store."""
        self.console.end()
        # Takes the window off the screen now; letting go of the store may take a moment.
        QCoreApplication.processEvents()
        self._runner.join(_JOIN_SECONDS)
        try:
            self._upkeep.close()
        finally:
            self._session.close()


def _collector_plan(workspace: Workspace) -> ChildPlan:
    def start() -> ChildHandle:
        from quarterdeck.composition import start_collector

        return start_collector(workspace)

    return ChildPlan(ChildKind.COLLECTOR, start)


def _application() -> QApplication:
    check_none_refcount()
    QCoreApplication.setApplicationName("quarterdeck")
    QCoreApplication.setOrganizationName("quarterdeck")
    found = QApplication.instance()
    app = found if isinstance(found, QApplication) else QApplication(sys.argv[:1])
    app.setApplicationDisplayName("Quarterdeck")
    app.setDesktopFileName("quarterdeck")
    app.setQuitOnLastWindowClosed(False)
    PlainToolTips(app)
    return app


@contextmanager
def _crash_reports(theme: Theme) -> Generator[CrashReporter]:
    reporter = CrashReporter(theme)
    reporter.install()
    before = threading.excepthook
    threading.excepthook = lambda args: reporter.report(args.exc_value or SystemError("a thread ended without a word"))
    try:
        yield reporter
    finally:
        threading.excepthook = before
        reporter.uninstall()


def _overridden(known: UiPreferences, launch: WindowLaunch) -> UiPreferences:
    theme = launch.theme or known.theme
    motion = known.reduced_motion if launch.reduced_motion is None else launch.reduced_motion
    return replace(known, theme=theme, reduced_motion=motion)

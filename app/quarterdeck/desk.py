"""One window with its workers and its store, put together; everything in it is let go of at the end.

Loaded once the bare window stands: the store, the connectors and the panels come in workers afterwards.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from PySide6.QtCore import QCoreApplication, QEventLoop
from PySide6.QtWidgets import QApplication

from quarterdeck.domain.errors import OperatorError
from quarterdeck.launching import WindowLaunch, application, launch_of
from quarterdeck.services.preferences import ThemePreference
from quarterdeck.services.workspace import Workspace
from quarterdeck.ui.shell.console import Console
from quarterdeck.ui.shell.crash_reporter import CrashReporter
from quarterdeck.ui.shell.keeper import Keeper
from quarterdeck.ui.shell.kept_place import kept_place
from quarterdeck.ui.shell.panels import PANELS
from quarterdeck.ui.shell.store_session import StoreSession
from quarterdeck.ui.shell.upkeep import Upkeep
from quarterdeck.ui.shell.window import ConsoleWindow
from quarterdeck.ui.shell.window_setup import WindowSetup
from quarterdeck.ui.tasks.runner import TaskRunner
from quarterdeck.ui.theme.scheme import ThemeChoice
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.widgets.tool_tips import PlainToolTips

_JOIN_SECONDS: Final = 10.0
_PATIENCE_SECONDS: Final = 30.0
_TURN_MS: Final = 20
_PICTURE_SIZE: Final = (1440, 900)


def draw_pictures(workspace: Workspace, folder: Path) -> tuple[Path, ...]:
    """Draw every panel of a workspace in both themes into a folder, without a display; the files."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    folder.mkdir(parents=True, exist_ok=True)
    theme = dressed(application())
    drawn: list[Path] = []
    with crash_reports(theme) as reporter:
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


@dataclass(frozen=True, slots=True)
class Standing:
    """A bare window that is on the screen, and the workers that loaded the rest."""

    window: ConsoleWindow
    runner: TaskRunner


class Desk:
    """One window with its workers and its store, from the first picture to the last thread."""

    def __init__(
        self,
        launch: WindowLaunch,
        theme: Theme,
        reporter: CrashReporter,
        already: Standing | None = None,
    ) -> None:
        """`already` is what stands before this is made."""
        self._runner = already.runner if already else _runner_of(reporter)
        self._session = StoreSession(self._runner, launch.open_services, self._runner)
        self._upkeep = Upkeep(self._runner, launch.children, now=launch.now)
        keeper = Keeper(launch.preferences, launch.memory, self._runner, for_now=launch.overridden)
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
            ),
            already.window if already else None,
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


@contextmanager
def crash_reports(theme: Theme) -> Generator[CrashReporter]:
    """Whatever nobody catches, in any thread, is told of while this lasts."""
    with reporting(CrashReporter(theme)) as reporter:
        yield reporter


@contextmanager
def reporting(reporter: CrashReporter) -> Generator[CrashReporter]:
    """Whatever nobody catches, in any thread, goes to the reporter while this lasts."""
    reporter.install()
    before = threading.excepthook
    threading.excepthook = lambda args: reporter.report(args.exc_value or SystemError("a thread ended without a word"))
    try:
        yield reporter
    finally:
        threading.excepthook = before
        reporter.uninstall()


def dressed(app: QApplication) -> Theme:
    """The application in our theme, with tool tips that are plain text."""
    PlainToolTips(app)
    return Theme(app)


def _runner_of(reporter: CrashReporter) -> TaskRunner:
    return TaskRunner(on_bug=reporter.report, on_unheard=reporter.report)

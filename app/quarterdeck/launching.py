"""How a window is opened: what it is told before anything of it exists. Loads next to nothing."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QApplication

from quarterdeck.services.preferences import PreferenceStore, ThemePreference, TomlPreferences, UiPreferences
from quarterdeck.ui.shell.first_frame import FirstFrame
from quarterdeck.ui.shell.memory_file import MemoryFile
from quarterdeck.ui.shell.window_memory import MemoryStore, decode
from quarterdeck.ui.tasks.none_count import check_none_refcount
from quarterdeck.ui.theme.scheme import ThemeChoice, is_dark_by_default, usual_tokens

if TYPE_CHECKING:
    from quarterdeck.services.console import ConsoleServices
    from quarterdeck.services.supervision import ChildPlan
    from quarterdeck.services.workspace import Workspace

WINDOW_FILE: Final = "window.json"


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

    def overridden(self, known: UiPreferences) -> UiPreferences:
        """The preferences of this start."""
        motion = known.reduced_motion if self.reduced_motion is None else self.reduced_motion
        return replace(known, theme=self.theme or known.theme, reduced_motion=motion)


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


def application() -> QApplication:
    """The one application of this process. Raises OperatorError on a binding that would end the process later."""
    check_none_refcount()
    QCoreApplication.setApplicationName("quarterdeck")
    QCoreApplication.setOrganizationName("quarterdeck")
    found = QApplication.instance()
    app = found if isinstance(found, QApplication) else QApplication(sys.argv[:1])
    app.setApplicationDisplayName("Quarterdeck")
    app.setDesktopFileName("quarterdeck")
    app.setQuitOnLastWindowClosed(False)
    return app


def first_frame(app: QApplication, launch: WindowLaunch) -> FirstFrame:
    """The window's first picture, as the person last had it."""
    preferences = launch.overridden(launch.preferences.load().preferences)
    tokens = usual_tokens(ThemeChoice(preferences.theme.value), is_dark=is_dark_by_default(app))
    return FirstFrame(tokens, preferences.rail_collapsed, decode(launch.memory.read()).geometry)

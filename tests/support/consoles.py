"""A console over the pictured bank at its fixed moment, for tests and pictures; nothing of it is patched."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from uuid import uuid4

from PySide6.QtCore import QCoreApplication, QEventLoop, Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget
from typing_extensions import override

from quarterdeck.composition import console_services
from quarterdeck.domain.errors import OperatorError
from quarterdeck.services.console import ConsoleServices
from quarterdeck.services.moments import Moment
from quarterdeck.services.ports import Topic
from quarterdeck.services.preferences import LoadedPreferences, ThemePreference, UiPreferences
from quarterdeck.services.supervision import ChildPlan
from quarterdeck.services.workspace import open_workspace
from quarterdeck.storage.opening import open_store
from quarterdeck.ui.shell.console import Console
from quarterdeck.ui.shell.keeper import Keeper
from quarterdeck.ui.shell.kept_place import kept_place
from quarterdeck.ui.shell.panels import PanelContext, PanelSpec
from quarterdeck.ui.shell.store_session import StoreSession
from quarterdeck.ui.shell.tray import TrayPlace
from quarterdeck.ui.shell.upkeep import Upkeep
from quarterdeck.ui.shell.window_setup import WindowSetup
from quarterdeck.ui.tasks.runner import TaskRunner
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.widgets.actions import ActionSpec
from quarterdeck.ui.widgets.panel import PanelAction, PanelView
from tests.support.pictured_bank import NOON, build_bank
from tests.support.waiting import wait_until

JOIN_SECONDS = 10.0


@dataclass(slots=True)
class FixedClock:
    """A clock that stands until it is set."""

    at: datetime = NOON

    def now(self) -> datetime:
        return self.at


@dataclass(slots=True)
class TextPlace:
    """A `MemoryStore` in memory."""

    text: str = ""
    write_count: int = 0

    def read(self) -> str:
        return self.text

    def write(self, text: str) -> None:
        self.text = text
        self.write_count += 1


@dataclass(slots=True)
class PreferencePlace:
    """A `PreferenceStore` in memory: dark whatever the system, and without the tray."""

    preferences: UiPreferences = field(
        default_factory=lambda: UiPreferences(theme=ThemePreference.DARK, tray_shown=False)
    )
    remark: str = ""

    def load(self) -> LoadedPreferences:
        return LoadedPreferences(self.preferences, self.remark)

    def save(self, preferences: UiPreferences) -> None:
        self.preferences = preferences


class NotedPanel(PanelView):
    """A panel that keeps what it was shown, and shows its name."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name
        self.moments: list[Moment] = []
        self.refreshed: list[frozenset[Topic]] = []
        self.selected: list[str] = []
        self.targets: list[str] = []
        self.key_presses = 0
        self.control = _plain(f"{name} filter")
        self.setAccessibleName(name)
        column = QVBoxLayout(self)
        column.addWidget(_plain(name))

    @override
    def show_moment(self, moment: Moment) -> None:
        self.moments.append(moment)

    @override
    def refresh(self, moment: Moment, topics: frozenset[Topic]) -> None:
        self.moments.append(moment)
        self.refreshed.append(topics)

    @override
    def show_selection(self, entity_key: str) -> None:
        self.selected.append(entity_key)

    @override
    def show_target(self, target: str) -> None:
        self.targets.append(target)

    @override
    def bar_widgets(self) -> list[QWidget]:
        return [self.control]

    @override
    def panel_actions(self) -> list[PanelAction]:
        spec = ActionSpec(f"{self.name}.next", "Next", key="J", place=self.name)
        return [PanelAction(spec, self._press)]

    def _press(self) -> None:
        self.key_presses += 1


def _plain(text: str) -> QLabel:
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    return label


def noted_panels(made: dict[str, NotedPanel], names: Sequence[str]) -> tuple[PanelSpec, ...]:
    """Panel specs of NotedPanels, which are put into `made` as they come to life."""

    def maker(name: str) -> Callable[[PanelContext], PanelView]:
        def make(_context: PanelContext) -> PanelView:
            made[name] = NotedPanel(name)
            return made[name]

        return make

    return tuple(
        PanelSpec(
            name, name.capitalize(), "squares-four", str(number), lambda _, name=name: maker(name), refresh_seconds=0.0
        )
        for number, name in enumerate(names, 1)
    )


@dataclass(slots=True)
class ConsoleBench:
    """A console with everything around it; `close` ends it and waits for its threads."""

    theme: Theme
    panels: Sequence[PanelSpec]
    open_services: Callable[[], ConsoleServices]
    clock: FixedClock = field(default_factory=FixedClock)
    memory: TextPlace = field(default_factory=TextPlace)
    preferences: PreferencePlace = field(default_factory=PreferencePlace)
    children: Sequence[ChildPlan] = ()
    tray: TrayPlace = field(default_factory=lambda: TrayPlace(is_there=lambda: False))
    seconds: Callable[[], float] = time.monotonic
    bugs: list[BaseException] = field(default_factory=list[BaseException])
    unheard: list[OperatorError] = field(default_factory=list[OperatorError])
    console: Console = field(init=False)
    session: StoreSession = field(init=False)
    upkeep: Upkeep = field(init=False)
    runner: TaskRunner = field(init=False)

    def __post_init__(self) -> None:
        self.runner = TaskRunner(on_bug=self.bugs.append, on_unheard=self.unheard.append)
        self.session = StoreSession(self.runner, self.open_services, self.runner)
        self.upkeep = Upkeep(self.runner, self.children, now=self.clock.now, seconds=self.seconds)
        keeper = Keeper(self.preferences, self.memory, self.runner)
        known = [spec.id for spec in self.panels]
        setup = WindowSetup(
            theme=self.theme,
            runner=self.runner,
            session=self.session,
            upkeep=self.upkeep,
            keeper=keeper,
            panels=self.panels,
            now=self.clock.now,
            title="Demo bank",
            subtitle="Local store",
            first_place=kept_place(keeper.memory, known, self.clock.now()),
            tray=self.tray,
        )
        self.console = Console(setup)

    def start(self) -> None:
        """Show the window and wait until its store is open and everything asked for has come."""
        self.console.start()
        self.until(lambda: self.session.is_open, "the store opens")
        self.settle()

    def settle(self) -> None:
        """Let everything that is under way in the workers arrive."""
        self.until(lambda: self.runner.is_idle and self.console.is_settled, "the workers are done")

    def until(self, condition: Callable[[], bool], what: str) -> None:
        """Turn the event loop until a condition holds."""

        def turned() -> bool:
            QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)
            return condition()

        wait_until(turned, what, within_seconds=JOIN_SECONDS)

    def close(self) -> None:
        """End the console as the program does."""
        self.console.end()
        assert self.runner.join(JOIN_SECONDS)
        self.upkeep.close()
        self.session.close()
        self.console.window.deleteLater()
        self.console.deleteLater()
        self.runner.deleteLater()
        assert not self.bugs, self.bugs


def make_bank_file(folder: Path) -> Path:
    """A store file with the pictured bank."""
    path = folder / "bank.db"
    store = open_store(str(path))
    try:
        build_bank(store)
    finally:
        store.close()
    return path


def open_bank(path: Path, clock: FixedClock) -> ConsoleServices:
    """The console's services over that file, at a fixed clock, with nothing kept of an earlier start."""
    workspace = open_workspace(store_url=str(path), profile="demo-bank")
    map_file = path.with_name(f"map-{uuid4().hex}.json")
    return replace(console_services(workspace), clock=clock, map_file=map_file)

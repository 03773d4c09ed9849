"""The states of a whole console: each a store that behaves so, at the pictured bank's fixed moment."""

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

from quarterdeck.domain.errors import StoreUnavailable
from quarterdeck.launching import WindowLaunch
from quarterdeck.services.console import ConsoleServices
from quarterdeck.services.ports import Topic, VersionCounters
from quarterdeck.services.preferences import ThemePreference
from quarterdeck.storage.opening import open_store
from tests.support.consoles import FixedClock, PreferencePlace, TextPlace, make_bank_file, open_bank
from tests.support.pictured_capacity import add_capacity
from tests.support.pictured_compliance import judge_file
from tests.support.pictured_failures import add_failures
from tests.support.pictured_machines import MACHINES, PicturedMachine, add_machines
from tests.support.pictured_maintenance import plan_work

STATES = ("fresh", "loading", "empty", "stale", "failed", "silent", "machine", "machines")
PATIENCE_SECONDS = 60.0
SILENCE = timedelta(minutes=22)
CROWD = (
    *MACHINES,
    PicturedMachine("<b>a name</b> that never ends " + "and goes on " * 12),
    *(PicturedMachine(f"worker-{number:02}", busy=0.05 * number) for number in range(1, 6)),
)
LOCKED = StoreUnavailable(
    "The disk that holds the store does not answer.", "Look at the disk; the window comes back by itself."
)


@dataclass(slots=True)
class FailingCounters:
    """Version counters that fail once they are told to."""

    counters: VersionCounters
    fails: bool = False

    def versions(self) -> Mapping[Topic, int]:
        if self.fails:
            raise LOCKED
        return self.counters.versions()


@dataclass(slots=True)
class Stage:
    """One state to be pictured. `release` lets workers go that the state holds; `spoil` breaks what was good."""

    launch: WindowLaunch
    release: Callable[[], object] = lambda: None
    spoil: Callable[[], object] = lambda: None


@dataclass(slots=True)
class Stages:
    """Makes stages over store files: the pictured bank with its machines, one machine alone, many, and nothing."""

    folder: Path
    clock: FixedClock = field(default_factory=FixedClock)
    bank: Path = field(init=False)
    empty: Path = field(init=False)
    machine: Path = field(init=False)
    machines: Path = field(init=False)

    def __post_init__(self) -> None:
        self.bank = make_bank_file(self.folder)
        self.empty = self._file("empty.db", ())
        self.machine = self._file("machine.db", MACHINES[:1])
        self.machines = self._file("machines.db", CROWD)
        self._write(self.bank, MACHINES[:2], has_history=True)
        self._tell_failures()
        judge_file(self.bank, self.clock)
        plan_work(self.bank)

    def stage(self, state: str, theme: ThemePreference) -> Stage:
        """The stage of a state."""
        makers: dict[str, Callable[[ThemePreference], Stage]] = {
            "fresh": lambda look: Stage(self._launch(look, lambda: open_bank(self.bank, self.clock))),
            "empty": lambda look: Stage(self._launch(look, lambda: open_bank(self.empty, self.clock))),
            "failed": lambda look: Stage(self._launch(look, _refuse)),
            "machine": lambda look: Stage(self._launch(look, lambda: open_bank(self.machine, self.clock))),
            "machines": lambda look: Stage(self._launch(look, lambda: open_bank(self.machines, self.clock))),
            "silent": self._silent,
            "loading": self._loading,
            "stale": self._stale,
        }
        return makers[state](theme)

    def _file(self, name: str, machines: Sequence[PicturedMachine]) -> Path:
        path = self.folder / name
        self._write(path, machines)
        return path

    def _write(self, path: Path, machines: Sequence[PicturedMachine], *, has_history: bool = False) -> None:
        store = open_store(str(path))
        if has_history:
            add_capacity(store)
        if machines:
            add_machines(store, machines)
        store.close()

    def _tell_failures(self) -> None:
        store = open_store(str(self.bank))
        add_failures(store)
        store.close()

    def _loading(self, theme: ThemePreference) -> Stage:
        gate = threading.Event()

        def wait() -> ConsoleServices:
            gate.wait(PATIENCE_SECONDS)
            raise LOCKED

        return Stage(self._launch(theme, wait), release=gate.set)

    def _silent(self, theme: ThemePreference) -> Stage:
        """Nobody has collected for a while: the store can be read, but what it holds is old."""
        later = FixedClock(self.clock.at + SILENCE)
        return Stage(self._launch(theme, lambda: open_bank(self.bank, later)))

    def _stale(self, theme: ThemePreference) -> Stage:
        made: list[FailingCounters] = []

        def open_it() -> ConsoleServices:
            services = open_bank(self.bank, self.clock)
            made.append(FailingCounters(services.versions))
            return replace(services, versions=made[0])

        def spoil() -> None:
            made[0].fails = True

        return Stage(self._launch(theme, open_it), spoil=spoil)

    def _launch(self, theme: ThemePreference, open_services: Callable[[], ConsoleServices]) -> WindowLaunch:
        return WindowLaunch(
            title="Demo bank",
            subtitle="Production · local store",
            store_id=str(self.folder),
            open_services=open_services,
            children=(),
            preferences=PreferencePlace(),
            memory=TextPlace(),
            theme=theme,
            now=self.clock.now,
        )


def _refuse() -> ConsoleServices:
    raise LOCKED

"""What the window remembers is written away from it, once at a time, and at the end whatever is still to be written."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import pytest
from pytestqt.qtbot import QtBot

from quarterdeck.ui.shell.keeper import Keeper
from quarterdeck.ui.shell.window_memory import decode
from quarterdeck.ui.tasks.runner import TaskRunner
from tests.support.consoles import PreferencePlace


@dataclass
class SlowPlace:
    """A `MemoryStore` whose writes wait at a gate."""

    gate: threading.Event = field(default_factory=threading.Event)
    written: list[str] = field(default_factory=list[str])

    def read(self) -> str:
        return ""

    def write(self, text: str) -> None:
        self.gate.wait(10)
        self.written.append(decode(text).panel_id)


@pytest.fixture
def runner(qtbot: QtBot) -> Iterator[TaskRunner]:
    bugs: list[BaseException] = []
    made = TaskRunner(on_bug=bugs.append, on_unheard=bugs.append)
    yield made
    assert made.join(5.0)
    made.deleteLater()
    assert bugs == []


def move(keeper: Keeper, panel_id: str) -> None:
    keeper.remember(replace(keeper.memory, panel_id=panel_id))


def test_while_a_slow_disk_writes_only_the_newest_place_waits(runner: TaskRunner, qtbot: QtBot) -> None:
    place = SlowPlace()
    keeper = Keeper(PreferencePlace(), place, runner)
    for panel_id in ("first", "second", "third"):
        move(keeper, panel_id)
        keeper.save()
    place.gate.set()
    qtbot.waitUntil(lambda: runner.is_idle)
    keeper.save()
    qtbot.waitUntil(lambda: runner.is_idle)
    assert place.written == ["first", "third"]


def test_the_last_place_is_written_even_behind_a_slow_write(runner: TaskRunner) -> None:
    place = SlowPlace()
    keeper = Keeper(PreferencePlace(), place, runner)
    move(keeper, "first")
    keeper.save()
    move(keeper, "last")
    keeper.save_now()
    place.gate.set()
    assert runner.join(5.0)
    assert place.written == ["first", "last"]


def test_a_place_that_did_not_change_is_not_written(runner: TaskRunner, qtbot: QtBot) -> None:
    place = SlowPlace()
    place.gate.set()
    keeper = Keeper(PreferencePlace(), place, runner)
    move(keeper, "first")
    for _ in range(3):
        keeper.save()
        qtbot.waitUntil(lambda: runner.is_idle)
    assert place.written == ["first"]

"""Work leaves the GUI thread and its outcome comes back there, or is dropped, but never lost."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from quarterdeck.domain.errors import OperatorError
from quarterdeck.ui.tasks.runner import Cancellation, TaskRunner


@dataclass
class Desk:
    """A runner and everything it delivers."""

    runner: TaskRunner
    owner: QObject
    bugs: list[BaseException] = field(default_factory=list)
    unheard: list[OperatorError] = field(default_factory=list)
    results: list[object] = field(default_factory=list)
    errors: list[OperatorError] = field(default_factory=list)

    def query(self, work: Callable[[], object], key: str = "") -> object:
        return self.runner.run_query(
            work, on_result=self.results.append, on_error=self.errors.append, owner=self.owner, key=key
        )

    def change(self, work: Callable[[], object]) -> object:
        return self.runner.run_change(
            work, on_result=self.results.append, on_error=self.errors.append, owner=self.owner
        )

    def close_owner(self) -> None:
        self.owner.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def desk(qapp: QApplication) -> Iterator[Desk]:
    bugs: list[BaseException] = []
    unheard: list[OperatorError] = []
    runner = TaskRunner(on_bug=bugs.append, on_unheard=unheard.append)
    yield Desk(runner, QObject(), bugs, unheard)
    assert runner.join()
    runner.deleteLater()


def refuse() -> None:
    raise OperatorError("The disk is full.", "Free some room.")


def unexpected(error: BaseException) -> None:
    raise AssertionError(error)


def blunder() -> None:
    raise ZeroDivisionError


def test_a_result_is_delivered_in_the_gui_thread(desk: Desk, qtbot: QtBot) -> None:
    threads: list[object] = []
    desk.runner.run_query(
        threading.get_ident,
        on_result=lambda ident: threads.extend((ident, threading.get_ident())),
        on_error=desk.errors.append,
        owner=desk.owner,
    )
    qtbot.waitUntil(lambda: len(threads) == 2)
    assert threads[0] != threads[1] == threading.get_ident()


def test_the_worlds_fault_reaches_whoever_asked(desk: Desk, qtbot: QtBot) -> None:
    desk.query(refuse)
    qtbot.waitUntil(lambda: len(desk.errors) == 1)
    assert desk.errors[0].next_step == "Free some room."


def test_any_other_exception_is_a_bug(desk: Desk, qtbot: QtBot) -> None:
    desk.query(blunder)
    qtbot.waitUntil(lambda: len(desk.bugs) == 1)
    assert isinstance(desk.bugs[0], ZeroDivisionError)
    assert desk.errors == desk.results == []


def test_an_exception_outside_the_usual_hierarchy_is_not_lost(desk: Desk, qtbot: QtBot) -> None:
    def leave() -> None:
        raise SystemExit(3)

    desk.query(leave)
    qtbot.waitUntil(lambda: len(desk.bugs) == 1)


def test_a_bug_of_a_receiver_is_reported_like_one_of_the_work(desk: Desk, qtbot: QtBot) -> None:
    desk.runner.run_query(lambda: 1, on_result=lambda _: blunder(), on_error=desk.errors.append, owner=desk.owner)
    qtbot.waitUntil(lambda: len(desk.bugs) == 1)


def test_a_later_query_of_the_same_key_takes_the_place_of_an_earlier_one(desk: Desk, qtbot: QtBot) -> None:
    gate = threading.Event()
    desk.query(lambda: gate.wait(5) and "old", key="range")
    desk.query(lambda: "new", key="range")
    qtbot.waitUntil(lambda: desk.results == ["new"])
    gate.set()
    assert desk.runner.join()
    assert desk.results == ["new"]


def test_queries_of_different_keys_are_all_delivered(desk: Desk, qtbot: QtBot) -> None:
    for number in range(5):
        desk.query(lambda number=number: number, key=str(number))
    qtbot.waitUntil(lambda: sorted(map(str, desk.results)) == list("01234"))


def test_of_outcomes_that_come_together_each_gets_a_turn_of_the_loop(desk: Desk, qtbot: QtBot) -> None:
    met = threading.Barrier(4)
    turns: list[int] = []
    counted: list[int] = []
    counter = QTimer(desk.owner)
    counter.timeout.connect(lambda: counted.append(1))

    def note(_result: object) -> None:
        turns.append(len(counted))

    for key in ("a", "b", "c"):
        desk.runner.run_query(met.wait, on_result=note, on_error=unexpected, owner=desk.owner, key=key)
    met.wait(10)
    counter.start(0)
    qtbot.waitUntil(lambda: len(turns) == 3)
    counter.stop()
    assert turns == sorted(set(turns))


def test_a_bug_in_a_superseded_query_is_still_reported(desk: Desk, qtbot: QtBot) -> None:
    gate, started = threading.Event(), threading.Event()

    def fail_late() -> None:
        started.set()
        gate.wait(5)
        blunder()

    desk.query(fail_late, key="range")
    assert started.wait(5)
    desk.query(lambda: "new", key="range")
    gate.set()
    qtbot.waitUntil(lambda: len(desk.bugs) == 1)


def test_nothing_is_delivered_to_an_owner_that_is_gone(desk: Desk, qtbot: QtBot) -> None:
    gate = threading.Event()
    desk.query(lambda: gate.wait(5))
    desk.close_owner()
    gate.set()
    assert desk.runner.join()
    assert desk.results == desk.errors == []


def test_a_failed_change_whose_owner_is_gone_is_not_silent(desk: Desk, qtbot: QtBot) -> None:
    gate = threading.Event()

    def fail_late() -> None:
        gate.wait(5)
        refuse()

    desk.change(fail_late)
    desk.close_owner()
    gate.set()
    qtbot.waitUntil(lambda: len(desk.unheard) == 1)
    assert desk.errors == []


def test_changes_run_one_after_the_other_and_none_is_skipped(desk: Desk, qtbot: QtBot) -> None:
    running: list[int] = []
    most: list[int] = []

    def change(number: int) -> int:
        running.append(number)
        most.append(len(running))
        running.remove(number)
        return number

    for number in range(20):
        desk.change(lambda number=number: change(number))
    qtbot.waitUntil(lambda: len(desk.results) == 20)
    assert desk.results == list(range(20))
    assert max(most) == 1


def test_cancelling_tells_the_work_and_drops_its_result(desk: Desk, qtbot: QtBot) -> None:
    cancellation, started, ended = Cancellation(), threading.Event(), threading.Event()

    def work() -> str:
        started.set()
        while not cancellation.is_requested:
            ended.wait(0.01)
        ended.set()
        return "late"

    task = desk.runner.run_query(
        work, on_result=desk.results.append, on_error=desk.errors.append, owner=desk.owner, cancellation=cancellation
    )
    assert started.wait(5)
    assert task.is_active
    task.cancel()
    assert ended.wait(5)
    assert not task.is_active
    assert desk.runner.join()
    assert desk.results == []


def test_joining_leaves_no_thread_behind(qapp: QApplication) -> None:
    before = set(threading.enumerate())
    runner = TaskRunner(on_bug=unexpected, on_unheard=unexpected)
    owner = QObject()
    for _ in range(10):
        runner.run_query(lambda: None, on_result=lambda _: None, on_error=unexpected, owner=owner)
        runner.run_change(lambda: None, on_result=lambda _: None, on_error=unexpected, owner=owner)
    assert runner.join()
    assert set(threading.enumerate()) == before
    runner.deleteLater()


def test_joining_finishes_the_changes_that_were_given(desk: Desk) -> None:
    gate = threading.Event()
    desk.change(lambda: gate.wait(5))
    desk.change(lambda: "second")
    gate.set()
    assert desk.runner.join()
    assert desk.results == [True, "second"]


def test_joining_says_when_work_does_not_end_in_time(desk: Desk) -> None:
    gate, started = threading.Event(), threading.Event()
    desk.change(lambda: started.set() or gate.wait(5))
    assert started.wait(5)
    assert not desk.runner.join(timeout_seconds=0.01)
    gate.set()


def test_a_change_after_joining_is_refused_in_words(desk: Desk) -> None:
    assert desk.runner.join()
    desk.change(lambda: "too late")
    assert desk.results == []
    assert "nothing was changed" in desk.errors[0].message


def test_what_the_work_holds_is_let_go_in_the_gui_thread(desk: Desk, qtbot: QtBot) -> None:
    deaths: list[int] = []

    class Holding:
        def __call__(self) -> None:
            blunder()

        def __del__(self) -> None:
            deaths.append(threading.get_ident())

    desk.query(Holding())
    qtbot.waitUntil(lambda: len(desk.bugs) == 1)
    desk.bugs.clear()
    qtbot.waitUntil(lambda: len(deaths) == 1)
    assert deaths == [threading.get_ident()]


def test_what_nobody_waits_for_begins_after_all_that_is_under_way(desk: Desk, qtbot: QtBot) -> None:
    going_on = threading.Event()
    desk.query(lambda: going_on.wait(5), key="first")
    desk.runner.when_calm(lambda: desk.results.append("calm"), owner=desk.owner)
    desk.query(lambda: "asked later", key="second")
    qtbot.waitUntil(lambda: "asked later" in desk.results)
    assert "calm" not in desk.results
    assert not desk.runner.is_idle
    going_on.set()
    qtbot.waitUntil(lambda: desk.runner.is_idle)
    assert desk.results == ["asked later", True, "calm"]


def test_what_nobody_waits_for_begins_though_the_last_query_was_dropped_before_it_began(
    desk: Desk, qtbot: QtBot
) -> None:
    going_on = threading.Event()
    for number in range(3):  # as many as there are threads
        desk.query(lambda: going_on.wait(5), key=str(number))
    waiting = desk.runner.run_query(
        blunder, on_result=desk.results.append, on_error=desk.errors.append, owner=desk.owner, key="last"
    )
    desk.runner.when_calm(lambda: desk.results.append("calm"), owner=desk.owner)
    waiting.cancel()
    going_on.set()
    qtbot.waitUntil(lambda: desk.runner.is_idle)
    assert desk.results == [True, True, True, "calm"]


def test_what_nobody_waits_for_ends_with_its_owner(desk: Desk, qtbot: QtBot) -> None:
    desk.runner.when_calm(lambda: desk.results.append("calm"), owner=desk.owner)
    desk.close_owner()
    qtbot.waitUntil(lambda: desk.runner.is_idle)
    assert desk.results == []

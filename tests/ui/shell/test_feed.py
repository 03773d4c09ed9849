"""The window's pulse: asks the store again and again, tells what changed, what is lost, and what was found again."""

import threading
from collections.abc import Callable, Iterator, Mapping

import pytest
from pytestqt.qtbot import QtBot
from typing_extensions import override

from quarterdeck.domain.errors import StoreUnavailable
from quarterdeck.services.ports import Topic
from quarterdeck.ui.shell.feed import Feed
from quarterdeck.ui.tasks.runner import TaskRunner

GONE = StoreUnavailable("The disk does not answer.", "Look at it.")


class Counters:
    """Version counters that a test sets; `asked` counts the questions."""

    def __init__(self) -> None:
        self.values = {Topic.STATES: 1, Topic.SERIES: 1}
        self.is_gone = False
        self.asked = 0

    def versions(self) -> Mapping[Topic, int]:
        self.asked += 1
        if self.is_gone:
            raise GONE
        return dict(self.values)


@pytest.fixture
def runner(qtbot: QtBot) -> Iterator[TaskRunner]:
    bugs: list[BaseException] = []
    made = TaskRunner(on_bug=bugs.append, on_unheard=bugs.append)
    yield made
    assert made.join(5.0)
    made.deleteLater()
    assert bugs == []


@pytest.fixture
def feed(runner: TaskRunner) -> Iterator[Feed]:
    made = Feed(runner, interval_ms=5, parent=runner)
    yield made
    made.stop()


def following(feed: Feed, qtbot: QtBot, counters: Counters) -> list[frozenset[Topic]]:
    heard: list[frozenset[Topic]] = []
    feed.changed.connect(heard.append)
    feed.follow(counters)
    qtbot.waitUntil(lambda: counters.asked > 0)
    feed.start()
    return heard


def test_only_the_topics_that_changed_are_told(feed: Feed, qtbot: QtBot) -> None:
    counters = Counters()
    heard = following(feed, qtbot, counters)
    qtbot.waitUntil(lambda: counters.asked > 3)
    assert heard == []
    counters.values[Topic.STATES] += 1
    qtbot.waitUntil(lambda: heard != [])
    assert heard == [frozenset({Topic.STATES})]


def test_a_lost_store_is_told_and_found_again(feed: Feed, qtbot: QtBot) -> None:
    counters = Counters()
    following(feed, qtbot, counters)
    counters.is_gone = True
    with qtbot.waitSignal(feed.lost) as lost:
        pass
    assert lost.args == [GONE]
    assert feed.is_lost
    counters.is_gone = False
    with qtbot.waitSignal(feed.found_again):
        pass
    assert not feed.is_lost


def test_what_changed_while_the_store_was_lost_is_told_afterwards(feed: Feed, qtbot: QtBot) -> None:
    counters = Counters()
    heard = following(feed, qtbot, counters)
    qtbot.waitUntil(lambda: counters.asked > 2)
    counters.is_gone = True
    with qtbot.waitSignal(feed.lost):
        pass
    counters.values[Topic.SERIES] += 5
    counters.is_gone = False
    qtbot.waitUntil(lambda: heard != [])
    assert heard == [frozenset({Topic.SERIES})]


def test_a_lost_store_is_asked_less_and_less_often(feed: Feed, qtbot: QtBot) -> None:
    counters = Counters()
    counters.is_gone = True
    ticks: list[int] = []
    feed.ticked.connect(lambda: ticks.append(1))
    feed.follow(counters)
    feed.start()
    qtbot.waitUntil(lambda: len(ticks) >= 60)
    assert counters.asked < len(ticks) / 3


def test_questions_never_pile_up(feed: Feed, qtbot: QtBot, runner: TaskRunner) -> None:
    slow = SlowCounters()
    ticks: list[int] = []
    feed.ticked.connect(lambda: ticks.append(1))
    feed.follow(slow)
    feed.start()
    qtbot.waitUntil(lambda: len(ticks) >= 20)
    assert slow.asked == 1
    slow.let_go()
    qtbot.waitUntil(lambda: slow.asked > 1)


def test_rows_that_cannot_be_read_are_told_once_until_there_are_more(feed: Feed, qtbot: QtBot) -> None:
    counters = Counters()
    found: list[str] = []
    heard: list[tuple[str, ...]] = []
    feed.rows_left_out.connect(heard.append)
    feed.follow(counters, lambda: tuple(found))
    feed.start()
    qtbot.waitUntil(lambda: counters.asked > 2)
    assert heard == []
    found.append("The first row cannot be read.")
    qtbot.waitUntil(lambda: heard != [])
    before = counters.asked
    qtbot.waitUntil(lambda: counters.asked > before + 2)
    assert heard == [("The first row cannot be read.",)]
    found.append("The second row cannot be read.")
    qtbot.waitUntil(lambda: len(heard) > 1)
    assert heard[1] == tuple(found)


class SlowCounters(Counters):
    """Counters that do not answer until they are let go."""

    def __init__(self) -> None:
        super().__init__()
        self._gate = threading.Event()
        self.let_go: Callable[[], None] = self._gate.set

    @override
    def versions(self) -> Mapping[Topic, int]:
        self.asked += 1
        self._gate.wait(10)
        return dict(self.values)

"""The window's pulse: every second it asks the store, in a worker, whether anything changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from quarterdeck.domain.errors import OperatorError
from quarterdeck.ui.tasks.runner import Task, TaskRunner

if TYPE_CHECKING:
    from quarterdeck.services.ports import Topic, VersionCounters

_INTERVAL_MS = 1000
_LONGEST_PAUSE = 10


class Feed(QObject):
    """`ticked` comes every second; `changed` carries the topics (a frozenset) of which there is new data.

    `rows_left_out` carries the sentences (a tuple) of which rows of the store cannot be read, when there are others.
    `lost` carries the OperatorError of a store that cannot be read, `found_again` comes when it can. While it cannot,
    the pauses grow to ten seconds.
    """

    ticked = Signal()
    changed = Signal(object)
    rows_left_out = Signal(object)
    lost = Signal(object)
    found_again = Signal()

    def __init__(self, runner: TaskRunner, *, interval_ms: int = _INTERVAL_MS, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runner = runner
        self._counters: VersionCounters | None = None
        self._left_out: Callable[[], tuple[str, ...]] = tuple
        self._told: tuple[str, ...] = ()
        self._seen: Mapping[Topic, int] | None = None
        self._task: Task | None = None
        self._failures = 0
        self._pause = 0
        self._timer = QTimer(self)
        self._timer.setInterval(interval_ms)
        self._timer.timeout.connect(self._tick)

    @property
    def is_lost(self) -> bool:
        """Whether the store could not be read when it was last asked."""
        return self._failures > 0

    def start(self) -> None:
        """Begin to tick."""
        self._timer.start()

    def stop(self) -> None:
        """Tick no more."""
        self._timer.stop()

    def follow(self, counters: VersionCounters, left_out: Callable[[], tuple[str, ...]] = tuple) -> None:
        """Ask this store from now on; `left_out`, which does not read it, tells which rows reading it left out."""
        self._counters = counters
        self._left_out = left_out
        self._seen = None
        self._failures = self._pause = 0
        self.ask()

    def ask(self) -> None:
        """Ask now, unless the last question is not answered yet."""
        if self._counters is None or (self._task is not None and self._task.is_active):
            return
        self._task = self._runner.run_query(
            self._counters.versions, on_result=self._compare, on_error=self._fail, owner=self, key="versions"
        )

    def _tick(self) -> None:
        self.ticked.emit()
        if self._pause > 0:
            self._pause -= 1
        else:
            self.ask()

    def _compare(self, versions: Mapping[Topic, int]) -> None:
        was_lost, self._failures = self.is_lost, 0
        before, self._seen = self._seen, versions
        if was_lost:
            self.found_again.emit()
        if before is not None:
            topics = frozenset(topic for topic, version in versions.items() if before.get(topic) != version)
            if topics:
                self.changed.emit(topics)
        self._tell_left_out()

    def _tell_left_out(self) -> None:
        left_out = self._left_out()
        if left_out != self._told:
            self._told = left_out
            self.rows_left_out.emit(left_out)

    def _fail(self, error: OperatorError) -> None:
        self._failures += 1
        self._pause = min(_LONGEST_PAUSE, 2**self._failures)
        self.lost.emit(error)

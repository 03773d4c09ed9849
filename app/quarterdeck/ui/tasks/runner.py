"""Work away from the GUI thread: the only place in the ui that starts threads.

A worker only ever holds a task's number while it reports, so that closures, results and tracebacks (which may be the
last to hold a widget) are let go in the GUI thread. Outcomes come back through one bridge that lives as long as the
program.
"""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import Any, TypeVar

from PySide6.QtCore import QCoreApplication, QObject, Qt, QTimer, Signal
from shiboken6 import Shiboken

from quarterdeck.domain.errors import OperatorError

T = TypeVar("T")
BugHandler = Callable[[BaseException], None]
ErrorHandler = Callable[[OperatorError], None]


class Cancellation:
    """Tells long work that nobody waits for it any more; safe to ask from any thread."""

    def __init__(self) -> None:
        self._event = threading.Event()

    @property
    def is_requested(self) -> bool:
        """Whether to stop at the next opportunity."""
        return self._event.is_set()

    def request(self) -> None:
        """Ask the work to stop."""
        self._event.set()


@dataclass(slots=True)
class _Job:
    """One piece of work and where its outcome goes; the runner carries the result without looking at it."""

    work: Callable[[], Any]
    on_result: Callable[[Any], None]
    on_error: ErrorHandler
    owner: QObject
    key: str
    is_change: bool
    cancellation: Cancellation
    future: Future[None] | None = None
    is_dropped: bool = False
    result: Any = None
    error: BaseException | None = None


class Task:
    """The caller's hold on work under way."""

    def __init__(self, cancel: Callable[[], None], is_active: Callable[[], bool]) -> None:
        self._cancel = cancel
        self._is_active = is_active

    def cancel(self) -> None:
        """Drop the outcome, and the work too where it has not begun or heeds its `Cancellation`."""
        self._cancel()

    @property
    def is_active(self) -> bool:
        """Whether an outcome may still come."""
        return self._is_active()


class TaskRunner(QObject):
    """Runs work in threads and delivers outcomes in the GUI thread, in which it must be made.

    Outcomes come one in a turn of the event loop. `on_bug` receives every exception that is not an OperatorError;
    `on_unheard` receives the OperatorError of a change whose owner is gone, so that a failed change is never silent.
    Both are called in the GUI thread.
    """

    _arrived = Signal()

    def __init__(
        self, *, on_bug: BugHandler, on_unheard: ErrorHandler, threads: int = 3, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._on_bug = on_bug
        self._on_unheard = on_unheard
        self._queries = ThreadPoolExecutor(max_workers=threads, thread_name_prefix="quarterdeck-query")
        self._changes = ThreadPoolExecutor(max_workers=1, thread_name_prefix="quarterdeck-change")
        self._numbers = itertools.count(1)
        self._jobs: dict[int, _Job] = {}
        self._finished: SimpleQueue[int] = SimpleQueue()
        self._is_closed = False
        self._calm_calls: list[tuple[QObject, Callable[[], object]]] = []
        self._calm_turn = QTimer(self)
        self._calm_turn.setSingleShot(True)
        self._calm_turn.setInterval(0)
        self._calm_turn.timeout.connect(self._call_when_calm)
        self._turn = QTimer(self)
        self._turn.setSingleShot(True)
        self._turn.setInterval(0)
        self._turn.timeout.connect(self._deliver_next)
        self._arrived.connect(self._plan_delivery, Qt.ConnectionType.QueuedConnection)

    @property
    def is_idle(self) -> bool:
        """Whether nothing is under way or put off, and every outcome was delivered or dropped."""
        return not self._jobs and not self._calm_calls

    def run_query(
        self,
        work: Callable[[], T],
        *,
        on_result: Callable[[T], None],
        on_error: ErrorHandler,
        owner: QObject,
        key: str = "",
        cancellation: Cancellation | None = None,
    ) -> Task:
        """Read something. A later query of the same owner and key takes the place of an earlier one.

        Nothing but a bug is delivered once the owner is gone. An OperatorError goes to `on_error`.
        """
        for number, job in list(self._jobs.items()):
            if not job.is_change and job.owner is owner and job.key == key:
                self._drop(number)
        return self._start(_Job(work, on_result, on_error, owner, key, False, cancellation or Cancellation()))

    def run_change(
        self,
        work: Callable[[], T],
        *,
        on_result: Callable[[T], None],
        on_error: ErrorHandler,
        owner: QObject,
        cancellation: Cancellation | None = None,
    ) -> Task:
        """Change something. Changes run one after the other in the order given; none is skipped for a later one.

        The result is dropped once the owner is gone; an OperatorError then goes to `on_unheard`.
        """
        return self._start(_Job(work, on_result, on_error, owner, "", True, cancellation or Cancellation()))

    def when_calm(self, call: Callable[[], object], *, owner: QObject) -> None:
        """Call once nothing is under way: what nobody waits for is begun then, so that it delays nothing else."""
        if not self._is_closed:
            self._calm_calls.append((owner, call))
            self._calm_turn.start()

    def join(self, timeout_seconds: float = 5.0) -> bool:
        """Take no more work, drop waiting queries, finish the changes; whether every thread ended in time."""
        self._is_closed = True
        self._calm_calls.clear()
        deadline = time.monotonic() + timeout_seconds
        for number, job in list(self._jobs.items()):
            if not job.is_change:
                self._drop(number)
        running = [job.future for job in self._jobs.values() if job.future is not None]
        self._queries.shutdown(wait=False, cancel_futures=True)
        self._changes.shutdown(wait=False)
        if wait(running, timeout=max(0.0, deadline - time.monotonic())).not_done:
            return False
        self._queries.shutdown(wait=True)
        self._changes.shutdown(wait=True)
        self._deliver_all()
        return True

    def _start(self, job: _Job) -> Task:
        number = next(self._numbers)
        if self._is_closed:
            job.error = _closing()
            self._conclude(job)
        else:
            self._jobs[number] = job
            job.future = (self._changes if job.is_change else self._queries).submit(self._work, number)
        return Task(lambda: self._drop(number), lambda: number in self._jobs and not self._jobs[number].is_dropped)

    def _drop(self, number: int) -> None:
        job = self._jobs.get(number)
        if job is None:
            return
        job.is_dropped = True
        job.cancellation.request()
        if job.future is not None and job.future.cancel():
            del self._jobs[number]
            if self._calm_calls:
                self._calm_turn.start()

    def _work(self, number: int) -> None:
        """Runs in a worker. All it leaves behind is the number."""
        self._perform(number)
        self._finished.put(number)
        self._arrived.emit()

    def _perform(self, number: int) -> None:
        job = self._jobs[number]
        try:
            job.result = job.work()
        except BaseException as fault:  # noqa: BLE001 -- the runner is where no exception of a task may be lost
            job.error = fault

    def _plan_delivery(self) -> None:
        self._turn.start()

    def _deliver_next(self) -> None:
        """Deliver one outcome, the next in a turn of its own: several at once would be felt."""
        number = self._take()
        if not self._finished.empty():
            self._turn.start()
        if number is not None:
            self._conclude(self._jobs.pop(number))
        if self._calm_calls:
            self._calm_turn.start()

    def _call_when_calm(self) -> None:
        if self._jobs:
            return
        calls, self._calm_calls = self._calm_calls, []
        for owner, call in calls:
            if Shiboken.isValid(owner):
                call()

    def _deliver_all(self) -> None:
        self._turn.stop()
        while (number := self._take()) is not None:
            self._conclude(self._jobs.pop(number))

    def _take(self) -> int | None:
        try:
            return self._finished.get_nowait()
        except Empty:
            return None

    def _conclude(self, job: _Job) -> None:
        is_heard = not job.is_dropped and Shiboken.isValid(job.owner)
        try:
            if isinstance(job.error, OperatorError):
                self._report(job, job.error, is_heard=is_heard)
            elif job.error is not None:
                self._on_bug(job.error)
            elif is_heard:
                job.on_result(job.result)
        except Exception as fault:  # noqa: BLE001 -- a receiver's bug must reach the same place as a task's
            self._on_bug(fault)
        finally:
            # An error's traceback holds the frame that holds the job: without this only a collection would free both.
            job.error = None

    def _report(self, job: _Job, error: OperatorError, *, is_heard: bool) -> None:
        if is_heard:
            job.on_error(error)
        elif job.is_change:
            self._on_unheard(error)


def _closing() -> OperatorError:
    return OperatorError(
        QCoreApplication.translate("TaskRunner", "The window is closing, nothing was changed."),
        QCoreApplication.translate("TaskRunner", "Open it again and repeat what you wanted to do."),
    )

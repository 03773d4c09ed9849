"""One read at a time for a view that is refreshed: what a person chose goes first, a refresh waits its turn.

Refreshes that come faster than a slow store answers would otherwise drop each other's results for ever. Plain Python.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from quarterdeck.domain.errors import OperatorError
from quarterdeck.ui.tasks.verbs import Background, TaskHandle

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Read(Generic[T]):
    """Work for a worker, and what takes its outcome in the view's own thread."""

    work: Callable[[], T]
    on_result: Callable[[T], None]
    on_error: Callable[[OperatorError], None]


class LatestRead(Generic[T]):
    """Runs reads of one kind; of those that wait only the newest is kept."""

    def __init__(self, background: Background, key: str) -> None:
        self._background = background
        self._key = key
        self._task: TaskHandle | None = None
        self._waiting: Read[T] | None = None

    def take_over(self, read: Read[T]) -> None:
        """Read now; the outcome of a read under way is dropped."""
        self._waiting = None
        self._start(read)

    def follow(self, read: Read[T]) -> None:
        """Read now, or after the read that is under way."""
        if self.is_active:
            self._waiting = read
        else:
            self._start(read)

    def drop(self) -> None:
        """Forget the read under way and the one that waits: the outcome of neither comes."""
        self._waiting = None
        if self._task is not None:
            self._task.cancel()
            self._task = None

    @property
    def is_active(self) -> bool:
        """Whether an outcome may still come."""
        return self._task is not None and self._task.is_active

    def _start(self, read: Read[T]) -> None:
        def take(result: T) -> None:
            self._task = None
            read.on_result(result)
            self._go_on()

        def fail(error: OperatorError) -> None:
            self._task = None
            read.on_error(error)
            self._go_on()

        self._task = self._background.run_query(read.work, on_result=take, on_error=fail, key=self._key)

    def _go_on(self) -> None:
        waiting, self._waiting = self._waiting, None
        if waiting is not None:
            self.follow(waiting)

"""Background work that waits until a test lets it happen, so that presenters are tested without a window."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from quarterdeck.domain.errors import OperatorError


@dataclass
class HeldTask:
    """One piece of work, to be done when the test says so."""

    work: Callable[[], Any]
    on_result: Callable[[Any], None]
    on_error: Callable[[OperatorError], None]
    key: str = ""
    is_change: bool = False
    is_active: bool = True

    def cancel(self) -> None:
        self.is_active = False

    def finish(self) -> None:
        """Do the work and hand its outcome over, unless nobody waits for it any more."""
        if not self.is_active:
            return
        self.is_active = False
        try:
            result = self.work()
        except OperatorError as error:
            self.on_error(error)
        else:
            self.on_result(result)


@dataclass
class HeldBackground:
    """A `Background` whose tasks a test finishes, in any order; a query drops an earlier one of the same key."""

    tasks: list[HeldTask] = field(default_factory=list)

    @property
    def waiting(self) -> list[HeldTask]:
        """The tasks somebody still waits for, the oldest first."""
        return [task for task in self.tasks if task.is_active]

    def run_query(
        self,
        work: Callable[[], Any],
        *,
        on_result: Callable[[Any], None],
        on_error: Callable[[OperatorError], None],
        key: str = "",
    ) -> HeldTask:
        for task in self.waiting:
            if task.key == key and not task.is_change:
                task.cancel()
        return self._hold(HeldTask(work, on_result, on_error, key))

    def run_change(
        self,
        work: Callable[[], Any],
        *,
        on_result: Callable[[Any], None],
        on_error: Callable[[OperatorError], None],
    ) -> HeldTask:
        return self._hold(HeldTask(work, on_result, on_error, is_change=True))

    def finish_all(self) -> None:
        """Finish what waits, and what follows from it."""
        while self.waiting:
            self.waiting[0].finish()

    def _hold(self, task: HeldTask) -> HeldTask:
        self.tasks.append(task)
        return task

"""The task runner as one owner's background: what comes back after the owner is gone is dropped."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QObject

from quarterdeck.domain.errors import OperatorError
from quarterdeck.ui.tasks.runner import TaskRunner
from quarterdeck.ui.tasks.verbs import TaskHandle

T = TypeVar("T")


class OwnedBackground:
    """A `Background` that binds a TaskRunner to the view whose presenter uses it."""

    def __init__(self, runner: TaskRunner, owner: QObject) -> None:
        self._runner = runner
        self._owner = owner

    def run_query(
        self,
        work: Callable[[], T],
        *,
        on_result: Callable[[T], None],
        on_error: Callable[[OperatorError], None],
        key: str = "",
    ) -> TaskHandle:
        return self._runner.run_query(work, on_result=on_result, on_error=on_error, owner=self._owner, key=key)

    def run_change(
        self,
        work: Callable[[], T],
        *,
        on_result: Callable[[T], None],
        on_error: Callable[[OperatorError], None],
    ) -> TaskHandle:
        return self._runner.run_change(work, on_result=on_result, on_error=on_error, owner=self._owner)

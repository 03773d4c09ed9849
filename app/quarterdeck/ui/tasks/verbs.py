"""The two verbs of background work as presenters see them: plain Python, so that a presenter is tested without Qt."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeVar

from quarterdeck.domain.errors import OperatorError

T = TypeVar("T")


class TaskHandle(Protocol):
    """The caller's hold on work under way."""

    def cancel(self) -> None:
        """Drop the outcome, and the work too where it has not begun."""
        ...

    @property
    def is_active(self) -> bool:
        """Whether an outcome may still come."""
        ...


class Background(Protocol):
    """Runs work away from the GUI thread and hands the outcome back in it, for as long as the receiver lives.

    Bugs go to the crash dialog; only the world's faults reach `on_error`.
    """

    def run_query(
        self,
        work: Callable[[], T],
        *,
        on_result: Callable[[T], None],
        on_error: Callable[[OperatorError], None],
        key: str = "",
    ) -> TaskHandle:
        """Read something. A later query of the same key takes the place of an earlier one."""
        ...

    def run_change(
        self,
        work: Callable[[], T],
        *,
        on_result: Callable[[T], None],
        on_error: Callable[[OperatorError], None],
    ) -> TaskHandle:
        """Change something. Changes run one after the other in the order given; none is skipped for a later one."""
        ...

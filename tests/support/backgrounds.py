"""A background whose work a test finishes when it wants to; plain Python, like the presenters it stands before."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from quarterdeck.domain.errors import OperatorError


@dataclass(slots=True)
class Waiting:
    """One piece of work that has not been done yet."""

    work: Callable[[], Any]
    on_result: Callable[[Any], None]
    on_error: Callable[[OperatorError], None]
    key: str
    is_active: bool = True

    def cancel(self) -> None:
        self.is_active = False


@dataclass(slots=True)
class HeldBackground:
    """A `Background` that keeps the contract of dropping what a later query of the same key takes the place of."""

    waiting: list[Waiting] = field(default_factory=list[Waiting])

    def run_query(
        self,
        work: Callable[[], Any],
        *,
        on_result: Callable[[Any], None],
        on_error: Callable[[OperatorError], None],
        key: str = "",
    ) -> Waiting:
        for earlier in self.waiting:
            if earlier.key == key:
                earlier.cancel()
        self.waiting.append(Waiting(work, on_result, on_error, key))
        return self.waiting[-1]

    def run_change(
        self,
        work: Callable[[], Any],
        *,
        on_result: Callable[[Any], None],
        on_error: Callable[[OperatorError], None],
    ) -> Waiting:
        raise NotImplementedError

    def finish(self) -> int:
        """Do everything that waits and deliver what was not dropped; how many pieces of work were delivered."""
        delivered = 0
        while self.waiting:
            piece = self.waiting.pop(0)
            if not piece.is_active:
                continue
            piece.is_active = False
            delivered += 1
            try:
                result = piece.work()
            except OperatorError as fault:
                piece.on_error(fault)
            else:
                piece.on_result(result)
        return delivered

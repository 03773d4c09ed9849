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
    is_change: bool = False
    is_active: bool = True

    def cancel(self) -> None:
        self.is_active = False

    def finish(self) -> None:
        """Do the work and deliver its outcome, unless it was dropped or done already."""
        if not self.is_active:
            return
        self.is_active = False
        try:
            result = self.work()
        except OperatorError as fault:
            self.on_error(fault)
        else:
            self.on_result(result)


@dataclass(slots=True)
class HeldBackground:
    """A `Background` that keeps the contract of dropping what a later query of the same key takes the place of."""

    waiting: list[Waiting] = field(default_factory=list[Waiting])

    @property
    def active(self) -> list[Waiting]:
        """The work somebody still waits for, the oldest first."""
        return [piece for piece in self.waiting if piece.is_active]

    def run_query(
        self,
        work: Callable[[], Any],
        *,
        on_result: Callable[[Any], None],
        on_error: Callable[[OperatorError], None],
        key: str = "",
    ) -> Waiting:
        for earlier in self.waiting:
            if earlier.key == key and not earlier.is_change:
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
        self.waiting.append(Waiting(work, on_result, on_error, "", is_change=True))
        return self.waiting[-1]

    def finish(self) -> int:
        """Do everything that waits and deliver what was not dropped; how many pieces of work were delivered."""
        delivered = 0
        while self.waiting:
            piece = self.waiting.pop(0)
            delivered += piece.is_active
            piece.finish()
        return delivered

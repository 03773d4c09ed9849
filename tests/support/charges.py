"""Processes beside a window that a test lets stand and fall, and a watch that it turns."""

from collections.abc import Callable
from dataclasses import dataclass, field

from quarterdeck.domain.errors import OperatorError
from quarterdeck.services.supervision import ChildKind, ChildPlan

KILLED = OperatorError("It was killed (signal 9).", "See what ends processes on this machine.")


@dataclass(slots=True)
class Watch:
    """A clock that never runs backwards and stands until it is turned."""

    at_seconds: float = 1000.0

    def __call__(self) -> float:
        return self.at_seconds


@dataclass(slots=True)
class FakeChild:
    """A process in name only."""

    is_running: bool = True
    stop_count: int = 0
    reason: OperatorError = KILLED

    def ending(self) -> OperatorError:
        return self.reason

    def stop(self) -> None:
        self.is_running = False
        self.stop_count += 1


@dataclass(slots=True)
class Nursery:
    """Starts fake children of one kind and keeps them; refuses while there is a `refusal`."""

    kind: ChildKind = ChildKind.COLLECTOR
    after: ChildKind | None = None
    refusal: OperatorError | None = None
    before_start: Callable[[], object] = lambda: None
    made: list[FakeChild] = field(default_factory=list[FakeChild])
    start_count: int = 0

    @property
    def plan(self) -> ChildPlan:
        return ChildPlan(self.kind, self._start, self.after)

    @property
    def newest(self) -> FakeChild:
        return self.made[-1]

    def _start(self) -> FakeChild:
        self.start_count += 1
        self.before_start()
        if self.refusal is not None:
            raise self.refusal
        self.made.append(FakeChild())
        return self.made[-1]

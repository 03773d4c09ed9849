"""Keeping the processes beside the window alive: they are started again after a sudden end, but not for ever.

After a sudden end the next start waits 1 s, after another soon after it 2 s, then 4 s and 8 s. Whoever ends five times
in a row without having lived for a minute is left alone until a person asks.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final, Protocol

from quarterdeck.domain.errors import OperatorError

MOST_FALLS: Final = 5
STEADY_SECONDS: Final = 60.0
_FIRST_PAUSE_SECONDS: Final = 1.0


class ChildKind(StrEnum):
    """What a process does for the window."""

    COLLECTOR = "collector"
    BANK = "bank"


class ChildPhase(StrEnum):
    """How a process stands. WAITING is before its first start, PAUSING before the next one."""

    WAITING = "waiting"
    STARTING = "starting"
    RUNNING = "running"
    PAUSING = "pausing"
    GIVEN_UP = "given up"


class ChildHandle(Protocol):
    """A process that was started."""

    @property
    def is_running(self) -> bool:
        """Whether it lives; an ended one is taken off the system's list. Returns at once."""
        ...

    def ending(self) -> OperatorError:
        """Why it ended. May read what it left behind."""
        ...

    def stop(self) -> None:
        """End it and wait until it has ended; nothing happens when it has."""
        ...


@dataclass(frozen=True, slots=True)
class ChildPlan:
    """A process that is wanted. `start` blocks until it stands, and raises OperatorError.

    It is started for the first time once `after` has stood.
    """

    kind: ChildKind
    start: Callable[[], ChildHandle]
    after: ChildKind | None = None


@dataclass(frozen=True, slots=True)
class ChildStatus:
    """How a process stands. `falls` counts its ends in a row; `ended_at` and `reason` tell of the last of them.

    `has_stood` says whether it ever ran.
    """

    kind: ChildKind
    phase: ChildPhase
    has_stood: bool = False
    falls: int = 0
    ended_at: datetime | None = None
    reason: OperatorError | None = None


class Charge:
    """One process under supervision. It starts no thread: `start` and `bury` block and are called in a worker.

    `now` is the clock, `seconds` one that never runs backwards.
    """

    def __init__(
        self, plan: ChildPlan, now: Callable[[], datetime], seconds: Callable[[], float] = time.monotonic
    ) -> None:
        self.plan = plan
        self._now = now
        self._seconds = seconds
        self._handle: ChildHandle | None = None
        self._status = ChildStatus(plan.kind, ChildPhase.WAITING)
        self._stood_at_seconds = 0.0
        self._due_at_seconds = 0.0
        self._is_asked_for = False

    @property
    def status(self) -> ChildStatus:
        """How it stands."""
        return self._status

    @property
    def has_ended(self) -> bool:
        """Whether it ended by itself and was not buried yet."""
        is_up = self._status.phase is ChildPhase.RUNNING
        return is_up and self._handle is not None and not self._handle.is_running

    @property
    def is_due(self) -> bool:
        """Whether to start it now."""
        if self._is_asked_for or self._status.phase is ChildPhase.WAITING:
            return True
        return self._status.phase is ChildPhase.PAUSING and self._seconds() >= self._due_at_seconds

    @property
    def is_asked_for(self) -> bool:
        """Whether a person asked for a start that was not begun yet."""
        return self._is_asked_for

    def ask(self) -> None:
        """A person wants it started anew, whatever came before."""
        self._is_asked_for = True

    def begin(self) -> None:
        """A start begins."""
        falls = 0 if self._is_asked_for else self._status.falls
        self._is_asked_for = False
        self._status = replace(self._status, phase=ChildPhase.STARTING, falls=falls)

    def start(self) -> None:
        """Start it; one that ran before is ended first. Blocks. Raises OperatorError."""
        before, self._handle = self._handle, None
        if before is not None:
            before.stop()
        self._handle = self.plan.start()

    def stand(self) -> None:
        """It was started."""
        self._stood_at_seconds = self._seconds()
        self._status = replace(self._status, phase=ChildPhase.RUNNING, has_stood=True)

    def bury(self) -> OperatorError:
        """Let go of what is left of an ended one; why it ended. Blocks."""
        handle, self._handle = self._handle, None
        if handle is None:
            message = "only what was started can be buried"
            raise RuntimeError(message)
        reason = handle.ending()
        handle.stop()
        return reason

    def fall(self, reason: OperatorError) -> None:
        """It ended, or could not be started."""
        has_been_steady = (
            self._status.phase is ChildPhase.RUNNING and self._seconds() - self._stood_at_seconds >= STEADY_SECONDS
        )
        falls = 1 if has_been_steady else self._status.falls + 1
        self._due_at_seconds = self._seconds() + _FIRST_PAUSE_SECONDS * 2 ** (falls - 1)
        phase = ChildPhase.GIVEN_UP if falls >= MOST_FALLS else ChildPhase.PAUSING
        self._status = replace(self._status, phase=phase, falls=falls, ended_at=self._now(), reason=reason)

    def stop(self) -> None:
        """End it for good. Blocks."""
        handle, self._handle = self._handle, None
        if handle is not None:
            handle.stop()

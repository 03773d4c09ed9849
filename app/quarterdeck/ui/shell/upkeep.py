"""The processes beside the window, looked after every second: started in workers, started again when they end."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import datetime

from PySide6.QtCore import QObject, Signal

from quarterdeck.domain.errors import OperatorError
from quarterdeck.services.supervision import Charge, ChildKind, ChildPlan, ChildStatus
from quarterdeck.ui.tasks.runner import TaskRunner


class Upkeep(QObject):
    """`changed` comes when one of them stands otherwise than before."""

    changed = Signal()

    def __init__(
        self,
        runner: TaskRunner,
        plans: Sequence[ChildPlan],
        *,
        now: Callable[[], datetime],
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(runner)
        self._runner = runner
        self._charges = [Charge(plan, now, seconds) for plan in plans]
        self._busy: set[ChildKind] = set()
        self._is_started = False

    @property
    def statuses(self) -> tuple[ChildStatus, ...]:
        """How each of them stands."""
        return tuple(charge.status for charge in self._charges)

    def start(self) -> None:
        """Begin to look after them: from now on `look` starts what is wanted."""
        self._is_started = True
        self.look()

    def look(self) -> None:
        """See how they do, and start in workers what is due. Called every second; costs next to nothing."""
        if not self._is_started:
            return
        for charge in self._charges:
            if charge.plan.kind in self._busy:
                continue
            if charge.has_ended:
                self._bury(charge)
            elif charge.is_due and (charge.is_asked_for or self._may_start(charge)):
                self._start(charge)

    def ask(self, kind: ChildKind) -> None:
        """A person wants one started anew."""
        for charge in self._charges:
            if charge.plan.kind is kind:
                charge.ask()
        self.look()

    def close(self) -> None:
        """End them all. Blocks: call it after the event loop, with the workers joined."""
        for charge in reversed(self._charges):
            charge.stop()

    def _may_start(self, charge: Charge) -> bool:
        """Whether what it comes after has stood."""
        after = charge.plan.after
        return after is None or any(status.kind is after and status.has_stood for status in self.statuses)

    def _start(self, charge: Charge) -> None:
        """A query, not a change: a bank that takes its time must not hold up what a person changes meanwhile."""
        charge.begin()
        self._busy.add(charge.plan.kind)
        self._runner.run_query(
            charge.start,
            on_result=lambda _: self._stand(charge),
            on_error=lambda error: self._fall(charge, error),
            owner=self,
            key=charge.plan.kind.value,
        )
        self.changed.emit()

    def _bury(self, charge: Charge) -> None:
        self._busy.add(charge.plan.kind)
        self._runner.run_query(
            charge.bury,
            on_result=lambda reason: self._fall(charge, reason),
            on_error=lambda error: self._fall(charge, error),
            owner=self,
            key=charge.plan.kind.value,
        )

    def _stand(self, charge: Charge) -> None:
        self._busy.discard(charge.plan.kind)
        charge.stand()
        self.changed.emit()
        self.look()

    def _fall(self, charge: Charge, reason: OperatorError) -> None:
        self._busy.discard(charge.plan.kind)
        charge.fall(reason)
        self.changed.emit()

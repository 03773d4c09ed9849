"""Tells the window how its processes do: starting, collecting, ended, started again, silent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal

from quarterdeck.domain.errors import OperatorError
from quarterdeck.domain.health import HealthState
from quarterdeck.services.supervision import ChildKind
from quarterdeck.ui.shell.child_words import ChildNotice, starting_words, trouble_notice
from quarterdeck.ui.shell.console_clock import ConsoleClock
from quarterdeck.ui.shell.feed import Feed
from quarterdeck.ui.shell.upkeep import Upkeep
from quarterdeck.ui.shell.window import ConsoleWindow
from quarterdeck.ui.tasks.runner import TaskRunner

if TYPE_CHECKING:
    from quarterdeck.services.collector_watch import CollectorStatus, CollectorWatch

_CALM_TICKS: Final = 3
_SILENT_LOOKS: Final = 3
_PATIENT_TICKS: Final = 60
_LOOKS_AFTER_ASKING: Final = 15


@dataclass(frozen=True, slots=True)
class _Look:
    """What the store said last."""

    status: CollectorStatus
    is_anything_overseen: bool


class ChildWatch(QObject):
    """`released` comes once, when panels may show what the store holds.

    That is at once where something is overseen; else when nothing is starting any more.
    """

    released = Signal()

    def __init__(
        self, window: ConsoleWindow, *, upkeep: Upkeep, feed: Feed, runner: TaskRunner, clock: ConsoleClock
    ) -> None:
        super().__init__(window)
        self._window = window
        self._upkeep = upkeep
        self._runner = runner
        self._clock = clock
        self._collector: Callable[[], CollectorWatch] | None = None
        self._look: _Look | None = None
        self._is_released = False
        self._collected_at: datetime | None = None
        self._silent_looks = _SILENT_LOOKS - 1
        self._ticks = 0
        self._patience_ticks = _PATIENT_TICKS
        feed.ticked.connect(self._tick)
        upkeep.changed.connect(self.ask)
        window.top_bar.show_collecting(is_collecting=None)
        window.child_banner.start_requested.connect(self._start)
        window.rail.collector_line.start_requested.connect(lambda: self._start(ChildKind.COLLECTOR))

    def follow(self, collector: Callable[[], CollectorWatch]) -> None:
        """The store is open: start what is wanted, and ask it from now on; what is to be asked is made in a worker."""
        self._collector = collector
        self._upkeep.start()
        self.ask()

    def ask(self) -> None:
        """Ask the store now, and show what is known meanwhile."""
        self._show()
        collector, at = self._collector, self._clock.now()
        if collector is None:
            return
        is_known = self._is_released

        def read() -> _Look:
            watch = collector()
            return _Look(watch.status(at), is_known or watch.is_anything_overseen(at))

        self._runner.run_query(read, on_result=self._take, on_error=_leave_to_the_feed, owner=self, key="collector")

    def _tick(self) -> None:
        self._upkeep.look()
        self._ticks += 1
        if self._is_starting:
            self._patience_ticks -= 1
        if not self._is_calm or self._ticks % _CALM_TICKS == 0:
            self.ask()

    def _take(self, look: _Look) -> None:
        self._look = look
        if look.status.is_collecting:
            self._collected_at = look.status.heard_at
        self._silent_looks = 0 if look.status.is_collecting else self._silent_looks + 1
        self._show()
        if not self._is_released and (look.is_anything_overseen or not self._is_starting):
            self._is_released = True
            self.released.emit()

    def _show(self) -> None:
        look, now = self._look, self._clock.now()
        if look is None:
            return
        words = self._starting_words
        notice = trouble_notice(self._upkeep.statuses, collected_at=self._collected_at, now=now)
        if notice is None and words and not look.is_anything_overseen:
            notice = ChildNotice(words, HealthState.UNKNOWN)
        self._window.child_banner.show_notice(notice)
        if look.status.is_collecting or notice is not None or words or self._silent_looks >= _SILENT_LOOKS:
            self._window.top_bar.show_collecting(is_collecting=look.status.is_collecting)
        line = self._window.rail.collector_line
        if notice is not None:
            line.hide_silence()
        elif words:
            line.show_starting(words)
        elif self._silent_looks >= _SILENT_LOOKS:
            line.show_silence(look.status.heard_at, now)
        elif self._silent_looks == 0:
            line.hide_silence()

    @property
    def _starting_words(self) -> str:
        """What is starting. Once somebody collected, or after a good while of nothing, nothing is."""
        if self._collected_at is not None or self._patience_ticks <= 0:
            return ""
        return starting_words(self._upkeep.statuses)

    @property
    def _is_starting(self) -> bool:
        return bool(self._starting_words)

    @property
    def _is_calm(self) -> bool:
        """Whether all is as it should be, so that it is enough to look now and then."""
        is_quiet = self._window.child_banner.isHidden() and not self._is_starting
        return is_quiet and self._silent_looks == 0 and self._is_released

    def _start(self, kind: ChildKind) -> None:
        """Start it, and take the words away until it is clear that this did not help."""
        self._silent_looks = -_LOOKS_AFTER_ASKING
        self._window.rail.collector_line.hide_silence()
        self._upkeep.ask(kind)


def _leave_to_the_feed(_error: OperatorError) -> None:
    """The feed asks the same store every second and tells when it cannot be read."""

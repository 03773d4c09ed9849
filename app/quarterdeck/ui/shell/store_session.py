"""Opens the store in a worker after the window was painted, starts the collector, and lets go of both at the end."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject, Signal

from quarterdeck.ui.tasks.runner import Task, TaskRunner

if TYPE_CHECKING:
    from quarterdeck.services.console import ConsoleServices


class CollectorHandle(Protocol):
    """A collector that the window started."""

    def stop(self) -> None:
        """End it and wait until it has ended."""
        ...


class StoreSession(QObject):
    """`opened` carries the ConsoleServices, `failed` the OperatorError of an attempt to open the store.

    `collector_failed` carries the OperatorError of an attempt to start the collector.
    """

    opened = Signal(object)
    failed = Signal(object)
    collector_failed = Signal(object)

    def __init__(
        self,
        runner: TaskRunner,
        open_services: Callable[[], ConsoleServices],
        start_collector: Callable[[], CollectorHandle | None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._runner = runner
        self._open_services = open_services
        self._start_collector = start_collector
        self._services: ConsoleServices | None = None
        self._collector: CollectorHandle | None = None
        self._attempt: Task | None = None

    @property
    def is_open(self) -> bool:
        """Whether the store was opened."""
        return self._services is not None

    def open(self) -> None:
        """Open the store, unless that is done or under way."""
        if self.is_open or (self._attempt is not None and self._attempt.is_active):
            return
        self._attempt = self._runner.run_change(
            self._work, on_result=self.opened.emit, on_error=self.failed.emit, owner=self
        )

    def start_collector(self) -> None:
        """Start the collector where it is wanted and none runs; one that was started before is ended first."""
        self._runner.run_change(
            self._work_on_collector, on_result=lambda _: None, on_error=self.collector_failed.emit, owner=self
        )

    def close(self) -> None:
        """End the collector and let go of the store. Blocks: call it after the event loop, with the workers joined."""
        collector, self._collector = self._collector, None
        services, self._services = self._services, None
        try:
            if collector is not None:
                collector.stop()
        finally:
            if services is not None:
                services.close()

    def _work(self) -> ConsoleServices:
        """Runs in a worker; what was opened is kept here even when the window has closed meanwhile."""
        services = self._services = self._open_services()
        return services

    def _work_on_collector(self) -> None:
        before, self._collector = self._collector, None
        if before is not None:
            before.stop()
        self._collector = self._start_collector()

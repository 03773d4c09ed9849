"""Opens the store in a worker after the window was painted, and lets go of it at the end."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal

from quarterdeck.ui.tasks.runner import Task, TaskRunner

if TYPE_CHECKING:
    from quarterdeck.services.console import ConsoleServices

WANTED_NEXT: Final = ("quarterdeck.ui.shell.inspector.presenter", "quarterdeck.ui.shell.pulse")
"""What is made once the store is open, in the GUI thread: it would be felt there if it were loaded there too."""


class StoreSession(QObject):
    """`opened` carries the ConsoleServices, `failed` the OperatorError of an attempt to open the store."""

    opened = Signal(object)
    failed = Signal(object)

    def __init__(
        self,
        runner: TaskRunner,
        open_services: Callable[[], ConsoleServices],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._runner = runner
        self._open_services = open_services
        self._services: ConsoleServices | None = None
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

    def close(self) -> None:
        """Let go of the store. Blocks: call it after the event loop, with the workers joined."""
        services, self._services = self._services, None
        if services is not None:
            services.close()

    def _work(self) -> ConsoleServices:
        """Runs in a worker; what was opened is kept here even when the window has closed meanwhile."""
        services = self._services = self._open_services()
        for name in WANTED_NEXT:
            importlib.import_module(name)
        return services

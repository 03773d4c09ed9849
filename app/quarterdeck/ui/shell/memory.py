"""Keeps what the window remembers, and writes it away from the GUI thread some seconds after it changed."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from quarterdeck.domain.errors import OperatorError
from quarterdeck.ui.shell.preferences import Preferences, PreferenceStore, encode
from quarterdeck.ui.tasks.runner import TaskRunner


class Memory(QObject):
    """`write_failed` carries the OperatorError of the first write that failed; later ones are not repeated."""

    write_failed = Signal(object)

    def __init__(self, store: PreferenceStore, known: Preferences, runner: TaskRunner, parent: QObject) -> None:
        super().__init__(parent)
        self._store = store
        self._runner = runner
        self._preferences = known
        self._written = known
        self._has_failed = False

    @property
    def preferences(self) -> Preferences:
        """What is remembered now."""
        return self._preferences

    def put(self, preferences: Preferences) -> None:
        """Remember this from now on."""
        self._preferences = preferences

    def save(self) -> None:
        """Write what changed since the last time, if anything did."""
        if self._preferences == self._written:
            return
        self._written = self._preferences
        text = encode(self._preferences)
        self._runner.run_change(
            lambda: self._store.write(text), on_result=lambda _: None, on_error=self._fail, owner=self
        )

    def _fail(self, error: OperatorError) -> None:
        if not self._has_failed:
            self._has_failed = True
            self.write_failed.emit(error)

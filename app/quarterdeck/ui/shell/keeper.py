"""Keeps preferences and the window's memory, and writes them away from the GUI thread as soon as it is told to."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from quarterdeck.domain.errors import OperatorError
from quarterdeck.services.preferences import PreferenceStore, UiPreferences
from quarterdeck.ui.shell.window_memory import MemoryStore, WindowMemory, decode, encode
from quarterdeck.ui.tasks.runner import Task, TaskRunner


class Keeper(QObject):
    """Reads both at once when it is made, before the window is shown. `for_now` says what this start wants otherwise.

    `preferences_changed` carries the UiPreferences; `write_failed` the OperatorError of the first write that failed,
    `remark` is what was found wrong with the preferences at the start.
    """

    preferences_changed = Signal(object)
    write_failed = Signal(object)

    def __init__(
        self,
        preferences: PreferenceStore,
        memory: MemoryStore,
        runner: TaskRunner,
        *,
        for_now: Callable[[UiPreferences], UiPreferences] = lambda preferences: preferences,
    ) -> None:
        super().__init__(runner)
        self._preference_store = preferences
        self._memory_store = memory
        self._runner = runner
        loaded = preferences.load()
        self.remark = loaded.remark
        self._written_preferences = loaded.preferences
        self._preferences = for_now(loaded.preferences)
        self._memory = self._written_memory = decode(memory.read())
        self._has_failed = False
        self._writing: Task | None = None

    @property
    def preferences(self) -> UiPreferences:
        """What the person set."""
        return self._preferences

    @property
    def memory(self) -> WindowMemory:
        """What the window remembers."""
        return self._memory

    def set_preferences(self, preferences: UiPreferences) -> None:
        """Take over what the person set, and write it at once."""
        if preferences != self._preferences:
            self._preferences = preferences
            self.preferences_changed.emit(preferences)
            self.save_now()

    def remember(self, memory: WindowMemory) -> None:
        """Remember this; it is written with the next `save`."""
        self._memory = memory

    def save(self) -> None:
        """Write what changed since the last time, if anything did and the last writing is over."""
        if self._writing is not None and self._writing.is_active:
            return
        self.save_now()

    def save_now(self) -> None:
        """Write what changed since the last time, after what is being written: there will be no later time."""
        preferences, memory = self._preferences, self._memory
        if preferences != self._written_preferences:
            self._written_preferences = preferences
            self._write(lambda: self._preference_store.save(preferences))
        if memory != self._written_memory:
            self._written_memory = memory
            self._write(lambda: self._memory_store.write(encode(memory)))

    def _write(self, work: Callable[[], None]) -> None:
        self._writing = self._runner.run_change(work, on_result=lambda _: None, on_error=self._fail, owner=self)

    def _fail(self, error: OperatorError) -> None:
        if not self._has_failed:
            self._has_failed = True
            self.write_failed.emit(error)

"""The clock of the window: the machine's until the store is open, then the store's."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime


class ConsoleClock:
    """One clock for everything in the window, so that nothing disagrees about the present."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now

    def now(self) -> datetime:
        """The present instant, aware UTC."""
        return self._now()

    def follow(self, now: Callable[[], datetime]) -> None:
        """Go by this from now on."""
        self._now = now

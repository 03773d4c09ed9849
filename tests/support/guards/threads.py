"""A test ends its threads: one that lives on touches the next test's world."""

import sys
import threading

from tests.support.guards.lines import stack_of, where
from tests.support.waiting import is_soon

GRACE_SECONDS = 2.0


class ThreadGuard:
    """Finds threads that were not there before: every ordinary one, and daemons that run code of this repository."""

    def __init__(self) -> None:
        self._before = set(threading.enumerate())

    def leftovers(self) -> list[str]:
        """One sentence per thread that does not end by itself within the grace period."""
        is_soon(lambda: not self._strays(), within_seconds=GRACE_SECONDS)
        return [f"the thread {thread.name!r}, now at {_line(thread) or _target(thread)}" for thread in self._strays()]

    def _strays(self) -> list[threading.Thread]:
        return [thread for thread in threading.enumerate() if thread not in self._before and self._counts(thread)]

    def _counts(self, thread: threading.Thread) -> bool:
        if not thread.is_alive() or isinstance(thread, threading._DummyThread):
            return False
        return not thread.daemon or _line(thread) is not None


def _line(thread: threading.Thread) -> str | None:
    return where(stack_of(sys._current_frames().get(thread.ident or 0)))


def _target(thread: threading.Thread) -> str:
    target = getattr(thread, "_target", None)
    return f"{getattr(target, '__module__', '?')}.{getattr(target, '__qualname__', '?')}"

"""Waiting for a condition instead of for time to pass."""

import threading
import time
from collections.abc import Callable


def is_soon(condition: Callable[[], bool], *, within_seconds: float = 5.0) -> bool:
    """Whether ``condition`` comes true before ``within_seconds`` are over; asked about a hundred times a second."""
    deadline = time.monotonic() + within_seconds
    pause = threading.Event()
    while not condition():
        if time.monotonic() >= deadline:
            return False
        pause.wait(0.01)
    return True


def wait_until(condition: Callable[[], bool], what: str, *, within_seconds: float = 5.0) -> None:
    """Return once ``condition`` is true; fail naming ``what`` was awaited when that takes too long."""
    if not is_soon(condition, within_seconds=within_seconds):
        raise AssertionError(f"waited {within_seconds} s in vain: {what}")

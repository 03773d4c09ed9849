"""Ending a process in good order when it is asked to, and without it when something in it cannot be interrupted.

A look-up of a name or a network drive that has gone away holds a thread for minutes, and Python waits for its threads.
What was accepted is on disk by then, so nothing is lost by not waiting.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import threading
from collections.abc import Callable

PATIENCE_SECONDS = 6.0
INTERRUPTED = 130


def end_in_time(stop: asyncio.Event, *, patience_seconds: float = PATIENCE_SECONDS) -> Callable[[], None]:
    """Set `stop` when this process is interrupted or terminated, or when the function that is returned is called.

    The process then ends within `patience_seconds`, by itself or by force, and at once with a second signal. Called in
    the event loop's thread.
    """
    loop = asyncio.get_running_loop()
    forced = threading.Timer(patience_seconds, _leave, (0,))
    forced.daemon = True

    signals: list[int] = []

    def ask() -> None:
        if not stop.is_set():
            stop.set()
            forced.start()

    def obey(number: int) -> None:
        signals.append(number)
        if len(signals) > 1:
            _leave(INTERRUPTED)
        ask()

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, obey, number)
    return ask


def _leave(code: int) -> None:
    logging.shutdown()
    os._exit(code)

"""Work for the next turn of the event loop, which ends with the object it belongs to.

`QTimer.singleShot` with a context object was seen to call after that object was gone; a child timer cannot.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer


def next_turn(owner: QObject, work: Callable[[], object]) -> QTimer:
    """A timer that does the work once, in the turn after each `start`. Stop it when its owner comes to an end."""
    timer = QTimer(owner)
    timer.setSingleShot(True)
    timer.setInterval(0)
    timer.timeout.connect(work)
    return timer

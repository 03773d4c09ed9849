"""Refuses to run on a Qt binding that would end the process later.

PySide6 6.12.0 on Python 3.10 and 3.11 loses one reference to None on every void call; after a few thousand calls the
interpreter aborts and nothing can catch it. From Python 3.12 on None is immortal and the check always passes. It can
go when 6.12.0 no longer is the newest release that an operating system ships.
"""

from __future__ import annotations

import sys
from collections.abc import Callable

from PySide6.QtCore import QObject, qVersion

from quarterdeck.domain.errors import OperatorError

_CALLS = 1000


def check_none_refcount(void_call: Callable[[], None] | None = None) -> None:
    """Make a thousand void calls and compare the references to None before and after.

    Raises OperatorError when about one is lost with each call. Costs well under a millisecond.
    """
    call = void_call or _void_qt_call()
    before = sys.getrefcount(None)
    for _ in range(_CALLS):
        call()
    if before - sys.getrefcount(None) > _CALLS // 2:
        raise OperatorError(
            f"PySide6 {qVersion()} loses references on this Python and would end the program after some minutes.",
            "Install another release of PySide6-Essentials (6.11.3 is known to be sound) or Python 3.12 or newer.",
        )


def _void_qt_call() -> Callable[[], None]:
    probe = QObject()
    return lambda: probe.setObjectName("probe")

"""A test of the window closes its windows and stops its timers; both would fire into the next test.

Nothing here loads Qt: without an application object there is nothing to look at.
"""

import gc
import sys
from types import ModuleType
from typing import Any

POOL_GRACE_MS = 3000


class QtGuard:
    """Finds top-level widgets and, for tests that asked for the application, timers and threads left running."""

    def __init__(self, *, uses_application: bool) -> None:
        self._uses_application = uses_application
        self._before = {_address(widget) for widget in _top_levels()}

    def leftovers(self) -> list[str]:
        """One sentence per leftover, after the deletions Qt still had to make were made."""
        if _application() is None:
            return []
        _make_pending_deletions()
        if self._strays():
            gc.collect()
            _make_pending_deletions()
        sentences = [f"the window {_describe(widget)}" for widget in self._strays()]
        return sentences + (_running() if self._uses_application else [])

    def _strays(self) -> list[Any]:
        return [widget for widget in _top_levels() if _address(widget) not in self._before]


def _loaded(name: str) -> ModuleType | None:
    return sys.modules.get(f"PySide6.{name}")


def _application() -> Any:
    core = _loaded("QtCore")
    return core.QCoreApplication.instance() if core else None


def _top_levels() -> list[Any]:
    widgets = _loaded("QtWidgets")
    return widgets.QApplication.topLevelWidgets() if widgets and _application() else []


def _address(widget: Any) -> int:
    return sys.modules["shiboken6"].getCppPointer(widget)[0]


def _make_pending_deletions() -> None:
    core: Any = _loaded("QtCore")
    core.QCoreApplication.sendPostedEvents(None, core.QEvent.Type.DeferredDelete)
    core.QCoreApplication.processEvents()


def _running() -> list[str]:
    core: Any = _loaded("QtCore")
    sentences = [] if core.QThreadPool.globalInstance().waitForDone(POOL_GRACE_MS) else ["work in Qt's thread pool"]
    is_alive = sys.modules["shiboken6"].isValid
    for thing in gc.get_objects():
        if isinstance(thing, core.QTimer) and is_alive(thing) and thing.isActive():
            sentences.append(f"the running timer {_describe(thing)}, {thing.interval()} ms")
            thing.stop()
        elif isinstance(thing, core.QThread) and is_alive(thing) and thing.isRunning() and not _is_current(thing):
            sentences.append(f"the running thread {_describe(thing)}")
    return sentences


def _is_current(thread: Any) -> bool:
    core: Any = _loaded("QtCore")
    return thread == core.QThread.currentThread()


def _describe(thing: Any) -> str:
    owner = thing.parent()
    place = f" in {type(owner).__name__}" if owner else ""
    return f"{type(thing).__name__} {thing.objectName()!r}{place}"

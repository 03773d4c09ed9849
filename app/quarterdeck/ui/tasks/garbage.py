"""Python's cyclic garbage is collected in the GUI thread only.

A collection that happens to start in a worker may delete widgets there, which crashes the process.
"""

from __future__ import annotations

import gc
import sys

from PySide6.QtCore import QObject, QTimer

_INTERVAL_MS = 1000


class GuiGarbage(QObject):
    """Switches automatic collection off and collects on a timer of the GUI thread, a generation at a time.

    What exists at `start` (modules, classes, the window), and again whenever modules were imported since, is set aside
    for good instead of being looked through, which keeps full collections short.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thresholds = gc.get_threshold()
        self._modules_seen = 0
        self._timer = QTimer(self)
        self._timer.setInterval(_INTERVAL_MS)
        self._timer.timeout.connect(self.collect_due)

    def start(self) -> None:
        """Take over from the interpreter."""
        gc.disable()
        self._set_aside()
        self._timer.start()

    def stop(self) -> None:
        """Hand back to the interpreter."""
        self._timer.stop()
        gc.unfreeze()
        gc.enable()

    def collect_due(self) -> int:
        """Collect the oldest generation whose threshold is passed; the number of unreachable objects found."""
        if len(sys.modules) != self._modules_seen:
            self._set_aside()
        counts = gc.get_count()
        for generation in (2, 1, 0):
            if counts[generation] > self._thresholds[generation]:
                return gc.collect(generation)
        return 0

    def _set_aside(self) -> None:
        self._modules_seen = len(sys.modules)
        gc.freeze()

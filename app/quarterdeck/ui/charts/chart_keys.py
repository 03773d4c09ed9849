"""The keys of a chart: everything the mouse does, without it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import Qt

from quarterdeck.ui.charts.chart_group import ChartGroup
from quarterdeck.ui.charts.line_data import LineData

_ZOOM = 0.8
_PAN_SHARE = 0.1
Key = Qt.Key


@dataclass(frozen=True, slots=True)
class ChartKeys:
    """Left and Right step from sample to sample, with Shift they pan; + and - zoom, 0 resets.

    Enter sets the play-head to where the cross-hair stands.
    """

    group: ChartGroup

    def press(self, key: int, lines: tuple[LineData, ...], *, is_wide: bool) -> bool:
        """Do what a key stands for; whether it stands for anything."""
        start, end = self.group.range_s
        pan = _PAN_SHARE * (end - start)
        verbs: dict[int, Callable[[], None]] = {
            Key.Key_Left: lambda: self.group.pan(-pan) if is_wide else self._step(lines, -1),
            Key.Key_Right: lambda: self.group.pan(pan) if is_wide else self._step(lines, 1),
            Key.Key_Plus: lambda: self.group.zoom(_ZOOM, self._middle()),
            Key.Key_Equal: lambda: self.group.zoom(_ZOOM, self._middle()),
            Key.Key_Minus: lambda: self.group.zoom(1 / _ZOOM, self._middle()),
            Key.Key_0: self.group.reset,
            Key.Key_Return: self._set_play_head,
            Key.Key_Enter: self._set_play_head,
        }
        verb = verbs.get(key)
        if verb is None:
            return False
        verb()
        return True

    def _middle(self) -> float:
        start, end = self.group.range_s
        return (start + end) / 2 if self.group.marks.pointer_s is None else self.group.marks.pointer_s

    def _step(self, lines: tuple[LineData, ...], direction: int) -> None:
        """Go to the next sample of any line; without samples by a hundredth of the range."""
        start, end = self.group.range_s
        now = self._middle()
        times = np.concatenate([line.times_s for line in lines]) if lines else np.empty(0)
        ahead = times[times > now] if direction > 0 else times[times < now]
        if len(ahead) == 0:
            self.group.point(min(end, max(start, now + direction * (end - start) / 100)))
            return
        following = float(ahead.min() if direction > 0 else ahead.max())
        self.group.point(min(end, max(start, following)))

    def _set_play_head(self) -> None:
        if self.group.marks.pointer_s is not None:
            self.group.play_head_requested.emit(self.group.marks.pointer_s)

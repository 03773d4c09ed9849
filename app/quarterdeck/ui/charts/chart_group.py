"""What the charts of a page share: one range of time, one play-head, one cross-hair."""

from __future__ import annotations

from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, QTimer, Signal

SETTLE_MS = 150
_SHORTEST_S = 1.0


@dataclass(frozen=True, slots=True)
class Marks:
    """What runs through all charts: play-head, cross-hair, and the box being drawn (earlier instant first)."""

    play_head_s: float | None = None
    pointer_s: float | None = None
    box_s: tuple[float, float] | None = None


class ChartGroup(QObject):
    """Every chart of a page is given the same group and moves with the others.

    `range_changed(start, end)` comes once a person has stopped zooming or panning; `range_selected(start, end)` when
    a box was drawn; `play_head_requested(at)` on a click; `reset_requested` on a double click; `pointer_moved(at)`
    with an instant or None. All in seconds since the epoch. None of them comes from `set_range` and `set_play_head`.
    """

    range_changed = Signal(float, float)
    range_selected = Signal(float, float)
    play_head_requested = Signal(float)
    reset_requested = Signal()
    pointer_moved = Signal(object)
    view_changed = Signal()
    """The range was moved, by whomever; charts paint themselves anew."""
    marks_changed = Signal()
    """Play-head or box changed."""
    gutter_changed = Signal()
    """Some chart needs more room for its values; all make room, so that their plots stay under each other."""

    def __init__(self, start_s: float, end_s: float, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._home = self._range = (start_s, max(end_s, start_s + _SHORTEST_S))
        self.marks = Marks()
        self.gutter = 0.0
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(SETTLE_MS)
        self._settle.timeout.connect(lambda: self.range_changed.emit(*self._range))

    @property
    def range_s(self) -> tuple[float, float]:
        """Start and end of what is shown."""
        return self._range

    @property
    def is_moving(self) -> bool:
        """Whether a person zooms or pans and has not been heard yet."""
        return self._settle.isActive()

    def ask_gutter(self, width: float) -> None:
        """Ask for room at the left of the plots of all charts."""
        if width > self.gutter:
            self.gutter = width
            self.gutter_changed.emit()

    def set_range(self, start_s: float, end_s: float) -> None:
        """Show another range, as the console says."""
        self._settle.stop()
        self._home = self._range = (start_s, max(end_s, start_s + _SHORTEST_S))
        self.view_changed.emit()

    def take_over(self, start_s: float, end_s: float, play_head_s: float | None) -> None:
        """Take over a range and a play-head and tell no chart: for whoever shows each one something new anyway."""
        self._settle.stop()
        self._home = self._range = (start_s, max(end_s, start_s + _SHORTEST_S))
        self.marks = replace(self.marks, play_head_s=play_head_s)

    def set_play_head(self, at_s: float | None) -> None:
        """Show the play-head elsewhere, or not at all."""
        if at_s != self.marks.play_head_s:
            self.marks = replace(self.marks, play_head_s=at_s)
            self.marks_changed.emit()

    def point(self, at_s: float | None) -> None:
        """Move the cross-hair through all charts, or hide it."""
        if at_s != self.marks.pointer_s:
            self.marks = replace(self.marks, pointer_s=at_s)
            self.pointer_moved.emit(at_s)

    def zoom(self, factor: float, around_s: float) -> None:
        """Come closer (below 1) or go away around an instant that stays where it is."""
        start, end = self._range
        if (end - start) * factor >= _SHORTEST_S:
            self._move(around_s - (around_s - start) * factor, around_s + (end - around_s) * factor)

    def pan(self, by_s: float) -> None:
        """Go on by some seconds."""
        self._move(self._range[0] + by_s, self._range[1] + by_s)

    def draw_box(self, from_s: float, to_s: float, is_final: bool) -> None:
        """Draw a box, or take it as selected. The cross-hair ends then: the pointer is elsewhere in another range."""
        start, end = min(from_s, to_s), max(from_s, to_s)
        self.marks = replace(self.marks, box_s=None if is_final else (start, end))
        self.marks_changed.emit()
        if is_final:
            self.point(None)
        if is_final and end > start:
            self.range_selected.emit(start, end)

    def reset(self) -> None:
        """Go back to the range the console set, and tell it."""
        self._settle.stop()
        self._range = self._home
        self.view_changed.emit()
        self.reset_requested.emit()

    def _move(self, start_s: float, end_s: float) -> None:
        self._range = (start_s, end_s)
        self._settle.start()
        self.view_changed.emit()

"""The time lens: the whole range coloured by health, with the window that the panels show and the play-head."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from PySide6.QtCore import QElapsedTimer, QEvent, QObject, QPoint, QPointF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPixmap, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from quarterdeck.domain.instants import TimeRange
from quarterdeck.ui.shell.lens_geometry import LensGeometry, LensPart
from quarterdeck.ui.shell.lens_paint import STRIP_HEIGHT, STRIP_TOP, LensPainter
from quarterdeck.ui.shell.lens_strip import Bar, LensStrip
from quarterdeck.ui.shell.time_words import exact_words, moment_words, span_words
from quarterdeck.ui.theme.measures import PAGE_PADDING, TIME_LENS_HEIGHT
from quarterdeck.ui.theme.theme import Theme

_SCRUB_PAUSE_MS: Final = 120
_WHEEL_STEP: Final = 120.0
_WHEEL_FACTOR: Final = 0.8
_WIDE_STEP: Final = 10
_CURSORS: Final = {
    LensPart.PLAY_HEAD: Qt.CursorShape.SizeHorCursor,
    LensPart.START_EDGE: Qt.CursorShape.SplitHCursor,
    LensPart.END_EDGE: Qt.CursorShape.SplitHCursor,
    LensPart.STRIP: Qt.CursorShape.PointingHandCursor,
}


@dataclass(frozen=True, slots=True)
class LensView:
    """What the lens shows: the whole range, the window of the panels, and the play-head."""

    extent: TimeRange
    window: TimeRange
    at: datetime
    is_live: bool


class TimeLens(QWidget):
    """Shows a LensView over a LensStrip.

    `play_head_moved` carries an aware datetime, `window_chosen` a TimeRange; `live_requested` and `reset_requested`
    (no zoom) carry nothing; `bars_changed` comes when another number of bars fits.
    """

    play_head_moved = Signal(object)
    window_chosen = Signal(object)
    live_requested = Signal()
    reset_requested = Signal()
    bars_changed = Signal()

    def __init__(self, theme: Theme, view: LensView) -> None:
        super().__init__()
        self._theme = theme
        self._view = view
        self._strip: LensStrip | None = None
        self._picture: QPixmap | None = None
        self._grip: LensPart | None = None
        self._ring = _RingWatch(self)
        self._dragged: TimeRange | None = None
        self._since_emitted = QElapsedTimer()
        self._painter = LensPainter(theme)
        self.setFixedHeight(TIME_LENS_HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAccessibleName(self.tr("Time lens"))
        theme.changed.connect(self._redraw)
        self._describe()

    @property
    def bars(self) -> int:
        """How many bars fit now."""
        return self._geometry().bars

    def show_view(self, view: LensView) -> None:
        """Show another range, window or play-head; paints only where the picture differs."""
        if view == self._view:
            return
        if view.extent != self._view.extent:
            self._picture = None
        self._view = view
        self._describe()
        self.update()

    def show_strip(self, strip: LensStrip | None) -> None:
        """Show other bars; None for none."""
        if strip != self._strip:
            self._strip = strip
            self._describe()
            self._redraw()

    def plain_tool_tip_at(self, position: QPoint) -> str:
        """When the pointer's place was, what is known of it and of what, and since when nothing could be read."""
        at = self._geometry().at_of(position.x())
        bar = self._bar_at(at)
        return "\n".join(part for part in (exact_words(at), self._bar_words(bar), self._age_words()) if part)

    def _bar_at(self, at: datetime) -> Bar | None:
        strip = self._strip
        if strip is None or not strip.time_range.contains(at):
            return None
        if strip.old_at is not None and at > strip.old_at:
            return Bar()
        share = (at - strip.time_range.start_at).total_seconds() / strip.time_range.seconds
        return strip.bars[min(len(strip.bars) - 1, int(share * len(strip.bars)))]

    def _bar_words(self, bar: Bar | None) -> str:
        if bar is None:
            return ""
        parts = (
            (bar.down, self.tr("{share} down")),
            (bar.degraded, self.tr("{share} degraded")),
            (bar.maintenance, self.tr("{share} in maintenance")),
            (bar.stale, self.tr("{share} stale")),
            (bar.healthy, self.tr("{share} healthy")),
        )
        words = ", ".join(text.format(share=f"{share:.0%}") for share, text in parts if share > 0)
        if not words:
            return self.tr("Nothing is known of this time")
        return self.tr("{what}: {shares}").format(what=self._counted_words(), shares=words)

    def _counted_words(self) -> str:
        """What the bars count."""
        if self._strip is not None and self._strip.counts_everything:
            return self.tr("Everything overseen")
        return self.tr("Integrations")

    def _age_words(self) -> str:
        if self._strip is None or self._strip.old_at is None:
            return ""
        return self.tr("not read since {time}").format(time=moment_words(self._strip.old_at, self._view.at))

    def _describe(self) -> None:
        view = self._view
        state = self.tr("live") if view.is_live else self.tr("as of {time}").format(time=exact_words(view.at))
        counted = self._counted_words() if self._strip is not None else ""
        words = (counted, span_words(view.window, view.at), self._age_words(), state)
        self.setAccessibleDescription(", ".join(part for part in words if part))

    def _geometry(self) -> LensGeometry:
        return LensGeometry(self._view.extent, PAGE_PADDING, max(1.0, self.width() - 2.0 * PAGE_PADDING))

    def _part_at(self, position: QPointF) -> LensPart:
        by_handle = position.y() < STRIP_TOP + STRIP_HEIGHT / 2
        return self._geometry().part_at(position.x(), self._view.window, self._view.at, by_handle=by_handle)

    def _redraw(self) -> None:
        self._picture = None
        self.update()

    @override
    def paintEvent(self, event: QPaintEvent, /) -> None:
        ratio = self.devicePixelRatioF()
        if self._picture is None or self._picture.devicePixelRatio() != ratio:
            self._picture = self._painter.picture(self._strip, self._geometry(), self.size(), ratio)
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._picture)
        window = self._dragged or self._view.window
        self._painter.paint_marks(painter, self._geometry(), window, self._view.at)
        if self.hasFocus() and self._ring.is_due:
            self._painter.paint_focus(painter, self.rect())

    @override
    def resizeEvent(self, event: QResizeEvent, /) -> None:
        self._redraw()
        if event.oldSize().width() != event.size().width():
            self.bars_changed.emit()

    @override
    def mousePressEvent(self, event: QMouseEvent, /) -> None:
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        if event.type() is QEvent.Type.MouseButtonDblClick:
            self.reset_requested.emit()
            return
        self._grip = self._part_at(event.position())
        if self._grip is LensPart.STRIP:
            self._emit_play_head(event.position().x())

    @override
    def mouseMoveEvent(self, event: QMouseEvent, /) -> None:
        x = event.position().x()
        if self._grip is None:
            self.setCursor(_CURSORS[self._part_at(event.position())])
        elif self._grip in {LensPart.START_EDGE, LensPart.END_EDGE}:
            self._drag_edge(x)
        elif not self._since_emitted.isValid() or self._since_emitted.elapsed() >= _SCRUB_PAUSE_MS:
            self._emit_play_head(x)

    @override
    def mouseReleaseEvent(self, event: QMouseEvent, /) -> None:
        grip, self._grip = self._grip, None
        dragged, self._dragged = self._dragged, None
        if dragged is not None:
            self.window_chosen.emit(dragged)
            self.update()
        elif grip is LensPart.PLAY_HEAD and event.position().x() >= self._geometry().x_of(self._view.extent.end_at):
            self.live_requested.emit()
        elif grip in {LensPart.PLAY_HEAD, LensPart.STRIP} and self._since_emitted.isValid():
            self._emit_play_head(event.position().x())
        self._since_emitted.invalidate()

    def _emit_play_head(self, x: float) -> None:
        self._since_emitted.start()
        self.play_head_moved.emit(self._geometry().at_of(x))

    def _drag_edge(self, x: float) -> None:
        at, window = self._geometry().at_of(x), self._view.window
        if self._grip is LensPart.START_EDGE:
            self._dragged = TimeRange(min(at, window.end_at), window.end_at)
        else:
            self._dragged = TimeRange(window.start_at, max(at, window.start_at))
        self.update()

    @override
    def wheelEvent(self, event: QWheelEvent, /) -> None:
        turns = event.angleDelta().y() / _WHEEL_STEP
        if turns:
            pivot = self._geometry().at_of(event.position().x())
            self.window_chosen.emit(scaled(self._view.window, pivot, _WHEEL_FACTOR**turns))
        event.accept()

    @override
    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        step = self._geometry().step()
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            step *= _WIDE_STEP
        match event.key():
            case Qt.Key.Key_Left:
                self.play_head_moved.emit(self._view.at - step)
            case Qt.Key.Key_Right if not self._view.is_live:
                self.play_head_moved.emit(self._view.at + step)
            case Qt.Key.Key_Home:
                self.play_head_moved.emit(self._view.extent.start_at)
            case Qt.Key.Key_End:
                self.live_requested.emit()
            case _:
                super().keyPressEvent(event)


class _RingWatch(QObject):
    """Whether the focus ring is due: it tells where the keyboard is, and whoever pressed the mouse there knows."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self.is_due = False
        widget.installEventFilter(self)

    @override
    def eventFilter(self, watched: QObject, event: QEvent, /) -> bool:
        if isinstance(event, QFocusEvent) and event.gotFocus():
            self.is_due = event.reason() is not Qt.FocusReason.MouseFocusReason
        return False


def scaled(window: TimeRange, pivot: datetime, factor: float) -> TimeRange:
    """A window made longer or shorter by a factor around an instant that stays where it is."""
    return TimeRange(pivot + (window.start_at - pivot) * factor, pivot + (window.end_at - pivot) * factor)

"""The only module that imports pyqtgraph, and only the first chart imports this module.

pyqtgraph brings the view, the mapping between pixels and data, and the mouse; everything visible is painted by
`chart_paint` in pixels. It is given no text at all, since its labels take markup.
"""

from __future__ import annotations

from collections.abc import Callable

import pyqtgraph
from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QGraphicsItem,
    QGraphicsSceneWheelEvent,
    QStyleOptionGraphicsItem,
    QWidget,
)
from typing_extensions import override

from quarterdeck.ui.charts.ticks import ValueAxis

_WHEEL_STEP = 120.0
_WHEEL_FACTOR = 0.8
_BOX_BUTTONS = frozenset({Qt.MouseButton.RightButton})
_KEYBOARD_REASONS = frozenset(
    {Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason, Qt.FocusReason.ShortcutFocusReason}
)
Paint = Callable[[QPainter], None]
Tell = Callable[[QPointF], str]


class PlotSurface(pyqtgraph.GraphicsView):
    """The plot of a chart: the data as its ground, over them what follows the pointer, and the gestures on it.

    Signals carry seconds since the epoch: `pointed` an instant or None, `clicked` an instant, `zoomed` a factor (below
    1 comes closer) and the instant under the pointer, `panned` the seconds to go on, `boxed` two instants of which the
    second may lie before the first while the box is drawn, and whether it is final. `tell` gives the tool tip at a
    point.
    """

    pointed = Signal(object)
    clicked = Signal(float)
    zoomed = Signal(float, float)
    panned = Signal(float)
    boxed = Signal(float, float, bool)
    reset_requested = Signal()
    key_pressed = Signal(QKeyEvent)
    laid_out = Signal()

    def __init__(self, paint_data: Paint, paint_marks: Paint, tell: Tell) -> None:
        super().__init__(background=None)
        self.box = _TimeBox(self)
        self.setCentralItem(self.box)
        self.shows_focus = False
        self._tell = tell
        self._margins = (0.0, 0.0, 0.0, 0.0)
        self._paint_data = paint_data
        self.marks = _Marks(paint_marks)
        self.scene().addItem(self.marks)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.scene().sigMouseMoved.connect(self._on_moved)

    @property
    def plot_area(self) -> QRectF:
        """The area between the margins, in pixels of the widget."""
        left, top, right, bottom = self._margins
        return QRectF(left, top, max(1.0, self.width() - left - right), max(1.0, self.height() - top - bottom))

    def set_margins(self, left: float, top: float, right: float, bottom: float) -> None:
        """Keep room for the words of the axes."""
        self._margins = (left, top, right, bottom)
        self.laid_out.emit()

    def set_range(self, start_s: float, end_s: float, axis: ValueAxis) -> None:
        """Map this range onto the plot's area."""
        area = self.plot_area
        per_pixel = (end_s - start_s) / area.width()
        left, right = start_s - area.left() * per_pixel, end_s + (self.width() - area.right()) * per_pixel
        self.box.setXRange(left, right, padding=0)
        self.box.setYRange(axis.low, axis.high, padding=0)
        self.update_data()

    def update_data(self) -> None:
        """Paint all again; what follows the pointer alone is painted by `marks.update`."""
        self.resetCachedContent()
        self.viewport().update()

    def plain_tool_tip_at(self, position: QPoint) -> str:
        """What stands at a point of the viewport."""
        return self._tell(QPointF(position))

    def _on_moved(self, position: QPointF) -> None:
        inside = self.plot_area.contains(position)
        self.pointed.emit(self.box.mapSceneToView(position).x() if inside else None)

    @override
    def resizeEvent(self, event: QResizeEvent | None, /) -> None:
        super().resizeEvent(event)  # pyright: ignore[reportArgumentType] -- pyqtgraph calls it with None itself
        if event is not None:
            self.marks.resize(QRectF(self.rect()))
            self.laid_out.emit()

    @override
    def drawBackground(self, painter: QPainter, rect: QRectF | QRect, /) -> None:
        """The data lie in the ground, which the view keeps: opaque, so that it is copied and not blended."""
        super().drawBackground(painter, rect)
        painter.save()
        self._paint_data(painter)
        painter.restore()

    @override
    def focusInEvent(self, event: QFocusEvent, /) -> None:
        super().focusInEvent(event)
        self.shows_focus = event.reason() in _KEYBOARD_REASONS
        self.marks.update()

    @override
    def focusOutEvent(self, event: QFocusEvent, /) -> None:
        super().focusOutEvent(event)
        self.shows_focus = False
        self.marks.update()

    @override
    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        event.ignore()
        self.key_pressed.emit(event)

    @override
    def leaveEvent(self, event: QEvent, /) -> None:
        super().leaveEvent(event)
        self.pointed.emit(None)


class _Marks(QGraphicsItem):
    """Paints over the whole view, in its pixels."""

    def __init__(self, paint: Paint) -> None:
        super().__init__()
        self._paint = paint
        self._area = QRectF()
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)

    def resize(self, area: QRectF) -> None:
        self.prepareGeometryChange()
        self._area = area

    @override
    def boundingRect(self) -> QRectF:
        return self._area

    @override
    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None, /) -> None:
        self._paint(painter)


class _TimeBox(pyqtgraph.ViewBox):
    """Turns the mouse into the gestures of a time axis; the range itself is set from outside."""

    def __init__(self, surface: PlotSurface) -> None:
        super().__init__(enableMenu=False, defaultPadding=0.0)
        self._surface = surface

    @override
    def wheelEvent(self, ev: QGraphicsSceneWheelEvent, axis: int | None = None) -> None:
        factor = _WHEEL_FACTOR ** (ev.delta() / _WHEEL_STEP)
        self._surface.zoomed.emit(factor, self._seconds_at(ev.pos()))
        ev.accept()

    @override
    def mouseDragEvent(self, ev: pyqtgraph.MouseDragEvent, axis: int | None = None) -> None:
        ev.accept()
        now = self._seconds_at(ev.pos())
        is_box = ev.button() in _BOX_BUTTONS or bool(ev.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if is_box:
            self._surface.boxed.emit(self._seconds_at(ev.buttonDownPos()), now, ev.isFinish())
        else:
            self._surface.panned.emit(self._seconds_at(ev.lastPos()) - now)

    @override
    def mouseClickEvent(self, ev: pyqtgraph.MouseClickEvent) -> None:
        if ev.button() is not Qt.MouseButton.LeftButton:
            return
        ev.accept()
        if ev.double():
            self._surface.reset_requested.emit()
        else:
            self._surface.clicked.emit(self._seconds_at(ev.pos()))

    def _seconds_at(self, position: QPointF) -> float:
        return self.mapToView(position).x()

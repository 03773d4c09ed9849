"""What a person does with the map: by wheel, drag and click, by keys, and from relation to relation."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QEvent, QObject, QPointF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QWheelEvent
from typing_extensions import override

from quarterdeck.ui.panels.relationships.map_overlay import Pointed
from quarterdeck.ui.panels.relationships.map_view import MapView
from quarterdeck.ui.panels.relationships.walking import edges_of, other_end, reading_order

_PAN = 80
_PAGE_SHARE = 0.8
_WHEEL_BASE = 1.0015
_ZOOM_STEP = 1.25
_DRAG_DISTANCE = 4
_READABLE = 0.8
_PANS = {
    Qt.Key.Key_Left: (_PAN, 0),
    Qt.Key.Key_Right: (-_PAN, 0),
    Qt.Key.Key_Up: (0, _PAN),
    Qt.Key.Key_Down: (0, -_PAN),
}
_PAGES = {Qt.Key.Key_PageUp: 1, Qt.Key.Key_PageDown: -1}


class MapPointer(QObject):
    """The pointer on the map: the wheel zooms around it, a drag moves, a click chooses, a double click opens.

    `opened` carries the node that was double clicked; beside every node the whole map is seen again.
    """

    opened = Signal(int)

    def __init__(self, view: MapView) -> None:
        super().__init__(view)
        self._view = view
        self._drag: QPointF | None = None
        self._has_dragged = False
        self._pressed = Pointed()
        view.viewport().installEventFilter(self)

    @override
    def eventFilter(self, watched: QObject, event: QEvent, /) -> bool:
        if isinstance(event, QWheelEvent):
            self._turn(event)
        elif isinstance(event, QMouseEvent):
            return self._handle(event)
        elif event.type() is QEvent.Type.Leave:
            self._point(Pointed())
            return False
        else:
            return False
        return True

    def _handle(self, event: QMouseEvent) -> bool:
        match event.type():
            case QEvent.Type.MouseButtonPress:
                self._press(event)
            case QEvent.Type.MouseMove:
                self._move(event)
            case QEvent.Type.MouseButtonRelease:
                self._release(event)
            case QEvent.Type.MouseButtonDblClick:
                self._open()
            case _:
                return False
        return True

    def _turn(self, event: QWheelEvent) -> None:
        delta, sight = event.angleDelta(), self._view.sight
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            sight.look(sight.camera.moved(delta.x() or delta.y(), 0))
        else:
            sight.look(sight.camera.zoomed(_WHEEL_BASE ** delta.y(), event.position()))

    def _press(self, event: QMouseEvent) -> None:
        self._drag, self._has_dragged = event.position(), False
        self._pressed = self._view.sight.under(event.position())
        self._view.setFocus(Qt.FocusReason.MouseFocusReason)

    def _move(self, event: QMouseEvent) -> None:
        sight, position = self._view.sight, event.position()
        if self._drag is None or not event.buttons():
            self._point(sight.under(position))
            return
        way = position - self._drag
        if self._has_dragged or way.manhattanLength() >= _DRAG_DISTANCE:
            self._has_dragged = True
            self._view.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)
            sight.look(sight.camera.moved(way.x(), way.y()))
            self._drag = position

    def _release(self, event: QMouseEvent) -> None:
        self._view.viewport().unsetCursor()
        was_click = self._drag is not None and not self._has_dragged
        self._drag = None
        if was_click and event.button() is Qt.MouseButton.LeftButton:
            self._view.setCurrentIndex(self._view.indexAt(event.position().toPoint()))

    def _open(self) -> None:
        """What the first press was on: choosing it may have moved the map below the second."""
        if self._pressed.node >= 0:
            self.opened.emit(self._pressed.node)
        elif self._pressed.edge < 0:
            self._view.sight.fit()

    def _point(self, pointed: Pointed) -> None:
        if pointed != self._view.pointed:
            self._view.pointed = pointed
            shape = Qt.CursorShape.PointingHandCursor if pointed.is_something else Qt.CursorShape.ArrowCursor
            self._view.viewport().setCursor(shape)
            self._view.viewport().update()


class MapKeys(QObject):
    """Ctrl with an arrow moves the map, Page up and down move it by a page."""

    def __init__(self, view: MapView) -> None:
        super().__init__(view)
        self._view = view
        view.installEventFilter(self)

    @override
    def eventFilter(self, watched: QObject, event: QEvent, /) -> bool:
        return event.type() is QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and self._take(event)

    def _take(self, event: QKeyEvent) -> bool:
        sight, key = self._view.sight, Qt.Key(event.key())
        if key in _PAGES:
            sight.look(sight.camera.moved(0, _PAGES[key] * sight.area.height() * _PAGE_SHARE))
            return True
        if key in _PANS and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            sight.look(sight.camera.moved(*_PANS[key]))
            return True
        return False


class MapWalk:
    """Goes from node to node, from relation to relation and from match to match, and keeps what is chosen in view."""

    def __init__(self, view: MapView) -> None:
        self._view = view
        self._node = -1

    def zoom(self, steps: int) -> None:
        """Larger, or smaller below zero, around what is chosen where it is seen, else around the middle."""
        sight, node = self._view.sight, self._view.current.node
        around = sight.area.center()
        if node >= 0 and sight.area.contains(chosen := self._middle(node)):
            around = chosen
        sight.look(sight.camera.zoomed(_ZOOM_STEP**steps, around))

    def walk(self, step: int) -> None:
        """The next node in the order of reading, or the one before."""
        order = reading_order(self._view.rows.scene)
        if len(order):
            places = np.flatnonzero(order == self._view.current.node)
            place = int(places[0]) + step if len(places) else 0
            self._go_to(int(order[min(max(place, 0), len(order) - 1)]))

    def walk_relations(self, step: int) -> None:
        """The next relation of the node the keyboard is on, or came to its relations from."""
        scene, current = self._view.rows.scene, self._view.current
        if current.node >= 0:
            self._node = current.node
        edges = edges_of(scene, self._node) if 0 <= self._node < len(scene.nodes) else []
        if not edges:
            return
        at = edges.index(current.edge) + step if current.edge in edges else (0 if step > 0 else -1)
        self._view.setCurrentIndex(self._view.rows.edge_row(edges[at % len(edges)]))

    def walk_matches(self) -> bool:
        """The next node that stands out, so large that it can be read; whether there is one."""
        scene, sight = self._view.rows.scene, self._view.sight
        order = reading_order(scene)
        matches = order[~sight.drawing.faint_nodes[order]]
        if not len(matches):
            return False
        places = np.flatnonzero(matches == self._view.current.node)
        node = int(matches[(int(places[0]) + 1) % len(matches) if len(places) else 0])
        self._go_to(node)
        if sight.camera.scale < _READABLE:
            sight.look(sight.camera.zoomed(_READABLE / sight.camera.scale, self._middle(node)))
            sight.reveal(node)
        return True

    def follow(self, chosen: Pointed) -> None:
        """Bring into view what was chosen: of an edge the end that the keyboard does not come from."""
        node = chosen.node if chosen.edge < 0 else self.far_end(chosen.edge)
        if node >= 0:
            self._view.sight.reveal(node)

    def far_end(self, edge: int) -> int:
        """The end of a relation that the keyboard does not come from."""
        one = self._view.rows.scene.edges[edge]
        return (
            other_end(self._view.rows.scene, edge, self._node) if self._node in {one.source, one.target} else one.target
        )

    def _go_to(self, node: int) -> None:
        self._view.setCurrentIndex(self._view.rows.node_row(node))

    def _middle(self, node: int) -> QPointF:
        return self._view.sight.camera.node_area(self._view.rows.scene.centres[node]).center()

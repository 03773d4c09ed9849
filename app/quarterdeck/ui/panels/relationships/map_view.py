"""The map itself: painted as a picture, and for keys and screen readers a list of all its nodes and edges."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView
from typing_extensions import override

from quarterdeck.ui.panels.relationships.map_model import MapModel
from quarterdeck.ui.panels.relationships.map_overlay import MapOverlay, Pointed, paint_headings
from quarterdeck.ui.panels.relationships.map_sight import MapSight
from quarterdeck.ui.panels.relationships.state import MapScene
from quarterdeck.ui.panels.relationships.walking import Step, end_towards, first_node, node_beside, reading_order
from quarterdeck.ui.theme.theme import Theme

Index = QModelIndex | QPersistentModelIndex
_Cursor = QAbstractItemView.CursorAction
_STEPS = {
    _Cursor.MoveLeft: Step.LEFT,
    _Cursor.MoveRight: Step.RIGHT,
    _Cursor.MoveUp: Step.UP,
    _Cursor.MoveDown: Step.DOWN,
}
_ENDS = {_Cursor.MoveHome: 0, _Cursor.MoveEnd: -1}


class MapView(QListView):
    """`chosen` comes with what a person moved to, as Pointed; arrows walk from node to node.

    `rows` are the nodes and edges, `sight` is what is seen of them, `pointed` what the pointer is on.
    """

    chosen = Signal(object)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.rows = MapModel(self)
        self.sight = MapSight(theme, self.viewport())
        self.pointed = Pointed()
        self._theme = theme
        self._overlay = MapOverlay(theme)
        self._is_restoring = False
        self.setModel(self.rows)
        self.setAccessibleName(self.tr("Map of relationships"))
        self._set_up()
        self.sight.changed.connect(self.viewport().update)

    @property
    def current(self) -> Pointed:
        """The node or the edge that the keyboard is on."""
        row = self.currentIndex().row()
        return Pointed(self.rows.node_at(row), self.rows.edge_at(row))

    def show_scene(self, scene: MapScene) -> None:
        """Show another scene; the keyboard stays on what it is on, where that is still there."""
        chosen_id = self.rows.id_at(self.currentIndex().row())
        # First where everything lies: the list asks for the place of a row as soon as there is one.
        self.sight.show_scene(scene)
        if self.rows.show(scene):
            self.pointed = Pointed()
            self.restore(self.rows.row_of(chosen_id))

    def restore(self, row: int) -> None:
        """Put the keyboard on a row without a signal; on none below zero."""
        self._is_restoring = True
        self.setCurrentIndex(self.rows.index(row) if row >= 0 else QModelIndex())
        self._is_restoring = False
        self.viewport().update()

    def plain_tool_tip_at(self, position: QPoint) -> str:
        """What lies under the pointer, in words."""
        under, scene = self.sight.under(QPointF(position)), self.rows.scene
        if under.node >= 0:
            return scene.nodes[under.node].tip
        if under.edge < 0:
            return ""
        one = scene.edges[under.edge]
        return "\n".join((one.title, *(f"{label}: {value}" for label, value in one.facts)))

    def _set_up(self) -> None:
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMinimumSize(240, 160)
        self.viewport().setMouseTracking(True)
        self.viewport().setAutoFillBackground(False)

    @override
    def currentChanged(self, current: Index, previous: Index, /) -> None:
        super().currentChanged(current, previous)
        self.viewport().update()
        if not self._is_restoring:
            self.chosen.emit(self.current)

    @override
    def moveCursor(
        self, cursorAction: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier, /
    ) -> QModelIndex:
        scene, current = self.rows.scene, self.current
        step, end = _STEPS.get(cursorAction), _ENDS.get(cursorAction)
        if not current.is_something:
            return self.rows.node_row(first_node(scene))
        if step is None:
            return self.currentIndex() if end is None else self.rows.node_row(int(reading_order(scene)[end]))
        if current.edge >= 0:
            return self.rows.node_row(end_towards(scene, current.edge, step))
        return self.rows.node_row(node_beside(scene, current.node, step))

    @override
    def paintEvent(self, event: QPaintEvent, /) -> None:
        sight = self.sight
        painter = QPainter(self.viewport())
        painter.setClipRect(sight.area)
        sight.paint(painter)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._overlay.paint(
            painter,
            sight.drawing,
            sight.camera,
            chosen=self.current,
            pointed=self.pointed,
            has_focus=self.hasFocus(),
        )
        painter.setClipping(False)
        paint_headings(painter, self._theme, self.rows.scene, sight.camera, QRectF(self.viewport().rect()))

    @override
    def visualRect(self, index: Index, /) -> QRect:
        scene, camera = self.rows.scene, self.sight.camera
        node, edge = self.rows.node_at(index.row()), self.rows.edge_at(index.row())
        if node >= 0:
            return camera.node_area(scene.centres[node]).toAlignedRect()
        if edge < 0:
            return QRect()
        lines = self.sight.drawing.lines
        low, high = camera.on_screen(lines.low[edge]), camera.on_screen(lines.high[edge])
        return QRectF(QPointF(*low), QPointF(*high)).toAlignedRect().adjusted(-2, -2, 2, 2)

    @override
    def indexAt(self, point: QPoint, /) -> QModelIndex:
        under = self.sight.under(QPointF(point))
        return self.rows.node_row(under.node) if under.node >= 0 else self.rows.edge_row(under.edge)


class PlacedMapView(MapView):
    """A map whose items lie where the scene says: nothing is laid out, scrolled to or looked up by the list itself."""

    @override
    def doItemsLayout(self) -> None:
        """Places come with the scene."""

    @override
    def scrollTo(
        self, index: Index, /, hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible
    ) -> None:
        """The map is moved by whoever chooses, not by the list."""

    @override
    def keyboardSearch(self, search: str, /) -> None:
        """Letters are keys of the panel; names are looked for in the filter."""

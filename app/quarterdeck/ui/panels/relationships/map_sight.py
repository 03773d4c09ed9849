"""What is seen of the map: the camera, the drawing, and the picture that is painted of it in the background."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, QTimer, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from quarterdeck.ui.panels.relationships.camera import Camera, fitted, revealing
from quarterdeck.ui.panels.relationships.drawing import Highlight, drawing_of
from quarterdeck.ui.panels.relationships.map_overlay import HEADINGS_HEIGHT, Pointed
from quarterdeck.ui.panels.relationships.map_picture import Drawing, MapPicture, View
from quarterdeck.ui.panels.relationships.nearness import edge_near, node_under
from quarterdeck.ui.panels.relationships.state import NO_SCENE, EdgeChoice, MapScene
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.widgets.staleness import is_stale

SLICE_SECONDS = 0.004


class MapSight(QObject):
    """Belongs to the widget in which the map is seen; `changed` comes when that has to be painted again.

    `camera_changed` comes when the map was moved or zoomed.
    """

    changed = Signal()
    camera_changed = Signal()

    def __init__(self, theme: Theme, widget: QWidget, seconds: Callable[[], float] = time.perf_counter) -> None:
        super().__init__(widget)
        self._widget = widget
        self._picture = MapPicture(theme, seconds)
        self._highlight = Highlight()
        self._drawing = drawing_of(NO_SCENE, self._highlight, is_old=False)
        self._camera = Camera()
        self._is_fitted = True
        self._painting = QTimer(self)
        self._painting.setInterval(0)
        self._painting.timeout.connect(self._paint_some)
        theme.changed.connect(self._forget)
        widget.installEventFilter(_Resizing(self, self._resize))

    @property
    def drawing(self) -> Drawing:
        """The scene, and what of it stands out."""
        return self._drawing

    @property
    def camera(self) -> Camera:
        """What part of the map is seen."""
        return self._camera

    @property
    def area(self) -> QRectF:
        """Where the map is seen: below the titles of its layers."""
        return QRectF(self._widget.rect()).adjusted(0, HEADINGS_HEIGHT, 0, 0)

    @property
    def highlight(self) -> Highlight:
        """What a person looks for."""
        return self._highlight

    def show_scene(self, scene: MapScene) -> None:
        """Show another scene; what is looked at stays, unless the map was seen whole."""
        was_empty = not self._drawing.scene.nodes
        self._redraw(scene)
        if was_empty or self._is_fitted:
            self.fit()

    def show_highlight(self, highlight: Highlight) -> None:
        """Let other nodes and edges stand out."""
        before, self._highlight = self._highlight, highlight
        is_same = replace(before, chosen_node=-1) == replace(highlight, chosen_node=-1)
        if not is_same or (highlight.edges is EdgeChoice.CHOSEN and highlight.chosen_node != before.chosen_node):
            self._redraw(self._drawing.scene)

    def look(self, camera: Camera) -> None:
        """Move or zoom the map."""
        if camera != self._camera:
            self._camera = camera
            self._is_fitted = False
            self._want_picture()
            self.camera_changed.emit()

    def fit(self) -> None:
        """See the whole map, and go on seeing it whole while the widget changes its size."""
        scene = self._drawing.scene
        self.look(fitted(scene.width, scene.height, self.area))
        self._is_fitted = True

    def reveal(self, node: int) -> None:
        """Move the map no farther than is needed to see a node."""
        self.look(revealing(self._camera, self._drawing.scene.centres[node], self.area))

    def under(self, position: QPointF) -> Pointed:
        """The node under a point, else the edge near it."""
        if not self.area.contains(position):
            return Pointed()
        node = node_under(self._drawing.scene, self._camera, position)
        return Pointed(node, edge_near(self._drawing, self._camera, position) if node < 0 else -1)

    def paint(self, painter: QPainter) -> None:
        """Paint the newest whole picture where it belongs now."""
        if self._drawing.is_old != is_stale(self._widget):
            self._redraw(self._drawing.scene)
        self._picture.show(painter, self._camera)

    def _resize(self) -> None:
        if self._is_fitted:
            self.fit()
        self._want_picture()

    def _forget(self) -> None:
        self._picture.forget()
        self._redraw(self._drawing.scene)

    def _redraw(self, scene: MapScene) -> None:
        self._drawing = drawing_of(scene, self._highlight, is_old=is_stale(self._widget))
        self._want_picture()

    def _want_picture(self) -> None:
        self._picture.want(View(self._drawing, self._camera, self._widget.size(), self._widget.devicePixelRatioF()))
        if self._picture.is_painting and not self._painting.isActive():
            self._painting.start()
        self.changed.emit()

    def _paint_some(self) -> None:
        """Paint for as long as a turn of the event loop may last, with the moving map a turn of its own."""
        if self._picture.paint_some(SLICE_SECONDS):
            self.changed.emit()
        if not self._picture.is_painting:
            self._painting.stop()


class _Resizing(QObject):
    """Does something whenever a widget got another size."""

    def __init__(self, parent: QObject, deed: Callable[[], object]) -> None:
        super().__init__(parent)
        self._deed = deed

    @override
    def eventFilter(self, watched: QObject, event: QEvent, /) -> bool:
        if event.type() is QEvent.Type.Resize:
            self._deed()
        return False

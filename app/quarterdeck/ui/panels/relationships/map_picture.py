"""The picture of the map: painted a few milliseconds at a time, shown moved and stretched until a newer one is done.

A large map takes longer to paint than a frame may last. So the picture is painted with room around what is seen, in
slices between which the window answers; while the map is moved or zoomed, the last whole picture moves along.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter

from quarterdeck.domain.health import HealthState
from quarterdeck.ui.panels.relationships.camera import Camera
from quarterdeck.ui.panels.relationships.edge_paint import paint_edges
from quarterdeck.ui.panels.relationships.node_paint import ONE_LINE, NodePainter
from quarterdeck.ui.panels.relationships.state import NODE_HEIGHT, NODE_WIDTH, EdgeLines, IntArray, MapScene
from quarterdeck.ui.theme.looks import Looks
from quarterdeck.ui.widgets.staleness import aged

ROOM = 240
"""Pixels painted around what is seen, so that the map can be moved a little before it is painted anew."""

_NODES_AT_ONCE = 10
_FAINT_OPACITY = 0.3
_COARSE = (0, 2, 4, 6, 8, 9, 11, 13, 15, 17)
"""The points of a line that are enough from far away."""

Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Drawing:
    """What is painted of a scene: which edges along which lines and how, which nodes are faint, and whether old.

    `shown_edges` are indices, `edge_codes` (m) say how each edge looks. `is_answer` says that what is bright answers a
    question, so that nothing else may stand out.
    """

    scene: MapScene
    lines: EdgeLines
    shown_edges: IntArray
    edge_codes: IntArray
    faint_nodes: Flags
    is_old: bool = False
    is_answer: bool = False

    def state(self, node: int) -> HealthState:
        """The state that a node may be shown in."""
        state = self.scene.nodes[node].state
        return aged(state) if self.is_old else state


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """A drawing seen by a camera in an area of so many pixels on a screen of some sharpness."""

    drawing: Drawing
    camera: Camera
    size: QSize
    ratio: float


def paint_drawing(
    painter: QPainter, nodes: NodePainter, looks: Looks, drawing: Drawing, camera: Camera, *, area: QRectF
) -> Generator[None]:
    """Paint what of a drawing lies in an area of the screen, and come up for air in between."""
    seen = camera.seen(area)
    scene, scale = drawing.scene, camera.scale
    edges = drawing.shown_edges[_in_sight(drawing.lines, seen)[drawing.shown_edges]]
    points = camera.on_screen(drawing.lines.points[edges])
    if scale < ONE_LINE:
        points = points[:, _COARSE]
    yield
    yield from paint_edges(painter, looks, drawing.edge_codes[edges], points, scale)
    for number, node in enumerate(_nodes_in_sight(drawing, seen)):
        painter.setOpacity(_FAINT_OPACITY if drawing.faint_nodes[node] else 1.0)
        nodes.paint(painter, scene.nodes[node], drawing.state(node), camera.node_area(scene.centres[node]), scale)
        if number % _NODES_AT_ONCE == _NODES_AT_ONCE - 1:
            yield
    painter.setOpacity(1.0)


def _in_sight(lines: EdgeLines, seen: tuple[float, float, float, float]) -> Flags:
    left, top, right, bottom = seen
    low, high = lines.low, lines.high
    return (high[:, 0] >= left) & (low[:, 0] <= right) & (high[:, 1] >= top) & (low[:, 1] <= bottom)


def _nodes_in_sight(drawing: Drawing, seen: tuple[float, float, float, float]) -> list[int]:
    """The nodes in sight, the faint ones first so that they never cover others."""
    left, top, right, bottom = seen
    centres = drawing.scene.centres
    if not len(centres):
        return []
    is_in = (np.abs(centres[:, 0] - (left + right) / 2) <= (right - left + NODE_WIDTH) / 2) & (
        np.abs(centres[:, 1] - (top + bottom) / 2) <= (bottom - top + NODE_HEIGHT) / 2
    )
    found = np.flatnonzero(is_in)
    return found[np.argsort(~drawing.faint_nodes[found], kind="stable")].tolist()


class MapPicture:
    """Keeps the last whole picture, and paints the next one slice by slice."""

    def __init__(self, looks: Looks, seconds: Callable[[], float]) -> None:
        self._looks = looks
        self._seconds = seconds
        self._nodes = NodePainter(looks)
        self._shown: _Painted | None = None
        self._wanted: View | None = None
        self._work: _Work | None = None
        self._is_due = False

    @property
    def is_painting(self) -> bool:
        """Whether a picture is under way, or is to be begun."""
        return self._work is not None or self._is_due

    def forget(self) -> None:
        """Nothing that was painted holds any more: other colours, say."""
        self._nodes = NodePainter(self._looks)
        self._shown = self._work = None

    def want(self, view: View) -> None:
        """Ask for a picture of what is seen now; one of another drawing that is under way is given up."""
        self._wanted = view
        if self._work is not None and self._work.view.drawing is not view.drawing:
            self._work = None
        self._look_for_more()

    def paint_some(self, budget_seconds: float) -> bool:
        """Paint for a while; whether a whole new picture came of it. Beginning one takes a turn of its own."""
        if self._work is None:
            self._begin()
            return False
        until = self._seconds() + budget_seconds
        while self._seconds() < until:
            if self._work.go_on():
                self._shown, self._work = self._work.painted(), None
                self._look_for_more()
                return True
        return False

    def _look_for_more(self) -> None:
        view = self._wanted
        self._is_due = self._work is None and view is not None and not (self._shown and self._shown.suits(view))

    def _begin(self) -> None:
        if self._is_due and self._wanted is not None:
            self._work = _Work(self._wanted, self._nodes, self._looks)
        self._is_due = False

    def show(self, painter: QPainter, camera: Camera) -> None:
        """Draw the last whole picture where it belongs as seen by a camera."""
        if self._shown is not None:
            self._shown.show(painter, camera)


@dataclass(frozen=True, slots=True, eq=False)
class _Painted:
    """A whole picture of a view, with room around it."""

    view: View
    image: QImage

    def suits(self, view: View) -> bool:
        """Whether the picture shows all that a view sees, as sharp as it can be."""
        mine = self.view
        if mine.drawing is not view.drawing or mine.camera.scale != view.camera.scale or mine.ratio != view.ratio:
            return False
        corner = self._corner(view.camera)
        return QRectF(corner, mine.size + QSize(2 * ROOM, 2 * ROOM)).contains(QRectF(QPointF(0, 0), view.size))

    def show(self, painter: QPainter, camera: Camera) -> None:
        stretch = camera.scale / self.view.camera.scale
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, stretch != 1.0)
        painter.translate(self._corner(camera))
        painter.scale(stretch, stretch)
        painter.drawImage(QPointF(0, 0), self.image)
        painter.restore()

    def _corner(self, camera: Camera) -> QPointF:
        """Where the picture's corner lies as seen by another camera."""
        x, y = self.view.camera.at_map(QPointF(-ROOM, -ROOM))
        return camera.at_screen(x, y)


class _Work:
    """One picture under way."""

    def __init__(self, view: View, nodes: NodePainter, looks: Looks) -> None:
        self.view = view
        size = view.size + QSize(2 * ROOM, 2 * ROOM)
        self._image = QImage(size * view.ratio, QImage.Format.Format_ARGB32_Premultiplied)
        self._image.setDevicePixelRatio(view.ratio)
        self._image.fill(Qt.GlobalColor.transparent)
        self._painter = QPainter()
        camera = view.camera.moved(ROOM, ROOM)
        self._slices = paint_drawing(
            self._painter, nodes, looks, view.drawing, camera, area=QRectF(QPointF(0, 0), size)
        )

    def go_on(self) -> bool:
        """Paint a slice; whether it was the last. Between two slices nobody paints: the image may go at any time."""
        self._painter.begin(self._image)
        self._painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        try:
            next(self._slices)
        except StopIteration:
            return True
        finally:
            self._painter.end()
        return False

    def painted(self) -> _Painted:
        """The picture, once the last slice was painted."""
        return _Painted(self.view, self._image)

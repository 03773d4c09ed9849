"""What part of the map is seen, and how large."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSizeF

from quarterdeck.ui.panels.relationships.state import NODE_HEIGHT, NODE_WIDTH, FloatArray

LARGEST, SMALLEST = 2.5, 0.06
EDGE = 16.0
"""Room in pixels around a map that is seen whole, and around a node that is brought into view."""


@dataclass(frozen=True, slots=True)
class Camera:
    """`scale` pixels of the screen to one of the map, whose point (`left`, `top`) is at the screen's corner."""

    scale: float = 1.0
    left: float = 0.0
    top: float = 0.0

    def on_screen(self, points: FloatArray) -> FloatArray:
        """Points (…, 2) of the map on the screen."""
        return (points - np.array((self.left, self.top))) * self.scale

    def at_screen(self, x: float, y: float) -> QPointF:
        """A point of the map on the screen."""
        return QPointF((x - self.left) * self.scale, (y - self.top) * self.scale)

    def at_map(self, position: QPointF) -> tuple[float, float]:
        """The point of the map below a point of the screen."""
        return self.left + position.x() / self.scale, self.top + position.y() / self.scale

    def moved(self, dx: float, dy: float) -> Camera:
        """The map moved along by so many pixels of the screen."""
        return replace(self, left=self.left - dx / self.scale, top=self.top - dy / self.scale)

    def zoomed(self, factor: float, around: QPointF) -> Camera:
        """Larger or smaller; what lies below a point of the screen stays below it."""
        scale = min(LARGEST, max(SMALLEST, self.scale * factor))
        x, y = self.at_map(around)
        return Camera(scale, x - around.x() / scale, y - around.y() / scale)

    def node_area(self, centre: FloatArray) -> QRectF:
        """Where a node is on the screen."""
        corner = self.at_screen(centre[0] - NODE_WIDTH / 2, centre[1] - NODE_HEIGHT / 2)
        return QRectF(corner, QSizeF(NODE_WIDTH, NODE_HEIGHT) * self.scale)

    def seen(self, area: QRectF) -> tuple[float, float, float, float]:
        """The part of the map below an area of the screen: left, top, right, bottom."""
        left, top = self.at_map(area.topLeft())
        right, bottom = self.at_map(area.bottomRight())
        return left, top, right, bottom


def fitted(width: float, height: float, area: QRectF) -> Camera:
    """A map of that size seen whole in an area of the screen, in its middle, never larger than natural."""
    room = area.adjusted(EDGE, EDGE, -EDGE, -EDGE)
    scale = min(room.width() / max(width, 1.0), room.height() / max(height, 1.0), 1.0)
    scale = max(scale, SMALLEST)
    centre = area.center()
    return Camera(scale, width / 2 - centre.x() / scale, height / 2 - centre.y() / scale)


def revealing(camera: Camera, centre: FloatArray, area: QRectF) -> Camera:
    """Moved no farther than is needed to see a node whole; the same camera where it is seen."""
    node, room = camera.node_area(centre), area.adjusted(EDGE, EDGE, -EDGE, -EDGE)
    dx = max(0.0, room.left() - node.left()) - max(0.0, node.right() - room.right())
    dy = max(0.0, room.top() - node.top()) - max(0.0, node.bottom() - room.bottom())
    return camera.moved(dx, dy) if dx or dy else camera

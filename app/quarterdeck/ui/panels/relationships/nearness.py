"""What of the map lies under a point of the screen."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF

from quarterdeck.ui.panels.relationships.camera import Camera
from quarterdeck.ui.panels.relationships.map_picture import Drawing
from quarterdeck.ui.panels.relationships.state import NODE_HEIGHT, NODE_WIDTH, FloatArray, MapScene

_REACH = 6.0
"""How near to a line, in pixels, the pointer means it."""


def node_under(scene: MapScene, camera: Camera, position: QPointF) -> int:
    """The node under a point; -1 for none."""
    if not len(scene.centres):
        return -1
    away = np.abs(scene.centres - np.array(camera.at_map(position)))
    found = np.flatnonzero((away[:, 0] <= NODE_WIDTH / 2) & (away[:, 1] <= NODE_HEIGHT / 2))
    return int(found[0]) if len(found) else -1


def edge_near(drawing: Drawing, camera: Camera, position: QPointF) -> int:
    """The edge whose line is nearest to a point and not farther than a few pixels; -1 for none."""
    reach = _REACH / camera.scale
    point = np.array(camera.at_map(position))
    lines = drawing.lines
    is_outside = (lines.low - reach > point) | (lines.high + reach < point)
    is_near = ~(is_outside[:, 0] | is_outside[:, 1])
    near = drawing.shown_edges[is_near[drawing.shown_edges]]
    if not len(near):
        return -1
    distances = _distances(lines.points[near], point)
    nearest = int(np.argmin(distances))
    return int(near[nearest]) if distances[nearest] <= reach else -1


def _distances(lines: FloatArray, point: FloatArray) -> FloatArray:
    """How far a point is from each of some lines (m, p, 2)."""
    begin, way = lines[:, :-1], np.diff(lines, axis=1)
    length = np.maximum((way * way).sum(axis=2), 1e-9)
    share = np.clip(((point - begin) * way).sum(axis=2) / length, 0.0, 1.0)
    foot = begin + way * share[:, :, None]
    return np.sqrt(((foot - point) ** 2).sum(axis=2)).min(axis=1)

"""What lies over the picture of the map and changes with every movement: the titles of the layers, what is chosen."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from quarterdeck.domain.health import HealthState
from quarterdeck.ui.panels.relationships.camera import Camera
from quarterdeck.ui.panels.relationships.edge_looks import BRIGHT, EdgeLook
from quarterdeck.ui.panels.relationships.edge_paint import paint_arrow, stroke
from quarterdeck.ui.panels.relationships.map_picture import Drawing
from quarterdeck.ui.panels.relationships.node_paint import ONE_LINE, NodeLook, NodePainter
from quarterdeck.ui.panels.relationships.state import EdgeLines, FloatArray, MapScene
from quarterdeck.ui.theme.looks import Looks
from quarterdeck.ui.theme.marks import state_colour
from quarterdeck.ui.theme.measures import RADIUS_CONTROL
from quarterdeck.ui.theme.theme import Theme

HEADINGS_HEIGHT = 44
_MOST_EDGES = 100
_RING = 2.5
_LEAST_LEFT, _LEAST_TITLE, _TITLE_GAP = 16.0, 24.0, 6.0


@dataclass(frozen=True, slots=True)
class Pointed:
    """A node or an edge by index; -1 for none."""

    node: int = -1
    edge: int = -1

    @property
    def is_something(self) -> bool:
        """Whether there is any."""
        return self.node >= 0 or self.edge >= 0


class MapOverlay:
    """Paints over the picture, every time anew."""

    def __init__(self, theme: Theme) -> None:
        self._theme = theme
        self._nodes = NodePainter(theme)

    def paint(
        self,
        painter: QPainter,
        drawing: Drawing,
        camera: Camera,
        *,
        chosen: Pointed,
        pointed: Pointed,
        has_focus: bool,
    ) -> None:
        """Paint what is chosen with its relations, and what the pointer is on."""
        for node in dict.fromkeys((pointed.node, chosen.node)):
            if node >= 0:
                self._paint_edges_of(painter, drawing, camera, node)
        for edge in dict.fromkeys((pointed.edge, chosen.edge)):
            if edge >= 0:
                self._paint_edge(painter, drawing, camera, edge, is_chosen=edge == chosen.edge)
        if pointed.node >= 0 and pointed.node != chosen.node:
            self._paint_ring(painter, camera.node_area(drawing.scene.centres[pointed.node]))
        if chosen.node >= 0:
            self._paint_chosen(painter, drawing, camera, chosen.node, has_focus=has_focus)

    def _paint_edges_of(self, painter: QPainter, drawing: Drawing, camera: Camera, node: int) -> None:
        own = np.flatnonzero((drawing.scene.ends == node).any(axis=1))
        if drawing.is_answer:
            own = own[drawing.edge_codes[own] >= BRIGHT]
        edges: list[int] = own[:_MOST_EDGES].tolist()
        for edge in edges:
            self._paint_line(painter, drawing, camera, edge, along=drawing.scene.routes)

    def _paint_edge(self, painter: QPainter, drawing: Drawing, camera: Camera, edge: int, *, is_chosen: bool) -> None:
        self._paint_line(painter, drawing, camera, edge, along=drawing.lines, weight=3 if is_chosen else 1)
        one = drawing.scene.edges[edge]
        for node in (one.source, one.target):
            self._paint_ring(painter, camera.node_area(drawing.scene.centres[node]))

    def _paint_line(
        self, painter: QPainter, drawing: Drawing, camera: Camera, edge: int, *, along: EdgeLines, weight: int = 0
    ) -> None:
        one = drawing.scene.edges[edge]
        points: FloatArray = camera.on_screen(along.points[edge])
        state = None if drawing.is_old else one.state
        look = EdgeLook(state, is_dashed=one.is_observed_only, is_chosen=True, weight=weight)
        stroke(painter, self._theme, look, points[None], camera.scale)
        if camera.scale >= ONE_LINE:
            tokens = self._theme.tokens
            colour = tokens.accent if state is None else state_colour(tokens, state)
            paint_arrow(painter, points, QColor(colour), camera.scale)

    def _paint_ring(self, painter: QPainter, area: QRectF) -> None:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(self._theme.tokens.accent), 1))
        painter.drawRoundedRect(area.adjusted(0.5, 0.5, -0.5, -0.5), RADIUS_CONTROL, RADIUS_CONTROL)

    def _paint_chosen(self, painter: QPainter, drawing: Drawing, camera: Camera, node: int, *, has_focus: bool) -> None:
        area = camera.node_area(drawing.scene.centres[node])
        state: HealthState = drawing.state(node)
        look = NodeLook(is_chosen=True, has_focus=has_focus)
        self._nodes.paint(painter, drawing.scene.nodes[node], state, area, camera.scale, look=look)
        if has_focus:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(self._theme.tokens.accent), 1))
            ring = area.adjusted(-_RING, -_RING, _RING, _RING)
            painter.drawRoundedRect(ring, RADIUS_CONTROL + 2, RADIUS_CONTROL + 2)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(Qt.BrushStyle.NoBrush)


def paint_headings(painter: QPainter, looks: Looks, scene: MapScene, camera: Camera, area: QRectF) -> None:
    """Paint the titles of the layers above the map, each above its own nodes; they stay in sight at the left edge."""
    tokens = looks.tokens
    painter.fillRect(QRectF(0, 0, area.width(), HEADINGS_HEIGHT), QColor(tokens.window))
    painter.setFont(looks.fonts.section)
    painter.setPen(QColor(tokens.text_secondary))
    for heading in scene.headings:
        left = max(camera.at_screen(heading.left, 0).x(), _LEAST_LEFT)
        right = camera.at_screen(heading.left + heading.width, 0).x() - _TITLE_GAP
        shown = QRectF(left, 0, max(right - left, _LEAST_TITLE), HEADINGS_HEIGHT)
        words = painter.fontMetrics().elidedText(heading.title, Qt.TextElideMode.ElideRight, int(shown.width()))
        if right > left:
            painter.drawText(shown, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, words)

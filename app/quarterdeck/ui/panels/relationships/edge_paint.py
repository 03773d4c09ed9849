"""Paints the edges of the map: many of one look at once, since each single call costs more than its line."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Sequence
from dataclasses import dataclass
from math import log2

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPolygonF

from quarterdeck.domain.health import HealthState
from quarterdeck.ui.panels.relationships.state import FloatArray, MapEdge
from quarterdeck.ui.theme.looks import Looks
from quarterdeck.ui.theme.marks import state_colour
from quarterdeck.ui.widgets.polygons import polyline

AT_ONCE = 150
"""So many edges are stroked in one call; what comes between two calls does not have to wait for all of them."""

_WIDTH, _TROUBLED_WIDTH = 1.1, 2.2
_WIDEST = 5.0
_FAINT = 70
_QUIET = 200
_ARROW = 5.0


@dataclass(frozen=True, slots=True)
class EdgeLook:
    """What edges have in common that are painted together."""

    state: HealthState | None = None
    is_faint: bool = False
    is_dashed: bool = False
    is_chosen: bool = False
    weight: int = 0


def look_of(edge: MapEdge, *, is_faint: bool) -> EdgeLook:
    """How an edge looks that is not chosen: wider by a step for each doubling of the relations behind it."""
    return EdgeLook(edge.state, is_faint, edge.is_observed_only, weight=int(log2(edge.count)))


def paint_edges(
    painter: QPainter, looks: Looks, edges: Iterable[tuple[EdgeLook, FloatArray]], scale: float
) -> Generator[None]:
    """Paint edges given by their looks and their points (p, 2) on the screen, and come up for air in between.

    Faint ones first, then quiet ones, those in trouble last.
    """
    by_look: dict[EdgeLook, list[FloatArray]] = {}
    for look, points in edges:
        by_look.setdefault(look, []).append(points)
    for look in sorted(by_look, key=_prominence):
        lines = by_look[look]
        for begin in range(0, len(lines), AT_ONCE):
            stroke(painter, looks, look, lines[begin : begin + AT_ONCE], scale)
            yield


def stroke(painter: QPainter, looks: Looks, look: EdgeLook, lines: Sequence[FloatArray], scale: float) -> None:
    """Paint some edges of one look in one call."""
    path = QPainterPath()
    for points in lines:
        path.addPolygon(polyline(points[:, 0], points[:, 1]))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(_pen(looks, look, scale))
    painter.drawPath(path)


def paint_arrow(painter: QPainter, points: FloatArray, colour: QColor, scale: float) -> None:
    """A small head at the end of a line, pointing along its last stretch."""
    end, before = points[-1], points[-2]
    size = _ARROW * max(0.7, min(scale, 1.5))
    sign = 1.0 if end[0] >= before[0] else -1.0
    tip = QPointF(end[0], end[1])
    head = QPolygonF([tip, tip + QPointF(-sign * size, -size * 0.7), tip + QPointF(-sign * size, size * 0.7)])
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawPolygon(head)


def _prominence(look: EdgeLook) -> tuple[bool, bool, bool, str]:
    return not look.is_faint, look.state is not None, look.is_chosen, f"{look.state}{look.weight}{look.is_dashed}"


def _pen(looks: Looks, look: EdgeLook, scale: float) -> QPen:
    tokens = looks.tokens
    if look.state is not None:
        colour = QColor(state_colour(tokens, look.state))
    elif look.is_chosen:
        colour = QColor(tokens.accent)
    else:
        colour = QColor(tokens.text_tertiary)
        colour.setAlpha(_QUIET // 2)
    if look.is_faint:
        colour.setAlpha(_FAINT if look.state is not None else _FAINT // 3)
    is_strong = look.is_chosen or (look.state is not None and not look.is_faint)
    width = (_TROUBLED_WIDTH if is_strong else _WIDTH) * min(1.0, max(0.5, scale)) + 0.6 * look.weight
    pen = QPen(colour, min(_WIDEST, width))
    if look.is_dashed:
        pen.setDashPattern([5.0, 3.0])
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    return pen

"""Paints the edges of the map: many of one look in one call, as hairlines where there are many.

Qt strokes an antialiased line wider than a pixel far slower than a hairline, and a path of many such lines slower again
(2,000 lines of 18 points: 1.2 s against 15 ms). So a wide pen is taken only while the lines are few.
"""

from __future__ import annotations

from collections.abc import Generator

import numpy as np
from PySide6.QtCore import QByteArray, QDataStream, QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPolygonF

from quarterdeck.ui.panels.relationships.edge_looks import EdgeLook, look_of
from quarterdeck.ui.panels.relationships.node_paint import ONE_LINE
from quarterdeck.ui.panels.relationships.state import FloatArray, IntArray
from quarterdeck.ui.theme.looks import Looks
from quarterdeck.ui.theme.marks import state_colour

AT_ONCE = 60
"""So many edges are stroked in one call; what comes between two calls does not have to wait for all of them."""

_FEW = 12
_HAIR = 1.0
_TROUBLED_WIDTH = 2.2
_WIDEST = 5.0
_FAINT = 70
_FAINTER = 24
_QUIET, _QUIET_AFAR = 100, 45
_ARROW = 5.0
_THICKENED = ((0.0, 0.0), (0.6, 0.0), (0.0, 0.6), (0.6, 0.6))
_ELEMENT = np.dtype([("kind", ">i4"), ("x", ">f8"), ("y", ">f8")])
_MOVE, _LINE = 0, 1


def paint_edges(painter: QPainter, looks: Looks, codes: IntArray, points: FloatArray, scale: float) -> Generator[None]:
    """Paint edges given by the codes (m) of their looks and their points (m, p, 2) on the screen, with pauses.

    Faint ones first, then quiet ones, those in trouble last.
    """
    for code in np.unique(codes).tolist():
        lines = points[codes == code]
        for begin in range(0, len(lines), AT_ONCE):
            stroke(painter, looks, look_of(code), lines[begin : begin + AT_ONCE], scale)
            yield


def stroke(painter: QPainter, looks: Looks, look: EdgeLook, lines: FloatArray, scale: float) -> None:
    """Paint some edges (m, p, 2) of one look."""
    pen = _pen(looks, look, scale)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    is_wide = pen.widthF() > _HAIR
    if is_wide and len(lines) > _FEW:
        pen.setWidthF(_HAIR)
        shifts = _THICKENED
    else:
        shifts = _THICKENED[:1]
    painter.setPen(pen)
    for shift in shifts:
        painter.drawPath(path_of(lines + np.array(shift)))


def path_of(lines: FloatArray) -> QPainterPath:
    """One path of all lines (m, p, 2), without a call for each point.

    Written in the form in which Qt itself keeps paths: https://doc.qt.io/qt-6/datastreamformat.html.
    """
    count, length = lines.shape[:2]
    elements = np.empty((count, length), dtype=_ELEMENT)
    elements["kind"] = _LINE
    elements["kind"][:, 0] = _MOVE
    elements["x"], elements["y"] = lines[..., 0], lines[..., 1]
    head, foot = np.array([count * length], dtype=">i4"), np.array([0, 0], dtype=">i4")
    path = QPainterPath()
    if count:
        stream = QDataStream(QByteArray(head.tobytes() + elements.tobytes() + foot.tobytes()))
        stream.__rshift__(path)
    return path


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


def _pen(looks: Looks, look: EdgeLook, scale: float) -> QPen:
    tokens = looks.tokens
    if look.state is not None:
        colour = QColor(state_colour(tokens, look.state))
    elif look.is_chosen:
        colour = QColor(tokens.accent)
    else:
        colour = QColor(tokens.text_tertiary)
        colour.setAlpha(_QUIET if scale >= ONE_LINE else _QUIET_AFAR)
    if look.is_faint:
        colour.setAlpha(_FAINT if look.state is not None else _FAINTER)
    is_strong = look.is_chosen or (look.state is not None and not look.is_faint)
    width = _TROUBLED_WIDTH * min(1.0, max(0.5, scale)) if is_strong else _HAIR
    pen = QPen(colour, min(_WIDEST, width + 0.6 * look.weight))
    if look.is_dashed:
        pen.setDashPattern([5.0, 3.0])
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    return pen

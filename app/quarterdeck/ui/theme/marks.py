"""State marks: every health state has a shape of its own, so that no state rests on colour alone."""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QCoreApplication, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from quarterdeck.domain.health import HealthState
from quarterdeck.ui.theme.measures import MARK_SIZE
from quarterdeck.ui.theme.tokens import Tokens, Tone

STATE_TONES: dict[HealthState, Tone] = {
    HealthState.HEALTHY: Tone.HEALTHY,
    HealthState.DEGRADED: Tone.DEGRADED,
    HealthState.DOWN: Tone.DOWN,
    HealthState.UNREACHABLE: Tone.UNKNOWN,
    HealthState.MAINTENANCE: Tone.MAINTENANCE,
    HealthState.STALE: Tone.UNKNOWN,
    HealthState.UNKNOWN: Tone.UNKNOWN,
}
"""The tone of each state; the shape tells those apart that share one."""

_OUTLINED = frozenset({HealthState.UNREACHABLE, HealthState.STALE, HealthState.UNKNOWN})
_OUTLINE_WIDTH = 1.5


def state_colour(tokens: Tokens, state: HealthState) -> str:
    """The colour of a state's mark and words."""
    return tokens.tone(STATE_TONES[state])


def state_word(state: HealthState) -> str:
    """The state as a word on the screen."""
    words = {
        HealthState.HEALTHY: QCoreApplication.translate("HealthState", "healthy"),
        HealthState.DEGRADED: QCoreApplication.translate("HealthState", "degraded"),
        HealthState.DOWN: QCoreApplication.translate("HealthState", "down"),
        HealthState.UNREACHABLE: QCoreApplication.translate("HealthState", "unreachable"),
        HealthState.MAINTENANCE: QCoreApplication.translate("HealthState", "in maintenance"),
        HealthState.STALE: QCoreApplication.translate("HealthState", "stale"),
        HealthState.UNKNOWN: QCoreApplication.translate("HealthState", "unknown"),
    }
    return words[state]


@cache
def mark_path(state: HealthState, size: float = MARK_SIZE) -> QPainterPath:
    """The outline of a state's mark, centred on the origin; it is shared and must not be changed.

    Circle healthy, triangle degraded, diamond down and unreachable, rounded square maintenance, ring unknown and stale.
    """
    half = size / 2
    path = QPainterPath()
    if state is HealthState.DEGRADED:
        top, foot = -half * 0.92, half * 0.86
        _add_polygon(path, (0.0, top), (half * 1.04, foot), (-half * 1.04, foot))
    elif state in {HealthState.DOWN, HealthState.UNREACHABLE}:
        reach = half * 1.14
        _add_polygon(path, (0.0, -reach), (reach, 0.0), (0.0, reach), (-reach, 0.0))
    elif state is HealthState.MAINTENANCE:
        side = size * 0.84
        path.addRoundedRect(QRectF(-side / 2, -side / 2, side, side), size * 0.16, size * 0.16)
    else:
        radius = half * 0.88
        path.addEllipse(QPointF(0.0, 0.0), radius, radius)
    return path


def paint_mark(
    painter: QPainter, centre: QPointF, state: HealthState, tokens: Tokens, *, size: float = MARK_SIZE
) -> None:
    """Paint a state's mark around a point in its own colour; the painter is left as it was."""
    colour = QColor(state_colour(tokens, state))
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(centre)
    path = mark_path(state, size)
    if state in _OUTLINED:
        if state is HealthState.STALE:
            _hatch(painter, path, colour, size)
        pen = QPen(colour, _OUTLINE_WIDTH)
        pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
    else:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
    painter.drawPath(path)
    painter.restore()


def _add_polygon(path: QPainterPath, *points: tuple[float, float]) -> None:
    path.moveTo(*points[0])
    for point in points[1:]:
        path.lineTo(*point)
    path.closeSubpath()


def _hatch(painter: QPainter, path: QPainterPath, colour: QColor, size: float) -> None:
    painter.save()
    painter.setClipPath(path)
    painter.setPen(QPen(colour, 1.0))
    half = size / 2
    for shift in (-half * 0.8, 0.0, half * 0.8):
        painter.drawLine(QPointF(shift - half, half), QPointF(shift + half, -half))
    painter.restore()

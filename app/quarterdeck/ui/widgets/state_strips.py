"""A strip of states over time, small enough for a cell: each state has a height of its own, so none rests on colour."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter

from quarterdeck.domain.health import HealthState
from quarterdeck.ui.theme.marks import state_colour
from quarterdeck.ui.theme.tokens import Tokens

_HEIGHTS = {HealthState.HEALTHY: 0.35, HealthState.MAINTENANCE: 0.55, HealthState.UNKNOWN: 0.75}
_NOTE_HEIGHT = 2.0
_NOTE_GAP = 1.0


def paint_state_strip(
    painter: QPainter, area: QRectF, states: Sequence[HealthState | None], noted: Sequence[bool], tokens: Tokens
) -> None:
    """Paint pieces of equal width, the oldest first; calm ones are low, and where there is none only a line stands.

    Below the noted ones stands a dash.
    """
    if not states or area.width() <= 0:
        return
    foot = area.bottom() - _NOTE_HEIGHT - _NOTE_GAP
    room, width = foot - area.top(), area.width() / len(states)
    # On whole pixels, or equal neighbours would show seams.
    edges = [round(area.left() + number * width) for number in range(len(states) + 1)]
    for number, state in enumerate(states):
        left, wide = edges[number], edges[number + 1] - edges[number]
        high = 1.0 if state is None else max(2.0, round(room * _HEIGHTS.get(state, 1.0)))
        colour = QColor(tokens.line if state is None else state_colour(tokens, state))
        piece = QRectF(left, foot - high, wide, high)
        if state is HealthState.UNKNOWN:
            painter.fillRect(piece, QColor(tokens.unknown_ground))
            piece.setHeight(1.0)
        painter.fillRect(piece, colour)
        if noted and noted[number]:
            painter.fillRect(QRectF(left, foot + _NOTE_GAP, wide, _NOTE_HEIGHT), QColor(tokens.accent))

"""A bar that says which share of something is used, with a tick at the share it should stay under."""

from __future__ import annotations

import math

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter

from quarterdeck.ui.theme.tokens import Tokens, Tone

SHARE_WORDS = 50
"""The room in pixels for the share in words beside a bar."""
_HEIGHT = 8.0
_ROUNDED = 2.0
_TICK_OVER = 2.0


def paint_share_bar(painter: QPainter, area: QRectF, share: float, limit: float, look: tuple[Tokens, Tone]) -> None:
    """Paint a bar across the middle of an area: a track, what is used in the tone of `look`, and the tick.

    A share that is no number leaves the track empty of everything; without room nothing is painted.
    """
    tokens, tone = look
    if area.width() < _HEIGHT or not math.isfinite(share):
        return
    track = QRectF(area.left(), area.center().y() - _HEIGHT / 2, area.width(), _HEIGHT)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(tokens.hover))
    painter.drawRoundedRect(track, _ROUNDED, _ROUNDED)
    used = QRectF(track)
    used.setWidth(track.width() * min(1.0, max(0.0, share)))
    painter.setBrush(QColor(tokens.tone(tone)))
    painter.drawRoundedRect(used, _ROUNDED, _ROUNDED)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
    x = track.left() + track.width() * limit
    painter.fillRect(QRectF(x, track.top() - _TICK_OVER, 1.0, _HEIGHT + 2 * _TICK_OVER), QColor(tokens.text_secondary))
    painter.restore()

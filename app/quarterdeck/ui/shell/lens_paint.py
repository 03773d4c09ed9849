"""How the time lens is drawn: bars and labels once into a picture, window and play-head on top of it."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from typing import Final

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap, QPolygonF

from quarterdeck.domain.instants import TimeRange
from quarterdeck.ui.shell.lens_geometry import LensGeometry, ticks
from quarterdeck.ui.shell.lens_strip import Bar, LensStrip
from quarterdeck.ui.shell.time_words import clock_words, day_words
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.theme.tokens import Tone
from quarterdeck.ui.widgets.state_stack import paint_hatch

STRIP_TOP: Final = 9
STRIP_HEIGHT: Final = 30
_LABEL_TOP: Final = 44
_LABEL_HEIGHT: Final = 16
_WINDOW_OVERHANG: Final = 2
_HEALTHY_ALPHA: Final = 72
_UNKNOWN_ALPHA: Final = 28
_WINDOW_ALPHA: Final = 36
_STALE_ALPHA: Final = 120
_WHOLE_ALPHA: Final = 255
_WASH_ALPHA: Final = 110
_SHORTEST_BLOCK: Final = 4.0
_HANDLE_WIDTH: Final = 10.0
_HANDLE_HEIGHT: Final = 6.0
_HANDLE_TOP: Final = 3.0


class LensPainter:
    """Draws in the theme's colours."""

    def __init__(self, theme: Theme) -> None:
        self._theme = theme

    def picture(self, strip: LensStrip | None, geometry: LensGeometry, size: QSize, ratio: float) -> QPixmap:
        """Ground, bars and time labels at a device pixel ratio."""
        pixmap = QPixmap(size * ratio)
        pixmap.setDevicePixelRatio(ratio)
        tokens = self._theme.tokens
        pixmap.fill(QColor(tokens.surface))
        painter = QPainter(pixmap)
        painter.fillRect(0, 0, size.width(), 1, QColor(tokens.line))
        if strip is not None:
            self._paint_strip(painter, strip, geometry)
        self._paint_labels(painter, geometry, size.width())
        painter.end()
        return pixmap

    def paint_marks(self, painter: QPainter, geometry: LensGeometry, window: TimeRange, at: datetime) -> None:
        """The window, where it is not the whole range, and the play-head."""
        tokens = self._theme.tokens
        left, right = geometry.x_of(window.start_at), geometry.x_of(window.end_at)
        is_part = left > geometry.left + 1 or right < geometry.left + geometry.width - 1
        if is_part:
            ground = QColor(tokens.accent)
            ground.setAlpha(_WINDOW_ALPHA)
            area = QRectF(left, STRIP_TOP - _WINDOW_OVERHANG, right - left, STRIP_HEIGHT + 2 * _WINDOW_OVERHANG)
            painter.fillRect(area, ground)
            edge = QColor(tokens.accent)
            edge.setAlpha(3 * _WINDOW_ALPHA)
            for x in (left, right - 1):
                painter.fillRect(QRectF(x, area.top(), 1, area.height()), edge)
        self._paint_play_head(painter, geometry.x_of(at))

    def paint_focus(self, painter: QPainter, room: QRect) -> None:
        """The ring that shows where the keyboard is."""
        painter.setPen(QPen(QColor(self._theme.tokens.accent), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(QRectF(room).adjusted(1.5, 2.5, -1.5, -1.5))

    def _paint_play_head(self, painter: QPainter, x: float) -> None:
        painter.save()
        colour = QColor(self._theme.tokens.text)
        painter.fillRect(QRectF(round(x) - 1, _HANDLE_TOP, 2, STRIP_TOP + STRIP_HEIGHT), colour)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        half, tip = _HANDLE_WIDTH / 2, QPointF(round(x), _HANDLE_TOP + _HANDLE_HEIGHT)
        painter.drawPolygon(
            QPolygonF([tip, QPointF(tip.x() - half, _HANDLE_TOP), QPointF(tip.x() + half, _HANDLE_TOP)])
        )
        painter.restore()

    def _paint_strip(self, painter: QPainter, strip: LensStrip, geometry: LensGeometry) -> None:
        area = QRectF(geometry.left, STRIP_TOP, geometry.width, STRIP_HEIGHT)
        if strip.old_at is not None:
            area.setRight(min(area.right(), max(area.left(), geometry.x_of(strip.old_at))))
        painter.save()
        painter.setClipRect(area)
        self._paint_bars(painter, strip, geometry)
        if strip.old_at is not None:
            wash = QColor(self._theme.tokens.surface)
            wash.setAlpha(_WASH_ALPHA)
            painter.fillRect(area, wash)
            paint_hatch(painter, area, QColor(self._theme.tokens.text_tertiary))
        painter.restore()

    def _paint_bars(self, painter: QPainter, strip: LensStrip, geometry: LensGeometry) -> None:
        # Blocks of one colour are handed over together: a call for each was most of what a tick of the clock cost.
        blocks: dict[tuple[str, int], list[QRectF]] = defaultdict(list)
        start_at, length = strip.time_range.start_at, strip.time_range.seconds / len(strip.bars)
        edges = [
            round(geometry.x_of(start_at + timedelta(seconds=number * length))) for number in range(len(strip.bars) + 1)
        ]
        for bar, left, right in zip(strip.bars, edges, edges[1:], strict=False):
            if right > left:
                self._pile(blocks, bar, left, max(1, right - left - 1))
        painter.setPen(Qt.PenStyle.NoPen)
        for (name, alpha), areas in blocks.items():
            colour = QColor(name)
            colour.setAlpha(alpha)
            painter.setBrush(colour)
            painter.drawRects(areas)

    def _pile(self, blocks: dict[tuple[str, int], list[QRectF]], bar: Bar, left: int, width: int) -> None:
        """A bar's ground, and on it its blocks from the foot up."""
        tokens = self._theme.tokens
        ground = (tokens.healthy, _HEALTHY_ALPHA) if bar.healthy > 0 else (tokens.unknown, _UNKNOWN_ALPHA)
        blocks[ground].append(QRectF(left, STRIP_TOP, width, STRIP_HEIGHT))
        foot = float(STRIP_TOP + STRIP_HEIGHT)
        for share, colour, alpha in (
            (bar.down, tokens.down, _WHOLE_ALPHA),
            (bar.degraded, tokens.degraded, _WHOLE_ALPHA),
            (bar.stale, tokens.unknown, _STALE_ALPHA),
            (bar.maintenance, tokens.maintenance, _WHOLE_ALPHA),
        ):
            if share > 0:
                height = min(foot - STRIP_TOP, max(_SHORTEST_BLOCK, share * STRIP_HEIGHT))
                foot -= height
                blocks[colour, alpha].append(QRectF(left, foot, width, height))

    def _paint_labels(self, painter: QPainter, geometry: LensGeometry, width: int) -> None:
        painter.setFont(self._theme.fonts.small)
        painter.setPen(self._theme.colour(Tone.TERTIARY))
        for tick in ticks(geometry):
            text = day_words(tick.at) if tick.is_date else clock_words(tick.at)
            room = painter.fontMetrics().horizontalAdvance(text)
            x = min(max(geometry.x_of(tick.at) - room / 2, 2.0), width - room - 2.0)
            box = QRectF(x, _LABEL_TOP, room + 1, _LABEL_HEIGHT)
            painter.drawText(box, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), text)

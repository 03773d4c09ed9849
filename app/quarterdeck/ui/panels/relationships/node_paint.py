"""Paints the nodes of the map: as boxes with words where there is room, as marks where there is none."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen, QStaticText

from quarterdeck.domain.health import HealthState
from quarterdeck.ui.panels.relationships.state import MapNode
from quarterdeck.ui.theme.looks import Looks
from quarterdeck.ui.theme.marks import paint_mark, state_colour
from quarterdeck.ui.theme.measures import MARK_SIZE, RADIUS_CONTROL
from quarterdeck.ui.widgets.text import safe_line

TWO_LINES, ONE_LINE = 0.68, 0.36
"""From these scales on a node shows two lines, or its name alone; below it is a mark."""

_NAME_PIXELS, _LINE_PIXELS = 12.0, 11.0
_LEAST_NAME, _LEAST_LINE, _LEAST_ALONE = 10.0, 9.0, 8.0
_ALONE_SHARE = 0.46
_BAR = 3.0
_LEFT = 12.0
_RIGHT = 24.0
_NAME_MIDDLE, _LINE_MIDDLE = 0.32, 0.71
_GROUP_SHIFT = 3.0
_LEAST_MARK = 7.0
_MOST_REMEMBERED = 6000
_OUTLINED = frozenset({HealthState.UNREACHABLE, HealthState.STALE, HealthState.UNKNOWN})
_LOUD = frozenset(HealthState) - {HealthState.HEALTHY, HealthState.UNKNOWN}


@dataclass(frozen=True, slots=True)
class NodeLook:
    """How a node is painted besides its own state: chosen, or with another frame."""

    is_chosen: bool = False
    has_focus: bool = False


PLAIN = NodeLook()


class NodePainter:
    """Paints one node at a time; remembers how words are laid out."""

    def __init__(self, looks: Looks) -> None:
        self._looks = looks
        self._fonts: dict[tuple[bool, int], QFont] = {}
        self._texts: dict[tuple[bool, int, str, int], QStaticText] = {}

    def paint(
        self,
        painter: QPainter,
        node: MapNode,
        state: HealthState,
        area: QRectF,
        scale: float,
        *,
        look: NodeLook = PLAIN,
    ) -> None:
        """Paint a node into its area of the screen, in a state; the painter's pen and brush are changed."""
        if scale < ONE_LINE:
            self._paint_small(painter, state, area, look)
            return
        self._paint_box(painter, node, area, look)
        self._paint_bar(painter, state, area, scale)
        self._paint_words(painter, node, state, area, scale)

    def _paint_small(self, painter: QPainter, state: HealthState, area: QRectF, look: NodeLook) -> None:
        tokens = self._looks.tokens
        painter.fillRect(area, QColor(tokens.accent if look.is_chosen else tokens.line))
        if state in _LOUD:
            paint_mark(painter, area.center(), state, tokens, size=max(_LEAST_MARK, area.height() * 0.9))

    def _paint_box(self, painter: QPainter, node: MapNode, area: QRectF, look: NodeLook) -> None:
        tokens = self._looks.tokens
        box = area.adjusted(0.5, 0.5, -0.5, -0.5)
        frame = QColor(tokens.accent if look.is_chosen else tokens.line)
        if node.is_group:
            painter.setPen(QPen(frame, 1))
            painter.setBrush(QColor(tokens.surface))
            painter.drawRoundedRect(box.translated(_GROUP_SHIFT, _GROUP_SHIFT), RADIUS_CONTROL, RADIUS_CONTROL)
        pen = QPen(frame, 2 if look.has_focus else 1)
        if node.is_missing:
            pen.setStyle(Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.setBrush(QColor(tokens.accent_ground if look.is_chosen else tokens.raised))
        painter.drawRoundedRect(box, RADIUS_CONTROL, RADIUS_CONTROL)

    def _paint_bar(self, painter: QPainter, state: HealthState, area: QRectF, scale: float) -> None:
        colour = QColor(state_colour(self._looks.tokens, state))
        bar = QRectF(area.left(), area.top() + 1, max(2.0, _BAR * min(scale, 1.5)), area.height() - 2)
        if state in _OUTLINED:
            pen = QPen(colour, bar.width())
            pen.setDashPattern([1.2, 1.0])
            pen.setCapStyle(Qt.PenCapStyle.FlatCap)
            painter.setPen(pen)
            painter.drawLine(QPointF(bar.center().x(), bar.top()), QPointF(bar.center().x(), bar.bottom()))
        else:
            painter.fillRect(bar, colour)

    def _paint_words(self, painter: QPainter, node: MapNode, state: HealthState, area: QRectF, scale: float) -> None:
        tokens = self._looks.tokens
        left = area.left() + _LEFT * scale
        room = area.width() - (_LEFT + _RIGHT) * scale
        has_line = scale >= TWO_LINES
        middle = area.top() + area.height() * (_NAME_MIDDLE if has_line else 0.5)
        alone = min(_LINE_PIXELS, max(_LEAST_ALONE, area.height() * _ALONE_SHARE))
        pixels = round(max(_LEAST_NAME, _NAME_PIXELS * scale) if has_line else alone)
        painter.setPen(QColor(tokens.text))
        self._draw(painter, safe_line(node.name, 80), QPointF(left, middle), room, pixels=pixels, is_name=True)
        size = max(_LEAST_MARK, MARK_SIZE * 0.9 * min(scale, 1.4))
        paint_mark(painter, QPointF(area.right() - 12 * scale, middle), state, tokens, size=size)
        if has_line:
            line = QPointF(left, area.top() + area.height() * _LINE_MIDDLE)
            wide = area.width() - (_LEFT + 6) * scale
            painter.setPen(QColor(tokens.text_tertiary))
            self._draw(
                painter,
                safe_line(node.line, 80),
                line,
                wide,
                pixels=round(max(_LEAST_LINE, _LINE_PIXELS * scale)),
                is_name=False,
            )

    def _draw(self, painter: QPainter, text: str, middle: QPointF, room: float, *, pixels: int, is_name: bool) -> None:
        font = self._font(pixels, is_name=is_name)
        layout = self._laid_out(font, text, room, pixels=pixels, is_name=is_name)
        painter.setFont(font)
        painter.drawStaticText(QPointF(middle.x(), middle.y() - layout.size().height() / 2), layout)

    def _font(self, pixels: int, *, is_name: bool) -> QFont:
        key = (is_name, pixels)
        if key not in self._fonts:
            font = QFont(self._looks.fonts.medium if is_name else self._looks.fonts.body)
            font.setPixelSize(pixels)
            self._fonts[key] = font
        return self._fonts[key]

    def _laid_out(self, font: QFont, text: str, room: float, *, pixels: int, is_name: bool) -> QStaticText:
        key = (is_name, pixels, text, round(room))
        found = self._texts.get(key)
        if found is None:
            if len(self._texts) >= _MOST_REMEMBERED:
                self._texts.clear()
            # The ends of names tell them apart: payments-node-a, payments-node-b.
            mode = Qt.TextElideMode.ElideMiddle if is_name else Qt.TextElideMode.ElideRight
            shown = QFontMetricsF(font).elidedText(text, mode, max(0.0, room))
            found = QStaticText(shown)
            found.setTextFormat(Qt.TextFormat.PlainText)
            self._texts[key] = found
            found.prepare(font=font)
        return found

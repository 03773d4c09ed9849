"""Paints the cells of a table from its columns; nothing is asked of the model cell by cell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen

from quarterdeck.domain.health import HealthState
from quarterdeck.ui.theme.marks import paint_mark, state_colour
from quarterdeck.ui.theme.measures import RADIUS_CONTROL, RADIUS_TAG
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.theme.tokens import Tone
from quarterdeck.ui.theme.typography import FontRole
from quarterdeck.ui.widgets.columns import (
    NOTHING,
    ActionCells,
    Cells,
    ColumnSpec,
    NumberCells,
    ShareCells,
    SparkCells,
    StateCells,
    StripCells,
    TagCells,
    TextCells,
)
from quarterdeck.ui.widgets.share_bars import SHARE_WORDS, paint_share_bar
from quarterdeck.ui.widgets.sparklines import paint_sparkline
from quarterdeck.ui.widgets.staleness import aged
from quarterdeck.ui.widgets.state_strips import paint_state_strip
from quarterdeck.ui.widgets.text import safe_line
from quarterdeck.ui.widgets.text_cutting import TextCutter

CELL_PADDING = 10
LINE_HEIGHT = 17
MARK_ROOM = 16
NOTE_GAP = 6
_ACTION_HEIGHT = 22
_ACTION_PADDING = 8
_TAG_HEIGHT = 18
_TAG_PADDING = 6
_SPARK_INSET = 6
_NOTE_LEAST = 60
"""A note that could only be shown with fewer pixels than this is left out: a few letters say nothing."""


@dataclass(frozen=True, slots=True)
class CellPlace:
    """Where a cell is painted and how: its area without padding, its column, whether the pointer is on its button.

    An old cell has no colour of a state any more.
    """

    area: QRect
    spec: ColumnSpec
    is_hot: bool = False
    is_old: bool = False


class CellPainter:
    """Paints one cell at a time, each kind in its own way."""

    def __init__(self, theme: Theme) -> None:
        self._theme = theme
        self._cutter = TextCutter(theme)

    def paint(self, painter: QPainter, place: CellPlace, cells: Cells, row: int) -> None:
        """Paint the cell of a row; the painter's font and pen are changed."""
        match cells:
            case TextCells():
                self._paint_text(painter, place, cells, row)
            case NumberCells():
                self._paint_number(painter, place, cells, row)
            case StateCells():
                self._paint_state(painter, place, cells, row)
            case SparkCells():
                self._paint_spark(painter, place, cells, row)
            case ShareCells() | StripCells():
                self._paint_bars(painter, place, cells, row)
            case TagCells():
                self._paint_tag(painter, place, safe_line(cells.values[row]))
            case ActionCells():
                self._paint_action(painter, place, safe_line(cells.values[row]))

    @staticmethod
    def role_of(spec: ColumnSpec) -> FontRole:
        """The font of a column's text."""
        return FontRole.MEDIUM if spec.is_strong else FontRole.BODY

    def action_area(self, area: QRect, text: str) -> QRect:
        """Where the button of an action cell is, inside the cell's area."""
        width = QFontMetrics(self._theme.fonts.body).horizontalAdvance(text) + 2 * _ACTION_PADDING
        top = area.top() + (area.height() - _ACTION_HEIGHT) // 2
        return QRect(area.right() + 1 - width, top, width, _ACTION_HEIGHT)

    def _paint_text(self, painter: QPainter, place: CellPlace, cells: TextCells, row: int) -> None:
        value = safe_line(cells.values[row])
        role = self.role_of(place.spec)
        painter.setPen(QColor(self._tone(cells.tones, row, place, value)))
        if place.spec.wraps and place.area.height() > 2 * LINE_HEIGHT:
            self._draw_lines(painter, place.area, value, role)
            return
        is_right, in_middle = place.spec.is_right, place.spec.cut_in_middle
        used = self._cutter.draw(painter, place.area, value, role, is_right=is_right, in_middle=in_middle)
        if cells.notes and cells.notes[row]:
            painter.setFont(self._theme.fonts.body)
            painter.setPen(QColor(self._theme.tokens.text_tertiary))
            note, room = safe_line(cells.notes[row]), place.area.adjusted(used + NOTE_GAP, 0, 0, 0)
            if room.width() >= min(_NOTE_LEAST, painter.fontMetrics().horizontalAdvance(note)):
                self._cutter.draw(painter, room, note, FontRole.BODY)

    def _paint_number(self, painter: QPainter, place: CellPlace, cells: NumberCells, row: int) -> None:
        value = cells.text(row)
        painter.setPen(QColor(self._tone(cells.tones, row, place, value)))
        self._cutter.draw(painter, place.area, value, self.role_of(place.spec), is_right=True)

    def _paint_state(self, painter: QPainter, place: CellPlace, cells: StateCells, row: int) -> None:
        tokens = self._theme.tokens
        state = cells.states[row]
        if state is not None and place.is_old:
            state = aged(state)
        left = place.area.left()
        if state is not None:
            paint_mark(painter, QPointF(left + 6, place.area.center().y() + 0.5), state, tokens)
        if not cells.words:
            return
        colour = tokens.text_secondary
        if cells.tones and not place.is_old:
            colour = tokens.tone(cells.tones[row])
        elif state is not None and state is not HealthState.HEALTHY:
            colour = state_colour(tokens, state)
        painter.setPen(QColor(colour))
        words = safe_line(cells.words[row]) if state is not None or cells.words[row] else NOTHING
        room = place.area.adjusted(0 if state is None else MARK_ROOM, 0, 0, 0)
        self._cutter.draw(painter, room, words, FontRole.BODY)

    def _paint_spark(self, painter: QPainter, place: CellPlace, cells: SparkCells, row: int) -> None:
        area = QRectF(place.area).adjusted(0, _SPARK_INSET, 0, -_SPARK_INSET - 1)
        tone = cells.tones[row] if cells.tones and not place.is_old else Tone.TERTIARY
        if not np.isfinite(cells.lines[row]).any():
            painter.setPen(QColor(self._theme.tokens.text_tertiary))
            self._cutter.draw(painter, place.area, NOTHING, FontRole.BODY)
            return
        paint_sparkline(painter, area, cells.lines[row], self._theme.colour(tone))

    def _paint_bars(self, painter: QPainter, place: CellPlace, cells: ShareCells | StripCells, row: int) -> None:
        if isinstance(cells, ShareCells):
            self._paint_share(painter, place, cells, row)
            return
        noted = cells.noted[row] if cells.noted else ()
        states = tuple(aged(each) if each and place.is_old else each for each in cells.strips[row])
        area = QRectF(place.area).adjusted(0, _SPARK_INSET, 0, -_SPARK_INSET)
        paint_state_strip(painter, area, states, noted, self._theme.tokens)

    def _paint_share(self, painter: QPainter, place: CellPlace, cells: ShareCells, row: int) -> None:
        painter.setPen(QColor(self._tone((), row, place, cells.text(row))))
        words = place.area.adjusted(max(0, place.area.width() - SHARE_WORDS), 0, 0, 0)
        self._cutter.draw(painter, words, cells.text(row), FontRole.BODY, is_right=True)
        tone = cells.tones[row] if cells.tones and not place.is_old else Tone.TERTIARY
        bar = QRectF(place.area.adjusted(0, 0, -SHARE_WORDS - NOTE_GAP, 0))
        paint_share_bar(painter, bar, float(cells.values[row]), cells.limit, (self._theme.tokens, tone))

    def _paint_tag(self, painter: QPainter, place: CellPlace, text: str) -> None:
        if not text:
            return
        painter.setFont(self._theme.fonts.small)
        metrics = painter.fontMetrics()
        room = place.area.width() - 2 * _TAG_PADDING
        text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room)
        box = QRectF(0, 0, metrics.horizontalAdvance(text) + 2 * _TAG_PADDING, _TAG_HEIGHT)
        box.moveLeft(place.area.right() + 1 - box.width() if place.spec.is_right else place.area.left())
        box.moveTop(place.area.top() + (place.area.height() - _TAG_HEIGHT) / 2)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._theme.tokens.hover))
        painter.drawRoundedRect(box, RADIUS_TAG, RADIUS_TAG)
        painter.setPen(QColor(self._theme.tokens.text_secondary))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
        painter.restore()

    def _paint_action(self, painter: QPainter, place: CellPlace, text: str) -> None:
        if not text:
            return
        tokens = self._theme.tokens
        box = QRectF(self.action_area(place.area, text)).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(tokens.line), 1))
        painter.setBrush(QColor(tokens.hover if place.is_hot else tokens.raised))
        painter.drawRoundedRect(box, RADIUS_CONTROL, RADIUS_CONTROL)
        painter.setFont(self._theme.fonts.body)
        painter.setPen(QColor(tokens.text))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
        painter.restore()

    def _tone(self, tones: Sequence[Tone], row: int, place: CellPlace, value: str) -> str:
        if value == NOTHING:
            return self._theme.tokens.text_tertiary
        return self._theme.tokens.tone(tones[row] if tones and not place.is_old else place.spec.tone)

    def _draw_lines(self, painter: QPainter, area: QRect, text: str, role: FontRole) -> None:
        lines = wrap_two_lines(QFontMetrics(self._theme.fonts.of(role)), text, area.width())
        top = area.top() + (area.height() - LINE_HEIGHT * len(lines)) // 2
        for at, line in enumerate(lines):
            place = QRect(area.left(), top + at * LINE_HEIGHT, area.width(), LINE_HEIGHT)
            self._cutter.draw(painter, place, line, role)


def wrap_two_lines(metrics: QFontMetrics, text: str, width: int) -> tuple[str, ...]:
    """A text in one line or two, broken between words; the second is cut with an ellipsis where it is too long."""

    def cut(line: str) -> str:
        return metrics.elidedText(line, Qt.TextElideMode.ElideRight, width)

    if cut(text) == text:
        return (text,)
    words = text.split(" ")
    count = 1
    # What fits is asked of the one that cuts: the measured width of a line is rounded, and may say yes to a pixel less.
    while count < len(words) and cut(line := " ".join(words[: count + 1])) == line:
        count += 1
    lines = (cut(" ".join(words[:count])), cut(" ".join(words[count:])))
    return tuple(line for line in lines if line)

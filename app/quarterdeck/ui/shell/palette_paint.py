"""How a line of the command palette is drawn: mark, name with the matched letters bold, kind, key; all plain text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget
from typing_extensions import override

from quarterdeck.ui.shell.palette_ranking import Ranked, Span
from quarterdeck.ui.theme.marks import paint_mark, state_word
from quarterdeck.ui.theme.measures import RADIUS_TAG, ROW_HEIGHT
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.widgets.actions import key_words
from quarterdeck.ui.widgets.text import safe_line

_MARK_LEFT = 18.0
_TEXT_LEFT = 38.0
_KIND_SHARE = 0.58
_EDGE = 12.0
_CHIP_PADDING = 5.0
_CHIP_HEIGHT = 17.0


class PaletteDelegate(QStyledItemDelegate):
    """Paints the Ranked under the user role."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex, /) -> QSize:
        return QSize(0, ROW_HEIGHT)

    @override
    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex, /
    ) -> None:
        ranked = index.data(Qt.ItemDataRole.UserRole)
        if not isinstance(ranked, Ranked):
            return
        row: QRect = option.rect
        state: QStyle.StateFlag = option.state
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter, row, index.row(), state)
        is_chosen = bool(state & QStyle.StateFlag.State_Selected)
        right = self._paint_key(painter, row, "Return" if is_chosen else ranked.item.shortcut)
        self._paint_words(painter, row, right, ranked)
        painter.restore()

    def _paint_ground(self, painter: QPainter, row: QRect, number: int, state: QStyle.StateFlag) -> None:
        tokens = self._theme.tokens
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(row, QColor(tokens.accent_ground))
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(row, QColor(tokens.hover))
        if number:
            painter.fillRect(row.left(), row.top(), row.width(), 1, QColor(tokens.line))

    def _paint_words(self, painter: QPainter, row: QRect, right: float, ranked: Ranked) -> None:
        tokens, item = self._theme.tokens, ranked.item
        if item.state is not None:
            paint_mark(painter, QPointF(row.left() + _MARK_LEFT, row.center().y() + 0.5), item.state, tokens)
        kind_left = row.left() + row.width() * _KIND_SHARE
        room = QRectF(row.left() + _TEXT_LEFT, row.top(), kind_left - row.left() - _TEXT_LEFT - 8, row.height())
        painter.setPen(QColor(tokens.text))
        self._paint_matched(painter, room, ranked)
        kind = item.kind if item.state is None else f"{item.kind} · {state_word(item.state)}"
        painter.setFont(self._theme.fonts.body)
        painter.setPen(QColor(tokens.text_tertiary))
        kind_room = QRectF(kind_left, row.top(), max(0.0, right - kind_left - 8), row.height())
        shown = QFontMetricsF(self._theme.fonts.body).elidedText(
            safe_line(kind), Qt.TextElideMode.ElideRight, kind_room.width()
        )
        painter.drawText(kind_room, Qt.AlignmentFlag.AlignVCenter, shown)

    def _paint_matched(self, painter: QPainter, room: QRectF, ranked: Ranked) -> None:
        left = room.left()
        for text, is_matched in pieces(safe_line(ranked.item.text), ranked.spans):
            font = self._theme.fonts.strong if is_matched else self._theme.fonts.body
            metrics = QFontMetricsF(font)
            rest = room.right() - left
            shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, rest)
            painter.setFont(QFont(font))
            painter.drawText(QRectF(left, room.top(), rest, room.height()), Qt.AlignmentFlag.AlignVCenter, shown)
            left += metrics.horizontalAdvance(shown)
            if shown != text:
                break

    def _paint_key(self, painter: QPainter, row: QRect, key: str) -> float:
        """Draw the chip; the pixel where it begins."""
        right = row.right() - _EDGE
        if not key:
            return right
        text = key_words(key)
        painter.setFont(self._theme.fonts.small)
        width = QFontMetricsF(self._theme.fonts.small).horizontalAdvance(text) + 2 * _CHIP_PADDING
        top = row.top() + (row.height() - _CHIP_HEIGHT) / 2
        box = QRectF(right - width, top, width, _CHIP_HEIGHT).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(QPen(QColor(self._theme.tokens.line), 1))
        painter.setBrush(QColor(self._theme.tokens.surface))
        painter.drawRoundedRect(box, RADIUS_TAG, RADIUS_TAG)
        painter.setPen(QColor(self._theme.tokens.text_secondary))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
        return right - width


def pieces(text: str, spans: Sequence[Span]) -> Iterator[tuple[str, bool]]:
    """A text cut at its matched letters: each piece and whether it matched."""
    at = 0
    for start, end in spans:
        if start > at:
            yield text[at:start], False
        if end > max(start, at):
            yield text[max(start, at) : end], True
        at = max(at, end)
    if at < len(text):
        yield text[at:], False

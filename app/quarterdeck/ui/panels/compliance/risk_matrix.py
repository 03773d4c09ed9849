"""Likelihood by impact as cells: how many risks lie in each, and how large such a risk is."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from quarterdeck.ui.panels.compliance.state import RiskCell, RisksState
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.widgets.text import safe_line, safe_text

_CELL_HEIGHT, _GAP, _CELL_WIDTH = 30, 4, 104
_LABEL_WIDTH, _HEAD = 96, 20
_INSET = 8


class RiskMatrix(QWidget):
    """`risk_chosen` carries the id of the first risk of a cell that was clicked.

    It is a picture beside a table that says the same: the keyboard belongs to the table.
    """

    risk_chosen = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._state = RisksState()
        self.setAccessibleName(self.tr("Risks by likelihood and impact"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def show_risks(self, state: RisksState) -> None:
        """Show these cells."""
        self._state = state
        told = [f"{cell.count}: {cell.words}" for cell in state.cells if cell.count]
        self.setAccessibleDescription(safe_text("\n".join(told)))
        self.updateGeometry()
        self.update()

    def plain_tool_tip_at(self, position: QPoint) -> str:
        """What a cell is, and which risks lie in it."""
        cell = self._cell_at(position)
        return "" if cell is None else cell.words

    @override
    def sizeHint(self) -> QSize:
        columns, rows = len(self._state.likelihoods), len(self._state.impacts)
        return QSize(_LABEL_WIDTH + columns * (_CELL_WIDTH + _GAP), rows * (_CELL_HEIGHT + _GAP) + _HEAD)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(_LABEL_WIDTH + len(self._state.likelihoods) * 4 * _INSET, self.sizeHint().height())

    @override
    def mousePressEvent(self, event: QMouseEvent, /) -> None:
        cell = self._cell_at(event.position().toPoint())
        if event.button() is Qt.MouseButton.LeftButton and cell is not None and cell.first_id:
            self.risk_chosen.emit(cell.first_id)

    @override
    def paintEvent(self, event: QPaintEvent, /) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for cell in self._state.cells:
            self._paint_cell(painter, cell)
        painter.setFont(self._theme.fonts.note)
        painter.setPen(QColor(self._theme.tokens.text_tertiary))
        for number, name in enumerate(reversed(self._state.impacts)):
            place = QRectF(0, number * (_CELL_HEIGHT + _GAP), _LABEL_WIDTH - _INSET, _CELL_HEIGHT)
            self._paint_words(painter, place, Qt.AlignmentFlag.AlignVCenter, name)
        top = len(self._state.impacts) * (_CELL_HEIGHT + _GAP)
        for number, name in enumerate(self._state.likelihoods):
            place = QRectF(_LABEL_WIDTH + number * (self._width() + _GAP), top, self._width(), _HEAD)
            self._paint_words(painter, place, Qt.AlignmentFlag.AlignHCenter, name)

    def _paint_words(self, painter: QPainter, place: QRectF, alignment: Qt.AlignmentFlag, words: str) -> None:
        shown = painter.fontMetrics().elidedText(safe_line(words), Qt.TextElideMode.ElideRight, int(place.width()))
        painter.drawText(place, int(alignment), shown)

    def _paint_cell(self, painter: QPainter, cell: RiskCell) -> None:
        tokens, place = self._theme.tokens, self._place_of(cell)
        painter.setPen(QPen(QColor(tokens.tone(cell.tone)), 1) if cell.is_strong else Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tokens.ground(cell.tone)))
        painter.drawRoundedRect(place.adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
        painter.setFont(self._theme.fonts.note)
        painter.setPen(QColor(tokens.text_tertiary))
        inner = place.adjusted(_INSET, 0, -_INSET, 0)
        painter.drawText(inner, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight), str(cell.score))
        if cell.count:
            painter.setFont(self._theme.fonts.strong)
            painter.setPen(QColor(tokens.text))
            painter.drawText(inner, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), str(cell.count))

    def _width(self) -> float:
        columns = max(1, len(self._state.likelihoods))
        return min(float(_CELL_WIDTH), (self.width() - _LABEL_WIDTH) / columns - _GAP)

    def _place_of(self, cell: RiskCell) -> QRectF:
        left = _LABEL_WIDTH + (cell.likelihood - 1) * (self._width() + _GAP)
        top = (len(self._state.impacts) - cell.impact) * (_CELL_HEIGHT + _GAP)
        return QRectF(left, top, self._width(), _CELL_HEIGHT)

    def _cell_at(self, position: QPoint) -> RiskCell | None:
        return next((cell for cell in self._state.cells if self._place_of(cell).contains(position)), None)

"""The head of a table: quiet titles that wrap, a small arrow on the column that orders the rows."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPolygonF
from PySide6.QtWidgets import QHeaderView, QWidget
from typing_extensions import override

from quarterdeck.ui.theme.measures import ROW_HEIGHT_COMPACT
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.widgets.columns import ColumnSpec
from quarterdeck.ui.widgets.row_order import Sorting
from quarterdeck.ui.widgets.table_paint import CELL_PADDING

_LINE_HEIGHT = 15
_TALL = 38
_ARROW_ROOM = 10
_ROUNDING = 2


class TableHeader(QHeaderView):
    """Paints titles from the column `specs`; `sorting` says which one carries the arrow."""

    def __init__(self, theme: Theme, specs: tuple[ColumnSpec, ...], parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._theme = theme
        self.specs = specs
        self.sorting = Sorting()
        self.right_aligned: frozenset[int] = frozenset()
        self.setFont(theme.fonts.small)
        self.setSectionsClickable(True)
        self.setHighlightSections(False)
        self.setMinimumSectionSize(24)
        self.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        # The frame's own ground shows, and with it the frame's rounded corners.
        self.viewport().setAutoFillBackground(False)
        theme.changed.connect(self.viewport().update)

    def show_sorting(self, sorting: Sorting) -> None:
        """Mark the column that orders the rows, or soon will."""
        self.sorting = sorting
        self.viewport().update()

    def title_width(self, section: int) -> int:
        """The width the longest word of a title asks for, padding included."""
        metrics = QFontMetrics(self.font())
        words = self.specs[section].title.split(" ") if self._may_wrap(section) else [self.specs[section].title]
        return max(metrics.horizontalAdvance(word) for word in words) + 2 * CELL_PADDING + _ROUNDING

    def _may_wrap(self, section: int) -> bool:
        return section in self.right_aligned and self.specs[section].width is not None

    def _needs_two_lines(self) -> bool:
        metrics = QFontMetrics(self.font())
        return any(
            " " in spec.title
            and not self.isSectionHidden(at)
            and metrics.horizontalAdvance(spec.title) > self.sectionSize(at) - 2 * CELL_PADDING
            for at, spec in enumerate(self.specs)
            if at < self.count()
        )

    @override
    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), _TALL if self._needs_two_lines() else ROW_HEIGHT_COMPACT)

    @override
    def paintSection(self, painter: QPainter, rect: QRect, logicalIndex: int, /) -> None:
        spec = self.specs[logicalIndex]
        tokens = self._theme.tokens
        area = rect.adjusted(CELL_PADDING, 0, -CELL_PADDING, 0)
        is_sorted = self.sorting.column == logicalIndex
        painter.setFont(self.font())
        painter.setPen(QColor(tokens.text_secondary if is_sorted else tokens.text_tertiary))
        is_right = logicalIndex in self.right_aligned
        if is_sorted:
            self._paint_arrow(painter, area, is_right=is_right)
            area = area.adjusted(0, 0, -_ARROW_ROOM, 0)
        side = Qt.AlignmentFlag.AlignRight if is_right else Qt.AlignmentFlag.AlignLeft
        flags = int(side | Qt.AlignmentFlag.AlignVCenter)
        if painter.fontMetrics().horizontalAdvance(spec.title) <= area.width() or " " not in spec.title:
            title = painter.fontMetrics().elidedText(spec.title, Qt.TextElideMode.ElideRight, area.width())
            painter.drawText(area, flags, title)
        else:
            painter.drawText(area, flags | int(Qt.TextFlag.TextWordWrap), spec.title)
        painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, QColor(tokens.line))

    def _paint_arrow(self, painter: QPainter, area: QRect, *, is_right: bool) -> None:
        metrics = painter.fontMetrics()
        title = self.specs[self.sorting.column].title
        shown = min(metrics.horizontalAdvance(title), area.width() - _ARROW_ROOM)
        x = area.right() - 3 if is_right else area.left() + shown + 6
        y = area.center().y() + 0.5
        tip = 2.5 if self.sorting.is_descending else -2.5
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(painter.pen().color())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.drawPolygon(QPolygonF([QPointF(x - 3, y - tip), QPointF(x + 3, y - tip), QPointF(x, y + tip)]))
        painter.restore()

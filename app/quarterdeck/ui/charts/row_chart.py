"""Many rows over one time axis: a heat map or a horizon chart, with the cross-hair of its group."""

from __future__ import annotations

from datetime import tzinfo

import numpy as np
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from quarterdeck.ui.charts.chart_group import ChartGroup
from quarterdeck.ui.charts.describe import describe_rows
from quarterdeck.ui.charts.quantities import quantity
from quarterdeck.ui.charts.row_data import RowData
from quarterdeck.ui.charts.row_paint import RowLook
from quarterdeck.ui.charts.row_scale import ScaleBar
from quarterdeck.ui.charts.row_surface import BANDS, RowSurface
from quarterdeck.ui.charts.ticks import clock_words
from quarterdeck.ui.theme.measures import CARD_PADDING
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.theme.tokens import Tone
from quarterdeck.ui.theme.typography import FontRole
from quarterdeck.ui.widgets.text import PlainLabel, safe_line, safe_text


class RowChart(QFrame):
    """A card with a title, the value under the cross-hair, a scale, and the rows; unknown is hatched.

    The mouse points, zooms with the wheel, and a click asks for the play-head there; a double click goes back. Up and
    Down go from row to row, Left and Right from column to column, Enter asks for the play-head, + - and 0 zoom.
    """

    def __init__(
        self, theme: Theme, group: ChartGroup, title: str, *, look: RowLook, zone: tzinfo | None = None
    ) -> None:
        super().__init__()
        self._title, self._zone, self._group = title, zone, group
        self._data = RowData.none()
        self._words = ""
        self._readout = PlainLabel(theme, role=FontRole.NOTE, tone=Tone.SECONDARY)
        self._scale = ScaleBar(theme, steps=BANDS if look is RowLook.HORIZON else None)
        self.rows = RowSurface(theme, group, look, zone)
        self._build(theme)
        self.rows.pointed.connect(self._tell)
        group.pointer_moved.connect(self._tell)
        group.view_changed.connect(self._put_into_words)

    def show_rows(self, data: RowData) -> None:
        """Show these rows."""
        self._data = data
        self.rows.set_data(data)
        self._scale.set_ends(quantity(data.bottom, data.unit), quantity(data.top, data.unit))
        self._scale.setVisible(bool(data.labels))
        self._tell()
        self._put_into_words()

    def describe(self) -> str:
        """The chart in words."""
        return describe_rows(self._title, self._group.range_s, self._data, zone=self._zone)

    def _build(self, theme: Theme) -> None:
        self.setProperty("kind", "card")
        self.setAccessibleName(safe_line(self._title))
        self.rows.setAccessibleName(safe_line(self._title))
        self.setFocusProxy(self.rows)
        head = QHBoxLayout()
        head.setContentsMargins(CARD_PADDING, 10, CARD_PADDING, 6)
        head.setSpacing(12)
        head.addWidget(PlainLabel(theme, self._title, role=FontRole.STRONG))
        head.addWidget(self._readout, 1)
        head.addWidget(self._scale)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self.rows, 1)

    def _tell(self) -> None:
        """Say the value of the cell under the cross-hair."""
        at, row = self._group.marks.pointer_s, self.rows.row
        if at is None or row is None or row >= len(self._data.labels):
            self._readout.setText("")
            return
        value = self._data.value_at(row, at)
        words = quantity(value, self._data.unit) if np.isfinite(value) else self.tr("unknown")
        self._readout.setText(f"{safe_line(self._data.labels[row], 60)}   {clock_words(at, self._zone)}   {words}")
        self.rows.setAccessibleDescription(f"{self._readout.text()}. {self._words}")

    def _put_into_words(self) -> None:
        self._words = safe_text(self.describe())
        self.rows.setAccessibleDescription(self._words)

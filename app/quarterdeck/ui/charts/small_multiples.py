"""More lines than one chart may hold: a grid of small charts, one line each, on the same axes."""

from __future__ import annotations

from dataclasses import replace
from datetime import tzinfo
from math import ceil

from PySide6.QtCore import QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QWidget
from typing_extensions import override

from quarterdeck.ui.charts.chart_group import ChartGroup
from quarterdeck.ui.charts.line_data import ChartContent, LineData, Span, extent_within
from quarterdeck.ui.charts.time_chart import ChartStyle, TimeChart
from quarterdeck.ui.tasks.verbs import Background
from quarterdeck.ui.theme.measures import PAGE_GAP
from quarterdeck.ui.theme.theme import Theme

_NARROWEST = 300
_SLOT = 0


class SmallMultiples(QWidget):
    """Each line is a chart under its own name; all have one range of values and one range of time.

    `title` says what the values are. Times are written below the last row, and below the one above where that goes on
    further to the right.
    """

    def __init__(self, theme: Theme, group: ChartGroup, title: str, *, zone: tzinfo | None = None) -> None:
        super().__init__()
        self._theme, self._group, self._title, self._zone = theme, group, title, zone
        self._background: Background | None = None
        self._charts: list[TimeChart] = []
        self._lines: tuple[LineData, ...] = ()
        self._spans: tuple[Span, ...] = ()
        self._columns = 0
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(PAGE_GAP)
        # Charts must not be moved while a layout is under way.
        self._arranging = QTimer(self)
        self._arranging.setSingleShot(True)
        self._arranging.setInterval(0)
        self._arranging.timeout.connect(self._arrange)
        group.view_changed.connect(self._share_axis)

    @property
    def charts(self) -> tuple[TimeChart, ...]:
        """The charts, in the order of their lines."""
        return tuple(self._charts[: len(self._lines)])

    def draw_in(self, background: Background) -> None:
        """Have large pictures of lines made there."""
        self._background = background
        for chart in self._charts:
            chart.draw_in(background)

    def set_lines(self, lines: tuple[LineData, ...], spans: tuple[Span, ...] = ()) -> None:
        """Show these lines, and the same spans in all charts."""
        is_same = [line.label for line in lines] == [line.label for line in self._lines]
        self._lines, self._spans = lines, spans
        if not is_same:
            self._make_charts()
            self._columns = 0
        self._share_axis()
        self._arrange()

    def _make_charts(self) -> None:
        for chart in self._charts:
            self._grid.removeWidget(chart)
            chart.hide()
            chart.deleteLater()
        self._charts = [self._chart(line) for line in self._lines]

    def _chart(self, line: LineData) -> TimeChart:
        chart = TimeChart(
            self._theme, self._group, line.label, style=ChartStyle(unit=line.unit, has_times=False), zone=self._zone
        )
        if self._background is not None:
            chart.draw_in(self._background)
        return chart

    def _share_axis(self) -> None:
        """Give all charts the extent of all lines within the range."""
        extent = extent_within(self._lines, *self._group.range_s)
        for chart, line in zip(self._charts, self._lines, strict=True):
            shown = replace(line, label=self._title, slot=_SLOT)
            chart.show_content(ChartContent((shown,), None, self._spans, labels_spans=False, extent=extent))

    def _arrange(self) -> None:
        count = len(self._charts)
        rows = max(1, ceil(count / max(1, self.width() // _NARROWEST)))
        columns = max(1, ceil(count / rows))
        if columns == self._columns:
            return
        first_with_times = (rows - 1 if count == rows * columns else rows - 2) * columns
        self._columns = columns
        for number, chart in enumerate(self._charts):
            self._grid.addWidget(chart, number // columns, number % columns)
            chart.show_times(shown=number >= first_with_times)
        for column in range(self._grid.columnCount()):
            self._grid.setColumnStretch(column, 1 if column < columns else 0)
        for row in range(self._grid.rowCount()):
            self._grid.setRowStretch(row, 1 if row * columns < count else 0)

    @override
    def resizeEvent(self, event: QResizeEvent, /) -> None:
        super().resizeEvent(event)
        self._arranging.start()

"""All series of an entity in a table that is filtered, and the course of the one that is chosen above it."""

from __future__ import annotations

from datetime import UTC, datetime

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from quarterdeck.domain.instants import TimeRange
from quarterdeck.ui.charts.chart_group import ChartGroup
from quarterdeck.ui.charts.time_chart import ChartStyle, TimeChart
from quarterdeck.ui.shell.inspector.state import ChartedSeries, SeriesList
from quarterdeck.ui.theme.measures import ROW_HEIGHT
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.theme.tokens import Tone
from quarterdeck.ui.theme.typography import FontRole
from quarterdeck.ui.widgets.cards import section_heading
from quarterdeck.ui.widgets.column_table import ColumnTable
from quarterdeck.ui.widgets.columns import ColumnSpec, TableData, TextCells
from quarterdeck.ui.widgets.filter_line import FilterLine
from quarterdeck.ui.widgets.text import PlainLabel

_TABLE_HEIGHT = 320
_HEADER_ROOM = 34
_CHART_HEIGHT = 150
_GUTTER = 60


class SeriesSection(QWidget):
    """`series_chosen` carries a series' id and how many pixels its course has.

    `range_requested` and `play_head_requested` come from the chart, with a TimeRange and an aware datetime.
    """

    series_chosen = Signal(str, int)
    range_requested = Signal(object)
    play_head_requested = Signal(object)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._entity_key = ""
        self._chosen = ""
        self._group = ChartGroup(0.0, 1.0, self)
        self._chart: TimeChart | None = None
        self._heading = section_heading(theme, self.tr("All series"))
        self._filter = FilterLine(theme, self.tr("Filter series"))
        self._remark = PlainLabel(theme, role=FontRole.SMALL, tone=Tone.SECONDARY, wraps=True)
        self._table = ColumnTable(theme, _columns(), accessible_name=self.tr("All series"))
        self._column = QVBoxLayout(self)
        self._build()
        self._connect()

    def clear(self, entity_key: str) -> None:
        """Another entity is shown: its series are still to come."""
        if entity_key != self._entity_key:
            self._entity_key, self._chosen = entity_key, ""
            self.hide()
            self._filter.clear()
            self._hide_chart()

    def show_series(self, series: SeriesList) -> None:
        """Show these series; those of another entity are left."""
        if series.entity_key != self._entity_key:
            return
        self.setVisible(bool(series.ids))
        self._heading.setText(self.tr("All series · {count}").format(count=f"{len(series.ids):,}"))
        self._table.setFixedHeight(min(_TABLE_HEIGHT, ROW_HEIGHT * len(series.ids) + _HEADER_ROOM))
        self._table.set_data(_data(series))

    def show_course(self, course: ChartedSeries) -> None:
        """Show the course of the series that is chosen."""
        if course.series_id != self._chosen:
            return
        chart = self._chart or self._make_chart()
        chart.show()
        self._group.take_over(course.start_s, course.end_s, course.play_head_s)
        chart.set_lines((course.line,))
        silence = self.tr("No fresh data since {time}").format(time=course.silent_since) if course.silent_since else ""
        self._remark.setText(course.failure or silence)
        self._remark.setVisible(bool(course.failure or silence))

    def _build(self) -> None:
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)
        for widget in (self._heading, self._remark, self._filter, self._table):
            self._column.addWidget(widget)
        self._remark.hide()
        self.hide()

    def _connect(self) -> None:
        self._filter.filter_changed.connect(self._table.set_filter)
        self._filter.left.connect(self._table.setFocus)
        self._table.row_selected.connect(self._choose)
        self._group.range_changed.connect(self._ask_range)
        self._group.range_selected.connect(self._ask_range)
        self._group.play_head_requested.connect(self._ask_play_head)

    def _choose(self, series_id: str) -> None:
        if series_id and series_id != self._chosen:
            self._chosen = series_id
            pixels = round(max(1, self.width() - _GUTTER) * self.devicePixelRatioF())
            self.series_chosen.emit(series_id, pixels)

    def _make_chart(self) -> TimeChart:
        """Not before somebody wants one: whoever read the course has loaded the plotting library meanwhile."""
        chart = TimeChart(self._theme, self._group, self.tr("Course"), style=ChartStyle(is_card=False))
        chart.setFixedHeight(_CHART_HEIGHT)
        self._column.insertWidget(1, chart)
        self._chart = chart
        return chart

    def _hide_chart(self) -> None:
        self._remark.hide()
        if self._chart is not None:
            self._chart.hide()

    def _ask_play_head(self, at_s: float) -> None:
        self.play_head_requested.emit(_instant(at_s))

    def _ask_range(self, start_s: float, end_s: float) -> None:
        self.range_requested.emit(TimeRange(_instant(start_s), _instant(end_s)))


def _columns() -> tuple[ColumnSpec, ...]:
    return (
        ColumnSpec("name", _title("Series"), stretch=1, cut_in_middle=True),
        ColumnSpec("value", _title("Last"), is_right=True),
        ColumnSpec("age", _title("Age"), is_right=True, tone=Tone.TERTIARY, yields=1),
        ColumnSpec("meaning", _title("Means"), tone=Tone.SECONDARY, yields=2),
    )


def _data(series: SeriesList) -> TableData:
    tones = tuple(Tone.TEXT if is_fresh else Tone.TERTIARY for is_fresh in series.are_fresh)
    nothing: tuple[str, ...] = ()
    return TableData(
        ids=series.ids,
        cells=(
            TextCells(series.names),
            TextCells(series.values, tones=tones, ranks=series.amounts),
            TextCells(series.ages, ranks=series.age_seconds),
            TextCells(series.meanings),
        ),
        tips=(series.tips, nothing, nothing, nothing),
    )


def _instant(at_s: float) -> datetime:
    return datetime.fromtimestamp(at_s, UTC)


def _title(text: str) -> str:
    return QCoreApplication.translate("SeriesSection", text)

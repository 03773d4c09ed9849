"""The Errors view: the patterns above, the course of the chosen one and its failures below."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from quarterdeck.services.error_patterns import KnownPattern
from quarterdeck.ui.charts.chart_group import ChartGroup
from quarterdeck.ui.charts.line_data import ChartContent
from quarterdeck.ui.charts.time_chart import ChartStyle, TimeChart
from quarterdeck.ui.panels.performance.error_words import (
    ErrorState,
    count_words,
    detail_words,
    error_columns,
    failure_columns,
    failure_data,
    newest_of,
)
from quarterdeck.ui.panels.performance.other_views import BAR_ROOM
from quarterdeck.ui.theme.measures import PAGE_GAP, PAGE_PADDING
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.theme.tokens import Tone
from quarterdeck.ui.theme.typography import FontRole
from quarterdeck.ui.widgets.column_table import ColumnTable
from quarterdeck.ui.widgets.text import PlainLabel

_CHART_HEIGHT = 150
_LEAST_TABLE_HEIGHT = 96


class ErrorPage(QWidget):
    """`entity_chosen` carries whom the pattern or failure that a person moved to is told of, `entity_opened` opens it.

    `group` is that of the chart of a pattern's course.
    """

    entity_chosen = Signal(str)
    entity_opened = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.group = ChartGroup(0.0, 1.0, self)
        self._state: ErrorState | None = None
        self._summary = PlainLabel(theme, tone=Tone.SECONDARY, wraps=True)
        self._missing = PlainLabel(theme, role=FontRole.SMALL, tone=Tone.SECONDARY, wraps=True)
        self._detail = PlainLabel(theme, role=FontRole.SMALL, tone=Tone.SECONDARY, wraps=True)
        self._table = ColumnTable(
            theme, error_columns(self.tr), accessible_name=self.tr("Error patterns"), hugs_rows=True
        )
        self._failures = ColumnTable(
            theme, failure_columns(self.tr), accessible_name=self.tr("Newest failures of the pattern")
        )
        self._chart = TimeChart(
            theme, self.group, self.tr("Failures"), subtitle=" ", style=ChartStyle(), write=count_words
        )
        self._build()
        self._table.row_selected.connect(self._choose)
        self._table.row_activated.connect(self._open)
        self._failures.row_selected.connect(self._choose_failure)
        self._failures.row_activated.connect(self._open_failure)

    def show_state(self, state: ErrorState) -> None:
        """Show the patterns of a moment; the chosen one stays chosen while it is there."""
        self._state = state
        self._summary.setText(state.summary)
        self._missing.setText(state.missing)
        self._missing.setVisible(bool(state.missing))
        self._table.set_data(state.table)
        self.group.take_over(state.start_s, state.end_s, state.play_head_s)
        self._tell()

    def narrow(self, words: str) -> None:
        """Show only patterns that hold some words."""
        self._table.set_filter(words)

    def select(self, entity_key: str) -> None:
        """Choose the first pattern told of an entity, unless the chosen one is."""
        chosen = self._pattern()
        if self._state is None or not entity_key or (chosen is not None and _is_of(chosen, entity_key)):
            return
        self._table.select(next((one.id for one in self._state.patterns if _is_of(one, entity_key)), ""))
        self._tell()

    def choose(self, pattern_id: str) -> None:
        """Choose a pattern, without a signal."""
        self._table.select(pattern_id)
        self._tell()

    def walk(self, step: int) -> None:
        """Move along the patterns."""
        self._table.walk(step)

    def _pattern(self) -> KnownPattern | None:
        chosen = self._table.selected_id
        patterns = self._state.patterns if self._state is not None else ()
        return next((one for one in patterns if one.id == chosen), None)

    def _tell(self) -> None:
        state, one = self._state, self._pattern()
        if state is None:
            return
        self._detail.setText(detail_words(one, state, self.tr) if one is not None else "")
        self._detail.setVisible(one is not None)
        line = state.lines[one.id] if one is not None else state.total
        self._chart.set_subtitle(state.step_words)
        self._chart.show_content(ChartContent((line,)))
        self._failures.set_data(failure_data(one, state))

    def _choose(self, _pattern_id: str) -> None:
        self._tell()
        one = self._pattern()
        if one is not None and one.entities:
            self.entity_chosen.emit(one.entities[0][0])

    def _open(self, _pattern_id: str) -> None:
        one = self._pattern()
        if one is not None and one.entities:
            self.entity_opened.emit(one.entities[0][0])

    def _choose_failure(self, row_id: str) -> None:
        self.entity_chosen.emit(self._entity_of(row_id))

    def _open_failure(self, row_id: str) -> None:
        self.entity_opened.emit(self._entity_of(row_id))

    def _entity_of(self, row_id: str) -> str:
        if self._state is None:
            return ""
        told = newest_of(self._pattern(), self._state)
        return told[int(row_id)].entity_key if row_id.isdigit() and int(row_id) < len(told) else ""

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, BAR_ROOM, PAGE_PADDING)
        column.setSpacing(PAGE_GAP)
        column.addWidget(self._summary)
        column.addWidget(self._missing)
        column.addWidget(self._table, 2)
        column.addWidget(self._detail)
        column.addWidget(self._chart)
        column.addWidget(self._failures, 2)
        column.addStretch(0)
        self._chart.setFixedHeight(_CHART_HEIGHT)
        self._failures.setMinimumHeight(_LEAST_TABLE_HEIGHT)
        # It takes what room there is: a page that scrolls would give it all it could use.
        self._failures.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        self._missing.hide()
        self._detail.hide()
        self.setFocusProxy(self._table)


def _is_of(one: KnownPattern, entity_key: str) -> bool:
    return any(key == entity_key for key, _ in one.entities)

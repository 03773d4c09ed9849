"""The Compare view: what is compared, what changed in words, every figure, and the chosen one in both ranges."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from quarterdeck.services.compared_ranges import Against
from quarterdeck.ui.charts.chart_group import ChartGroup
from quarterdeck.ui.charts.line_data import ChartContent
from quarterdeck.ui.charts.time_chart import ChartStyle, TimeChart
from quarterdeck.ui.panels.performance.changed_card import ChangedCard
from quarterdeck.ui.panels.performance.compare_words import (
    CompareState,
    SideState,
    against_words,
    figure_columns,
    number_columns,
)
from quarterdeck.ui.panels.performance.other_views import BAR_ROOM
from quarterdeck.ui.theme.measures import PAGE_GAP, PAGE_PADDING
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.theme.tokens import Tone
from quarterdeck.ui.theme.typography import FontRole
from quarterdeck.ui.widgets.buttons import Button
from quarterdeck.ui.widgets.choice_button import ChoiceButton
from quarterdeck.ui.widgets.column_table import ColumnTable
from quarterdeck.ui.widgets.columns import NO_ROWS
from quarterdeck.ui.widgets.segments import Segment
from quarterdeck.ui.widgets.text import PlainLabel

_SIDE_HEIGHT = 248
_LEAST_SIDE_HEIGHT = 150
_LEAST_TABLE_HEIGHT = 96
_NUMBERS_WIDTH = 360


class ComparePage(QWidget):
    """`against_chosen` carries an Against, `figure_chosen` the id of a figure; the marks ask for the range shown.

    `entity_chosen` and `entity_opened` carry whom a figure is of, `causes_asked` whose causes are asked for.
    """

    against_chosen = Signal(object)
    mark_earlier_asked = Signal()
    mark_later_asked = Signal()
    figure_chosen = Signal(str)
    entity_chosen = Signal(str)
    entity_opened = Signal(str)
    causes_asked = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._state: CompareState | None = None
        self._group = ChartGroup(0.0, 1.0, self)
        choices = tuple(Segment(each.value, against_words(each, self.tr)) for each in Against)
        self._against = ChoiceButton(theme, choices, accessible_name=self.tr("Compared with"))
        self._mark_earlier = Button(theme, self.tr("Mark as earlier"))
        self._mark_later = Button(theme, self.tr("Mark as later"))
        self._ranges = PlainLabel(theme, tone=Tone.SECONDARY, wraps=True)
        self._tested = PlainLabel(theme, role=FontRole.SMALL, tone=Tone.SECONDARY, wraps=True)
        self._changed = ChangedCard(theme)
        self._table = ColumnTable(theme, figure_columns(self.tr), accessible_name=self.tr("Figures of both ranges"))
        self._chart = TimeChart(theme, self._group, self.tr("Both ranges"), subtitle=" ", style=ChartStyle())
        self._numbers = ColumnTable(
            theme, number_columns(self.tr), accessible_name=self.tr("What all samples add up to"), hugs_rows=True
        )
        self._build()
        self._connect()

    def show_against(self, against: Against) -> None:
        """Show what is compared with, without a signal."""
        self._against.set_current(against.value)

    def open_choices(self) -> None:
        """Offer what can be compared with."""
        self._against.open_menu()

    def show_state(self, state: CompareState) -> None:
        """Show a comparison; the figure that is chosen stays chosen while it is there, else the first one is."""
        self._state = state
        self._ranges.setText(state.ranges_words)
        self._tested.setText(state.tested)
        self._changed.show_changed(state.changed)
        chosen = self._table.selected_id
        self._table.set_data(state.table)
        if chosen not in state.figures:
            chosen = next(iter(state.figures), "")
            self._table.select(chosen)
        self._announce()
        self.figure_chosen.emit(chosen)

    def show_side(self, side: SideState | None) -> None:
        """Show the chosen figure in both ranges; nothing while none is known."""
        lines = side.lines if side is not None else ()
        if side is not None:
            self._group.take_over(side.start_s, side.end_s, None)
        self._chart.set_subtitle(side.title if side is not None else " ")
        self._chart.show_content(ChartContent(lines, spans=side.spans if side is not None else ()))
        self._numbers.set_data(side.table if side is not None else NO_ROWS)

    def narrow(self, words: str) -> None:
        """Show only figures that hold some words."""
        self._table.set_filter(words)

    def select(self, entity_key: str) -> None:
        """Choose the first figure of an entity, unless one of it is chosen."""
        figures = self._state.figures if self._state is not None else {}
        chosen = figures.get(self._table.selected_id)
        if not entity_key or (chosen is not None and chosen.entity.key == entity_key):
            return
        found = next((key for key, one in figures.items() if one.entity.key == entity_key), "")
        if found:
            self._table.select(found)
            self.figure_chosen.emit(found)

    def _announce(self) -> None:
        state = self._state
        if state is not None:
            self._chart.setAccessibleDescription(state.ranges_words)

    def _choose(self, row_id: str) -> None:
        self.figure_chosen.emit(row_id)
        self.entity_chosen.emit(self._entity_of(row_id))

    def _open(self, row_id: str) -> None:
        self.entity_opened.emit(self._entity_of(row_id))

    def _choose_against(self, key: str) -> None:
        self.against_chosen.emit(Against(key))

    def _entity_of(self, row_id: str) -> str:
        one = self._state.figures.get(row_id) if self._state is not None else None
        return one.entity.key if one is not None else ""

    def _connect(self) -> None:
        self._against.chosen.connect(self._choose_against)
        self._mark_earlier.clicked.connect(self.mark_earlier_asked)
        self._mark_later.clicked.connect(self.mark_later_asked)
        self._table.row_selected.connect(self._choose)
        self._table.row_activated.connect(self._open)
        self._changed.causes_asked.connect(self.causes_asked)
        self._changed.yesterday_asked.connect(lambda: self.against_chosen.emit(Against.DAY))

    def _build(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(10)
        for widget in (self._against, self._mark_earlier, self._mark_later):
            head.addWidget(widget)
        head.addWidget(self._ranges, 1, Qt.AlignmentFlag.AlignVCenter)
        below = QHBoxLayout()
        below.setSpacing(PAGE_GAP)
        below.addWidget(self._chart, 1)
        below.addWidget(self._numbers)
        self._numbers.setFixedWidth(_NUMBERS_WIDTH)
        self._table.setMinimumHeight(_LEAST_TABLE_HEIGHT)
        for widget in (self._table, self._chart):
            # They take what room there is: a page that scrolls would give them all they could use.
            widget.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        for widget in (self._chart, self._numbers):
            widget.setMinimumHeight(_LEAST_SIDE_HEIGHT)
            widget.setMaximumHeight(_SIDE_HEIGHT)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, BAR_ROOM, PAGE_PADDING)
        column.setSpacing(PAGE_GAP)
        column.addLayout(head)
        column.addWidget(self._changed)
        column.addWidget(self._table, 3)
        column.addWidget(self._tested)
        column.addLayout(below, 2)
        self._mark_earlier.setToolTip(self.tr("Take the range shown now as the earlier one of two"))
        self._mark_later.setToolTip(self.tr("Take the range shown now as the later one of two"))
        self.setFocusProxy(self._table)

"""The panel's page: figures, the table of one view, below it the week of the chosen resource and what is proposed."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from typing_extensions import override

from quarterdeck.ui.panels.resources.cards_below import CardsBelow
from quarterdeck.ui.panels.resources.models import resource_columns, resource_data
from quarterdeck.ui.panels.resources.state import ALL_KINDS, Arrangement, FigureWords, ResourceLine, ResourcesState
from quarterdeck.ui.theme.measures import PAGE_GAP
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.theme.tokens import Tone
from quarterdeck.ui.widgets.column_table import ColumnTable
from quarterdeck.ui.widgets.figures import Figure, FigureStrip
from quarterdeck.ui.widgets.text import PlainLabel

_ALL_THERE_IS = 1000


class ResourcesPage(QWidget):
    """`row_chosen` carries the id of a row that a person moved to, `row_opened` of one to open.

    `menu_requested` carries the id of a row and where on the screen its menu should open.
    """

    row_chosen = Signal(str)
    row_opened = Signal(str)
    figure_activated = Signal(str)
    menu_requested = Signal(str, QPoint)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._state: ResourcesState | None = None
        self._arrangement = Arrangement.ALLOCATION
        self._kind, self._words = ALL_KINDS, ""
        self._tables: dict[Arrangement, ColumnTable] = {}
        self._figures = FigureStrip(theme)
        self.below = CardsBelow(theme)
        self._summary = PlainLabel(theme, tone=Tone.TERTIARY, wraps=True)
        self._remarks = PlainLabel(theme, tone=Tone.DEGRADED, wraps=True)
        self._column = QVBoxLayout(self)
        self._table = self._make_table()
        self._build()

    def show_state(self, state: ResourcesState) -> None:
        """Show these resources; nothing is touched when they are what is shown."""
        before, self._state = self._state, state
        if before is None or before.figures != state.figures:
            self._figures.set_figures(tuple(map(_figure, state.figures)))
        if before is None or before.lines != state.lines:
            self._fill()
        self.below.show_proposed(state)
        self._remarks.setText("\n".join(state.remarks))
        self._remarks.setVisible(bool(state.remarks))
        self._tell_usual()
        self._sum_up()

    def forget(self) -> None:
        """Show the next state whole, whatever was shown before."""
        self._state = None

    def arrange(self, arrangement: Arrangement) -> None:
        """Show another view, with the same row chosen."""
        chosen, self._arrangement = self._table.selected_id, arrangement
        self._fill()
        self._bring_forward(self._make_table())
        self._table.select(chosen)

    def show_kind(self, kind: str) -> None:
        """Show only resources of a kind, or all."""
        self._kind = kind
        self._fill()
        self._sum_up()

    def narrow(self, words: str) -> None:
        """Show only rows that hold some words."""
        self._words = words
        self._table.set_filter(words)
        self._sum_up()

    def select(self, row_id: str) -> None:
        """Mark a row, without a signal."""
        if self._table.selected_id != row_id:
            self._table.select(row_id)
        self._tell_usual()

    def select_entity(self, entity_key: str) -> None:
        """Mark a row of an entity, without a signal: the one that is marked if it is of it, or else its first."""
        line = self.line(self._table.selected_id)
        if line is None or line.entity_key != entity_key:
            self.select(next((one.id for one in self._lines() if one.entity_key == entity_key), ""))

    def walk(self, step: int) -> None:
        """Move along the rows, with the keyboard on them."""
        self._table.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._table.walk(step)

    def open_selected(self) -> None:
        """Open the selected row."""
        if self._table.selected_id:
            self.row_opened.emit(self._table.selected_id)

    def line(self, row_id: str) -> ResourceLine | None:
        """The resource of a row."""
        lines = self._state.lines if self._state is not None else ()
        return next((line for line in lines if line.id == row_id), None)

    @override
    def resizeEvent(self, event: QResizeEvent, /) -> None:
        super().resizeEvent(event)
        self.below.fit(self.size())

    def _build(self) -> None:
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(PAGE_GAP)
        self._column.addWidget(self._figures)
        self._column.addWidget(self._table, _ALL_THERE_IS)
        self._column.addWidget(self.below)
        self._column.addWidget(self._remarks)
        self._column.addWidget(self._summary)
        self._column.addStretch(1)
        self.setFocusProxy(self._table)
        self._figures.figure_activated.connect(self.figure_activated)
        self.below.row_chosen.connect(self.row_chosen)

    def _lines(self) -> tuple[ResourceLine, ...]:
        """The resources of the kind that is shown."""
        lines = self._state.lines if self._state is not None else ()
        return tuple(line for line in lines if self._kind in {ALL_KINDS, line.kind})

    def _fill(self) -> None:
        self._make_table().set_data(resource_data(self._arrangement, self._lines()))

    def _make_table(self) -> ColumnTable:
        """The table of the view that is chosen, made when it is first needed."""
        if self._arrangement not in self._tables:
            names = {
                Arrangement.ALLOCATION: self.tr("Resources by allocation"),
                Arrangement.USAGE: self.tr("Resources by usage"),
                Arrangement.PLAN: self.tr("Resources by capacity plan"),
            }
            columns = resource_columns(self._arrangement)
            table = ColumnTable(self._theme, columns, accessible_name=names[self._arrangement], hugs_rows=True)
            table.row_selected.connect(self._choose)
            table.row_activated.connect(self.row_opened)
            table.rows_arranged.connect(self._sum_up)
            table.menu_requested.connect(self._ask_menu)
            self._tables[self._arrangement] = table
        return self._tables[self._arrangement]

    def _bring_forward(self, table: ColumnTable) -> None:
        before, self._table = self._table, table
        if before is table:
            return
        self._column.replaceWidget(before, table)
        self._column.setStretchFactor(table, _ALL_THERE_IS)
        table.set_filter(self._words)
        table.show()
        self.setFocusProxy(table)
        focused = QApplication.focusWidget()
        if focused is not None and before.isAncestorOf(focused):
            table.setFocus(Qt.FocusReason.OtherFocusReason)
        before.setParent(self)
        before.hide()

    def _choose(self, row_id: str) -> None:
        self._tell_usual()
        self.row_chosen.emit(row_id)

    def _ask_menu(self, place: QPoint) -> None:
        if self._table.selected_id:
            self.menu_requested.emit(self._table.selected_id, place)

    def _tell_usual(self) -> None:
        """The chosen one's week, or that of the first."""
        lines = self._lines()
        self.below.show_line(self.line(self._table.selected_id) or (lines[0] if lines else None))

    def _sum_up(self) -> None:
        if self._state is None:
            return
        hidden = len(self._state.lines) - self._table.shown_count
        parts = [self._state.as_of, self._state.summary]
        if hidden > 0 and not self._table.is_arranging:
            parts.append(self.tr("hidden from you: {count} by kind and filter").format(count=hidden))
        self._summary.setText(" · ".join(part for part in parts if part))


def _figure(words: FigureWords) -> Figure:
    return Figure(words.key, words.label, words.value, words.note, words.tone, words.tip)

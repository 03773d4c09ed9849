"""The list of connections and below it when data came from each of them."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from quarterdeck.domain.health import HealthState
from quarterdeck.ui.panels.connectors.models import coverage_rows, source_columns, source_data
from quarterdeck.ui.panels.connectors.state import ConnectorsState
from quarterdeck.ui.theme.measures import PAGE_GAP, PAGE_PADDING
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.theme.tokens import Tone
from quarterdeck.ui.widgets.cards import Card, section_heading
from quarterdeck.ui.widgets.column_table import ColumnTable
from quarterdeck.ui.widgets.coverage_bars import CoverageBars
from quarterdeck.ui.widgets.state_marks import StateMark
from quarterdeck.ui.widgets.text import PlainLabel

BAR_ROOM = 12
"""How far the scroll bar reaches into the page's margin."""


class ConnectorsPage(QScrollArea):
    """`row_selected` and `row_opened` carry a connection's id."""

    row_selected = Signal(str)
    row_opened = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._state: ConnectorsState | None = None
        self._remark = _Remark(theme)
        self._table = ColumnTable(theme, source_columns(), accessible_name=self.tr("Connections"), fits_rows=True)
        self._bars = CoverageBars(theme, accessible_name=self.tr("Data received, 24 h"))
        self._build()
        self._table.row_selected.connect(self._reveal)
        self._table.row_selected.connect(self.row_selected)
        self._table.row_activated.connect(self.row_opened)
        self.setFocusProxy(self._table)

    @property
    def selected_id(self) -> str:
        """The connection that is selected; empty for none."""
        return self._table.selected_id

    def show_state(self, state: ConnectorsState) -> None:
        """Show this; only what differs from what is shown is touched."""
        before, self._state = self._state, state
        if before is None or before.rows != state.rows:
            self._table.set_data(source_data(state.rows))
        self._remark.show_words(state.remark)
        if before is None or (before.coverage, before.coverage_end_s) != (state.coverage, state.coverage_end_s):
            self._bars.set_rows(
                coverage_rows(state.coverage),
                start_seconds=state.coverage_start_s,
                end_seconds=state.coverage_end_s,
            )

    def forget(self) -> None:
        """Show the next state whole, whatever was shown before."""
        self._state = None

    def select(self, connection_id: str) -> None:
        """Select a row without a signal."""
        self._table.select(connection_id)
        self._reveal(connection_id)

    def walk(self, step: int) -> None:
        """Move the selection, with the keyboard on the table."""
        self._table.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._table.walk(step)

    def _build(self) -> None:
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.viewport().setAutoFillBackground(False)
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, BAR_ROOM, PAGE_PADDING)
        column.setSpacing(PAGE_GAP)
        card = Card(self._theme)
        card.body.addWidget(self._bars)
        heading = section_heading(self._theme, self.tr("Data received, 24 h"))
        for widget in (self._remark, self._table, heading, card):
            column.addWidget(widget)
        column.addStretch(1)
        self.setWidget(content)
        # The area fills its widget's background when it takes it over.
        content.setAutoFillBackground(False)

    def _reveal(self, connection_id: str) -> None:
        """Scroll so that a row is seen."""
        place = self._table.place_of(connection_id)
        if not place.isEmpty():
            centre = place.translated(self._table.pos()).center()
            self.ensureVisible(0, centre.y(), 0, place.height())


class _Remark(QWidget):
    """A sentence about the whole list, with a mark; hidden when there is none."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._words = PlainLabel(theme, tone=Tone.SECONDARY, wraps=True)
        row = QHBoxLayout(self)
        row.setContentsMargins(2, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(StateMark(theme, HealthState.STALE), 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._words, 1)
        self.hide()

    def show_words(self, words: str) -> None:
        self._words.setText(words)
        self.setVisible(bool(words))

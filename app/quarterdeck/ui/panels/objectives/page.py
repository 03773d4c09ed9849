"""The panel's page: the objectives above, and below the ledger of the one that is chosen."""

from __future__ import annotations

import math

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from quarterdeck.domain.health import SEVERITY
from quarterdeck.ui.panels.objectives.ledger_view import LedgerView
from quarterdeck.ui.panels.objectives.models import objective_columns, objective_data
from quarterdeck.ui.panels.objectives.state import LedgerState, ObjectiveLine, ObjectivesState
from quarterdeck.ui.theme.measures import PAGE_GAP
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.theme.tokens import Tone
from quarterdeck.ui.widgets.column_table import ColumnTable
from quarterdeck.ui.widgets.text import PlainLabel

_LIST_SHARE, _LEDGER_SHARE = 4, 5
_LEAST_LIST = 130


class ObjectivesPage(QWidget):
    """`objective_chosen` carries an objective's key, `entity_chosen` and `entity_opened` that of its entity."""

    objective_chosen = Signal(str)
    entity_chosen = Signal(str)
    entity_opened = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._state: ObjectivesState | None = None
        self._table = ColumnTable(theme, objective_columns(), accessible_name=self.tr("Objectives"))
        self._summary = PlainLabel(theme, tone=Tone.TERTIARY, wraps=True)
        self.ledger = LedgerView(theme)
        self._build()
        self._table.row_selected.connect(self._choose)
        self._table.row_activated.connect(self._open)
        self._table.rows_arranged.connect(self._sum_up)

    def show_state(self, state: ObjectivesState) -> None:
        """Show this moment; nothing is touched when it is what is shown."""
        before, self._state = self._state, state
        if before is None or before.lines != state.lines:
            self._table.set_data(objective_data(state.lines))
        self._sum_up()

    def show_ledger(self, ledger: LedgerState | None, fault: str = "") -> None:
        """Show a ledger, why there is none, or what is to be chosen."""
        self.ledger.show_ledger(ledger, fault)
        if ledger is not None:
            self._table.select(ledger.id)

    def forget(self) -> None:
        """Show the next state whole, whatever was shown before."""
        self._state = None

    @property
    def is_filled(self) -> bool:
        """Whether a moment is shown."""
        return self._state is not None

    def narrow(self, text: str) -> None:
        """Show only rows that hold some words."""
        self._table.set_filter(text)
        self._sum_up()

    def key_for(self, target: str) -> str:
        """The objective that a target names: itself, else the first one of an entity, else the target as it is."""
        own = (line.id for line in self._lines() if target in {line.id, line.entity_key})
        return next(own, target)

    def select(self, key: str) -> None:
        """Mark the row of an objective, without a signal."""
        self._table.select(key)

    def walk(self, step: int) -> None:
        """Move along the objectives, with the keyboard on them."""
        self._table.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._table.walk(step)

    @property
    def most_urgent(self) -> str:
        """The objective that is worst off, the one with the least budget of several; empty for none."""
        ordered = sorted(self._lines(), key=lambda line: (-SEVERITY[line.mark], _or_whole(line.left.rank)))
        return ordered[0].id if ordered else ""

    @property
    def chosen(self) -> ObjectiveLine | None:
        """The objective that is selected."""
        return next((line for line in self._lines() if line.id == self._table.selected_id), None)

    def open_selected(self) -> None:
        """Open the entity of the objective that is selected."""
        self._open(self._table.selected_id)

    def _build(self) -> None:
        above = QWidget()
        column = QVBoxLayout(above)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self._table, 1)
        column.addWidget(self._summary)
        above.setMinimumHeight(_LEAST_LIST)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(PAGE_GAP)
        whole.addWidget(above, _LIST_SHARE)
        whole.addWidget(self.ledger, _LEDGER_SHARE)
        self.setFocusProxy(self._table)

    def _lines(self) -> tuple[ObjectiveLine, ...]:
        return self._state.lines if self._state is not None else ()

    def _choose(self, key: str) -> None:
        self.objective_chosen.emit(key)
        if self.chosen is not None:
            self.entity_chosen.emit(self.chosen.entity_key)

    def _open(self, key: str) -> None:
        line = next((line for line in self._lines() if line.id == key), None)
        if line is not None:
            self.entity_opened.emit(line.entity_key)

    def _sum_up(self) -> None:
        if self._state is None:
            return
        hidden = len(self._state.lines) - self._table.shown_count
        more = self.tr(" · hidden from you: {count} by the filter").format(count=hidden)
        self._summary.setText(self._state.summary + (more if hidden > 0 and not self._table.is_arranging else ""))


def _or_whole(share: float) -> float:
    return 1.0 if math.isnan(share) else share

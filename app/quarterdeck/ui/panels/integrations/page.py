"""The panel's page: the table of the chosen view, and below it how many there are and what is hidden."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from quarterdeck.ui.panels.integrations.models import (
    SPARK_KEY,
    expiry_columns,
    expiry_data,
    integration_columns,
    integration_data,
    selected_lines,
)
from quarterdeck.ui.panels.integrations.state import (
    Arrangement,
    ExpiryLine,
    ExpiryState,
    IntegrationsState,
    Selection,
)
from quarterdeck.ui.tasks.verbs import Background
from quarterdeck.ui.theme.measures import PAGE_GAP
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.theme.tokens import Tone
from quarterdeck.ui.widgets.column_table import ColumnTable
from quarterdeck.ui.widgets.text import PlainLabel

_ALL_THERE_IS = 1000


class IntegrationsPage(QWidget):
    """`entity_chosen` carries the key of an entity that a person moved to, `entity_opened` of one to open."""

    entity_chosen = Signal(str)
    entity_opened = Signal(str)

    def __init__(self, theme: Theme, background_for: Callable[[QObject], Background] | None = None) -> None:
        super().__init__()
        self._background_for = background_for
        self._list: IntegrationsState | None = None
        self._expiries: ExpiryState | None = None
        self._selection = Selection.ALL
        self._words = ""
        self._entity_key = ""
        self._theme = theme
        self._tables: dict[Arrangement, ColumnTable] = {}
        self._column = QVBoxLayout(self)
        self._summary = PlainLabel(theme, tone=Tone.TERTIARY, wraps=True)
        self._arrangement = Arrangement.DOMAIN
        self._build()

    @property
    def arrangement(self) -> Arrangement:
        """The view that is shown."""
        return self._arrangement

    def show_integrations(self, state: IntegrationsState) -> None:
        """Show these integrations; nothing is touched when they are what is shown."""
        before, self._list = self._list, state
        for arrangement, table in self._tables.items():
            if arrangement is not Arrangement.EXPIRY:
                table.retitle(SPARK_KEY, state.span)
        if before is None or before.lines != state.lines:
            self._fill()
        self._sum_up()

    def show_expiries(self, state: ExpiryState) -> None:
        """Show these certificates; nothing is touched when they are what is shown."""
        before, self._expiries = self._expiries, state
        if before is None or before.lines != state.lines:
            self._table(Arrangement.EXPIRY).set_data(expiry_data(state.lines))
        self._sum_up()

    def forget(self) -> None:
        """Show the next state whole, whatever was shown before."""
        self._list = self._expiries = None

    def arrange(self, arrangement: Arrangement) -> None:
        """Show another view, with the same entity selected, and the keyboard still in the table if it was there."""
        left, shown = self._tables[self._arrangement], self._table(arrangement)
        self._arrangement = arrangement
        self.setFocusProxy(shown)
        shown.setVisible(True)
        if shown is not left:
            focused = QApplication.focusWidget()
            if focused is not None and left.isAncestorOf(focused):
                shown.setFocus(Qt.FocusReason.OtherFocusReason)
            left.setVisible(False)
        shown.set_filter(self._words)
        if arrangement is not Arrangement.EXPIRY and self._list is not None:
            self._fill()
        self.select(self._entity_key)
        self._sum_up()

    def narrow(self, selection: Selection, words: str) -> None:
        """Show only integrations of a selection, and rows that hold some words."""
        is_other_selection, self._selection = selection is not self._selection, selection
        if words != self._words:
            self._words = words
            self._tables[self._arrangement].set_filter(words)
        if is_other_selection and self._list is not None:
            self._fill()
        self._sum_up()

    def select(self, entity_key: str) -> bool:
        """Mark an entity's row, without a signal; whether it has one in sight."""
        self._entity_key = entity_key
        row_id = entity_key
        if self._arrangement is Arrangement.EXPIRY:
            row_id = next((line.id for line in self._certificates() if line.entity_key == entity_key), "")
        table = self._tables[self._arrangement]
        if table.selected_id != row_id:
            table.select(row_id)
        return bool(row_id) and table.selected_id == row_id

    def has_integration(self, entity_key: str) -> bool:
        """Whether an integration is in the list, in sight or not."""
        return self._list is not None and any(line.entity_key == entity_key for line in self._list.lines)

    def walk(self, step: int) -> None:
        """Move along the rows, with the keyboard on them."""
        self._tables[self._arrangement].setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._tables[self._arrangement].walk(step)

    def open_selected(self) -> None:
        """Open the entity of the selected row."""
        self._open(self._tables[self._arrangement].selected_id)

    def _build(self) -> None:
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(PAGE_GAP)
        self._column.addWidget(self._summary)
        self._column.addStretch(1)
        shown = self._table(self._arrangement)
        shown.show()
        self.setFocusProxy(shown)

    def _table(self, arrangement: Arrangement) -> ColumnTable:
        """The table of a view, made when it is first needed: all three at once would be felt."""
        if arrangement not in self._tables:
            columns = expiry_columns() if arrangement is Arrangement.EXPIRY else integration_columns(arrangement)
            table = ColumnTable(
                self._theme,
                columns,
                accessible_name=self._name(arrangement),
                hugs_rows=True,
                background_for=self._background_for,
            )
            table.hide()
            if self._list is not None and arrangement is not Arrangement.EXPIRY:
                table.retitle(SPARK_KEY, self._list.span)
            table.row_selected.connect(self._choose)
            table.row_activated.connect(self._open)
            table.rows_arranged.connect(self._sum_up)
            self._column.insertWidget(len(self._tables), table, _ALL_THERE_IS)
            self._tables[arrangement] = table
        return self._tables[arrangement]

    def _name(self, arrangement: Arrangement) -> str:
        names = {
            Arrangement.DOMAIN: self.tr("Integrations by domain"),
            Arrangement.PARTNER: self.tr("Integrations by partner"),
            Arrangement.EXPIRY: self.tr("Certificates by the day they end"),
        }
        return names[arrangement]

    def _fill(self) -> None:
        if self._list is not None and self._arrangement is not Arrangement.EXPIRY:
            lines = selected_lines(self._list.lines, self._selection)
            self._tables[self._arrangement].set_data(integration_data(lines, self._arrangement))

    def _sum_up(self) -> None:
        if self._arrangement is Arrangement.EXPIRY:
            summary = self._expiries.summary if self._expiries else ""
            total = len(self._certificates())
        else:
            summary = self._list.summary if self._list else ""
            total = len(self._list.lines) if self._list else 0
        table = self._tables[self._arrangement]
        hidden = total - table.shown_count
        if hidden > 0 and not table.is_arranging:
            summary += self.tr(" · hidden from you: {count} by the filter").format(count=hidden)
        self._summary.setText(summary)

    def _certificates(self) -> tuple[ExpiryLine, ...]:
        return self._expiries.lines if self._expiries is not None else ()

    def _entity_of(self, row_id: str) -> str:
        if self._arrangement is not Arrangement.EXPIRY:
            return row_id
        return next((line.entity_key for line in self._certificates() if line.id == row_id), "")

    def _choose(self, row_id: str) -> None:
        self._entity_key = self._entity_of(row_id)
        if self._entity_key:
            self.entity_chosen.emit(self._entity_key)

    def _open(self, row_id: str) -> None:
        entity_key = self._entity_of(row_id)
        if entity_key:
            self.entity_opened.emit(entity_key)

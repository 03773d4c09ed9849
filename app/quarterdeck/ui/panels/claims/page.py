"""The panel's page: the partners above, the log below them, and what the chosen entry says in sentences."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from quarterdeck.ui.panels.claims.models import entry_columns, entry_data, partner_columns, partner_data
from quarterdeck.ui.panels.claims.state import ClaimsState, EntryLine
from quarterdeck.ui.theme.measures import PAGE_GAP
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.theme.tokens import Tone
from quarterdeck.ui.widgets.cards import section_heading
from quarterdeck.ui.widgets.column_table import ColumnTable
from quarterdeck.ui.widgets.text import PlainLabel

_ALL_THERE_IS = 1000


class ClaimsPage(QWidget):
    """`entity_chosen` carries the key of an entity that a person moved to, `entity_opened` of one to open."""

    entity_chosen = Signal(str)
    entity_opened = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._state: ClaimsState | None = None
        self._partners = ColumnTable(
            theme, partner_columns(), accessible_name=self.tr("Partners and how their claims held"), hugs_rows=True
        )
        self._log = ColumnTable(theme, entry_columns(), accessible_name=self.tr("Log of disagreements"), hugs_rows=True)
        self._detail = PlainLabel(theme, tone=Tone.SECONDARY, wraps=True)
        self._summary = PlainLabel(theme, tone=Tone.TERTIARY, wraps=True)
        self._heading = section_heading(theme, self.tr("Where claim and measurement differ"))
        self._build()
        self._partners.row_selected.connect(self.entity_chosen)
        self._partners.row_activated.connect(self.entity_opened)
        self._log.row_selected.connect(self._choose)
        self._log.row_activated.connect(self._open)
        self._log.rows_arranged.connect(self._sum_up)

    def show_state(self, state: ClaimsState) -> None:
        """Show this moment; nothing is touched when it is what is shown."""
        before, self._state = self._state, state
        if before is None or before.partners != state.partners:
            self._partners.set_data(partner_data(state.partners))
        if before is None or before.entries != state.entries:
            self._log.set_data(entry_data(state.entries))
        self._sum_up()
        self._tell()

    def forget(self) -> None:
        """Show the next state whole, whatever was shown before."""
        self._state = None

    def narrow(self, words: str) -> None:
        """Show only rows that hold some words."""
        self._log.set_filter(words)
        self._sum_up()

    def select(self, entity_key: str) -> None:
        """Mark the row of an entity, without a signal: that of the partner, and the newest entry about it."""
        self._partners.select(entity_key)
        entry = self._entry(self._log.selected_id)
        if entry is None or entry.subject_key != entity_key:
            self._log.select(next((one.id for one in self._entries() if one.subject_key == entity_key), ""))
        self._tell()

    def walk(self, step: int) -> None:
        """Move along the log, with the keyboard on it."""
        self._log.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._log.walk(step)

    def open_selected(self) -> None:
        """Open the entity of the selected entry."""
        self._open(self._log.selected_id)

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(PAGE_GAP)
        column.addWidget(self._partners)
        column.addWidget(self._heading)
        column.addWidget(self._log, _ALL_THERE_IS)
        column.addWidget(self._detail)
        column.addWidget(self._summary)
        column.addStretch(1)
        self.setFocusProxy(self._log)

    def _entries(self) -> tuple[EntryLine, ...]:
        return self._state.entries if self._state is not None else ()

    def _entry(self, entry_id: str) -> EntryLine | None:
        return next((one for one in self._entries() if one.id == entry_id), None)

    def _choose(self, entry_id: str) -> None:
        self._tell()
        entry = self._entry(entry_id)
        if entry is not None:
            self.entity_chosen.emit(entry.subject_key)

    def _open(self, entry_id: str) -> None:
        entry = self._entry(entry_id)
        if entry is not None:
            self.entity_opened.emit(entry.subject_key)

    def _tell(self) -> None:
        entry = self._entry(self._log.selected_id)
        self._detail.setText(entry.detail if entry else "")
        self._detail.setVisible(entry is not None)

    def _sum_up(self) -> None:
        if self._state is None:
            return
        has_entries = bool(self._state.entries)
        self._heading.setVisible(has_entries)
        self._log.setVisible(has_entries)
        hidden = len(self._state.entries) - self._log.shown_count
        more = self.tr(" · hidden from you: {count} by the filter").format(count=hidden)
        self._summary.setText(self._state.summary + (more if hidden > 0 and not self._log.is_arranging else ""))

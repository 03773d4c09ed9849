"""The panel's page: the map or a table, and below it what there is and what is hidden."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QApplication, QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from quarterdeck.ui.panels.relationships.drawing import is_selected
from quarterdeck.ui.panels.relationships.drift_state import DriftState
from quarterdeck.ui.panels.relationships.drift_table import drift_data, drift_specs
from quarterdeck.ui.panels.relationships.map_page import MapPage
from quarterdeck.ui.panels.relationships.pattern_state import PatternsState
from quarterdeck.ui.panels.relationships.pattern_table import pattern_data, pattern_specs
from quarterdeck.ui.panels.relationships.state import Arrangement, RelationshipsState, Selection, TableFile
from quarterdeck.ui.panels.relationships.tables import (
    entity_data,
    entity_specs,
    relation_data,
    relation_specs,
    table_file,
)
from quarterdeck.ui.tasks.verbs import Background
from quarterdeck.ui.theme.measures import PAGE_GAP, PAGE_PADDING
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.theme.tokens import Tone
from quarterdeck.ui.widgets.column_table import ColumnTable
from quarterdeck.ui.widgets.text import ElidedLabel


class RelationshipsPage(QWidget):
    """`entity_chosen` carries the key of an entity that a person moved to, `entity_opened` of one to open.

    `relation_listed` carries the two entity keys of a relation that a person moved to in the table.
    """

    entity_chosen = Signal(str)
    entity_opened = Signal(str)
    relation_listed = Signal(str, str)

    def __init__(self, theme: Theme, background_for: Callable[[QObject], Background] | None = None) -> None:
        super().__init__()
        self._theme = theme
        self._background_for = background_for
        self._state: RelationshipsState | None = None
        self._patterns = PatternsState()
        self._drift = DriftState()
        self._words = ""
        self._selection = Selection.ALL
        self._entity_key = ""
        self._arrangement = Arrangement.MAP
        self.map = MapPage(theme)
        self._tables: dict[Arrangement, ColumnTable] = {}
        self._pages: dict[Arrangement, QWidget] = {}
        self._summary = ElidedLabel(theme, tone=Tone.TERTIARY)
        self._stack = QStackedLayout()
        self._build()

    def show_reading(self, reading: PatternsState | DriftState) -> None:
        """Show how everything stands to its patterns, or what is not both declared and seen."""
        if isinstance(reading, DriftState):
            self._drift = reading
        else:
            self._patterns = reading
        if self._arrangement in {Arrangement.PATTERNS, Arrangement.DRIFT}:
            self._fill()
            self.select(self._entity_key)

    @property
    def arrangement(self) -> Arrangement:
        """The view that is shown."""
        return self._arrangement

    def show_state(self, state: RelationshipsState) -> None:
        """Show another moment, or another part of it."""
        self._state = state
        self.map.show_state(state)
        self._fill()

    def forget(self) -> None:
        """Show the next state whole, whatever was shown before."""
        self._state = None

    def arrange(self, arrangement: Arrangement) -> None:
        """Show another view, with the same entity selected, and the keyboard in it if it was in the one before."""
        if arrangement is self._arrangement:
            return
        left = self._stack.currentWidget()
        self._arrangement = arrangement
        is_map = arrangement is Arrangement.MAP
        shown: QWidget = self.map if is_map else self._table(arrangement)
        focused = QApplication.focusWidget()
        had_focus = focused is not None and left is not None and left.isAncestorOf(focused)
        self._stack.setCurrentWidget(self.map if is_map else self._pages[arrangement])
        self.map.bar.setVisible(is_map)
        self.setFocusProxy(shown)
        if had_focus:
            shown.setFocus(Qt.FocusReason.OtherFocusReason)
        self._fill()
        self.select(self._entity_key)

    def narrow(self, words: str, selection: Selection) -> None:
        """Mean only what holds some words and is in some states."""
        self._words, self._selection = words, selection
        self._fill()

    def select(self, entity_key: str) -> bool:
        """Mark an entity, without a signal; whether it is in sight."""
        self._entity_key = entity_key
        is_on_map = self.map.select(entity_key)
        if self._arrangement is Arrangement.MAP:
            return is_on_map
        if self._arrangement in {Arrangement.RELATIONS, Arrangement.DRIFT}:
            return True
        table = self._table(self._arrangement)
        if table.selected_id != entity_key:
            table.select(entity_key)
        is_told = bool(entity_key) and table.selected_id == entity_key
        return is_told or self._arrangement is Arrangement.PATTERNS

    def holds(self, entity_key: str) -> bool:
        """Whether an entity is in the estate of the moment, in sight or not."""
        return self._state is not None and entity_key in self._state.entities.ids

    def walk(self, step: int) -> None:
        """To the next node or row, or the one before, with the keyboard on it."""
        if self._arrangement is Arrangement.MAP:
            self.map.view.setFocus(Qt.FocusReason.ShortcutFocusReason)
            self.map.walk.walk(step)
        else:
            self._table(self._arrangement).setFocus(Qt.FocusReason.ShortcutFocusReason)
            self._table(self._arrangement).walk(step)

    def open_current(self) -> None:
        """Open what the keyboard is on."""
        if self._arrangement is Arrangement.MAP:
            self.map.open_current()
        elif self._arrangement is not Arrangement.RELATIONS and (key := self._table(self._arrangement).selected_id):
            self._open(key)

    def table_file(self) -> TableFile | None:
        """The table in view for other programs; None without a row, and for the map."""
        if self._arrangement in {Arrangement.PATTERNS, Arrangement.DRIFT}:
            reading = self._patterns if self._arrangement is Arrangement.PATTERNS else self._drift
            return TableFile(reading.name, reading.write) if reading.write and reading.columns.ids else None
        state = None if self._arrangement is Arrangement.MAP else self._state
        if state is None or not self._table(self._arrangement).shown_count:
            return None
        return table_file(self._table(self._arrangement).model, state, self._arrangement)

    def _build(self) -> None:
        self._stack.addWidget(self.map)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(self._stack, 1)
        foot = QHBoxLayout()
        foot.setSpacing(PAGE_GAP)
        foot.setContentsMargins(PAGE_PADDING, 0, PAGE_PADDING, PAGE_PADDING - 4)
        foot.addWidget(self._summary, 1)
        foot.addWidget(self.map.bar)
        column.addLayout(foot)
        self.setFocusProxy(self.map)
        self.map.entity_chosen.connect(self._choose)
        self.map.entity_opened.connect(self.entity_opened)

    def _table(self, arrangement: Arrangement) -> ColumnTable:
        """The table of a view, made when it is first needed."""
        if arrangement not in self._tables:
            specs, title = {
                Arrangement.TABLE: (entity_specs, self.tr("Entities")),
                Arrangement.RELATIONS: (relation_specs, self.tr("Relations")),
                Arrangement.PATTERNS: (pattern_specs, self.tr("Patterns")),
                Arrangement.DRIFT: (drift_specs, self.tr("Drift")),
            }[arrangement]
            table = ColumnTable(self._theme, specs(), accessible_name=title, background_for=self._background_for)
            if arrangement is Arrangement.RELATIONS:
                table.row_selected.connect(self._list)
            else:
                table.row_selected.connect(self._choose)
                table.row_activated.connect(self._open)
            table.rows_arranged.connect(self._sum_up)
            self._tables[arrangement], self._pages[arrangement] = table, _padded(table)
            self._stack.addWidget(self._pages[arrangement])
        return self._tables[arrangement]

    def _fill(self) -> None:
        state = self._state
        if state is None:
            return
        self.map.narrow(self._words, self._selection, state.answer)
        if self._arrangement is Arrangement.TABLE:
            data = entity_data(state.entities, self._selection, state.answer)
        elif self._arrangement is Arrangement.RELATIONS:
            data = relation_data(state.relations, state.entities, self._selection, state.answer)
        elif self._arrangement is Arrangement.PATTERNS:
            data = pattern_data(self._patterns.columns, self._meant(state))
        elif self._arrangement is Arrangement.DRIFT:
            data = drift_data(self._drift.columns)
        else:
            self._sum_up()
            return
        table = self._table(self._arrangement)
        table.set_filter(self._words)
        table.set_data(data)
        self._sum_up()

    def _sum_up(self) -> None:
        if self._state is None:
            return
        own = {Arrangement.PATTERNS: self._patterns.summary, Arrangement.DRIFT: self._drift.summary}
        summary = own.get(self._arrangement, self._state.summary)
        hidden = self._hidden_count(self._state)
        if hidden > 0:
            text = self.tr("faint on the map: {count}")
            if self._arrangement is not Arrangement.MAP:
                text = self.tr("hidden from you: {count} by the filter")
            summary = f"{text.format(count=hidden)} · {summary}"
        self._summary.setText(summary)

    def _hidden_count(self, state: RelationshipsState) -> int:
        if self._arrangement is Arrangement.MAP:
            return int(self.map.view.sight.drawing.faint_nodes.sum())
        table = self._table(self._arrangement)
        rows = {
            Arrangement.TABLE: state.entities.ids,
            Arrangement.RELATIONS: state.relations.ids,
            Arrangement.PATTERNS: self._patterns.columns.ids,
            Arrangement.DRIFT: self._drift.columns.ids,
        }[self._arrangement]
        return 0 if table.is_arranging else len(rows) - table.shown_count

    def _meant(self, state: RelationshipsState) -> set[str]:
        """The keys of the entities really in one of the states that are meant."""
        return {key for key, health in state.real_states.items() if is_selected(health, self._selection)}

    def _list(self, relation_key: str) -> None:
        if self._state is not None:
            relations = self._state.relations
            self.relation_listed.emit(*relations.ends[relations.ids.index(relation_key)])

    def _choose(self, row_key: str) -> None:
        self._entity_key = self._entity_of(row_key)
        self.entity_chosen.emit(self._entity_key)

    def _open(self, row_key: str) -> None:
        self.entity_opened.emit(self._entity_of(row_key))

    def _entity_of(self, row_key: str) -> str:
        """The entity of a row: its key, but in the drift, where rows are relations as well."""
        return self._drift.entity_of(row_key) if self._arrangement is Arrangement.DRIFT else row_key


def _padded(table: QWidget) -> QWidget:
    """A table with the padding of a page around it; the map goes to the edge."""
    page = QWidget()
    column = QVBoxLayout(page)
    column.setContentsMargins(PAGE_PADDING, PAGE_PADDING, PAGE_PADDING, 0)
    column.addWidget(table)
    return page

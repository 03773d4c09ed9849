"""The panel's page: the table of the chosen view, above it what is shown of all, below it how many there are."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import QObject, QPoint, Qt, Signal
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from quarterdeck.ui.panels.integrations.models import SPARK_KEY, day_grid, integration_data, words
from quarterdeck.ui.panels.integrations.narrowing import Narrowing, kept_lines, narrowing_words
from quarterdeck.ui.panels.integrations.narrowing_line import NarrowingLine
from quarterdeck.ui.panels.integrations.selection_bar import Deed, Locked, SelectionBar
from quarterdeck.ui.panels.integrations.state import (
    LISTS,
    Arrangement,
    CalendarState,
    ExpiryState,
    IntegrationLine,
    IntegrationsState,
    Stretch,
)
from quarterdeck.ui.panels.integrations.tables import TableSet
from quarterdeck.ui.tasks.verbs import Background
from quarterdeck.ui.theme.measures import PAGE_GAP
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.theme.tokens import Tone
from quarterdeck.ui.widgets.column_table import ColumnTable
from quarterdeck.ui.widgets.day_grid import DayMark
from quarterdeck.ui.widgets.text import PlainLabel

_ALL_THERE_IS = 1000


class IntegrationsPage(QWidget):
    """`entity_chosen` carries the key of an entity that a person moved to, `entity_opened` of one to open.

    `deed_requested` carries a Deed and the lines it is for, `plan_requested` the keys of what maintenance is to be
    planned of; `clear_requested` comes when all is to be shown again.
    """

    entity_chosen = Signal(str)
    entity_opened = Signal(str)
    deed_requested = Signal(object, object)
    plan_requested = Signal(object)
    clear_requested = Signal()

    def __init__(self, theme: Theme, background_for: Callable[[QObject], Background] | None = None) -> None:
        super().__init__()
        self._list: IntegrationsState | None = None
        self._narrowing, self._states_words = Narrowing(), ""
        self._stretch = Stretch.WEEK
        self._folded: dict[Arrangement, frozenset[str]] = {}
        self._entity_key = ""
        self._locked = Locked()
        self._tables = TableSet(theme, background_for)
        self._column = QVBoxLayout(self)
        self._shown_words = NarrowingLine(theme)
        self._bar = SelectionBar(theme)
        self._grid = day_grid(theme)
        self._days: dict[date, str] = {}
        self._summary = PlainLabel(theme, tone=Tone.TERTIARY, wraps=True)
        self._arrangement = Arrangement.DOMAIN
        self._build()

    @property
    def arrangement(self) -> Arrangement:
        """The view that is shown."""
        return self._arrangement

    def show_state(self, state: IntegrationsState | ExpiryState | CalendarState) -> None:
        """Show this; nothing is touched when it is what is shown."""
        if isinstance(state, IntegrationsState):
            before, self._list = self._list, state
            for arrangement in LISTS & self._tables.made:
                self._tables.of(arrangement).retitle(SPARK_KEY, state.span)
            if before is None or before.lines != state.lines:
                self._fill()
        else:
            self._tables.keep(state)
            if isinstance(state, CalendarState):
                self._days = {day.day: day.row_id for day in state.days}
                self._grid.set_days(tuple(DayMark(one.day, one.state, one.words) for one in state.days), state.today)
            if self._arrangement not in LISTS:
                self._fill()
        self._sum_up()

    def forget(self) -> None:
        """Show the next state whole, whatever was shown before."""
        self._list = None
        self._tables.forget()

    def arrange(self, arrangement: Arrangement, stretch: Stretch) -> None:
        """Show another view, with the same entity selected, and the keyboard still in the table if it was there."""
        left, shown = self._tables.of(self._arrangement), self._table(arrangement)
        self._arrangement, self._stretch = arrangement, stretch
        self.setFocusProxy(shown)
        shown.setVisible(True)
        self._grid.setVisible(arrangement is Arrangement.CALENDAR)
        if shown is not left:
            focused = QApplication.focusWidget()
            if focused is not None and left.isAncestorOf(focused):
                shown.setFocus(Qt.FocusReason.OtherFocusReason)
            left.setVisible(False)
        shown.set_filter(self._narrowing.words)
        self._fill()
        self.select(self._entity_key)
        self._sum_up()

    def narrow(self, narrowing: Narrowing, states_words: str) -> None:
        """Show only integrations that filters leave, and rows that hold some words."""
        before, self._narrowing, self._states_words = self._narrowing, narrowing, states_words
        if before.words != narrowing.words:
            self._tables.of(self._arrangement).set_filter(narrowing.words)
        others = (before.selection, before.picks, bool(before.words))
        if others != (narrowing.selection, narrowing.picks, bool(narrowing.words)):
            self._fill()
        self._sum_up()

    def lock(self, reason: str) -> None:
        """Let nothing be written, and say why; an empty reason allows it again."""
        self._locked = Locked(frozenset({Deed.PLAN}) if reason else frozenset(), reason)
        self._count_selected()

    def select(self, entity_key: str) -> bool:
        """Mark an entity's row, without a signal; whether it has one in sight."""
        self._entity_key = entity_key
        row_id = self._tables.row_of(self._arrangement, entity_key)
        table = self._tables.of(self._arrangement)
        if table.selected_id != row_id:
            table.select(row_id)
        return bool(row_id) and table.selected_id == row_id

    def reach(self, entity_key: str) -> bool:
        """Bring an integration into view, out of a group that is folded too; whether it is in sight then."""
        if not self.select(entity_key) and self._folds():
            self._folded.pop(self._arrangement, None)
            self._fill()
        return self.select(entity_key)

    def has_integration(self, entity_key: str) -> bool:
        """Whether an integration is in the list, in sight or not."""
        return self._list is not None and any(line.entity_key == entity_key for line in self._list.lines)

    def walk(self, step: int) -> None:
        """Move along the rows, with the keyboard on them."""
        self._tables.of(self._arrangement).setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._tables.of(self._arrangement).walk(step)

    def do(self, deed: Deed) -> None:
        """Do something to what is selected, or to the groups."""
        if deed is Deed.OPEN:
            self._open(self._tables.of(self._arrangement).selected_id)
        elif deed is Deed.FOLD:
            titles = self._tables.titles(self._arrangement)
            self._folded[self._arrangement] = frozenset() if self._folds() else titles
            self._fill()
        elif deed is Deed.PLAN and not self._locked.deeds:
            self.plan_requested.emit(self._selected_keys())
        elif deed is not Deed.PLAN:
            self.deed_requested.emit(deed, self._selected_lines())

    def _build(self) -> None:
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(PAGE_GAP)
        for widget in (self._shown_words, self._bar, self._grid, self._summary):
            self._column.addWidget(widget)
        self._column.addStretch(1)
        self._shown_words.clear_requested.connect(self.clear_requested)
        self._bar.deed_requested.connect(self.do)
        self._grid.day_chosen.connect(self._choose_day)
        self._grid.hide()
        shown = self._table(self._arrangement)
        shown.show()
        self.setFocusProxy(shown)

    def _table(self, arrangement: Arrangement) -> ColumnTable:
        is_new = arrangement not in self._tables.made
        table = self._tables.of(arrangement)
        if is_new:
            table.hide()
            if self._list is not None and arrangement in LISTS:
                table.retitle(SPARK_KEY, self._list.span)
            table.row_selected.connect(self._choose)
            table.row_activated.connect(self._open)
            table.rows_arranged.connect(self._sum_up)
            table.rows_chosen.connect(self._count_selected)
            table.group_pressed.connect(self._toggle)
            table.menu_requested.connect(self._open_menu)
            self._column.insertWidget(self._column.indexOf(self._summary), table, _ALL_THERE_IS)
        return table

    def _folds(self) -> frozenset[str]:
        """The groups that are folded; none while words are searched for, for what they find must be seen."""
        return frozenset() if self._narrowing.words else self._folded.get(self._arrangement, frozenset())

    def _fill(self) -> None:
        if self._arrangement not in LISTS:
            self._tables.show_ending(self._arrangement, self._stretch, self._folds())
        elif self._list is not None:
            lines = kept_lines(self._list.lines, self._narrowing)
            data = integration_data(lines, self._arrangement, self._folds())
            self._tables.fill(self._arrangement, data)
        self._count_selected()

    def _toggle(self, title: str) -> None:
        folded = self._folded.get(self._arrangement, frozenset[str]())
        self._folded[self._arrangement] = folded ^ {title}
        self._fill()

    def _sum_up(self) -> None:
        table = self._tables.of(self._arrangement)
        summary, total = self._tables.summary(self._arrangement)
        left = total
        if self._arrangement in LISTS:
            summary = self._list.summary if self._list else ""
            total = len(self._list.lines) if self._list else 0
            left = len(kept_lines(self._list.lines, self._narrowing)) if self._list else 0
        hidden = total - (table.shown_count if self._narrowing.words else left)
        if hidden > 0 and not table.is_arranging:
            summary += self.tr(" · hidden from you: {count} by the filter").format(count=hidden)
        self._summary.setText(summary)
        is_list = self._arrangement in LISTS
        self._shown_words.show_words(narrowing_words(self._narrowing, self._states_words, words) if is_list else "")

    def _count_selected(self) -> None:
        count = len(self._tables.of(self._arrangement).selected_ids) if self._arrangement in LISTS else 0
        self._bar.show_count(count, self._locked)

    def _selected_lines(self) -> tuple[IntegrationLine, ...]:
        by_key = {line.entity_key: line for line in self._list.lines} if self._list is not None else {}
        return tuple(by_key[key] for key in self._selected_keys() if key in by_key)

    def _selected_keys(self) -> tuple[str, ...]:
        """The entities that the selected rows are about, each once."""
        ids = self._tables.of(self._arrangement).selected_ids
        return tuple(dict.fromkeys(self._tables.entity_of(self._arrangement, row_id) for row_id in ids))

    def _open_menu(self, place: QPoint) -> None:
        deeds = frozenset(Deed) if self._arrangement in LISTS else frozenset({Deed.OPEN, Deed.PLAN})
        count = len(self._tables.of(self._arrangement).selected_ids)
        self._bar.open_menu(place, count, self._locked, deeds)

    def _choose_day(self, day: object) -> None:
        """Go to the first thing that ends on a day, out of a stretch that is folded too."""
        row_id = self._days.get(day, "") if isinstance(day, date) else ""
        self._folded.pop(self._arrangement, None)
        self._fill()
        self._tables.of(self._arrangement).select(row_id)
        self._choose(row_id)

    def _choose(self, row_id: str) -> None:
        self._entity_key = self._tables.entity_of(self._arrangement, row_id)
        if self._entity_key:
            self.entity_chosen.emit(self._entity_key)

    def _open(self, row_id: str) -> None:
        entity_key = self._tables.entity_of(self._arrangement, row_id)
        if entity_key:
            self.entity_opened.emit(entity_key)

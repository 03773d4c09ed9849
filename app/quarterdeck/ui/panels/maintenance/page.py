"""The panel's page: the windows of the chosen view, and below them how many there are and what holds for all."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from quarterdeck.ui.panels.maintenance.models import shelved, window_columns, window_data
from quarterdeck.ui.panels.maintenance.state import BoardState, Shelf
from quarterdeck.ui.theme.measures import PAGE_GAP
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.theme.tokens import Tone
from quarterdeck.ui.widgets.column_table import ColumnTable
from quarterdeck.ui.widgets.text import PlainLabel

_ALL_THERE_IS = 1000


class MaintenancePage(QWidget):
    """`window_chosen` carries the id of a window that a person moved to, `window_opened` of one to open."""

    window_chosen = Signal(str)
    window_opened = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._state: BoardState | None = None
        self._shelf, self._words = Shelf.OPEN, ""
        self._table = ColumnTable(
            theme, window_columns(), accessible_name=self.tr("Maintenance windows"), hugs_rows=True
        )
        self._nothing = PlainLabel(theme, tone=Tone.SECONDARY, wraps=True)
        self._summary = PlainLabel(theme, tone=Tone.TERTIARY, wraps=True)
        self._locked = PlainLabel(theme, tone=Tone.SECONDARY, wraps=True)
        self._silence = PlainLabel(theme, tone=Tone.DEGRADED, wraps=True)
        self._table.row_selected.connect(self.window_chosen)
        self._table.row_activated.connect(self.window_opened)
        self._table.rows_arranged.connect(self._sum_up)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(PAGE_GAP)
        column.addWidget(self._locked)
        column.addWidget(self._silence)
        column.addWidget(self._table, _ALL_THERE_IS)
        column.addWidget(self._nothing)
        column.addWidget(self._summary)
        column.addStretch(1)
        self.setFocusProxy(self._table)

    @property
    def shown_ids(self) -> tuple[str, ...]:
        """The windows of the chosen view that hold the words searched for."""
        if self._state is None:
            return ()
        words = self._words.casefold().split()
        lines = shelved(self._state.lines, self._shelf)
        texts = {
            line.id: f"{line.status} {line.reason} {line.when} {line.repeats} {line.covers} {line.by}".casefold()
            for line in lines
        }
        return tuple(key for key, text in texts.items() if all(word in text for word in words))

    @property
    def selected_id(self) -> str:
        """The window of the selected row; empty for none."""
        return self._table.selected_id

    def show_state(self, state: BoardState) -> None:
        """Show these windows; nothing is touched when they are what is shown."""
        before, self._state = self._state, state
        if before is None or before.lines != state.lines:
            self._fill()
        for label, text in ((self._locked, state.locked), (self._silence, state.silence)):
            label.setText(f"▲ {text}" if label is self._silence else text)
            label.setVisible(bool(text))
        self._sum_up()

    def forget(self) -> None:
        """Show the next state whole, whatever was shown before."""
        self._state = None

    def narrow(self, shelf: Shelf, words: str) -> None:
        """Show another view, and only rows that hold some words."""
        is_other, self._shelf = shelf is not self._shelf, shelf
        if words != self._words:
            self._words = words
            self._table.set_filter(words)
        if is_other:
            self._fill()
        self._sum_up()

    def select(self, window_id: str) -> bool:
        """Mark a window's row, without a signal; whether it has one in sight."""
        self._table.select(window_id)
        return bool(window_id) and self._table.selected_id == window_id

    def walk(self, step: int) -> None:
        """Move along the rows, with the keyboard on them."""
        self._table.setFocus()
        self._table.walk(step)

    def _fill(self) -> None:
        if self._state is not None:
            self._table.set_data(window_data(shelved(self._state.lines, self._shelf)))

    def _sum_up(self) -> None:
        if self._state is None:
            return
        shown = self._table.shown_count
        hidden = len(shelved(self._state.lines, self._shelf)) - shown
        more = self.tr(" · hidden from you: {count} by the search").format(count=hidden) if hidden > 0 else ""
        self._summary.setText(self._state.summary + more)
        self._table.setVisible(shown > 0)
        self._nothing.setVisible(shown == 0)
        self._nothing.setText(self._nothing_words(is_searched=hidden > 0))

    def _nothing_words(self, *, is_searched: bool) -> str:
        if is_searched:
            return self.tr("No window holds these words. Escape in the search empties it.")
        return {
            Shelf.OPEN: self.tr("Nothing is under way or planned."),
            Shelf.PAST: self.tr("Nothing is over yet."),
            Shelf.ALL: self.tr("No window is recorded."),
        }[self._shelf]

"""The page of security, data or partners: one table for each, below it how many figures are not known."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from quarterdeck.services.posture import PostureView
from quarterdeck.ui.panels.compliance.posture_state import PostureLine, PostureState
from quarterdeck.ui.panels.compliance.posture_table import posture_columns, posture_data
from quarterdeck.ui.panels.compliance.state import PageMessage
from quarterdeck.ui.theme.measures import PAGE_GAP
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.theme.tokens import Tone
from quarterdeck.ui.widgets.column_table import ColumnTable
from quarterdeck.ui.widgets.segments import Segment, SegmentedControl, SegmentLook
from quarterdeck.ui.widgets.state_stack import Message, Offer, StateStack
from quarterdeck.ui.widgets.text import PlainLabel

_ALL_THERE_IS = 1000
_AGAIN = "again"


class PosturePage(QWidget):
    """`row_chosen` comes when a person moves to a row, `row_opened` when one is to be opened.

    `view_chosen` comes when another view is to be shown, `again` when it is to be tried again.
    """

    row_chosen = Signal(str)
    row_opened = Signal(str)
    view_chosen = Signal()
    again = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._state: PostureState | None = None
        self._words = ""
        self._tables: dict[tuple[str, ...], ColumnTable] = {}
        self._shown: ColumnTable | None = None
        self._views = SegmentedControl(
            theme,
            (
                Segment(PostureView.SECURITY, self.tr("Security")),
                Segment(PostureView.DATA, self.tr("Data")),
                Segment(PostureView.PARTNERS, self.tr("Partners")),
            ),
            accessible_name=self.tr("Posture of"),
            look=SegmentLook.TABS,
        )
        self._summary = PlainLabel(theme, tone=Tone.TERTIARY, wraps=True)
        self._content = QWidget()
        self._column = QVBoxLayout(self._content)
        self._stack = StateStack(theme, self._content)
        self._build()

    @property
    def view(self) -> PostureView:
        """The view that is chosen."""
        return PostureView(self._views.current)

    def turn_to(self, name: str) -> bool:
        """Choose a view by its name, without a signal; whether there is one."""
        is_view = name in set(PostureView)
        if is_view:
            self._views.set_current(name)
        return is_view

    def show_state(self, state: PostureState) -> None:
        """Show these rows; nothing is touched when they are what is shown."""
        before, self._state = self._state, state
        if before != state:
            table = self._table(state)
            table.set_data(posture_data(state))
            self._bring_forward(table)
            self._sum_up()
        self._stack.show_fresh()

    def show_nothing(self, message: PageMessage) -> None:
        """Say what would be here."""
        self._state = None
        self._stack.show_empty(Message(message.sentence, message.explanation))

    def show_loading(self) -> None:
        """Wait for data."""
        self._stack.show_loading()

    def show_failed(self, message: PageMessage) -> None:
        """Say what went wrong and offer to try again."""
        self._state = None
        self._stack.show_failed(Message(message.sentence, message.explanation, (Offer(_AGAIN, message.button),)))

    def show_old(self, since: str) -> None:
        """Keep what is shown, as old."""
        self._stack.show_stale(since)

    def narrow(self, words: str) -> None:
        """Show only rows that hold some words."""
        self._words = words
        if self._shown is not None:
            self._shown.set_filter(words)
        self._sum_up()

    def walk(self, step: int) -> None:
        """Move along the rows, with the keyboard on them."""
        if self._shown is not None:
            self._shown.setFocus(Qt.FocusReason.ShortcutFocusReason)
            self._shown.walk(step)

    def open_selected(self) -> None:
        """Open the selected row."""
        if self._shown is not None and self._shown.selected_id:
            self.row_opened.emit(self._shown.selected_id)

    def line(self, row_id: str) -> PostureLine | None:
        """The row of an id."""
        lines = self._state.lines if self._state is not None else ()
        return next((line for line in lines if line.id == row_id), None)

    def _build(self) -> None:
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(PAGE_GAP)
        self._column.addWidget(self._summary)
        self._column.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(PAGE_GAP)
        column.addWidget(self._views)
        column.addWidget(self._stack, 1)
        self._views.chosen.connect(self.view_chosen)
        self._stack.action_requested.connect(self.again)

    def _table(self, state: PostureState) -> ColumnTable:
        """The table of a view, made when it is first needed."""
        if state.shape not in self._tables:
            name = self.tr("{subject}: what is known").format(subject=state.subject)
            table = ColumnTable(self._theme, posture_columns(state), accessible_name=name, hugs_rows=True)
            table.hide()
            table.row_selected.connect(self.row_chosen)
            table.row_activated.connect(self.row_opened)
            table.rows_arranged.connect(self._sum_up)
            self._column.insertWidget(len(self._tables), table, _ALL_THERE_IS)
            self._tables[state.shape] = table
        return self._tables[state.shape]

    def _bring_forward(self, table: ColumnTable) -> None:
        before, self._shown = self._shown, table
        self.setFocusProxy(table)
        table.set_filter(self._words)
        table.show()
        if before is not None and before is not table:
            before.hide()

    def _sum_up(self) -> None:
        state, table = self._state, self._shown
        if state is None or table is None:
            return
        hidden = len(state.lines) - table.shown_count
        parts = [state.as_of, state.summary]
        if hidden > 0 and not table.is_arranging:
            parts.append(self.tr("hidden from you: {count} by the filter").format(count=hidden))
        self._summary.setText(" · ".join(part for part in parts if part))

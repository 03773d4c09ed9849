"""The page beside the charts that lists what moved in the range."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QShortcut
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget
from typing_extensions import override

from quarterdeck.services.compared_ranges import Against
from quarterdeck.ui.panels.performance.compare_words import against_words
from quarterdeck.ui.panels.performance.moved_words import MovedState
from quarterdeck.ui.theme.measures import PAGE_PADDING
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.theme.tokens import Tone
from quarterdeck.ui.theme.typography import FontRole
from quarterdeck.ui.widgets.choice_button import ChoiceButton
from quarterdeck.ui.widgets.column_table import ColumnTable
from quarterdeck.ui.widgets.columns import ColumnSpec, TableData, TextCells
from quarterdeck.ui.widgets.segments import Segment
from quarterdeck.ui.widgets.side_parts import SideHead, lay_out_side
from quarterdeck.ui.widgets.text import PlainLabel

_AGAINST = (Against.BEFORE, Against.DAY, Against.WEEK)
_CHANGE_WIDTH = 150
"""Two figures with their units on a line, and since when on the next."""


class MovedPage(QFrame):
    """`entity_chosen` carries the entity of the line that a person moved to, `entity_opened` of the one opened.

    `against_chosen` carries the Against that the range is to be compared with.
    """

    entity_chosen = Signal(str)
    entity_opened = Signal(str)
    against_chosen = Signal(object)
    closed = Signal()

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("kind", "bar")
        self._keys: dict[str, str] = {}
        self._compared = PlainLabel(theme, role=FontRole.SMALL, tone=Tone.SECONDARY, wraps=True)
        self._sentence = PlainLabel(theme, tone=Tone.SECONDARY, wraps=True)
        self._others = PlainLabel(theme, role=FontRole.SMALL, tone=Tone.SECONDARY, wraps=True)
        self._table = ColumnTable(theme, self._columns(), accessible_name=self.tr("What moved"), hugs_rows=True)
        choices = tuple(Segment(each.value, against_words(each, self.tr)) for each in _AGAINST)
        self._against = ChoiceButton(theme, choices, accessible_name=self.tr("Compared with"))
        self._against.chosen.connect(self._choose_against)
        head = SideHead(theme, self.tr("What moved"))
        head.close_button.clicked.connect(self.closed)
        self._table.row_selected.connect(self._choose)
        self._table.row_activated.connect(self._open)
        lay_out_side(self, [head, self._against, self._compared], self._body(), [])
        self.setFocusProxy(self._table)
        # The list takes letters for itself, and the panel's keys hold in the panel only.
        key = QShortcut(Qt.Key.Key_M, self, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
        key.activated.connect(self.closed)
        self.show_sentence(self.tr("Comparing…"))
        self.hide()

    def show_state(self, state: MovedState) -> None:
        """Show what moved, or that nothing did."""
        self._compared.setText(state.compared)
        self._sentence.setText(state.absence)
        self._others.setText(state.others)
        self._sentence.setVisible(bool(state.absence))
        self._others.setVisible(bool(state.others))
        self._table.setVisible(bool(state.lines))
        self._keys = {line.id: line.entity_key for line in state.lines}
        details = [line.detail for line in state.lines]
        columns = ([line.name for line in state.lines], [line.change for line in state.lines])
        self._table.set_data(
            TableData(
                ids=tuple(self._keys),
                cells=tuple(TextCells(column) for column in columns),
                tips=(details, details),
            )
        )

    def show_sentence(self, sentence: str) -> None:
        """Say something in place of the lines."""
        self.show_state(MovedState("", absence=sentence))

    def _choose_against(self, key: str) -> None:
        self.against_chosen.emit(Against(key))

    def _choose(self, row_id: str) -> None:
        self.entity_chosen.emit(self._keys.get(row_id, ""))

    def _open(self, row_id: str) -> None:
        self.entity_opened.emit(self._keys.get(row_id, ""))

    def _columns(self) -> tuple[ColumnSpec, ...]:
        return (
            ColumnSpec("name", self.tr("Figure"), stretch=1, wraps=True, is_sortable=False),
            ColumnSpec("change", self.tr("Change"), width=_CHANGE_WIDTH, wraps=True, is_sortable=False),
        )

    def _body(self) -> QWidget:
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, PAGE_PADDING, 14)
        column.setSpacing(8)
        column.addWidget(self._sentence)
        column.addWidget(self._table, 100)
        column.addWidget(self._others)
        column.addStretch(1)
        return body

    @override
    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)

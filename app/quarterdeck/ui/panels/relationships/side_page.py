"""What stands beside the map in the inspector's place: the answer to an inquiry, or the facts of a relation."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout
from typing_extensions import override

from quarterdeck.domain.health import HealthState
from quarterdeck.ui.panels.relationships.state import Answer, MapEdge, MapNode
from quarterdeck.ui.panels.relationships.what_if_banner import paint_frame
from quarterdeck.ui.theme.measures import PAGE_PADDING
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.theme.tokens import Tone
from quarterdeck.ui.theme.typography import FontRole
from quarterdeck.ui.widgets.buttons import Button, ButtonKind
from quarterdeck.ui.widgets.cards import Fact, FactList
from quarterdeck.ui.widgets.column_table import ColumnTable
from quarterdeck.ui.widgets.columns import NO_ROWS, ColumnSpec, StateCells, TableData, TextCells
from quarterdeck.ui.widgets.state_marks import StateMark
from quarterdeck.ui.widgets.text import PlainLabel, safe_line

_CLOSE_SIZE = 26
_TITLE_TOP = 3
_SPECS = (
    ColumnSpec("state"),
    ColumnSpec("name", is_strong=True, stretch=1, cut_in_middle=True),
    ColumnSpec("note", tone=Tone.TERTIARY, is_right=True),
)


class SidePage(QFrame):
    """`entity_chosen` carries the key of an entity in the answer or at an end of the relation; `closed` ends it."""

    entity_chosen = Signal(str)
    closed = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setProperty("kind", "bar")
        self._theme = theme
        self._mark = StateMark(theme, HealthState.UNKNOWN)
        self._title = PlainLabel(theme, role=FontRole.PANEL, wraps=True)
        self._assumed = PlainLabel(theme, self.tr("Assumed, not real"), role=FontRole.STRONG, tone=Tone.ACCENT)
        self._is_assumed = False
        self._close = Button(theme, "", kind=ButtonKind.QUIET, icon="x")
        self._sentences = PlainLabel(theme, wraps=True, tone=Tone.SECONDARY, is_copyable=True)
        self._facts = FactList(theme)
        self._table = ColumnTable(
            theme, _SPECS, accessible_name=self.tr("What was found"), has_header=False, hugs_rows=True
        )
        self._ends = (Button(theme, "", kind=ButtonKind.LINK), Button(theme, "", kind=ButtonKind.LINK))
        self._end_keys = ("", "")
        self._table.row_selected.connect(self.entity_chosen)
        self._close.clicked.connect(self.closed)
        self._build()

    def mark_assumed(self, *, is_assumed: bool) -> None:
        """Mark all of it as starting from what is assumed, or as what is; before it is shown."""
        self._is_assumed = is_assumed
        self._assumed.setVisible(is_assumed)
        self.update()

    def show_answer(self, answer: Answer) -> None:
        """Show what an inquiry found."""
        self._show_head(answer.title, answer.state)
        self._sentences.setText("\n".join(answer.sentences))
        self._sentences.show()
        self._facts.set_facts(tuple(Fact(label, value) for label, value in answer.facts))
        self._table.setVisible(bool(answer.lines))
        self._table.set_data(_table(answer) if answer.lines else NO_ROWS)
        for button in self._ends:
            button.hide()

    def show_relation(self, edge: MapEdge, source: MapNode, target: MapNode) -> None:
        """Show what is known of a relation, with a way to both of its ends."""
        self._show_head(edge.title, edge.state)
        self._sentences.hide()
        self._facts.set_facts(tuple(Fact(label, value) for label, value in edge.facts))
        self._table.hide()
        self._end_keys = (source.entity_key, target.entity_key)
        for button, node, words in zip(self._ends, (source, target), (self.tr("From"), self.tr("To")), strict=True):
            button.setText(f"{words}: {safe_line(node.name, 60)}")
            button.setVisible(bool(node.entity_key))

    @override
    def paintEvent(self, event: QPaintEvent, /) -> None:
        super().paintEvent(event)
        if self._is_assumed:
            paint_frame(QPainter(self), self.rect(), self._theme.tokens)

    def _go_to_end(self, at: int) -> None:
        self.entity_chosen.emit(self._end_keys[at])

    def _show_head(self, title: str, state: HealthState | None) -> None:
        self._title.setText(title)
        spoken = self.tr("Assumed, not real: {title}").format(title=title) if self._is_assumed else title
        self.setAccessibleName(safe_line(spoken))
        self._mark.setVisible(state is not None)
        if state is not None:
            self._mark.set_state(state)

    def _build(self) -> None:
        self._assumed.hide()
        self._close.setAccessibleName(self.tr("Close"))
        self._close.setToolTip(self.tr("Close"))
        self._close.setFixedSize(_CLOSE_SIZE, _CLOSE_SIZE)
        head = QHBoxLayout()
        head.setSpacing(8)
        beside = QVBoxLayout()
        beside.addSpacing((_CLOSE_SIZE - self._mark.height()) // 2)
        beside.addWidget(self._mark)
        beside.addStretch(1)
        title = QVBoxLayout()
        title.addSpacing(_TITLE_TOP)
        title.addWidget(self._title)
        title.addStretch(1)
        head.addLayout(beside)
        head.addLayout(title, 1)
        head.addWidget(self._close, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(PAGE_PADDING, 12, PAGE_PADDING, 14)
        column.setSpacing(10)
        column.addWidget(self._assumed)
        column.addLayout(head)
        column.addWidget(self._sentences)
        column.addWidget(self._facts)
        column.addWidget(self._table, 1000)
        for button, at in zip(self._ends, (0, 1), strict=True):
            column.addWidget(button)
            button.clicked.connect(partial(self._go_to_end, at))
        column.addStretch(1)


def _table(answer: Answer) -> TableData:
    lines = answer.lines
    nothing: tuple[str, ...] = ()
    return TableData(
        ids=tuple(line.entity_key for line in lines),
        cells=(
            StateCells(tuple(line.state for line in lines)),
            TextCells(tuple(line.name for line in lines)),
            TextCells(tuple(line.note for line in lines)),
        ),
        tips=(nothing, tuple(line.tip for line in lines), tuple(line.tip for line in lines)),
    )

"""One risk by itself beside the table: how large it is, what is left of it and why, and every act on record."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from quarterdeck.ui.panels.compliance.models import ACT_COLUMNS, act_list
from quarterdeck.ui.panels.compliance.side_head import SideHead
from quarterdeck.ui.panels.compliance.state import RiskLine
from quarterdeck.ui.theme.measures import PAGE_PADDING
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.widgets.buttons import Button
from quarterdeck.ui.widgets.cards import Fact, FactList, section_heading
from quarterdeck.ui.widgets.column_table import ColumnTable
from quarterdeck.ui.widgets.text import safe_line


class RiskPage(QWidget):
    """`decision_requested` and `closing_requested` carry the RiskLine to decide about or to close.

    `closed` ends the page.
    """

    decision_requested = Signal(object)
    closing_requested = Signal(object)
    closed = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._head = SideHead(theme)
        self._line: RiskLine | None = None
        self._facts = FactList(theme)
        self._decide = Button(theme, self.tr("Decide…"))
        self._decide.clicked.connect(lambda: self.decision_requested.emit(self._line))
        self._close = Button(theme, self.tr("Close…"))
        self._close.setToolTip(self.tr("Close a risk that is none any more"))
        self._close.clicked.connect(lambda: self.closing_requested.emit(self._line))
        self._acts = ColumnTable(theme, ACT_COLUMNS, accessible_name=self.tr("On record"), has_header=False)
        self._head.closed.connect(self.closed)
        self.setFocusProxy(self._acts)
        column = QVBoxLayout(self)
        column.setContentsMargins(PAGE_PADDING, 12, PAGE_PADDING, 14)
        column.setSpacing(10)
        column.addWidget(self._head)
        column.addWidget(self._facts)
        column.addWidget(section_heading(theme, self.tr("On record")))
        column.addWidget(self._acts, 1)
        deeds = QHBoxLayout()
        deeds.setSpacing(8)
        deeds.setAlignment(Qt.AlignmentFlag.AlignLeft)
        deeds.addWidget(self._decide)
        deeds.addWidget(self._close)
        column.addLayout(deeds)

    def show_risk(self, line: RiskLine) -> None:
        """Show a risk."""
        self._line = line
        self._decide.setVisible(line.can_decide)
        self._close.setVisible(line.can_decide)
        self.setAccessibleName(safe_line(line.title))
        self._head.show_title(line.mark, line.title, line.residual)
        self._facts.set_facts(tuple(Fact(fact.label, fact.value, fact.tone) for fact in line.facts))
        self._acts.set_data(act_list(line.history))

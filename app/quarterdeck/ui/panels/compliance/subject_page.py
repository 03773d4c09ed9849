"""The controls of one entity, the most urgent first, to choose one from."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from quarterdeck.domain.health import HealthState
from quarterdeck.ui.panels.compliance.models import LIST_COLUMNS, control_list
from quarterdeck.ui.panels.compliance.side_head import SideHead
from quarterdeck.ui.panels.compliance.state import SubjectLine
from quarterdeck.ui.theme.measures import PAGE_PADDING
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.theme.tokens import Tone
from quarterdeck.ui.widgets.column_table import ColumnTable
from quarterdeck.ui.widgets.text import PlainLabel, safe_line

_ALL_THERE_IS = 1000


class SubjectPage(QWidget):
    """`control_chosen` carries the id of a control's row."""

    control_chosen = Signal(str)
    closed = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._head = SideHead(theme)
        self._hint = PlainLabel(theme, tone=Tone.SECONDARY, wraps=True)
        self._table = ColumnTable(
            theme, LIST_COLUMNS, accessible_name=self.tr("Controls"), has_header=False, hugs_rows=True
        )
        self._table.row_activated.connect(self.control_chosen)
        self._head.closed.connect(self.closed)
        self.setFocusProxy(self._table)
        column = QVBoxLayout(self)
        column.setContentsMargins(PAGE_PADDING, 12, PAGE_PADDING, 14)
        column.setSpacing(10)
        column.addWidget(self._head)
        column.addWidget(self._hint)
        column.addWidget(self._table, _ALL_THERE_IS)
        column.addStretch(1)

    def show_subject(self, line: SubjectLine) -> None:
        """Show these controls."""
        self.setAccessibleName(safe_line(line.name))
        self._head.show_title(line.whole.mark or HealthState.UNKNOWN, line.name, line.whole.words)
        one, several = self.tr("1 control."), self.tr("{count} controls.")
        told = one if len(line.controls) == 1 else several.format(count=len(line.controls))
        self._hint.setText(f"{told} {self.tr('Enter or a double click opens one with its evidence.')}")
        self._table.set_data(control_list(line.controls))

"""The ledger of one objective: figures in sentences, the window as a strip, what was left, and every entry."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from quarterdeck.ui.panels.objectives.models import entry_columns, entry_data
from quarterdeck.ui.panels.objectives.state import EntryLine, LedgerState
from quarterdeck.ui.panels.objectives.strip import LedgerStrip
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.theme.tokens import Tone
from quarterdeck.ui.theme.typography import FontRole
from quarterdeck.ui.widgets.buttons import Button
from quarterdeck.ui.widgets.column_table import ColumnTable
from quarterdeck.ui.widgets.sparklines import Sparkline
from quarterdeck.ui.widgets.text import PlainLabel, safe_line

_GAP = 6
_LEAST_HEIGHT = 200


class LedgerView(QWidget):
    """`correct_requested` and `change_requested` ask for the dialogs of what is shown."""

    correct_requested = Signal()
    change_requested = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.shown: LedgerState | None = None
        self._title = PlainLabel(theme, role=FontRole.STRONG, wraps=True)
        self.correct_button = Button(theme, self.tr("Correct…"))
        self.change_button = Button(theme, self.tr("Change…"))
        self._fault = PlainLabel(theme, tone=Tone.DEGRADED, wraps=True)
        self._sentences = PlainLabel(theme, wraps=True)
        self._beside = PlainLabel(theme, tone=Tone.SECONDARY, wraps=True)
        self._strip = LedgerStrip(theme)
        self._left_title = PlainLabel(theme, role=FontRole.SMALL, tone=Tone.TERTIARY)
        self._left = Sparkline(theme, accessible_name=self.tr("Budget left over the window"))
        self._table = ColumnTable(theme, entry_columns(), accessible_name=self.tr("Entries of the ledger"))
        self._build()
        self.correct_button.clicked.connect(self.correct_requested)
        self.change_button.clicked.connect(self.change_requested)
        self.show_ledger(None, "")

    @property
    def is_idle(self) -> bool:
        """Whether nothing is open: neither a ledger, nor why there is none."""
        return self._fault.isHidden() and self.shown is None

    @property
    def entry(self) -> EntryLine | None:
        """The entry that is selected."""
        entries = self.shown.entries if self.shown is not None else ()
        return next((each for each in entries if each.id == self._table.selected_id), None)

    def show_ledger(self, ledger: LedgerState | None, fault: str) -> None:
        """Show a ledger, or why there is none, or what is to be chosen."""
        before, self.shown = self.shown, ledger
        has_ledger = ledger is not None
        self._title.setText(ledger.title if has_ledger else self.tr("Choose an objective to open its ledger."))
        told = ledger.fault if ledger is not None else fault
        self._fault.setText(f"▲ {told}" if told else "")
        self._fault.setVisible(bool(told))
        for widget in (self.correct_button, self.change_button, self._sentences, self._table):
            widget.setVisible(has_ledger)
        if ledger is None:
            self._show_lines((), ())
            self._show_left((), "")
            self._strip.show_parts((), "")
            return
        self._show_lines(ledger.sentences, (*self._beside_lines(ledger), *ledger.corrections))
        self._show_left(ledger.left, ledger.left_words)
        self._strip.show_parts(ledger.strip, ledger.strip_words)
        self.correct_button.setEnabled(ledger.can_correct)
        self.change_button.setEnabled(not ledger.why_not_changed)
        self.change_button.setToolTip(ledger.why_not_changed)
        self.change_button.setAccessibleDescription(safe_line(ledger.why_not_changed))
        self._table.setVisible(bool(ledger.entries))
        if before is None or before.entries != ledger.entries:
            self._table.set_data(entry_data(ledger.entries))

    def focus_entries(self) -> None:
        """Put the keyboard on the entries."""
        self._table.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _beside_lines(self, ledger: LedgerState) -> tuple[str, ...]:
        return tuple(self.tr("By the usual rule: {words}").format(words=line) for line in ledger.beside)

    def _show_lines(self, sentences: tuple[str, ...], beside: tuple[str, ...]) -> None:
        self._sentences.setText("\n".join(sentences))
        self._beside.setText("\n".join(beside))
        self._beside.setVisible(bool(beside))

    def _show_left(self, left: tuple[float, ...], words: str) -> None:
        values = np.array(left, dtype=np.float64)
        is_there = bool(np.isfinite(values).any())
        self._left_title.setText(words)
        self._left.setAccessibleDescription(safe_line(words))
        self._left.set_values(values, Tone.DOWN if is_there and values[-1] < 0 else Tone.ACCENT)
        for widget in (self._left, self._left_title):
            widget.setVisible(is_there)

    def _build(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._title, 1)
        head.addWidget(self.correct_button)
        head.addWidget(self.change_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(_GAP)
        column.addLayout(head)
        for widget in (self._fault, self._sentences, self._beside, self._strip):
            column.addWidget(widget)
        column.addWidget(self._left)
        column.addWidget(self._left_title)
        column.addWidget(self._table, 1)
        column.addStretch(0)
        self.setMinimumHeight(_LEAST_HEIGHT)

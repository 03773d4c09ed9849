"""One piece of evidence beside the table: what is known of it, and the way to what it was measured from."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from quarterdeck.ui.panels.compliance.state import EvidenceWords
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.theme.tokens import Tone
from quarterdeck.ui.widgets.buttons import Button
from quarterdeck.ui.widgets.cards import Fact, FactList, section_heading
from quarterdeck.ui.widgets.text import PlainLabel, safe_line


class EvidenceBlock(QWidget):
    """`chart_requested` carries the ChartOffer that was taken."""

    chart_requested = Signal(object)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._words: EvidenceWords | None = None
        self._heading = section_heading(theme, "")
        self._facts = FactList(theme)
        self._chart = Button(theme, "")
        self._note = PlainLabel(theme, tone=Tone.SECONDARY, wraps=True)
        row = QHBoxLayout()
        row.setAlignment(Qt.AlignmentFlag.AlignLeft)
        row.addWidget(self._chart)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self._heading)
        column.addWidget(self._facts)
        column.addLayout(row)
        column.addWidget(self._note)
        self._chart.clicked.connect(self._ask)

    def show_evidence(self, words: EvidenceWords) -> None:
        """Show another piece of evidence."""
        self._words = words
        self._heading.setText(words.title)
        self._facts.set_facts(tuple(Fact(fact.label, fact.value, fact.tone) for fact in words.facts))
        offer = words.chart
        self._chart.setVisible(offer is not None and offer.can_open)
        self._note.setVisible(offer is not None and bool(offer.note))
        if offer is not None:
            self._chart.setText(offer.verb)
            self._chart.setAccessibleName(safe_line(f"{offer.verb}: {words.title}"))
            self._note.setText(offer.note)

    def _ask(self) -> None:
        if self._words is not None and self._words.chart is not None:
            self.chart_requested.emit(self._words.chart)

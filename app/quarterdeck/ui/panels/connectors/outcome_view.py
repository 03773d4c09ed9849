"""How a test or an attempt to save ended: a card in words, and what would come."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from quarterdeck.domain.health import HealthState
from quarterdeck.ui.panels.connectors.models import preview_columns, preview_data
from quarterdeck.ui.panels.connectors.state import TestWords
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.theme.tokens import Tone
from quarterdeck.ui.theme.typography import FontRole
from quarterdeck.ui.widgets.cards import Card, section_heading
from quarterdeck.ui.widgets.column_table import ColumnTable
from quarterdeck.ui.widgets.state_marks import StateLine
from quarterdeck.ui.widgets.text import PlainLabel, safe_text


class OutcomeView(QWidget):
    """Hidden until there is something to say."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._outcome: TestWords | None = None
        self._card = Card(theme)
        self._head = StateLine(theme, HealthState.UNKNOWN, "", role=FontRole.MEDIUM)
        self._words = PlainLabel(theme, tone=Tone.SECONDARY, wraps=True, is_copyable=True)
        self._next = PlainLabel(theme, wraps=True)
        self._remarks = PlainLabel(theme, tone=Tone.SECONDARY, wraps=True)
        self._estimate = PlainLabel(theme, tone=Tone.TERTIARY, wraps=True)
        self._heading = section_heading(theme, self.tr("What would come"))
        self._table = ColumnTable(
            theme, preview_columns(), accessible_name=self.tr("What would come"), has_header=False, fits_rows=True
        )
        self._build()
        self.show_outcome(None)

    @property
    def outcome(self) -> TestWords | None:
        """What is shown."""
        return self._outcome

    def show_outcome(self, outcome: TestWords | None, *, tells_estimate: bool = True) -> None:
        """Show this, or nothing; an estimate is left out where a field tells it."""
        self._outcome = outcome
        self.setVisible(outcome is not None)
        if outcome is None:
            return
        self._head.show_state(outcome.state, outcome.title)
        self.setAccessibleName(safe_text(f"{outcome.title}. {outcome.words} {outcome.next_step}".strip()))
        for label, text in (
            (self._words, outcome.words),
            (self._next, outcome.next_step),
            (self._remarks, "\n".join(outcome.remarks)),
            (self._estimate, outcome.estimate if tells_estimate else ""),
        ):
            label.setText(text)
            label.setVisible(bool(text))
        self._heading.setVisible(bool(outcome.preview))
        self._table.setVisible(bool(outcome.preview))
        self._table.set_data(preview_data(outcome.preview))

    def mark_outdated(self) -> None:
        """What was tested is not what stands in the form any more."""
        if self._outcome is not None and self._outcome.state is not HealthState.UNKNOWN:
            title = self.tr("{title}, before your last change").format(title=self._outcome.title)
            self._head.show_state(HealthState.STALE, title)
            self.setAccessibleName(title)

    def _build(self) -> None:
        self._card.body.setSpacing(6)
        for widget in (self._head, self._words, self._next, self._remarks, self._estimate):
            self._card.body.addWidget(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        for widget in (self._card, self._heading, self._table):
            column.addWidget(widget)

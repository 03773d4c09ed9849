"""The sizes that are proposed, and the constraint that they keep."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal

from quarterdeck.ui.panels.resources.models import proposal_columns, proposal_data, words
from quarterdeck.ui.panels.resources.state import ProposedLine, Supposed
from quarterdeck.ui.panels.resources.words import supposed_words
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.theme.tokens import Tone
from quarterdeck.ui.widgets.cards import Card
from quarterdeck.ui.widgets.choice_button import ChoiceButton
from quarterdeck.ui.widgets.column_table import ColumnTable
from quarterdeck.ui.widgets.segments import Segment
from quarterdeck.ui.widgets.text import PlainLabel

_HEIGHT = 200
"""The table above is what the page is about; a long list of proposals scrolls."""


class ProposalsCard(Card):
    """`row_chosen` carries the id of a resource, `supposed` the Supposed that a person chose."""

    row_chosen = Signal(str)
    supposed = Signal(object)

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, self.tr("Proposed allocation"), has_rule=False)
        choices = tuple(Segment(each, supposed_words(each, words)) for each in Supposed)
        self._supposed = ChoiceButton(theme, choices, accessible_name=self.tr("Proposals suppose"))
        self._supposed.setToolTip(self.tr("What the proposals suppose of the demand; nothing is changed"))
        self._table = ColumnTable(
            theme, proposal_columns(), accessible_name=self.tr("Proposed sizes"), has_header=False, hugs_rows=True
        )
        self._nothing = PlainLabel(theme, tone=Tone.SECONDARY, wraps=True)
        self._constraint = PlainLabel(theme, tone=Tone.SECONDARY, wraps=True)
        self.head.addWidget(self._supposed)
        self._supposed.chosen.connect(self._suppose)
        self.body.addWidget(self._table, 1000)
        self.body.addWidget(self._nothing)
        self.body.addWidget(self._constraint)
        self.body.addStretch(1)
        self.setFixedHeight(_HEIGHT)
        self._table.row_selected.connect(self.row_chosen)

    def open_suppositions(self) -> None:
        """Offer what can be supposed."""
        self._supposed.open_menu()

    def show_proposed(self, lines: Sequence[ProposedLine], constraint: str, *, is_pending: bool) -> None:
        """Show these, or say that there are none."""
        self._table.setVisible(bool(lines))
        self._table.set_data(proposal_data(lines))
        self._nothing.setVisible(not lines)
        pending = self.tr("Forecasts are being worked out.")
        self._nothing.setText(pending if is_pending else self.tr("No other size is proposed."))
        self._constraint.setText(constraint)

    def _suppose(self, key: str) -> None:
        self.supposed.emit(Supposed(key))

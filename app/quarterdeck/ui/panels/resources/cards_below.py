"""What stands below the table where there is room for it: the week of the chosen resource, and the proposed sizes."""

from __future__ import annotations

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from quarterdeck.ui.panels.resources.proposals_card import ProposalsCard
from quarterdeck.ui.panels.resources.state import ResourceLine, ResourcesState
from quarterdeck.ui.panels.resources.usual_card import UsualCard
from quarterdeck.ui.theme.measures import PAGE_GAP
from quarterdeck.ui.theme.theme import Theme

_LEAST_HEIGHT = 520
_LEAST_WIDTH_WITH_PROPOSALS = 560


class CardsBelow(QWidget):
    """`row_chosen` carries the id of a resource, `supposed` the Supposed that a person chose for the proposals."""

    row_chosen = Signal(str)
    supposed = Signal(object)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._usual = UsualCard(theme)
        self._proposals = ProposalsCard(theme)
        # The cards must not make the window larger than its screen; where they have no room they are hidden.
        self.setMinimumSize(1, 1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(PAGE_GAP)
        row.addWidget(self._usual, 4)
        row.addWidget(self._proposals, 3)
        self._proposals.row_chosen.connect(self.row_chosen)
        self._proposals.supposed.connect(self.supposed)

    def show_proposed(self, state: ResourcesState) -> None:
        """Show the sizes that are proposed."""
        self._proposals.show_proposed(state.proposed, state.constraint, is_pending=state.is_pending)

    def show_line(self, line: ResourceLine | None) -> None:
        """Show the week of a resource."""
        self._usual.show_line(line)

    def open_suppositions(self) -> None:
        """Offer what proposals can suppose."""
        self._proposals.open_suppositions()

    def fit(self, page: QSize) -> None:
        """Leave a small page to its table, which tells all that the cards tell."""
        self.setVisible(page.height() >= _LEAST_HEIGHT)
        self._proposals.setVisible(page.width() >= _LEAST_WIDTH_WITH_PROPOSALS)

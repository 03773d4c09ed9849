"""Dialogs: the title says the decision, the buttons are verbs, every text is plain."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLayout, QVBoxLayout, QWidget

from quarterdeck.domain.health import HealthState
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.theme.tokens import Tone
from quarterdeck.ui.theme.typography import FontRole
from quarterdeck.ui.widgets.buttons import Button, ButtonKind
from quarterdeck.ui.widgets.state_marks import StateLine
from quarterdeck.ui.widgets.text import PlainBlock, PlainLabel, safe_line

_WIDTH = 440
_DETAILS_HEIGHT = 110


@dataclass(frozen=True, slots=True)
class Decision:
    """What a dialog asks or says.

    `accept` is the verb of the primary button; without `refuse` there is only that one. `state` puts a mark before the
    title; `details` are fixed-width text below, such as a trace.
    """

    title: str
    text: str
    accept: str
    refuse: str = ""
    state: HealthState | None = None
    details: str = ""


class PlainMessage(QDialog):
    """A dialog for one decision. Open it with `open()`; `accepted` and `rejected` tell the outcome.

    Widgets such as a field for a reason go into `body`.
    """

    def __init__(self, theme: Theme, decision: Decision, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setWindowTitle(safe_line(decision.title))
        self.setAccessibleDescription(safe_line(decision.text))
        self.accept_button = Button(theme, decision.accept, kind=ButtonKind.PRIMARY)
        self.refuse_button = Button(theme, decision.refuse)
        self.body = QVBoxLayout()
        self.body.setSpacing(6)
        self._build(decision)

    def _build(self, decision: Decision) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(8)
        column.setSizeConstraint(QLayout.SizeConstraint.SetMinimumSize)
        self.setMinimumWidth(_WIDTH)
        if decision.state is None:
            column.addWidget(PlainLabel(self._theme, decision.title, role=FontRole.STRONG, wraps=True))
        else:
            column.addWidget(StateLine(self._theme, decision.state, decision.title))
        column.addWidget(PlainLabel(self._theme, decision.text, tone=Tone.SECONDARY, wraps=True))
        if decision.details:
            block = PlainBlock(self._theme, decision.details, accessible_name=self.tr("Details"))
            block.setMinimumHeight(_DETAILS_HEIGHT)
            column.addWidget(block, 1)
        column.addLayout(self.body)
        column.addSpacing(4)
        column.addLayout(self._build_buttons(has_refusal=bool(decision.refuse)))

    def _build_buttons(self, *, has_refusal: bool) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.refuse_button.setVisible(has_refusal)
        row.addWidget(self.refuse_button)
        row.addWidget(self.accept_button)
        self.accept_button.setDefault(True)
        self.accept_button.clicked.connect(self.accept)
        self.refuse_button.clicked.connect(self.reject)
        return row

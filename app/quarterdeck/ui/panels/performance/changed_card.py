"""What changed, in sentences, with what one would ask next."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout

from quarterdeck.services.what_changed import WhatChanged
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.theme.tokens import Tone
from quarterdeck.ui.theme.typography import FontRole
from quarterdeck.ui.widgets.buttons import Button
from quarterdeck.ui.widgets.cards import Card
from quarterdeck.ui.widgets.text import PlainLabel


class ChangedCard(Card):
    """`causes_asked` carries whose causes are asked for; `yesterday_asked` a comparison with the day before.

    With `most_lines` it is small and tells only the first of them.
    """

    causes_asked = Signal(str)
    yesterday_asked = Signal()

    def __init__(self, theme: Theme, *, most_lines: int | None = None) -> None:
        super().__init__(theme, self.tr("What changed"), has_rule=False)
        self._entity_key = ""
        self._most_lines = most_lines
        role = FontRole.BODY if most_lines is None else FontRole.SMALL
        self._words = PlainLabel(theme, role=role, tone=Tone.SECONDARY, wraps=True)
        self._causes = Button(theme, self.tr("Open cause ranking"))
        self._yesterday = Button(theme, self.tr("Compare with yesterday"))
        buttons = QHBoxLayout()
        buttons.setSpacing(10)
        buttons.addWidget(self._causes)
        buttons.addWidget(self._yesterday)
        buttons.addStretch(1)
        self.body.addWidget(self._words)
        self.body.addLayout(buttons)
        self._causes.clicked.connect(lambda: self.causes_asked.emit(self._entity_key))
        self._yesterday.clicked.connect(self.yesterday_asked)

    def show_changed(self, changed: WhatChanged, beside: str = "") -> None:
        """Show these sentences, and beside what; causes are offered where something moved.

        The title tells when, so that it has its line for itself.
        """
        self._entity_key = changed.entity_key
        self.set_title(changed.title)
        self._words.setText("\n".join([*changed.sentences[: self._most_lines], *([beside] if beside else [])]))
        self._causes.setVisible(bool(changed.entity_key))

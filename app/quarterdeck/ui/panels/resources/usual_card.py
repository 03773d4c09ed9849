"""How full a resource usually is in each hour of the week."""

from __future__ import annotations

import numpy as np

from quarterdeck.ui.charts.week_map import WeekMap
from quarterdeck.ui.panels.resources.models import words
from quarterdeck.ui.panels.resources.state import ResourceLine
from quarterdeck.ui.panels.resources.words import weekday_words
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.theme.tokens import Tone
from quarterdeck.ui.widgets.cards import Card
from quarterdeck.ui.widgets.text import PlainLabel

_HEIGHT = 200


class UsualCard(Card):
    """The usual peak of each hour over the last 90 days; what is read stands at the right of the title."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, self.tr("Usage by hour and weekday"), subtitle=" ", has_rule=False)
        self._map = WeekMap(theme, weekday_words(words), accessible_name=self.tr("Usage by hour and weekday"))
        self._absence = PlainLabel(theme, tone=Tone.SECONDARY, wraps=True)
        self._shown: ResourceLine | None = None
        self.body.addWidget(self._map)
        self.body.addWidget(self._absence)
        self.body.addStretch(1)
        self.setFixedHeight(_HEIGHT)
        self._map.read.connect(self.set_note)
        self.show_line(None)

    def show_line(self, line: ResourceLine | None) -> None:
        """Show the week of a resource, or that none is known."""
        outlook = None if line is None else line.source.outlook
        self.set_title(self.tr("Usage by hour and weekday"), "" if line is None else line.name)
        is_other = self._shown is None or line is None or line.id != self._shown.id
        self._shown = line
        if is_other:
            self.set_note("")
        is_known = outlook is not None and bool(np.isfinite(outlook.usual).any())
        self._map.setVisible(is_known)
        self._absence.setVisible(not is_known)
        if outlook is not None and is_known:
            self._map.set_values(outlook.usual)
        pending = line is not None and line.source.is_pending
        self._absence.setText(
            self.tr("Being worked out.") if pending else self.tr("No hour of a whole day is known yet.")
        )

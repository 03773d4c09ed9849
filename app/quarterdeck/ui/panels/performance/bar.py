"""The panel's controls in the top bar: which kind of entity is charted, and which of them."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from quarterdeck.ui.panels.performance.state import BarState
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.widgets.pick_button import PickButton, PickWords
from quarterdeck.ui.widgets.pick_list import Pick
from quarterdeck.ui.widgets.segments import Segment, SegmentedControl

_MOST_LINES = 6


class PerformanceBar(QObject):
    """`kind_chosen` carries a kind's key, `picked` a tuple of entity keys, empty for the most urgent."""

    kind_chosen = Signal(str)
    picked = Signal(object)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._kinds = SegmentedControl(theme, (), accessible_name=self.tr("What is charted"))
        self._picks = PickButton(theme, self._words(), most=_MOST_LINES)
        self._picks.setEnabled(False)
        self._kinds.chosen.connect(self.kind_chosen)
        self._picks.picked.connect(self.picked)

    @property
    def widgets(self) -> list[QWidget]:
        """The controls in their order."""
        return [self._kinds, self._picks]

    def show_bar(self, bar: BarState) -> None:
        """Show these kinds and what can be picked."""
        self._kinds.set_segments(tuple(Segment(kind.key, kind.title) for kind in bar.kinds))
        self._kinds.set_current(bar.kind)
        picks = tuple(Pick(pick.key, pick.name, pick.state) for pick in bar.picks)
        self._picks.show_picks(picks, bar.picked, bar.picked_words)
        self._picks.setEnabled(bool(picks))

    def open_list(self) -> None:
        """Open the list to pick from."""
        if self._picks.isEnabled():
            self._picks.open_list()

    def _words(self) -> PickWords:
        return PickWords(
            name=self.tr("Charted"),
            placeholder=self.tr("Filter"),
            limit=self.tr("At most {count} at once").format(count=_MOST_LINES),
            reset=self.tr("Most urgent"),
            nothing=self.tr("Nothing is called that."),
        )

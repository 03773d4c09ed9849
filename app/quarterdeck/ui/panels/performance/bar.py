"""The panel's controls in the top bar: the view, which entities are charted, and what narrows the lists."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QWidget

from quarterdeck.ui.panels.performance.other_views import view_words
from quarterdeck.ui.panels.performance.state import BarState
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.widgets.filter_line import FilterLine
from quarterdeck.ui.widgets.pick_button import PickButton, PickWords
from quarterdeck.ui.widgets.pick_list import Pick
from quarterdeck.ui.widgets.segments import Segment, SegmentedControl

_MOST_LINES = 6


class PerformanceBar(QObject):
    """`kind_chosen` carries the key of a kind or of another view, `picked` entity keys, empty for the most urgent.

    `narrowed` carries words that rows of other views must hold; `left` comes when the keyboard should go back to them.
    """

    kind_chosen = Signal(str)
    picked = Signal(object)
    narrowed = Signal(str)
    left = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._kinds = SegmentedControl(theme, (), accessible_name=self.tr("What is charted"))
        self._picks = PickButton(theme, self._words(), most=_MOST_LINES)
        self._picks.setEnabled(False)
        self._line = FilterLine(theme, self.tr("Filter"))
        self._line.hide()
        self._view = self._kind = ""
        self._line.filter_changed.connect(self.narrowed)
        self._line.left.connect(self.left)
        self._kinds.chosen.connect(self.kind_chosen)
        self._picks.picked.connect(self.picked)

    @property
    def widgets(self) -> list[QWidget]:
        """The controls in their order."""
        return [self._kinds, self._picks, self._line]

    def show_bar(self, bar: BarState) -> None:
        """Show these kinds and what can be picked."""
        self._kind = bar.kind
        self._kinds.set_segments(tuple(Segment(kind.key, kind.title) for kind in (*bar.kinds, *view_words())))
        self._kinds.set_current(self._view or bar.kind)
        picks = tuple(Pick(pick.key, pick.name, pick.state) for pick in bar.picks)
        self._picks.show_picks(picks, bar.picked, bar.picked_words)
        self._picks.setEnabled(bool(picks))

    def show_view(self, view: str) -> None:
        """Show the controls of another view, or those of the charts for an empty key."""
        self._view = view
        self._kinds.set_current(view or self._kind)
        self._picks.setVisible(not view)
        self._line.setVisible(bool(view))

    def open_list(self) -> None:
        """Open the list to pick from, or give the keyboard to the filter where there is one."""
        if self._view:
            self._line.setFocus(Qt.FocusReason.ShortcutFocusReason)
            self._line.selectAll()
        elif self._picks.isEnabled():
            self._picks.open_list()

    def _words(self) -> PickWords:
        return PickWords(
            name=self.tr("Charted"),
            placeholder=self.tr("Filter"),
            limit=self.tr("At most {count} at once").format(count=_MOST_LINES),
            reset=self.tr("Most urgent"),
            nothing=self.tr("Nothing is called that."),
        )

"""The panel's controls in the top bar: its views, what is asked, which states are meant, and a field that filters."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QWidget

from quarterdeck.ui.panels.relationships.state import Arrangement, Inquiry, Selection
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.widgets.buttons import Button
from quarterdeck.ui.widgets.choice_button import ChoiceButton
from quarterdeck.ui.widgets.filter_line import FilterLine
from quarterdeck.ui.widgets.segments import Segment, SegmentedControl


class RelationshipsBar(QObject):
    """`arrangement_chosen` comes with another view, `asked` with another inquiry, `narrowed` with another filter.

    `left` comes when the keyboard should go back to the map or the table.
    """

    arrangement_chosen = Signal()
    asked = Signal()
    narrowed = Signal()
    left = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._asked = Inquiry.NOTHING
        self._views = SegmentedControl(theme, self._arrangements(), accessible_name=self.tr("Relationships as"))
        self._inquiries = {
            Inquiry.IMPACT: self._toggle(theme, self.tr("Impact"), self.tr("What the loss of the selected would take")),
            Inquiry.CAUSES: self._toggle(theme, self.tr("Causes"), self.tr("What explains the state of the selected")),
        }
        self._states = ChoiceButton(theme, self._choices(), accessible_name=self.tr("States shown"))
        self._line = FilterLine(theme, self.tr("Filter"))
        self._views.chosen.connect(self._fit)
        self._views.chosen.connect(self.arrangement_chosen)
        self._states.chosen.connect(self.narrowed)
        self._line.filter_changed.connect(self.narrowed)
        self._line.left.connect(self.left)
        for inquiry, button in self._inquiries.items():
            button.clicked.connect(partial(self.toggle, inquiry))

    @property
    def widgets(self) -> list[QWidget]:
        """The controls in their order."""
        return [self._views, *self._inquiries.values(), self._states, self._line]

    @property
    def arrangement(self) -> Arrangement:
        """The view that is chosen."""
        return Arrangement(self._views.current)

    def show_arrangement(self, arrangement: Arrangement) -> None:
        """Show which view is chosen, without a signal."""
        self._views.set_current(arrangement)
        self._fit()

    @property
    def inquiry(self) -> Inquiry:
        """What is asked."""
        return self._asked

    @property
    def selection(self) -> Selection:
        """Which states are meant."""
        return Selection(self._states.current)

    @property
    def words(self) -> str:
        """The words that are looked for."""
        return self._line.text()

    def toggle(self, inquiry: Inquiry) -> None:
        """Ask this, or nothing when it is what is asked already."""
        wanted = inquiry if self._asked is not inquiry else Inquiry.NOTHING
        self.show_inquiry(wanted)
        self.asked.emit()

    def ask(self, inquiry: Inquiry) -> None:
        """Ask this, if it is not asked already."""
        if self._asked is not inquiry:
            self.toggle(inquiry)

    def show_inquiry(self, inquiry: Inquiry) -> None:
        """Show what is asked, without a signal."""
        self._asked = inquiry
        for key, button in self._inquiries.items():
            button.setChecked(key is inquiry)

    def clear_filters(self) -> None:
        """Show everything again."""
        self._states.set_current(Selection.ALL)
        self._line.clear()
        self.narrowed.emit()

    def focus_filter(self) -> None:
        """Give the keyboard to the field."""
        self._line.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._line.selectAll()

    def _fit(self) -> None:
        """What is seen or declared has no state: none can be meant in the drift."""
        self._states.setEnabled(self.arrangement is not Arrangement.DRIFT)

    @staticmethod
    def _toggle(theme: Theme, text: str, tip: str) -> Button:
        button = Button(theme, text)
        button.setCheckable(True)
        button.setToolTip(tip)
        return button

    def _arrangements(self) -> tuple[Segment, ...]:
        return (
            Segment(Arrangement.MAP, self.tr("Map")),
            Segment(Arrangement.TABLE, self.tr("Table")),
            Segment(Arrangement.RELATIONS, self.tr("Relations")),
            Segment(Arrangement.PATTERNS, self.tr("Patterns")),
            Segment(Arrangement.DRIFT, self.tr("Drift")),
        )

    def _choices(self) -> tuple[Segment, ...]:
        return (
            Segment(Selection.ALL, self.tr("All states")),
            Segment(Selection.ATTENTION, self.tr("Need attention")),
            Segment(Selection.DOWN, self.tr("Down")),
            Segment(Selection.DEGRADED, self.tr("Degraded")),
            Segment(Selection.SILENT, self.tr("Without fresh data")),
            Segment(Selection.MAINTENANCE, self.tr("In maintenance")),
            Segment(Selection.HEALTHY, self.tr("Healthy")),
        )

"""The panel's controls in the top bar: its views, which states are shown, and a field that filters."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QWidget

from quarterdeck.ui.panels.integrations.state import Arrangement, Selection
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.widgets.choice_button import ChoiceButton
from quarterdeck.ui.widgets.filter_line import FilterLine
from quarterdeck.ui.widgets.segments import Segment, SegmentedControl


class FilterBar(QObject):
    """`arrangement_chosen` comes with another view, `narrowed` with another selection or other words.

    `left` comes when the keyboard should go back to the list.
    """

    arrangement_chosen = Signal()
    narrowed = Signal()
    left = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._views = SegmentedControl(
            theme,
            (
                Segment(Arrangement.DOMAIN, self.tr("By domain")),
                Segment(Arrangement.PARTNER, self.tr("By partner")),
                Segment(Arrangement.EXPIRY, self.tr("Expiry")),
            ),
            accessible_name=self.tr("Integrations by"),
        )
        self._states = ChoiceButton(theme, self._choices(), accessible_name=self.tr("States shown"))
        self._line = FilterLine(theme, self.tr("Filter"))
        self._views.chosen.connect(self._change_view)
        self._states.chosen.connect(self.narrowed)
        self._line.filter_changed.connect(self.narrowed)
        self._line.left.connect(self.left)

    @property
    def widgets(self) -> list[QWidget]:
        """The controls in their order."""
        return [self._views, self._states, self._line]

    @property
    def arrangement(self) -> Arrangement:
        """The view that is chosen."""
        return Arrangement(self._views.current)

    @property
    def selection(self) -> Selection:
        """Which states are shown."""
        return Selection(self._states.current)

    @property
    def words(self) -> str:
        """The words that a row must hold."""
        return self._line.text()

    def show_arrangement(self, arrangement: Arrangement) -> None:
        """Choose a view without a signal."""
        self._views.set_current(arrangement)
        self._states.setVisible(arrangement is not Arrangement.EXPIRY)

    def clear_filters(self) -> None:
        """Show everything again."""
        self._states.set_current(Selection.ALL)
        self._line.clear()
        self.narrowed.emit()

    def focus_filter(self) -> None:
        """Give the keyboard to the field."""
        self._line.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._line.selectAll()

    def _choices(self) -> tuple[Segment, ...]:
        return (
            Segment(Selection.ALL, self.tr("All states")),
            Segment(Selection.ATTENTION, self.tr("Need attention")),
            Segment(Selection.DOWN, self.tr("Down")),
            Segment(Selection.DEGRADED, self.tr("Degraded")),
            Segment(Selection.SILENT, self.tr("Without fresh data")),
            Segment(Selection.MAINTENANCE, self.tr("In maintenance")),
            Segment(Selection.HEALTHY, self.tr("Healthy")),
            Segment(Selection.DISPUTED, self.tr("Claim disputed")),
        )

    def _change_view(self) -> None:
        self.show_arrangement(self.arrangement)
        self.arrangement_chosen.emit()

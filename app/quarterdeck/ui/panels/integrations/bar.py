"""The panel's controls in the top bar: its views, the filters of each, and a field that searches."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QWidget

from quarterdeck.ui.panels.integrations.narrowing import FilterPick, Narrowing
from quarterdeck.ui.panels.integrations.state import LISTS, Arrangement, Selection, Stretch
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.widgets.buttons import Button
from quarterdeck.ui.widgets.choice_button import ChoiceButton
from quarterdeck.ui.widgets.filter_line import FilterLine
from quarterdeck.ui.widgets.pick_button import PickButton, PickWords
from quarterdeck.ui.widgets.pick_list import Pick
from quarterdeck.ui.widgets.segments import Segment, SegmentedControl

_MOST_FILTERS = 500


class FilterBar(QObject):
    """`arrangement_chosen` comes with another view, `narrowed` with other filters or other words.

    `stretch_chosen` comes when the calendar is divided otherwise, `export_requested` when it is to be saved; `left`
    when the keyboard should go back to the list.
    """

    arrangement_chosen = Signal()
    narrowed = Signal()
    stretch_chosen = Signal()
    export_requested = Signal()
    left = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._offered: tuple[FilterPick, ...] = ()
        self._picked: tuple[str, ...] = ()
        self._views = SegmentedControl(theme, self._segments(), accessible_name=self.tr("Integrations by"))
        self._states = ChoiceButton(theme, self._choices(), accessible_name=self.tr("States shown"))
        self._filters = PickButton(theme, self._words(), most=_MOST_FILTERS)
        self._stretches = SegmentedControl(
            theme,
            (Segment(Stretch.WEEK, self.tr("Weeks")), Segment(Stretch.MONTH, self.tr("Months"))),
            accessible_name=self.tr("Calendar by"),
        )
        self._export = Button(theme, self.tr("Export…"))
        self._line = FilterLine(theme, self.tr("Filter"))
        self._connect()
        self.offer(())
        for widget in (self._stretches, self._export):
            widget.hide()

    @property
    def widgets(self) -> list[QWidget]:
        """The controls in their order."""
        return [self._views, self._states, self._filters, self._stretches, self._line, self._export]

    @property
    def arrangement(self) -> Arrangement:
        """The view that is chosen."""
        return Arrangement(self._views.current)

    @property
    def stretch(self) -> Stretch:
        """By what the calendar is divided."""
        return Stretch(self._stretches.current)

    @property
    def narrowing(self) -> Narrowing:
        """What is shown of all."""
        return Narrowing(Selection(self._states.current), self._picked, self._line.text())

    @property
    def states_words(self) -> str:
        """Which states are shown, in words."""
        return self._states.text()

    def offer(self, picks: Sequence[FilterPick]) -> None:
        """Offer these filters; what is picked stays so until a person changes it, offered or not."""
        self._offered = tuple(picks)
        text = self.tr("Filters: {count}").format(count=len(self._picked)) if self._picked else self.tr("Filters")
        self._filters.show_picks([Pick(one.key, one.text) for one in picks], self._picked, text)

    def show_arrangement(self, arrangement: Arrangement) -> None:
        """Choose a view without a signal."""
        self._views.set_current(arrangement)
        for widget in (self._states, self._filters):
            widget.setVisible(arrangement in LISTS)
        for widget in (self._stretches, self._export):
            widget.setVisible(arrangement is Arrangement.CALENDAR)

    def clear_filters(self) -> None:
        """Show everything again."""
        self._states.set_current(Selection.ALL)
        self._picked = ()
        self.offer(self._offered)
        self._line.clear()
        self.narrowed.emit()

    def focus_filter(self) -> None:
        """Give the keyboard to the field."""
        self._line.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._line.selectAll()

    def _connect(self) -> None:
        self._views.chosen.connect(self._change_view)
        self._states.chosen.connect(self.narrowed)
        self._filters.picked.connect(self._pick)
        self._stretches.chosen.connect(self.stretch_chosen)
        self._export.clicked.connect(self.export_requested)
        self._line.filter_changed.connect(self.narrowed)
        self._line.left.connect(self.left)

    def _segments(self) -> tuple[Segment, ...]:
        return (
            Segment(Arrangement.DOMAIN, self.tr("By domain")),
            Segment(Arrangement.PARTNER, self.tr("By partner")),
            Segment(Arrangement.EXPIRY, self.tr("Expiry")),
            Segment(Arrangement.CALENDAR, self.tr("Calendar")),
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
            Segment(Selection.DISPUTED, self.tr("Claim disputed")),
        )

    def _words(self) -> PickWords:
        return PickWords(
            name=self.tr("Filters"),
            placeholder=self.tr("Domain, partner, tier…"),
            limit=self.tr("One kind widens, several narrow"),
            reset=self.tr("None"),
            nothing=self.tr("No filter holds these words"),
        )

    def _pick(self, picked: object) -> None:
        self._picked = tuple(map(str, cast("tuple[object, ...]", picked))) if isinstance(picked, tuple) else ()
        self.offer(self._offered)
        self.narrowed.emit()

    def _change_view(self) -> None:
        self.show_arrangement(self.arrangement)
        self.arrangement_chosen.emit()

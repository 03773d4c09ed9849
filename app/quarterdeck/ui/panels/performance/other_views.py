"""The views beside the charts: which one is looked at, and what each of them is told."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QScrollArea, QStackedWidget, QWidget

from quarterdeck.services.compared_ranges import Against
from quarterdeck.services.moments import Moment
from quarterdeck.ui.charts.chart_group import ChartGroup
from quarterdeck.ui.panels.performance.state import KindWords
from quarterdeck.ui.widgets.scrolled import scrolling

if TYPE_CHECKING:
    from quarterdeck.services.ports import Topic

ERRORS, COMPARE = "errors", "compare"
BAR_ROOM = 12
"""How far the scroll bar of a page reaches into its margin; a page without one leaves it free."""


class Desk(QWidget):
    """A view that reads for itself while it is looked at.

    `entity_chosen` carries the entity that a person moved to, `entity_opened` one to open, `panel_asked` a panel's id
    and what it should show.
    """

    entity_chosen = Signal(str)
    entity_opened = Signal(str)
    panel_asked = Signal(str, str)

    def groups(self) -> tuple[ChartGroup, ...]:
        """The groups of charts over the console's range, for whoever moves that."""
        raise NotImplementedError

    def activate(self, *, is_active: bool) -> None:
        """Read from now on, or no more."""
        raise NotImplementedError

    def show_moment(self, moment: Moment) -> None:
        """Show another range or play-head."""
        raise NotImplementedError

    def refresh(self, moment: Moment, topics: frozenset[Topic]) -> None:
        """Time went on, or data came."""
        raise NotImplementedError

    def show_selection(self, entity_key: str) -> None:
        """Have what is told of the selected entity stand out."""
        raise NotImplementedError

    def narrow(self, words: str) -> None:
        """Show only what holds some words."""
        raise NotImplementedError

    def mark(self, *, is_later: bool) -> None:
        """Take the range shown now as one of two to compare; a view that compares nothing has no use for it."""

    def compare_with(self, against: Against) -> None:
        """Compare the range shown with an earlier one; a view that compares nothing has no use for it."""


def scrolled(page: QWidget) -> QScrollArea:
    """A page that scrolls up and down where the window is too low for it."""
    area = scrolling(page)
    area.setFocusProxy(page)
    return area


def view_words() -> tuple[KindWords, ...]:
    """The titles of the views that chart no kind."""
    return (
        KindWords(ERRORS, QCoreApplication.translate("PerformanceView", "Errors")),
        KindWords(COMPARE, QCoreApplication.translate("PerformanceView", "Compare")),
    )


class OtherViews(QStackedWidget):
    """The charts, or one of the other views in their place, each made when it is looked at first.

    `view_changed` carries the key of the view, empty for the charts; `desk_made` one that was made just now.
    """

    view_changed = Signal(str)
    desk_made = Signal(object)

    def __init__(self, charts: QWidget) -> None:
        super().__init__()
        self._charts = charts
        self._makers: dict[str, Callable[[], Desk]] = {}
        self._desks: dict[str, Desk] = {}
        self._moment: Moment | None = None
        self._selected = self._words = ""
        self.current = ""
        self.addWidget(charts)

    def offer(self, key: str, make: Callable[[], Desk]) -> None:
        """Have another view under a key."""
        self._makers[key] = make

    def choose(self, key: str) -> bool:
        """Look at a view; a key of none of them is that of the charts. Whether it is one of the other views."""
        wanted = key if key in self._makers else ""
        if wanted != self.current:
            before, self.current = self.current, wanted
            if before:
                self._desks[before].activate(is_active=False)
            page = self._desk(wanted) if wanted else self._charts
            self.setCurrentWidget(page)
            self.setFocusProxy(page)
            if wanted:
                self._desks[wanted].activate(is_active=True)
            self.view_changed.emit(wanted)
        return bool(wanted)

    def mark(self, *, is_later: bool) -> None:
        """Take the range shown as one of the two to compare."""
        self._desk(COMPARE).mark(is_later=is_later)

    def compare_with_yesterday(self) -> None:
        """Compare the range shown with the same time of the day before."""
        self._desk(COMPARE).compare_with(Against.DAY)

    def show_moment(self, moment: Moment) -> None:
        """Tell every view; those that are not looked at read later."""
        self._moment = moment
        for desk in self._desks.values():
            desk.show_moment(moment)

    def refresh(self, moment: Moment, topics: frozenset[Topic]) -> None:
        """Tell every view; those that are not looked at read nothing."""
        self._moment = moment
        for desk in self._desks.values():
            desk.refresh(moment, topics)

    def show_selection(self, entity_key: str) -> None:
        """Tell every view."""
        self._selected = entity_key
        for desk in self._desks.values():
            desk.show_selection(entity_key)

    def narrow(self, words: str) -> None:
        """Tell every view."""
        self._words = words
        for desk in self._desks.values():
            desk.narrow(words)

    def _desk(self, key: str) -> Desk:
        if key not in self._desks:
            desk = self._desks[key] = self._makers[key]()
            self.addWidget(desk)
            self.desk_made.emit(desk)
            if self._moment is not None:
                desk.show_moment(self._moment)
            desk.show_selection(self._selected)
            desk.narrow(self._words)
        return self._desks[key]

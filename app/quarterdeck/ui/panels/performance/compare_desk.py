"""When two ranges are read and compared: while the view is the one that is looked at."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from PySide6.QtWidgets import QVBoxLayout
from typing_extensions import override

from quarterdeck.domain.errors import OperatorError
from quarterdeck.domain.instants import TimeRange
from quarterdeck.services.compared_ranges import Against, RangePair, earlier_range
from quarterdeck.services.comparison import Comparison, SideBySide
from quarterdeck.services.error_patterns import ErrorReport
from quarterdeck.services.moments import Moment
from quarterdeck.services.what_changed import what_changed
from quarterdeck.services.wording import moment_words
from quarterdeck.ui.charts.chart_group import ChartGroup
from quarterdeck.ui.panels.performance.compare_page import ComparePage
from quarterdeck.ui.panels.performance.compare_words import CompareState, SideState, compare_state, side_state
from quarterdeck.ui.panels.performance.other_views import Desk, scrolled
from quarterdeck.ui.tasks.latest_read import LatestRead, Read
from quarterdeck.ui.tasks.verbs import Background
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.widgets.state_stack import Message, Offer, StateStack

if TYPE_CHECKING:
    from quarterdeck.services.ports import Topic

_STEPS = 60
_LONGEST_WAIT_SECONDS = 60.0
_PIXELS = 800
_AGAIN, _BEFORE = "again", "before"


class CompareSource(Protocol):
    """Where comparisons come from."""

    def compare(self, ranges: RangePair, at: datetime, only: tuple[str, ...] = ()) -> Comparison:
        """Every figure that the estate, or only some entities of it, have at a moment, in both ranges."""
        ...

    def side_by_side(self, series_id: int, ranges: RangePair, pixels: int) -> SideBySide | None:
        """One series in both ranges, exactly; None for one that is not known."""
        ...


class FailureSource(Protocol):
    """Where error patterns come from."""

    def errors(self, moment: Moment) -> ErrorReport:
        """The patterns of the moment's range up to its play-head."""
        ...


class CompareDesk(Desk):
    """The Compare view with all that stands in its place."""

    def __init__(self, theme: Theme, source: CompareSource, failures: FailureSource, background: Background) -> None:
        super().__init__()
        self._source, self._failures = source, failures
        self._page = ComparePage(theme)
        self._stack = StateStack(theme, scrolled(self._page))
        self._reads: LatestRead[CompareState] = LatestRead(background, "performance, compare")
        self._sides: LatestRead[SideState | None] = LatestRead(background, "performance, side by side")
        self._against = Against.BEFORE
        self._marks: dict[str, TimeRange] = {}
        self._moment: Moment | None = None
        self._shown: CompareState | None = None
        self._is_active = self._is_stale = False
        self._selected = ""
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._stack)
        self.setFocusProxy(self._page)
        self._connect()

    @override
    def groups(self) -> tuple[ChartGroup, ...]:
        return ()

    @override
    def activate(self, *, is_active: bool) -> None:
        self._is_active = is_active
        if not is_active:
            self._reads.drop()
            self._sides.drop()
            return
        self._compare()

    @override
    def show_moment(self, moment: Moment) -> None:
        self._moment = moment
        self._compare()

    @override
    def refresh(self, moment: Moment, topics: frozenset[Topic]) -> None:
        self._moment = moment
        if self._is_due(moment):
            self._compare(follows=True)

    @override
    def show_selection(self, entity_key: str) -> None:
        self._selected = entity_key
        self._page.select(entity_key)

    @override
    def narrow(self, words: str) -> None:
        self._page.narrow(words)

    @override
    def compare_with(self, against: Against) -> None:
        self._against = against
        self._page.show_against(against)
        self._compare()

    @override
    def mark(self, *, is_later: bool) -> None:
        if self._moment is not None:
            self._marks["later" if is_later else "earlier"] = self._moment.time_range
            self.compare_with(Against.MARKED)

    def open_choices(self) -> None:
        """Offer what can be compared with."""
        self._page.open_choices()

    def _connect(self) -> None:
        self._stack.action_requested.connect(self._answer)
        self._page.entity_chosen.connect(self.entity_chosen)
        self._page.entity_opened.connect(self.entity_opened)
        self._page.against_chosen.connect(self.compare_with)
        self._page.mark_earlier_asked.connect(lambda: self.mark(is_later=False))
        self._page.mark_later_asked.connect(lambda: self.mark(is_later=True))
        self._page.figure_chosen.connect(self._read_side)
        self._page.causes_asked.connect(self._ask_causes)

    def _ask_causes(self, entity_key: str) -> None:
        self.entity_chosen.emit(entity_key)
        self.panel_asked.emit("relationships", f"causes:{entity_key}")

    def _ranges(self, moment: Moment) -> RangePair | None:
        """What is compared at a moment; None while a range is not marked yet."""
        if self._against is not Against.MARKED:
            return RangePair(earlier_range(moment.time_range, self._against), moment.time_range)
        if len(self._marks) < len(("earlier", "later")):
            return None
        return RangePair.ordered(self._marks["earlier"], self._marks["later"])

    def _is_due(self, moment: Moment) -> bool:
        if self._shown is None or self._is_stale:
            return True
        if self._against is Against.MARKED:
            return False
        waits = min(_LONGEST_WAIT_SECONDS, moment.time_range.seconds / _STEPS)
        return (moment.at - self._shown.moment.at).total_seconds() >= waits

    def _compare(self, *, follows: bool = False) -> None:
        moment = self._moment
        if not self._is_active or moment is None:
            return
        ranges = self._ranges(moment)
        if ranges is None or ranges.overlap:
            self._shown = None
            self._reads.drop()
            self._stack.show_empty(self._unmarked() if ranges is None else self._overlapping())
            return
        if self._shown is None:
            self._stack.show_loading()
        read = Read(work=lambda: self._compared(ranges, moment), on_result=self._take, on_error=self._fail)
        (self._reads.follow if follows else self._reads.take_over)(read)

    def _compared(self, ranges: RangePair, moment: Moment) -> CompareState:
        """In a worker: the comparison, and what it says in sentences."""
        comparison = self._source.compare(ranges, moment.at)
        errors = self._failures.errors(Moment(ranges.later, ranges.later.end_at, live=False))
        return compare_state(comparison, what_changed(comparison, errors, moment.at), moment, self.tr)

    def _take(self, state: CompareState) -> None:
        self._shown, self._is_stale = state, False
        if not state.figures:
            self._stack.show_empty(
                Message(
                    self.tr("There is nothing to compare in these ranges"),
                    self.tr("Here stand the figures of services and integrations, as soon as a source tells them."),
                    (Offer(_AGAIN, self.tr("Try again")),),
                )
            )
            return
        self._page.show_state(state)
        self._page.select(self._selected)
        self._stack.show_fresh()

    def _fail(self, error: OperatorError) -> None:
        if self._shown is not None:
            self._is_stale = True
            time = moment_words(self._shown.moment.at, (self._moment or self._shown.moment).at)
            self._stack.show_stale(self.tr("{error} Shown as of {time}").format(error=error.message, time=time))
            return
        self._stack.show_failed(Message(error.message, error.next_step, (Offer(_AGAIN, self.tr("Try again")),)))

    def _read_side(self, row_id: str) -> None:
        state = self._shown
        one = state.figures.get(row_id) if state is not None else None
        if state is None or one is None:
            self._page.show_side(None)
            return
        source, tr = self._source, self.tr

        def work() -> SideState | None:
            told = source.side_by_side(one.series.id, state.ranges, _PIXELS)
            return side_state(told, one, state.moment, tr) if told is not None else None

        self._sides.take_over(Read(work=work, on_result=self._page.show_side, on_error=self._fail))

    def _unmarked(self) -> Message:
        missing = self.tr("later") if "earlier" in self._marks else self.tr("earlier")
        return Message(
            self.tr("The {which} range is not marked yet").format(which=missing),
            self.tr(
                "Take a stretch as the range, for example by dragging with Shift on a chart, and press [ to mark it as "
                "the earlier one or ] as the later one."
            ),
            (Offer(_BEFORE, self.tr("Compare with the time just before")),),
        )

    def _overlapping(self) -> Message:
        return Message(
            self.tr("The two marked ranges overlap"),
            self.tr("What lies in both cannot differ from itself. Mark another range with [ or ]."),
            (Offer(_BEFORE, self.tr("Compare with the time just before")),),
        )

    def _answer(self, key: str) -> None:
        if key == _BEFORE:
            self.compare_with(Against.BEFORE)
        else:
            self._compare()

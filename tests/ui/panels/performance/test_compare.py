"""The Compare view: two ranges, what changed in words, every figure, and the chosen one in both."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import numpy as np
import pytest
from PySide6.QtWidgets import QWidget

from quarterdeck.analysis.shifts import Shift
from quarterdeck.analysis.stretches import Stretch
from quarterdeck.domain.errors import OperatorError
from quarterdeck.domain.instants import TimeRange
from quarterdeck.services.compared_ranges import Against, RangePair
from quarterdeck.services.comparison import ComparedFigure, Comparison, SideBySide, numbers_of
from quarterdeck.services.error_patterns import ErrorReport
from quarterdeck.services.figures import Figure
from quarterdeck.services.moments import Moment
from quarterdeck.services.ports import Envelope
from quarterdeck.ui.charts.time_chart import TimeChart
from quarterdeck.ui.panels.performance.compare_desk import CompareDesk
from quarterdeck.ui.panels.performance.compare_words import signed_quantity
from quarterdeck.ui.panels.performance.other_views import COMPARE
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.widgets.buttons import Button
from quarterdeck.ui.widgets.column_table import ColumnTable
from quarterdeck.ui.widgets.state_stack import Freshness, StateStack
from quarterdeck.ui.widgets.text import PlainLabel
from tests.support.backgrounds import HeldBackground
from tests.ui.panels.performance.desk import Bench
from tests.ui.panels.performance.reports import LIVE, NOON, SERVICES, entity, line
from tests.ui.panels.performance.test_errors import report

GONE = OperatorError("The store cannot be read.", "See whether the disk is there.")
HOUR = timedelta(hours=1)


def figure(key: str, number: int, *, is_sure: bool = True, shift: Shift | None = None) -> ComparedFigure:
    info = replace(line(key).series, id=number)
    moved = shift or Shift(0.1, 0.4, 12.0, 0.99, 1e-9)
    since_at = NOON - timedelta(minutes=14) if is_sure else None
    return ComparedFigure(entity(key), Figure.RESPONSE_TIME, "", info, moved, None, is_sure, False, since_at)


def course(number: int, span: TimeRange) -> Envelope:
    edges = np.linspace(span.start_ms, span.end_ms, 11).astype(np.int64)
    values = np.array([1.0] * 9 + [np.nan])
    info = replace(line(SERVICES[0]).series, id=number)
    return Envelope(info, edges, values[:10], values, values, values, np.ones(10, np.int64))


@dataclass
class Source:
    """Answers with what it was given."""

    figures: tuple[ComparedFigure, ...] = field(
        default_factory=lambda: (figure(SERVICES[0], 1), figure(SERVICES[1], 2, is_sure=False))
    )
    fault: OperatorError | None = None
    asked: list[RangePair] = field(default_factory=list)
    sides: list[int] = field(default_factory=list)
    only: list[tuple[str, ...]] = field(default_factory=list)

    def compare(self, ranges: RangePair, at: datetime, only: tuple[str, ...] = ()) -> Comparison:
        self.asked.append(ranges)
        self.only.append(only)
        if self.fault is not None:
            raise self.fault
        return Comparison(ranges, self.figures, (), 3)

    def side_by_side(self, series_id: int, ranges: RangePair, pixels: int) -> SideBySide | None:
        self.sides.append(series_id)
        values = np.linspace(0.1, 0.9, 9)
        told = line(SERVICES[0]).series
        courses = (course(series_id, ranges.earlier), course(series_id, ranges.later))
        return SideBySide(told, ranges, numbers_of(values), numbers_of(values * 2), *courses)

    def errors(self, moment: Moment) -> ErrorReport:
        return report()


class Desk:
    def __init__(self, theme: Theme) -> None:
        self.source, self.background = Source(), HeldBackground()
        self.desk = CompareDesk(theme, self.source, self.source, self.background)
        self.desk.resize(1100, 820)
        self.chosen: list[str] = []
        self.opened: list[str] = []
        self.panels: list[tuple[str, str]] = []
        self.desk.entity_chosen.connect(self.chosen.append)
        self.desk.entity_opened.connect(self.opened.append)
        self.desk.panel_asked.connect(lambda panel, target: self.panels.append((panel, target)))
        self.desk.show_moment(LIVE)

    def open(self) -> None:
        self.desk.activate(is_active=True)
        self.settle()

    def settle(self) -> None:
        self.background.finish()
        self.background.finish()

    @property
    def tables(self) -> list[ColumnTable]:
        return self.desk.findChildren(ColumnTable)

    @property
    def freshness(self) -> Freshness:
        return self.desk.findChildren(StateStack)[0].freshness

    @property
    def words(self) -> str:
        return " | ".join(label.text() for label in self.desk.findChildren(PlainLabel))

    def press(self, text: str) -> None:
        (button,) = (one for one in self.desk.findChildren(Button) if one.text() == text)
        button.click()
        self.settle()


@pytest.fixture
def compare(theme: Theme, show: Callable[[QWidget], QWidget]) -> Desk:
    made = Desk(theme)
    show(made.desk)
    return made


def test_nothing_is_compared_before_the_view_is_looked_at(compare: Desk) -> None:
    compare.settle()
    assert compare.source.asked == []


def test_the_range_is_compared_with_the_time_just_before_at_first(compare: Desk) -> None:
    compare.open()
    (ranges,) = compare.source.asked
    assert ranges.later == LIVE.time_range
    assert ranges.earlier.end_at == LIVE.time_range.start_at
    assert "1 of 2 figures moved surely." in compare.words
    assert "3 cannot be compared" in compare.words
    assert "What changed at" in compare.words


@pytest.mark.parametrize(("against", "back"), [(Against.DAY, timedelta(days=1)), (Against.WEEK, timedelta(weeks=1))])
def test_another_earlier_time_is_compared_when_it_is_chosen(compare: Desk, against: Against, back: timedelta) -> None:
    compare.open()
    compare.desk.compare_with(against)
    compare.settle()
    assert LIVE.time_range.end_at - compare.source.asked[-1].earlier.end_at == back


def test_the_first_figure_is_shown_in_both_ranges_and_any_other_when_it_is_moved_to(compare: Desk) -> None:
    compare.open()
    assert compare.source.sides == [1]
    (chart,) = compare.desk.findChildren(TimeChart)
    assert len(chart.legend_entries) == 2
    assert compare.tables[1].shown_count == 7
    compare.tables[0].walk(1)
    compare.settle()
    assert compare.source.sides[-1] == 2
    assert compare.chosen == [SERVICES[1]]


def test_enter_opens_whom_a_figure_is_of(compare: Desk) -> None:
    compare.open()
    compare.tables[0].row_activated.emit("2")
    compare.tables[0].row_activated.emit("no such row")
    assert compare.opened == [SERVICES[1], ""]


def test_the_buttons_lead_to_the_causes_and_to_yesterday(compare: Desk) -> None:
    compare.open()
    compare.press("Open cause ranking")
    assert compare.panels == [("relationships", f"causes:{SERVICES[0]}")]
    compare.press("Compare with yesterday")
    assert LIVE.time_range.end_at - compare.source.asked[-1].earlier.end_at == timedelta(days=1)


def test_two_marked_ranges_are_compared_in_their_order_whichever_was_marked_first(compare: Desk) -> None:
    compare.open()
    compare.press("Mark as later")
    assert compare.freshness is Freshness.EMPTY
    assert "The earlier range is not marked yet" in compare.words
    before = TimeRange.ending(NOON - 3 * HOUR, 600)
    compare.desk.show_moment(Moment(before, NOON))
    compare.desk.mark(is_later=False)
    compare.settle()
    assert compare.source.asked[-1] == RangePair(before, LIVE.time_range)
    assert compare.freshness is Freshness.FRESH


def test_marked_ranges_that_overlap_are_refused_with_a_next_step(compare: Desk) -> None:
    compare.open()
    compare.press("Mark as later")
    compare.desk.show_moment(Moment(TimeRange.ending(NOON - timedelta(minutes=5), 3600), NOON))
    compare.desk.mark(is_later=False)
    compare.settle()
    assert "The two marked ranges overlap" in compare.words
    compare.desk.findChildren(StateStack)[0].action_requested.emit("before")
    compare.settle()
    assert compare.freshness is Freshness.FRESH


def test_a_store_that_cannot_be_read_is_told_and_tried_again(compare: Desk) -> None:
    compare.source.fault = GONE
    compare.open()
    assert compare.freshness is Freshness.FAILED
    compare.source.fault = None
    compare.desk.findChildren(StateStack)[0].action_requested.emit("again")
    compare.settle()
    assert compare.freshness is Freshness.FRESH


def test_a_comparison_that_cannot_be_read_anew_stays_as_old(compare: Desk) -> None:
    compare.open()
    compare.source.fault = GONE
    later = NOON + timedelta(minutes=3)
    compare.desk.refresh(Moment(TimeRange.ending(later, 3600), later), frozenset())
    compare.settle()
    assert compare.freshness is Freshness.STALE


def test_no_figures_are_told_so(compare: Desk) -> None:
    compare.source.figures = ()
    compare.open()
    assert compare.freshness is Freshness.EMPTY


def test_what_is_too_little_to_compare_is_a_dash_and_not_zero(compare: Desk) -> None:
    few = replace(figure(SERVICES[0], 1, is_sure=False), shift=None)
    stretch = Stretch(3, 5, 0.1, 0.9, 8.0, 1e-6)
    odd = replace(figure(SERVICES[1], 2, is_sure=False), stretch=stretch, is_stretch_sure=True)
    compare.source.figures = (replace(odd, since_at=NOON - HOUR, until_at=NOON), few)
    compare.open()
    compare.desk.narrow("from about")
    assert compare.tables[0].shown_count == 1
    compare.desk.narrow("too little is kept")
    assert compare.tables[0].shown_count == 1


def test_an_entity_selected_elsewhere_chooses_its_figure(compare: Desk) -> None:
    compare.open()
    compare.desk.show_selection(SERVICES[1])
    compare.settle()
    assert compare.tables[0].selected_id == "2"
    compare.desk.show_selection("service/unheard-of")
    assert compare.tables[0].selected_id == "2"


def test_a_difference_tells_its_sign_and_none_is_a_dash() -> None:
    assert (signed_quantity(0.2, "s"), signed_quantity(-0.2, "s"), signed_quantity(0.0, "1")[0]) == (
        "+200 ms",
        "−200 ms",
        "0",
    )
    assert signed_quantity(float("nan"), "s") == "—"


def test_ranges_are_marked_from_the_charts_too(bench: Bench, theme: Theme) -> None:
    source = Source()
    bench.view.views.offer(COMPARE, lambda: CompareDesk(theme, source, source, bench.background))
    told: list[str] = []
    bench.view.notice_raised.connect(told.append)
    bench.view._mark(is_later=True)
    bench.show(Moment(TimeRange.ending(NOON - 3 * HOUR, 600), NOON))
    bench.view._mark(is_later=False)
    bench.view._choose_kind(COMPARE)
    bench.background.finish()
    assert len(told) == 2
    assert source.asked == [RangePair(TimeRange.ending(NOON - 3 * HOUR, 600), LIVE.time_range)]

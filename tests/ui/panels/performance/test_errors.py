"""The Errors view: patterns with counts, the course and failures of the chosen one, and what stands in its place."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from quarterdeck.analysis.error_patterns import STEPS
from quarterdeck.domain.errors import OperatorError
from quarterdeck.domain.instants import TimeRange
from quarterdeck.services.error_patterns import ErrorReport, KnownPattern, ToldFailure
from quarterdeck.services.moments import Moment
from quarterdeck.services.ports import Topic
from quarterdeck.ui.charts.time_chart import TimeChart
from quarterdeck.ui.panels.performance.error_desk import ErrorDesk
from quarterdeck.ui.panels.performance.error_words import error_state, failure_data
from quarterdeck.ui.panels.performance.other_views import ERRORS
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.widgets.column_table import ColumnTable
from quarterdeck.ui.widgets.filter_line import FilterLine
from quarterdeck.ui.widgets.state_stack import Freshness, StateStack
from quarterdeck.ui.widgets.text import PlainLabel
from tests.support.backgrounds import HeldBackground
from tests.ui.panels.performance.desk import Bench
from tests.ui.panels.performance.reports import LIVE, NOON

GONE = OperatorError("The store cannot be read.", "See whether the disk is there.")
BEFORE = TimeRange(LIVE.time_range.start_at - timedelta(hours=1), LIVE.time_range.start_at)
BEGIN = BEFORE.start_at - timedelta(days=3)
EVENTS = frozenset({Topic.EVENTS})
MARKUP = "<img src=file:///etc/passwd> broke"


def pattern(template: str, now: int, before: int, key: str = "integration/payhub") -> KnownPattern:
    course = (0,) * (STEPS - 1) + (now,)
    told = tuple(
        ToldFailure(NOON - timedelta(seconds=number), f"{template} {number}", "503", key, "payment.rejected", "PAY-1")
        for number in range(min(now, 5))
    )
    ends = (NOON - timedelta(minutes=90), NOON - timedelta(minutes=1))
    codes, entities = (("503", now), ("502", 1)), ((key, now),)
    return KnownPattern(template, template, template, now, before, *ends, codes, entities, course, told)


def report(*patterns: KnownPattern, missing_from: timedelta = timedelta()) -> ErrorReport:
    shown = LIVE.time_range
    names = {"integration/payhub": "PayHub"}
    return ErrorReport(shown, BEFORE, patterns, names, shown.start_at + missing_from, BEFORE.start_at, 0, BEGIN)


@dataclass
class Source:
    """Answers with what it was given."""

    answer: ErrorReport = field(default_factory=lambda: report(pattern("timed out", 9, 3), pattern(MARKUP, 2, 0, "")))
    fault: OperatorError | None = None
    asked: list[Moment] = field(default_factory=list)

    def errors(self, moment: Moment) -> ErrorReport:
        self.asked.append(moment)
        if self.fault is not None:
            raise self.fault
        return self.answer


class Desk:
    def __init__(self, theme: Theme) -> None:
        self.source, self.background = Source(), HeldBackground()
        self.desk = ErrorDesk(theme, self.source, self.background)
        self.desk.resize(1100, 760)
        self.chosen: list[str] = []
        self.opened: list[str] = []
        self.desk.entity_chosen.connect(self.chosen.append)
        self.desk.entity_opened.connect(self.opened.append)
        self.desk.show_moment(LIVE)

    def open(self) -> None:
        self.desk.activate(is_active=True)
        self.background.finish()

    @property
    def tables(self) -> list[ColumnTable]:
        return self.desk.findChildren(ColumnTable)

    @property
    def freshness(self) -> Freshness:
        return self.desk.findChildren(StateStack)[0].freshness

    @property
    def words(self) -> list[str]:
        return [label.text() for label in self.desk.findChildren(PlainLabel) if not label.isHidden()]


@pytest.fixture
def errors(theme: Theme, show: Callable[[QWidget], QWidget]) -> Desk:
    made = Desk(theme)
    show(made.desk)
    return made


def test_nothing_is_mined_before_the_view_is_looked_at(errors: Desk) -> None:
    errors.background.finish()
    assert errors.source.asked == []


def test_patterns_are_listed_with_what_they_add_up_to(errors: Desk) -> None:
    errors.open()
    assert errors.tables[0].shown_count == 2
    assert any(words.startswith("11 failures") and "3 in the equal time before" in words for words in errors.words)


def test_a_pattern_moved_to_selects_whom_it_is_told_of_and_shows_its_own_failures(errors: Desk) -> None:
    errors.open()
    errors.tables[0].setFocus()
    errors.tables[0].walk(1)
    assert errors.chosen == ["integration/payhub"]
    assert errors.tables[1].shown_count == 5
    (chart,) = errors.desk.findChildren(TimeChart)
    assert [entry.name for entry in chart.legend_entries] == ["timed out"]
    assert any("For example: timed out" in words and "503 (9)" in words for words in errors.words)


def test_enter_opens_whom_a_pattern_or_a_failure_is_told_of(errors: Desk) -> None:
    errors.open()
    errors.tables[0].walk(1)
    view = errors.tables[0].focusProxy()
    assert isinstance(view, QWidget)
    QTest.keyClick(view, Qt.Key.Key_Return)
    errors.tables[1].row_activated.emit("0")
    errors.tables[1].row_activated.emit("77")
    assert errors.opened == ["integration/payhub", "integration/payhub", ""]


def test_an_entity_selected_elsewhere_chooses_its_pattern(errors: Desk) -> None:
    errors.open()
    errors.desk.show_selection("integration/payhub")
    assert errors.tables[0].selected_id == "timed out"
    errors.desk.show_selection("service/unheard-of")
    assert errors.tables[0].selected_id == ""


def test_only_patterns_with_the_words_are_shown(errors: Desk) -> None:
    errors.open()
    errors.desk.narrow("timed")
    assert errors.tables[0].shown_count == 1


def test_no_failures_are_told_with_how_far_was_looked(errors: Desk) -> None:
    errors.source.answer = report()
    errors.open()
    assert errors.freshness is Freshness.EMPTY
    assert any("No event tells a failure since" in words for words in errors.words)


def test_a_store_that_cannot_be_read_is_told_and_tried_again(errors: Desk) -> None:
    errors.source.fault = GONE
    errors.open()
    assert errors.freshness is Freshness.FAILED
    errors.source.fault = None
    errors.desk.findChildren(StateStack)[0].action_requested.emit("again")
    errors.background.finish()
    assert errors.freshness is Freshness.FRESH


def test_patterns_that_cannot_be_read_anew_stay_as_old(errors: Desk) -> None:
    errors.open()
    errors.source.fault = GONE
    later = NOON + timedelta(minutes=3)
    errors.desk.refresh(Moment(TimeRange.ending(later, 3600), later), EVENTS)
    errors.background.finish()
    assert errors.freshness is Freshness.STALE
    assert errors.tables[0].shown_count == 2


def test_they_are_mined_anew_as_time_goes_on_and_events_come_but_not_at_every_turn(errors: Desk) -> None:
    errors.open()
    for seconds, topics in ((5, EVENTS), (70, frozenset[Topic]()), (71, EVENTS)):
        at = NOON + timedelta(seconds=seconds)
        errors.desk.refresh(Moment(TimeRange.ending(at, 3600), at), topics)
        errors.background.finish()
    assert len(errors.source.asked) == 2


def test_a_view_that_is_left_mines_no_more(errors: Desk) -> None:
    errors.open()
    errors.desk.activate(is_active=False)
    errors.desk.show_moment(Moment(TimeRange.ending(NOON, 600), NOON))
    errors.background.finish()
    assert len(errors.source.asked) == 1


def test_counts_that_are_not_whole_say_from_when_on_they_are() -> None:
    state = error_state(report(pattern("x", 9, 0), missing_from=timedelta(minutes=30)), LIVE, str)
    assert "counts now begin at" in state.missing
    assert sum(state.total.value != state.total.value) > 40, "what was not read is a gap, not zero"


def test_what_lies_before_the_first_event_is_not_counted_as_none() -> None:
    young = replace(report(pattern("x", 9, 0)), events_begin_at=LIVE.time_range.start_at)
    state = error_state(young, LIVE, str)
    assert state.table.cells[3].text(0) == "—"
    assert "new" not in state.table.cells[1].text(0)
    assert "No event is kept from before" in state.missing
    known = error_state(report(pattern("x", 9, 0)), LIVE, str)
    assert known.table.cells[3].text(0) == "0"
    assert "new" in known.table.cells[1].text(0)


def test_the_newest_failures_of_all_patterns_are_listed_where_none_is_chosen() -> None:
    state = error_state(report(pattern("a", 3, 0), pattern("b", 9, 0)), LIVE, str)
    assert len(failure_data(None, state).ids) == 8


def test_the_top_bar_leads_to_the_errors_and_back_to_the_charts(bench: Bench, theme: Theme) -> None:
    source = Source()
    bench.view.views.offer(ERRORS, lambda: ErrorDesk(theme, source, bench.background))
    bench.view._choose_kind(ERRORS)
    bench.background.finish()
    assert source.asked == [LIVE]
    (line,) = (widget for widget in bench.view.bar_widgets() if isinstance(widget, FilterLine))
    assert not line.isHidden()
    asked = len(bench.source.asked)
    bench.show(Moment(TimeRange.ending(NOON, 600), NOON))
    assert len(bench.source.asked) == asked, "charts that nobody looks at are not read"
    bench.view.show_target("integration/payhub")
    bench.background.finish()
    assert bench.view.views.current == ""
    assert len(bench.source.asked) > asked

"""What moved, beside the charts: on a key, for the range shown, until it is closed."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from quarterdeck.analysis.shifts import Shift
from quarterdeck.domain.errors import OperatorError
from quarterdeck.domain.instants import TimeRange
from quarterdeck.services.compared_ranges import Against
from quarterdeck.services.figures import Figure
from quarterdeck.services.moments import Moment
from quarterdeck.services.moved import Moved, MovedReport
from quarterdeck.ui.panels.performance.moved_desk import MovedDesk
from quarterdeck.ui.panels.performance.moved_page import MovedPage
from quarterdeck.ui.panels.performance.moved_words import moved_state
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.widgets.column_table import ColumnTable
from quarterdeck.ui.widgets.text import PlainLabel
from tests.support.backgrounds import HeldBackground
from tests.ui.panels.performance.reports import LIVE, NOON, SERVICES, entity, line

GONE = OperatorError("The store cannot be read.", "See whether the disk is there.")
EARLIER = TimeRange(LIVE.time_range.start_at - timedelta(hours=1), LIVE.time_range.start_at)


def moved(key: str, after: float) -> Moved:
    shift = Shift(0.1, after, 12.0, 0.99, 1e-9)
    return Moved(entity(key), Figure.RESPONSE_TIME, "", line(key).series, shift, NOON - timedelta(minutes=12))


@dataclass
class Source:
    """Answers with what it was given."""

    report: MovedReport = field(default_factory=lambda: MovedReport(EARLIER, (moved(SERVICES[1], 0.9),), 7, 2))
    fault: OperatorError | None = None
    asked: list[Moment] = field(default_factory=list)
    against: list[Against] = field(default_factory=list)

    def moved(self, moment: Moment, against: Against) -> MovedReport:
        self.asked.append(moment)
        self.against.append(against)
        if self.fault is not None:
            raise self.fault
        return self.report


class Bench:
    def __init__(self, theme: Theme) -> None:
        self.holder, self.source, self.background = QWidget(), Source(), HeldBackground()
        self.desk = MovedDesk(theme, self.holder)
        self.desk.present(self.source, self.background)
        self.desk.show_moment(LIVE)
        self.pages: list[MovedPage | None] = []
        self.chosen: list[str] = []
        self.opened: list[str] = []
        self.desk.page_changed.connect(self.pages.append)
        self.desk.entity_chosen.connect(self.chosen.append)
        self.desk.entity_opened.connect(self.opened.append)

    def open(self) -> MovedPage:
        self.desk.toggle()
        self.background.finish()
        page = self.pages[-1]
        assert page is not None
        return page

    @property
    def words(self) -> list[str]:
        page = self.pages[-1]
        assert page is not None
        return [label.text() for label in page.findChildren(PlainLabel) if not label.isHidden()]


@pytest.fixture
def bench(theme: Theme) -> Iterator[Bench]:
    made = Bench(theme)
    yield made
    made.holder.deleteLater()


def test_nothing_is_compared_before_it_is_asked_for(bench: Bench) -> None:
    bench.background.finish()
    assert bench.source.asked == []


def test_the_page_lists_what_moved_and_what_else_was_looked_at(
    bench: Bench, show: Callable[[QWidget], QWidget]
) -> None:
    page = bench.open()
    show(bench.holder)
    page.show()
    (table,) = page.findChildren(ColumnTable)
    assert table.shown_count == 1
    assert any(words.startswith("7 others did not, or not surely. 2 cannot be compared") for words in bench.words)


def test_a_line_moved_to_selects_its_entity_and_enter_charts_it(bench: Bench) -> None:
    (table,) = bench.open().findChildren(ColumnTable)
    table.row_selected.emit("7")
    table.row_activated.emit("no such line")
    assert bench.chosen
    assert bench.opened == [""]


def test_where_nothing_moved_that_is_said(bench: Bench) -> None:
    bench.source.report = MovedReport(EARLIER, (), 9, 0)
    bench.open()
    assert "Nothing moved surely." in bench.words


def test_a_store_that_cannot_be_read_is_told_with_the_next_step_and_tried_again(bench: Bench) -> None:
    bench.source.fault = GONE
    bench.open()
    assert f"{GONE.message} {GONE.next_step}" in bench.words
    bench.source.fault = None
    bench.desk.refresh(LIVE)
    bench.background.finish()
    assert not any(GONE.message in words for words in bench.words)


def test_another_range_is_compared_at_once_and_the_same_only_as_time_goes_on(bench: Bench) -> None:
    bench.open()
    for seconds in (1, 30, 61):
        at = NOON + timedelta(seconds=seconds)
        bench.desk.refresh(Moment(TimeRange.ending(at, 3600), at))
        bench.background.finish()
    assert len(bench.source.asked) == 2
    bench.desk.show_moment(Moment(TimeRange.ending(NOON, 600), NOON))
    bench.background.finish()
    assert len(bench.source.asked) == 3


def test_the_same_time_a_week_earlier_is_compared_when_it_is_chosen_and_a_stretch_tells_its_end(bench: Bench) -> None:
    page = bench.open()
    stretch = replace(moved(SERVICES[1], 0.9), until_at=NOON - timedelta(minutes=2))
    bench.source.report = MovedReport(EARLIER, (stretch,), 1, 0)
    page.against_chosen.emit(Against.WEEK)
    bench.background.finish()
    assert bench.source.against == [Against.BEFORE, Against.WEEK]
    (line_shown,) = moved_state(bench.source.report, LIVE, str).lines
    assert " from " in line_shown.change
    assert "for a stretch only" in line_shown.detail


def test_its_key_closes_it_from_within_the_list_too(bench: Bench, show: Callable[[QWidget], QWidget]) -> None:
    page = bench.open()
    show(bench.holder)
    page.show()
    (table,) = page.findChildren(ColumnTable)
    table.setFocus()
    QTest.keyClick(table.focusProxy() or table, Qt.Key.Key_M)
    assert bench.pages[-1] is None


@pytest.mark.parametrize("way", ["key", "escape"])
def test_it_is_closed_by_its_key_and_by_escape_and_reads_no_more(bench: Bench, way: str) -> None:
    page = bench.open()
    if way == "key":
        bench.desk.toggle()
    else:
        QTest.keyClick(page, Qt.Key.Key_Escape)
    assert bench.pages[-1] is None
    bench.desk.show_moment(Moment(TimeRange.ending(NOON, 600), NOON))
    bench.background.finish()
    assert len(bench.source.asked) == 1

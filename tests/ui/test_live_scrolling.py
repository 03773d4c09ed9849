"""A live chart over the columns of its own grid scrolls: successive refreshes keep the picture and paint its end."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC

import numpy as np
import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from quarterdeck.analysis.columns import column_edges, gathered
from quarterdeck.analysis.courses import course_of
from quarterdeck.domain.instants import TimeRange, from_ms
from quarterdeck.services.chart_columns import chart_columns
from quarterdeck.ui.charts.chart_group import ChartGroup
from quarterdeck.ui.charts.line_board import LineBoard
from quarterdeck.ui.charts.line_data import LineData
from quarterdeck.ui.charts.line_picture import LinePicture, render_lines
from quarterdeck.ui.charts.time_chart import ChartStyle, TimeChart
from quarterdeck.ui.theme.theme import Theme
from tests.support.backgrounds import HeldBackground

BEGIN_MS = 1_795_500_000_123
HOUR_MS = 3_600_000
PIXELS = 1096
SAMPLE_MS = 1000
PATIENCE_SECONDS = 90.0


@dataclass(slots=True)
class Source:
    """Five hours of samples a second, the same at every reading; only those up to now have come."""

    seed: int
    times_ms: np.ndarray = field(init=False)
    values: np.ndarray = field(init=False)

    def __post_init__(self) -> None:
        random = np.random.default_rng(self.seed)
        self.times_ms = BEGIN_MS - 2 * HOUR_MS + SAMPLE_MS * np.arange(5 * 3600, dtype=np.int64)
        self.values = 2.0 + 0.3 * np.sin(np.arange(5 * 3600) / 400) + random.normal(0, 0.05, 5 * 3600)
        self.values[::997] = 4.5
        self.values[5::1201] = 0.0

    def line(self, label: str, shown: TimeRange) -> LineData:
        read = chart_columns(shown, PIXELS, patience_seconds=PATIENCE_SECONDS, live=True)
        edges = column_edges(read.time_range.start_ms, read.time_range.end_ms, read.count)
        come = self.times_ms < shown.end_ms
        found = gathered(self.times_ms[come], self.values[come], edges)
        extent = (shown.start_ms, shown.end_ms)
        columns = (found.low, found.high, found.mean)
        course = course_of(edges, columns, patience_ms=int(PATIENCE_SECONDS * 1000), shown_ms=extent)
        return LineData(label, "s", course.times_ms / 1000, course.low, course.high, course.mean)


class Page(QWidget):
    """One chart of several lines over an hour, shown at one instant after the other."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.group = ChartGroup(0.0, 1.0, self)
        self.workers = HeldBackground()
        self.chart = TimeChart(theme, self.group, "Response time", style=ChartStyle(unit="s"), zone=UTC)
        self.chart.setParent(self)
        self.chart.draw_in(self.workers)
        self.sources = {name: Source(seed) for seed, name in enumerate("abcd")}
        self.resize(1200, 500)
        self.chart.resize(1200, 500)

    @property
    def board(self) -> LineBoard:
        return self.chart._board

    @property
    def lines(self) -> LinePicture:
        """The picture of the lines, which there is once the chart was painted."""
        assert self.board.picture is not None
        return self.board.picture

    def show_at(self, now_ms: int) -> QImage:
        shown = TimeRange(from_ms(now_ms - HOUR_MS), from_ms(now_ms))
        self.group.take_over(shown.start_at.timestamp(), shown.end_at.timestamp(), None)
        self.chart.set_lines(tuple(source.line(name, shown) for name, source in self.sources.items()))
        return self.picture()

    def picture(self) -> QImage:
        return self.chart._surface.grab().toImage()


@pytest.fixture
def page(theme: Theme, show: Callable[[QWidget], QWidget]) -> Page:
    made = Page(theme)
    show(made)
    made.show_at(BEGIN_MS)
    return made


def moments(count: int) -> list[int]:
    """Instants as a live console refreshes: every few seconds, never on a column's edge."""
    random = np.random.default_rng(7)
    return [BEGIN_MS + int(step) for step in np.cumsum(random.integers(1700, 9000, count))]


def test_successive_live_refreshes_scroll_the_picture_they_have(page: Page) -> None:
    before = page.lines
    heads = set()
    for now_ms in moments(12):
        page.show_at(now_ms)
        assert page.lines is before
        assert page.board.is_exact
        heads.add(before.head)
    assert page.workers.waiting == []
    assert len(heads) > 6


def test_a_picture_that_scrolled_for_long_is_the_one_drawn_anew(page: Page) -> None:
    scrolled = QImage()
    for now_ms in moments(12):
        scrolled = page.show_at(now_ms)
        picture = page.lines
        assert np.array_equal(np.roll(picture.pixels, -picture.head, axis=1), render_lines(picture.job).pixels)
    page.board.forget()
    page.chart._repaint()
    assert page.picture() == scrolled
    assert page.lines.head == 0


def test_a_range_of_the_past_ends_with_its_last_column() -> None:
    shown = TimeRange(from_ms(BEGIN_MS - HOUR_MS), from_ms(BEGIN_MS))
    past = chart_columns(shown, PIXELS, patience_seconds=PATIENCE_SECONDS, live=False)
    live = chart_columns(shown, PIXELS, patience_seconds=PATIENCE_SECONDS, live=True)
    assert past.time_range.end_ms == BEGIN_MS < live.time_range.end_ms


def test_the_columns_of_two_live_moments_are_the_same_where_they_overlap() -> None:
    edges = []
    for now_ms in (BEGIN_MS, BEGIN_MS + 12_345):
        shown = TimeRange(from_ms(now_ms - HOUR_MS), from_ms(now_ms))
        read = chart_columns(shown, PIXELS, patience_seconds=PATIENCE_SECONDS, live=True)
        edges.append(column_edges(read.time_range.start_ms, read.time_range.end_ms, read.count))
    first, second = edges
    assert np.array_equal(first[first >= second[0]], second[second <= first[-1]])


@pytest.mark.parametrize("seconds", [0.5, 60, 900, 3600, 7_776_000], ids=["half", "minute", "quarter", "hour", "days"])
def test_a_grid_covers_its_range_in_about_a_column_a_pixel(seconds: float) -> None:
    shown = TimeRange.ending(from_ms(BEGIN_MS), seconds)
    read = chart_columns(shown, PIXELS, patience_seconds=900, live=True)
    assert read.time_range.start_ms < shown.start_ms
    assert read.time_range.end_ms >= shown.end_ms
    assert read.count <= 3 * PIXELS + 2
    assert (read.time_range.end_ms - read.time_range.start_ms) % read.count == 0

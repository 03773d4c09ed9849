"""A chart of dense lines is shown from a picture, moves at once, and costs nothing that stays."""

import gc
import sys
import tracemalloc
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC

import numpy as np
import pytest
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QWidget

from quarterdeck.ui.charts.chart_group import ChartGroup
from quarterdeck.ui.charts.line_data import LineData
from quarterdeck.ui.charts.time_chart import ChartStyle, TimeChart
from quarterdeck.ui.theme.scheme import ThemeChoice
from quarterdeck.ui.theme.theme import Theme
from tests.support.backgrounds import HeldBackground

START, END = 1_795_500_000.0, 1_795_503_600.0
COLUMNS = 3000
FRAMES = 1500


class Page(QWidget):
    """One chart, and workers for its pictures."""

    def __init__(self, theme: Theme, width: int, height: int) -> None:
        super().__init__()
        self.group = ChartGroup(START, END, self)
        self.workers = HeldBackground()
        self.chart = TimeChart(theme, self.group, "Response time", style=ChartStyle(unit="s"), zone=UTC)
        self.chart.setParent(self)
        self.chart.draw_in(self.workers)
        self.resize(width, height)
        self.chart.resize(width, height)

    @property
    def board(self):  # noqa: ANN201 -- only this test looks behind the chart
        return self.chart._board

    def picture(self) -> QImage:
        return self.chart._surface.grab().toImage()


def dense(label: str, seed: int = 1, columns: int = COLUMNS) -> LineData:
    random = np.random.default_rng(seed)
    times = np.linspace(START - 600, END + 600, columns)
    middle = 2 + np.cumsum(random.normal(0, 0.01, columns))
    spread = np.abs(random.normal(0, 0.2, columns))
    return LineData(label, "s", times, middle - spread, middle + spread, middle)


@pytest.fixture
def page(theme: Theme, show: Callable[[QWidget], QWidget]) -> Page:
    made = Page(theme, 1300, 700)
    show(made)
    made.chart.set_lines(tuple(dense(name, at) for at, name in enumerate("abcd")))
    made.picture()
    return made


def test_a_zoomed_chart_shows_the_stretched_picture_until_the_fresh_one_is_there(page: Page) -> None:
    assert page.board.is_exact
    page.group.zoom(0.9, START + 1800)
    stand_in = page.picture()
    assert not page.board.is_exact
    page.workers.finish()
    fresh = page.picture()
    assert page.board.is_exact
    assert stand_in != fresh


def test_a_panned_chart_shows_the_shifted_picture_at_once(page: Page) -> None:
    before = page.picture()
    plot = page.chart._plot
    assert plot is not None
    step = (END - START) / plot.area.width()
    page.group.pan(-40 * step)
    after = page.picture()
    assert not page.board.is_exact
    y = round(plot.area.center().y())
    xs = range(round(plot.area.left()) + 100, round(plot.area.right()) - 100)
    assert any(before.pixel(x, y) != before.pixel(xs[0], y) for x in xs)
    same = sum(before.pixel(x - 40, y) == after.pixel(x, y) for x in xs)
    assert same > 0.95 * len(xs)


def test_a_chart_in_another_theme_never_shows_the_colours_of_the_former(page: Page, theme: Theme) -> None:
    theme.choose(ThemeChoice.LIGHT)
    light = page.picture()
    assert page.board.is_exact
    assert page.workers.waiting == []
    colours = {light.pixelColor(x, 350).name() for x in range(200, 1200)}
    assert "#6aa5ff" not in colours
    assert colours & {"#2563d8", "#b8520a", "#0f7a58", "#45278f"}


def test_few_points_take_the_place_of_a_picture_without_a_trace(page: Page) -> None:
    page.chart.set_lines((dense("a", columns=50),))
    sparse = page.picture()
    assert page.board.picture is None
    other = QImage(sparse.size(), sparse.format())
    other.fill(0)
    assert sparse != other


@pytest.mark.slow
def test_thousands_of_frames_lose_no_reference_and_keep_no_memory(
    theme: Theme, show: Callable[[QWidget], QWidget]
) -> None:
    page = Page(theme, 260, 150)
    show(page)
    lines = [tuple(dense(name, seed + at, 700) for at, name in enumerate("ab")) for seed in range(3)]
    target = QImage(260, 150, QImage.Format.Format_RGB32)

    def frames(count: int) -> None:
        for number in range(count):
            page.chart.set_lines(lines[number % 3])
            page.group.set_range(START + number % 7, END + number % 7)
            painter = QPainter(target)
            page.chart._paint_data(painter)
            painter.end()

    frames(50)
    gc.collect()
    before = sys.getrefcount(None)
    frames(FRAMES)
    gc.collect()
    assert abs(before - sys.getrefcount(None)) < FRAMES / 10
    tracemalloc.start()
    frames(20)
    kept = tracemalloc.get_traced_memory()[0]
    frames(80)
    gc.collect()
    grown = tracemalloc.get_traced_memory()[0] - kept
    tracemalloc.stop()
    assert grown < 100_000


def test_a_chosen_line_lies_over_the_others_in_a_picture(page: Page) -> None:
    lines = tuple(dense(name, 1) for name in "ab")
    page.chart.set_lines((lines[0], replace(lines[1], is_chosen=True)))
    picture = page.picture()
    seen = [picture.pixelColor(x, y).name() for x in range(300, 900, 3) for y in range(100, 600, 5)]
    assert seen.count("#f0953f") > 20 * (1 + seen.count("#6aa5ff"))


@pytest.mark.parametrize("columns", [3, 2500])
@pytest.mark.parametrize("odd", [1e308, -1e308, float("inf"), float("nan"), 5e-324])
def test_no_value_whatever_stops_a_chart(page: Page, columns: int, odd: float) -> None:
    values = np.resize(np.array([odd, -odd, 5.0]), columns)
    times = np.linspace(START, END, columns)
    page.chart.set_lines((LineData("odd", "s", times, values, values.copy(), values),))
    assert not page.picture().isNull()

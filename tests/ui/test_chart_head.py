"""The head of a chart in little room: the title stands, the rest gives way in an order, and nothing dances."""

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from quarterdeck.ui.charts.chart_group import ChartGroup
from quarterdeck.ui.charts.chart_head import ChartHead
from quarterdeck.ui.charts.legend import Legend, LegendEntry, even_limit
from quarterdeck.ui.charts.line_data import LineData
from quarterdeck.ui.charts.time_chart import TimeChart
from quarterdeck.ui.theme.measures import CARD_PADDING
from quarterdeck.ui.theme.theme import Theme

NAMES = ("PayHub processor", "Dispatcher", "Aggregation")
ENTRIES = tuple(LegendEntry(name, "38 ms", slot) for slot, name in enumerate(NAMES))


def line(name: str, *values: float) -> LineData:
    return LineData.of_samples(name, "s", np.linspace(0.0, 60.0, len(values)), np.array(values))


class Chart:
    """A head in a chart of its own, as wide as is asked for."""

    def __init__(self, theme: Theme, show: Callable[[QWidget], QWidget]) -> None:
        self.group = ChartGroup(0.0, 60.0)
        self.widget = TimeChart(theme, self.group, "Response time", subtitle="95 of 100 requests")
        self.head: ChartHead = self.widget._head
        self.legend: Legend = self.head._legend
        self.widget.resize(900, 200)
        self.widget.set_lines(tuple(line(name, 0.1, 0.2, 0.038) for name in NAMES))
        show(self.widget)

    def narrow_to(self, width: int) -> None:
        self.widget.resize(width, self.widget.height())
        QApplication.processEvents()

    def fitting(self, names: int) -> int:
        """The width of the chart at which the legend has so many pixels for each name, beside the title."""
        fixed = self.legend._total([0] * len(NAMES)) + 4 * len(NAMES)
        return fixed + names * len(NAMES) + self.head._title.sizeHint().width() + 12 + 2 * CARD_PADDING + 2


@pytest.fixture
def chart(theme: Theme, show: Callable[[QWidget], QWidget]) -> Chart:
    return Chart(theme, show)


@pytest.fixture
def legend(theme: Theme, show: Callable[[QWidget], QWidget]) -> Legend:
    made = Legend(theme)
    show(made)
    made.set_entries(ENTRIES)
    made.resize(made.sizeHint())
    return made


@pytest.mark.parametrize(
    ("wished", "room", "limit"),
    [
        ([100, 20, 60], 300, 100),
        ([100, 20, 60], 150, 70),
        ([100, 20, 60], 60, 20),
        ([100, 20, 60], 30, 10),
        ([100, 20], -5, 0),
        ([], 50, 0),
    ],
    ids=["all whole", "longest cut", "two cut", "all cut", "no room", "nothing"],
)
def test_short_widths_stay_whole_while_longer_ones_share_the_room(wished: list[int], room: int, limit: int) -> None:
    assert even_limit(wished, room) == limit
    assert sum(min(limit, width) for width in wished) <= max(0, room)


def test_with_room_every_name_is_whole_and_needs_no_tool_tip(legend: Legend) -> None:
    assert legend.shown_names() == NAMES
    assert legend.plain_tool_tip_at(QPoint(5, 5)) == ""


@pytest.mark.parametrize("name", ["vm", "fi", "ill", "Payments", "tv-1", "WAVE"])
def test_a_single_name_is_whole_however_its_width_is_rounded(theme: Theme, name: str) -> None:
    made = Legend(theme)
    made.set_entries((LegendEntry(name, "27%", 0),))
    made.resize(made.sizeHint())
    assert made.shown_names() == (name,)


def test_the_longest_name_is_cut_first_and_the_tool_tip_tells_it(legend: Legend) -> None:
    legend.resize(legend.sizeHint().width() - 20, legend.height())
    shown = legend.shown_names()
    assert shown[0].endswith("…")
    assert shown[1:] == NAMES[1:]
    assert "PayHub processor 38 ms" in legend.plain_tool_tip_at(QPoint(5, 5))


@pytest.mark.parametrize("missing", [20, 60, 100])
def test_the_last_value_stays_inside_however_names_are_cut(legend: Legend, missing: int) -> None:
    legend.resize(legend.sizeHint().width() - missing, legend.height())
    metrics = QFontMetrics(legend._theme.fonts.note)
    assert legend._total([metrics.horizontalAdvance(name) for name in legend.shown_names()]) <= legend.width()


def test_where_names_would_tell_nothing_only_values_stand(legend: Legend) -> None:
    legend.resize(legend._total([0, 0, 0]) + 6, legend.height())
    assert legend.shown_names() == ("", "", "")


def test_values_without_room_are_left_out_from_the_end(legend: Legend) -> None:
    legend.resize(legend._total([0, 0]) + 30, legend.height())
    assert legend.shown_names() == ("", "")
    legend.grab()
    assert "Aggregation 38 ms" in legend.plain_tool_tip_at(QPoint(5, 5))


def test_a_longer_value_widens_its_place_and_a_shorter_one_leaves_it(legend: Legend) -> None:
    before = legend.sizeHint().width()
    legend.set_entries((LegendEntry(NAMES[0], "1,238 ms", 0), *ENTRIES[1:]))
    wide = legend.sizeHint().width()
    legend.set_entries(ENTRIES)
    assert before < wide == legend.sizeHint().width()


def test_other_lines_forget_the_room_that_was_kept(legend: Legend) -> None:
    legend.set_entries((LegendEntry(NAMES[0], "1,238,000 ms", 0), *ENTRIES[1:]))
    kept = legend.sizeHint().width()
    legend.set_entries((*ENTRIES[:2], LegendEntry("Aggregator", "38 ms", 2)))
    assert legend.sizeHint().width() < kept - 20


def test_the_subtitle_goes_before_any_name_is_cut(chart: Chart, qtbot: QtBot) -> None:
    assert chart.head._subtitle.isVisible()
    chart.narrow_to(chart.fitting(0) + sum(chart.legend._name_widths()) + 10)
    assert not chart.head._subtitle.isVisible()
    assert chart.legend.shown_names() == NAMES


def test_names_are_cut_beside_the_title_before_the_legend_moves(chart: Chart, qtbot: QtBot) -> None:
    chart.narrow_to(chart.fitting(50))
    assert chart.legend.y() == 0
    assert any(name.endswith("…") for name in chart.legend.shown_names())


def test_in_a_narrow_chart_the_legend_stands_below_the_title(chart: Chart, qtbot: QtBot) -> None:
    with qtbot.waitSignal(chart.widget.head_grown) as grown:
        chart.narrow_to(chart.fitting(20))
    assert grown.args == [20]
    assert chart.head._title.geometry().bottom() < chart.legend.y()
    assert chart.head._title.width() == chart.head._title.sizeHint().width()
    assert chart.head._subtitle.isVisible()


def test_a_grown_head_pushes_the_plot_down_and_a_wide_one_gives_it_back(chart: Chart, qtbot: QtBot) -> None:
    least = chart.widget.minimumHeight()
    chart.narrow_to(chart.fitting(20))
    qtbot.waitUntil(lambda: chart.widget._surface.y() > chart.legend.mapTo(chart.widget, QPoint()).y() + 17)
    qtbot.waitUntil(lambda: chart.widget.minimumHeight() == least + 20)
    chart.narrow_to(900)
    qtbot.waitUntil(lambda: chart.widget.minimumHeight() == least)


def test_a_chart_of_least_height_keeps_its_plot_below_a_grown_head(chart: Chart, qtbot: QtBot) -> None:
    chart.widget.resize(900, chart.widget.minimumHeight())
    chart.narrow_to(chart.fitting(20))
    qtbot.waitUntil(lambda: chart.widget._surface.y() >= chart.head.geometry().bottom())


def test_nothing_moves_when_values_change_under_the_pointer(chart: Chart) -> None:
    chart.group.point(0.0)
    before = (chart.legend.geometry(), chart.legend.shown_names(), chart.head._subtitle.geometry())
    for at_s in (0.0, 30.0, 60.0):
        chart.group.point(at_s)
        assert (chart.legend.geometry(), chart.legend.shown_names(), chart.head._subtitle.geometry()) == before


def test_a_new_subtitle_is_placed_anew(chart: Chart) -> None:
    chart.head.set_subtitle("all")
    assert chart.head._subtitle.width() == chart.head._subtitle.sizeHint().width()


def test_the_head_asks_for_no_width_and_for_what_it_would_like(chart: Chart) -> None:
    assert chart.head.minimumSizeHint().width() == 0
    assert chart.head.sizeHint().width() > chart.legend.sizeHint().width()


def test_a_head_without_a_legend_is_one_line_however_narrow(chart: Chart, qtbot: QtBot) -> None:
    chart.widget.set_lines(())
    chart.narrow_to(80)
    assert chart.head.height() == 18
    assert chart.head._title.width() == chart.head.width() - 2 * CARD_PADDING

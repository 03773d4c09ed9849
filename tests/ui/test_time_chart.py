"""Charts of a page move together, read out values under the cross-hair, and are described in words."""

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QImage, QMouseEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from quarterdeck.ui.charts.chart_group import ChartGroup
from quarterdeck.ui.charts.line_data import LineData, Span, Stale
from quarterdeck.ui.charts.time_chart import ChartStyle, TimeChart
from quarterdeck.ui.theme.scheme import ThemeChoice
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.theme.tokens import Tone, contrast
from quarterdeck.ui.widgets.tool_tips import tool_tip_at

START, END = 1_795_500_000.0, 1_795_503_600.0
TIMES = np.linspace(START, END, 361)


class Page(QWidget):
    """Two charts of one group, one above the other."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.group = ChartGroup(START, END, self)
        style = ChartStyle(unit="s")
        self.first = TimeChart(theme, self.group, "Response time", style=style, zone=UTC)
        self.second = TimeChart(theme, self.group, "Errors", style=style, zone=UTC)
        for at, chart in enumerate((self.first, self.second)):
            chart.setParent(self)
            chart.setGeometry(0, at * 200, 600, 200)
            chart.set_lines((ramp("payments-api"),))
        self.resize(600, 400)


def ramp(label: str, *, low: float = 0.1, high: float = 0.4) -> LineData:
    return LineData.of_samples(label, "s", TIMES, np.linspace(low, high, len(TIMES)))


@pytest.fixture
def page(theme: Theme, show: Callable[[QWidget], QWidget]) -> Page:
    made = Page(theme)
    show(made)
    return made


def point_of(chart: TimeChart, at_s: float) -> QPoint:
    plot = chart._plot
    assert plot is not None
    return QPoint(round(plot.x_of(at_s)), round(plot.area.center().y()))


def legend(chart: TimeChart) -> list[str]:
    return [entry.value for entry in chart.legend_entries]


def turn_wheel(chart: TimeChart, at_s: float, steps: int) -> None:
    view = chart._surface.viewport()
    place = QPointF(point_of(chart, at_s))
    event = QWheelEvent(
        place,
        view.mapToGlobal(place),
        QPoint(),
        QPoint(0, 120 * steps),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(view, event)


def send(
    chart: TimeChart, kind: QEvent.Type, place: QPointF, *, is_held: bool = True, is_shifted: bool = False
) -> None:
    view = chart._surface.viewport()
    left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
    event = QMouseEvent(
        kind,
        place,
        view.mapToGlobal(place),
        none if kind is QEvent.Type.MouseMove else left,
        left if is_held else none,
        Qt.KeyboardModifier.ShiftModifier if is_shifted else Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(view, event)


def drag(chart: TimeChart, from_s: float, to_s: float, *, is_shifted: bool = False) -> None:
    places = [QPointF(point_of(chart, from_s + (to_s - from_s) * share)) for share in (0, 0.5, 1)]
    send(chart, QEvent.Type.MouseButtonPress, places[0], is_shifted=is_shifted)
    for place in places[1:]:
        send(chart, QEvent.Type.MouseMove, place, is_shifted=is_shifted)
    send(chart, QEvent.Type.MouseButtonRelease, places[2], is_held=False, is_shifted=is_shifted)


def differing_columns(before: QImage, after: QImage) -> set[int]:
    return {x for x in range(before.width()) for y in range(before.height()) if before.pixel(x, y) != after.pixel(x, y)}


def test_no_plotting_library_is_loaded_before_the_first_chart() -> None:
    code = (
        "import sys, quarterdeck.ui.charts.time_chart, quarterdeck.ui.charts.preload;"
        "import quarterdeck.ui.theme.theme, quarterdeck.ui.widgets.column_table;"
        "print([name for name in ('pyqtgraph', 'qtawesome', 'sqlalchemy') if name in sys.modules])"
    )
    assert subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout == "[]\n"


def test_the_wheel_zooms_all_charts_around_the_pointer(page: Page, qtbot: QtBot) -> None:
    middle = START + 900
    with qtbot.waitSignal(page.group.range_changed) as changed:
        turn_wheel(page.first, middle, 1)
    start, end = page.group.range_s
    assert changed.args == [start, end]
    assert end - start == pytest.approx(3600 * 0.8)
    assert (middle - start) / (end - start) == pytest.approx(0.25, abs=0.01)
    assert page.second._plot is not None
    pixel = (end - start) / page.second._plot.area.width()
    assert (page.second._plot.start_s, page.second._plot.end_s) == pytest.approx((start, end), abs=pixel / 2 + 1e-3)


def test_many_turns_of_the_wheel_are_told_once(page: Page, qtbot: QtBot) -> None:
    told: list[float] = []
    page.group.range_changed.connect(lambda start, end: told.append(end - start))
    for _ in range(5):
        turn_wheel(page.first, START + 1800, 1)
    qtbot.waitUntil(lambda: bool(told))
    assert told == [pytest.approx(3600 * 0.8**5)]


def test_zooming_stops_at_a_second(page: Page) -> None:
    for _ in range(80):
        page.group.zoom(0.5, START + 1800)
    start, end = page.group.range_s
    assert end - start >= 1


def test_dragging_the_plot_pans_it(page: Page, qtbot: QtBot) -> None:
    with qtbot.waitSignal(page.group.range_changed):
        drag(page.first, START + 1800, START + 1200)
    assert page.group.range_s == (pytest.approx(START + 600, abs=10), pytest.approx(END + 600, abs=10))


def test_dragging_with_shift_selects_a_window(page: Page, qtbot: QtBot) -> None:
    with qtbot.waitSignal(page.group.range_selected) as selected:
        drag(page.first, START + 2400, START + 1200, is_shifted=True)
    assert selected.args == [pytest.approx(START + 1200, abs=10), pytest.approx(START + 2400, abs=10)]
    assert page.group.range_s == (START, END)
    assert page.group.marks.box_s is None


def test_no_cross_hair_stays_from_selecting_a_window(page: Page, qtbot: QtBot) -> None:
    with qtbot.waitSignal(page.group.range_selected):
        drag(page.first, START + 600, START + 1800, is_shifted=True)
    assert page.group.marks.pointer_s is None


def test_a_click_asks_for_the_play_head(page: Page, qtbot: QtBot) -> None:
    with qtbot.waitSignal(page.group.play_head_requested) as requested:
        QTest.mouseClick(
            page.first._surface.viewport(), Qt.MouseButton.LeftButton, pos=point_of(page.first, START + 600)
        )
    assert requested.args == [pytest.approx(START + 600, abs=10)]


def test_a_double_click_goes_back_to_the_range_of_the_console(page: Page, qtbot: QtBot) -> None:
    page.group.zoom(0.5, START + 1800)
    with qtbot.waitSignal(page.group.reset_requested):
        press, double, release = (
            QEvent.Type.MouseButtonPress,
            QEvent.Type.MouseButtonDblClick,
            QEvent.Type.MouseButtonRelease,
        )
        for kind in (press, release, double, release):
            send(page.first, kind, QPointF(point_of(page.first, START + 1800)), is_held=kind is not release)
    assert page.group.range_s == (START, END)


def test_the_range_of_the_console_is_shown_without_a_signal(page: Page, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(page.group.range_changed, wait=200):
        page.group.set_range(START - 3600, END)
    assert page.first._plot is not None
    assert page.first._plot.start_s == START - 3600


def test_the_legend_of_every_chart_reads_the_value_under_the_cross_hair(page: Page) -> None:
    assert (legend(page.first), legend(page.second)) == (["400 ms"], ["400 ms"])
    page.group.point(START)
    assert (legend(page.first), legend(page.second)) == (["100 ms"], ["100 ms"])
    page.group.set_play_head(START + 1800)
    page.group.point(None)
    assert legend(page.second) == ["250 ms"]


def test_the_pointer_moves_the_cross_hair_and_leaving_hides_it(page: Page, qtbot: QtBot) -> None:
    send(page.first, QEvent.Type.MouseMove, QPointF(point_of(page.first, START + 1200)), is_held=False)
    assert page.group.marks.pointer_s == pytest.approx(START + 1200, abs=10)
    QApplication.sendEvent(page.first._surface, QEvent(QEvent.Type.Leave))
    assert page.group.marks.pointer_s is None


def test_a_value_in_a_gap_is_a_dash(page: Page) -> None:
    values = np.where((TIMES > START + 1000) & (TIMES < START + 2000), np.nan, 0.2)
    page.first.set_lines((LineData.of_samples("gapped", "s", TIMES, values),))
    page.group.point(START + 1500)
    assert legend(page.first) == ["—"]


def test_keys_step_pan_zoom_and_set_the_play_head(page: Page, qtbot: QtBot) -> None:
    surface = page.first._surface
    QTest.keyClick(surface, Qt.Key.Key_Right)
    assert page.group.marks.pointer_s == pytest.approx(START + 1810)
    QTest.keyClick(surface, Qt.Key.Key_Left)
    assert page.group.marks.pointer_s == pytest.approx(START + 1800)
    QTest.keyClick(surface, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert page.group.range_s == (START + 360, END + 360)
    QTest.keyClick(surface, Qt.Key.Key_Plus)
    assert page.group.range_s[1] - page.group.range_s[0] == pytest.approx(2880)
    with qtbot.waitSignal(page.group.play_head_requested):
        QTest.keyClick(surface, Qt.Key.Key_Return)
    QTest.keyClick(surface, Qt.Key.Key_0)
    assert page.group.range_s == (START, END)


def test_a_key_that_stands_for_nothing_goes_on_to_the_window(page: Page) -> None:
    assert not page.first._keys.press(Qt.Key.Key_J, (), is_wide=False)


def test_nothing_is_painted_in_a_gap(page: Page) -> None:
    values = np.where((TIMES > START + 1000) & (TIMES < START + 2000), np.nan, 0.9)
    page.first.set_lines((LineData.of_samples("gapped", "s", TIMES, values),))
    plot = page.first._plot
    assert plot is not None
    y = round(plot.y_of(0.9))
    picture = page.first._surface.grab().toImage()

    def is_line_at(at_s: float) -> bool:
        colours = (picture.pixelColor(round(plot.x_of(at_s)), y + shift) for shift in (-1, 0, 1))
        return max(map(QColor.blue, colours)) > 180

    assert is_line_at(START + 500)
    assert not is_line_at(START + 1500)
    assert is_line_at(START + 2500)


def reaches(chart: TimeChart, line: LineData, ground: str) -> float:
    """Up to when a level line of value 0.11 is painted, in seconds from the start."""
    chart.set_lines((line,))
    picture, plot = chart._surface.grab().toImage(), chart._plot
    assert plot is not None
    rows = [round(plot.y_of(0.11)) + shift for shift in range(-2, 3)]
    columns = range(round(plot.area.left()) + 1, round(plot.area.right()))
    last = max(x for x in columns if any(contrast(picture.pixelColor(x, y).name(), ground) > 3 for y in rows))
    return plot.start_s + (last - plot.area.left()) * (plot.end_s - plot.start_s) / plot.area.width() - START


@pytest.mark.parametrize("spread", [0.0, 0.001], ids=["samples", "envelope"])
def test_the_end_of_a_line_goes_on_as_far_as_its_last_value_is_held(page: Page, theme: Theme, spread: float) -> None:
    times = np.arange(START, START + 3301, 300)
    value = np.full(len(times), 0.11)
    coarse = LineData("payments-api", "s", times, value - spread, value + spread, value)
    assert reaches(page.first, coarse, theme.tokens.raised) == pytest.approx(3300, abs=12)
    held = replace(coarse, held_until_s=START + 3450)
    assert reaches(page.first, held, theme.tokens.raised) == pytest.approx(3450, abs=12)


def test_moving_the_cross_hair_paints_nothing_but_itself(page: Page) -> None:
    before = page.second._surface.grab().toImage()
    page.group.point(START + 1800)
    changed = differing_columns(before, page.second._surface.grab().toImage())
    x = point_of(page.second, START + 1800).x()
    assert changed
    assert changed <= set(range(x - 4, x + 5))


def test_all_plots_stand_under_each_other_whatever_their_values(page: Page) -> None:
    page.second.set_lines((LineData.of_samples("big", "By/s", TIMES, np.full(len(TIMES), 9.9e11)),))
    first, second = page.first._plot, page.second._plot
    assert first is not None
    assert second is not None
    assert first.area.left() == second.area.left()


def test_a_chart_says_in_words_what_it_shows(page: Page) -> None:
    values = np.where((TIMES > START + 595) & (TIMES < START + 905), np.nan, 0.2)
    values[200] = 0.9
    page.first.set_lines((LineData.of_samples("payments-api", "s", TIMES, values),))
    page.first.set_spans((Span(START + 1800, None, "INC-208"), Span(START + 60, START + 60, "deploy", Tone.ACCENT)))
    page.first.set_stale(Stale(END - 60, "no fresh data since 06:59"))
    assert page.first.describe() == (
        "Response time from 06:00 to 07:00. payments-api: last 200 ms, lowest 200 ms at 06:00, highest 900 ms at "
        "06:33; no data from 06:10 to 06:15. INC-208 since 06:30. deploy at 06:01. no fresh data since 06:59."
    )
    assert page.first._surface.accessibleDescription() == page.first.describe()


def test_stale_data_is_hatched_and_loses_its_colour(page: Page) -> None:
    before = page.first._surface.grab().toImage()
    page.first.set_stale(Stale(START + 3000, "no fresh data since 06:50"))
    after = page.first._surface.grab().toImage()
    blue = [
        x for x in range(after.width()) for y in range(after.height()) if after.pixelColor(x, y).name() == "#6aa5ff"
    ]
    assert blue == []
    assert point_of(page.first, START + 3300).x() in differing_columns(before, after)


def contrast_at(chart: TimeChart, value: float) -> float:
    """How strongly a level line stands out from its ground."""
    plot, picture = chart._plot, chart._surface.grab().toImage()
    assert plot is not None
    rows = range(round(plot.y_of(value)) - 2, round(plot.y_of(value)) + 3)
    names = [picture.pixelColor(round(plot.area.center().x()) + 3, row).name() for row in rows]
    return max(contrast(name, chart._theme.tokens.raised) for name in names)


def test_the_other_lines_fade_while_one_is_chosen(page: Page) -> None:
    lines = (ramp("payments-api", low=0.11, high=0.11), ramp("accounts-api", low=0.31, high=0.31))
    page.first.set_lines(lines)
    before = [contrast_at(page.first, value) for value in (0.11, 0.31)]
    page.first.set_lines((lines[0], replace(lines[1], is_chosen=True)))
    after = [contrast_at(page.first, value) for value in (0.11, 0.31)]
    assert after[0] < 0.6 * before[0]
    assert after[1] > 1.5 * after[0]
    assert [entry.is_faint for entry in page.first.legend_entries] == [True, False]


def test_more_than_six_lines_are_refused_but_ghosts_do_not_count(page: Page) -> None:
    lines = tuple(ramp(f"line {number}") for number in range(6))
    ghost = LineData("a week ago", "s", TIMES, TIMES, TIMES, TIMES, is_ghost=True)
    page.first.set_lines((*lines, ghost))
    with pytest.raises(ValueError, match="at most 6"):
        page.first.set_lines((*lines, ramp("one more")))


def test_a_chart_without_data_is_an_empty_plot(page: Page) -> None:
    page.first.set_lines(())
    assert page.first.legend_entries == ()
    assert "from 06:00 to 07:00" in page.first.describe()


def test_a_chart_follows_the_theme(page: Page, theme: Theme) -> None:
    dark = page.first.grab().toImage()
    theme.choose(ThemeChoice.LIGHT)
    assert page.first.grab().toImage().pixelColor(300, 20).lightness() > dark.pixelColor(300, 20).lightness()


def test_labels_take_a_strip_above_the_plot_and_give_it_back(page: Page) -> None:
    top = point_of(page.first, START).y()
    page.first.set_spans((Span(START + 1800, None, "INC-208"),))
    plot, label = page.first._plot, page.first._labels[0]
    assert plot is not None
    assert label.area.bottom() < plot.area.top()
    page.first.set_spans((Span(START + 1800, None, "INC-208"),), labelled=False)
    assert page.first._labels == ()
    assert point_of(page.first, START).y() == top


def test_the_plot_stays_where_it_is_while_the_range_moves(page: Page) -> None:
    page.first.set_spans((Span(START + 1800, None, "INC-208"),))
    plot = page.first._plot
    page.group.pan(7200)
    moved = page.first._plot
    assert plot is not None
    assert moved is not None
    assert page.first._labels != ()
    page.group.pan(-14400)
    assert page.first._labels == ()
    assert moved.area == plot.area


def test_the_tool_tip_has_a_cut_label_whole_with_its_time(page: Page) -> None:
    words = "payments-api down: " + "error rate 26%, above 25%, " * 2
    page.first.resize(300, 200)
    page.first.set_spans((Span(START + 3000, None, words.strip()),))
    QApplication.processEvents()
    spot = page.first._labels[0].area.center().toPoint()
    assert tool_tip_at(page.first._surface.viewport(), spot) == f"{words.strip()} since 06:50."
    assert tool_tip_at(page.first._surface.viewport(), point_of(page.first, START + 600)) == ""


def test_the_description_follows_the_content_and_the_range(page: Page) -> None:
    page.first.set_lines((ramp("accounts-api"),))
    assert "accounts-api" in page.first._surface.accessibleDescription()
    page.group.set_range(START + 1800, END)
    assert "from 06:30 to 07:00" in page.first._surface.accessibleDescription()

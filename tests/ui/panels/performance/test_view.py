"""The Performance panel on the screen: charts that move together with the console, and stay while they move."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from quarterdeck.domain.errors import OperatorError
from quarterdeck.domain.health import HealthState
from quarterdeck.domain.instants import TimeRange
from quarterdeck.domain.series import Meaning
from quarterdeck.services.figures import Figure
from quarterdeck.services.moments import Moment
from quarterdeck.services.ports import Topic
from quarterdeck.ui.charts.time_chart import TimeChart
from quarterdeck.ui.panels.performance.state import PageAction, PageMessage
from quarterdeck.ui.theme.scheme import ThemeChoice
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.widgets.segments import SegmentedControl
from quarterdeck.ui.widgets.state_stack import Freshness
from quarterdeck.ui.widgets.tool_tips import PlainToolTips
from tests.support.markup import faults_below, hostile_text, shows_the_image, tip_faults_below
from tests.ui.panels.performance.desk import Bench, names
from tests.ui.panels.performance.reports import LIVE, NOON, SERVICES, chart, interval, line, report


def button(bench: Bench, text: str) -> QPushButton:
    return next(one for one in bench.view.findChildren(QPushButton) if one.text() == text)


def test_charts_with_data_are_drawn_and_one_without_says_so_in_a_line(bench: Bench) -> None:
    assert [slot.is_absent for slot in bench.slots] == [False, False, False, True]
    assert names(bench.charts[0]) == ["payments-api", "accounts-api", "dispatcher"]
    assert bench.slots[3].height() < 60 < bench.slots[2].height()


def test_other_charts_are_made_when_they_are_asked_for_first_and_take_the_place_of_the_usual(
    bench: Bench, qtbot: QtBot
) -> None:
    meanings = (Meaning.PROCESSING, Meaning.NETWORK)
    charts = [chart(meaning, line(SERVICES[0], meaning)) for meaning in meanings]
    bench.source.answer = report(SERVICES[0], charts=charts, untold=[Figure.DISK])
    bench.show()
    qtbot.waitUntil(lambda: [one._title for one in shown_charts(bench)] == ["Processor use", "Network traffic"])
    sentence = "No source tells the fullest disk of payments-api."
    assert [one.text() for one in bench.view.findChildren(QLabel) if one.isVisible() and one.text() == sentence]
    bench.source.answer = None
    bench.show()
    assert [one._title for one in shown_charts(bench)] == ["Response time", "Throughput", "Error rate"]
    assert len(bench.slots) == 6


def shown_charts(bench: Bench) -> list[TimeChart]:
    """The charts in sight from top to bottom."""
    return sorted(
        (one for one in bench.charts if one.isVisible()), key=lambda one: one.mapTo(bench.view, one.pos()).y()
    )


def test_only_the_last_drawn_chart_writes_the_times(bench: Bench) -> None:
    assert [one._style.has_times for one in bench.charts] == [False, False, True]


def test_the_charts_are_read_for_the_width_they_have(bench: Bench, qtbot: QtBot) -> None:
    wide = bench.source.asked[-1][3]
    assert abs(wide - bench.charts[0]._surface.plot_area.width()) < 12
    bench.view.resize(900, 780)
    qtbot.waitUntil(lambda: bool(bench.background.active))
    bench.background.finish()
    assert wide - bench.source.asked[-1][3] == pytest.approx(300, abs=8)


def test_zooming_asks_the_console_and_keeps_the_lines_until_new_ones_are_there(bench: Bench, qtbot: QtBot) -> None:
    group = bench.view._page.group
    middle = NOON.timestamp() - 1800

    def follow(wanted: TimeRange) -> None:
        bench.view.show_moment(Moment(wanted, NOON, live=False))

    bench.view.range_requested.connect(follow)
    with qtbot.waitSignal(bench.view.range_requested):
        group.zoom(0.5, middle)
    assert bench.asked[0].seconds == pytest.approx(1800)
    assert names(bench.charts[0]) == ["payments-api", "accounts-api", "dispatcher"]
    assert group.range_s == pytest.approx((middle - 900, middle + 900))
    bench.background.finish()
    assert group.range_s == pytest.approx((middle - 900, middle + 900))


def test_charts_go_back_when_the_console_stays_where_it_is(bench: Bench, qtbot: QtBot) -> None:
    group = bench.view._page.group
    with qtbot.waitSignal(bench.view.range_requested):
        group.pan(600)
    assert group.range_s == (NOON.timestamp() - 3600, NOON.timestamp())


def test_a_refresh_does_not_pull_the_charts_from_under_the_pointer(bench: Bench, qtbot: QtBot) -> None:
    group = bench.view._page.group
    bench.view.refresh(replace(LIVE, at=NOON + timedelta(minutes=2)), frozenset({Topic.STATES}))
    group.zoom(0.5, NOON.timestamp() - 1800)
    moved = group.range_s
    bench.background.finish()
    assert group.range_s == moved
    qtbot.waitUntil(lambda: not group.is_moving)


def test_a_drawn_box_asks_for_its_stretch(bench: Bench) -> None:
    start = NOON.timestamp() - 2400
    bench.view._page.group.draw_box(start + 600, start, is_final=True)
    assert [(one.start_at.timestamp(), one.seconds) for one in bench.asked] == [(start, 600)]


def test_a_double_click_asks_for_the_range_from_before_the_zooming(bench: Bench) -> None:
    hour = TimeRange.ending(NOON, 600)
    bench.view._page.group.range_selected.emit(hour.start_at.timestamp(), hour.end_at.timestamp())
    bench.show(Moment(hour, NOON))
    bench.view._page.group.reset()
    assert bench.asked[-1] == LIVE.time_range


def test_a_click_asks_for_the_play_head_there(bench: Bench, qtbot: QtBot) -> None:
    with qtbot.waitSignal(bench.view.play_head_requested) as asked:
        bench.view._page.group.play_head_requested.emit(NOON.timestamp() - 60)
    assert asked.args == [NOON - timedelta(seconds=60)]


def test_the_play_head_moves_at_once_and_is_the_edge_while_live(bench: Bench) -> None:
    group = bench.view._page.group
    assert group.marks.play_head_s is None
    at = NOON - timedelta(minutes=20)
    bench.view.show_moment(replace(LIVE, at=at, live=False))
    assert group.marks.play_head_s == at.timestamp()


def test_the_legend_tells_no_old_value_of_a_line_without_fresh_data(bench: Bench) -> None:
    silent = line(SERVICES[0], silent_since_at=NOON - timedelta(minutes=22))
    bench.source.answer = report(*SERVICES[:2], charts=[chart(Meaning.RESPONSE_TIME, silent, line(SERVICES[1]))])
    bench.show()
    assert [entry.value for entry in bench.charts[0].legend_entries] == ["—", "200 ms"]


def test_marks_are_named_in_the_topmost_chart_and_described_in_all(bench: Bench) -> None:
    bench.source.answer = report(SERVICES[0], marked=[interval(SERVICES[0], HealthState.DOWN, 14)])
    bench.show()
    assert [one._content.labels_spans for one in bench.charts] == [True, False, False]
    assert all("down: Error rate 26%, above 25% since" in one.describe() for one in bench.charts)


def test_the_list_of_what_is_charted_is_picked_from_by_keyboard(bench: Bench) -> None:
    bench.view._bar.open_list()
    popup = QApplication.activePopupWidget()
    assert popup is not None
    field = popup.findChild(QLineEdit)
    assert field is not None
    QTest.keyClick(field, Qt.Key.Key_Down)
    QTest.keyClick(field, Qt.Key.Key_Space)
    bench.background.finish()
    assert names(bench.charts[0]) == ["payments-api", "dispatcher"]
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert QApplication.activePopupWidget() is None


def test_the_other_kind_is_chosen_in_the_top_bar(bench: Bench) -> None:
    control = bench.view.findChild(SegmentedControl)
    assert control is not None
    control.chosen.emit("integration")
    bench.background.finish()
    assert bench.stack.freshness is Freshness.EMPTY
    button(bench, "Show services").click()
    bench.background.finish()
    assert bench.stack.freshness is Freshness.FRESH


def test_without_anything_measured_the_page_leads_to_the_connectors(
    theme: Theme, show: Callable[[QWidget], QWidget], qtbot: QtBot
) -> None:
    empty = Bench(theme)
    empty.source.existing = {}
    show(empty.view)
    qtbot.waitUntil(lambda: empty.view._page.is_furnished)
    empty.show()
    with qtbot.waitSignal(empty.view.panel_requested) as asked:
        button(empty, "Add a connection").click()
    assert asked.args == ["connectors", ""]
    for widget in empty.view.bar_widgets():
        widget.deleteLater()


def test_a_store_that_cannot_be_read_is_told_and_tried_again(bench: Bench) -> None:
    bench.source.fault = OperatorError("The store cannot be read.", "See whether the disk is there.")
    bench.show(replace(LIVE, at=NOON + timedelta(seconds=1)))
    assert bench.stack.freshness is Freshness.FAILED
    bench.source.fault = None
    button(bench, "Try again").click()
    bench.background.finish()
    assert bench.stack.freshness is Freshness.FRESH


def test_a_refresh_that_fails_leaves_the_charts_hatched(bench: Bench) -> None:
    bench.source.fault = OperatorError("The store cannot be read.", "See whether the disk is there.")
    bench.view.refresh(replace(LIVE, at=NOON + timedelta(minutes=1)), frozenset({Topic.STATES}))
    bench.background.finish()
    assert bench.stack.freshness is Freshness.STALE
    assert "The store cannot be read." in bench.stack.accessibleDescription()


def test_a_refresh_keeps_the_place_in_the_page_and_the_keyboard(bench: Bench) -> None:
    bench.view.resize(1200, 320)
    bench.charts[1].setFocus(Qt.FocusReason.TabFocusReason)
    bar = bench.view._page.verticalScrollBar()
    bar.setValue(90)
    bench.view.refresh(replace(LIVE, at=NOON + timedelta(minutes=1)), frozenset({Topic.SERIES}))
    bench.background.finish()
    assert bar.value() == 90
    assert bench.view.window().focusWidget() is bench.charts[1]._surface


def test_the_keyboard_goes_to_the_charts_once_they_are_there(
    theme: Theme, show: Callable[[QWidget], QWidget], qtbot: QtBot
) -> None:
    made = Bench(theme)
    show(made.view)
    made.view.setFocus()
    assert made.view.window().focusWidget() is made.stack
    made.show()
    qtbot.waitUntil(lambda: made.view._page.is_furnished)
    assert made.view.window().focusWidget() is made.charts[0]._surface
    for widget in made.view.bar_widgets():
        widget.deleteLater()


@pytest.mark.parametrize("height", [576, 788])
def test_all_charts_fit_a_usual_and_a_small_window(bench: Bench, height: int) -> None:
    usual = [Meaning.RESPONSE_TIME, Meaning.THROUGHPUT, Meaning.ERROR_RATE, Meaning.SATURATION]
    bench.source.answer = report(*SERVICES[:3], charts=[chart(one, line(SERVICES[0], one)) for one in usual])
    bench.view.resize(1040, height + 16)
    bench.show()
    QApplication.processEvents()
    assert bench.view._page.verticalScrollBar().maximum() == 0


def test_the_charts_follow_the_theme(bench: Bench, theme: Theme) -> None:
    dark = bench.charts[0].grab().toImage().pixelColor(300, 8).lightness()
    theme.choose(ThemeChoice.LIGHT)
    assert bench.charts[0].grab().toImage().pixelColor(300, 8).lightness() > dark


def test_text_from_outside_is_plain_in_legend_remarks_marks_list_and_sentences(
    bench: Bench, qapp: QApplication, tmp_path: Path
) -> None:
    tips = PlainToolTips(qapp)
    for text in hostile_text(tmp_path).all:
        key = f"service/{text}"
        lines = (line(key, failure=text), line(key, silent_since_at=NOON), line(SERVICES[0]))
        charts = [chart(Meaning.RESPONSE_TIME, *lines), chart(Meaning.ERROR_RATE, line(key, failure=text, points=0))]
        marked = [replace(interval(key, HealthState.DOWN, 14), reason=text)]
        bench.source.answer = report(key, SERVICES[0], charts=charts, marked=marked)
        bench.show()
        bench.view._bar.open_list()
        popup = QApplication.activePopupWidget()
        assert popup is not None
        assert not shows_the_image(popup)
        assert faults_below(bench.view) == []
        assert tip_faults_below(bench.view) == []
        assert not shows_the_image(bench.view)
        popup.close()
    tips.deleteLater()


def test_charts_are_made_one_in_a_turn_and_data_that_came_before_is_shown_then(
    theme: Theme, show: Callable[[QWidget], QWidget], qtbot: QtBot
) -> None:
    early = Bench(theme)
    show(early.view)
    for widget in early.view.bar_widgets():
        widget.setParent(early.view)
    early.show()
    assert len(early.slots) < 4
    assert early.stack.freshness is Freshness.LOADING
    qtbot.waitUntil(lambda: early.stack.freshness is Freshness.FRESH)
    assert names(early.charts[0]) == ["payments-api", "accounts-api", "dispatcher"]


def test_each_chart_has_a_turn_of_its_own_and_those_left_stay_under_the_hand_that_moves_them(bench: Bench) -> None:
    before = [one._content for one in bench.charts]
    bench.view.show_moment(Moment(TimeRange.ending(NOON, 60), NOON))
    bench.background.finish()
    bench.view._page.group.zoom(0.5, NOON.timestamp() - 30)
    bench.settle()
    drawn = [one._content is not old for one, old in zip(bench.charts, before, strict=True)]
    assert drawn == [True, False, False]


def test_a_message_takes_the_place_of_data_that_waits_for_its_charts(
    theme: Theme, show: Callable[[QWidget], QWidget], qtbot: QtBot
) -> None:
    early = Bench(theme)
    show(early.view)
    for widget in early.view.bar_widgets():
        widget.setParent(early.view)
    early.show()
    early.view.show_page(PageMessage("Nothing is charted yet.", "", "Connect a source", PageAction.CONNECT))
    qtbot.waitUntil(lambda: early.view._page.is_furnished)
    assert early.stack.freshness is Freshness.EMPTY


def test_the_chart_with_the_keyboard_is_the_one_that_is_saved(bench: Bench) -> None:
    first, second = bench.charts[:2]
    assert first._title != second._title
    second.setFocus(Qt.FocusReason.TabFocusReason)
    drawing = bench.view._page.drawing()
    assert drawing is not None
    assert drawing.title == second._title
    second._surface.clearFocus()
    drawing = bench.view._page.drawing()
    assert drawing is not None
    assert drawing.title == first._title


def test_without_charts_saving_says_so(theme: Theme, show: Callable[[QWidget], QWidget], qtbot: QtBot) -> None:
    empty = Bench(theme)
    empty.source.existing = {}
    show(empty.view)
    qtbot.waitUntil(lambda: empty.view._page.is_furnished)
    save = next(one for one in empty.view.panel_actions() if one.spec.id == "performance.save")
    with qtbot.waitSignal(empty.view.notice_raised) as told:
        save.run()
    assert told.args == ["There is no chart to save yet."]
    for widget in empty.view.bar_widgets():
        widget.deleteLater()

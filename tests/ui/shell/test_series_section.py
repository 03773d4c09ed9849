"""All series of what is selected: listed on the page of the signals, filtered, and charted one at a time."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QTableView, QWidget

from quarterdeck.analysis.courses import Course
from quarterdeck.domain.instants import TimeRange, to_ms
from quarterdeck.domain.series import Meaning, SeriesIdentity, SeriesInfo
from quarterdeck.services.entity_series import ListedSeries, SeriesCourse
from quarterdeck.services.moments import Moment
from quarterdeck.services.signals import Reading
from quarterdeck.ui.charts.time_chart import TimeChart
from quarterdeck.ui.shell.inspector.series_section import SeriesSection
from quarterdeck.ui.shell.inspector.series_words import charted_series, series_list
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.widgets.column_table import ColumnTable
from quarterdeck.ui.widgets.filter_line import FilterLine
from quarterdeck.ui.widgets.text import PlainLabel
from tests.support.consoles import ConsoleBench
from tests.support.pictured_bank import NOON

NOW = Moment(TimeRange.ending(NOON, 3600), NOON)
HOST = "component/host"
PAYHUB = "integration/payhub-processor"


def info(number: int, name: str, meaning: Meaning = Meaning.OTHER) -> SeriesInfo:
    return SeriesInfo(number, SeriesIdentity(HOST, name, meaning, "By"), "metrics", last_at=NOON)


def listed(number: int, name: str, *, seconds_ago: float = 14, meaning: Meaning = Meaning.OTHER) -> ListedSeries:
    at = NOON - timedelta(seconds=seconds_ago)
    reading = Reading(meaning, "", "By", 2048.0 * number, at, seconds_ago < 90, name)
    return ListedSeries(info(number, name, meaning), name, reading)


def silent(number: int, name: str) -> ListedSeries:
    return ListedSeries(info(number, name), name, None)


def many(count: int) -> list[ListedSeries]:
    return [listed(number, f"node_network_{number % 37}_bytes_total (eth{number})") for number in range(count)]


@pytest.fixture
def section(theme: Theme, show: Callable[[QWidget], QWidget]) -> SeriesSection:
    made = SeriesSection(theme)
    made.resize(310, 500)
    made.clear(HOST)
    show(made)
    return made


def table(root: QWidget) -> ColumnTable:
    return root.findChildren(ColumnTable)[0]


def course(number: int, *, is_silent: bool = False, failure: str = "") -> SeriesCourse:
    times = np.linspace(to_ms(NOON) - 3_600_000.0, to_ms(NOON) - 1000.0, 60)
    values = np.full(60, 3.0)
    silent_from_ms = to_ms(NOON) - 1_200_000.0 if is_silent else None
    found = Course(times, values, values, values, silent_from_ms)
    return SeriesCourse(info(number, "node_load1"), "node_load1", found, failure)


def words_of(section: SeriesSection) -> list[str]:
    return [one.text() for one in section.findChildren(PlainLabel) if one.isVisible()]


def test_a_list_says_name_meaning_last_value_and_age_and_a_dash_where_nothing_came() -> None:
    shown = series_list(HOST, [listed(1, "load", meaning=Meaning.MEMORY), silent(2, "swap")], NOW)
    assert (shown.names, shown.meanings) == (("load", "swap"), ("memory in use", ""))
    assert (shown.values, shown.ages) == (("2.0 kB", "—"), ("14 s", "—"))
    assert shown.are_fresh == (True, False)
    assert shown.tips == ("load\nmemory in use", "swap")


def test_series_of_one_name_are_told_apart_by_their_statistic() -> None:
    alike = [listed(number, "response_time") for number in (1, 2)]
    identities = [replace(one.info.identity, statistic=word) for one, word in zip(alike, ("p50", "p95"), strict=True)]
    told = [replace(one, info=replace(one.info, identity=who)) for one, who in zip(alike, identities, strict=True)]
    assert series_list(HOST, told, NOW).names == ("response_time p50", "response_time p95")


def test_all_series_are_counted_and_filtered(section: SeriesSection) -> None:
    section.show_series(series_list(HOST, [listed(1, "disk_read"), listed(2, "disk_write"), silent(3, "load")], NOW))
    assert "All series · 3" in words_of(section)
    assert table(section).shown_count == 3
    QTest.keyClicks(section.findChildren(FilterLine)[0], "disk")
    assert table(section).shown_count == 2


def test_an_entity_without_series_has_no_list_and_another_entitys_list_is_left(section: SeriesSection) -> None:
    section.show_series(series_list(HOST, [], NOW))
    assert not section.isVisible()
    section.show_series(series_list("service/other", many(3), NOW))
    assert not section.isVisible()


def test_a_click_charts_a_series_and_another_entity_takes_the_chart_away(section: SeriesSection) -> None:
    chosen: list[tuple[str, int]] = []
    section.series_chosen.connect(lambda number, pixels: chosen.append((number, pixels)))
    section.show_series(series_list(HOST, many(3), NOW))
    table(section).walk(1)
    assert [number for number, _ in chosen] == ["0"]
    assert 200 < chosen[0][1] < 310
    assert section.findChildren(TimeChart) == []
    section.show_course(charted_series(course(0), NOW))
    chart = section.findChildren(TimeChart)[0]
    assert [entry.name for entry in chart.legend_entries] == ["node_load1"]
    section.clear("service/other")
    assert not chart.isVisible()


def test_a_course_that_is_late_for_another_choice_is_left(section: SeriesSection) -> None:
    section.show_series(series_list(HOST, many(3), NOW))
    table(section).walk(1)
    section.show_course(charted_series(course(2), NOW))
    assert section.findChildren(TimeChart) == []


@pytest.mark.parametrize(
    ("is_silent", "failure", "words"),
    [(False, "", ""), (True, "", "No fresh data since"), (False, "The source did not answer.", "did not answer")],
    ids=["fresh", "silent", "failed"],
)
def test_what_a_course_does_not_show_is_said(
    section: SeriesSection, *, is_silent: bool, failure: str, words: str
) -> None:
    section.show_series(series_list(HOST, many(3), NOW))
    table(section).walk(1)
    section.show_course(charted_series(course(0, is_silent=is_silent, failure=failure), NOW))
    said = [one for one in words_of(section) if words and words in one]
    assert bool(said) is bool(words)


def test_the_chart_of_a_series_moves_the_console(section: SeriesSection) -> None:
    ranges: list[TimeRange] = []
    heads: list[object] = []
    section.range_requested.connect(ranges.append)
    section.play_head_requested.connect(heads.append)
    section._group.draw_box(NOON.timestamp() - 600, NOON.timestamp() - 300, True)
    section._group.play_head_requested.emit(NOON.timestamp())
    assert [one.seconds for one in ranges] == [300]
    assert heads == [NOON]


def test_thousands_of_series_are_shown_and_filtered(section: SeriesSection) -> None:
    section.show_series(series_list(HOST, many(5000), NOW))
    field = section.findChildren(FilterLine)[0]
    field.setText("eth49")
    assert table(section).shown_count == 111
    field.clear()
    assert table(section).shown_count == 5000


def test_the_page_of_the_signals_lists_and_charts_the_series_of_the_store(bench: ConsoleBench) -> None:
    console = bench.console
    console.conductor.select(PAYHUB)
    bench.settle()
    assert console.window.inspector.findChildren(SeriesSection) == []
    console.window.inspector.show_page("signals")
    bench.settle()
    section = console.window.inspector.findChildren(SeriesSection)[0]
    rows = section.findChildren(QTableView)[0]
    assert rows.model().rowCount() >= 3
    rows.setFocus()
    QTest.keyClick(rows, Qt.Key.Key_Down)
    bench.settle()
    assert section.findChildren(TimeChart)[0].legend_entries

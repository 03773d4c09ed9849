"""More than six lines are small charts under their own names, on the same axes."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC

import numpy as np
import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from quarterdeck.ui.charts.chart_group import ChartGroup
from quarterdeck.ui.charts.line_data import LineData
from quarterdeck.ui.charts.small_multiples import SmallMultiples
from quarterdeck.ui.theme.theme import Theme
from tests.support.backgrounds import HeldBackground

START, END = 1_795_500_000.0, 1_795_503_600.0
TIMES = np.linspace(START, END, 61)


def line(number: int) -> LineData:
    return LineData.of_samples(f"service {number}", "s", TIMES, np.linspace(0.1, 0.1 * (number + 1), 61))


@pytest.fixture
def multiples(theme: Theme, show: Callable[[QWidget], QWidget]) -> SmallMultiples:
    made = SmallMultiples(theme, ChartGroup(START, END), "p95", zone=UTC)
    made._group.setParent(made)
    made.resize(1000, 700)
    made.set_lines(tuple(line(number) for number in range(7)))
    show(made)
    return made


def columns(multiples: SmallMultiples) -> list[int]:
    return [multiples._grid.getItemPosition(multiples._grid.indexOf(chart))[1] for chart in multiples.charts]  # pyright: ignore[reportIndexIssue] -- the stub says object, Qt gives a tuple


def with_times(multiples: SmallMultiples) -> list[bool]:
    return [chart._style.has_times for chart in multiples.charts]


def test_each_line_is_a_chart_under_its_name_with_its_value(multiples: SmallMultiples) -> None:
    assert [chart.accessibleName() for chart in multiples.charts] == [f"service {number}" for number in range(7)]
    entries = [chart.legend_entries for chart in multiples.charts]
    assert [(entry.name, entry.value) for (entry,) in entries][:2] == [("p95", "100 ms"), ("p95", "200 ms")]


def test_all_charts_have_the_values_of_the_largest(multiples: SmallMultiples) -> None:
    axes = {chart._plot.axis.high for chart in multiples.charts if chart._plot is not None}
    assert len(axes) == 1
    assert axes.pop() >= 0.7


def test_the_axis_follows_what_is_seen_of_all_lines(multiples: SmallMultiples) -> None:
    multiples._group.set_range(START, START + 120)
    highs = {chart._plot.axis.high for chart in multiples.charts if chart._plot is not None}
    assert len(highs) == 1
    assert highs.pop() < 0.7


def test_charts_stand_in_as_many_columns_as_have_room(multiples: SmallMultiples, qtbot: QtBot) -> None:
    assert columns(multiples) == [0, 1, 2, 0, 1, 2, 0]
    assert with_times(multiples) == [False] * 3 + [True] * 4
    multiples.resize(400, 900)
    qtbot.waitUntil(lambda: columns(multiples) == [0] * 7)
    assert with_times(multiples) == [False] * 6 + [True]


def test_rows_that_are_full_write_times_only_below_the_last(multiples: SmallMultiples) -> None:
    multiples.set_lines(tuple(line(number) for number in range(6)))
    assert with_times(multiples) == [False] * 3 + [True] * 3


def test_new_data_keep_the_charts_and_other_lines_bring_others(multiples: SmallMultiples) -> None:
    before = multiples.charts
    multiples.set_lines(tuple(replace(line(number), unit="s") for number in range(7)))
    assert multiples.charts == before
    multiples.set_lines((line(9),))
    assert [chart.accessibleName() for chart in multiples.charts] == ["service 9"]
    multiples.set_lines(())
    assert multiples.charts == ()


def test_charts_use_the_workers_they_are_given(multiples: SmallMultiples) -> None:
    multiples.draw_in(HeldBackground())
    multiples.set_lines((line(3), line(4)))
    assert all(chart._board._reads is not None for chart in multiples.charts)


def test_each_chart_says_in_words_what_it_shows(multiples: SmallMultiples) -> None:
    assert multiples.charts[1].describe().startswith("service 1 from 06:00 to 07:00. p95: last 200 ms")

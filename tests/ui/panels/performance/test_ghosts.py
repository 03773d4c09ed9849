"""The week before, laid behind the lines: only when wanted, of what stands out, and told in words."""

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from quarterdeck.analysis.courses import Course
from quarterdeck.domain.errors import OperatorError
from quarterdeck.domain.health import HealthState
from quarterdeck.domain.instants import TimeRange
from quarterdeck.services.moments import Moment
from quarterdeck.ui.theme.theme import Theme
from tests.ui.panels.performance.desk import Bench as Desk
from tests.ui.panels.performance.reports import LIVE, NOON, SERVICES
from tests.ui.panels.performance.test_presenter import Bench, later

GONE = OperatorError("The store cannot be read.", "See whether the disk is there.")
NOTHING = Course(np.empty(0), np.empty(0), np.empty(0), np.empty(0))


@pytest.fixture
def bench() -> Bench:
    return Bench().opened()


def laid(bench: Bench) -> Bench:
    bench.presenter.show_earlier()
    bench.background.finish()
    return bench


def test_nothing_is_read_of_an_earlier_week_before_it_is_wanted(bench: Bench) -> None:
    assert bench.source.earlier_asked == []
    assert all(chart.ghosts == () for chart in bench.surface.charts.charts)


def test_the_week_before_is_laid_behind_every_line_in_its_colour_and_told(bench: Bench) -> None:
    page = laid(bench).surface.charts
    chart = page.charts[0]
    assert [ghost.slot for ghost in chart.ghosts] == [line.slot for line in chart.lines]
    assert all(ghost.is_ghost for ghost in chart.ghosts)
    assert [remark.words.partition(",")[0] for remark in page.earlier] == ["Dotted: the same time a week earlier"]


def test_pressed_again_the_week_before_is_gone(bench: Bench) -> None:
    laid(bench).presenter.show_earlier()
    bench.background.finish()
    assert bench.surface.charts.earlier == ()
    assert all(chart.ghosts == () for chart in bench.surface.charts.charts)
    assert len(bench.source.earlier_asked) == 1


def test_of_lines_of_which_one_stands_out_only_that_has_a_week_before(bench: Bench) -> None:
    bench.presenter.select(SERVICES[1])
    bench.background.finish()
    chart = laid(bench).surface.charts.charts[0]
    assert [ghost.label for ghost in chart.ghosts] == ["accounts-api, earlier"]


def test_where_nothing_was_kept_that_is_said(bench: Bench) -> None:
    bench.source.earlier_course = NOTHING
    page = laid(bench).surface.charts
    assert page.earlier[0].words.startswith("Nothing is kept of an earlier week")
    assert page.charts[0].ghosts == ()


def test_a_store_that_cannot_be_read_is_told_and_the_lines_stay(bench: Bench) -> None:
    bench.source.fault = GONE
    page = laid(bench).surface.charts
    assert [(remark.state, remark.words) for remark in page.earlier] == [(HealthState.DOWN, GONE.message)]
    assert page.charts[0].lines


def test_time_that_goes_on_does_not_have_the_week_before_read_each_time(bench: Bench) -> None:
    laid(bench)
    bench.presenter.show_moment(later(1))
    bench.background.finish()
    assert len(bench.source.earlier_asked) == 1
    bench.presenter.show_moment(later(120))
    bench.background.finish()
    assert len(bench.source.earlier_asked) == 2


def test_a_longer_range_never_shows_the_ghosts_of_the_shorter_one(bench: Bench) -> None:
    laid(bench)
    month = Moment(TimeRange.ending(NOON, 30 * 86_400), NOON)
    bench.presenter.show_moment(month)
    bench.background.active[0].finish()
    assert bench.surface.charts.earlier == ()
    assert bench.surface.charts.charts[0].ghosts == ()
    bench.background.finish()
    assert "5 weeks earlier" in bench.surface.charts.earlier[0].words


def test_the_key_lays_ghosts_into_the_charts(theme: Theme, show: Callable[[QWidget], QWidget], qtbot: QtBot) -> None:
    desk = Desk(theme)
    show(desk.view)
    qtbot.waitUntil(lambda: desk.view._page.is_furnished)
    desk.show(LIVE)
    press = next(one for one in desk.view.panel_actions() if one.spec.id == "performance.earlier")
    assert press.spec.key == "G"
    press.run()
    desk.background.finish()
    desk.settle()
    ghosts = [line.label for line in desk.charts[0]._content.lines if line.is_ghost]
    assert ghosts == ["payments-api, earlier", "accounts-api, earlier", "dispatcher, earlier"]
    assert [entry.name for entry in desk.charts[0].legend_entries] == ["payments-api", "accounts-api", "dispatcher"]
    for widget in desk.view.bar_widgets():
        widget.deleteLater()

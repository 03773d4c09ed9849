"""The chart of one series in the inspector is there first, and then as sharp as is seen."""

from dataclasses import replace
from typing import Any, cast

import numpy as np
import pytest
from typing_extensions import override

from quarterdeck.analysis.courses import Course
from quarterdeck.domain.errors import OperatorError
from quarterdeck.domain.instants import to_ms
from quarterdeck.services.entity_series import SeriesCourse
from quarterdeck.services.inspector import InspectorReader
from quarterdeck.services.moments import Moment
from quarterdeck.services.series_ports import Precision
from quarterdeck.ui.shell.inspector.presenter import InspectorPresenter
from quarterdeck.ui.shell.inspector.state import ChartedSeries
from tests.support.pictured_bank import NOON
from tests.ui.shell.test_inspector import NOW, InlineBackground, NotedSurface
from tests.ui.shell.test_series_section import HOST, info

TIMES = np.array([to_ms(NOON) - 60_000.0, to_ms(NOON) - 1000.0])
VALUES = np.array([3.0, 4.0])
SHARP = SeriesCourse(info(7, "node_load1"), "node_load1", Course(TIMES, VALUES, VALUES, VALUES, None))


class Reader:
    """Gives one course: what was asked of it, and whether the second answer fails."""

    def __init__(self, first: SeriesCourse | None, *, then_fails: bool = False) -> None:
        self.series = self
        self.first = first
        self.then_fails = then_fails
        self.asked: list[Precision] = []

    def card(self, entity_key: str, moment: Moment) -> None:
        return None

    def all_series(self, entity_key: str, moment: Moment) -> tuple[()]:
        return ()

    def course(self, key: str, series_id: int, moment: Moment, pixels: int, precision: Precision) -> Any:
        self.asked.append(precision)
        if precision is Precision.REFINED and self.then_fails:
            raise OperatorError("The store is busy.", "Try again.")
        return self.first if precision is Precision.FIRST else SHARP


class Surface(NotedSurface):
    """Keeps the courses too."""

    def __init__(self) -> None:
        super().__init__()
        self.courses: list[ChartedSeries] = []

    @override
    def show_course(self, course: ChartedSeries) -> None:
        self.courses.append(course)


def charted(reader: Reader) -> Surface:
    surface = Surface()
    presenter = InspectorPresenter(lambda: cast("InspectorReader", reader), InlineBackground(), surface)
    presenter.show(HOST, NOW)
    presenter.want_series(wanted=True)
    presenter.chart("7", 300)
    return surface


def test_a_course_that_was_drawn_from_summaries_is_read_once_more_and_then_stays() -> None:
    reader = Reader(replace(SHARP, is_sharp=False))
    assert [one.is_sharp for one in charted(reader).courses] == [False, True]
    assert reader.asked == [Precision.FIRST, Precision.REFINED]


@pytest.mark.parametrize(("first", "shown"), [(SHARP, 1), (None, 0)], ids=["sharp", "none"])
def test_what_cannot_be_sharper_is_read_once(first: SeriesCourse | None, shown: int) -> None:
    reader = Reader(first)
    assert len(charted(reader).courses) == shown
    assert reader.asked == [Precision.FIRST]


def test_where_the_sharper_read_fails_what_is_shown_stays() -> None:
    surface = charted(Reader(replace(SHARP, is_sharp=False), then_fails=True))
    assert len(surface.courses) == 1
    assert "The store is busy." not in surface.told

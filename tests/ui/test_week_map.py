"""A week as a map: every hour is read by pointer, by key and in words, and what is unknown is no colour of its own."""

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QApplication, QWidget

from quarterdeck.ui.charts.week_map import WeekMap
from quarterdeck.ui.theme.theme import Theme

Show = Callable[[QWidget], QWidget]
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def week(theme: Theme, show: Show, values: np.ndarray | None = None) -> WeekMap:
    made = WeekMap(theme, DAYS, accessible_name="Usage")
    made.resize(34 + 24 * 20, 7 * 17 + 36)
    if values is not None:
        made.set_values(values)
    show(made)
    QApplication.processEvents()
    return made


def rising() -> np.ndarray:
    return np.arange(168, dtype=np.float64).reshape(7, 24) / 168


def test_the_whole_week_is_told_in_words(theme: Theme, show: Show) -> None:
    told = week(theme, show, rising()).description
    assert told.startswith("Fullest Sun 23:00 99.40%, emptiest Mon 00:00 ")
    assert told.count(":00 ") == 9


def test_a_week_that_nobody_knows_says_so(theme: Theme, show: Show) -> None:
    made = week(theme, show)
    made.set_values(np.full((7, 24), np.nan))
    assert made.description == "No hour of the week is known."


def test_the_shades_reach_from_the_emptiest_hour_to_the_fullest(theme: Theme, show: Show) -> None:
    made = week(theme, show, 0.5 + rising() / 4)
    assert made.scale == (0.5, 0.5 + 167 / 168 / 4)
    image = made.grab().toImage()
    assert image.pixelColor(44, 7) != image.pixelColor(34 + 23 * 20 + 8, 6 * 17 + 7)


@pytest.mark.parametrize(
    ("value", "scale"),
    [(0.5, (0.49, 0.51)), (1.0, (0.98, 1.0)), (0.0, (0.0, 0.02)), (1.4, (1.39, 1.41))],
    ids=["half", "full", "empty", "over"],
)
def test_a_week_that_hardly_varies_is_not_all_of_the_strongest_shade(
    theme: Theme, show: Show, value: float, scale: tuple[float, float]
) -> None:
    made = week(theme, show, np.full((7, 24), value))
    assert made.scale == pytest.approx(scale)


def test_a_legend_says_what_the_palest_and_the_strongest_shade_are(theme: Theme, show: Show) -> None:
    known, unknown = week(theme, show, rising()), week(theme, show)
    middle = (7 * 17 + 36) - 9
    legend = [{made.grab().toImage().pixel(x, middle) for x in range(60, 240)} for made in (known, unknown)]
    assert len(legend[0]) > 20
    assert len(legend[1]) == 1


def test_an_hour_that_is_not_known_is_told_and_painted_apart(theme: Theme, show: Show) -> None:
    values = rising()
    values[0, 0] = np.nan
    made = week(theme, show, values)
    assert made.plain_tool_tip_at(QPoint(40, 5)) == "Mon 00:00 not known"
    image = made.grab().toImage()
    assert image.pixelColor(44, 7) != image.pixelColor(34 + 23 * 20 + 8, 6 * 17 + 7)


def test_the_pointer_reads_the_hour_under_it_and_nothing_beside_the_map(theme: Theme, show: Show) -> None:
    made = week(theme, show, rising())
    read = QSignalSpy(made.read)
    QTest.mouseMove(made, QPoint(34 + 20 * 5 + 4, 17 * 2 + 4))
    QTest.mouseMove(made, QPoint(4, 4))
    assert str(read.at(0)[0]).startswith("Wed 05:00 ")
    assert read.at(read.count() - 1) == [""]
    assert made.plain_tool_tip_at(QPoint(4, 4)) == ""
    QTest.mouseClick(made, Qt.MouseButton.LeftButton, pos=QPoint(34 + 20 * 6 + 4, 17 * 3 + 4))
    assert str(read.at(read.count() - 1)[0]).startswith("Thu 06:00 ")
    QTest.mouseClick(made, Qt.MouseButton.LeftButton, pos=QPoint(4, 4))
    assert str(read.at(read.count() - 1)[0]).startswith("Thu 06:00 ")


def test_keys_go_round_the_week_and_other_keys_are_left_to_others(theme: Theme, show: Show) -> None:
    made = week(theme, show, rising())
    made.setFocus()
    read = QSignalSpy(made.read)
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_Up, Qt.Key.Key_A):
        QTest.keyClick(made, key)
    told = [str(read.at(number)[0])[:9] for number in range(read.count())]
    assert told == ["Mon 01:00", "Tue 01:00", "Mon 01:00", "Sun 01:00"]


def test_nothing_used_is_painted_as_nothing(theme: Theme, show: Show) -> None:
    made = week(theme, show, np.zeros((7, 24)))
    image = made.grab().toImage()
    assert image.pixelColor(44, 7) == image.pixelColor(34 + 23 * 20 + 8, 6 * 17 + 7)


def test_another_shape_than_a_week_is_refused(theme: Theme, show: Show) -> None:
    made = week(theme, show)
    with pytest.raises(ValueError, match="seven days"):
        made.set_values(np.zeros((7, 23)))

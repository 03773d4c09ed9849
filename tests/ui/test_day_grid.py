"""Days as squares: each mark has its shape, its words and its place, and nothing is painted outside the room."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QApplication, QWidget

from quarterdeck.domain.health import HealthState
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.widgets.day_grid import DayGrid, DayMark

TUESDAY = date(2026, 11, 24)
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
NEXT_THURSDAY = QPoint(30 + 16 + 6, 18 + 3 * 16 + 6)


def mark(days: int, state: HealthState = HealthState.DEGRADED, words: str = "3 Dec: PayHub certificate") -> DayMark:
    return DayMark(TUESDAY + timedelta(days=days), state, words)


@pytest.fixture
def grid(theme: Theme, show: Callable[[QWidget], QWidget]) -> DayGrid:
    made = DayGrid(theme, accessible_name="What ends, by day", month_names=MONTHS, day_names=DAYS)
    made.resize(500, 130)
    show(made)
    made.set_days((mark(9), mark(12, HealthState.DOWN, "6 Dec: key")), TUESDAY)
    return made


def test_a_marked_day_tells_what_falls_on_it(grid: DayGrid) -> None:
    assert grid.plain_tool_tip_at(NEXT_THURSDAY) == "3 Dec: PayHub certificate"
    assert grid.plain_tool_tip_at(NEXT_THURSDAY + QPoint(16, 0)) == ""
    assert grid.plain_tool_tip_at(QPoint(2, 2)) == ""


def test_assistive_tools_are_told_the_days_in_their_order(grid: DayGrid) -> None:
    assert grid.accessibleDescription() == "3 Dec: PayHub certificate\n6 Dec: key"


def test_a_click_on_a_mark_chooses_its_day(grid: DayGrid) -> None:
    spy = QSignalSpy(grid.day_chosen)
    QTest.mouseClick(grid, Qt.MouseButton.LeftButton, pos=NEXT_THURSDAY + QPoint(16, 0))
    QTest.mouseClick(grid, Qt.MouseButton.RightButton, pos=NEXT_THURSDAY)
    QTest.mouseClick(grid, Qt.MouseButton.LeftButton, pos=NEXT_THURSDAY)
    assert [spy.at(number) for number in range(spy.count())] == [[date(2026, 12, 3)]]


def test_each_state_is_painted_with_a_shape_of_its_own(grid: DayGrid) -> None:
    pictures: list[bytes] = []
    for state in (HealthState.HEALTHY, HealthState.DEGRADED, HealthState.DOWN):
        grid.set_days((mark(9, state),), TUESDAY)
        QApplication.processEvents()
        pictures.append(bytes(grid.grab().toImage().constBits()))
    assert len(set(pictures)) == 3


def test_where_there_is_no_room_nothing_is_painted(grid: DayGrid) -> None:
    grid.setMinimumSize(1, 1)
    grid.resize(20, 130)
    assert grid.plain_tool_tip_at(NEXT_THURSDAY) == ""
    assert not grid.grab().isNull()

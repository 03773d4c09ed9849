"""Strips of states in a table: each state has its own height, words tell the same, and what differs is noted."""

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication, QTableView, QWidget

from quarterdeck.domain.health import HealthState
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.widgets.column_table import ColumnTable
from quarterdeck.ui.widgets.columns import ColumnSpec, StripCells, TableData
from quarterdeck.ui.widgets.state_strips import paint_state_strip

Show = Callable[[QWidget], QWidget]
STATES = (HealthState.HEALTHY, HealthState.DOWN, HealthState.UNKNOWN, HealthState.MAINTENANCE, None)
GROUND = QColor("#ff00ff")


def painted(theme: Theme, noted: tuple[bool, ...] = ()) -> QImage:
    """A strip of every state, ten pixels each."""
    image = QImage(50, 23, QImage.Format.Format_RGB32)
    image.fill(GROUND)
    painter = QPainter(image)
    paint_state_strip(painter, QRectF(0, 0, 50, 23), STATES, noted, theme.tokens)
    painter.end()
    return image


def high(image: QImage, number: int) -> int:
    """How many pixels a piece is high above the notes."""
    return sum(image.pixelColor(number * 10 + 5, y) != GROUND for y in range(20))


def test_every_state_has_a_height_of_its_own(theme: Theme) -> None:
    image = painted(theme)
    heights = [high(image, number) for number in range(5)]
    assert heights[1] == max(heights)
    assert heights[4] == 1
    assert len(set(heights)) == 5


def test_what_is_noted_has_a_dash_below(theme: Theme) -> None:
    image = painted(theme, (False, True, False, False, False))
    assert image.pixelColor(15, 22) == QColor(theme.tokens.accent)
    assert image.pixelColor(5, 22) == GROUND


def test_without_states_nothing_is_painted(theme: Theme) -> None:
    image = QImage(5, 5, QImage.Format.Format_RGB32)
    image.fill(GROUND)
    painter = QPainter(image)
    paint_state_strip(painter, QRectF(0, 0, 5, 5), (), (), theme.tokens)
    painter.end()
    assert image.pixelColor(2, 2) == GROUND


def cells(*strips: tuple[HealthState | None, ...]) -> StripCells:
    return StripCells(strips, [f"{len(strip)} days" for strip in strips], np.arange(len(strips), 0, -1.0))


def test_strips_are_told_in_words_and_ordered_by_their_ranks(theme: Theme, show: Show) -> None:
    table = ColumnTable(theme, (ColumnSpec("days", "Days"),), accessible_name="Days")
    table.set_data(TableData(("a", "b"), (cells(STATES, STATES[:2]),)))
    show(table)
    table.sort_by("days")
    QApplication.processEvents()
    model = table.findChildren(QTableView)[0].model()
    assert [model.index(row, 0).data() for row in range(2)] == ["2 days", "5 days"]


def test_another_strip_is_another_table(theme: Theme, show: Show) -> None:
    table = ColumnTable(theme, (ColumnSpec("days", "Days"),), accessible_name="Days")
    table.set_data(TableData(("a",), (cells(STATES),)))
    show(table)
    QApplication.processEvents()
    before = table.grab().toImage()
    table.set_data(TableData(("a",), (cells(STATES[::-1]),)))
    QApplication.processEvents()
    assert table.grab().toImage() != before

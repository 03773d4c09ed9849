"""The controls that narrow a list, and what the table does beside them: columns give way, tips tell more."""

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QShortcut
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.widgets.choice_button import ChoiceButton
from quarterdeck.ui.widgets.column_table import ColumnTable
from quarterdeck.ui.widgets.columns import ColumnSpec, TableData, TextCells
from quarterdeck.ui.widgets.filter_line import FilterLine
from quarterdeck.ui.widgets.row_order import Sorting, display_rows
from quarterdeck.ui.widgets.segments import Segment
from quarterdeck.ui.widgets.table_layout import yielding_columns

SPECS = (
    ColumnSpec("name", "Name", width=100),
    ColumnSpec("why", "State", width=200, stretch=1),
    ColumnSpec("spark", "6 h", width=100, yields=2),
    ColumnSpec("partner", "Partner", width=100, yields=1),
)
ASKED = (100, 200, 100, 100)


def data() -> TableData:
    return TableData(
        ids=("a", "b"),
        cells=(
            TextCells(("PayHub", "Push")),
            TextCells(("down", "healthy"), ranks=np.array([-6.0, 0.0])),
            TextCells(("1", "2")),
            TextCells(("PayHub", "Carillon")),
        ),
        tips=((), ("since 12:18", ""), (), ()),
    )


@pytest.mark.parametrize(
    ("room", "gone"),
    [(400, set()), (399, {2}), (299, {2, 3}), (100, {2, 3})],
)
def test_the_most_yielding_columns_go_first_and_the_others_stay(room: int, gone: set[int]) -> None:
    assert yielding_columns(SPECS, ASKED, room, {}) == gone


def test_a_column_whose_width_a_person_chose_stays() -> None:
    assert yielding_columns(SPECS, ASKED, 380, {2: 140}) == {3}


def test_columns_come_back_when_there_is_room(theme: Theme, show: Callable[[QWidget], QWidget]) -> None:
    table = ColumnTable(theme, SPECS, accessible_name="Integrations")
    table.set_data(data())
    table.resize(330, 200)
    show(table)
    assert [table._view.isColumnHidden(at) for at in range(4)] == [False, False, True, False]
    table.resize(700, 200)
    QApplication.processEvents()
    assert not any(table._view.isColumnHidden(at) for at in range(4))


def test_words_that_stand_for_an_order_sort_by_it() -> None:
    assert list(display_rows(data(), Sorting(1))) == [0, 1]
    assert list(display_rows(data(), Sorting(1, is_descending=True))) == [1, 0]


def test_a_cell_tells_more_in_its_tip_and_to_screen_readers(theme: Theme, show: Callable[[QWidget], QWidget]) -> None:
    table = ColumnTable(theme, SPECS, accessible_name="Integrations")
    table.set_data(data())
    table.resize(700, 200)
    show(table)
    model = table._view.table_model
    assert table._view.plain_tool_tip_at(table._view.visualRect(model.index(0, 1)).center()) == "since 12:18"
    assert table._view.plain_tool_tip_at(table._view.visualRect(model.index(1, 1)).center()) == ""
    assert model.index(0, 1).data(Qt.ItemDataRole.AccessibleDescriptionRole) == "since 12:18"


def test_a_column_can_take_another_title(theme: Theme) -> None:
    table = ColumnTable(theme, SPECS, accessible_name="Integrations")
    table.retitle("spark", "24 h")
    assert table._view.table_model.headerData(2, Qt.Orientation.Horizontal) == "24 h"
    with pytest.raises(ValueError, match="unheard"):
        table.retitle("unheard", "x")
    table.deleteLater()


def test_a_hugging_table_is_as_high_as_its_rows_and_scrolls_where_there_is_less(
    theme: Theme, show: Callable[[QWidget], QWidget]
) -> None:
    holder = QWidget()
    column = QVBoxLayout(holder)
    column.setContentsMargins(0, 0, 0, 0)
    table = ColumnTable(theme, SPECS, accessible_name="Integrations", hugs_rows=True)
    column.addWidget(table, 1000)
    column.addStretch(1)
    table.set_data(data())
    holder.resize(700, 400)
    show(holder)
    assert table._view.viewport().height() == 60
    assert not table._view.verticalScrollBar().isVisible()
    holder.resize(700, 70)
    QApplication.processEvents()
    assert table._view.verticalScrollBar().isVisible()


def test_a_choice_says_what_is_chosen_and_is_pressed_in_while_it_hides_something(
    theme: Theme, show: Callable[[QWidget], QWidget]
) -> None:
    button = ChoiceButton(theme, (Segment("all", "All states"), Segment("down", "Down")), accessible_name="States")
    show(button)
    chosen = QSignalSpy(button.chosen)
    button._menu.actions()[1].trigger()
    assert (chosen.at(0), button.current, button.text(), button.isChecked()) == (["down"], "down", "Down", True)
    assert button.accessibleName() == "States: Down"
    button.set_current("all")
    assert (button.isChecked(), chosen.count()) == (False, 1)


def test_escape_in_a_filter_empties_it_before_it_means_anything_else(
    theme: Theme, show: Callable[[QWidget], QWidget]
) -> None:
    window = QWidget()
    line = FilterLine(theme, "Filter")
    QVBoxLayout(window).addWidget(line)
    elsewhere = QSignalSpy(QShortcut(Qt.Key.Key_Escape, window).activated)
    show(window)
    line.setFocus()
    left, changed = QSignalSpy(line.left), QSignalSpy(line.filter_changed)
    QTest.keyClicks(line, "pay")
    QTest.keyClick(line, Qt.Key.Key_Escape)
    assert (line.text(), changed.at(changed.count() - 1), left.count()) == ("", [""], 0)
    QTest.keyClick(line, Qt.Key.Key_Escape)
    assert (left.count(), elsewhere.count()) == (1, 0)

"""Several rows of a table at once, groups that fold, and the place of a menu; nothing is lost when data come."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QApplication, QWidget

from quarterdeck.domain.health import HealthState
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.widgets.column_table import ColumnTable
from quarterdeck.ui.widgets.columns import ColumnSpec, RowGroup, TableData, TextCells

GROUPS = (RowGroup("Account", state=HealthState.DOWN, key="a"), RowGroup("Bill Pay", key="b"))


def data(names: str, *folded: str) -> TableData:
    """Rows by letter, the first half in one group, the rest in the other."""
    count = len(names)
    return TableData(
        ids=tuple(names),
        cells=(TextCells(tuple(names)),),
        groups=tuple(replace(group, is_folded=group.key in folded) for group in GROUPS),
        group_of=np.arange(count) * 2 // count,
    )


@pytest.fixture
def table(theme: Theme, show: Callable[[QWidget], QWidget]) -> ColumnTable:
    made = ColumnTable(theme, (ColumnSpec("name", "Name"),), accessible_name="Integrations", is_multiple=True)
    made.set_data(data("wxyz"))
    show(made)
    made.resize(400, 300)
    made.setFocus()
    return made


def press(table: ColumnTable, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(table._view, key, modifier)


def click(table: ColumnTable, line: int, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    area = table._view.visualRect(table._view.table_model.index(line, 0))
    QTest.mouseClick(table._view.viewport(), Qt.MouseButton.LeftButton, modifier, area.center())


def ask_menu(table: ColumnTable, line: int, reason: QContextMenuEvent.Reason) -> None:
    place = table._view.visualRect(table._view.table_model.index(line, 0)).center()
    QApplication.sendEvent(
        table._view.viewport(), QContextMenuEvent(reason, place, table._view.viewport().mapToGlobal(place))
    )


def lines(table: ColumnTable) -> str:
    model = table._view.table_model
    return "".join(model.lines.id_at(line) or "|" for line in range(model.rowCount()))


def test_control_and_shift_add_to_the_selection(table: ColumnTable) -> None:
    spy = QSignalSpy(table.rows_chosen)
    click(table, 1)
    click(table, 5, Qt.KeyboardModifier.ControlModifier)
    assert (table.selected_ids, table.selected_id) == (("w", "z"), "z")
    press(table, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert table.selected_ids == ("w", "x", "y", "z")
    assert spy.count() == 3


def test_a_plain_move_leaves_one_row_selected(table: ColumnTable) -> None:
    press(table, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    click(table, 2)
    assert table.selected_ids == ("x",)


def test_new_data_keep_every_selected_row_that_is_still_there(table: ColumnTable) -> None:
    click(table, 1)
    click(table, 5, Qt.KeyboardModifier.ControlModifier)
    click(table, 4, Qt.KeyboardModifier.ControlModifier)
    spy = QSignalSpy(table.row_selected)
    table.set_data(data("zvwx"))
    assert table.selected_ids == ("z", "w")
    assert spy.count() == 0


def test_a_folded_group_keeps_its_heading_and_hides_its_rows(table: ColumnTable) -> None:
    table.set_data(data("wxyz", "a"))
    assert (lines(table), table.shown_count) == ("||yz", 2)
    table.set_data(data("wxyz"))
    assert lines(table) == "|wx|yz"


def test_a_click_on_a_heading_asks_for_its_group(table: ColumnTable) -> None:
    spy = QSignalSpy(table.group_pressed)
    click(table, 3)
    assert spy.at(0) == ["b"]


def test_left_folds_and_right_unfolds_without_losing_the_keyboard(table: ColumnTable) -> None:
    asked: list[str] = []
    table.group_pressed.connect(asked.append)
    click(table, 4)
    press(table, Qt.Key.Key_Left)
    table.set_data(data("wxyz", "b"))
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Return, Qt.Key.Key_Space):
        press(table, key)
    assert asked == ["b"] * 4
    press(table, Qt.Key.Key_K)
    assert table.selected_id == "x"


def test_moving_stops_at_a_folded_heading_and_passes_an_open_one(table: ColumnTable) -> None:
    table.set_data(data("wxyz", "a"))
    press(table, Qt.Key.Key_J)
    assert (table.selected_id, table._view.chosen_line()) == ("", 0)
    press(table, Qt.Key.Key_J)
    assert table.selected_id == "y"


def test_left_means_nothing_where_nothing_folds(table: ColumnTable) -> None:
    table.set_data(replace(data("wxyz"), groups=(RowGroup("Account"), RowGroup("Bill Pay"))))
    spy = QSignalSpy(table.group_pressed)
    click(table, 1)
    press(table, Qt.Key.Key_Left)
    click(table, 3)
    assert spy.count() == 0


def test_headings_tell_assistive_tools_that_they_fold(table: ColumnTable) -> None:
    table.set_data(data("wxyz", "a"))
    model = table._view.table_model
    told = [model.index(line, 0).data(Qt.ItemDataRole.AccessibleDescriptionRole) for line in (0, 1)]
    assert told == ["folded; Right unfolds it", "unfolded; Left folds it"]


def test_a_menu_opens_for_the_rows_selected_or_for_the_one_pointed_at(table: ColumnTable) -> None:
    spy = QSignalSpy(table.menu_requested)
    click(table, 1)
    click(table, 2, Qt.KeyboardModifier.ControlModifier)
    ask_menu(table, 2, QContextMenuEvent.Reason.Mouse)
    assert table.selected_ids == ("w", "x")
    ask_menu(table, 4, QContextMenuEvent.Reason.Mouse)
    assert table.selected_ids == ("y",)
    assert spy.count() == 2


def test_the_menu_key_opens_below_the_selected_row(table: ColumnTable) -> None:
    places: list[QPoint] = []
    table.menu_requested.connect(places.append)
    ask_menu(table, 0, QContextMenuEvent.Reason.Keyboard)
    assert places == []
    click(table, 1)
    ask_menu(table, 4, QContextMenuEvent.Reason.Keyboard)
    row = table._view.visualRect(table._view.table_model.index(1, 0))
    assert places[0].y() == table._view.viewport().mapToGlobal(QPoint(0, row.bottom() + 1)).y()


def test_a_heading_has_no_menu(table: ColumnTable) -> None:
    spy = QSignalSpy(table.menu_requested)
    ask_menu(table, 0, QContextMenuEvent.Reason.Mouse)
    assert spy.count() == 0


def test_headings_are_painted_with_caret_and_state(table: ColumnTable) -> None:
    before = table.grab().toImage()
    table.set_data(replace(data("wxyz"), groups=(RowGroup("Account"), RowGroup("Bill Pay"))))
    QApplication.processEvents()
    assert table.grab().toImage() != before


def test_a_press_on_a_heading_leaves_what_is_selected(table: ColumnTable) -> None:
    click(table, 1)
    click(table, 4, Qt.KeyboardModifier.ControlModifier)
    click(table, 3)
    heading = table._view.visualRect(table._view.table_model.index(0, 0)).center()
    QTest.mouseClick(table._view.viewport(), Qt.MouseButton.RightButton, pos=heading)
    assert table.selected_ids == ("w", "y")

"""The table: one signal for each update, a selection that follows its row, and everything by keyboard."""

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible, QFontMetrics
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from quarterdeck.domain.health import HealthState
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.widgets.column_table import ColumnTable
from quarterdeck.ui.widgets.columns import (
    ActionCells,
    ColumnSpec,
    NumberCells,
    RowGroup,
    StateCells,
    TableData,
    TextCells,
)
from quarterdeck.ui.widgets.table_paint import wrap_two_lines

SPECS = (
    ColumnSpec("state"),
    ColumnSpec("name", "Name", is_strong=True),
    ColumnSpec("p95", "p95"),
    ColumnSpec("words", "In words", stretch=1, wraps=True),
    ColumnSpec("action", is_sortable=False),
)
GROUPS = (RowGroup("Account"), RowGroup("Bill Pay"))


def data(names: str, *, grouped: bool = False, words: str = "fine") -> TableData:
    count = len(names)
    return TableData(
        ids=tuple(names),
        cells=(
            StateCells((HealthState.HEALTHY,) * count),
            TextCells(tuple(names)),
            NumberCells(np.arange(count, dtype=np.float64), lambda value: f"{value:.0f} ms"),
            TextCells((words,) * count),
            ActionCells(("Open",) * (count - 1) + ("",)),
        ),
        groups=GROUPS if grouped else (),
        group_of=np.arange(count) * 2 // count if grouped else None,
    )


@pytest.fixture
def table(theme: Theme, show: Callable[[QWidget], QWidget]) -> ColumnTable:
    made = ColumnTable(theme, SPECS, accessible_name="Integrations")
    made.set_data(data("dbca"))
    show(made)
    made.resize(640, 300)
    made.setFocus()
    return made


def press(table: ColumnTable, *keys: Qt.Key) -> None:
    for key in keys:
        QTest.keyClick(table._view, key)


def shown_ids(table: ColumnTable) -> str:
    model = table._view.table_model
    return "".join(model.lines.id_at(line) or "|" for line in range(model.rowCount()))


def test_an_update_of_the_same_rows_reaches_the_view_as_one_signal(table: ColumnTable, qtbot: QtBot) -> None:
    model = table._view.table_model
    ranges: list[tuple[int, int, int, int]] = []
    model.dataChanged.connect(lambda a, b: ranges.append((a.row(), a.column(), b.row(), b.column())))
    with qtbot.assertNotEmitted(model.modelReset):
        table.set_data(data("dbca", words="slow"))
    assert ranges == [(0, 0, 3, 4)]


def test_the_selection_follows_its_row_to_another_line(table: ColumnTable) -> None:
    table.select("c")
    table.set_data(data("cxd"))
    assert table.selected_id == "c"
    table.sort_by("name", is_descending=True)
    assert (table.selected_id, shown_ids(table)) == ("c", "xdc")


def test_a_selected_row_that_goes_away_leaves_nothing_selected(table: ColumnTable) -> None:
    table.select("c")
    table.set_data(data("ab"))
    assert table.selected_id == ""


def test_selecting_from_outside_sends_no_signal(table: ColumnTable, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(table.row_selected):
        table.select("c")
        table.set_data(data("xc"))


@pytest.mark.parametrize(("down", "up"), [(Qt.Key.Key_J, Qt.Key.Key_K), (Qt.Key.Key_Down, Qt.Key.Key_Up)])
def test_keys_move_from_row_to_row(table: ColumnTable, down: Qt.Key, up: Qt.Key) -> None:
    seen: list[str] = []
    table.row_selected.connect(seen.append)
    press(table, down, down, down, up)
    assert seen == ["d", "b", "c", "b"]


def test_moving_skips_headings_and_stops_at_the_ends(table: ColumnTable) -> None:
    table.set_data(data("abcd", grouped=True))
    assert shown_ids(table) == "|ab|cd"
    table.select("b")
    press(table, Qt.Key.Key_J)
    assert table.selected_id == "c"
    press(table, Qt.Key.Key_K, Qt.Key.Key_K, Qt.Key.Key_K)
    assert table.selected_id == "a"


def test_enter_opens_and_space_presses_the_rows_button(table: ColumnTable, qtbot: QtBot) -> None:
    table.select("b")
    with qtbot.waitSignal(table.row_activated) as opened:
        press(table, Qt.Key.Key_Return)
    with qtbot.waitSignal(table.action_requested) as pressed:
        press(table, Qt.Key.Key_Space)
    assert (opened.args, pressed.args) == (["b"], ["b"])


def test_space_does_nothing_in_a_row_without_a_button(table: ColumnTable, qtbot: QtBot) -> None:
    table.select("a")
    with qtbot.assertNotEmitted(table.action_requested):
        press(table, Qt.Key.Key_Space)


def test_typing_a_letter_does_not_jump(table: ColumnTable) -> None:
    table.select("d")
    QTest.keyClicks(table._view, "c")
    assert table.selected_id == "d"


def test_a_click_on_a_button_asks_for_its_action(table: ColumnTable, qtbot: QtBot) -> None:
    view = table._view
    index = view.table_model.index(1, 4)
    button = view._buttons.action_at(index, view.visualRect(index))
    with qtbot.waitSignal(table.action_requested) as pressed:
        QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=button.center())
    assert pressed.args == ["b"]


def test_clicks_on_a_title_sort_reverse_and_return(table: ColumnTable) -> None:
    orders = [shown_ids(table)]
    for _ in range(3):
        table._view._on_title_clicked(1)
        orders.append(shown_ids(table))
    assert orders == ["dbca", "abcd", "dcba", "dbca"]


def test_a_title_that_cannot_sort_does_nothing(table: ColumnTable) -> None:
    table._view._on_title_clicked(4)
    assert shown_ids(table) == "dbca"


def test_a_filter_hides_rows_and_counts_what_is_left(table: ColumnTable) -> None:
    table.set_filter("c")
    assert (shown_ids(table), table.shown_count) == ("c", 1)
    table.set_data(data("xcy"))
    assert shown_ids(table) == "c"
    table.set_filter("")
    assert table.shown_count == 3


def test_a_stretched_column_takes_the_room_that_is_left(table: ColumnTable) -> None:
    view = table._view
    assert sum(view.columnWidth(at) for at in range(len(SPECS))) == view.viewport().width()


def test_a_column_that_a_person_widened_stays_wide(table: ColumnTable) -> None:
    table._view.setColumnWidth(1, 222)
    table.resize(700, 300)
    table.set_data(data("ab"))
    assert table._view.columnWidth(1) == 222


def test_words_that_do_not_fit_make_their_row_higher(table: ColumnTable) -> None:
    single = table._view.rowHeight(0)
    table.set_data(
        data("ab", words="no answer since 11:58: connection refused by a machine with a rather long name " * 2)
    )
    assert table._view.rowHeight(0) > single


def test_a_table_that_fits_its_rows_is_as_high_as_they_are(theme: Theme, show: Callable[[QWidget], QWidget]) -> None:
    table = ColumnTable(theme, SPECS, accessible_name="Integrations", fits_rows=True)
    show(table)
    table.resize(640, table.height())
    heights: list[int] = []
    for names in ("a", "ab", "abcd"):
        table.set_data(data(names))
        heights.append(table.height())
    assert heights[1] - heights[0] == 30
    assert heights[2] - heights[1] == 60


def test_cells_are_exposed_to_assistive_tools_in_words(table: ColumnTable) -> None:
    accessible = QAccessible.queryAccessibleInterface(table._view)
    children = (accessible.child(number) for number in range(accessible.childCount()))
    words = [child.text(QAccessible.Text.Name) for child in children if child is not None]
    assert {"Name", "healthy", "d", "0 ms", "fine"} <= set(words)


def test_a_cut_cell_and_a_mark_have_tool_tips(table: ColumnTable) -> None:
    table.set_data(data("ab", words="x" * 300))
    view = table._view

    def tip(column: int) -> str:
        return view.plain_tool_tip_at(view.visualRect(view.table_model.index(0, column)).center())

    assert tip(0) == "healthy"
    assert tip(1) == ""
    assert tip(3) == "x" * 300
    assert view.plain_tool_tip_at(QPoint(5, 280)) == ""


def test_what_is_resized_while_nobody_sees_it_is_no_choice_of_a_person(
    theme: Theme, show: Callable[[QWidget], QWidget]
) -> None:
    table = ColumnTable(theme, SPECS, accessible_name="Integrations")
    table._view.setColumnWidth(1, 222)
    show(table)
    table.set_data(data("ab"))
    assert table._view.columnWidth(1) != 222


def test_no_word_is_lost_where_a_line_breaks(theme: Theme) -> None:
    metrics = QFontMetrics(theme.fonts.body)
    text = "HTTP 503 from the partner: the probe itself is fine."
    whole = metrics.horizontalAdvance(text)
    for width in range(whole // 2 + 30, whole):
        lines = wrap_two_lines(metrics, text, width)
        assert " ".join(lines) == text, width


def test_a_stretched_column_gives_way_before_the_table_scrolls_sideways(table: ColumnTable) -> None:
    table.resize(300, 300)
    assert table._view.horizontalScrollBar().maximum() == 0
    assert table._view.columnWidth(3) < 160


def test_more_rows_than_have_room_bring_no_bar_that_scrolls_sideways(
    theme: Theme, show: Callable[[QWidget], QWidget]
) -> None:
    made = ColumnTable(theme, SPECS, accessible_name="Integrations", hugs_rows=True)
    made.set_data(data("abcdefghijkl"))
    page = QWidget()
    column = QVBoxLayout(page)
    column.addWidget(made)
    column.addStretch(1)
    page.resize(640, 300)
    show(page)
    view = made._view
    for height in (300, 500, 280):
        page.resize(640, height)
        QApplication.processEvents()
        assert sum(view.columnWidth(at) for at in range(len(SPECS))) == view.viewport().width()
        assert view.horizontalScrollBar().maximum() == 0


def test_the_last_row_is_whole_above_a_bar_that_scrolls_sideways(
    theme: Theme, show: Callable[[QWidget], QWidget]
) -> None:
    made = ColumnTable(theme, SPECS, accessible_name="Integrations", hugs_rows=True)
    made.set_data(data("dbca", words="fine words that take no less room than this" * 2))
    page = QWidget()
    column = QVBoxLayout(page)
    column.addWidget(made, 1000)
    column.addStretch(1)
    page.resize(150, 400)
    show(page)
    view = made._view
    QApplication.processEvents()
    assert view.horizontalScrollBar().maximum() > 0
    assert view.visualRect(view.table_model.index(3, 0)).bottom() <= view.viewport().rect().bottom()
    assert made.height() < 300

"""Thousands of rows: ordered and searched in a worker, written only where they are seen, never shown out of date."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from quarterdeck.domain.health import HealthState
from quarterdeck.ui.tasks.owned import OwnedBackground
from quarterdeck.ui.tasks.runner import TaskRunner
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.widgets.column_table import ColumnTable
from quarterdeck.ui.widgets.columns import (
    Cells,
    ColumnSpec,
    NumberCells,
    RowGroup,
    SparkCells,
    StateCells,
    TableData,
    TagCells,
    TextCells,
)
from quarterdeck.ui.widgets.polygons import FloatArray
from quarterdeck.ui.widgets.row_feed import MANY_ROWS, says_the_same
from quarterdeck.ui.widgets.row_order import Sorting, display_rows
from tests.support.backgrounds import HeldBackground
from tests.support.paint_count import PaintCount

SPECS = (ColumnSpec("state"), ColumnSpec("name", "Name", stretch=1), ColumnSpec("load", "Load"), ColumnSpec("trend"))
MANY = 2 * MANY_ROWS
SEEN_AT_MOST = 20
TRENDS = [np.array([1.0, 2.0]), np.array([2.0, np.nan]), np.empty(0)]


@dataclass(slots=True)
class Ink:
    """What writes numbers, and what it wrote."""

    written: list[float] = field(default_factory=list[float])

    def __call__(self, value: float) -> str:
        self.written.append(value)
        return f"{value:.1f} ms"


INK = Ink()


def rows(
    numbers: Sequence[int], *, load: Callable[[int], float] = float, write: Callable[[float], str] = INK
) -> TableData:
    """A table with one row for each number, whose load is a function of it."""
    states = (*HealthState, None)
    return TableData(
        ids=tuple(f"row {number}" for number in numbers),
        cells=(
            StateCells([states[number % len(states)] for number in numbers]),
            TextCells([f"Prüfung {number % 7} · 検 {number}" for number in numbers]),
            NumberCells(np.array([load(number) for number in numbers], dtype=np.float64), write),
            SparkCells([TRENDS[number % len(TRENDS)] for number in numbers]),
        ),
    )


@dataclass(slots=True)
class Stand:
    """A table on the screen, and the work that it waits for."""

    table: ColumnTable
    background: HeldBackground

    def shown(self) -> list[str]:
        model = self.table._view.table_model
        return [model.lines.id_at(line) for line in range(model.rowCount())]

    def first(self) -> str:
        return self.table._view.table_model.lines.id_at(0)

    def fill(self, data: TableData) -> None:
        self.table.set_data(data)
        self.background.finish()
        for _ in range(2):
            QApplication.processEvents()

    def signals(self) -> list[str]:
        """The names of what the model says from now on."""
        said: list[str] = []
        model = self.table._view.table_model
        for name in ("dataChanged", "layoutChanged", "modelReset", "rowsInserted", "rowsRemoved"):
            getattr(model, name).connect(lambda *_, name=name: said.append(name))
        return said


@pytest.fixture
def stand(theme: Theme, show: Callable[[QWidget], QWidget]) -> Stand:
    background = HeldBackground()
    table = ColumnTable(theme, SPECS, accessible_name="Probes", background_for=lambda _: background)
    table.resize(640, 400)
    show(table)
    return Stand(table, background)


def test_many_rows_keep_their_order_until_the_worker_is_done(stand: Stand, qtbot: QtBot) -> None:
    stand.fill(rows(range(MANY)))
    stand.table.sort_by("load", is_descending=True)
    assert (stand.first(), stand.table.is_arranging) == ("row 0", True)
    with qtbot.waitSignal(stand.table.rows_arranged):
        stand.background.finish()
    assert (stand.first(), stand.table.is_arranging) == (f"row {MANY - 1}", False)


def test_few_rows_are_sorted_and_searched_in_the_same_turn(stand: Stand) -> None:
    stand.table.set_data(rows(range(MANY_ROWS - 1)))
    stand.table.sort_by("load", is_descending=True)
    assert stand.first() == f"row {MANY_ROWS - 2}"
    stand.table.set_filter("検 42")
    assert "row 42" in stand.shown()
    assert stand.background.waiting == []


def test_few_rows_take_the_place_of_many_that_are_still_being_sorted(stand: Stand) -> None:
    stand.table.set_data(rows(range(MANY)))
    stand.table.set_data(rows(range(3)))
    assert stand.background.finish() == 0
    assert stand.shown() == ["row 0", "row 1", "row 2"]


def test_a_refresh_of_all_rows_is_one_signal_and_one_painting(stand: Stand) -> None:
    stand.fill(rows(range(MANY)))
    said, paintings = stand.signals(), PaintCount(stand.table._view.viewport())
    stand.fill(rows(range(MANY), load=lambda number: number + 0.5))
    assert (said, paintings.count) == (["dataChanged"], 1)


def test_rows_in_another_order_are_one_signal_and_no_reset(stand: Stand) -> None:
    stand.fill(rows(range(MANY)))
    said = stand.signals()
    stand.table.sort_by("load", is_descending=True)
    stand.background.finish()
    assert said == ["dataChanged"]


def test_only_rows_in_sight_and_a_small_sample_are_written(stand: Stand) -> None:
    stand.fill(rows(range(MANY)))
    INK.written.clear()
    stand.fill(rows(range(MANY), load=lambda number: -float(number)))
    assert 0 < len(INK.written) <= 2 * SEEN_AT_MOST
    assert {-0.0, -1.0, -2.0} <= set(INK.written)


def test_the_moment_that_is_shown_already_costs_no_work_and_no_signal(stand: Stand) -> None:
    data = rows(range(MANY))
    stand.fill(data)
    said, paintings = stand.signals(), PaintCount(stand.table._view.viewport())
    INK.written.clear()
    stand.table.set_data(data)
    assert stand.background.waiting == []
    stand.fill(rows(range(MANY)))
    assert (said, paintings.count, INK.written) == ([], 0, [])


def test_data_replaced_while_a_sort_runs_are_sorted_after_it(stand: Stand) -> None:
    stand.fill(rows(range(MANY)))
    stand.table.sort_by("load", is_descending=True)
    for turn in (1.0, -1.0):
        stand.table.set_data(rows(range(MANY), load=lambda number, turn=turn: number * turn))
    assert len(stand.background.active) == 1
    assert stand.background.finish() == 2
    assert stand.shown()[:2] == ["row 0", "row 1"]


def test_an_order_that_another_took_the_place_of_is_never_shown(stand: Stand) -> None:
    stand.fill(rows(range(MANY)))
    firsts: list[str] = []
    stand.table.rows_arranged.connect(lambda: firsts.append(stand.first()))
    stand.table.sort_by("load", is_descending=True)
    stand.table.sort_by("")
    stand.table.set_filter(f"検 {MANY - 2}")
    stand.background.finish()
    assert firsts == [f"row {MANY - 2}"]


def test_a_person_sorts_the_newest_data_even_if_they_are_not_shown_yet(stand: Stand) -> None:
    stand.fill(rows(range(MANY)))
    stand.table.set_data(rows(range(1, MANY + 1)))
    stand.table.sort_by("load", is_descending=True)
    stand.background.finish()
    assert stand.first() == f"row {MANY}"


def test_the_selection_follows_its_row_and_goes_with_it(stand: Stand, qtbot: QtBot) -> None:
    stand.fill(rows(range(MANY)))
    stand.table.select("row 5")
    with qtbot.assertNotEmitted(stand.table.row_selected):
        stand.table.sort_by("load", is_descending=True)
        stand.background.finish()
        assert (stand.table.selected_id, stand.table._view.chosen_line()) == ("row 5", MANY - 6)
        stand.fill(rows(range(2, MANY)))
        assert stand.table.selected_id == "row 5"
        stand.fill(rows(range(6, MANY)))
        assert stand.table.selected_id == ""


def test_a_row_selected_before_it_is_there_is_selected_once_it_is(stand: Stand) -> None:
    stand.table.set_data(rows(range(MANY)))
    stand.table.select("row 3000")
    assert stand.table.selected_id == ""
    stand.background.finish()
    assert stand.table.selected_id == "row 3000"
    assert stand.table.place_of("row 3000").top() >= 0


def test_a_row_a_person_moves_to_meanwhile_stays_selected(stand: Stand) -> None:
    stand.fill(rows(range(MANY)))
    stand.table.sort_by("load", is_descending=True)
    stand.table.select("row 9")
    QTest.keyClick(stand.table._view, Qt.Key.Key_J)
    stand.background.finish()
    assert stand.table.selected_id == "row 10"


def test_rows_that_come_above_do_not_move_what_is_looked_at(stand: Stand) -> None:
    stand.fill(rows(range(MANY)))
    bar = stand.table._view.verticalScrollBar()
    bar.setValue(3001)
    before = stand.table.place_of("row 105")
    stand.fill(rows(range(-40, MANY)))
    assert stand.table.place_of("row 105") == before


def test_sorted_rows_come_and_go_while_the_place_in_the_order_stays(stand: Stand) -> None:
    stand.fill(rows(range(MANY)))
    stand.table.sort_by("load")
    stand.background.finish()
    bar = stand.table._view.verticalScrollBar()
    bar.setValue(3001)
    stand.fill(rows(range(-40, MANY)))
    assert bar.value() == 3001


def test_no_rows_and_one_row_stand_beside_many(stand: Stand) -> None:
    counts: list[tuple[int, int]] = []
    for count in (MANY, 0, 1, MANY, 1, 0):
        stand.fill(rows(range(count)))
        counts.append((stand.table.shown_count, stand.table._view.table_model.rowCount()))
    assert counts == [(MANY, MANY), (0, 0), (1, 1), (MANY, MANY), (1, 1), (0, 0)]


def test_unknown_numbers_of_many_rows_come_last_in_either_direction(stand: Stand) -> None:
    unknown = (float("nan"), float("inf"), -float("inf"))
    stand.fill(rows(range(MANY), load=lambda number: unknown[number] if number < len(unknown) else number))
    for is_descending in (False, True):
        stand.table.sort_by("load", is_descending=is_descending)
        stand.background.finish()
        assert stand.shown()[-3:] == ["row 0", "row 1", "row 2"]


def test_headings_of_many_groups_stand_above_their_rows(stand: Stand) -> None:
    data = rows(range(MANY))
    group_of = np.arange(MANY) % 100
    stand.fill(TableData(data.ids, data.cells, tuple(RowGroup(f"g{at}") for at in range(100)), group_of))
    view = stand.table._view
    assert (view.table_model.rowCount(), stand.table.shown_count) == (MANY + 100, MANY)
    assert stand.shown()[:3] == ["", "row 0", "row 100"]
    assert view.columnSpan(0, 0) == len(SPECS)
    assert view.rowHeight(0) < view.rowHeight(1)


def test_the_last_of_many_rows_is_told_to_assistive_tools_without_writing_the_others(stand: Stand) -> None:
    stand.fill(rows(range(MANY)))
    INK.written.clear()
    accessible = QAccessible.queryAccessibleInterface(stand.table._view)
    assert accessible.childCount() == (1 + MANY) * (1 + len(SPECS))
    last = accessible.child(accessible.childCount() - 2)
    assert last is not None
    assert last.text(QAccessible.Text.Name) == f"{MANY - 1:.1f} ms"
    assert INK.written == [float(MANY - 1)]


def test_only_the_lines_that_the_pointer_left_and_reached_are_painted_again(stand: Stand) -> None:
    stand.fill(rows(range(MANY)))
    view = stand.table._view
    INK.written.clear()
    for line in (3, 4):
        view.entered.emit(view.table_model.index(line, 0))
        QApplication.processEvents()
    assert set(INK.written) == {3.0, 4.0}


@pytest.mark.parametrize("sorting", [Sorting(0), Sorting(1, is_descending=True), Sorting(2), Sorting(3)], ids=str)
def test_a_worker_orders_and_searches_as_the_turn_itself_would(
    theme: Theme, show: Callable[[QWidget], QWidget], qtbot: QtBot, sorting: Sorting
) -> None:
    bugs: list[BaseException] = []
    runner = TaskRunner(on_bug=bugs.append, on_unheard=bugs.append)
    table = ColumnTable(theme, SPECS, accessible_name="Probes", background_for=lambda own: OwnedBackground(runner, own))
    show(table)
    data = rows(range(MANY), load=lambda number: number % 13)
    with qtbot.waitSignal(table.rows_arranged):
        table.set_data(data)
    table.sort_by(SPECS[sorting.column].key, is_descending=sorting.is_descending)
    table.set_filter("prüfung 3")
    qtbot.waitUntil(lambda: not table.is_arranging)
    expected = display_rows(data, sorting, "prüfung 3")
    assert np.array_equal(table._view.table_model.lines.rows, expected)
    assert runner.join()
    assert bugs == []
    runner.deleteLater()


def text_cells(ranks: FloatArray | None = None) -> TextCells:
    return TextCells(["a", "b"], ranks=ranks)


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        (text_cells(), TextCells([*"ab"]), True),
        (text_cells(), TextCells(["a", "c"]), False),
        (text_cells(), TextCells(["a", "b"], notes=["", "x"]), False),
        (text_cells(), TagCells(["a", "b"]), False),
        (text_cells(np.array([1.0, np.nan])), text_cells(np.array([1.0, np.nan])), True),
        (text_cells(np.array([1.0, np.nan])), text_cells(), False),
        (NumberCells(np.array([1.0, 2.0]), str), NumberCells(np.array([1.0, 2.0]), str), True),
        (NumberCells(np.array([1.0, 2.0]), str), NumberCells(np.array([1.0, 2.0]), repr), False),
        (StateCells([None, None], ["a", "b"]), StateCells([None, None], ["a", "c"]), False),
        (TagCells(["a", "b"]), TagCells(["a", "b"]), True),
        (SparkCells(TRENDS), SparkCells(list(TRENDS)), True),
        (SparkCells(TRENDS), SparkCells([trend.copy() for trend in TRENDS]), False),
    ],
    ids=[
        "same words",
        "other words",
        "another note",
        "another kind",
        "same ranks",
        "no ranks",
        "same numbers",
        "written otherwise",
        "other words of a state",
        "same tags",
        "same lines",
        "other lines",
    ],
)
def test_cells_are_the_same_when_nobody_would_see_a_difference(one: Cells, other: Cells, *, is_same: bool) -> None:
    assert says_the_same(TableData(("1", "2"), (one,)), TableData(("1", "2"), (other,))) is is_same


def test_another_number_of_columns_or_another_tip_is_a_difference() -> None:
    data = TableData(("1", "2"), (text_cells(),))
    assert not says_the_same(data, TableData(("1", "2"), ()))
    assert not says_the_same(data, TableData(("1", "2"), (text_cells(),), tips=(("", "more"),)))

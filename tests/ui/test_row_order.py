"""Rows are sorted and filtered over whole columns; headings stay above their rows, the unknown comes last."""

import numpy as np

from quarterdeck.domain.health import HealthState
from quarterdeck.ui.widgets.columns import (
    NOTHING,
    NumberCells,
    RowGroup,
    SparkCells,
    StateCells,
    TableData,
    TextCells,
)
from quarterdeck.ui.widgets.row_order import Sorting, display_rows

NAMES = ("delta", "Alpha", "charlie", "bravo")
NUMBERS = np.array([3.0, np.nan, 1.0, 2.0])
STATES = (HealthState.HEALTHY, HealthState.DOWN, HealthState.STALE, HealthState.DEGRADED)


def data(groups: tuple[RowGroup, ...] = (), group_of: tuple[int, ...] = ()) -> TableData:
    cells = (TextCells(NAMES), NumberCells(NUMBERS, str), StateCells(STATES), SparkCells([np.empty(0)] * 4))
    return TableData(NAMES, cells, groups, np.array(group_of) if groups else None)


def test_rows_keep_the_order_of_the_data_without_sorting() -> None:
    assert display_rows(data(), Sorting()).tolist() == [0, 1, 2, 3]


def test_words_sort_regardless_of_case() -> None:
    assert display_rows(data(), Sorting(0)).tolist() == [1, 3, 2, 0]
    assert display_rows(data(), Sorting(0, is_descending=True)).tolist() == [0, 2, 3, 1]


def test_unknown_numbers_come_last_in_either_direction() -> None:
    assert display_rows(data(), Sorting(1)).tolist() == [2, 3, 0, 1]
    assert display_rows(data(), Sorting(1, is_descending=True)).tolist() == [0, 3, 2, 1]


def test_states_sort_by_urgency() -> None:
    assert display_rows(data(), Sorting(2, is_descending=True)).tolist() == [1, 3, 2, 0]


def test_each_group_has_a_heading_above_its_sorted_rows() -> None:
    grouped = data((RowGroup("first"), RowGroup("second"), RowGroup("empty")), (1, 0, 1, 0))
    assert display_rows(grouped, Sorting(0)).tolist() == [-1, 1, 3, -2, 2, 0]


def test_a_filter_wants_every_word_in_any_column() -> None:
    assert display_rows(data(), Sorting(), "CHAR stale").tolist() == [2]
    assert display_rows(data(), Sorting(), "char down").tolist() == []


def test_a_group_without_matching_rows_loses_its_heading() -> None:
    grouped = data((RowGroup("first"), RowGroup("second")), (1, 0, 1, 0))
    assert display_rows(grouped, Sorting(), "alpha").tolist() == [-1, 1]


def test_a_value_that_is_not_known_is_a_dash_and_never_zero() -> None:
    assert NumberCells(NUMBERS, lambda value: f"{value:.0f}").text(1) == NOTHING
    assert SparkCells([np.array([np.nan])]).text(0) == NOTHING
    assert StateCells((None,)).text(0) == NOTHING

"""Tables with little room: names are cut in the middle, columns give way in their order, figures are never cut."""

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QFontMetrics, QImage
from PySide6.QtWidgets import QWidget

from quarterdeck.domain.health import HealthState
from quarterdeck.ui.panels.connectors.models import preview_columns, source_columns
from quarterdeck.ui.panels.integrations.models import integration_columns
from quarterdeck.ui.panels.integrations.state import Arrangement
from quarterdeck.ui.panels.overview.models import attention_columns
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.widgets.column_table import ColumnTable
from quarterdeck.ui.widgets.columns import ColumnSpec, NumberCells, StateCells, TableData, TextCells
from quarterdeck.ui.widgets.table_layout import column_widths, yielding_columns

LONG = "Northgate clearing and settlement of interbank payments, north-east region"
SPECS = (
    ColumnSpec("state"),
    ColumnSpec("name", "Name", is_strong=True, cut_in_middle=True),
    ColumnSpec("why", "State", width=300, stretch=1),
    ColumnSpec("p95", "p95", width=40),
    ColumnSpec("rate", "Per second", width=40, yields=1),
)


def data(name: str, rate: float = 12.0) -> TableData:
    return TableData(
        ids=("a",),
        cells=(
            StateCells((HealthState.DOWN,)),
            TextCells((name,)),
            TextCells(("down since 12:18",)),
            NumberCells(np.array([0.2]), lambda value: f"{value:.0f} s"),
            NumberCells(np.array([rate]), lambda value: f"{value:,.0f}"),
        ),
    )


@pytest.fixture
def table(theme: Theme, show: Callable[[QWidget], QWidget]) -> ColumnTable:
    made = ColumnTable(theme, SPECS, accessible_name="Integrations")
    made.set_data(data(LONG))
    show(made)
    made.resize(640, 200)
    return made


def name_picture(table: ColumnTable) -> QImage:
    view = table._view
    return view.viewport().grab(view.visualRect(view.table_model.index(0, 1))).toImage()


def test_a_long_name_gives_way_before_the_columns_do_and_nothing_lies_beyond_the_edge(table: ColumnTable) -> None:
    view = table._view
    assert [view.isColumnHidden(at) for at in range(5)] == [False] * 5
    assert sum(view.columnWidth(at) for at in range(5)) == view.viewport().width()


def test_a_name_is_cut_in_its_middle_and_whole_in_its_tip(table: ColumnTable) -> None:
    view = table._view
    place = view.visualRect(view.table_model.index(0, 1)).center()
    assert view.plain_tool_tip_at(QPoint(place)) == LONG
    before = name_picture(table)
    table.set_data(data(f"{LONG[:-6]} south"))
    assert name_picture(table) != before


def test_figures_get_the_room_they_need(table: ColumnTable, theme: Theme) -> None:
    table.set_data(data("Push", 1_234_567_890.0))
    needed = QFontMetrics(theme.fonts.body).horizontalAdvance("1,234,567,890")
    assert table._view.columnWidth(4) > needed


@pytest.mark.parametrize(
    "specs",
    [source_columns(), integration_columns(Arrangement.DOMAIN), attention_columns()],
    ids=["connections", "integrations", "attention"],
)
def test_at_the_width_of_a_narrow_dock_state_name_and_words_are_all_there(specs: tuple[ColumnSpec, ...]) -> None:
    asked = tuple(26 if spec.key == "state" else spec.width or (420 if spec.stretch else 380) for spec in specs)
    gone = yielding_columns(specs, asked, 308, {})
    left = tuple(0 if at in gone else width for at, width in enumerate(asked))
    assert sum(column_widths(specs, left, 308, {})) <= 308
    assert {specs[at].key for at in range(len(specs)) if at not in gone} >= {"state", "name"}
    assert len(specs) - len(gone) == 3


def test_names_of_what_would_come_are_told_apart_by_their_ends() -> None:
    assert preview_columns()[0].cut_in_middle

"""The matrix beside the inspector: whole verdicts in fewer columns rather than cut ones."""

from collections.abc import Callable

import pytest
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QApplication, QTableView, QWidget

from quarterdeck.domain.health import HealthState
from quarterdeck.ui.panels.compliance.models import matrix_columns, matrix_data
from quarterdeck.ui.panels.compliance.state import SubjectLine, VerdictCell
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.widgets.column_table import ColumnTable
from quarterdeck.ui.widgets.table_layout import column_widths, yielding_columns
from quarterdeck.ui.widgets.table_paint import CELL_PADDING, MARK_ROOM

PACKS = ("Change", "Data governance", "Resilience", "Security", "Third parties")
CELL = VerdictCell(HealthState.DOWN, "Not satisfied")
LINE = SubjectLine("integration/a", "Open banking API", "Account", CELL, (CELL,) * len(PACKS), "41 d", 1.0, ())
AT_1280, AT_1330, AT_1920 = 711, 761, 1_350
"""What a window of that width leaves the matrix while the inspector is open."""


@pytest.mark.parametrize(("room", "gone"), [(AT_1280, {1, 7}), (AT_1330, {1, 7}), (AT_1920, set[int]())])
def test_beside_the_inspector_whole_and_since_give_way_and_no_verdict_is_cut(
    theme: Theme, show: Callable[[QWidget], QWidget], room: int, gone: set[int]
) -> None:
    table = ColumnTable(theme, matrix_columns(PACKS, "Integration"), accessible_name="Verdicts")
    table.set_data(matrix_data((LINE,)))
    table.resize(room, 300)
    show(table)
    QApplication.processEvents()
    (view,) = table.findChildren(QTableView)
    assert {at for at in range(8) if view.isColumnHidden(at)} == gone
    needed = QFontMetrics(view.font()).horizontalAdvance("Not satisfied") + MARK_ROOM + 2 * CELL_PADDING
    assert min(view.columnWidth(at) for at in range(2, 7)) >= needed
    assert sum(view.columnWidth(at) for at in range(8) if at not in gone) == view.viewport().width()


def test_a_stretched_column_that_gave_way_leaves_its_room_to_the_others() -> None:
    specs = matrix_columns(PACKS, "Integration")
    asked = tuple(spec.width or 0 for spec in specs)
    gone = yielding_columns(specs, asked, AT_1330, {})
    left = tuple(0 if at in gone else width for at, width in enumerate(asked))
    widths = column_widths(specs, left, AT_1330, {})
    assert (widths[1], sum(widths)) == (0, AT_1330)

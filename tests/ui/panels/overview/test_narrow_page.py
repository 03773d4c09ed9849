"""The Overview in a narrow dock: one column, nothing beyond the right edge, no half words."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QAbstractButton, QApplication, QTableView, QWidget

from quarterdeck.ui.panels.overview.page import OverviewPage
from quarterdeck.ui.panels.overview.view import OverviewView
from quarterdeck.ui.panels.overview.words import overview_state
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.widgets.figures import Figure, FigureStrip
from quarterdeck.ui.widgets.tool_tips import tool_tip_at
from tests.ui.panels.overview.reports import NOON, item, report

LONG = "Northgate clearing and settlement of interbank payments"


@pytest.mark.parametrize("width", [420, 340, 310])
def test_everything_stands_inside_a_narrow_dock(theme: Theme, show: Callable[[QWidget], QWidget], width: int) -> None:
    view = OverviewView(theme)
    show(view)
    view.show_overview(overview_state(report(attention=(item("PayHub"), item(LONG))), NOON, str))
    view.resize(width, 700)
    QApplication.processEvents()
    page = view.findChildren(OverviewPage)[0]
    content = page.widget()
    assert content is not None
    assert content.width() <= page.viewport().width()
    strips = [one for one in page.findChildren(FigureStrip) if one.isVisible()]
    assert len(strips) == (2 if width > 400 else 3)
    table = page.findChildren(QTableView)[0]
    assert table.horizontalScrollBar().maximum() == 0
    assert not table.isColumnHidden(1)


@pytest.mark.parametrize(("width", "tip"), [(400, ""), (120, "19 d Northgate")])
def test_a_note_without_room_stands_in_the_tip_and_not_half_beside_the_figure(
    theme: Theme, show: Callable[[QWidget], QWidget], width: int, tip: str
) -> None:
    strip = FigureStrip(theme, (Figure("expiry", "Next expiry", "19 d", "Northgate"),))
    show(strip)
    strip.resize(width, strip.height())
    QApplication.processEvents()
    cell = strip.findChildren(QAbstractButton)[0]
    assert tool_tip_at(cell, QPoint(20, 20)) == tip
    with_note = cell.grab().toImage()
    strip.set_figures((Figure("expiry", "Next expiry", "19 d"),))
    assert (cell.grab().toImage() == with_note) is bool(tip)

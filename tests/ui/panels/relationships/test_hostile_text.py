"""Names, reasons and facts from outside are text on the map and beside it, whatever they look like."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication, QTableView, QWidget

from quarterdeck.domain.health import HealthState
from quarterdeck.services.relationships import RelationshipReport
from quarterdeck.ui.panels.relationships.map_export import MapDrawing, mermaid_text, svg_of
from quarterdeck.ui.panels.relationships.state import PageMessage
from quarterdeck.ui.theme.looks import FixedLooks
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.widgets.tool_tips import PlainToolTips
from tests.support.graphs import BUSINESS, link, report, thing
from tests.support.markup import (
    HostileText,
    faults_below,
    hostile_text,
    remove_tool_tips,
    shows_the_image,
    tool_tip_shown,
)
from tests.ui.panels.relationships.desk import Desk


@pytest.fixture
def hostile(tmp_path: Path) -> HostileText:
    return hostile_text(tmp_path)


@pytest.fixture
def plain_tips(qapp: QApplication) -> Iterator[None]:
    tips = PlainToolTips(qapp)
    yield
    qapp.removeEventFilter(tips)
    tips.deleteLater()


def hostile_report(text: str) -> RelationshipReport:
    one = thing("partner/one", HealthState.DOWN, reason=text, name=text, domain=text, owner=text, description=text)
    other = thing("integration/other", HealthState.DOWN, reason=text, name=text, domain=text, owner=text)
    relation = replace(link(BUSINESS, one.key, other.key, contract=text, protocol=text, own=text), source=text)
    return report((one, other), (relation,))


def tip_faults(widget: QWidget, spots: list[QPoint]) -> list[str]:
    faults: list[str] = []
    for spot in spots:
        label = tool_tip_shown(widget, spot)
        if label is None or len(label.text()) > 1000 or "PlainText" not in str(label.textFormat()):
            faults.append(f"the tip at {spot}")
    remove_tool_tips()
    return faults


@pytest.mark.parametrize("kind", ["markup", "long_line"])
def test_markup_and_endless_lines_are_shown_as_short_text_everywhere(
    kind: str, hostile: HostileText, plain_tips: None, theme: Theme, show: Callable[[QWidget], QWidget]
) -> None:
    desk = Desk(theme, show, hostile_report(getattr(hostile, kind)))
    spots = [desk.map.visualRect(desk.map.rows.node_row(at)).center() for at in range(2)]
    assert (faults_below(desk.window), tip_faults(desk.map.viewport(), spots)) == ([], [])
    desk.view.show_selection("partner/one")
    for deed in ("impact", "causes", "relation"):
        desk.hands.run(deed)
        assert (faults_below(desk.window), shows_the_image(desk.window)) == ([], False)
    for view in ("Table", "Relations"):
        desk.hands.press(view)
        assert (faults_below(desk.window), shows_the_image(desk.window)) == ([], False)
        table = next(one for one in desk.view.findChildren(QTableView) if one.isVisible())
        cells = [table.visualRect(table.model().index(0, column)).center() for column in range(1, 3)]
        tip_faults(table.viewport(), cells)
    desk.hands.press("Map")
    desk.hands.choose("Domains", "Domains collapsed")
    assert (faults_below(desk.window), shows_the_image(desk.window)) == ([], False)


@pytest.mark.parametrize("kind", ["markup", "long_line"])
def test_files_hold_hostile_text_as_text(
    kind: str, hostile: HostileText, theme: Theme, show: Callable[[QWidget], QWidget]
) -> None:
    desk = Desk(theme, show, hostile_report(getattr(hostile, kind)))
    drawing = MapDrawing("<b>title</b>", desk.map.sight.drawing, FixedLooks(theme.tokens, theme.fonts))
    svg = svg_of(drawing)
    assert b"<img" not in svg
    assert b"beacon.png" not in svg or b"&lt;img" in svg
    assert len(svg) < 60_000
    mermaid = mermaid_text(drawing, str).decode()
    assert "<img" not in mermaid
    assert len(mermaid) < 10_000


def test_what_the_store_says_of_its_failure_is_text(
    hostile: HostileText, theme: Theme, show: Callable[[QWidget], QWidget]
) -> None:
    desk = Desk(theme, show)
    desk.view.show_failed(PageMessage(hostile.long_line, hostile.markup, "Try again"))
    QApplication.processEvents()
    assert (faults_below(desk.window), shows_the_image(desk.window)) == ([], False)

"""The command palette under the fingers."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QListView

from tests.support.consoles import ConsoleBench, NotedPanel
from tests.support.pictured_bank import PUSH_SOURCE

PAYHUB = "integration/payhub-processor"


def opened(bench: ConsoleBench, text: str = "") -> QLineEdit:
    bench.console.window.activateWindow()
    bench.console.registry.trigger("palette.open")
    bench.settle()
    field = bench.console.window.palette_sheet.findChild(QLineEdit)
    assert isinstance(field, QLineEdit)
    QTest.keyClicks(field, text)
    return field


def lines(bench: ConsoleBench) -> list[str]:
    view = bench.console.window.palette_sheet.findChild(QListView)
    assert isinstance(view, QListView)
    model = view.model()
    return [str(model.index(row, 0).data()) for row in range(model.rowCount())]


def test_what_is_typed_finds_entities_with_their_state(bench: ConsoleBench) -> None:
    opened(bench, "payh")
    assert lines(bench)[:2] == ["PayHub, partner, down", "PayHub processor, integration, down"]


def test_enter_selects_the_entity_and_gives_the_keyboard_back(bench: ConsoleBench) -> None:
    before = QApplication.focusWidget()
    field = opened(bench, "payhub pro")
    QTest.keyClick(field, Qt.Key.Key_Return)
    bench.settle()
    assert bench.console.conductor.place.entity_key == PAYHUB
    assert not bench.console.window.palette_sheet.isVisible()
    assert QApplication.focusWidget() is before


def test_arrows_choose_and_go_round(bench: ConsoleBench) -> None:
    field = opened(bench, "payhub")
    QTest.keyClick(field, Qt.Key.Key_Down)
    QTest.keyClick(field, Qt.Key.Key_Up)
    QTest.keyClick(field, Qt.Key.Key_Up)
    view = bench.console.window.palette_sheet.findChild(QListView)
    assert isinstance(view, QListView)
    assert view.currentIndex().row() == len(lines(bench)) - 1


def test_escape_closes_it_and_nothing_else(bench: ConsoleBench) -> None:
    bench.console.registry.trigger("range.900")
    field = opened(bench)
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert not bench.console.window.palette_sheet.isVisible()


def test_every_listed_action_can_be_found_and_run(bench: ConsoleBench, panels: dict[str, NotedPanel]) -> None:
    opened(bench, "next")
    assert "Next, Overview" in lines(bench)
    bench.console.window.palette_sheet.chosen.emit("action:overview.next")
    assert panels["overview"].key_presses == 1


def test_a_connection_opens_where_connections_are(bench: ConsoleBench, panels: dict[str, NotedPanel]) -> None:
    field = opened(bench, "push provider")
    QTest.keyClick(field, Qt.Key.Key_Return)
    bench.settle()
    assert panels["connectors"].targets == [PUSH_SOURCE]


def test_with_nothing_typed_what_wants_attention_is_offered_first(bench: ConsoleBench) -> None:
    opened(bench)
    assert lines(bench)[0] == "PayHub, partner, down"


def test_what_fits_nothing_is_said(bench: ConsoleBench) -> None:
    opened(bench, "zzzzzz")
    assert lines(bench) == []

"""Whatever can have the keyboard or be pressed has a name for assistive tools, in every place of the window."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QDialog, QTabBar, QWidget

from quarterdeck.ui.shell.panels import PANELS
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.widgets.filter_line import FilterLine
from quarterdeck.ui.widgets.segments import SegmentedControl
from tests.support.consoles import ConsoleBench
from tests.ui.shell.conftest import Benches

PAYHUB = "integration/payhub-processor"


def can_be_used(widget: QWidget) -> bool:
    """Whether a person can put the keyboard on it or press it; what hands the keyboard on is named where it goes."""
    if widget.focusProxy() is not None and not isinstance(widget, QAbstractButton):
        return False
    return isinstance(widget, QAbstractButton | QTabBar) or widget.focusPolicy() is not Qt.FocusPolicy.NoFocus


def name_of(widget: QWidget) -> str:
    interface = QAccessible.queryAccessibleInterface(widget)
    return interface.text(QAccessible.Text.Name).strip() if interface is not None else ""


def nameless(root: QWidget) -> list[str]:
    """The visible widgets below one that can be used and have no name."""
    found: list[str] = []
    for widget in (root, *root.findChildren(QWidget)):
        if widget.isVisible() and can_be_used(widget) and not name_of(widget):
            chain, parent = [type(widget).__name__], widget.parentWidget()
            while parent is not None and len(chain) < 5:
                chain.append(type(parent).__name__)
                parent = parent.parentWidget()
            found.append(" < ".join(chain))
    return found


@pytest.fixture
def bench(benches: Benches) -> ConsoleBench:
    """A console with its real panels, and something selected."""
    made = benches.started(panels=PANELS)
    made.console.conductor.select(PAYHUB)
    made.settle()
    return made


@pytest.mark.parametrize("panel", [spec.id for spec in PANELS])
def test_a_panel_and_the_frame_around_it_have_names(bench: ConsoleBench, panel: str) -> None:
    bench.console.conductor.open_panel(panel)
    bench.settle()
    assert nameless(bench.console.window) == []


def test_panels_beside_each_other_have_names_with_their_docks(bench: ConsoleBench) -> None:
    bench.console.registry.trigger("layout.triage")
    bench.settle()
    assert nameless(bench.console.window) == []


def test_a_torn_off_panel_has_names(bench: ConsoleBench) -> None:
    bench.console.registry.trigger("layout.triage")
    bench.settle()
    for dock in bench.console.window.area.docks():
        if dock.isVisible():
            dock.setFloating(True)
            bench.settle()
            assert nameless(dock) == []


@pytest.mark.parametrize("action", ["range.custom", "layout.save", "frame.keys", "frame.about", "setting.open"])
def test_a_dialog_has_names(bench: ConsoleBench, action: str) -> None:
    bench.console.registry.trigger(action)
    bench.settle()
    dialogs = [one for one in QApplication.topLevelWidgets() if isinstance(one, QDialog) and one.isVisible()]
    assert [nameless(dialog) for dialog in dialogs] == [[]]


def test_the_palette_has_names(bench: ConsoleBench) -> None:
    bench.console.registry.trigger("palette.open")
    bench.settle()
    assert bench.console.window.palette_sheet.isVisible()
    assert nameless(bench.console.window.palette_sheet) == []


def test_every_page_of_the_inspector_has_names(bench: ConsoleBench) -> None:
    tabs = next(one for one in bench.console.window.inspector.findChildren(SegmentedControl) if one.isVisible())
    for tab in tabs.findChildren(QAbstractButton):
        tab.click()
        bench.settle()
        assert nameless(bench.console.window.inspector) == []


def press(bench: ConsoleBench, name: str) -> None:
    found = [
        one
        for one in bench.console.window.findChildren(QAbstractButton)
        if one.isVisible() and name_of(one).startswith(name)
    ]
    assert found, name
    found[0].click()
    bench.settle()


def test_the_pages_beside_the_connectors_have_names(bench: ConsoleBench) -> None:
    bench.console.conductor.open_panel("connectors")
    bench.settle()
    bench.console.registry.trigger("connectors.next")
    bench.settle()
    assert nameless(bench.console.window) == []
    press(bench, "Add connection")
    assert nameless(bench.console.window) == []
    press(bench, "Prometheus")
    press(bench, "More settings")
    assert nameless(bench.console.window) == []


def test_the_list_of_what_is_charted_has_names(bench: ConsoleBench) -> None:
    bench.console.conductor.open_panel("performance")
    bench.settle()
    bench.console.registry.trigger("performance.pick")
    popup = QApplication.activePopupWidget()
    assert popup is not None
    assert nameless(popup) == []
    popup.close()


def test_a_filter_has_names_for_its_signs(theme: Theme, show: Callable[[QWidget], QWidget]) -> None:
    field = FilterLine(theme, "Filter")
    show(field)
    QTest.keyClicks(field, "pay")
    assert nameless(field) == []
    names = [name_of(one) for one in field.findChildren(QAbstractButton)]
    assert sorted(names) == ["Clear", "Filter"]


def test_the_time_lens_says_what_it_is_and_what_it_shows(bench: ConsoleBench) -> None:
    lens = bench.console.window.lens
    interface = QAccessible.queryAccessibleInterface(lens)
    assert interface.text(QAccessible.Text.Name) == "Time lens"
    assert interface.text(QAccessible.Text.Description).endswith("live")

"""Maintenance is planned from anywhere: from the command field, by its key, and from the inspector."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton

from quarterdeck.ui.panels.maintenance.scope_picker import ScopePicker
from quarterdeck.ui.shell.panels import PANELS
from tests.support.consoles import ConsoleBench, NotedPanel, noted_panels
from tests.ui.shell.conftest import Benches

PAYHUB = "integration/payhub-processor"
WITH_MAINTENANCE = ("overview", "maintenance")


@pytest.fixture
def bench(benches: Benches, panels: dict[str, NotedPanel]) -> ConsoleBench:
    return benches.started(panels=noted_panels(panels, WITH_MAINTENANCE))


def test_the_command_hands_on_what_is_selected(bench: ConsoleBench, panels: dict[str, NotedPanel]) -> None:
    bench.console.conductor.select(PAYHUB)
    bench.console.registry.trigger("maintenance.plan")
    bench.settle()
    assert panels["maintenance"].targets == ["plan?entity=integration%2Fpayhub-processor"]
    assert bench.console.conductor.place.entity_key == PAYHUB


def test_the_command_asks_for_an_empty_form_without_a_selection(
    bench: ConsoleBench, panels: dict[str, NotedPanel]
) -> None:
    bench.console.registry.trigger("maintenance.plan")
    bench.settle()
    assert panels["maintenance"].targets == ["plan?"]


def test_the_inspector_plans_for_what_it_shows(bench: ConsoleBench, panels: dict[str, NotedPanel]) -> None:
    bench.console.conductor.select(PAYHUB)
    bench.settle()
    buttons = bench.console.window.inspector.findChildren(QAbstractButton)
    button = next(one for one in buttons if one.accessibleName() == "Plan maintenance…")
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    bench.settle()
    assert panels["maintenance"].targets == ["plan?entity=integration%2Fpayhub-processor"]


def test_without_the_panel_nothing_is_offered(benches: Benches) -> None:
    ids = {spec.id for spec in benches.started().console.registry.specs()}
    assert "maintenance.plan" not in ids


def test_the_real_panel_opens_the_form_for_the_selection(benches: Benches) -> None:
    made = benches.started(panels=PANELS)
    made.console.conductor.select(PAYHUB)
    made.console.registry.trigger("maintenance.plan")
    made.until(lambda: any(one.isVisible() for one in made.console.window.findChildren(ScopePicker)), "the form stands")
    [picker] = made.console.window.findChildren(ScopePicker)
    assert picker.scope.entity_keys == (PAYHUB,)
    made.settle()

"""From the availability in the inspector to the ledger behind it."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton

from tests.support.consoles import NotedPanel, noted_panels
from tests.ui.shell.conftest import Benches


def test_the_inspector_leads_to_the_ledger_behind_the_availability(
    benches: Benches, panels: dict[str, NotedPanel]
) -> None:
    bench = benches.started(panels=noted_panels(panels, ("overview", "objectives")))
    bench.console.conductor.select("integration/payhub-processor")
    bench.settle()
    buttons = bench.console.window.inspector.findChildren(QAbstractButton)
    button = next(one for one in buttons if one.accessibleName() == "Ledger…")
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    bench.settle()
    assert bench.console.conductor.place.panel_id == "objectives"
    assert panels["objectives"].targets == ["integration/payhub-processor"]

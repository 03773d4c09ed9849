"""A small screen and large letters: nothing that matters is cut off."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit, QWidget

from quarterdeck.ui.shell.panels import PANELS
from quarterdeck.ui.widgets.text import ElidedLabel
from tests.support.consoles import ConsoleBench
from tests.ui.shell.conftest import Benches

PAYHUB = "integration/payhub-processor"


def cut_off(root: QWidget) -> list[str]:
    """Visible labels and buttons that are smaller than they ask for, or reach out of their parent."""
    found: list[str] = []
    for widget in root.findChildren(QWidget):
        if not widget.isVisible() or isinstance(widget, ElidedLabel) or isinstance(widget.parent(), QLineEdit):
            continue
        if isinstance(widget, QLabel | QAbstractButton):
            wanted, given = widget.minimumSizeHint(), widget.size()
            if given.width() < wanted.width() or given.height() < min(wanted.height(), widget.sizeHint().height()):
                found.append(f"{type(widget).__name__} {widget.accessibleName() or widget.objectName()} {given}")
        parent = widget.parentWidget()
        if isinstance(widget, QAbstractButton) and parent is not None and not parent.rect().contains(widget.geometry()):
            found.append(f"{type(widget).__name__} {widget.accessibleName()} reaches out of its place")
    return found


@pytest.mark.parametrize(("width", "height"), [(1280, 720), (1440, 900), (900, 560)])
def test_nothing_is_cut_off(bench: ConsoleBench, width: int, height: int) -> None:
    bench.console.window.resize(width, height)
    bench.console.conductor.select(PAYHUB)
    bench.settle()
    assert (bench.console.window.width(), bench.console.window.height()) == (width, height)
    assert cut_off(bench.console.window) == []


def test_a_narrow_rail_cuts_nothing_off(bench: ConsoleBench) -> None:
    bench.console.registry.trigger("frame.rail")
    bench.settle()
    assert cut_off(bench.console.window) == []


@pytest.mark.slow
def test_at_200_percent_on_a_small_screen_nothing_is_cut_off(tmp_path: Path) -> None:
    environment = dict(os.environ, QT_SCALE_FACTOR="2", HOME=str(tmp_path))
    command = [sys.executable, "-m", "tests.ui.shell.scaled_window", str(tmp_path)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "2.0 []"


@pytest.mark.parametrize("panel", [spec.id for spec in PANELS])
def test_on_a_small_screen_the_command_field_gives_way_and_the_controls_of_the_panel_do_not(
    benches: Benches, panel: str
) -> None:
    bench = benches.started(panels=PANELS)
    bench.console.window.resize(1100, 720)
    bench.console.conductor.open_panel(panel)
    bench.settle()
    bench.until(lambda: cut_off(bench.console.window.top_bar) == [], "nothing in the top bar is cut off")

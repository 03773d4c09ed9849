"""Everything but the window runs without Qt, on a server without its libraries; the window itself loads little."""

import subprocess
import sys

import pytest

from tests.architecture.sources import connector_names

HEADLESS = [
    "quarterdeck.domain",
    "quarterdeck.analysis",
    "quarterdeck.sdk",
    "quarterdeck.services",
    "quarterdeck.storage",
    "quarterdeck.connectors",
    "quarterdeck.exporters",
    "quarterdeck.demo",
    "quarterdeck.bootstrap",
    "quarterdeck.composition",
    "quarterdeck.cli",
    *(f"quarterdeck.connectors.{name}.source" for name in connector_names()),
]
FORBIDDEN = ("PySide6", "shiboken6", "pyqtgraph", "qtawesome", "qtpy")
SLOW_TO_LOAD = ("alembic", "sqlalchemy.orm", "pyqtgraph", "pytest")


def loaded_by(module: str) -> set[str]:
    """The names of the modules a fresh interpreter has after importing ``module``."""
    script = f"import sys, {module}; print(*sys.modules)"
    command = [sys.executable, "-W", "error", "-c", script]
    return set(subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout.split())


@pytest.mark.parametrize("module", HEADLESS)
def test_a_module_outside_the_ui_loads_no_qt(module: str) -> None:
    assert {name for name in loaded_by(module) if name.split(".")[0] in FORBIDDEN} == set()


def test_what_the_window_waits_for_loads_no_collector_and_no_schema_of_manifests() -> None:
    loaded = loaded_by("quarterdeck.composition")
    assert loaded & {"quarterdeck.services.collection", "quarterdeck.bootstrap", "pydantic", "httpx"} == set()


@pytest.mark.parametrize("module", ["quarterdeck.cli", "quarterdeck.services", "quarterdeck.bootstrap"])
def test_what_is_slow_to_load_waits_until_it_is_used(module: str) -> None:
    assert loaded_by(module) & set(SLOW_TO_LOAD) == set()


@pytest.mark.parametrize("module", ["console", "furniture", "command_palette", "inspector.view", "time_lens"])
def test_the_frame_loads_nothing_in_the_gui_thread_that_would_be_felt(module: str) -> None:
    assert loaded_by(f"quarterdeck.ui.shell.{module}") & {"numpy", "pydantic", "sqlalchemy", "pyqtgraph"} == set()

"""Everything but the window runs without Qt, on a server without its libraries; the window itself loads little."""

import ast
import subprocess
import sys

import pytest

from tests.architecture.sources import PACKAGE, connector_names

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


def test_the_bare_window_stands_before_anything_of_its_parts_is_loaded() -> None:
    loaded = {name for name in loaded_by("quarterdeck.desktop") if name.startswith("quarterdeck.")}
    parts = ("quarterdeck.desk", "quarterdeck.ui.widgets", "quarterdeck.ui.panels", "quarterdeck.ui.shell.console")
    assert {name for name in loaded if name.startswith(parts) and name != "quarterdeck.desktop"} == set()


def test_what_the_window_waits_for_loads_no_collector_and_no_schema_of_manifests() -> None:
    loaded = loaded_by("quarterdeck.composition")
    assert loaded & {"quarterdeck.services.collection", "quarterdeck.bootstrap", "pydantic", "httpx"} == set()


def test_the_window_opens_its_store_before_any_use_case_is_loaded() -> None:
    loaded = loaded_by("quarterdeck.composition")
    readers = {"overview", "inspector", "relationships", "compliance", "patterns", "performance", "search"}
    assert loaded & {"numpy", "sqlalchemy", "rapidfuzz", *(f"quarterdeck.services.{name}" for name in readers)} == set()


def loaded_in(path: str, function: str) -> set[str]:
    """The modules that a function of a source file imports when it runs."""
    tree = ast.parse((PACKAGE / path).read_text(encoding="utf-8"))
    found = [one for one in ast.walk(tree) if isinstance(one, ast.FunctionDef) and one.name == function]
    return {one.module or "" for part in found for one in ast.walk(part) if isinstance(one, ast.ImportFrom)}


def test_what_is_made_once_the_store_is_open_was_loaded_in_a_worker() -> None:
    made = loaded_in("ui/shell/conductor.py", "attach") | loaded_in("ui/shell/console.py", "_attach")
    script = (
        "import sys, quarterdeck.ui.shell.furniture; from quarterdeck.ui.shell.store_session import WANTED_NEXT;"
        "print(*sys.modules, *WANTED_NEXT)"
    )
    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60)
    assert made
    assert made - set(told.stdout.split()) == set()


@pytest.mark.parametrize("module", ["quarterdeck.cli", "quarterdeck.services", "quarterdeck.bootstrap"])
def test_what_is_slow_to_load_waits_until_it_is_used(module: str) -> None:
    assert loaded_by(module) & set(SLOW_TO_LOAD) == set()


@pytest.mark.parametrize("module", ["console", "furniture", "command_palette", "inspector.view", "time_lens"])
def test_the_frame_loads_nothing_in_the_gui_thread_that_would_be_felt(module: str) -> None:
    assert loaded_by(f"quarterdeck.ui.shell.{module}") & {"numpy", "pydantic", "sqlalchemy", "pyqtgraph"} == set()

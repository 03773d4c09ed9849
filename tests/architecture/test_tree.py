"""The tree is the diagram: what may stand where, beyond what the import contracts can see."""

import re
from pathlib import Path

import pytest

from tests.architecture.sources import (
    PACKAGE,
    REPOSITORY,
    connector_names,
    files_of_the_repository,
    python_files,
    shown,
)

TOP_LEVEL = {"pyproject.toml", "README.md", "app", "resources", "tests", "packaging", ".ci", ".gitignore"}
NAMELESS = {
    "utils",
    "util",
    "helpers",
    "helper",
    "common",
    "misc",
    "manager",
    "managers",
    "base",
    "core",
    "shared",
    "stuff",
}
PANELS = sorted(path.parent for path in (PACKAGE / "ui/panels").glob("*/__init__.py"))


def test_the_top_level_is_fixed() -> None:
    assert {path.relative_to(REPOSITORY).parts[0] for path in files_of_the_repository()} <= TOP_LEVEL


def test_every_folder_with_modules_is_a_package() -> None:
    """A folder without ``__init__.py`` is invisible to the import contracts."""
    folders = {path.parent for path in python_files("app", "tests")} - {REPOSITORY / "app"}
    assert [shown(folder) for folder in sorted(folders) if not (folder / "__init__.py").exists()] == []


def test_what_the_readme_points_to_exists() -> None:
    links = re.findall(r"\]\(([^):]+)\)", (REPOSITORY / "README.md").read_text(encoding="utf-8"))
    assert [link for link in links if not (REPOSITORY / link).exists()] == []


def test_packaging_is_no_package() -> None:
    assert list((REPOSITORY / "packaging").rglob("*.py")) == []


def test_modules_are_named_after_what_they_are() -> None:
    named = [path for path in python_files("app", "tests") if {path.stem, path.parent.name} & NAMELESS]
    assert [shown(path) for path in named] == []


@pytest.mark.parametrize("panel", PANELS, ids=lambda panel: panel.name)
def test_a_panel_is_view_presenter_and_state(panel: Path) -> None:
    modules = {path.stem for path in panel.glob("*.py")}
    assert {"__init__", "view", "presenter", "state"} <= modules


def test_every_connector_folder_is_declared_by_an_entry_point() -> None:
    folders = {path.parent.name for path in (PACKAGE / "connectors").glob("*/__init__.py")}
    assert folders <= set(connector_names())

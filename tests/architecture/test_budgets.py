"""The budgets and habits of the house, over every file; and that their checks find what they are for."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.architecture import budgets
from tests.architecture.sources import PACKAGE, python_files, shown

EVERYTHING = python_files("app", "tests")
TESTS = [path for path in python_files("tests") if path.name != "planted_leaks.py"]
UI_WITHOUT_TASKS = [path for path in python_files("app/quarterdeck/ui") if PACKAGE / "ui/tasks" not in path.parents]


def complaints(check: Callable[[str], list[str]], paths: list[Path]) -> list[str]:
    return [f"{shown(path)}:{found}" for path in paths for found in check(path.read_text(encoding="utf-8"))]


def test_files_and_functions_keep_to_their_length() -> None:
    assert complaints(budgets.too_long, EVERYTHING) == []


def test_a_silenced_checker_is_told_which_rule_and_the_reader_why() -> None:
    assert complaints(budgets.exceptions_without_reason, EVERYTHING) == []


def test_tests_wait_for_conditions_and_use_fakes() -> None:
    assert complaints(budgets.waits_and_patches, TESTS) == []


def test_names_of_tests_are_sentences_about_behaviour() -> None:
    assert complaints(budgets.unspoken_tests, [path for path in TESTS if path.name.startswith("test_")]) == []


def test_only_the_tasks_start_threads_in_the_ui() -> None:
    assert complaints(budgets.threads, UI_WITHOUT_TASKS) == []


def test_a_broad_except_stands_only_at_the_two_boundaries() -> None:
    files = [path for path in python_files("app") if "noqa: BLE001" in path.read_text(encoding="utf-8")]
    elsewhere = [shown(path) for path in files if PACKAGE / "ui/tasks" not in path.parents]
    assert len(elsewhere) <= 1, f"the connector boundary is one place, not {elsewhere}"


@pytest.mark.parametrize(
    ("check", "planted"),
    [
        (budgets.too_long, "x = 1\n" * 401),
        (budgets.too_long, "def long():\n" + "    x = 1\n" * 40),
        (budgets.exceptions_without_reason, "import os  # noqa"),
        (budgets.exceptions_without_reason, "import os  # noqa: F401"),
        (budgets.exceptions_without_reason, "x: int = ''  # type: ignore"),
        (budgets.exceptions_without_reason, "x: int = ''  # pyright: ignore[reportAssignmentType]"),
        (budgets.exceptions_without_reason, "# pyright: basic"),
        (budgets.waits_and_patches, "import time\ntime.sleep(0.1)"),
        (budgets.waits_and_patches, "from unittest.mock import Mock"),
        (budgets.waits_and_patches, "def test_a(monkeypatch):\n    monkeypatch.setattr('os.name', 'x')"),
        (budgets.threads, "from PySide6.QtCore import QThread"),
        (budgets.threads, "import concurrent.futures"),
        (budgets.unspoken_tests, "def test_store(): ..."),
        (budgets.unspoken_tests, "def test_the_store_works(): ..."),
    ],
)
def test_what_goes_over_a_budget_is_found(check: Callable[[str], list[str]], planted: str) -> None:
    assert len(check(planted)) == 1


@pytest.mark.parametrize(
    ("check", "allowed"),
    [
        (budgets.too_long, "x = 1\n" * 400),
        (budgets.too_long, 'def long():\n    """One.\n\n    Two.\n    """\n' + "    x = 1\n" * 39),
        (budgets.exceptions_without_reason, "import os  # noqa: F401 - loaded for its side effect"),
        (budgets.waits_and_patches, "import asyncio\nasync def f():\n    await asyncio.sleep(0)"),
        (budgets.waits_and_patches, "def test_a(monkeypatch):\n    monkeypatch.setenv('NO_COLOR', '1')"),
        (budgets.unspoken_tests, "def test_stale_source_is_shown_as_unknown(): ..."),
    ],
)
def test_what_keeps_to_a_budget_is_left_alone(check: Callable[[str], list[str]], allowed: str) -> None:
    assert check(allowed) == []

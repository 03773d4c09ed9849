"""The commands of policies as they are typed."""

import json
from pathlib import Path

import pytest

from tests.e2e.console_process import run
from tests.unit.policies.malformed import SOUND_PACK


def test_the_policies_in_force_hold_together(tmp_path: Path) -> None:
    checked = run(tmp_path / "store.db", "policies", "check")
    assert checked.returncode == 0, checked.stderr
    assert "security.yaml: 4 policies." in checked.stdout


def test_a_wrong_file_is_told_with_line_and_column_and_ends_with_one(tmp_path: Path) -> None:
    wrong = tmp_path / "own.yaml"
    wrong.write_text(SOUND_PACK.replace("tls.version", "tls.versio"), encoding="utf-8")
    checked = run(tmp_path / "store.db", "policies", "check", str(wrong))
    assert checked.returncode == 1
    assert checked.stdout.startswith("own.yaml, line 9, column 11: There is no fact “tls.versio”.")


def test_a_store_without_verdicts_shows_none(tmp_path: Path) -> None:
    estate = tmp_path / "estate.yaml"
    estate.write_text("quarterdeck: 1\nname: none\n", encoding="utf-8")
    store = tmp_path / "store.db"
    assert run(store, "apply", str(estate)).returncode == 0
    assert "No policy has judged anything yet" in run(store, "policies", "show").stdout
    assert json.loads(run(store, "policies", "show", "--json").stdout) == {"policies": []}


@pytest.mark.parametrize("typed", ["check", "show"])
def test_the_help_of_a_command_of_policies_has_an_example_of_it(typed: str) -> None:
    helped = run(Path("unused"), "policies", typed, "--help")
    assert f"For example `quarterdeck policies {typed}" in " ".join(helped.stdout.split())

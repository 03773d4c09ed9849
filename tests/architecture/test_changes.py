"""A changelog fragment is a sentence for the people who use the program, under a name the release tool understands."""

import re
import subprocess
import sys

import pytest

from tests.architecture.sources import REPOSITORY, project

FOLDER = REPOSITORY / "packaging" / "changes"
FRAGMENTS = sorted(path for path in FOLDER.iterdir() if path.name != ".gitignore")
KINDS = [kind["directory"] for kind in project()["tool"]["towncrier"]["type"]]
NAME = re.compile(rf"[a-z0-9]+(-[a-z0-9]+)*\.({'|'.join(KINDS)})\.md")


@pytest.mark.parametrize("fragment", [path.name for path in FRAGMENTS])
def test_a_fragment_has_a_name_and_one_sentence(fragment: str) -> None:
    text = (FOLDER / fragment).read_text(encoding="utf-8").strip()
    assert NAME.fullmatch(fragment), f"expected a-few-words.KIND.md with KIND one of {KINDS}"
    assert text.endswith((".", "`"))
    assert text.count("\n") < 6


def test_the_release_tool_gathers_the_fragments() -> None:
    command = [sys.executable, "-m", "towncrier", "build", "--draft", "--date", "2026-01-01"]
    run = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=True, timeout=60)
    assert "## 0.1.0 (2026-01-01)" in run.stdout

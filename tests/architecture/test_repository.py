"""What must not stand in any file: addresses of registries, paths of one machine, secrets, talk about how it was made.

A letter in brackets keeps each pattern from matching itself, so that this file passes its own test.
"""

import re
from pathlib import Path

import pytest

from tests.architecture.sources import REPOSITORY, files_of_the_repository, shown

FORBIDDEN = {
    "the address of a package registry": (
        r"(pypi|anaconda|debian|golang)[.]org|pythonhosted[.]org|npmjs[.](org|com)|crates[.]io|archive[.]ubuntu[.]com"
    ),
    "a path of one machine": r"(?<![\w.])/([w]ork|[r]oot|[h]ome|[U]sers)/\w",
    "a private key": r"BEGIN [A-Z ]*[P]RIVATE KEY",
    "talk about how it was made": (
        r"\b([i]ssues? #?\d+|[C]laude|[A]nthropic|[L]LM|[l]anguage models?|[A]I|[h]elper sessions?|[s]ubagents?)\b"
    ),
    "a document that is not in the repository": r"\b(evidence|standards|architecture|interface|brief)[.]md\b",
}
THEIR_OWN_WORDS = {"packaging/LICENSE"}


def texts() -> list[tuple[Path, str]]:
    """Every file of the repository that is text."""
    found: list[tuple[Path, str]] = []
    for path in files_of_the_repository():
        data = path.read_bytes()
        if b"\0" not in data and shown(path) not in THEIR_OWN_WORDS:
            found.append((path, data.decode("utf-8", errors="replace")))
    return found


@pytest.fixture(scope="module")
def contents() -> list[tuple[Path, str]]:
    return texts()


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_file_holds_what_belongs_elsewhere(contents: list[tuple[Path, str]], what: str) -> None:
    pattern = re.compile(FORBIDDEN[what])
    found = [
        f"{shown(path)}:{text.count(chr(10), 0, match.start()) + 1}: {match.group()}"
        for path, text in contents
        for match in pattern.finditer(text)
    ]
    assert found == []


@pytest.mark.parametrize(
    ("what", "planted"),
    [
        ("the address of a package registry", "--index-url https://py~pi.org/simple"),
        ("a path of one machine", "open('/wo~rk/main/x')"),
        ("a private key", "-----BEGIN EC PRIV~ATE KEY-----"),
        ("talk about how it was made", "as asked in iss~ue #12"),
        ("a document that is not in the repository", "see archi~tecture.md"),
    ],
)
def test_a_planted_word_is_found(what: str, planted: str) -> None:
    assert re.search(FORBIDDEN[what], planted.replace("~", ""))


def test_nothing_generated_is_in_git() -> None:
    generated = {".pyc", ".qm", ".so", ".whl", ".egg", ".orig", ".rej", ".sqlite", ".db", ".log"}
    assert [shown(path) for path in files_of_the_repository() if path.suffix in generated] == []


def test_no_file_names_the_folder_it_was_checked_out_into(contents: list[tuple[Path, str]]) -> None:
    assert [shown(path) for path, text in contents if str(REPOSITORY) in text] == []

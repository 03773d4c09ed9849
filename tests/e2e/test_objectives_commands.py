"""The commands of objectives as they are typed."""

import json
from pathlib import Path

import pytest

from quarterdeck.storage.opening import open_store
from tests.e2e.console_process import run
from tests.unit.objectives.promises import KEY, OK, UP, fill, promise, service

AT = "2026-03-02T13:00Z"


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """A store with an hour of a service and two objectives of it."""
    path = tmp_path / "store.db"
    opened = open_store(str(path))
    promise(opened, service(UP, OK))
    fill(opened)
    opened.close()
    return path


def test_objectives_are_listed_with_what_is_left_and_the_exit_code_tells_that_one_is_not_met(store: Path) -> None:
    listed = run(store, "objectives", "list", "--at", AT)
    assert (listed.returncode, listed.stderr) == (1, "")
    assert "service/api:up" in listed.stdout
    assert "83.333%" in listed.stdout
    told = json.loads(run(store, "objectives", "list", KEY, "--at", AT, "--json").stdout)["objectives"]
    assert [each["attained"] for each in told] == [3000 / 3600, 1 - 300 / 3540]
    assert run(store, "objectives", "list", "service/none", "--at", AT).returncode == 0


def test_a_ledger_is_corrected_by_a_record_and_counted_without_it_beside(store: Path) -> None:
    key = f"{KEY}:up"
    said = ("--from", "2026-03-02T12:40Z", "--to", "2026-03-02T12:50Z", "--as", "excluded", "--reason", "Probe", "--by")
    made = run(store, "objectives", "correct", key, *said, "ada")
    assert (made.returncode, made.stdout) == (0, "Correction 1 of service/api:up is recorded.\n")
    shown = run(
        store, "objectives", "show", key, "--rule", "corrections=ignored", "--json", "--at", "2026-03-02T13:00Z"
    )
    told = json.loads(shown.stdout)
    assert told["corrections"] == []
    text = run(store, "objectives", "show", key).stdout
    assert "Correction 1: " in text
    assert "Ledger, 1 entry:" in text
    assert json.loads(run(store, "objectives", "show", key, "--json").stdout)["corrections"][0]["number"] == 1


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (("list", "--rule", "unknown=nice"), "There is no rule 'unknown=nice'."),
        (("show", "service/api:upp"), "There is no objective service/api:upp then."),
        (("show", "service/api"), "There is no objective service/api then."),
    ],
    ids=["rule", "name", "nobody"],
)
def test_what_is_not_there_is_refused_in_a_sentence(store: Path, asked: tuple[str, ...], words: str) -> None:
    extra = ("--at", "2020-01-01") if asked[-1] == "service/api" else ()
    refused = run(store, "objectives", *asked, *extra)
    assert (refused.returncode, refused.stderr.splitlines()[0]) == (4, f"quarterdeck: {words}")

"""The command that lists error patterns, as it is typed."""

import hashlib
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from quarterdeck.storage.opening import open_store
from tests.e2e.console_process import run
from tests.unit.errors.bank import PAYHUB, declare, failed, tell


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """A store in which payments failed before noon."""
    path = tmp_path / "store.db"
    opened = open_store(str(path))
    declare(opened)
    tell(opened, *(failed(each, f"upstream timed out after {each} ms\x1b[2J") for each in (1, 2, 70)))
    opened.close()
    return path


def test_patterns_are_told_as_a_table_and_as_json_and_the_store_stays_as_it_was(store: Path) -> None:
    before = hashlib.sha256(store.read_bytes()).hexdigest()
    table = run(store, "errors", "list", "--since", "1h", "--at", "2026-11-24T12:00:00Z")
    assert table.returncode == 0, table.stderr
    assert "2 failures told by events" in table.stdout
    assert "PayHub" in table.stdout
    assert "\x1b" not in table.stdout
    told = json.loads(run(store, "errors", "list", "--since", "1h", "--at", "2026-11-24T12:00:00Z", "--json").stdout)
    (one,) = told["patterns"]
    assert (one["now"], one["before"], one["codes"]) == (2, 1, [{"code": "503", "count": 2}])
    assert one["entities"] == [{"key": PAYHUB, "name": "PayHub", "count": 2}]
    assert one["first_seen"] == (datetime(2026, 11, 24, 12, tzinfo=UTC) - timedelta(minutes=70)).isoformat()
    assert hashlib.sha256(store.read_bytes()).hexdigest() == before


def test_a_time_without_failures_says_so(store: Path) -> None:
    told = run(store, "errors", "list", "--since", "1h", "--at", "2026-11-20T12:00:00Z")
    assert "No event of either time tells a failure." in told.stdout


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (("--since", "soon"), "'soon' is no time."),
        (("--since", "2026-11-25", "--at", "2026-11-24"), "The range would end before it begins."),
    ],
    ids=["no-time", "backwards"],
)
def test_a_range_that_cannot_be_is_refused_with_a_next_step(store: Path, asked: tuple[str, ...], words: str) -> None:
    told = run(store, "errors", "list", *asked)
    assert told.returncode == 4
    assert words in told.stderr
    assert len(told.stderr.strip().splitlines()) == 2


def test_a_store_that_is_not_there_is_told_so(tmp_path: Path) -> None:
    told = run(tmp_path / "none.db", "errors", "list")
    assert told.returncode == 4
    assert "none.db" in told.stderr

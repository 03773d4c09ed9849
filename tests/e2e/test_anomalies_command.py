"""The command that lists what is unusual, as it is typed."""

import hashlib
import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from quarterdeck.domain.instants import to_ms
from quarterdeck.domain.series import Meaning, SeriesIdentity
from quarterdeck.services.anomaly_ports import JudgedDay
from quarterdeck.services.ports import SeriesQuery
from quarterdeck.storage.opening import open_store
from tests.e2e.console_process import run
from tests.storage.test_anomalies import FOUND
from tests.support.stores import NOON, PATIENCE_SECONDS, take_in_values

LATENCY = SeriesIdentity("service/api\x1b[2J", "latency", Meaning.RESPONSE_TIME, "s")
AT = "2026-03-02T13:00:00Z"


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """A store in which a response time was unusual after noon."""
    path = tmp_path / "store.db"
    opened = open_store(str(path))
    take_in_values(opened, NOON, {LATENCY: 0.2})
    (info,) = opened.find(SeriesQuery())
    day = JudgedDay(info.id, to_ms(NOON - timedelta(hours=12)), (replace(FOUND, series_id=info.id),))
    opened.anomalies.replace([day]).result(PATIENCE_SECONDS)
    opened.close()
    return path


def test_anomalies_are_told_in_lines_and_as_json_and_the_store_stays_as_it_was(store: Path) -> None:
    before = hashlib.sha256(store.read_bytes()).hexdigest()
    lines = run(store, "anomalies", "list", "--at", AT)
    assert lines.returncode == 0, lines.stderr
    assert "1 unusual stretch" in lines.stdout
    assert "level shift, outside its season" in lines.stdout
    assert "\x1b" not in lines.stdout
    told = json.loads(run(store, "anomalies", "list", "--at", AT, "--json").stdout)
    (one,) = told["anomalies"]
    assert (one["from"], one["to"]) == ("2026-03-02T12:00:00+00:00", "2026-03-02T12:15:00+00:00")
    assert (one["value"], one["expected_low"], one["expected_high"], one["score"]) == (9.5, 1.0, 4.0, 2.5)
    assert [each["detector"] for each in one["fired"]] == ["shift", "season"]
    assert hashlib.sha256(store.read_bytes()).hexdigest() == before


def test_a_time_in_which_nothing_was_found_says_so(store: Path) -> None:
    told = run(store, "anomalies", "list", "--at", "2026-03-01T12:00:00Z", "--from", "6h")
    assert told.returncode == 0
    assert "Nothing was found outside its usual range" in told.stdout


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (("--from", "soon"), "'soon' is no time."),
        (("--from", "2026-11-25", "--to", "2026-11-24"), "The range would end before it begins."),
        (("--from", "1990-01-01"), "The range is longer than ten years."),
    ],
    ids=["no-time", "backwards", "too-long"],
)
def test_a_range_that_cannot_be_is_refused_with_a_next_step(store: Path, asked: tuple[str, ...], words: str) -> None:
    told = run(store, "anomalies", "list", *asked)
    assert told.returncode == 4
    assert words in told.stderr


def test_a_store_that_is_not_there_is_told_so(tmp_path: Path) -> None:
    told = run(tmp_path / "none.db", "anomalies", "list")
    assert told.returncode == 4
    assert "none.db" in told.stderr

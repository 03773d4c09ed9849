"""What is written of events, and what never is."""

from __future__ import annotations

import io
import logging
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from quarterdeck.services.logbook import PlainLines, log_to_file, log_to_stream, without_secrets

EVENT = {"name": "quarterdeck.services.rounds", "levelno": logging.WARNING, "levelname": "WARNING", "created": 0.0}


def line(message: str, *values: object) -> str:
    return PlainLines().format(logging.makeLogRecord({**EVENT, "msg": message, "args": values}))


@pytest.fixture
def quiet_logging() -> Iterator[None]:
    """The logging of this process as it was before."""
    root, program = logging.getLogger(), logging.getLogger("quarterdeck")
    before = list(root.handlers), root.level, program.level
    hook = sys.excepthook
    yield
    sys.excepthook = hook
    for handler in [handler for handler in root.handlers if handler not in before[0]]:
        root.removeHandler(handler)
        handler.close()
    root.setLevel(before[1])
    program.setLevel(before[2])
    logging.captureWarnings(capture=False)


def test_a_line_tells_when_in_utc_how_grave_who_and_what() -> None:
    assert line("Judging: %s", "no store") == "1970-01-01T00:00:00Z WARNING services.rounds: Judging: no store"


def test_text_from_outside_cannot_pass_for_a_line_of_its_own() -> None:
    assert "\n" not in line("%s", "gone\n2026-01-01T00:00:00Z INFO all is well\x1b[2J")
    assert "\x1b" not in line("%s", "\x1b[2J")


def test_a_trace_follows_indented_and_without_secrets() -> None:
    try:
        raise ValueError("GET https://amy:pw@bank.example/?token=abc failed")
    except ValueError as fault:
        record = logging.makeLogRecord({**EVENT, "msg": "it failed", "exc_info": (ValueError, fault, None)})
    first, *trace = PlainLines().format(record).splitlines()
    assert first.endswith("it failed")
    assert all(part.startswith("    ") for part in trace)
    assert "amy" not in "".join(trace)
    assert "abc" not in "".join(trace)


@pytest.mark.parametrize(
    "text",
    [
        "https://amy:hunter2@bank.example/metrics",
        "postgresql+psycopg://amy:hun/hunter2@db.example/quarterdeck",
        "https://bank.example/feed?token=hunter2&x=1",
        "https://bank.example/feed#hunter2",
        "Authorization: Bearer hunter2",
        "authorization: basic hunter2",
        "{'password': 'hunter2'}",
        "api_key=hunter2",
        "token: hunter2",
    ],
)
def test_credentials_are_left_out(text: str) -> None:
    assert "hunter2" not in without_secrets(text)


@pytest.mark.parametrize(
    "text",
    [
        "The token was refused. Give a new token.",
        "https://bank.example:9090/metrics answers HTTP 503 Service Unavailable.",
        "p95 response time 2.9 s, above 1.5 s",
    ],
)
def test_what_is_no_secret_stays_as_it_is(text: str) -> None:
    assert without_secrets(text) == text


@pytest.mark.usefixtures("quiet_logging")
def test_the_program_tells_and_its_libraries_only_warn() -> None:
    stream = io.StringIO()
    log_to_stream(stream)
    logging.getLogger("quarterdeck.services.collection").info("Collecting.")
    logging.getLogger("httpx").info("HTTP Request: GET https://bank.example")
    assert [written.split(" ", 1)[1] for written in stream.getvalue().splitlines()] == [
        "INFO services.collection: Collecting."
    ]


@pytest.mark.usefixtures("quiet_logging")
def test_the_file_is_for_its_user_alone(tmp_path: Path) -> None:
    file = tmp_path / "cache" / "collector.log"
    log_to_file(file)
    logging.getLogger("quarterdeck").info("Collecting.")
    assert file.read_text("utf-8").endswith("Collecting.\n")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600

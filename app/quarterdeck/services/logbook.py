"""Where a process without a window writes what happens: plain lines with UTC time, and no secrets."""

from __future__ import annotations

import logging
import os
import re
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType
from typing import TextIO

from typing_extensions import override

from quarterdeck.sdk.texts import one_line, plain_text

PROGRAM = "quarterdeck"
FILE_BYTES = 1_000_000
OLD_FILES = 3
_LONGEST_LINE = 4000
_LONGEST_TRACE = 20_000
_PRIVATE = 0o600

_SECRETS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"://[^\s'\"<>]*@"), "://…@"),
    (re.compile(r"(://[^\s'\"?#<>]*)[?#][^\s'\"<>]*"), r"\1?…"),
    (re.compile(r"\b(bearer|basic)\s+[^\s'\",;]+", re.IGNORECASE), r"\1 …"),
    (
        re.compile(
            r"((?:token|password|passwd|passphrase|secret|api[_-]?key)['\"]?\s*[:=]\s*)[^\s,;&]+", re.IGNORECASE
        ),
        r"\1…",
    ),
)

log = logging.getLogger(__name__)


def without_secrets(text: str) -> str:
    """A text without credentials: users, passwords and queries of addresses, tokens, and what is named a secret."""
    for pattern, shown in _SECRETS:
        text = pattern.sub(shown, text)
    return text


class PlainLines(logging.Formatter):
    """One line an event, `2026-11-24T05:12:01Z WARNING services.rounds: …`; a trace follows, indented."""

    @override
    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        name = record.name.removeprefix(f"{PROGRAM}.")
        line = one_line(without_secrets(record.getMessage()), _LONGEST_LINE)
        lines = [f"{at} {record.levelname} {name}: {line}"]
        if record.exc_info and record.exc_info[0] is not None:
            trace = plain_text(without_secrets(self.formatException(record.exc_info)), _LONGEST_TRACE)
            lines += [f"    {part}" for part in trace.splitlines()]
        return "\n".join(lines)


def log_to_stream(stream: TextIO) -> None:
    """Write to a terminal from now on: what the program tells, and warnings of its libraries."""
    _write_with(logging.StreamHandler(stream))


def log_to_file(file: Path) -> None:
    """Write to a file of this user alone from now on, beside a few older ones; to standard error when that fails."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handler = _PrivateFile(file, maxBytes=FILE_BYTES, backupCount=OLD_FILES, encoding="utf-8")
    except OSError as fault:
        log_to_stream(sys.stderr)
        log.warning("the log %s cannot be written: %s", file, fault.strerror)
        return
    _write_with(handler)
    sys.excepthook = partial(_log_uncaught, sys.excepthook)


class _PrivateFile(RotatingFileHandler):
    @override
    def _open(self) -> TextIOWrapper:
        return open(self.baseFilename, "a", encoding="utf-8", errors="replace", opener=_open_privately)


def _open_privately(name: str, flags: int) -> int:
    return os.open(name, flags | os.O_NOFOLLOW, _PRIVATE)


def _write_with(handler: logging.Handler) -> None:
    handler.setFormatter(PlainLines())
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.WARNING)
    logging.getLogger(PROGRAM).setLevel(logging.INFO)
    logging.captureWarnings(capture=True)


def _log_uncaught(
    before: Callable[[type[BaseException], BaseException, TracebackType | None], object],
    kind: type[BaseException],
    fault: BaseException,
    trace: TracebackType | None,
) -> None:
    if issubclass(kind, Exception):
        log.critical("a bug ended this process", exc_info=(kind, fault, trace))
    before(kind, fault, trace)

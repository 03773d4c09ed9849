"""A warning in the log, or a message from Qt, is a failure unless the test said that it must come."""

import logging
import re
import sys
from dataclasses import dataclass, field
from pathlib import Path

from typing_extensions import override

from tests.support.guards.lines import REPOSITORY

QT = "qt"
# The offscreen platform has no window manager to raise a window, hint to it or grab the keyboard.
_PLATFORM_NOISE = "This plugin does not support "


@dataclass(frozen=True, slots=True)
class LogLine:
    """One line that was logged: by whom, what, and the file and line it comes from."""

    logger: str
    text: str
    origin: str


@dataclass(slots=True)
class ExpectedLogs:
    """What a test says must be logged; a line that does not come fails the test as much as one that does unasked."""

    _expected: list[tuple[str, str]] = field(default_factory=list)

    def expect(self, logger: str, pattern: str) -> None:
        """At least one line at WARNING or above by ``logger`` (or below it) in which ``pattern`` is found."""
        self._expected.append((logger, pattern))

    def expect_qt(self, pattern: str) -> None:
        """At least one message of Qt in which ``pattern`` is found."""
        self.expect(QT, pattern)

    def complaints(self, lines: list[LogLine]) -> list[str]:
        """One sentence per line that was not expected and per expectation that was not met."""
        complaints = [
            f"the log line {line.text!r} by {line.logger}, from {line.origin}"
            for line in lines
            if not any(_matches(line, *expected) for expected in self._expected)
        ]
        complaints += [
            f"no log line by {logger} with {pattern!r}, though expected"
            for logger, pattern in self._expected
            if not any(_matches(line, logger, pattern) for line in lines)
        ]
        return complaints


def _matches(line: LogLine, logger: str, pattern: str) -> bool:
    return (line.logger == logger or line.logger.startswith(f"{logger}.")) and bool(re.search(pattern, line.text))


class LogGuard(logging.Handler):
    """Collects what is logged at WARNING or above while it is in place."""

    def __init__(self, expected: ExpectedLogs, qt_messages: "QtMessages") -> None:
        super().__init__(logging.WARNING)
        self._expected = expected
        self._qt_messages = qt_messages
        self._lines: list[LogLine] = []
        logging.getLogger().addHandler(self)

    @override
    def emit(self, record: logging.LogRecord) -> None:
        path = Path(record.pathname)
        shown = path.relative_to(REPOSITORY) if path.is_relative_to(REPOSITORY) else path.name
        self._lines.append(LogLine(record.name, record.getMessage(), f"{shown}:{record.lineno}"))

    def leftovers(self) -> list[str]:
        """The complaints of the test's expectations about everything seen."""
        logging.getLogger().removeHandler(self)
        return self._expected.complaints(self._lines + self._qt_messages.taken())


class QtMessages:
    """Receives Qt's own messages, once installed, until somebody takes them; works without Qt and then stays empty."""

    def __init__(self) -> None:
        self._lines: list[LogLine] = []

    def install(self) -> None:
        """Become Qt's message handler, if Qt was loaded."""
        if core := sys.modules.get("PySide6.QtCore"):
            core.qInstallMessageHandler(self._receive)

    def uninstall(self) -> None:
        """Give the messages back to Qt; a Python handler must not outlive the interpreter."""
        if core := sys.modules.get("PySide6.QtCore"):
            core.qInstallMessageHandler(None)

    def taken(self) -> list[LogLine]:
        """What was received since the last call."""
        lines, self._lines = self._lines, []
        return lines

    def _receive(self, _kind: object, context: object, text: str) -> None:
        if not text.startswith(_PLATFORM_NOISE):
            origin = f"{getattr(context, 'file', None) or 'Qt'}:{getattr(context, 'line', 0)}"
            self._lines.append(LogLine(QT, text, origin))

"""Processes of ours beside the window: the collector and the demo bank. They end when we end, even when we are killed.

A child watches its standard input, a pipe that we hold: it closes with us, whatever happened to us.
"""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Sequence
from typing import IO, cast

from quarterdeck.domain.errors import OperatorError
from quarterdeck.sdk.texts import one_line

STOP_SECONDS = 8.0
_STDIN = 0
_REFUSES = "quarterdeck: "
_LONGEST_REFUSAL = 4000
_LOG_STEP = "Run `quarterdeck doctor`, and look at the log it names."
_KILLED_STEP = "See what ends processes here: perhaps a want of memory."


class Child:
    """A running command of this program. `stop` asks it to end and waits, then ends it."""

    def __init__(self, arguments: Sequence[str]) -> None:
        command = [sys.executable, "-m", "quarterdeck", *arguments]
        try:
            self._errors = tempfile.TemporaryFile("w+", errors="replace")  # noqa: SIM115 - closed when it is stopped
            self._process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._errors, text=True
            )
            self._input, self._out = cast("IO[str]", self._process.stdin), cast("IO[str]", self._process.stdout)
        except OSError as fault:
            message = f"The process for `quarterdeck {arguments[0]}` could not be started: {fault.strerror}."
            raise OperatorError(message, "See whether this machine has memory and processes left.") from fault

    @property
    def is_running(self) -> bool:
        """Whether the process lives; an ended one is taken off the system's list by asking."""
        return self._process.poll() is None

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    def first_line(self, timeout_seconds: float) -> str:
        """The first line it prints, by which it says that it is ready. Raises OperatorError when none comes in time."""
        lines: list[str] = []
        reader = threading.Thread(target=lambda: lines.append(self._out.readline()), daemon=True)
        reader.start()
        reader.join(timeout_seconds)
        if not lines or not lines[0]:
            refusal = self._refusal()
            self.stop()
            raise refusal
        return lines[0]

    def stay(self, seconds: float) -> None:
        """Return after so long. Raises OperatorError when it ends before."""
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return
        raise self._refusal()

    def ending(self) -> OperatorError:
        """Why it ended, in its own words where it has any. Reads the file it wrote them to."""
        own = self._own_words()
        if own is not None:
            return own
        code = self._process.poll()
        if code is not None and code < 0:
            return OperatorError(f"It was killed ({_signal_name(-code)}).", _KILLED_STEP)
        return OperatorError("It ended without a word.", _LOG_STEP)

    def _refusal(self) -> OperatorError:
        """Why it did not start, in its own words where it has any."""
        return self._own_words() or OperatorError("A part of the program did not start.", _LOG_STEP)

    def _own_words(self) -> OperatorError | None:
        self._errors.seek(0)
        told = [one_line(line) for line in self._errors.read(_LONGEST_REFUSAL).splitlines()]
        if told and told[0].startswith(_REFUSES):
            return OperatorError(told[0].removeprefix(_REFUSES), " ".join(told[1:]))
        return None

    def stop(self) -> None:
        """End the process: by closing its input, then by asking, then by force. Nothing happens when it has ended."""
        self._input.close()
        for end in (lambda: None, self._process.terminate, self._process.kill):
            end()
            try:
                self._process.wait(STOP_SECONDS)
                break
            except subprocess.TimeoutExpired:
                continue
        self._out.close()
        self._errors.close()


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def stop_when_parent_ends(loop: asyncio.AbstractEventLoop, stop: Callable[[], None]) -> None:
    """In a child: call `stop` in the loop once standard input closes."""

    def look() -> None:
        if not os.read(_STDIN, 4096):
            loop.remove_reader(_STDIN)
            stop()

    loop.add_reader(_STDIN, look)

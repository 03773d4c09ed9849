"""Running commands of the program as a person does, each in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

ANSWER_SECONDS = 60


def command(store: Path, *arguments: str) -> list[str]:
    """The command line for a command on a store."""
    return [sys.executable, "-m", "quarterdeck", *arguments, "--store", str(store)]


def run(store: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end and return its exit code and output."""
    return subprocess.run(
        command(store, *arguments), capture_output=True, text=True, timeout=ANSWER_SECONDS, check=False, env=os.environ
    )


@contextmanager
def started(arguments: Sequence[str]) -> Iterator[subprocess.Popen[str]]:
    """A command that runs inside the block; killed at its end if it still does."""
    with subprocess.Popen(list(arguments), stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True) as process:
        try:
            yield process
        finally:
            process.kill()

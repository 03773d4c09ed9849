"""Running commands of the program as a person does, each in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
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
def started(arguments: Sequence[str], told: Path | None = None) -> Iterator[subprocess.Popen[str]]:
    """A command that runs inside the block; killed at its end if it still does. `told` takes its standard error."""
    with ExitStack() as stack:
        errors = stack.enter_context(told.open("w")) if told else subprocess.DEVNULL
        process = stack.enter_context(
            subprocess.Popen(
                list(arguments), stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=errors, text=True
            )
        )
        try:
            yield process
        finally:
            process.kill()

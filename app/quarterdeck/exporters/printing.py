"""Printing for whoever reads, who may have gone; kept apart from what is printed, so that a refusal loads no table."""

from __future__ import annotations

import os
import sys

from quarterdeck.domain.errors import OperatorError
from quarterdeck.sdk.texts import shown_text

EXIT_NOBODY_READS = 141


class Ended(Exception):
    """A command ended with an exit code of its own."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


def tell(text: str) -> None:
    """Print a text and flush it; a reader who has gone ends the command quietly.

    Whatever it holds from outside, no character of it steers the terminal.

    Raises Ended then, and OperatorError when the output cannot be written.
    """
    try:
        print(shown_text(text), flush=True)  # noqa: T201 - what a command answers
    except OSError as fault:
        # What is left in the buffer would fail once more at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if isinstance(fault, BrokenPipeError):
            raise Ended(EXIT_NOBODY_READS) from fault
        raise OperatorError(f"The output cannot be written: {fault.strerror}.", "See where it goes.") from fault


def complain(*lines: str) -> None:
    """Print lines on standard error, as safe as what is told."""
    print(*(shown_text(line) for line in lines), sep="\n", file=sys.stderr, flush=True)  # noqa: T201 - a refusal

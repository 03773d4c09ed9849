"""Say whose fault it is: an error of the world carries its next step, everything else is a bug."""

from __future__ import annotations


class OperatorError(Exception):
    """Something outside the program went wrong, and a person can act on it.

    `message` says what happened in one sentence; `next_step` says what to do about it, also as a sentence.
    """

    def __init__(self, message: str, next_step: str) -> None:
        super().__init__(f"{message} {next_step}".strip())
        self.message = message
        self.next_step = next_step


class StoreTooNew(OperatorError):
    """The store was written by a later version of the program; nothing was touched."""


class StoreDamaged(OperatorError):
    """The store cannot be read as a store; the file is left as it was found."""


class StoreUnavailable(OperatorError):
    """The store cannot be reached or written just now: moved, locked, full or read-only."""


class InvalidEstate(OperatorError):
    """An estate document does not hold together; the message names the place."""


class LeaseHeld(OperatorError):
    """Another collector holds this store's lease."""

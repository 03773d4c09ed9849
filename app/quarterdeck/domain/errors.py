"""Say whose fault it is: an error of the world carries its next step, everything else is a bug."""

from __future__ import annotations

from collections.abc import Sequence

MOST_FAULTS = 20
"""How many faults of a document are told in one run."""


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
    """An estate document does not hold together; the message names the place.

    Where there are several faults, the message tells the first and how many more there are; `lines` tell how many there
    are, then each of them, as many as anybody reads, then how many are left.
    """

    def __init__(self, message: str, next_step: str, lines: tuple[str, ...] = ()) -> None:
        super().__init__(message, next_step)
        self.lines = lines

    @classmethod
    def of(cls, faults: Sequence[tuple[str, str]], usual_step: str) -> InvalidEstate:
        """All faults in their order, each a sentence and its next step; one that is not usual stands with it."""
        first, step = faults[0]
        if len(faults) == 1:
            return cls(first, step)
        lines = [words if step == usual_step else f"{words} {step}" for words, step in faults]
        beyond = [f"and {len(lines) - MOST_FAULTS:,} more."] if len(lines) > MOST_FAULTS else []
        more = len(faults) - 1
        there_are = "There is 1 more fault." if more == 1 else f"There are {more:,} more faults."
        told = (f"The document has {len(lines):,} faults.", *lines[:MOST_FAULTS], *beyond)
        return cls(f"{first} {there_are}", usual_step, told)


class MaintenanceOvertaken(OperatorError):
    """Somebody else changed a maintenance window since it was read; nothing was written."""


class LeaseHeld(OperatorError):
    """Another collector holds this store's lease."""

"""Where long calculations run: in a process of their own, so that what draws the window never waits for their turn."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import Protocol, TypeVar

Q = TypeVar("Q")
A = TypeVar("A")


class Calculation(Protocol):
    """Answers a question by a function of the top of a module; both question and answer can be pickled."""

    def __call__(self, work: Callable[[Q], A], question: Q) -> A:
        """What the work says to the question."""
        ...


class CalculationEnded(Exception):
    """The process ended without an answer; what went wrong in it stands in the error output."""


def in_place(work: Callable[[Q], A], question: Q) -> A:
    """Calculated right here."""
    return work(question)


def in_a_process(work: Callable[[Q], A], question: Q) -> A:
    """Calculated in a process that ends with the answer, or with this one. Blocks meanwhile: call it off the GUI.

    Starting it takes some tenths of a second, so it is for what takes longer than that. Raises CalculationEnded.
    """
    context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_answer, args=(sender, work, question), daemon=True)
    process.start()
    sender.close()
    try:
        answer: A = receiver.recv()
    except EOFError as ended:
        message = "a calculation ended without an answer"
        raise CalculationEnded(message) from ended
    finally:
        receiver.close()
        process.join()
        process.close()
    return answer


def _answer(sender: Connection, work: Callable[[Q], A], question: Q) -> None:
    """In the other process; where nobody listens any more, it just ends."""
    answer = work(question)
    with suppress(BrokenPipeError):
        sender.send(answer)

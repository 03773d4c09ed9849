"""Long calculations in a process of their own: the same answers, and an end without one is told."""

import multiprocessing
import os

import pytest

from quarterdeck.services.calculation import CalculationEnded, in_a_process, in_place


def doubled(number: int) -> int:
    return 2 * number


def process_of(number: int) -> int:
    return os.getpid()


def ended(number: int) -> int:
    os._exit(number)


@pytest.mark.slow
def test_a_process_gives_the_answer_that_is_given_in_place() -> None:
    assert in_a_process(doubled, 21) == in_place(doubled, 21) == 42


@pytest.mark.slow
def test_the_answer_comes_from_another_process_that_is_gone_afterwards() -> None:
    assert in_a_process(process_of, 0) != os.getpid()
    assert multiprocessing.active_children() == []


@pytest.mark.slow
def test_a_process_that_ends_without_an_answer_is_told() -> None:
    with pytest.raises(CalculationEnded):
        in_a_process(ended, 3)

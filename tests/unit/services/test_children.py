"""Processes of ours beside the window."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import psutil
import pytest

from quarterdeck.domain.errors import OperatorError
from quarterdeck.services.children import Child
from tests.support.waiting import wait_until


def test_a_child_that_refuses_is_told_in_its_own_words(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    child = Child(["demo-bank", str(blocked / "run")])
    with pytest.raises(OperatorError) as refused:
        child.first_line(60)
    assert refused.value.message.startswith("The demo bank cannot open")
    assert refused.value.next_step
    assert not child.is_running


def test_a_child_that_ends_too_early_is_told_in_its_own_words(tmp_path: Path) -> None:
    child = Child(["collect", "--while-parent", "--store", str(tmp_path)])
    with pytest.raises(OperatorError) as refused:
        child.stay(60)
    assert refused.value.message == f"{tmp_path} is a folder, not a store."
    child.stop()


def test_a_child_that_lives_on_is_not_in_the_way(tmp_path: Path) -> None:
    child = Child(["collect", "--while-parent", "--store", str(tmp_path / "store.db")])
    child.stay(0.1)
    assert child.is_running
    child.stop()


def test_a_child_that_says_nothing_is_told_with_what_to_do(tmp_path: Path) -> None:
    child = Child(["store", "check", "--store", str(tmp_path / "none.db"), "--nonsense"])
    with pytest.raises(OperatorError) as refused:
        child.first_line(60)
    assert refused.value.message == "A part of the program did not start."
    assert "quarterdeck doctor" in refused.value.next_step


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (signal.SIGKILL, "It was killed (SIGKILL)."),
        (signal.SIGRTMIN + 1, f"It was killed (signal {signal.SIGRTMIN + 1})."),
    ],
    ids=["a usual signal", "a signal without a name"],
)
def test_a_child_that_is_killed_is_taken_off_the_list_and_told_so(tmp_path: Path, number: int, words: str) -> None:
    child = Child(["collect", "--while-parent", "--store", str(tmp_path / "store.db")])
    os.kill(child.pid, number)
    wait_until(lambda: not child.is_running, "the end is noticed")
    assert not psutil.pid_exists(child.pid)
    assert child.ending().message == words
    child.stop()


def test_a_child_that_ends_without_a_word_is_told_with_what_to_do(tmp_path: Path) -> None:
    child = Child(["store", "info", "--store", str(tmp_path / "none.db"), "--nonsense"])
    wait_until(lambda: not child.is_running, "the end is noticed", within_seconds=60)
    assert child.ending().message == "It ended without a word."
    assert "quarterdeck doctor" in child.ending().next_step
    child.stop()


def test_a_child_that_refused_tells_why_it_ended_in_its_own_words(tmp_path: Path) -> None:
    child = Child(["collect", "--while-parent", "--store", str(tmp_path)])
    wait_until(lambda: not child.is_running, "the end is noticed", within_seconds=60)
    assert child.ending().message == f"{tmp_path} is a folder, not a store."
    child.stop()

"""Processes of ours beside the window."""

from __future__ import annotations

from pathlib import Path

import pytest

from quarterdeck.domain.errors import OperatorError
from quarterdeck.services.children import Child


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

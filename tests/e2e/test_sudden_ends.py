"""Killing the collector at any moment loses nothing that was acknowledged, and another takes over."""

from __future__ import annotations

import os
import signal
from datetime import UTC, datetime
from pathlib import Path

import pytest

from quarterdeck.storage.opening import open_store
from tests.e2e.console_process import command, run, started
from tests.support.waiting import wait_until

ESTATE = """
quarterdeck: 1
name: machine
entities: []
connections:
  - {id: machine, connector: this_machine, name: This machine, poll: 1s}
"""
TAKE_OVER_SECONDS = 15


@pytest.fixture
def store(tmp_path: Path) -> Path:
    document = tmp_path / "estate.yaml"
    document.write_text(ESTATE, encoding="utf-8")
    path = tmp_path / "store.db"
    assert run(path, "apply", str(document)).returncode == 0
    return path


def samples_in(path: Path) -> int:
    store = open_store(str(path), read_only=True)
    try:
        return store.summary().counts["samples"]
    finally:
        store.close()


def last_good(path: Path) -> datetime | None:
    store = open_store(str(path), read_only=True)
    try:
        return store.cursors("machine").last_good_at
    finally:
        store.close()


def test_a_killed_collector_loses_nothing_and_another_takes_over_in_time(store: Path) -> None:
    with started(command(store, "collect")) as first:
        wait_until(lambda: samples_in(store) > 0, "the first samples", within_seconds=30)
        os.kill(first.pid, signal.SIGKILL)
        first.wait(10)
    acknowledged, killed_at = samples_in(store), datetime.now(UTC)
    with started(command(store, "collect")):

        def is_taken_over() -> bool:
            good_at = last_good(store)
            return good_at is not None and good_at > killed_at

        wait_until(is_taken_over, "a poll by the second collector", within_seconds=TAKE_OVER_SECONDS)
    assert samples_in(store) >= acknowledged
    assert run(store, "store", "check").returncode == 0


def test_a_collector_ends_with_the_process_that_started_it(store: Path) -> None:
    with started(command(store, "collect", "--while-parent")) as child:
        wait_until(lambda: samples_in(store) > 0, "the first samples", within_seconds=30)
        assert child.stdin is not None
        child.stdin.close()
        assert child.wait(10) == 0

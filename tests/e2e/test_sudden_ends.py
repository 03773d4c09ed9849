"""Killing the collector at any moment loses nothing that was acknowledged, and another takes over."""

from __future__ import annotations

import os
import signal
import socket
import sqlite3
from contextlib import closing
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


def writers(path: Path) -> dict[str, int]:
    """How many groups each process has written into the store."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as store:
        return dict(store.execute("SELECT writer, group_number FROM writer_mark").fetchall())


def test_a_collector_that_was_stopped_wakes_up_and_writes_nothing_beside_its_successor(
    store: Path, tmp_path: Path
) -> None:
    told = tmp_path / "told.txt"
    before = writers(store)
    with started(command(store, "collect"), told) as first:
        wait_until(lambda: samples_in(store) > 0, "the first samples", within_seconds=30)
        os.kill(first.pid, signal.SIGSTOP)
        stopped_at = datetime.now(UTC)
        (its_own,) = writers(store).keys() - before.keys()
        with started(command(store, "collect")):
            wait_until(lambda: is_polled_since(store, stopped_at), "the successor's polls", within_seconds=30)
            written = writers(store)[its_own]
            os.kill(first.pid, signal.SIGCONT)
            wait_until(lambda: "The lease was lost" in told.read_text(), "it notices", within_seconds=30)
            woken_at = datetime.now(UTC)
            wait_until(lambda: is_polled_since(store, woken_at), "the successor goes on", within_seconds=30)
            assert writers(store)[its_own] == written


def is_polled_since(path: Path, instant: datetime) -> bool:
    good_at = last_good(path)
    return good_at is not None and good_at > instant


def test_a_collector_ends_in_good_order_while_a_source_hangs(store: Path, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}/metrics"
        connection = f"{{id: silent, connector: openmetrics, name: Silent, settings: {{address: '{address}'}}}}"
        document = tmp_path / "silent.yaml"
        document.write_text(f"quarterdeck: 1\nname: silent\nconnections: [{connection}]\n", encoding="utf-8")
        assert run(store, "apply", str(document)).returncode == 0
        with started(command(store, "collect")) as collector:
            wait_until(lambda: samples_in(store) > 0, "the first samples", within_seconds=30)
            collector.terminate()
            assert collector.wait(8) == 0
    opened = open_store(str(store), read_only=True)
    try:
        assert opened.leases.lease() is None
        assert opened.health()["machine"].last_good_at == opened.cursors("machine").last_good_at
    finally:
        opened.close()


def test_a_store_that_is_pulled_away_is_waited_for(store: Path, tmp_path: Path) -> None:
    told, away = tmp_path / "told.txt", tmp_path / "away"
    with started(command(store, "collect"), told):
        wait_until(lambda: samples_in(store) > 0, "the first samples", within_seconds=30)
        away.mkdir()
        for file in store.parent.glob(f"{store.name}*"):
            file.rename(away / file.name)
        wait_until(lambda: "Waiting for the store" in told.read_text(), "it waits", within_seconds=40)
        for file in away.iterdir():
            file.rename(store.parent / file.name)
        back_at = datetime.now(UTC)
        wait_until(lambda: is_polled_since(store, back_at), "polls once it is back", within_seconds=30)
    assert told.read_text().count("is not there any more") < 12


def test_an_interrupt_that_reaches_the_whole_group_still_ends_in_good_order(store: Path) -> None:
    with started(command(store, "collect", "--while-parent")) as child:
        wait_until(lambda: samples_in(store) > 0, "the first samples", within_seconds=30)
        assert child.stdin is not None
        child.send_signal(signal.SIGINT)
        child.stdin.close()
        assert child.wait(10) == 0
    opened = open_store(str(store), read_only=True)
    try:
        assert opened.leases.lease() is None
    finally:
        opened.close()

"""The lease that makes one collector of many."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from quarterdeck.domain.errors import StoreUnavailable
from quarterdeck.storage.lease import SqlLease
from quarterdeck.storage.opening import open_store
from quarterdeck.storage.store import SqlStore
from tests.support.stores import after

LIFETIME_SECONDS = 15.0
CONTENDERS = 4
RACES = 25

CONTENDER = """
import sys
from datetime import UTC, datetime, timedelta
from quarterdeck.storage.opening import open_store

store = open_store(sys.argv[1])
print("ready", flush=True)
for line in sys.stdin:
    now = datetime(2026, 3, 2, tzinfo=UTC) + timedelta(hours=int(line))
    print("won" if store.leases.acquire(sys.argv[2], now, 15) else "lost", flush=True)
store.close()
"""


@dataclass
class Watch:
    """A steady watch that the test moves on."""

    seconds: float = 0.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def leases(store: SqlStore, watch: Watch) -> SqlLease:
    return SqlLease(store._database, watch)


def take(leases: SqlLease, holder: str, seconds: float) -> bool:
    return leases.acquire(holder, after(seconds), LIFETIME_SECONDS)


def test_only_one_of_two_gets_the_lease(leases: SqlLease) -> None:
    assert take(leases, "first", 0)
    assert not take(leases, "second", 1)


def test_its_holder_renews_it_as_often_as_it_likes(leases: SqlLease) -> None:
    assert all(take(leases, "first", seconds) for seconds in range(0, 60, 5))
    assert not take(leases, "second", 60)


def test_it_tells_who_holds_it_where_and_until_when(leases: SqlLease) -> None:
    assert leases.lease() is None
    take(leases, "first", 0)
    standing = leases.lease()
    assert standing is not None
    assert (standing.holder, standing.renewed_at, standing.expires_at) == ("first", after(0), after(15))
    assert (standing.host, standing.pid) == (socket.gethostname(), os.getpid())


def test_it_passes_on_when_it_has_run_out(leases: SqlLease) -> None:
    take(leases, "first", 0)
    assert not take(leases, "second", 14.999)
    assert take(leases, "second", 15)
    assert not take(leases, "first", 15)


def test_it_is_free_once_its_holder_gives_it_back(leases: SqlLease) -> None:
    take(leases, "first", 0)
    leases.release("second")
    assert not take(leases, "second", 1)
    leases.release("first")
    assert leases.lease() is None
    assert take(leases, "second", 2)


def test_a_clock_set_back_does_not_lock_the_lease_for_hours(leases: SqlLease, watch: Watch) -> None:
    take(leases, "dead", 7200)
    assert not take(leases, "second", 0)
    watch.seconds = LIFETIME_SECONDS
    assert not take(leases, "second", 15)
    watch.seconds = LIFETIME_SECONDS + 1
    assert take(leases, "second", 16)


def test_a_clock_set_back_takes_no_lease_from_a_holder_that_lives(leases: SqlLease, watch: Watch) -> None:
    take(leases, "alive", 7200)
    for seconds in range(0, 120, 5):
        watch.seconds = float(seconds)
        assert not take(leases, "second", seconds)
        assert take(leases, "alive", seconds)


def test_a_store_opened_for_reading_gives_no_lease(store: SqlStore) -> None:
    reading = open_store(store.summary().url, read_only=True)
    with pytest.raises(StoreUnavailable, match="for reading only"):
        reading.leases.acquire("first", after(0), LIFETIME_SECONDS)
    reading.close()


@pytest.fixture
def contenders(store: SqlStore) -> Iterator[list[subprocess.Popen[str]]]:
    """Processes that try to take the lease whenever they are told a time."""
    url = store.summary().url
    started = [
        subprocess.Popen(
            [sys.executable, "-c", CONTENDER, url, f"process {number}"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        )
        for number in range(CONTENDERS)
    ]
    yield started
    for process in started:
        process.communicate(timeout=20)


@pytest.mark.slow
def test_of_several_processes_racing_exactly_one_wins(contenders: list[subprocess.Popen[str]]) -> None:
    assert [_line(process) for process in contenders] == ["ready"] * CONTENDERS
    for hour in range(RACES):
        for process in contenders:
            assert process.stdin is not None
            process.stdin.write(f"{hour}\n")
            process.stdin.flush()
        assert sorted(_line(process) for process in contenders) == ["lost"] * (CONTENDERS - 1) + ["won"]


def _line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()

"""Who holds the lease may write, and nobody else, however long he slept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import pytest

from quarterdeck.domain.connections import ConnectionHealth, ConnectionState
from quarterdeck.domain.errors import StoreUnavailable
from quarterdeck.services.lease_watch import LeasedWriter, LeaseWatch
from quarterdeck.services.ports import LeaseState
from tests.unit.collection.fakes import FakeWriter, SteppedClock

HEALTH = [ConnectionHealth("payments", ConnectionState.GOOD)]


@dataclass
class OneLease:
    """A lease that somebody else may hold."""

    is_taken: bool = False

    def acquire(self, holder: str, now: datetime, lifetime_seconds: float) -> bool:
        return not self.is_taken

    def release(self, holder: str) -> None:
        return

    def lease(self) -> LeaseState | None:
        return None


class Bench:
    def __init__(self) -> None:
        self.leases, self.clock, self.steady = OneLease(), SteppedClock(), 0.0
        self.watch = LeaseWatch(self.leases, self.clock, holder="me", life_seconds=10, steady=lambda: self.steady)
        self.writer = FakeWriter()
        self.leased = LeasedWriter(self.writer, self.watch)

    def writes(self) -> bool:
        written = len(self.writer.health)
        fault = self.leased.put_connection_health(HEALTH).exception(1)
        assert fault is None or isinstance(fault, StoreUnavailable)
        return len(self.writer.health) > written


def test_nothing_is_written_before_the_lease_is_taken() -> None:
    assert not Bench().writes()


def test_the_holder_writes_while_his_lease_runs() -> None:
    bench = Bench()
    assert bench.watch.acquire()
    bench.steady = 9
    bench.clock.advance(9)
    assert bench.writes()


@pytest.mark.parametrize(("steady", "clock"), [(11, 11), (11, 0), (1, 3600), (11, -3600)])
def test_a_holder_who_slept_over_his_lease_writes_nothing(steady: float, clock: float) -> None:
    bench = Bench()
    bench.watch.acquire()
    bench.steady = steady
    bench.clock.advance(clock)
    assert not bench.writes()


def test_a_lease_that_was_renewed_runs_on() -> None:
    bench = Bench()
    bench.watch.acquire()
    bench.steady = 9
    bench.clock.advance(9)
    bench.watch.acquire()
    bench.steady = 18
    bench.clock.advance(9)
    assert bench.writes()


def test_a_lease_that_is_somebody_elses_or_given_back_lets_nothing_through() -> None:
    bench = Bench()
    bench.watch.acquire()
    bench.leases.is_taken = True
    assert not bench.watch.acquire()
    assert not bench.writes()
    bench.leases.is_taken = False
    bench.watch.acquire()
    bench.watch.release()
    assert not bench.writes()

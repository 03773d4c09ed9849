"""Anomalies found as samples come: told as they are told of the whole day afterwards, and after a restart."""

import asyncio
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from quarterdeck.analysis.detection import DAY_MS, DAY_STEPS, STEP_MS
from quarterdeck.domain.anomalies import Detector
from quarterdeck.domain.instants import TimeRange, from_ms, to_ms
from quarterdeck.domain.series import Meaning, SeriesIdentity, SeriesKind
from quarterdeck.sdk.records import Batch, Samples
from quarterdeck.services.anomaly_ports import JudgedDay
from quarterdeck.services.detection import GRACE_MS, judged_days
from quarterdeck.services.live_detection import LiveDetection
from quarterdeck.services.ports import SeriesQuery
from quarterdeck.storage.opening import open_store
from quarterdeck.storage.store import SqlStore
from tests.support.stores import NOON, take_in

Values = npt.NDArray[np.float64]

MIDNIGHT_MS = to_ms(NOON) - DAY_MS // 2
DAYS = 8
LATENCY = SeriesIdentity("service/api", "latency", Meaning.RESPONSE_TIME, "s")
QUEUE = SeriesIdentity("service/api", "queue", Meaning.QUEUE_DEPTH)
REQUESTS = SeriesIdentity("service/api", "requests", Meaning.THROUGHPUT, kind=SeriesKind.COUNTER)
EXPIRY = SeriesIdentity("service/api", "certificate", Meaning.EXPIRY, "d")
SHIFT_STEP = 120
DAY = TimeRange(from_ms(MIDNIGHT_MS), from_ms(MIDNIGHT_MS + DAY_MS))


class StandingClock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.at = from_ms(MIDNIGHT_MS)

    def now(self) -> datetime:
        return self.at

    def to_step(self, step: int) -> None:
        self.at = from_ms(MIDNIGHT_MS + step * STEP_MS + GRACE_MS + 1)


class Bench:
    """A store with a past of some days, a detection over it, and samples that a test lets come."""

    def __init__(self, store: SqlStore) -> None:
        self.store, self.clock, self.timer = store, StandingClock(), [1000.0]
        self.values = _values()
        self.detection = self.begun()
        self.clock.at = from_ms(MIDNIGHT_MS - 239_000)
        self.deliver(-DAYS * DAY_STEPS, 0)

    def begun(self) -> LiveDetection:
        async def no_rest(seconds: float) -> None:
            del seconds

        return LiveDetection(self.store, self.clock, sleep=no_rest, timer=lambda: self.timer[0])

    def deliver(self, begin: int, end: int, *identities: SeriesIdentity) -> None:
        """Let the samples of some steps come, of every series or of those named."""
        names = identities or tuple(self.values)
        steps = np.arange(begin, end)
        times = np.tile(MIDNIGHT_MS + steps * STEP_MS + 60_000, len(names)).astype(np.int64)
        index = np.repeat(np.arange(len(names), dtype=np.int32), len(steps))
        values = np.concatenate([self.values[name][steps + DAYS * DAY_STEPS] for name in names])
        batch = Batch(samples=Samples(names, index, times, values))
        take_in(self.store, batch)
        self.detection.take(batch, poll_seconds=60)

    def live_through(self, begin: int, end: int, stride: int = 7) -> None:
        for step in range(begin, end, stride):
            until = min(step + stride, end)
            self.clock.at = from_ms(MIDNIGHT_MS + until * STEP_MS - 239_000)
            self.deliver(step, until)
            self.clock.to_step(until)
            self.tick()

    def tick(self) -> None:
        asyncio.run(self.detection.tick())

    def told(self) -> tuple[JudgedDay, ...]:
        return self.store.anomalies.days(DAY)

    def afterwards(self) -> tuple[JudgedDay, ...]:
        """What is told of the day in one piece, at the clock's time."""
        found = judged_days(self.store, self.store.find(SeriesQuery()), DAY, to_ms(self.clock.now()))
        return tuple(day for day in found if day.anomalies)


def _values() -> dict[SeriesIdentity, Values]:
    count = (DAYS + 1) * DAY_STEPS
    rng = np.random.default_rng(7)
    latency, queue = rng.normal(0.2, 0.01, count), rng.normal(50, 4, count)
    latency[DAYS * DAY_STEPS + SHIFT_STEP :] += 0.5
    rises = rng.poisson(300, count).astype(np.float64)
    rises[DAYS * DAY_STEPS + 100 : DAYS * DAY_STEPS + 112] *= 9
    return {LATENCY: latency, QUEUE: queue, REQUESTS: np.cumsum(rises), EXPIRY: -np.arange(count) / DAY_STEPS}


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    store = open_store(str(tmp_path / "console.db"))
    yield Bench(store)
    store.close()


def series_of(bench: Bench, identity: SeriesIdentity) -> int:
    return next(info.id for info in bench.store.find(SeriesQuery()) if info.identity == identity)


def test_what_is_found_as_samples_come_is_what_the_whole_day_tells(bench: Bench) -> None:
    bench.live_through(0, 150)
    assert bench.told() == bench.afterwards()
    assert {day.series_id for day in bench.told()} == {series_of(bench, LATENCY), series_of(bench, REQUESTS)}


def test_an_anomaly_is_there_once_its_first_step_is_over(bench: Bench) -> None:
    bench.live_through(0, SHIFT_STEP)
    assert series_of(bench, LATENCY) not in {day.series_id for day in bench.told()}
    bench.live_through(SHIFT_STEP, SHIFT_STEP + 1)
    (found,) = next(day.anomalies for day in bench.told() if day.series_id == series_of(bench, LATENCY))
    assert found.from_ms == MIDNIGHT_MS + SHIFT_STEP * STEP_MS
    assert not found.ended
    assert found.high is not None
    assert found.value > found.high


def test_a_collector_that_begins_anew_tells_the_same(bench: Bench) -> None:
    bench.live_through(0, 125)
    before = bench.told()
    bench.detection = bench.begun()
    bench.tick()
    assert bench.told() == before
    bench.live_through(125, 150)
    assert bench.told() == bench.afterwards()


def test_samples_that_come_late_let_their_day_be_judged_anew(bench: Bench) -> None:
    bench.clock.at = from_ms(MIDNIGHT_MS + 150 * STEP_MS - 239_000)
    bench.deliver(0, 150, QUEUE, REQUESTS)
    bench.deliver(149, 150, LATENCY)
    bench.clock.to_step(150)
    bench.tick()
    bench.deliver(0, 149, LATENCY)
    bench.tick()
    bench.timer[0] += 61
    bench.clock.to_step(153)
    bench.tick()
    assert bench.told() == bench.afterwards()
    assert series_of(bench, LATENCY) in {day.series_id for day in bench.told()}


def test_a_source_that_is_always_behind_is_waited_for(bench: Bench) -> None:
    for step in range(140):
        bench.clock.to_step(step + 2)
        bench.deliver(step, step + 1)
        bench.tick()
        bench.timer[0] += 300
    assert bench.told() != ()
    shift = next(day.anomalies[0] for day in bench.told() if day.series_id == series_of(bench, LATENCY))
    assert shift.from_ms == MIDNIGHT_MS + SHIFT_STEP * STEP_MS


def test_the_day_before_is_judged_to_its_end_when_the_collector_was_away_over_midnight(bench: Bench) -> None:
    bench.live_through(0, SHIFT_STEP + 3)
    bench.deliver(SHIFT_STEP + 3, DAY_STEPS)
    bench.detection = bench.begun()
    bench.clock.at = from_ms(MIDNIGHT_MS + DAY_MS) + timedelta(hours=1)
    bench.tick()
    bench.timer[0] += 61
    bench.tick()
    assert bench.told() == bench.afterwards()


def test_the_turn_of_the_day_is_lived_through(bench: Bench) -> None:
    bench.live_through(0, DAY_STEPS, 48)
    bench.clock.at = from_ms(MIDNIGHT_MS + DAY_MS) + timedelta(hours=1)
    bench.tick()
    latency = next(day for day in bench.told() if day.series_id == series_of(bench, LATENCY))
    assert latency.anomalies[-1].to_ms == MIDNIGHT_MS + DAY_MS


def test_whoever_may_not_write_looks_for_nothing(bench: Bench) -> None:
    bench.detection = LiveDetection(bench.store, bench.clock, may_write=lambda: False)
    bench.live_through(0, 150)
    assert bench.told() == ()


def test_a_counter_is_judged_by_how_fast_it_rises(bench: Bench) -> None:
    bench.live_through(0, 150)
    (found, *_) = next(day.anomalies for day in bench.told() if day.series_id == series_of(bench, REQUESTS))
    assert found.value == pytest.approx(9, rel=0.3)
    assert {one.detector for one in found.fired} & {Detector.LEVEL, Detector.SHIFT, Detector.SEASON, Detector.SPIKE}

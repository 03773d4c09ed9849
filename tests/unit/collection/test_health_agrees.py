"""What is told as data arrive is what the whole history tells, whatever came late, was cut off or began anew."""

from __future__ import annotations

import bisect
import itertools
import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest

from quarterdeck.domain.estate import Entity
from quarterdeck.domain.expectations import Expectation
from quarterdeck.domain.health import StateInterval
from quarterdeck.domain.instants import to_ms
from quarterdeck.domain.series import Meaning, SeriesIdentity
from quarterdeck.sdk.records import Batch, Samples
from quarterdeck.services.entity_courses import course_of
from quarterdeck.services.evidence import Evidence, judged
from quarterdeck.services.signal_memory import SeriesTrack
from quarterdeck.storage.opening import open_store
from tests.unit.collection.fakes import SteppedClock
from tests.unit.collection.watching import P95, PAYHUB, Watch, after

ERRORS = SeriesIdentity(PAYHUB.key, "errors", Meaning.ERROR_RATE, "ratio")
LEVELS = {P95: (0.2, 0.2, 2.0, 9.0), ERRORS: (0.0, 0.0, 0.05, 0.5)}
TICK, END, UNSETTLED = 5, 2 * 3600, 1300


@dataclass(frozen=True)
class Delivery:
    """A sample that dates from one second and arrives at another."""

    arrives: int
    at: int
    identity: SeriesIdentity
    value: float


def deliveries(chance: random.Random, step: int) -> list[Delivery]:
    """Two hours of a source with gaps, breaches and samples that come late."""
    found: list[Delivery] = []
    for identity, levels in LEVELS.items():
        at, value = chance.randint(0, step), levels[0]
        while at < END:
            at += chance.choice([60, 300, 900, 1500, 2400]) if chance.random() < 0.02 else 0
            value = chance.choice(levels) if chance.random() < 0.05 else value
            delay = 0 if chance.random() < 0.97 else chance.choice([30, 400, 900, 2500])
            found.append(Delivery(at + delay, at, identity, value))
            at += step
    return sorted(found, key=lambda each: each.arrives)


async def live(watch: Watch, entity: Entity, due: list[Delivery], chance: random.Random) -> list[Delivery]:
    """Let two hours pass tick by tick, with a collector that is killed now and then; what arrived."""
    watch.declare(entity, since=-3600)
    await watch.start()
    now, arrived = 0, 0
    arrivals = [each.arrives for each in due]
    while now < END:
        watch.clock.at = after(now)
        begin, arrived = arrived, bisect.bisect_right(arrivals, now)
        batch = due[begin:arrived]
        if batch:
            parts = [Samples.at(after(each.at), {each.identity: each.value}) for each in batch]
            watch.deliver(Batch(samples=Samples.joined(parts)))
        await watch.assessor.tick()
        if chance.random() < 0.3:
            await watch.assessor.judge_past()
        if chance.random() < 0.003:
            idle_since, now = now, now + chance.choice([5, 300, 2000])
            watch = Watch(watch.store, watch.clock)
            watch.clock.at = after(now)
            await watch.start(idle_since=idle_since)
        now += TICK
    watch.clock.at = after(now)
    await watch.judge()
    return due[:arrived]


def whole(watch: Watch, arrived: list[Delivery]) -> list[StateInterval]:
    """What everything that arrived tells when it is judged at once."""
    points: dict[SeriesIdentity, dict[int, float]] = defaultdict(dict)
    for each in arrived:
        points[each.identity][each.at] = each.value
    tracks = [
        SeriesTrack(
            identity,
            np.array([to_ms(after(at)) for at in sorted(known)], np.int64),
            np.array([known[at] for at in sorted(known)]),
        )
        for identity, known in points.items()
    ]
    course = course_of(watch.store.entity_history(PAYHUB.key))
    assert course is not None
    span_ms = to_ms(after(0)), to_ms(watch.clock.now())
    return judged(course, Evidence(tracks, []), span_ms, known_until_ms=span_ms[1], seen_before=False)


def states(intervals: Iterator[StateInterval], until: float) -> list[tuple[str, float]]:
    begun = [(each.state.value, max(0.0, (each.from_at - after(0)).total_seconds())) for each in intervals]
    return [(state, seconds) for state, seconds in begun if seconds < until]


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(6))
async def test_what_is_told_live_is_what_the_whole_history_tells(seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)
    slow = Expectation(
        Meaning.RESPONSE_TIME, "p95", degraded_above=1.0, down_above=5.0, for_seconds=chance.choice([0, 30, 120, 600])
    )
    entity = replace(PAYHUB, expectations=(slow,), freshness_seconds=chance.choice([None, 300.0, 1500.0]))
    store = open_store(str(tmp_path / "store.db"))
    try:
        watch = Watch(store, SteppedClock())
        arrived = await live(watch, entity, deliveries(chance, chance.choice([10, 15, 60])), chance)
        own = watch.own_intervals(0, END)
        assert states(iter(own), END - UNSETTLED) == states(iter(whole(watch, arrived)), END - UNSETTLED)
        told = watch.intervals(0, END)
        assert all(before.to_at == following.from_at for before, following in itertools.pairwise(told))
    finally:
        store.close()

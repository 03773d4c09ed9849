"""What the assessor writes about entities, as time passes and sources come, go and change."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from quarterdeck.domain.checks import CheckOutcome
from quarterdeck.domain.errors import StoreUnavailable
from quarterdeck.domain.expectations import Expectation
from quarterdeck.domain.health import HealthState
from quarterdeck.domain.instants import to_ms
from quarterdeck.domain.series import Meaning, SeriesIdentity
from quarterdeck.sdk.records import Batch, Samples
from quarterdeck.storage.opening import open_store
from tests.unit.collection.fakes import SteppedClock
from tests.unit.collection.watching import P95, PAYHUB, THROUGHPUT, Watch, after, at, login_check

MINUTE, HOUR = 60.0, 3600.0


@pytest.fixture
def watch(tmp_path: Path) -> Iterator[Watch]:
    store = open_store(str(tmp_path / "store.db"))
    yield Watch(store, SteppedClock())
    store.close()


async def test_a_gap_is_still_a_gap_when_the_sample_before_it_leaves_the_memory(watch: Watch) -> None:
    watch.declare(PAYHUB, since=-HOUR)
    await watch.start()
    await watch.collect(0, 5 * MINUTE, 0.2)
    await watch.pass_time(5 * MINUTE, 25 * MINUTE, step=15)
    await watch.collect(25 * MINUTE, 40 * MINUTE, 0.2)
    assert watch.told(0, 40 * MINUTE) == [
        ("healthy", 0, 5 * MINUTE + 90),
        ("stale", 5 * MINUTE + 90, 25 * MINUTE),
        ("healthy", 25 * MINUTE, None),
    ]


async def test_the_gap_after_a_first_lone_sample_stays_a_gap(watch: Watch) -> None:
    watch.declare(PAYHUB, since=-HOUR)
    await watch.start()
    await watch.collect(0, 0, 0.2)
    await watch.pass_time(5, 8 * MINUTE)
    await watch.collect(8 * MINUTE, 9 * MINUTE, 0.2)
    assert watch.told(0, 9 * MINUTE) == [
        ("healthy", 0, 90),
        ("stale", 90, 8 * MINUTE),
        ("healthy", 8 * MINUTE, None),
    ]


async def test_a_source_that_falls_silent_after_a_gap_is_stale_in_time(watch: Watch) -> None:
    watch.declare(PAYHUB, since=-HOUR)
    await watch.start()
    await watch.collect(0, 0, 0.2)
    await watch.collect(8 * MINUTE, 8 * MINUTE, 0.2)
    watch.clock.at = after(10 * MINUTE)
    await watch.judge()
    assert watch.state() is HealthState.STALE


async def test_two_sources_of_one_signal_are_told_apart(watch: Watch) -> None:
    other = replace(P95, name="latency_seconds")
    watch.declare(PAYHUB, since=-HOUR)
    await watch.start()
    watch.deliver(at(0, 0.2))
    watch.clock.advance(10)
    watch.deliver(Batch(samples=Samples.of_series(other, to_ms(after(0)) + np.array([1, 2, 3]), np.full(3, 2.5))))
    await watch.judge()
    assert [(i.state, i.reason) for i in watch.intervals(9, 10)] == [
        (HealthState.DEGRADED, "p95 response time 2.5 s, above 1.0 s")
    ]


async def test_a_clock_set_back_leaves_no_state_in_the_future(watch: Watch) -> None:
    watch.declare(PAYHUB, since=-HOUR)
    await watch.start()
    await watch.collect(0, 5 * MINUTE, 0.2)
    await watch.collect(5 * MINUTE + 15, 6 * MINUTE, 2.0)
    watch.clock.at = after(2 * MINUTE)
    await watch.judge()
    assert watch.told(2 * MINUTE - 1, 10 * MINUTE) == [("healthy", 0, None)]


async def test_a_state_that_could_not_be_written_is_written_as_soon_as_it_can_be(watch: Watch) -> None:
    watch.declare(PAYHUB, since=-HOUR)
    await watch.start()
    await watch.collect(0, MINUTE, 0.2)

    watch.clock.at = after(75)
    watch.deliver(at(75, 9.0))
    watch.clock.advance(1)
    watch.disk.is_full = True
    with pytest.raises(StoreUnavailable):
        await watch.judge()
    watch.disk.is_full = False
    watch.clock.advance(5)
    await watch.judge()
    assert watch.told(75, 80) == [("down", 75, None)]


async def test_late_data_whose_judgement_could_not_be_written_are_judged_again(watch: Watch) -> None:
    watch.declare(PAYHUB, since=-3 * HOUR)
    await watch.start()
    await watch.collect(0, MINUTE, 0.2)
    watch.deliver(Batch(samples=Samples.of_series(P95, to_ms(after(-HOUR)) + np.arange(60) * 15_000, np.full(60, 9.0))))

    await watch.assessor.tick()
    watch.disk.is_full = True
    with pytest.raises(StoreUnavailable):
        await watch.assessor.judge_past()
    watch.disk.is_full = False
    await watch.judge()
    assert watch.told(-HOUR, -HOUR + 1)[0][0] == "down"


async def test_data_count_as_long_as_the_entity_says_they_are_fresh(watch: Watch) -> None:
    watch.declare(replace(PAYHUB, freshness_seconds=2 * HOUR), since=-HOUR)
    await watch.start()
    await watch.collect(0, 0, 0.2)
    await watch.pass_time(MINUTE, 110 * MINUTE, step=MINUTE)
    assert watch.told(0, 110 * MINUTE) == [("healthy", 0, None)]
    await watch.pass_time(110 * MINUTE, 130 * MINUTE, step=MINUTE)
    assert watch.told(130 * MINUTE - 1, 130 * MINUTE) == [("stale", 2 * HOUR, None)]


async def test_a_restarted_collector_knows_data_that_are_old_and_still_fresh(watch: Watch) -> None:
    watch.declare(replace(PAYHUB, freshness_seconds=2 * HOUR), since=-HOUR)
    watch.store_only(at(0, 0.2))
    watch.clock.at = after(HOUR)
    await watch.start(idle_since=0)
    await watch.judge()
    assert watch.state() is HealthState.HEALTHY


async def test_an_hourly_series_holds_from_hour_to_hour_once_its_step_is_known(watch: Watch) -> None:
    watch.declare(PAYHUB, since=-9 * HOUR)
    await watch.start()
    for hour in range(4):
        await watch.collect(hour * HOUR, hour * HOUR, 0.2)
        await watch.pass_time(hour * HOUR + MINUTE, hour * HOUR + 59 * MINUTE, step=MINUTE)
    assert [state for state, _, _ in watch.told(2 * HOUR, 3.9 * HOUR)] == ["healthy"]
    later = Watch(watch.store, watch.clock)
    await later.start(idle_since=3.9 * HOUR)
    await later.judge()
    assert later.state() is HealthState.HEALTHY


async def test_a_source_that_is_polled_seldom_speaks_until_its_next_polls(watch: Watch) -> None:
    watch.declare(PAYHUB, since=-HOUR)
    await watch.start()
    watch.deliver(at(0, 0.2), poll_seconds=HOUR)
    await watch.pass_time(MINUTE, 100 * MINUTE, step=MINUTE)
    assert watch.told(0, 100 * MINUTE) == [("healthy", 0, None)]


async def test_a_status_older_than_the_memory_counts_when_the_entity_says_so(watch: Watch) -> None:
    watch.declare(replace(PAYHUB, freshness_seconds=3 * HOUR), since=-9 * HOUR)
    await watch.start()
    watch.deliver(at(-HOUR, 2.0))
    await watch.judge()
    assert watch.told(-1, 0)[0][0] == "degraded"


async def test_a_breach_that_must_last_half_an_hour_counts_from_its_first_sample(watch: Watch) -> None:
    slow = Expectation(Meaning.RESPONSE_TIME, "p95", degraded_above=1.0, for_seconds=30 * MINUTE)
    watch.declare(replace(PAYHUB, expectations=(slow,)), since=-HOUR)
    await watch.start()
    await watch.collect(0, 5 * MINUTE, 0.2)
    await watch.collect(5 * MINUTE + 15, 34 * MINUTE, 2.0)
    assert watch.told(0, 34 * MINUTE) == [("healthy", 0, None)]
    await watch.collect(34 * MINUTE, 36 * MINUTE, 2.0)
    assert watch.told(0, 36 * MINUTE) == [("healthy", 0, 5 * MINUTE + 15), ("degraded", 5 * MINUTE + 15, None)]
    await watch.collect(36 * MINUTE + 15, 90 * MINUTE, 0.2)
    assert watch.told(0, 36 * MINUTE)[-1] == ("degraded", 5 * MINUTE + 15, 36 * MINUTE + 15)


async def test_new_expectations_count_from_when_they_were_applied(watch: Watch) -> None:
    watch.declare(PAYHUB, since=-HOUR)
    await watch.start()
    await watch.collect(0, 5 * MINUTE, 0.8)
    strict = replace(PAYHUB, expectations=(Expectation(Meaning.RESPONSE_TIME, "p95", degraded_above=0.5),))
    watch.declare(strict)
    await watch.assessor.reload_estate()
    await watch.collect(5 * MINUTE + 15, 20 * MINUTE, 0.8)
    expected = [("healthy", 0.0, 5 * MINUTE), ("degraded", 5 * MINUTE, None)]
    assert watch.told(0, 20 * MINUTE) == expected
    later = Watch(watch.store, watch.clock)
    await later.start(idle_since=0)
    await later.judge()
    assert watch.told(0, 20 * MINUTE) == expected


async def test_an_entity_that_is_withdrawn_has_no_state_from_then_on(watch: Watch) -> None:
    watch.declare(PAYHUB, since=-HOUR)
    await watch.start()
    await watch.collect(0, MINUTE, 0.2)
    watch.declare()
    await watch.assessor.reload_estate()
    await watch.pass_time(MINUTE + 5, 3 * MINUTE)
    assert watch.told(0, HOUR) == [("healthy", 0, MINUTE)]


async def test_the_time_in_which_an_entity_was_withdrawn_is_not_told_as_healthy(watch: Watch) -> None:
    watch.declare(PAYHUB, since=-HOUR)
    await watch.start()
    await watch.collect(0, MINUTE, 0.2)
    watch.declare()
    await watch.assessor.reload_estate()
    await watch.pass_time(2 * MINUTE, 40 * MINUTE, step=MINUTE)
    watch.declare(PAYHUB)
    await watch.assessor.reload_estate()
    await watch.collect(40 * MINUTE + 15, 41 * MINUTE, 0.2)
    assert [told for told in watch.told(0, 41 * MINUTE) if told[0] == "healthy"] == [
        ("healthy", 0, MINUTE),
        ("healthy", 40 * MINUTE + 15, None),
    ]


async def test_an_entity_declared_after_its_data_came_is_judged_from_its_first_sample(watch: Watch) -> None:
    await watch.start()
    watch.deliver(Batch(samples=Samples.of_series(P95, to_ms(after(-9 * HOUR)) + np.arange(9) * 3_600_000, np.ones(9))))
    await watch.collect(0, MINUTE, 0.2)
    watch.declare(PAYHUB)
    await watch.assessor.reload_estate()
    await watch.collect(MINUTE + 15, 2 * MINUTE, 0.2)
    assert watch.told(-9 * HOUR, 2 * MINUTE) == [("healthy", -9 * HOUR, None)]


async def test_a_process_that_slept_for_an_hour_tells_the_hour_as_stale(watch: Watch) -> None:
    watch.declare(PAYHUB, since=-HOUR)
    await watch.start()
    await watch.collect(0, 5 * MINUTE, 0.2)
    await watch.collect(65 * MINUTE, 66 * MINUTE, 0.2)
    assert watch.told(0, 66 * MINUTE) == [
        ("healthy", 0, 5 * MINUTE + 90),
        ("stale", 5 * MINUTE + 90, 65 * MINUTE),
        ("healthy", 65 * MINUTE, None),
    ]


async def test_history_that_was_stored_and_not_yet_judged_is_judged_by_the_next_collector(watch: Watch) -> None:
    watch.declare(PAYHUB, since=-30 * HOUR)
    await watch.start()
    await watch.collect(0, MINUTE, 0.2)
    times = to_ms(after(-24 * HOUR)) + np.arange(288) * 300_000
    watch.store_only(Batch(samples=Samples.of_series(P95, times, np.full(288, 0.2))))
    later = Watch(watch.store, watch.clock)
    await later.start(idle_since=MINUTE)
    await later.judge()
    assert watch.told(-24 * HOUR, MINUTE) == [("healthy", -24 * HOUR, None)]


async def test_an_entity_with_checks_only_is_stale_and_not_unknown_after_a_restart(watch: Watch) -> None:
    watch.declare(PAYHUB, since=-HOUR)
    await watch.start()
    watch.deliver(login_check(0, CheckOutcome.PASSED))
    await watch.judge()
    watch.clock.at = after(2 * HOUR)
    later = Watch(watch.store, watch.clock)
    await later.start(idle_since=0)
    await later.judge()
    assert watch.told(0, 2 * HOUR) == [("healthy", 0, 90), ("stale", 90, None)]


async def test_a_check_that_cannot_tell_makes_nothing_healthy_and_says_so(watch: Watch) -> None:
    watch.declare(PAYHUB, since=-HOUR)
    await watch.start()
    watch.deliver(login_check(0, CheckOutcome.UNKNOWN, "The plugin crashed."))
    await watch.judge()
    assert [(i.state, i.reason) for i in watch.intervals(0, 1)] == [(HealthState.UNKNOWN, "No data yet")]


async def test_a_series_of_nothing_but_nan_makes_nothing_healthy(watch: Watch) -> None:
    watch.declare(PAYHUB, since=-HOUR)
    await watch.start()
    await watch.collect(0, 2 * MINUTE, float("nan"))
    assert watch.told(0, 2 * MINUTE)[0][0] == "unknown"


async def test_samples_that_arrive_in_the_wrong_order_are_judged_in_their_own(watch: Watch) -> None:
    watch.declare(PAYHUB, since=-HOUR)
    await watch.start()
    watch.clock.at = after(MINUTE)
    for seconds, value in ((60, 0.2), (0, 0.2), (30, 2.0), (45, 0.2), (15, 0.2)):
        watch.deliver(at(seconds, value))
        await watch.judge()
    assert watch.told(0, MINUTE) == [("healthy", 0, 30), ("degraded", 30, 45), ("healthy", 45, None)]


async def test_a_breach_is_over_when_the_series_of_its_label_is_gone(watch: Watch) -> None:
    disk: dict[str, SeriesIdentity] = {
        name: SeriesIdentity(PAYHUB.key, "used", Meaning.STORAGE, "ratio", labels=(("disk", name),)) for name in "ab"
    }
    watch.declare(PAYHUB, since=-HOUR)
    await watch.start()
    watch.deliver(at(0, 0.99, disk["a"]))
    for seconds in range(0, 200, 15):
        watch.clock.at = after(seconds)
        watch.deliver(at(seconds, 0.5, disk["b"]))
        await watch.judge()
    assert watch.told(0, 195) == [("down", 0, 90), ("healthy", 90, None)]


async def test_what_vanished_is_forgotten(watch: Watch) -> None:
    watch.declare(PAYHUB, since=-HOUR)
    await watch.start()
    for number in range(50):
        watch.deliver(at(0, 0.2, replace(THROUGHPUT, labels=(("pod", str(number)),))))
        watch.deliver(at(0, 0.2, replace(THROUGHPUT, entity_key=f"service/pod-{number}")))
    await watch.judge()
    watch.clock.at = after(48 * HOUR)
    watch.deliver(at(48 * HOUR, 0.2))
    await watch.judge()
    assert watch.assessor.track_count == 1


async def test_results_of_checks_that_come_late_are_judged_in_their_time(watch: Watch) -> None:
    watch.declare(PAYHUB, since=-3 * HOUR)
    await watch.start()
    await watch.collect(0, MINUTE, 0.2)
    watch.deliver(login_check(-HOUR, CheckOutcome.FAILED))
    await watch.judge()
    assert watch.told(-HOUR, -HOUR + 1) == [("down", -HOUR, -HOUR + 90)]


async def test_news_that_met_a_bug_is_judged_by_the_next_round(watch: Watch) -> None:
    watch.declare(PAYHUB, since=-HOUR)
    await watch.start()
    await watch.collect(0, MINUTE, 0.2)
    watch.clock.at = after(75)
    watch.deliver(at(75, 9.0))
    watch.clock.advance(1)
    watch.disk.has_bug = True
    with pytest.raises(ZeroDivisionError):
        await watch.judge()
    watch.disk.has_bug = False
    await watch.judge()
    assert watch.told(75, 76) == [("down", 75, None)]


async def test_nothing_is_told_of_the_time_before_there_was_an_entity(watch: Watch) -> None:
    watch.clock.at = after(MINUTE)
    watch.declare(PAYHUB, since=MINUTE)
    await watch.start()
    await watch.pass_time(MINUTE, 2 * MINUTE)
    assert watch.told(-HOUR, 2 * MINUTE) == [("unknown", MINUTE, None)]


async def test_data_older_than_the_declaration_are_told_of_from_the_first_on(watch: Watch) -> None:
    watch.clock.at = after(5 * MINUTE)
    watch.declare(PAYHUB, since=5 * MINUTE)
    await watch.start()
    watch.deliver(at(4 * MINUTE, 0.2))
    watch.clock.advance(1)
    await watch.judge()
    assert watch.told(-HOUR, 5 * MINUTE) == [("healthy", 4 * MINUTE, None)]

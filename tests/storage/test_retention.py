"""Retention: single samples give way to their summaries, nothing else does, and the size is told in time."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import func, select, update

from quarterdeck.analysis.columns import gathered
from quarterdeck.domain.events import Event
from quarterdeck.domain.instants import TimeRange, from_ms, to_ms
from quarterdeck.domain.series import SeriesIdentity
from quarterdeck.sdk.records import Batch, Samples
from quarterdeck.services.ports import Envelope
from quarterdeck.services.store_growth import RetentionPolicy, SingleSamples
from quarterdeck.storage.compaction import Compaction
from quarterdeck.storage.opening import open_store
from quarterdeck.storage.reserve import NoReserve
from quarterdeck.storage.retention import DAY_MS, present_ms
from quarterdeck.storage.store import SqlStore
from quarterdeck.storage.tables import series_chunk, series_latest, series_pyramid
from quarterdeck.storage.thinning import Thinning
from quarterdeck.storage.transaction import WriteTransaction
from tests.storage.test_series import NoChore
from tests.support.guards.logs import ExpectedLogs
from tests.support.stores import NOON, PATIENCE_SECONDS, take_in

NOISE = SeriesIdentity("component/host", "noise")
COUNT = 100_000
STEP_MS = 10_000
END_MS = to_ms(NOON)
TIMES = END_MS - STEP_MS * np.arange(COUNT, 0, -1)
VALUES = np.random.default_rng(1).normal(size=COUNT).round(3)
WHOLE = TimeRange(from_ms(int(TIMES[0]) - 10 * DAY_MS), from_ms(END_MS + DAY_MS))
POLICY = RetentionPolicy(raw_days=5)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    """A store with eleven days of one series, that does nothing by itself."""
    opened = SqlStore(open_store(str(tmp_path / "console.db"))._database, NoReserve(), NoChore())
    take_in(opened, Batch(samples=Samples.of_series(NOISE, TIMES, VALUES)))
    yield opened
    opened.close()


def sweep(store: SqlStore, size_bytes: int = 0) -> None:
    """Let thinning run until it has looked through everything."""
    chore = Compaction(thinning=Thinning(lambda _: size_bytes, lambda: END_MS))
    database = store._database
    while True:
        with database.reading() as connection:
            if not chore.is_due(connection):
                return
        with database.writing() as connection:
            chore.work(WriteTransaction(connection, database.generation))
            database.commit(connection)


def put_in_force(store: SqlStore, policy: RetentionPolicy) -> None:
    store.housekeeping.set_retention(policy).result(PATIENCE_SECONDS)


def keep(store: SqlStore, policy: RetentionPolicy) -> None:
    put_in_force(store, policy)
    sweep(store)


def envelope(store: SqlStore, pixels: int = 50) -> Envelope:
    return store.envelope([1], WHOLE, pixels)[0]


def oldest_chunk_ms(store: SqlStore) -> int:
    with store._database.reading() as connection:
        return connection.execute(select(func.min(series_chunk.c.end_ms))).scalar_one()


def test_without_a_policy_nothing_is_thinned(store: SqlStore) -> None:
    sweep(store)
    assert len(store.samples(1, WHOLE).values) == COUNT
    assert store.retention() == RetentionPolicy()


def test_old_samples_go_and_young_ones_stay(store: SqlStore) -> None:
    keep(store, POLICY)
    left = store.samples(1, WHOLE).times_ms
    assert oldest_chunk_ms(store) >= END_MS - 5 * DAY_MS
    assert 5 * DAY_MS <= END_MS - left[0] <= 5 * DAY_MS + 4096 * STEP_MS
    assert store.check() == ()
    assert store.retention() == POLICY


def test_the_envelope_goes_on_telling_of_what_was_thinned(store: SqlStore) -> None:
    before = envelope(store)
    keep(store, POLICY)
    found = envelope(store)
    assert found.counts.sum() == before.counts.sum() == COUNT
    assert (np.nanmin(found.low), np.nanmax(found.high)) == (VALUES.min(), VALUES.max())
    filled = before.counts > 0
    assert (found.low[filled] <= before.low[filled]).all()
    assert (found.high[filled] >= before.high[filled]).all()
    assert found.series.first_at == from_ms(int(TIMES[0]))


def test_a_sample_that_comes_after_its_time_was_thinned_changes_nothing(store: SqlStore) -> None:
    keep(store, POLICY)
    before = envelope(store)
    late = Samples.of_series(NOISE, TIMES[1000:1001] + 1, np.array([1e9]))
    take_in(store, Batch(samples=late))
    assert np.array_equal(envelope(store).high, before.high, equal_nan=True)
    with store._database.writing() as connection:
        Compaction(head_rows=1).work(WriteTransaction(connection, store._database.generation))
        store._database.commit(connection)
    assert np.array_equal(envelope(store).high, before.high, equal_nan=True)


def test_history_older_than_what_was_thinned_is_taken_in_and_thinned_in_turn(store: SqlStore) -> None:
    keep(store, POLICY)
    older = TIMES[:300] - 5 * DAY_MS
    across = np.concatenate([older, TIMES[-300:] + 1])
    take_in(store, Batch(samples=Samples.of_series(NOISE, across, np.full(600, 7.0))))
    assert envelope(store).counts.sum() == COUNT + 600
    sweep(store)
    assert envelope(store).counts.sum() == COUNT + 600
    assert store.samples(1, WHOLE).times_ms[0] > older[-1]
    assert store.check() == ()


def test_events_and_everything_else_stay(store: SqlStore) -> None:
    take_in(store, Batch(events=(Event("feed", "1", "x", from_ms(int(TIMES[0]))),)))
    keep(store, POLICY)
    assert store.summary().counts["events"] == 1


def test_over_its_limit_the_store_gives_up_its_oldest_day_and_says_so(store: SqlStore, logs: ExpectedLogs) -> None:
    put_in_force(store, RetentionPolicy(limit_bytes=1000))
    logs.expect("quarterdeck.storage.thinning", "larger than its limit")
    sweep(store, size_bytes=2000)
    left = store.samples(1, WHOLE).times_ms
    assert TIMES[0] < left[0] <= TIMES[0] + DAY_MS
    assert envelope(store).counts.sum() == COUNT


def test_the_size_is_noted_with_each_sweep_and_told_with_the_present_one(store: SqlStore) -> None:
    sweep(store, size_bytes=1234)
    noted, now = store.sizes()
    assert (noted.at, noted.size_bytes) == (NOON, 1234)
    assert now.size_bytes == store.summary().size_bytes


def test_young_samples_are_told_exactly_beside_thinned_ones(store: SqlStore) -> None:
    keep(store, POLICY)
    young = TimeRange(from_ms(END_MS - 4 * DAY_MS), NOON)
    (found,) = store.envelope([1], young, 77)
    inside = young.start_ms <= TIMES
    expected = gathered(TIMES[inside], VALUES[inside], found.edges_ms)
    assert np.array_equal(found.low, expected.low)
    assert np.array_equal(found.counts, expected.counts)


def blocks_of(store: SqlStore, level: int) -> int:
    """How many blocks of the pyramid's level are left."""
    with store._database.reading() as connection:
        counted = select(func.coalesce(func.sum(series_pyramid.c.blocks), 0)).where(series_pyramid.c.level == level)
        return connection.execute(counted).scalar_one()


def test_each_resolution_is_kept_for_its_own_time(store: SqlStore) -> None:
    keep(store, POLICY)
    fine, coarse = blocks_of(store, 0), blocks_of(store, 1)
    keep(store, replace(POLICY, fine_days=8))
    assert blocks_of(store, 0) < fine
    assert blocks_of(store, 1) == coarse
    assert store.check() == ()


@pytest.mark.parametrize("pixels", [5, 50, 700, 9000])
def test_an_envelope_reaches_over_what_only_coarse_summaries_tell_of(store: SqlStore, pixels: int) -> None:
    keep(store, POLICY)
    before = envelope(store, pixels)
    keep(store, replace(POLICY, fine_days=8))
    found = envelope(store, pixels)
    assert found.counts.sum() == COUNT
    assert (np.nanmin(found.low), np.nanmax(found.high)) == (VALUES.min(), VALUES.max())
    filled = before.counts > 0
    young = filled & (found.edges_ms[:-1] >= END_MS - 8 * DAY_MS)
    assert np.array_equal(found.low[young], before.low[young])
    assert np.array_equal(found.counts[young], before.counts[young])


def test_what_is_older_than_the_coarsest_is_gone_and_no_longer_told_of(store: SqlStore) -> None:
    keep(store, replace(POLICY, fine_days=7, coarse_days=8))
    found = envelope(store)
    assert 0 < found.counts.sum() < COUNT
    assert found.series.first_at is not None
    assert from_ms(int(TIMES[0])) < found.series.first_at <= from_ms(END_MS - 8 * DAY_MS)
    sweep(store)
    assert envelope(store).counts.sum() == found.counts.sum()
    assert store.check() == ()


def test_history_before_forgotten_blocks_does_not_hide_that_they_are_gone(store: SqlStore) -> None:
    keep(store, replace(POLICY, fine_days=8))
    older = TIMES[:20_000] - 5 * DAY_MS
    take_in(store, Batch(samples=Samples.of_series(NOISE, older, np.full(len(older), 7.0))))
    sweep(store)
    for pixels in (40, 3000):
        assert envelope(store, pixels).counts.sum() == COUNT + len(older)
    assert store.check() == ()


def test_the_policy_is_told_as_it_was_set(store: SqlStore) -> None:
    policy = RetentionPolicy(7, 2**31, fine_days=90, coarse_days=400)
    put_in_force(store, policy)
    assert store.retention() == policy
    put_in_force(store, RetentionPolicy())
    assert store.retention() == RetentionPolicy()


def test_vacuum_thins_at_once_and_gives_the_room_back(store: SqlStore) -> None:
    now_ms = END_MS + 10**9  # before the machine's clock
    put_in_force(store, RetentionPolicy(raw_days=(present_ms() - now_ms) / DAY_MS))
    before = store.summary()
    store.housekeeping.vacuum()
    after = store.summary()
    assert after.counts["samples"] < before.counts["samples"] / 10
    with store._database.reading() as connection:
        assert connection.exec_driver_sql("PRAGMA freelist_count").scalar_one() == 0
    assert envelope(store).counts.sum() == COUNT


def test_what_is_free_on_the_disk_is_told(store: SqlStore) -> None:
    free_bytes = store.free_bytes()
    assert free_bytes is not None
    assert free_bytes > 0


def test_the_share_of_single_samples_before_an_instant_is_told_with_the_oldest(store: SqlStore) -> None:
    middle = from_ms(int(TIMES[COUNT // 2]))
    told = store.single_samples(middle)
    assert told.oldest_at == from_ms(int(TIMES[0]))
    assert told.share_before == pytest.approx(0.5, abs=0.05)


def test_single_samples_begin_where_thinning_ended(store: SqlStore) -> None:
    store.housekeeping.set_retention(POLICY).result(PATIENCE_SECONDS)
    sweep(store)
    cutoff = from_ms(END_MS - 5 * DAY_MS)
    told = store.single_samples(cutoff)
    assert told.share_before == 0.0
    assert told.oldest_at is not None
    assert cutoff - timedelta(days=1) < told.oldest_at <= cutoff


def test_an_empty_store_has_no_single_samples(tmp_path: Path) -> None:
    with closing(open_store(str(tmp_path / "empty.db"))) as empty:
        assert empty.single_samples(NOON) == SingleSamples(None, 0.0)


def test_an_oldest_sample_that_no_calendar_has_is_told_as_unknown(store: SqlStore) -> None:
    with store._database.writing() as connection:
        connection.execute(update(series_latest).values(first_ms=10**18, thinned_to_ms=None))
        store._database.commit(connection)
    assert store.single_samples(NOON).oldest_at is None

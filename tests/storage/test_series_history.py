"""Series after any history of batches and compaction, compared with a dictionary of instant and value."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from quarterdeck.analysis.columns import column_edges, gathered
from quarterdeck.domain.instants import TimeRange, from_ms
from quarterdeck.domain.series import SeriesIdentity, SeriesKind
from quarterdeck.sdk.records import Batch, Samples
from quarterdeck.services.ports import SeriesQuery
from quarterdeck.storage.compaction import Compaction
from quarterdeck.storage.opening import open_store
from quarterdeck.storage.series import SqlSeries
from quarterdeck.storage.store import SqlStore
from quarterdeck.storage.transaction import WriteTransaction
from tests.support.stores import take_in

NAMES = [SeriesIdentity("component/host", "a"), SeriesIdentity("component/host", "b", kind=SeriesKind.COUNTER)]
BEGIN_MS = 1_700_000_000_000
SPAN_MS = 40_000
STEP_MS = 500
"""Batches fall on few instants, so that they often tell different values of the same one."""
Step = Callable[["Bench"], None]
values = st.floats(allow_nan=True, allow_infinity=True)


@dataclass
class Bench:
    """A store, a compaction that goes one slice at a time, and what must be read."""

    store: SqlStore
    compaction: Compaction = field(
        default_factory=lambda: Compaction(head_rows=1, bundles_a_chunk=1, slice_seconds=0, deleted_at_once=1)
    )
    expected: dict[SeriesIdentity, dict[int, float]] = field(default_factory=lambda: {name: {} for name in NAMES})

    def take_in(self, samples: Samples) -> None:
        take_in(self.store, Batch(samples=samples))
        for index, at, value in zip(samples.series_index, samples.times_ms, samples.values, strict=True):
            self.expected[samples.identities[index]][int(at)] = float(value)

    def compact(self) -> None:
        database = self.store._database
        with database.writing() as connection:
            self.compaction.work(WriteTransaction(connection))
            database.commit(connection)


@st.composite
def live_batches(draw: st.DrawFn) -> Step:
    """A few samples in any order, also several at one instant."""
    drawn = draw(st.lists(st.tuples(st.integers(0, 1), st.integers(0, 6), values), min_size=1, max_size=6))
    index, times, numbers = (np.array(column) for column in zip(*drawn, strict=True))
    samples = Samples(tuple(NAMES), index.astype(np.int32), times * STEP_MS + BEGIN_MS, numbers.astype(np.float64))
    return lambda bench: bench.take_in(samples)


@st.composite
def stretches(draw: st.DrawFn) -> Step:
    """Some hundred or thousand samples of one series, as back-fill brings them."""
    random = np.random.default_rng(draw(st.integers(0, 10)))
    count, step = draw(st.sampled_from([(300, 1), (300, 100), (300, STEP_MS), (5000, 2), (80_000, 1)]))
    start = STEP_MS * draw(st.integers(-300, 8))
    times = BEGIN_MS + start + step * np.arange(count, dtype=np.int64)
    samples = Samples.of_series(draw(st.sampled_from(NAMES)), times, random.normal(size=count).round(2))
    return lambda bench: bench.take_in(samples)


slices = st.integers(1, 6).map(lambda count: lambda bench: [bench.compact() for _ in range(count)])
histories = st.lists(st.one_of(live_batches(), live_batches(), stretches(), slices, slices), min_size=1, max_size=16)


@pytest.mark.slow
@settings(max_examples=40, phases=(Phase.generate, Phase.shrink))
@given(histories, st.integers(-1000, SPAN_MS), st.integers(0, 2 * SPAN_MS), st.integers(1, 300))
def test_samples_envelope_and_extent_are_what_was_received(
    history: list[Step], start_ms: int, span_ms: int, pixels: int
) -> None:
    with TemporaryDirectory() as folder:
        store = open_store(str(Path(folder) / "console.db"))
        try:
            bench = Bench(store)
            for step in history:
                step(bench)
                _compare(bench, BEGIN_MS + start_ms, BEGIN_MS + start_ms + span_ms, pixels)
            assert store.check() == ()
        finally:
            store.close()


def _compare(bench: Bench, start_ms: int, end_ms: int, pixels: int) -> None:
    for reader in (bench.store, SqlSeries(bench.store._database), SqlSeries(bench.store._database, raw_samples=0)):
        _compare_reader(bench, reader, TimeRange(from_ms(start_ms), from_ms(end_ms)), pixels)


def _compare_reader(bench: Bench, reader: SqlSeries, time_range: TimeRange, pixels: int) -> None:
    start_ms, end_ms = time_range.start_ms, time_range.end_ms
    for info in reader.find(SeriesQuery()):
        expected = bench.expected[info.identity]
        times = np.array(sorted(at for at in expected if start_ms <= at < end_ms), np.int64)
        numbers = np.array([expected[int(at)] for at in times], np.float64)
        found = reader.samples(info.id, time_range)
        assert np.array_equal(found.times_ms, times)
        assert found.values.tobytes() == numbers.tobytes()
        if expected:
            newest = max(expected)
            assert (info.first_at, info.last_at) == (from_ms(min(expected)), from_ms(newest))
            assert np.array_equal(info.last_value or 0.0, expected[newest] or 0.0, equal_nan=True)
        (envelope,) = reader.envelope([info.id], time_range, pixels)
        columns = gathered(times, numbers, column_edges(start_ms, end_ms, pixels))
        for name in ("low", "high", "mean", "last", "counts"):
            assert np.allclose(getattr(envelope, name), getattr(columns, name), rtol=1e-12, equal_nan=True)

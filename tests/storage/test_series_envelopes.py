"""Envelopes of many samples: exact where asked, else sharp to a known part of a column, never without an extreme."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import func, select, update

from quarterdeck.analysis.columns import gathered
from quarterdeck.domain.instants import TimeRange, from_ms
from quarterdeck.domain.series import SeriesIdentity, SeriesKind
from quarterdeck.sdk.records import Batch, Samples
from quarterdeck.services.ports import Envelope, Precision, SeriesQuery
from quarterdeck.storage.opening import open_store
from quarterdeck.storage.series import SqlSeries
from quarterdeck.storage.series_envelopes import TOLERANCE
from quarterdeck.storage.store import SqlStore
from quarterdeck.storage.tables import series_pyramid
from tests.support.stores import take_in

BEGIN_MS = 1_700_000_000_000
COUNT = 120_000
STEP_MS = 1000
NOISE = SeriesIdentity("component/host", "noise")
COUNTER = SeriesIdentity("component/host", "requests", kind=SeriesKind.COUNTER)
RANGES = [(0, COUNT), (1, 77_777), (30_000, 30_900), (-5000, 50_000), (100_000, COUNT + 500)]


@dataclass(frozen=True)
class Filled:
    """A store with long series, a reader that uses the pyramid whatever the range, and what must be read."""

    store: SqlStore
    reader: SqlSeries
    times: np.ndarray
    values: dict[SeriesIdentity, np.ndarray]

    def number(self, identity: SeriesIdentity) -> int:
        return next(info.id for info in self.reader.find(SeriesQuery()) if info.identity == identity)

    def envelope(self, identity: SeriesIdentity, time_range: TimeRange, pixels: int, precision: Precision) -> Envelope:
        return self.reader.envelope([self.number(identity)], time_range, pixels, precision)[0]


def range_of(first: int, last: int) -> TimeRange:
    return TimeRange(from_ms(BEGIN_MS + first * STEP_MS + 250), from_ms(BEGIN_MS + last * STEP_MS + 250))


def unlike_each_other() -> dict[SeriesIdentity, np.ndarray]:
    random = np.random.default_rng(3)
    noise = random.normal(size=COUNT)
    noise[random.integers(0, COUNT, 40)] *= 100
    noise[50_000:50_700] = np.nan
    counter = np.cumsum(random.integers(0, 5, COUNT)).astype(np.float64)
    counter[60_000:] -= counter[60_000]
    return {NOISE: noise, COUNTER: counter}


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Filled]:
    store = open_store(str(tmp_path_factory.mktemp("filled") / "console.db"))
    times, values = BEGIN_MS + STEP_MS * np.arange(COUNT), unlike_each_other()
    for identity, numbers in values.items():
        take_in(store, Batch(samples=Samples.of_series(identity, times, numbers)))
    yield Filled(store, SqlSeries(store._database, raw_samples=0), times, values)
    store.close()


def differing(envelope: Envelope, times: np.ndarray, values: np.ndarray) -> list[str]:
    """The fields of an envelope that are not those of the samples; totals may be added up in another order."""
    inside = (times >= envelope.edges_ms[0]) & (times < envelope.edges_ms[-1])
    expected = gathered(times[inside], values[inside], envelope.edges_ms)
    exact = [name for name in ("low", "high", "last", "counts") if not _same(envelope, expected, name)]
    mean = np.allclose(envelope.mean, expected.mean, rtol=1e-9, atol=1e-12, equal_nan=True)
    return exact if mean else [*exact, "mean"]


def _same(found: object, expected: object, name: str) -> bool:
    return np.array_equal(getattr(found, name), getattr(expected, name), equal_nan=True)


def risen(times: np.ndarray, values: np.ndarray, edges: np.ndarray) -> np.ndarray:
    """Step by step how far a counter rose, in the column of the later sample."""
    total = np.zeros(len(edges) - 1)
    inside = (times >= edges[0]) & (times < edges[-1])
    before = None
    for at, value in zip(times[inside].tolist(), values[inside].tolist(), strict=True):
        if before is not None:
            column = int(np.searchsorted(edges, at, "right")) - 1
            total[column] += value - before if value >= before else value
        before = value
    return total


@pytest.mark.parametrize(("first", "last"), RANGES)
@pytest.mark.parametrize("pixels", [1, 7, 100, 1999])
def test_an_exact_envelope_is_that_of_the_samples_one_by_one(
    filled: Filled, first: int, last: int, pixels: int
) -> None:
    for identity, values in filled.values.items():
        found = filled.envelope(identity, range_of(first, last), pixels, Precision.EXACT)
        assert differing(found, filled.times, values) == []


@pytest.mark.parametrize(("first", "last"), RANGES)
def test_the_increase_of_a_counter_is_the_sum_of_its_steps(filled: Filled, first: int, last: int) -> None:
    found = filled.envelope(COUNTER, range_of(first, last), 30, Precision.EXACT)
    assert found.increase is not None
    assert np.allclose(found.increase, risen(filled.times, filled.values[COUNTER], found.edges_ms))
    assert filled.envelope(NOISE, range_of(first, last), 30, Precision.EXACT).increase is None


@pytest.mark.parametrize(("first", "last"), RANGES)
@pytest.mark.parametrize("pixels", [1, 7, 30, 100, 1999])
@pytest.mark.parametrize("precision", [Precision.FIRST, Precision.REFINED])
def test_a_coarser_envelope_holds_every_extreme_and_takes_no_more_than_its_tolerance_from_beside(
    filled: Filled, first: int, last: int, pixels: int, precision: Precision
) -> None:
    for identity, values in filled.values.items():
        found = filled.envelope(identity, range_of(first, last), pixels, precision)
        edges = found.edges_ms
        reach = TOLERANCE[precision] * (edges[-1] - edges[0]) / (len(edges) - 1)
        numbers = ~np.isnan(values)
        inside = gathered(filled.times[numbers], values[numbers], edges)
        for column in range(len(edges) - 1):
            near = numbers & (filled.times >= edges[column] - reach) & (filled.times < edges[column + 1] + reach)
            if inside.counts[column]:
                assert values[near].min() <= found.low[column] <= inside.low[column]
                assert values[near].max() >= found.high[column] >= inside.high[column]


def test_a_coarser_envelope_reads_fewer_samples_at_an_edge_and_counts_each_once(filled: Filled) -> None:
    whole = range_of(-1, COUNT)
    coarse = filled.envelope(NOISE, whole, 3, Precision.FIRST)
    exact = filled.envelope(NOISE, whole, 3, Precision.EXACT)
    assert coarse.counts.sum() == exact.counts.sum() == COUNT - 700
    assert not np.array_equal(coarse.counts, exact.counts)


def test_few_samples_are_exact_whatever_was_asked(filled: Filled) -> None:
    few = SqlSeries(filled.store._database)
    for precision in Precision:
        (found,) = few.envelope([filled.number(NOISE)], range_of(0, COUNT), 3, precision)
        assert differing(found, filled.times, filled.values[NOISE]) == []


def pyramid_rows(store: SqlStore) -> int:
    with store._database.reading() as connection:
        return connection.execute(select(func.count()).select_from(series_pyramid)).scalar_one()


def test_samples_that_come_late_are_in_the_envelope_at_once_and_after_the_pyramid_was_mended(tmp_path: Path) -> None:
    store = open_store(str(tmp_path / "console.db"))
    times, values = BEGIN_MS + STEP_MS * np.arange(COUNT), np.zeros(COUNT)
    take_in(store, Batch(samples=Samples.of_series(NOISE, times, values)))
    late = times[50_000:50_300] + 1
    take_in(store, Batch(samples=Samples.of_series(NOISE, late, np.ones(300))))
    take_in(store, Batch(samples=Samples.of_series(NOISE, times[10:11], np.array([5.0]))))
    together = np.append(times, late)
    order = np.argsort(together)
    values[10] = 5.0
    numbers = np.append(values, np.ones(300))[order]
    (found,) = SqlSeries(store._database, raw_samples=0).envelope([1], range_of(-1, COUNT), 100)
    assert differing(found, together[order], numbers) == []
    assert store.check() == ()
    store.close()


def test_a_damaged_summary_is_named_and_the_samples_are_read_instead(tmp_path: Path) -> None:
    store = open_store(str(tmp_path / "console.db"))
    times, values = BEGIN_MS + STEP_MS * np.arange(COUNT), np.arange(COUNT, dtype=np.float64)
    take_in(store, Batch(samples=Samples.of_series(NOISE, times, values)))
    with store._database.writing() as connection:
        connection.execute(update(series_pyramid).values(payload=b"\0" * 50))
        store._database.commit(connection)
    (found,) = SqlSeries(store._database, raw_samples=0).envelope([1], range_of(-1, COUNT), 100)
    assert differing(found, times, values) == []
    assert len(store.check()) == pyramid_rows(store) == 2
    store.close()


@pytest.mark.parametrize(("first", "last"), RANGES)
@pytest.mark.parametrize("pixels", [1, 7, 100, 1999])
@pytest.mark.parametrize("precision", list(Precision))
def test_an_envelope_that_is_called_sharp_is_that_of_the_samples(
    filled: Filled, first: int, last: int, pixels: int, precision: Precision
) -> None:
    found = filled.envelope(NOISE, range_of(first, last), pixels, precision)
    is_right = differing(found, filled.times, filled.values[NOISE]) == []
    assert is_right or not found.is_sharp
    assert found.is_sharp or precision is not Precision.EXACT


def test_a_summary_over_an_edge_is_told_as_not_sharp(filled: Filled) -> None:
    assert not filled.envelope(NOISE, range_of(0, COUNT), 2, Precision.FIRST).is_sharp
    assert filled.envelope(NOISE, range_of(0, COUNT), 2, Precision.EXACT).is_sharp

"""What is expected of a series, learnt from its past in equal steps, and what in a range was unusual."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import numpy as np
import numpy.typing as npt
import pytest

from quarterdeck.analysis.anomalies import Sign
from quarterdeck.analysis.columns import column_edges, gathered
from quarterdeck.analysis.expected_range import HISTORY_MS, Side, expected_range
from quarterdeck.analysis.seasons import SeasonKind
from quarterdeck.domain.instants import TimeRange, from_ms, to_ms
from quarterdeck.domain.series import Meaning, SeriesIdentity, SeriesInfo
from quarterdeck.sdk.records import Batch, Samples
from quarterdeck.services.calculation import in_a_process
from quarterdeck.services.expectation import Expectation, ExpectationReader, step_seconds
from quarterdeck.services.ports import Envelope, Precision, SeriesQuery
from quarterdeck.storage.store import SqlStore
from tests.support.stores import take_in

Values = npt.NDArray[np.float64]
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
SERIES = SeriesInfo(7, SeriesIdentity("service/pay", "latency", Meaning.RESPONSE_TIME, "s", "p95"), "metrics")
DAYS = 14
TIMES = to_ms(NOON) - np.arange(DAYS * 1440, 0, -1, dtype=np.int64) * 60_000
LAST_HOURS = TimeRange(NOON - timedelta(hours=6), NOON)


def wave() -> Values:
    noise = np.random.default_rng(3).normal(0, 0.01, len(TIMES))
    return 0.3 + 0.1 * np.sin(TIMES * 2 * np.pi / 86_400_000) + noise


@dataclass
class Kept:
    """Envelopes of one series of samples."""

    values: Values
    times_ms: npt.NDArray[np.int64] = field(default_factory=lambda: TIMES)
    failure: str = ""
    asked: list[tuple[tuple[int, ...], TimeRange, int]] = field(default_factory=list)

    def envelope(
        self, series_ids: Sequence[int], time_range: TimeRange, pixels: int, precision: Precision = Precision.EXACT
    ) -> tuple[Envelope, ...]:
        assert precision is Precision.EXACT
        self.asked.append((tuple(series_ids), time_range, pixels))
        edges = column_edges(time_range.start_ms, time_range.end_ms, pixels)
        found = gathered(self.times_ms, self.values, edges)
        parts = (found.low, found.high, found.mean, found.last, found.counts)
        return tuple(Envelope(SERIES, edges, *parts, failure=self.failure) for _ in series_ids)


def told(values: Values, time_range: TimeRange = LAST_HOURS) -> Expectation:
    (found,) = ExpectationReader(Kept(values)).expectations([SERIES], time_range)
    return found


def test_the_band_reaches_over_the_whole_range_and_holds_what_was_usual() -> None:
    found = told(wave())
    assert found.known is not None
    assert found.band is not None
    assert (from_ms(int(found.times_ms[0])), from_ms(int(found.times_ms[-1]))) == (
        LAST_HOURS.start_at,
        LAST_HOURS.end_at,
    )
    assert found.known.season.kind is SeasonKind.HOUR_OF_DAY
    expected = np.interp(found.times_ms, TIMES, 0.3 + 0.1 * np.sin(TIMES * 2 * np.pi / 86_400_000))
    assert np.all((found.band.low <= expected) & (expected <= found.band.high))
    assert found.departures == ()


def test_a_slow_hour_is_told_as_a_departure_and_as_unusual() -> None:
    values = wave()
    values[to_ms(NOON - timedelta(hours=2)) <= TIMES] += 0.5
    found = told(values)
    (departure,) = found.departures
    assert departure.side is Side.ABOVE
    assert from_ms(departure.from_ms) == NOON - timedelta(hours=2)
    assert from_ms(found.unusual[0].at_ms) == NOON - timedelta(hours=2)
    assert Sign.LEVEL in {sign for sign, _ in found.unusual[0].alarm.signs}


def test_what_was_unusual_before_the_range_is_not_told() -> None:
    values = wave()
    before = (to_ms(NOON - timedelta(hours=9)) <= TIMES) & (to_ms(NOON - timedelta(hours=8)) > TIMES)
    values[before] += 0.5
    assert told(values).unusual == ()


def test_the_day_looked_at_does_not_teach_its_own_expectation() -> None:
    values = wave()
    changed = np.where(to_ms(NOON.replace(hour=0)) <= TIMES, 99.0, values)
    one, other = told(values).band, told(changed).band
    assert one is not None
    assert other is not None
    assert np.array_equal(one.high, other.high)


def test_a_short_past_has_no_band_and_no_departures() -> None:
    values, times = wave()[-600:], TIMES[-600:]
    (found,) = ExpectationReader(Kept(values, times)).expectations([SERIES], LAST_HOURS)
    assert (found.known, found.band, found.departures) == (None, None, ())


def test_what_its_source_keeps_is_not_asked_for_weeks_of_its_past() -> None:
    kept = Kept(wave())
    (found,) = ExpectationReader(kept).expectations([replace(SERIES, read_through=True)], LAST_HOURS)
    assert found.band is None
    assert kept.asked == []


def test_a_source_that_failed_gives_nothing_to_expect() -> None:
    (found,) = ExpectationReader(Kept(wave(), failure="It did not answer.")).expectations([SERIES], LAST_HOURS)
    assert (found.band, found.unusual) == (None, ())


@pytest.mark.parametrize(("hours", "seconds"), [(1, 300), (24, 300), (24 * 7, 300), (24 * 30, 1320)])
def test_a_long_range_is_looked_at_in_longer_steps(hours: int, seconds: int) -> None:
    assert step_seconds(TimeRange(NOON - timedelta(hours=hours), NOON)) == seconds


@pytest.mark.slow
def test_a_process_of_its_own_tells_the_same() -> None:
    (here,) = ExpectationReader(Kept(wave())).expectations([SERIES], LAST_HOURS)
    (there,) = ExpectationReader(Kept(wave()), in_a_process).expectations([SERIES], LAST_HOURS)
    assert here.band is not None
    assert there.band is not None
    assert np.array_equal(here.band.high, there.band.high)
    assert here.unusual == there.unusual


def test_all_series_are_read_at_once_in_whole_steps() -> None:
    kept = Kept(wave())
    ExpectationReader(kept).expectations([SERIES, SERIES], LAST_HOURS)
    ((ids, time_range, pixels),) = kept.asked
    assert ids == (7, 7)
    assert time_range.seconds == pixels * 300


def test_over_a_store_the_band_is_drawn_from_its_own_samples(store: SqlStore) -> None:
    values = wave()
    take_in(store, Batch(samples=Samples.of_series(SERIES.identity, TIMES, values)), received_at=NOON)
    (info,) = store.find(SeriesQuery(entity_keys=("service/pay",)))
    (found,) = ExpectationReader(store).expectations([info], LAST_HOURS)
    midnight_ms = to_ms(NOON.replace(hour=0))
    kept = store.samples(info.id, TimeRange(from_ms(midnight_ms - HISTORY_MS), NOON))
    starts = np.unique(kept.times_ms // 300_000) * 300_000
    means = np.array([kept.values[kept.times_ms // 300_000 * 300_000 == start].mean() for start in starts])
    again = expected_range(starts, means, until_ms=midnight_ms)
    assert again is not None
    assert found.band is not None
    assert again.at(found.times_ms).low == pytest.approx(found.band.low, rel=1e-12)
    assert again.at(found.times_ms).high == pytest.approx(found.band.high, rel=1e-12)

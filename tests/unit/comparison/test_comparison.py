"""Two ranges beside each other, to the last digit out of stored samples, and what changed in sentences."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from quarterdeck.domain.estate import Entity, EntityKind
from quarterdeck.domain.events import Change
from quarterdeck.domain.instants import TimeRange, to_ms
from quarterdeck.domain.series import Meaning, SeriesIdentity
from quarterdeck.sdk.records import Batch, Samples
from quarterdeck.services.compared_ranges import Against, RangePair, earlier_range
from quarterdeck.services.comparison import Comparison, ComparisonReader, numbers_of
from quarterdeck.services.error_patterns import ErrorReader
from quarterdeck.services.moments import Moment
from quarterdeck.services.moved import MovedReader
from quarterdeck.services.ports import EstateChange
from quarterdeck.services.what_changed import what_changed
from quarterdeck.storage.opening import open_store
from quarterdeck.storage.store import SqlStore
from tests.support.stores import take_in
from tests.unit.errors.bank import NOON, failed, tell

Values = npt.NDArray[np.float64]
STEP_MS = 60_000
DAYS = 8
TIMES = np.arange(to_ms(NOON - timedelta(days=DAYS)), to_ms(NOON), STEP_MS)
SHOWN = TimeRange.ending(NOON, 4 * 3600)
LIVE = Moment(SHOWN, NOON)


def daily(seed: int, level: float) -> Values:
    """What swings with the time of day, alike on each day."""
    noise = np.random.default_rng(seed).normal(size=len(TIMES))
    return level * (1.5 + np.sin(2 * np.pi * TIMES / 86_400_000)) + 0.02 * level * noise


def identity(name: str, statistic: str = "p95", meaning: Meaning = Meaning.RESPONSE_TIME) -> SeriesIdentity:
    return SeriesIdentity(f"service/{name}", meaning.value, meaning, "s", statistic)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    opened = open_store(str(tmp_path / "console.db"))
    entities = tuple(Entity(f"service/{name}", EntityKind.SERVICE, name) for name in ("payments", "accounts", "mail"))
    opened.writer.change_estate(EstateChange(NOON - timedelta(days=9), "test", put_entities=entities)).result()
    yield opened
    opened.close()


def fill(store: SqlStore, told: SeriesIdentity, values: Values) -> None:
    take_in(store, Batch(samples=Samples.of_series(told, TIMES, values)))


def pair(against: Against) -> RangePair:
    return RangePair(earlier_range(SHOWN, against), SHOWN)


def compared(store: SqlStore, against: Against = Against.DAY) -> Comparison:
    return ComparisonReader(store).compare(pair(against), NOON)


def inside(span: TimeRange) -> npt.NDArray[np.bool_]:
    return (span.start_ms <= TIMES) & (span.end_ms > TIMES)


def test_an_empty_store_has_nothing_to_compare(store: SqlStore) -> None:
    told = compared(store)
    assert (told.figures, told.tested) == ((), 0)
    assert "Too little is kept" in what_changed(told, None, NOON).sentences[0]


def test_what_swings_with_the_day_moved_against_the_time_before_and_not_against_another_day(store: SqlStore) -> None:
    fill(store, identity("payments"), daily(1, 0.1))
    fill(store, identity("mail"), daily(2, 0.2))
    assert len(compared(store, Against.BEFORE).moved) == 2
    assert compared(store, Against.DAY).moved == ()
    assert compared(store, Against.WEEK).moved == ()
    assert len(MovedReader(store).moved(LIVE).moved) == 2
    assert MovedReader(store).moved(LIVE, Against.WEEK).moved == ()


def test_a_shift_is_found_ranked_first_and_dated_where_it_began(store: SqlStore) -> None:
    values = daily(1, 0.1)
    values[-100:] += 2.0
    fill(store, identity("payments"), values)
    fill(store, identity("mail"), daily(2, 0.2))
    told = compared(store)
    first = told.figures[0]
    assert (first.entity.name, first.is_sure, len(told.moved), told.tested) == ("payments", True, 1, 2)
    assert first.since_at is not None
    assert abs(first.since_at - (NOON - timedelta(minutes=100))) <= timedelta(minutes=5)


def test_numbers_side_by_side_are_those_of_the_stored_samples_to_the_last_digit(store: SqlStore) -> None:
    values = daily(3, 0.1)
    fill(store, identity("payments"), values)
    (one,) = compared(store).figures
    ranges = pair(Against.DAY)
    told = ComparisonReader(store).side_by_side(one.series.id, ranges, 200)
    assert told is not None
    for numbers, span in ((told.earlier, ranges.earlier), (told.later, ranges.later)):
        part = values[inside(span)]
        assert numbers.count == len(part) == 240
        assert (numbers.low, numbers.high, numbers.mean) == (part.min(), part.max(), part.mean())
        assert numbers.quantiles == tuple(np.quantile(part, (0.5, 0.95, 0.99)))


def test_medians_of_the_comparison_are_those_of_the_means_of_its_steps(store: SqlStore) -> None:
    values = daily(4, 0.1)
    fill(store, identity("payments"), values)
    hours = TimeRange.ending(NOON, 96 * 120)
    ranges = RangePair(earlier_range(hours, Against.BEFORE), hours)
    (one,) = ComparisonReader(store).compare(ranges, NOON).figures
    assert one.shift is not None
    for median, span in ((one.shift.before, ranges.earlier), (one.shift.after, ranges.later)):
        means = values[inside(span)].reshape(96, 2).mean(axis=1)
        assert median == pytest.approx(float(np.median(means)), rel=1e-14)


def test_a_response_time_is_compared_in_all_its_statistics(store: SqlStore) -> None:
    for statistic in ("p50", "p95", "p99"):
        fill(store, identity("payments", statistic), daily(5, 0.1))
    assert {one.series.identity.statistic for one in compared(store).figures} == {"p50", "p95", "p99"}


def test_of_many_figures_without_any_shift_hardly_one_is_called_one(store: SqlStore) -> None:
    entities = tuple(Entity(f"service/s{number}", EntityKind.SERVICE, f"s{number}") for number in range(60))
    store.writer.change_estate(EstateChange(NOON - timedelta(days=9), "more", put_entities=entities)).result()
    for number in range(60):
        fill(store, identity(f"s{number}"), daily(100 + number, 0.1))
    told = compared(store)
    assert told.tested == 60
    assert len(told.moved) <= 3


def test_no_samples_add_up_to_nothing_known() -> None:
    told = numbers_of(np.array([np.nan, np.inf]))
    assert told.count == 0
    assert np.isnan([told.mean, told.low, told.high, *told.quantiles]).all()


def test_a_series_that_is_not_known_is_compared_with_nothing(store: SqlStore) -> None:
    assert ComparisonReader(store).side_by_side(77, pair(Against.DAY), 100) is None


def test_what_changed_is_told_with_its_time_its_changes_and_its_failures(store: SqlStore) -> None:
    slow, later = daily(1, 0.1), daily(2, 0.2)
    slow[-100:] += 2.0
    later[-60:] += 1.5
    fill(store, identity("payments"), slow)
    fill(store, identity("accounts"), later)
    fill(store, identity("mail"), daily(6, 0.3))
    change = Change("c1", "deploy", NOON - timedelta(minutes=110), "payments 2026.1 released <b>", "service/payments")
    take_in(store, Batch(changes=(change,)))
    tell(store, *(failed(each, f"upstream timed out after {each} ms") for each in range(1, 40)))
    told = what_changed(compared(store), ErrorReader(store).errors(LIVE), NOON)
    text = " ".join(told.sentences)
    assert told.title.startswith("What changed at ")
    assert told.entity_key == "service/payments"
    assert "payments p95 response time was " in told.sentences[0]
    assert "give or take 2 min" in told.sentences[0]
    assert "Later: accounts p95 response time" in text
    assert "payments 2026.1 released <b>" in text
    assert "503 upstream timed out after <number>, 39 times; how many before is not known." in text
    tell(store, failed(9 * 60, "long ago", "200", kind="payment.settled"))
    known = " ".join(what_changed(compared(store), ErrorReader(store).errors(LIVE), NOON).sentences)
    assert "503 upstream timed out after <number>, 39 times, 0 in the equal time just before" in known
    assert "1 other figure did not shift, or not surely." in text
    assert told.sentences[-1].endswith("This is what moved and about when, not why.")


def test_where_no_change_is_known_that_is_said(store: SqlStore) -> None:
    slow = daily(1, 0.1)
    slow[-100:] += 2.0
    fill(store, identity("payments"), slow)
    text = " ".join(what_changed(compared(store), None, NOON).sentences)
    assert "No deploy or other change is known in the hour before." in text


def test_where_nothing_moved_surely_nothing_is_claimed(store: SqlStore) -> None:
    fill(store, identity("payments"), daily(1, 0.1))
    told = what_changed(compared(store), None, NOON)
    assert (told.title, told.sentences) == ("What changed", ("Nothing shifted surely among 1 figure.",))

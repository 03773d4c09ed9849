"""Resources at a moment: every figure follows from stored samples, and what is old, missing or short says so."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import numpy as np

from quarterdeck.analysis.exhaustion import outlook
from quarterdeck.domain.allocations import Allocation
from quarterdeck.domain.capacity import ResourceKey, ResourceKind
from quarterdeck.domain.estate import Relation
from quarterdeck.domain.instants import TimeRange
from quarterdeck.domain.series import Meaning, SeriesIdentity
from quarterdeck.services.capacity import HISTORY_DAYS, CapacityReader, Resource, last_midnight
from quarterdeck.services.moments import Moment
from quarterdeck.services.ports import SeriesQuery
from quarterdeck.storage.store import SqlStore
from tests.support.stores import NOON
from tests.unit.capacity.stocked import (
    API,
    BUSY,
    GIB,
    LEDGER,
    LINKS,
    LIVE,
    OUTSIDE,
    READS,
    STORAGE,
    TESSERA,
    allocate,
    declare,
    growing,
    tell,
)

DAY = timedelta(days=1)
LEDGER_DISK = ResourceKey(LEDGER, ResourceKind.STORAGE, "/data")


@dataclass(slots=True)
class CountingCalculation:
    """Calculates in place and counts what it was asked."""

    questions: int = 0

    def __call__(self, work: Callable[[Any], Any], question: Any) -> Any:
        self.questions += len(question)
        return work(question)


def resource(store: SqlStore, key: ResourceKey = LEDGER_DISK, moment: Moment = LIVE) -> Resource:
    return next(one for one in CapacityReader(store).resources_at(moment).resources if one.key == key)


def at(days: float) -> Moment:
    """A past moment so many days before noon."""
    moment = NOON - days * DAY
    return Moment(TimeRange(moment - timedelta(hours=6), moment), moment, live=False)


def test_every_figure_follows_from_the_stored_samples(store: SqlStore) -> None:
    declare(store, {LEDGER: {"allocated_storage_gb": 480}})
    tell(store, STORAGE, growing(40, 0.4, 0.01, daily=0.003))
    found = resource(store)
    info = store.find(SeriesQuery())[0]
    midnight = last_midnight(NOON)
    days = []
    for number in range(HISTORY_DAYS):
        start = midnight - (HISTORY_DAYS - number) * DAY
        values = store.samples(info.id, TimeRange(start, start + DAY)).values
        days.append(values.max() if len(values) else np.nan)
    again = outlook(np.arange(HISTORY_DAYS, dtype=np.float64), np.array(days), 1.0)
    assert found.outlook is not None
    np.testing.assert_array_equal(found.outlook.peaks, np.array(days))
    assert again is not None
    assert found.outlook.outlook == again
    assert again.exhaustion is not None
    assert found.full_at == midnight + again.exhaustion.days * DAY
    assert found.earliest_at == midnight + again.exhaustion.earliest * DAY
    assert found.latest_at == midnight + again.exhaustion.latest * DAY
    last = store.samples(info.id, TimeRange(NOON - DAY, NOON + DAY)).values[-1]
    assert (found.share, found.used, found.told_at) == (last, last * 480 * GIB, NOON)
    assert found.known_days == 40


def test_a_change_of_pace_is_dated(store: SqlStore) -> None:
    declare(store)
    values = np.concatenate([growing(40, 0.3, 0.003)[: 40 * 24], growing(20, 0.42, 0.012)])
    tell(store, STORAGE, values)
    found = resource(store)
    assert found.outlook is not None
    assert found.outlook.growth is not None
    assert found.outlook.growth.earlier is not None
    assert found.changed_at is not None
    assert abs(found.changed_at - (last_midnight(NOON) - 20 * DAY)) <= 2 * DAY
    assert round(found.outlook.growth.slope, 3) == 0.012


def test_without_a_change_of_pace_there_is_no_date_of_one(store: SqlStore) -> None:
    declare(store)
    tell(store, STORAGE, growing(40, 0.3, 0.003))
    tell(store, BUSY, growing(5, 0.3, 0.0))
    assert resource(store).changed_at is None
    short = resource(store, ResourceKey(API, ResourceKind.SERVICE))
    assert (short.changed_at, short.full_at, short.latest_at, short.known_days) == (None, None, None, 5)


def test_what_is_told_too_long_ago_is_old(store: SqlStore) -> None:
    declare(store)
    tell(store, STORAGE, growing(20, 0.3, 0.003), end=NOON - timedelta(minutes=30))
    found = resource(store)
    assert found.is_old
    assert found.told_at == NOON - timedelta(minutes=30)


def test_a_value_that_is_no_number_leaves_no_share(store: SqlStore) -> None:
    declare(store)
    for last in (np.nan, -0.2):
        tell(store, STORAGE, np.array([0.4, last]))
        found = resource(store)
        assert (found.share, found.used, found.is_full) == (None, None, False)


def test_more_than_there_is_is_told_as_it_is(store: SqlStore) -> None:
    declare(store)
    tell(store, STORAGE, np.array([0.4, 1.12]))
    found = resource(store)
    assert (found.share, found.is_full) == (1.12, True)


def test_a_size_without_a_series_is_told_with_the_use_that_came_with_it(store: SqlStore) -> None:
    declare(store)
    allocate(
        store,
        Allocation(LEDGER, "swap", "memory", "By", 10.0, 4.0, NOON - 2 * DAY),
        Allocation(LEDGER, "/log", "storage", "By", 10.0, None, NOON),
    )
    swap = resource(store, ResourceKey(LEDGER, ResourceKind.MEMORY, "swap"))
    log = resource(store, ResourceKey(LEDGER, ResourceKind.STORAGE, "/log"))
    assert (swap.share, swap.used, swap.is_old, swap.is_pending, swap.outlook) == (0.4, 4.0, True, False, None)
    assert (log.share, log.used, log.is_old, log.known_days) == (None, None, False, 0)


def test_a_quota_is_used_by_the_sum_of_what_leads_to_the_partner(store: SqlStore) -> None:
    declare(
        store,
        {TESSERA: {"quota_per_second": 600}},
        (Relation(OUTSIDE, TESSERA, READS), Relation(OUTSIDE, TESSERA, LINKS)),
    )
    quota = ResourceKey(TESSERA, ResourceKind.QUOTA)
    tell(store, SeriesIdentity(READS, "requests", Meaning.THROUGHPUT, "1/s"), growing(20, 100.0, 0.0))
    alone = resource(store, quota)
    assert alone.used == 100
    tell(store, SeriesIdentity(LINKS, "requests", Meaning.THROUGHPUT, "1/s"), growing(20, 50.0, 0.0))
    found = resource(store, quota)
    assert found.used == 150
    assert found.outlook is not None
    assert np.nanmax(found.outlook.peaks) == 150 / 600
    tell(store, SeriesIdentity(LINKS, "requests", Meaning.THROUGHPUT, "1/s"), np.array([np.nan]))
    assert resource(store, quota).used is None


def test_the_past_knows_nothing_of_what_came_later(store: SqlStore) -> None:
    declare(store)
    values = np.concatenate([growing(40, 0.3, 0.003)[: 40 * 24], growing(20, 0.42, 0.012)])
    tell(store, STORAGE, values)
    moment = at(21.0)
    found = resource(store, moment=moment)
    assert found.changed_at is None
    assert found.told_at is not None
    assert found.told_at <= moment.at
    assert found.share is not None
    assert found.share < 0.43


def test_a_refresh_does_not_calculate_again(store: SqlStore) -> None:
    declare(store)
    tell(store, STORAGE, growing(20, 0.3, 0.003))
    calculation = CountingCalculation()
    reader = CapacityReader(store, calculation)
    first = reader.resources_at(LIVE)
    later = reader.resources_at(replace(LIVE, at=NOON + timedelta(minutes=5)))
    assert calculation.questions == 1
    assert first.resources[0].outlook is later.resources[0].outlook
    for number in range(6):
        reader.resources_at(at(float(number)))
    reader.resources_at(LIVE)
    assert calculation.questions == 7


def test_history_that_was_filled_in_later_is_counted(store: SqlStore) -> None:
    declare(store)
    tell(store, STORAGE, growing(5, 0.3, 0.003))
    reader = CapacityReader(store)
    assert reader.resources_at(LIVE).resources[0].known_days == 5
    tell(store, STORAGE, growing(30, 0.3, 0.003), end=NOON - 3 * DAY)
    assert reader.resources_at(LIVE).resources[0].known_days == 33


def test_what_is_not_worked_out_yet_is_pending_and_never_said_to_have_no_date(store: SqlStore) -> None:
    declare(store)
    tell(store, STORAGE, growing(40, 0.3, 0.01))
    reader = CapacityReader(store)
    quick = reader.resources_at(LIVE, foresee=False)
    assert quick.is_pending
    assert (quick.resources[0].outlook, quick.resources[0].share is not None) == (None, True)
    assert not reader.resources_at(LIVE).is_pending
    assert not reader.resources_at(LIVE, foresee=False).is_pending


def test_what_fills_first_stands_first(store: SqlStore) -> None:
    declare(store)
    tell(store, STORAGE, growing(40, 0.3, 0.01))
    tell(store, BUSY, growing(40, 0.95, 0.0))
    tell(store, SeriesIdentity(READS, "pool", Meaning.SATURATION, "ratio"), growing(40, 0.2, 0.0))
    found = [one.key.entity_key for one in CapacityReader(store).resources_at(LIVE).resources]
    assert found == [LEDGER, API, READS]


def test_an_empty_estate_has_no_resources(store: SqlStore) -> None:
    report = CapacityReader(store).resources_at(LIVE)
    assert (report.resources, report.unreadable, report.stale, report.is_pending) == ((), (), "", False)


def test_a_store_that_nobody_feeds_says_since_when(store: SqlStore) -> None:
    declare(store)
    store.leases.acquire("us", NOON - timedelta(minutes=20), 10.0)
    assert CapacityReader(store).resources_at(LIVE).stale.startswith("no fresh data since ")

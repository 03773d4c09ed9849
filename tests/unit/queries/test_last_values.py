"""The last value of everything, and whether it still speaks."""

from datetime import timedelta

import numpy as np
import pytest

from quarterdeck.domain.instants import TimeRange, to_ms
from quarterdeck.domain.series import SeriesIdentity
from quarterdeck.sdk.records import Samples
from quarterdeck.services.last_values import Freshness, LastValue, LastValues
from quarterdeck.services.moments import Moment
from quarterdeck.services.ports import SeriesQuery
from quarterdeck.services.signals import USUAL_PATIENCE, Patience
from quarterdeck.storage.store import SqlStore
from tests.support.stores import NOON, after
from tests.unit.queries.sources import Estate, Telling, fault

HERE = SeriesIdentity("service/here", "load")
THERE = SeriesIdentity("service/there", "load")
LIVE = Moment(TimeRange(NOON - timedelta(hours=1), NOON), NOON)
PAST = Moment(LIVE.time_range, NOON, live=False)


def read(estate: Estate, moment: Moment = LIVE, patience: Patience = USUAL_PATIENCE) -> LastValue:
    (found,) = LastValues(estate.store, estate.samples).read(SeriesQuery(), moment, patience)
    return found


def seconds(*offsets: float) -> np.ndarray:
    return to_ms(NOON) + np.array(offsets) * 1000


def test_a_value_is_told_with_its_age_and_is_fresh_while_it_speaks(store: SqlStore) -> None:
    estate = Estate(store)
    info = estate.local(HERE, seconds(-50, -40), np.array([1.0, 2.0]))
    assert read(estate) == LastValue(info, Freshness.FRESH, 2.0, after(-40), 40.0)


def test_a_value_is_old_once_its_entity_no_longer_waits(store: SqlStore) -> None:
    estate = Estate(store)
    estate.local(HERE, seconds(-40), np.array([2.0]))
    assert read(estate, patience=Patience({HERE.entity_key: 30.0})).freshness is Freshness.OLD


def test_a_value_from_a_clock_that_is_ahead_is_of_just_now(store: SqlStore) -> None:
    estate = Estate(store)
    estate.local(HERE, seconds(20), np.array([2.0]))
    assert read(estate).age_seconds == 0.0


def test_a_series_whose_newest_sample_is_no_number_has_ended(store: SqlStore) -> None:
    estate = Estate(store)
    estate.local(HERE, seconds(-20, -10), np.array([2.0, np.nan]))
    found = read(estate)
    assert (found.freshness, found.value, found.age_seconds) == (Freshness.ENDED, None, 10.0)


def test_at_a_past_moment_later_samples_are_unknown(store: SqlStore) -> None:
    estate = Estate(store)
    estate.local(HERE, seconds(-30, 0, 30), np.array([1.0, 2.0, 3.0]))
    found = read(estate, PAST)
    assert (found.freshness, found.value, found.at) == (Freshness.FRESH, 2.0, NOON)


def test_a_value_of_coarse_history_speaks_for_its_step(store: SqlStore) -> None:
    estate = Estate(store)
    estate.local(HERE, seconds(-1200, -900, -600, -300), np.arange(4))
    assert read(estate, PAST).freshness is Freshness.FRESH


@pytest.mark.parametrize(("offset", "freshness"), [(-7200, Freshness.OLD), (60, Freshness.NEVER)])
def test_nothing_in_the_hour_before_a_past_moment_is_old_or_was_never_there(
    store: SqlStore, offset: float, freshness: Freshness
) -> None:
    estate = Estate(store)
    info = estate.local(HERE, seconds(offset), np.ones(1))
    assert read(estate, PAST) == LastValue(info, freshness)


def test_a_value_kept_in_its_source_is_told_without_saying_that_it_is_fresh(store: SqlStore) -> None:
    estate = Estate(store)
    estate.connect("engine")
    info = estate.remote(THERE, "7")
    assert read(estate) == LastValue(info, Freshness.UNTOLD, 7.0, NOON, 0.0)


def test_a_source_that_does_not_answer_says_why_and_one_that_knows_nothing_is_old(store: SqlStore) -> None:
    estate = Estate(store)
    estate.engine.fault = fault()
    estate.connect("engine")
    info = estate.remote(THERE)
    assert read(estate) == LastValue(info, Freshness.UNTOLD, failure="The server is not there. Start it.")
    assert read(Estate(store, Telling(Samples()))) == LastValue(info, Freshness.OLD)
    unspoken = Samples.of_series(THERE, seconds(-5).astype(np.int64), np.array([np.nan]))
    assert read(Estate(store, Telling(unspoken))) == LastValue(info, Freshness.UNTOLD, None, after(-5), 5.0)


def test_a_series_none_of_whose_samples_could_be_kept_has_never_spoken(store: SqlStore) -> None:
    estate = Estate(store)
    info = estate.local(HERE, np.array([2**62]), np.array([1.0]))
    assert read(estate) == LastValue(info, Freshness.NEVER)

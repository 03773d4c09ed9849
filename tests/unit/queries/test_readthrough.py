"""Series here and series that stay in their source, read through the same door."""

from datetime import timedelta

import numpy as np
import pytest

from quarterdeck.domain.instants import TimeRange, to_ms
from quarterdeck.domain.series import SeriesIdentity
from quarterdeck.sdk.connector import RemoteSeries
from quarterdeck.sdk.records import Samples
from quarterdeck.storage.store import SqlStore
from tests.support.stores import NOON
from tests.unit.queries.sources import Engine, Estate, Telling, fault

HERE = SeriesIdentity("service/here", "load")
THERE = SeriesIdentity("service/there", "load")
BEYOND = SeriesIdentity("service/beyond", "load")
NOON_MS = to_ms(NOON)
MINUTE = TimeRange(NOON, NOON + timedelta(minutes=1))
TIMES = NOON_MS + np.array([1_000, 21_000, 61_000])


def numbered(series: RemoteSeries, instants_ms: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return instants_ms, np.arange(len(instants_ms), dtype=np.float64)


def test_samples_here_and_there_come_as_the_same_columns(store: SqlStore) -> None:
    estate = Estate(store)
    estate.connect("engine")
    series = estate.remote(THERE, "7"), estate.local(HERE, TIMES, np.array([1.0, 2.0, 3.0]))
    there, here = estate.samples.samples(series, MINUTE, 20.0)
    assert (there.series.identity, here.series.identity) == (THERE, HERE)
    assert list(there.columns.times_ms) == [NOON_MS, NOON_MS + 20_000, NOON_MS + 40_000]
    assert list(there.columns.values) == [7.0, 7.0, 7.0]
    assert list(here.columns.times_ms) == list(TIMES[:2])
    assert (there.step_seconds, here.step_seconds) == (20, 0)
    assert there.failure == here.failure == ""


def test_a_source_is_asked_once_for_all_its_series_at_whole_seconds(store: SqlStore) -> None:
    estate = Estate(store)
    estate.connect("engine")
    series = estate.remote(THERE, "7"), estate.remote(BEYOND, "8")
    estate.samples.samples(series, MINUTE, 0.2)
    assert estate.engine.asked == [(("7", "8"), MINUTE, 1)]


def test_without_remote_series_no_source_is_asked(store: SqlStore) -> None:
    estate = Estate(store)
    estate.samples.samples([estate.local(HERE, TIMES, np.ones(3))], MINUTE, 20.0)
    assert estate.engine.asked == []


def test_a_source_that_refuses_says_so_and_the_others_stand(store: SqlStore) -> None:
    estate = Estate(store)
    estate.engine.fault = fault()
    estate.connect("engine")
    estate.connect("copying", "copying")
    series = (
        estate.remote(THERE),
        estate.local(HERE, TIMES, np.ones(3)),
        estate.remote(BEYOND, connection_id="gone"),
        estate.remote(SeriesIdentity("service/copied", "load"), connection_id="copying"),
    )
    refused, here, gone, copied = estate.samples.samples(series, MINUTE, 20.0)
    assert refused.failure == "The server is not there. Start it."
    assert gone.failure.startswith("The connection of these series was removed.")
    assert copied.failure.startswith("The copying cannot be read at query time.")
    assert len(refused.columns.times_ms) == len(gone.columns.values) == 0
    assert len(here.columns.times_ms) == 2


def test_a_source_that_says_nothing_in_time_says_so(store: SqlStore) -> None:
    estate = Estate(store)
    estate.engine.is_silent = True
    estate.connect("engine")
    (silent,) = estate.samples.samples([estate.remote(THERE)], MINUTE, 20.0)
    assert silent.failure.startswith("The source did not answer in time.")


def test_a_series_its_source_no_longer_tells_of_is_empty_without_a_failure(store: SqlStore) -> None:
    estate = Estate(store, Telling(Samples()))
    estate.connect("engine")
    (silent,) = estate.samples.samples([estate.remote(THERE)], MINUTE, 20.0)
    assert (len(silent.columns.values), silent.failure) == (0, "")


def test_what_a_source_tells_out_of_order_and_twice_comes_in_time_and_once(store: SqlStore) -> None:
    mixed = Samples(
        (THERE, BEYOND), np.array([1, 0, 0, 0], np.int32), np.array([5, 9, 3, 9]), np.array([1.0, 2.0, 3.0, 4.0])
    )
    estate = Estate(store, Telling(mixed))
    estate.connect("engine")
    there, beyond = estate.samples.samples([estate.remote(THERE), estate.remote(BEYOND)], MINUTE, 20.0)
    assert (list(there.columns.times_ms), list(there.columns.values)) == ([3, 9], [3.0, 4.0])
    assert (list(beyond.columns.times_ms), list(beyond.columns.values)) == ([5], [1.0])


@pytest.mark.parametrize("pixels", [3, 6])
def test_an_envelope_holds_what_lies_here_and_what_the_source_says(store: SqlStore, pixels: int) -> None:
    estate = Estate(store, Engine(numbered))
    estate.connect("engine")
    series = [estate.local(HERE, TIMES, np.array([4.0, 5.0, 6.0])).id, estate.remote(THERE).id]
    here, there = estate.envelopes.envelope(series, MINUTE, pixels)
    assert np.nanmax(here.high) == 5.0
    assert list(there.mean) == list(range(pixels))
    assert list(there.counts) == [1] * pixels


def test_an_envelope_of_a_source_that_refuses_says_why_and_one_not_told_of_stays_empty(store: SqlStore) -> None:
    estate = Estate(store)
    estate.engine.fault = fault()
    estate.connect("engine")
    (refused,) = estate.envelopes.envelope([estate.remote(THERE).id], MINUTE, 4)
    assert refused.failure == "The server is not there. Start it."
    told = Estate(store, Telling(Samples()))
    (empty,) = told.envelopes.envelope([told.info(THERE).id], MINUTE, 4)
    assert (empty.failure, empty.counts.sum()) == ("", 0)

"""Anomalies in the store: read back as they were told, those of a day replaced together."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import update

from quarterdeck.domain.anomalies import Anomaly, Detector, Sighted
from quarterdeck.domain.instants import TimeRange, to_ms
from quarterdeck.services.anomaly_ports import JudgedDay
from quarterdeck.services.ports import Topic
from quarterdeck.storage.anomaly_tables import anomaly
from quarterdeck.storage.store import SqlStore
from tests.storage.test_inspection import spoil
from tests.support.guards.logs import ExpectedLogs
from tests.support.stores import NOON, PATIENCE_SECONDS, after

MIDNIGHT = NOON - timedelta(hours=12)
DAY = TimeRange(MIDNIGHT, MIDNIGHT + timedelta(days=1))
FIRED = (Sighted(Detector.SHIFT, 12.5), Sighted(Detector.SEASON, 3.0))
FOUND = Anomaly(1, to_ms(after(0)), to_ms(after(900)), to_ms(after(300)), to_ms(after(300)), 9.5, 1, 4, 2.5, 6e4, FIRED)


def day_of(series_id: int, *anomalies: Anomaly, days: int = 0) -> JudgedDay:
    """A judged day of a series; with the usual anomaly where none is given."""
    held = anomalies or (replace(FOUND, series_id=series_id),)
    return JudgedDay(series_id, to_ms(MIDNIGHT + timedelta(days=days)), held)


def put(store: SqlStore, *days: JudgedDay) -> None:
    store.anomalies.replace(days).result(PATIENCE_SECONDS)


def test_an_anomaly_is_read_back_as_it_was_told(store: SqlStore) -> None:
    unknown = replace(FOUND, low=None, high=None, ended=False, fired=())
    later = replace(unknown, from_ms=FOUND.to_ms + 1, to_ms=FOUND.to_ms + 9)
    told = day_of(1, FOUND, later)
    put(store, told)
    assert store.anomalies.days(DAY) == (told,)
    assert store.check() == ()


def test_a_day_that_is_judged_anew_takes_the_place_of_what_was_told_of_it(store: SqlStore) -> None:
    put(store, day_of(1), day_of(2), day_of(1, days=1))
    put(store, JudgedDay(1, to_ms(MIDNIGHT), ()))
    assert store.anomalies.days(TimeRange(MIDNIGHT, after(86_400))) == (day_of(1, days=1), day_of(2))


def test_only_the_days_that_a_range_touches_are_read_and_only_of_the_series_asked(store: SqlStore) -> None:
    put(store, *(day_of(series, days=days) for series in (1, 2) for days in (-1, 0, 1)))
    assert store.anomalies.days(DAY) == (day_of(1), day_of(2))
    assert store.anomalies.days(TimeRange(after(0), after(60)), [2]) == (day_of(2),)
    assert store.anomalies.days(DAY, []) == ()


def test_readers_learn_that_there_is_something_new(store: SqlStore) -> None:
    before = store.versions()[Topic.ANOMALIES]
    put(store, day_of(1))
    assert store.versions()[Topic.ANOMALIES] > before
    put(store)
    assert store.versions()[Topic.ANOMALIES] == before + 1


def test_a_row_that_other_hands_changed_is_left_out_and_told_of(store: SqlStore, logs: ExpectedLogs) -> None:
    logs.expect("quarterdeck.storage.unreadable_rows", "anomaly")
    put(store, day_of(1), day_of(2))
    spoil(store, update(anomaly).where(anomaly.c.series == 1).values(fired='[["unheard of", 1]]'))
    assert store.anomalies.days(DAY) == (day_of(2),)
    assert any("anomaly" in sentence for sentence in store.unreadable_rows())

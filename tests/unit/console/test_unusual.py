"""What is unusual as of a moment: joined over midnights, known no earlier than it was told, with planned work named."""

from dataclasses import replace
from datetime import timedelta

import pytest

from quarterdeck.domain.anomalies import Anomaly, Detector, Sighted
from quarterdeck.domain.estate import Entity, EntityKind, Relation, RelationKind
from quarterdeck.domain.events import Change
from quarterdeck.domain.instants import TimeRange, to_ms
from quarterdeck.domain.series import Meaning, SeriesIdentity
from quarterdeck.sdk.records import Batch
from quarterdeck.services.anomaly_ports import JudgedDay
from quarterdeck.services.moments import Moment
from quarterdeck.services.ports import EstateChange, SeriesQuery
from quarterdeck.services.unusual import Unusual, UnusualReader, joined
from quarterdeck.services.unusual_words import changed_words, distance_words, rarity_words, unusual_words
from quarterdeck.storage.store import SqlStore
from tests.support.stores import NOON, PATIENCE_SECONDS, after, take_in, take_in_values
from tests.unit.maintenance.windows import record, window

STEP = 300
DAY_MS = 86_400_000
MIDNIGHT_MS = to_ms(NOON) - DAY_MS // 2
API, DB = "service/api", "component/db"
LATENCY = SeriesIdentity(API, "latency", Meaning.RESPONSE_TIME, "s", "p95")
QUEUE = SeriesIdentity(DB, "queue", Meaning.QUEUE_DEPTH)
FIRED = (Sighted(Detector.SHIFT, 30.0), Sighted(Detector.LEVEL, 12.2))


def found(series: int, begin: float, end: float, *, ended: bool = True) -> Anomaly:
    """An anomaly from so many seconds after noon to so many."""
    starts, ends = to_ms(after(begin)), to_ms(after(end))
    return Anomaly(series, starts, ends, starts + STEP * 1000, starts, 0.7, 0.2, 0.3, 2.0, 6e4, FIRED, ended)


@pytest.fixture
def bank(store: SqlStore) -> SqlStore:
    """A store with two entities, the one on the other, and a series of each."""
    entities = (Entity(API, EntityKind.SERVICE, "Payments API"), Entity(DB, EntityKind.COMPONENT, "Database"))
    relations = (Relation(RelationKind.SERVICE_COMPONENT, API, DB),)
    change = EstateChange(after(-90_000), "doc", put_entities=entities, put_relations=relations)
    store.writer.change_estate(change).result(PATIENCE_SECONDS)
    take_in_values(store, after(0), {LATENCY: 0.2, QUEUE: 4.0})
    return store


def put(store: SqlStore, *anomalies: Anomaly, day: int = 0) -> None:
    days = {one.series_id: [] for one in anomalies}  # type: dict[int, list[Anomaly]]
    for one in anomalies:
        days[one.series_id].append(one)
    told = [JudgedDay(series, MIDNIGHT_MS + day * DAY_MS, tuple(held)) for series, held in days.items()]
    store.anomalies.replace(told).result(PATIENCE_SECONDS)


def number_of(store: SqlStore, identity: SeriesIdentity) -> int:
    return next(info.id for info in store.find(SeriesQuery()) if info.identity == identity)


def moment(seconds: float, hours: float = 6) -> Moment:
    return Moment(TimeRange(after(seconds) - timedelta(hours=hours), after(seconds)), after(seconds))


def the_only(store: SqlStore, at: Moment) -> Unusual:
    (one,) = UnusualReader(store).unusual(at).unusual
    return one


def test_nothing_found_is_an_empty_report(bank: SqlStore) -> None:
    assert UnusualReader(bank).unusual(moment(3600)).unusual == ()


def test_what_goes_on_comes_first_and_what_is_over_has_its_end(bank: SqlStore) -> None:
    latency, queue = number_of(bank, LATENCY), number_of(bank, QUEUE)
    put(bank, found(queue, 0, 600), found(latency, 1200, 3600, ended=False))
    report = UnusualReader(bank).unusual(moment(3700))
    assert [(one.name, one.to_at) for one in report.unusual] == [("Payments API", None), ("Database", after(600))]
    assert report.going_on == report.unusual[:1]


def test_it_is_not_known_before_its_first_step_was_over(bank: SqlStore) -> None:
    put(bank, found(number_of(bank, LATENCY), 0, 3600))
    reader = UnusualReader(bank)
    assert reader.unusual(moment(STEP - 1)).unusual == ()
    assert the_only(bank, moment(STEP)).to_at is None


def test_what_only_later_showed_is_not_told_of_the_moment_before_it(bank: SqlStore) -> None:
    put(bank, replace(found(number_of(bank, LATENCY), 0, 3600), worst_ms=to_ms(after(1800))))
    early, late = the_only(bank, moment(900)), the_only(bank, moment(2400))
    assert unusual_words(early, after(900)).startswith("unlike its past since ")
    assert unusual_words(early, after(900)).endswith("how far it went shows only later")
    assert early.anomaly.fired == ()
    assert late.anomaly.fired == FIRED


def test_one_that_nobody_judged_on_is_over_with_its_last_step(bank: SqlStore) -> None:
    put(bank, found(number_of(bank, LATENCY), 0, 600, ended=False))
    assert the_only(bank, moment(7200)).to_at == after(600)


def test_what_was_over_before_the_range_is_left_out(bank: SqlStore) -> None:
    put(bank, found(number_of(bank, LATENCY), 0, 600))
    assert UnusualReader(bank).unusual(moment(7200, hours=1)).unusual == ()


def test_only_the_entities_asked_are_told(bank: SqlStore) -> None:
    put(bank, found(number_of(bank, LATENCY), 0, 600), found(number_of(bank, QUEUE), 0, 600))
    (one,) = UnusualReader(bank).unusual(moment(3600), [DB]).unusual
    assert one.series.identity == QUEUE


def test_what_goes_on_over_midnight_is_one_stretch() -> None:
    midnight = 43_200
    first = found(1, midnight - 900, midnight, ended=False)
    second = replace(found(1, midnight, midnight + 900), loudness=9.0, fired=(Sighted(Detector.SEASON, 4.0),))
    days = (JudgedDay(1, MIDNIGHT_MS + DAY_MS, (second,)), JudgedDay(1, MIDNIGHT_MS, (first,)))
    (one,) = joined(days)
    assert (one.from_ms, one.to_ms, one.known_ms) == (first.from_ms, second.to_ms, first.known_ms)
    assert one.loudness == 9.0
    assert [each.detector for each in one.fired] == [Detector.SEASON, Detector.SHIFT, Detector.LEVEL]
    apart = replace(first, ended=True, to_ms=first.to_ms - 600_000)
    assert len(joined((JudgedDay(1, MIDNIGHT_MS, (apart,)), days[0]))) == 2


def test_an_anomaly_within_planned_work_says_so(bank: SqlStore) -> None:
    planned = record(window(0, 1, API), -3600)
    bank.maintenance.add([planned]).result(PATIENCE_SECONDS)
    put(bank, found(number_of(bank, LATENCY), 600, 1200), found(number_of(bank, QUEUE), 600, 1200))
    told = {one.series.identity: one.planned for one in UnusualReader(bank).unusual(moment(3600)).unusual}
    assert told == {LATENCY: planned.window.reason, QUEUE: ""}


def test_words_say_how_far_since_when_by_which_signs_and_what_was_expected(bank: SqlStore) -> None:
    put(bank, found(number_of(bank, LATENCY), 0, 3600, ended=False))
    words = unusual_words(the_only(bank, moment(3600)), after(3600))
    assert words.startswith("12 times its usual spread since ")
    assert "level shift, far from its level" in words
    assert words.endswith("700 ms, where 200 ms to 300 ms is expected")


def test_words_claim_no_more_than_is_known(bank: SqlStore) -> None:
    put(bank, replace(found(number_of(bank, LATENCY), 0, 600), low=None, high=None, fired=()))
    one = the_only(bank, moment(3600))
    assert unusual_words(one, after(3600)).startswith("unlike its past from ")
    assert unusual_words(one, after(3600)).endswith("with too short a past to expect anything")
    capped = replace(one.anomaly, fired=(Sighted(Detector.LEVEL, 50.0),), once_in=900.0)
    assert distance_words(capped) == "at least 50 times its usual spread"
    assert distance_words(replace(capped, fired=(Sighted(Detector.SEASON, 2.0),))).startswith("2.0 times as far")
    assert rarity_words(capped) == "about once in 900 steps of an ordinary series"
    assert rarity_words(one.anomaly).startswith("less than once in 60,000")


def test_what_changed_names_what_is_recorded_near_it_and_claims_no_cause(bank: SqlStore) -> None:
    changes = (
        Change("d1", "deploy", after(500), "Release 4.2", DB),
        Change("d2", "deploy", after(500), "Something else", "service/other"),
    )
    take_in(bank, Batch(changes=changes))
    put(bank, found(number_of(bank, LATENCY), 600, 1200), found(number_of(bank, QUEUE), 900, 1200))
    reader, at = UnusualReader(bank), moment(3600)
    one = next(each for each in reader.unusual(at).unusual if each.series.identity == LATENCY)
    words = changed_words(one, reader.near(one, at), at.at)
    assert words.startswith("What changed at ")
    assert "Release 4.2" in words
    assert "Something else" not in words
    assert "Unusual from the same time: Database, queue depth." in words
    assert words.endswith("Nearness in time is no proof of a cause.")


def test_what_changed_says_when_nothing_is_recorded_near_it(bank: SqlStore) -> None:
    put(bank, found(number_of(bank, LATENCY), 600, 1200))
    one, at = the_only(bank, moment(3600)), moment(3600)
    words = changed_words(one, UnusualReader(bank).near(one, at), at.at)
    assert words.endswith("No change of it or of what is next to it is recorded near that time.")

"""Drift is read from a store as of any moment, with names, and with sources that may be silent."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from quarterdeck.domain.connections import Connection, Reception, ReceptionKind
from quarterdeck.domain.drift import DriftStanding
from quarterdeck.domain.estate import Entity, EntityKind, Relation, RelationKind
from quarterdeck.sdk.records import Batch
from quarterdeck.services.drift import DriftReader, DriftReport
from quarterdeck.services.ports import Cursors, EstateChange, Ingest
from quarterdeck.storage.opening import open_store
from quarterdeck.storage.store import SqlStore
from tests.support.stores import PATIENCE_SECONDS, after

API = Entity("service/api", EntityKind.SERVICE, "API")
DATABASE = Entity("component/db", EntityKind.COMPONENT, "Database")
CACHE = Entity("component/cache", EntityKind.COMPONENT, "cache-7f")
TO_DATABASE = Relation(RelationKind.SERVICE_COMPONENT, API.key, DATABASE.key)
TO_CACHE = Relation(RelationKind.SERVICE_COMPONENT, API.key, CACHE.key)
MESH = Connection("mesh", "prometheus", "Mesh metrics", poll_seconds=15)
MINUTE = 60.0


class Bench:
    """A store that a document and one source tell of."""

    def __init__(self, store: SqlStore) -> None:
        self.store = store
        self.reader = DriftReader(store)

    def declare(self, minutes: float, *entities: Entity, relations: tuple[Relation, ...] = ()) -> None:
        change = EstateChange(
            after(minutes * MINUTE), "doc", put_entities=entities, put_relations=relations, put_connections=(MESH,)
        )
        self.store.writer.change_estate(change).result(PATIENCE_SECONDS)

    def look(self, minutes: float, *entities: Entity, relations: tuple[Relation, ...] = ()) -> None:
        batch = Batch(entities=entities, relations=relations, is_whole_estate=True)
        self._take(minutes, batch, ReceptionKind.RECEIVED)

    def miss(self, minutes: float) -> None:
        self._take(minutes, Batch(), ReceptionKind.MISSING)

    def poll(self, minutes: float) -> None:
        self._take(minutes, Batch(), ReceptionKind.RECEIVED)

    def at(self, minutes: float) -> DriftReport:
        return self.reader.report(after(minutes * MINUTE))

    def _take(self, minutes: float, batch: Batch, kind: ReceptionKind) -> None:
        now = after(minutes * MINUTE)
        came = Reception("mesh", kind, after(minutes * MINUTE - 15), now)
        ingest = Ingest("mesh", batch, now, Cursors(last_good_at=now), (came,))
        self.store.writer.ingest(ingest).result(PATIENCE_SECONDS)


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    store = open_store(str(tmp_path / "console.db"))
    yield Bench(store)
    store.close()


def standings(report: DriftReport) -> dict[str, DriftStanding]:
    return {row.drift.key: row.drift.standing for row in report.rows}


def test_drift_of_both_kinds_is_told_with_names_since_when_and_by_whom(bench: Bench) -> None:
    bench.declare(0, API, DATABASE, relations=(TO_DATABASE,))
    bench.look(10, API, DATABASE, relations=(TO_DATABASE,))
    bench.look(20, API, CACHE, relations=(TO_CACHE,))
    report = bench.at(20.1)
    assert [(row.name, row.kind, row.drift.standing, row.source_names) for row in report.rows] == [
        ("Database", "component", DriftStanding.NOT_SEEN, ("Mesh metrics",)),
        ("API → Database", "service_component", DriftStanding.NOT_SEEN, ("Mesh metrics",)),
        ("cache-7f", "component", DriftStanding.NOT_DECLARED, ("Mesh metrics",)),
        ("API → cache-7f", "service_component", DriftStanding.NOT_DECLARED, ("Mesh metrics",)),
    ]
    assert {row.drift.since_at for row in report.rows} == {after(20 * MINUTE)}
    assert (report.agreed_count, report.drift_count, report.looking_names) == (1, 4, ("Mesh metrics",))
    assert report.rows[1].entity_key == API.key


def test_a_past_moment_is_read_as_it_stood_then(bench: Bench) -> None:
    bench.declare(0, API, DATABASE)
    bench.look(10, API, DATABASE)
    bench.look(20, API)
    assert standings(bench.at(10.1)) == {}
    assert standings(bench.at(5)) == dict.fromkeys((API.key, DATABASE.key), DriftStanding.NO_SOURCE)
    assert standings(bench.at(20.1)) == {DATABASE.key: DriftStanding.NOT_SEEN}


def test_a_source_that_fell_silent_makes_nothing_drift(bench: Bench) -> None:
    bench.declare(0, API, DATABASE)
    bench.look(10, API, CACHE)
    bench.miss(13)
    assert standings(bench.at(13)) == {
        API.key: DriftStanding.SOURCE_SILENT,
        CACHE.key: DriftStanding.SOURCE_SILENT,
        DATABASE.key: DriftStanding.NO_SOURCE,
    }
    assert bench.at(13).looking_names == ()


def test_a_source_that_answers_but_was_not_asked_what_it_sees_for_long_tells_nothing(bench: Bench) -> None:
    bench.declare(0, API)
    bench.look(10, API)
    bench.poll(44)
    assert standings(bench.at(44)) == {}
    bench.poll(46)
    assert standings(bench.at(46)) == {API.key: DriftStanding.SOURCE_SILENT}


def test_what_a_removed_connection_saw_is_not_held_against_anybody(bench: Bench) -> None:
    bench.declare(0, API)
    bench.look(10, API, CACHE)
    bench.store.writer.remove_connection("mesh").result(PATIENCE_SECONDS)
    assert standings(bench.at(60)) == {API.key: DriftStanding.NO_SOURCE}
    assert standings(bench.at(10.1)) == {CACHE.key: DriftStanding.NOT_DECLARED}


def test_a_fact_may_name_who_is_to_see_an_entity(bench: Bench) -> None:
    named = Entity(DATABASE.key, EntityKind.COMPONENT, "Database", facts=(("seen_by", "other, mesh"),))
    bench.declare(0, API, named)
    bench.look(10, API)
    (row,) = bench.at(10.1).rows
    assert (row.drift.standing, row.drift.since_at, row.source_names) == (
        DriftStanding.NOT_SEEN,
        after(10 * MINUTE),
        ("Mesh metrics",),
    )


def test_a_store_without_anything_has_no_drift(bench: Bench) -> None:
    report = bench.at(0)
    assert (report.rows, report.agreed_count, report.drift_count) == ((), 0, 0)


def test_moments_in_any_order_are_each_read_as_they_stood(bench: Bench) -> None:
    bench.declare(0, API)
    bench.look(10, API, CACHE)
    bench.declare(12, CACHE)
    for minutes in (11, 12, 13):
        bench.poll(minutes)
    wanted = {11: {CACHE.key: DriftStanding.NOT_DECLARED}, 12.1: {}, 13: {}}
    for minutes in (11, 13, 12.1, 11, 11.5, 13):
        assert standings(bench.at(minutes)) == wanted.get(minutes, wanted[11]), minutes


def test_what_is_declared_anew_is_told_at_once(bench: Bench) -> None:
    bench.declare(0, API)
    bench.look(10, API, CACHE)
    assert standings(bench.at(10.1)) == {CACHE.key: DriftStanding.NOT_DECLARED}
    bench.declare(10.2, CACHE)
    assert standings(bench.at(10.3)) == {}

"""What connections saw lies in the store as stretches of time, apart from what they said of it."""

from quarterdeck.domain.estate import Entity, EntityKind, Relation, RelationKind
from quarterdeck.domain.sightings import LOOKING, DeclaredSpan, Sighting
from quarterdeck.sdk.records import Batch
from quarterdeck.services.ports import EstateChange, Topic
from quarterdeck.storage.store import SqlStore
from tests.support.stores import PATIENCE_SECONDS, after, take_in

API = Entity("service/api", EntityKind.SERVICE, "API")
CACHE = Entity("component/cache", EntityKind.COMPONENT, "Cache")
LINK = Relation(RelationKind.SERVICE_COMPONENT, API.key, CACHE.key)


def look(store: SqlStore, seconds: float, *entities: Entity, is_whole: bool = True, source: str = "mesh") -> None:
    batch = Batch(entities=entities, is_whole_estate=is_whole)
    take_in(store, batch, connection_id=source, received_at=after(seconds))


def of_key(store: SqlStore, key: str, until_seconds: float = 1000) -> list[tuple[float, float | None, float]]:
    def seconds(sighting: Sighting) -> tuple[float, float | None, float]:
        ended = None if sighting.to_at is None else (sighting.to_at - after(0)).total_seconds()
        return (
            (sighting.from_at - after(0)).total_seconds(),
            ended,
            (sighting.last_at - after(0)).total_seconds(),
        )

    return [seconds(each) for each in store.sightings(after(until_seconds)) if each.key == key]


def test_a_look_that_does_not_name_it_ends_a_sighting_and_the_next_begins_another(store: SqlStore) -> None:
    look(store, 0, API, CACHE)
    look(store, 10, API, CACHE)
    look(store, 20, API)
    look(store, 30, API, CACHE)
    assert of_key(store, CACHE.key) == [(0, 20, 10), (30, None, 30)]
    assert of_key(store, API.key) == [(0, None, 30)]
    assert of_key(store, LOOKING) == [(0, None, 30)]


def test_a_sighting_that_began_later_is_not_told_of_the_past(store: SqlStore) -> None:
    look(store, 30, CACHE)
    assert of_key(store, CACHE.key, until_seconds=29) == []


def test_a_look_at_nothing_ends_all_that_was_seen(store: SqlStore) -> None:
    look(store, 0, API)
    look(store, 10)
    assert of_key(store, API.key) == [(0, 10, 0)]
    assert of_key(store, LOOKING) == [(0, None, 10)]


def test_what_comes_with_a_poll_ends_nothing_and_is_no_look(store: SqlStore) -> None:
    look(store, 0, API, CACHE, is_whole=False)
    look(store, 10, API, is_whole=False)
    assert of_key(store, CACHE.key) == [(0, None, 0)]
    assert of_key(store, LOOKING) == []


def test_two_sources_never_end_what_the_other_one_sees(store: SqlStore) -> None:
    look(store, 0, API, source="mesh")
    look(store, 10, CACHE, source="other")
    assert of_key(store, API.key) == [(0, None, 0)]


def test_a_look_dated_before_the_last_one_ends_nothing(store: SqlStore) -> None:
    look(store, 50, API)
    look(store, 40)
    assert of_key(store, API.key) == [(50, None, 50)]


def test_a_link_is_seen_like_an_entity(store: SqlStore) -> None:
    take_in(store, Batch(relations=(LINK,), is_whole_estate=True), received_at=after(0))
    assert of_key(store, LINK.key) == [(0, None, 0)]


def test_readers_are_told_when_a_sighting_begins_or_ends_only(store: SqlStore) -> None:
    counts: list[int] = []
    for seconds, entities in ((0, (API,)), (10, (API,)), (20, ())):
        look(store, seconds, *entities)
        counts.append(store.versions()[Topic.ESTATE])
    assert counts[0] == counts[1] < counts[2]


def test_declared_stretches_are_told_whatever_was_declared_in_them(store: SqlStore) -> None:
    def change(seconds: float, *put: Entity, gone: tuple[str, ...] = ()) -> None:
        moved = EstateChange(after(seconds), "doc", put_entities=put, remove_entity_keys=gone)
        store.writer.change_estate(moved).result(PATIENCE_SECONDS)

    change(0, API)
    change(10, Entity("service/api", EntityKind.SERVICE, "The API"))
    change(20, gone=("service/api",))
    assert store.declared_spans(after(30)) == (
        DeclaredSpan("service/api", after(0), after(10)),
        DeclaredSpan("service/api", after(10), after(20)),
    )
    assert store.declared_spans(after(5)) == (DeclaredSpan("service/api", after(0), after(10)),)

"""The dated estate in a store: who says what about which entity, from when to when."""

from dataclasses import replace

from quarterdeck.domain.estate import Entity, EntityKind, Origin, Relation, RelationKind
from quarterdeck.domain.expectations import Expectation
from quarterdeck.domain.facts import facts_of
from quarterdeck.domain.series import Meaning
from quarterdeck.sdk.records import Batch
from quarterdeck.services.ports import EstateChange, Topic
from quarterdeck.storage.store import SqlStore
from tests.support.stores import NOON, PATIENCE_SECONDS, after, take_in

PAYHUB = Entity(
    "integration/payhub",
    EntityKind.INTEGRATION,
    "PayHub",
    "bill_pay",
    "payments-team",
    tier=1,
    description="Pays bills",
    freshness_seconds=90.0,
    expectations=(Expectation(Meaning.RESPONSE_TIME, "p95", degraded_above=1.5, down_above=5.0, for_seconds=60.0),),
    facts=facts_of({"contract": "C-1182", "protocol": "HTTPS/JSON"}),
)
PARTNER = Entity("partner/payhub", EntityKind.PARTNER, "PayHub Ltd")
LINK = Relation(RelationKind.EXTERNAL_INTERNAL, PARTNER.key, PAYHUB.key, facts_of({"data_class": "payment"}))


def declare(store: SqlStore, at: float, *entities: Entity, source: str = "bank", remove: tuple[str, ...] = ()) -> None:
    difference = EstateChange(after(at), source, put_entities=entities, remove_entity_keys=remove)
    store.writer.change_estate(difference).result(PATIENCE_SECONDS)


def test_an_entity_is_read_back_as_it_was_written(store: SqlStore) -> None:
    declare(store, 0, PAYHUB)
    assert store.estate(NOON).entities == (PAYHUB,)
    (version,) = store.entity_versions(NOON)
    assert (version.origin, version.source, version.valid_to_at) == (Origin.DECLARED, "bank", None)


def test_the_estate_of_a_past_moment_is_what_was_valid_then(store: SqlStore) -> None:
    renamed = replace(PAYHUB, name="PayHub 2")
    declare(store, 0, PAYHUB)
    declare(store, 60, renamed)
    declare(store, 120, remove=(PAYHUB.key,))
    moments = [-1, 0, 59.999, 60, 119.999, 120]
    names = [[entity.name for entity in store.estate(after(moment)).entities] for moment in moments]
    assert names == [[], ["PayHub"], ["PayHub"], ["PayHub 2"], ["PayHub 2"], []]


def test_history_lists_all_versions_of_a_key_oldest_first(store: SqlStore) -> None:
    declare(store, 0, PAYHUB)
    declare(store, 60, replace(PAYHUB, tier=2))
    declare(store, 120, remove=(PAYHUB.key,))
    declare(store, 180, PAYHUB)
    history = store.entity_history(PAYHUB.key)
    assert [(version.entity.tier, version.valid_from_at, version.valid_to_at) for version in history] == [
        (1, after(0), after(60)),
        (2, after(60), after(120)),
        (1, after(180), None),
    ]


def test_declaring_the_same_again_changes_nothing(store: SqlStore) -> None:
    declare(store, 0, PAYHUB)
    before = store.versions()[Topic.ESTATE]
    declare(store, 60, PAYHUB)
    assert store.versions()[Topic.ESTATE] == before
    assert len(store.entity_history(PAYHUB.key)) == 1


def test_of_two_changes_at_one_moment_the_second_stands(store: SqlStore) -> None:
    declare(store, 0, PAYHUB)
    declare(store, 0, replace(PAYHUB, tier=3))
    assert [version.entity.tier for version in store.entity_history(PAYHUB.key)] == [3]


def test_a_clock_set_back_erases_no_version(store: SqlStore) -> None:
    declare(store, 0, PAYHUB)
    declare(store, -3600, replace(PAYHUB, tier=3))
    assert [version.entity.tier for version in store.entity_history(PAYHUB.key)] == [1, 3]
    assert store.estate(after(1)).entities[0].tier == 3
    declare(store, -7200, remove=(PAYHUB.key,))
    assert store.estate(after(1)).entities == ()
    assert len(store.entity_history(PAYHUB.key)) == 2


def test_what_is_declared_and_withdrawn_at_one_moment_never_was(store: SqlStore) -> None:
    declare(store, 0, PAYHUB)
    declare(store, 0, remove=(PAYHUB.key, "nobody"))
    assert store.entity_history(PAYHUB.key) == ()


def test_what_was_withdrawn_comes_back_after_that_even_by_a_clock_set_back(store: SqlStore) -> None:
    declare(store, 0, PAYHUB)
    declare(store, 60, remove=(PAYHUB.key,))
    declare(store, 30, PAYHUB)
    history = store.entity_history(PAYHUB.key)
    assert [(version.valid_from_at, version.valid_to_at) for version in history] == [
        (after(0), after(60)),
        (after(60), None),
    ]


def test_two_documents_never_withdraw_each_others_declarations(store: SqlStore) -> None:
    declare(store, 0, PAYHUB, source="bank")
    declare(store, 10, replace(PAYHUB, owner="platform"), source="platform")
    declare(store, 20, source="platform", remove=(PAYHUB.key,))
    assert store.estate(after(15)).entities[0].owner == "platform"
    assert store.estate(after(25)).entities == (PAYHUB,)


def test_a_declared_entity_is_shown_before_an_observed_one_of_the_same_key(store: SqlStore) -> None:
    declare(store, 0, PAYHUB)
    take_in(store, Batch(entities=(replace(PAYHUB, name="as seen"),)), received_at=after(60))
    assert [entity.name for entity in store.estate(after(61)).entities] == ["PayHub"]
    assert [version.origin for version in store.entity_versions(after(61))] == [Origin.DECLARED, Origin.OBSERVED]


def test_an_observed_relation_tells_when_it_was_first_and_last_seen(store: SqlStore) -> None:
    for seconds in (0, 60, 120):
        take_in(store, Batch(entities=(PARTNER, PAYHUB), relations=(LINK,)), received_at=after(seconds))
    (version,) = store.relation_versions(after(500))
    assert (version.valid_from_at, version.last_seen_at, version.valid_to_at) == (after(0), after(120), None)
    assert (version.relation, version.origin, version.source) == (LINK, Origin.OBSERVED, "probe")
    assert store.estate(after(500)).relations == (LINK,)
    assert store.relation_history(LINK.key) == (version,)


def test_all_versions_of_the_relations_around_an_entity_are_told_also_the_ended_ones(store: SqlStore) -> None:
    other = Relation(RelationKind.EXTERNAL_INTERNAL, PARTNER.key, "integration/other")
    onward = Relation(RelationKind.EXTERNAL_INTERNAL, PAYHUB.key, "service/payments")
    for at, put, removed in ((0, (LINK, other), ()), (60, (onward,), (LINK.key,))):
        change = EstateChange(after(at), "bank", put_relations=put, remove_relation_keys=removed)
        store.writer.change_estate(change).result(PATIENCE_SECONDS)
    around = store.relations_around(PAYHUB.key)
    assert [(version.relation, version.valid_to_at) for version in around] == [(LINK, after(60)), (onward, None)]
    assert store.relations_around("partner/unknown") == ()


def test_histories_of_many_entities_are_told_by_key_each_as_if_alone(store: SqlStore) -> None:
    many = [replace(PAYHUB, key=f"integration/{number}") for number in range(900)]
    links = [Relation(RelationKind.EXTERNAL_INTERNAL, many[0].key, one.key) for one in many[1:]]
    for at, tier in ((0, 1), (60, 2)):
        put = tuple(replace(one, tier=tier) for one in many)
        change = EstateChange(after(at), "bank", put_entities=put, put_relations=tuple(links))
        store.writer.change_estate(change).result(PATIENCE_SECONDS)
    keys = [one.key for one in many]
    histories, around = store.entity_histories(keys), store.relations_around_each(keys)
    assert all(histories[key] == store.entity_history(key) for key in keys[::90])
    assert {len(versions) for versions in histories.values()} == {2}
    assert len(around[keys[0]]) == len(links)
    assert all(
        [version.relation for version in around[key]] == [link] for key, link in zip(keys[1:], links, strict=True)
    )


def test_a_key_that_no_store_can_hold_has_no_history(store: SqlStore) -> None:
    assert store.entity_histories(["service/\ud800"]) == {"service/\ud800": ()}
    assert store.relations_around_each([]) == {}


def test_seeing_a_relation_again_does_not_call_readers(store: SqlStore) -> None:
    take_in(store, Batch(relations=(LINK,)), received_at=after(0))
    before = store.versions()[Topic.ESTATE]
    take_in(store, Batch(relations=(LINK,)), received_at=after(60))
    assert store.versions()[Topic.ESTATE] == before


def test_relations_are_withdrawn_by_their_key(store: SqlStore) -> None:
    put = EstateChange(after(0), "bank", put_entities=(PARTNER, PAYHUB), put_relations=(LINK,))
    store.writer.change_estate(put).result(PATIENCE_SECONDS)
    gone = EstateChange(after(60), "bank", remove_relation_keys=(LINK.key,))
    store.writer.change_estate(gone).result(PATIENCE_SECONDS)
    assert store.estate(after(59)).relations == (LINK,)
    assert store.estate(after(60)).relations == ()


def test_texts_no_engine_can_keep_are_made_storable_once_and_for_all(store: SqlStore) -> None:
    hostile = replace(PAYHUB, name="nul \0 and \udcff", description="<b>bold</b> 😀")
    declare(store, 0, hostile)
    declare(store, 60, hostile)
    (version,) = store.entity_history(PAYHUB.key)
    assert version.entity.name.startswith("nul � and �")
    assert version.entity.description == hostile.description


def test_a_thousand_entities_are_written_and_withdrawn_in_one_change(store: SqlStore) -> None:
    many = [replace(PARTNER, key=f"partner/{number:04}") for number in range(1000)]
    declare(store, 0, *many)
    assert store.estate(after(1)).entities == tuple(many)
    declare(store, 60, remove=tuple(entity.key for entity in many))
    assert store.estate(after(60)).entities == ()

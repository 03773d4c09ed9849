"""The graph of the estate over a real store: as of any moment, with states, readings and who tells of what."""

from datetime import timedelta

from quarterdeck.domain.estate import Entity, EntityKind, Origin, Relation, RelationKind
from quarterdeck.domain.health import HealthState
from quarterdeck.domain.instants import TimeRange
from quarterdeck.domain.series import Meaning
from quarterdeck.services.moments import Moment
from quarterdeck.services.ports import EstateChange
from quarterdeck.services.relationships import GraphEntity, RelationshipReader, RelationshipReport
from quarterdeck.storage.store import SqlStore
from tests.support.pictured_bank import NOON

LIVE = Moment(TimeRange.ending(NOON, 6 * 3600), NOON)
A, B = Entity("service/a", EntityKind.SERVICE, "A"), Entity("component/b", EntityKind.COMPONENT, "B")
LINK = Relation(RelationKind.SERVICE_COMPONENT, A.key, B.key)


def past(minutes: float) -> Moment:
    return Moment(LIVE.time_range, NOON - timedelta(minutes=minutes), live=False)


def told(store: SqlStore, moment: Moment = LIVE) -> RelationshipReport:
    return RelationshipReader(store).relationships(moment)


def entity(store: SqlStore, key: str, moment: Moment = LIVE) -> GraphEntity:
    return told(store, moment).by_key()[key]


def declare(store: SqlStore, minutes: float, origin: Origin = Origin.DECLARED, source: str = "test") -> None:
    change = EstateChange(NOON - timedelta(minutes=minutes), source, origin, put_entities=(A, B), put_relations=(LINK,))
    store.writer.change_estate(change).result(20)


def test_every_entity_and_relation_of_the_estate_is_told(bank: SqlStore) -> None:
    estate, report = bank.estate(NOON), told(bank)
    assert [one.key for one in report.entities] == [one.key for one in estate.entities]
    assert [one.key for one in report.relations] == [one.key for one in estate.relations]


def test_an_entity_has_its_state_its_reason_and_what_it_tells(bank: SqlStore) -> None:
    payhub = entity(bank, "integration/payhub-processor")
    assert (payhub.state, payhub.reason) == (HealthState.DOWN, "Error rate 38%, above 25%")
    assert payhub.since_at == NOON - timedelta(minutes=14)
    assert (payhub.value(Meaning.THROUGHPUT) or 0) > 100


def test_a_reading_that_is_too_old_has_no_value(bank: SqlStore) -> None:
    push = entity(bank, "integration/push")
    assert push.readings[Meaning.THROUGHPUT].fresh is False
    assert push.value(Meaning.THROUGHPUT) is None


def test_the_play_head_moves_the_states(bank: SqlStore) -> None:
    assert entity(bank, "integration/payhub-processor", past(30)).state is HealthState.HEALTHY


def test_the_play_head_moves_the_estate_and_its_relations(store: SqlStore) -> None:
    declare(store, 60)
    store.writer.change_estate(EstateChange(NOON, "test", remove_relation_keys=(LINK.key,))).result(20)
    assert [one.key for one in told(store, past(90)).entities] == []
    assert [one.key for one in told(store, past(30)).relations] == [LINK.key]
    assert [one.key for one in told(store).relations] == []


def test_what_is_declared_and_observed_is_told_once_with_both(store: SqlStore) -> None:
    declare(store, 60)
    declare(store, 90, Origin.OBSERVED, "probe")
    (relation,) = told(store).relations
    assert relation.origins == {Origin.DECLARED, Origin.OBSERVED}
    assert (relation.source, relation.first_at) == ("test", NOON - timedelta(minutes=90))
    assert not relation.is_observed_only


def test_what_was_only_seen_says_when_last(store: SqlStore) -> None:
    declare(store, 60, Origin.OBSERVED, "probe")
    (relation,) = told(store).relations
    assert relation.is_observed_only
    assert {one.origin for one in told(store).entities} == {Origin.OBSERVED}


def test_an_end_that_nothing_tells_of_is_missing_and_unknown(store: SqlStore) -> None:
    change = EstateChange(
        NOON,
        "test",
        put_relations=(LINK, Relation(RelationKind.EXTERNAL_INTERNAL, "somebody", "service/a")),
    )
    store.writer.change_estate(change).result(20)
    report = told(store)
    assert {(one.key, one.entity.kind) for one in report.entities} == {
        ("service/a", EntityKind.SERVICE),
        ("component/b", EntityKind.COMPONENT),
        ("somebody", EntityKind.PARTNER),
    }
    assert all(one.is_missing and one.state is HealthState.UNKNOWN for one in report.entities)


def test_known_facts_of_the_estate_are_not_read_again(store: SqlStore) -> None:
    declare(store, 60)
    facts = told(store).facts
    store.writer.change_estate(EstateChange(NOON, "test", remove_relation_keys=(LINK.key,))).result(20)
    again = RelationshipReader(store).relationships(LIVE, facts)
    assert (again.facts, len(again.relations)) == (facts, 1)


def test_an_empty_store_has_an_empty_graph(store: SqlStore) -> None:
    assert (told(store).entities, told(store).relations) == ((), ())

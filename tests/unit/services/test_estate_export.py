"""What a store holds can be written as a document, and makes the same estate of an empty store."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings

from quarterdeck.domain.connections import Connection
from quarterdeck.domain.errors import OperatorError
from quarterdeck.domain.estate import DeclaredEstate, Entity, EntityKind, EntityVersion, Origin
from quarterdeck.sdk.estate_document import parse_estate
from quarterdeck.sdk.estate_writer import estate_to_yaml
from quarterdeck.sdk.testing import StandingClock
from quarterdeck.services.estate import EstateApplication
from quarterdeck.services.estate_export import added_by_hand, declared_by, documents_held, the_only_document
from tests.support.fakes import MemoryRegistry, MemoryStore
from tests.unit.sdk.estates import DECLARED, declared_estates

HUB = Entity("partner/hub", EntityKind.PARTNER, "Hub")
MIDNIGHT = datetime(2026, 3, 2, tzinfo=UTC)


def applied(declared: DeclaredEstate, store: MemoryStore | None = None) -> tuple[MemoryStore, EstateApplication]:
    """A store to which the estate was applied, and what applies to it."""
    store = store or MemoryStore()
    service = EstateApplication(store, StandingClock(), MemoryRegistry())
    service.apply(declared)
    return store, service


@settings(deadline=None, max_examples=60)
@given(declared_estates())
def test_an_estate_that_was_exported_differs_in_nothing_from_an_empty_store_it_is_applied_to(
    declared: DeclaredEstate,
) -> None:
    now = StandingClock().now()
    store, service = applied(declared)
    if not documents_held(store, now):
        return
    exported = parse_estate(estate_to_yaml(declared_by(store, declared.source, now)).encode(), "estate.yaml")
    other, others_service = applied(exported)
    assert other.estate(now) == store.estate(now)
    # The double keeps them as they came; a document lists those of one name by their id.
    assert sorted(other.connections(), key=lambda one: one.id) == sorted(store.connections(), key=lambda one: one.id)
    assert not service.plan(exported)
    assert not others_service.plan(declared)


def test_only_what_the_named_document_declares_is_exported() -> None:
    store, _ = applied(DECLARED)
    applied(DeclaredEstate("other", entities=(HUB,)), store)
    store.entities.append(EntityVersion(HUB, Origin.OBSERVED, "mesh", StandingClock().now()))
    now = StandingClock().now()
    assert documents_held(store, now) == ("demo-bank", "other")
    assert declared_by(store, "other", now).entities == (HUB,)
    assert declared_by(store, "demo-bank", now).connections == DECLARED.connections


def test_since_when_it_has_been_so_is_exported_when_it_is_one_day() -> None:
    store = MemoryStore()
    store.entities = [EntityVersion(HUB, Origin.DECLARED, "doc", MIDNIGHT)]
    assert declared_by(store, "doc", StandingClock().now()).since_at == MIDNIGHT
    store.entities.append(EntityVersion(Entity("partner/b", EntityKind.PARTNER, "B"), Origin.DECLARED, "doc", NOON))
    assert declared_by(store, "doc", StandingClock().now()).since_at is None


NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def test_a_document_that_is_not_there_is_refused_with_those_that_are() -> None:
    store, _ = applied(DECLARED)
    with pytest.raises(OperatorError, match=r"No document named elsewhere .* demo-bank"):
        declared_by(store, "elsewhere", StandingClock().now())


def test_one_document_needs_no_name_but_none_and_several_are_refused() -> None:
    store, now = MemoryStore(), StandingClock().now()
    with pytest.raises(OperatorError, match="No document declares anything yet"):
        the_only_document(store, now)
    applied(DECLARED, store)
    assert the_only_document(store, now) == "demo-bank"
    for number in range(7):
        name = f"doc-{number}"
        entity = Entity(f"partner/{name}", EntityKind.PARTNER, name)
        applied(DeclaredEstate(name, entities=(entity,)), store)
    with pytest.raises(OperatorError, match=r"8 documents declare this estate.*and 2 more.*folder"):
        the_only_document(store, now)


def test_connections_that_were_added_by_hand_are_counted_and_left_out() -> None:
    store, _ = applied(DECLARED)
    store.kept["own"] = Connection("own", "http_probe", "Own")
    assert added_by_hand(store) == 1
    assert [each.id for each in declared_by(store, "demo-bank", StandingClock().now()).connections] == ["payhub-probe"]

"""Declared estates and drafted connections over a real store: what was applied is what is read back."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from string import Template

import pytest
from hypothesis import HealthCheck, given, settings

from quarterdeck.domain.estate import DeclaredEstate, Origin
from quarterdeck.sdk.estate_document import parse_estate
from quarterdeck.sdk.http import HttpClients
from quarterdeck.sdk.manifest import Manifest, RecordKind, SettingSpec
from quarterdeck.sdk.records import Batch
from quarterdeck.sdk.registry import LoadedConnector
from quarterdeck.sdk.testing import StandingClock
from quarterdeck.services.connection_drafts import draft_of_form
from quarterdeck.services.connections import ConnectionSetup, ConnectorTools
from quarterdeck.services.estate import EstateApplication
from quarterdeck.services.resources import read_resource_text
from quarterdeck.storage.opening import open_store
from quarterdeck.storage.store import SqlStore
from tests.support.fakes import MemoryRegistry, MemorySecrets, ScriptedConnector
from tests.support.stores import take_in
from tests.unit.sdk.estates import DECLARED, declared_estates

FEED = Manifest(
    id="feed",
    version="1.0.0",
    sdk=1,
    title="Feed",
    summary="A feed.",
    records=(RecordKind.EVENTS,),
    settings=(SettingSpec(key="address", label="Address"), SettingSpec(key="token", label="Token", secret=True)),
)


def applying(store: SqlStore, clock: StandingClock) -> EstateApplication:
    return EstateApplication(store, clock, MemoryRegistry())


def demo_bank() -> DeclaredEstate:
    """The estate document that ships with the program, its addresses filled in."""
    template = Template(read_resource_text("demo/estate.yaml"))
    addresses = dict.fromkeys(template.get_identifiers(), '"http://127.0.0.1:9/"')
    return parse_estate(
        template.substitute(addresses | {"since": "2026-01-05", "document": "demo-bank"}).encode(), "estate.yaml"
    )


def test_the_demo_bank_is_read_back_as_it_was_declared(store: SqlStore) -> None:
    clock, bank = StandingClock(), demo_bank()
    applying(store, clock).apply(bank)
    estate = store.estate(clock.now())
    assert set(estate.entities) == set(bank.entities)
    assert set(estate.relations) == set(bank.relations)
    assert set(store.connections()) == set(bank.connections)


def test_applying_the_demo_bank_again_changes_no_version_of_the_estate(store: SqlStore) -> None:
    clock, bank = StandingClock(), demo_bank()
    applying(store, clock).apply(bank)
    before = store.versions()
    clock.advance(60)
    assert not applying(store, clock).apply(bank)
    assert store.versions() == before


@settings(deadline=None, max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(declared_estates(), declared_estates())
def test_any_document_replaces_the_one_before_it(
    tmp_path_factory: pytest.TempPathFactory, one: DeclaredEstate, other: DeclaredEstate
) -> None:
    connections = tuple(replace(connection, managed_by=one.source) for connection in other.connections)
    other = replace(other, source=one.source, connections=connections)
    clock = StandingClock()
    store = open_store(str(tmp_path_factory.mktemp("store") / "s.db"))
    try:
        applying(store, clock).apply(one)
        clock.advance(1)
        applying(store, clock).apply(other, withdraw=True)
        assert not applying(store, clock).plan(other)
        assert set(store.estate(clock.now()).entities) == set(other.entities)
        assert set(store.estate(clock.now()).relations) == set(other.relations)
        assert set(store.connections()) == set(other.connections)
    finally:
        store.close()


def test_a_declared_entity_is_shown_before_an_observed_one_and_outlived_by_it(store: SqlStore) -> None:
    clock = StandingClock()
    partner = DECLARED.entities[0]
    take_in(store, Batch(entities=(replace(partner, name="observed"),)), received_at=clock.now())
    clock.advance(1)
    applying(store, clock).apply(DECLARED)
    assert store.estate(clock.now()).entity(partner.key) == partner
    assert not applying(store, clock).plan(DECLARED)
    clock.advance(1)
    applying(store, clock).apply(DeclaredEstate(DECLARED.source), withdraw=True)
    left = [version for version in store.entity_versions(clock.now()) if version.entity.key == partner.key]
    assert [version.origin for version in left] == [Origin.OBSERVED]


def test_a_saved_connection_is_in_the_store_without_its_secret(store: SqlStore) -> None:
    secrets = MemorySecrets()
    tools = ConnectorTools(MemoryRegistry(LoadedConnector(FEED, ScriptedConnector())), StandingClock(), HttpClients())
    setup = ConnectionSetup(store, secrets, tools)
    saved = setup.save(draft_of_form(FEED, "Bank feed", {"address": "https://bank.test/", "token": "s3cret"}))
    assert store.connections() == (saved.connection,)
    assert "s3cret" not in repr(store.connections())
    setup.set_enabled("bank-feed", enabled=False)
    assert not store.connections()[0].enabled
    setup.remove("bank-feed")
    assert store.connections() == ()
    assert secrets.kept == {}


def test_what_a_document_declares_first_holds_since_the_day_it_names(store: SqlStore) -> None:
    clock, since_at = StandingClock(), datetime(2025, 11, 3, tzinfo=UTC)
    applying(store, clock).apply(replace(DECLARED, since_at=since_at))
    assert set(store.estate(since_at).entities) == set(DECLARED.entities)
    assert store.estate(since_at - timedelta(seconds=1)).entities == ()


def test_a_later_change_holds_from_its_application_whatever_day_the_document_names(store: SqlStore) -> None:
    clock, since_at = StandingClock(), datetime(2025, 11, 3, tzinfo=UTC)
    applying(store, clock).apply(replace(DECLARED, since_at=since_at))
    clock.advance(3600)
    renamed = replace(DECLARED.entities[0], name="Renamed")
    changed = replace(DECLARED, since_at=since_at, entities=(renamed, *DECLARED.entities[1:]))
    applying(store, clock).apply(changed)
    before = store.estate(clock.now() - timedelta(minutes=1)).entity(renamed.key)
    assert before == DECLARED.entities[0]
    assert store.estate(clock.now()).entity(renamed.key) == renamed

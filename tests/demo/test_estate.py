from pathlib import Path

import pytest

from quarterdeck.analysis.pattern_verification import SeenEntity, verify
from quarterdeck.demo.cast import CHANNELS, COMPONENTS, EVENT_TYPES, INTEGRATIONS, SERVICES
from quarterdeck.demo.estate import document_name, estate_document, seed_for
from quarterdeck.demo.partner_health import PARTNERS
from quarterdeck.domain.connections import Connection
from quarterdeck.domain.errors import OperatorError
from quarterdeck.domain.estate import (
    DeclaredEstate,
    EntityKind,
    EntityVersion,
    Origin,
    RelationKind,
    RelationVersion,
)
from quarterdeck.domain.instants import from_ms
from quarterdeck.domain.patterns import pattern_ids
from quarterdeck.sdk.connector import ConnectionSettings
from quarterdeck.sdk.estate_document import parse_estate
from quarterdeck.sdk.registry import EntryPointRegistry
from quarterdeck.services.pattern_files import pattern_paths, patterns_of
from tests.demo.worlds import ADDRESSES, OPENED_MS


@pytest.fixture(scope="module")
def estate() -> DeclaredEstate:
    return parse_estate(estate_document(ADDRESSES, from_ms(OPENED_MS)).encode(), "estate.yaml")


def test_everyone_in_the_cast_is_declared_and_nobody_else(estate: DeclaredEstate) -> None:
    cast = [spec.key for specs in (INTEGRATIONS, SERVICES, COMPONENTS, EVENT_TYPES) for spec in specs]
    cast += [key for key, _ in CHANNELS] + [f"partner/{partner.name}" for partner in PARTNERS]
    assert sorted(cast) == sorted(entity.key for entity in estate.entities)


def test_every_pattern_that_the_bank_names_is_shipped_and_for_that_kind(estate: DeclaredEstate) -> None:
    shipped = {pattern.id: pattern.kind for pattern in patterns_of(pattern_paths(Path("nowhere")))}
    named = {(name, entity.kind) for entity in estate.entities for name in pattern_ids(entity)}
    assert named == {(name, shipped[name]) for name, _ in named}


def test_some_of_the_banks_shapes_deviate_and_most_of_them_are_kept(estate: DeclaredEstate) -> None:
    shipped = {pattern.id: pattern for pattern in patterns_of(pattern_paths(Path("nowhere")))}
    at = from_ms(OPENED_MS)
    others = {entity.key: entity for entity in estate.entities}
    links = tuple(RelationVersion(relation, Origin.DECLARED, "bank", at) for relation in estate.relations)
    deviating = {
        entity.key
        for entity in estate.entities
        for name in pattern_ids(entity)
        if verify(
            shipped[name], SeenEntity(at, (EntityVersion(entity, Origin.DECLARED, "bank", at),), links, others)
        ).deviations
    }
    assert deviating == {"integration/payee-directory", "event_type/payment.rejected"}


def test_domains_of_the_cast_are_those_declared(estate: DeclaredEstate) -> None:
    declared = {entity.key: entity.domain for entity in estate.entities}
    assert all(spec.domain == declared[spec.key] for specs in (INTEGRATIONS, SERVICES) for spec in specs)


def test_services_use_only_integrations_they_are_related_to(estate: DeclaredEstate) -> None:
    related = {(relation.source_key, relation.target_key) for relation in estate.relations}
    assert all((key, service.key) in related for service in SERVICES for key, _ in service.uses)


def test_components_bear_only_services_they_are_related_to(estate: DeclaredEstate) -> None:
    related = {(relation.source_key, relation.target_key) for relation in estate.relations}
    assert all((key, component.key) in related for component in COMPONENTS for key, _ in component.serves)


def test_the_estate_has_the_size_of_a_small_bank(estate: DeclaredEstate) -> None:
    counts = {kind: sum(entity.kind is kind for entity in estate.entities) for kind in EntityKind}
    assert counts[EntityKind.PARTNER] == 4
    assert counts[EntityKind.INTEGRATION] == 12
    assert counts[EntityKind.SERVICE] == 10
    assert counts[EntityKind.COMPONENT] == 15
    assert {relation.kind for relation in estate.relations} == set(RelationKind)


def test_every_entity_is_related_owned_and_described(estate: DeclaredEstate) -> None:
    ends = {key for relation in estate.relations for key in (relation.source_key, relation.target_key)}
    for entity in estate.entities:
        assert entity.key in ends
        assert entity.owner
        assert entity.domain
        assert entity.description


def test_every_connection_s_settings_are_known_to_its_connector(estate: DeclaredEstate) -> None:
    registry = EntryPointRegistry()
    for connection in estate.connections:
        manifest = registry.manifest(connection.connector_id)
        given = {key for key, _ in connection.settings} | set(connection.secret_names)
        assert given <= {spec.key for spec in manifest.settings}, connection.id
        required = {spec.key for spec in manifest.settings if spec.required and spec.default is None}
        assert required <= given, connection.id


def test_every_connection_s_settings_are_accepted_by_its_connector(estate: DeclaredEstate) -> None:
    registry = EntryPointRegistry()
    for connection in estate.connections:
        settings = ConnectionSettings.of(_with_defaults(registry, connection))
        assert registry.load(connection.connector_id).connector.validate(settings) == (), connection.id


def _with_defaults(
    registry: EntryPointRegistry, connection: Connection
) -> tuple[tuple[str, str | int | float | bool], ...]:
    specs = registry.manifest(connection.connector_id).settings
    defaults = {spec.key: spec.default for spec in specs if spec.default is not None}
    return tuple(sorted({**defaults, **dict(connection.settings)}.items()))


def test_settings_point_at_entities_of_the_estate(estate: DeclaredEstate) -> None:
    keys = {entity.key for entity in estate.entities}
    pointed = [str(value) for connection in estate.connections for key, value in connection.settings if key == "entity"]
    assert pointed
    assert set(pointed) <= keys


def test_addresses_are_quoted_whatever_is_in_them() -> None:
    from dataclasses import replace

    odd = Path('/run/demo: {odd} "quoted" #1/it\'s.pem')
    parsed = parse_estate(
        estate_document(replace(ADDRESSES, authority_file=odd), from_ms(OPENED_MS)).encode(), "estate.yaml"
    )
    assert any(value == str(odd) for connection in parsed.connections for _, value in connection.settings)


@pytest.mark.parametrize("seed", [7, 8, 0, -3])
def test_the_document_of_a_bank_tells_its_seed(seed: int) -> None:
    declared = parse_estate(estate_document(ADDRESSES, from_ms(OPENED_MS), seed).encode(), "estate.yaml")
    assert declared.source == document_name(seed)
    assert seed_for(None, ["payments", declared.source], "The store") == seed
    assert seed_for(seed, [declared.source], "The store") == seed


def test_a_store_without_a_bank_takes_any_seed_and_by_itself_the_usual_one() -> None:
    assert seed_for(None, ["payments", "demo-banking"], "The store") == 7
    assert seed_for(12, ["payments"], "The store") == 12


def test_another_seed_is_refused_with_a_place_for_it_and_the_seed_that_goes_on() -> None:
    with pytest.raises(OperatorError) as refused:
        seed_for(9, ["demo-bank"], "The store x.db")
    assert refused.value.message == (
        "The store x.db holds the bank of seed 7; that of seed 9 would be mixed into its past."
    )
    assert "`quarterdeck demo --seed 9 --profile demo-9`" in refused.value.next_step
    assert "`quarterdeck demo --seed 7`" in refused.value.next_step
